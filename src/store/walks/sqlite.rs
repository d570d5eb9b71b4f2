//! Rows of SQLite, each as one value, taken from the driver's thread as many at a time as are there: to wake somebody for
//! each takes as long as to read it.

use std::ops::ControlFlow;

use futures_util::{Stream, StreamExt as _};
use sqlx::{
    AssertSqlSafe, Connection as _, Executor as _, Row as _, SqliteConnection, raw_sql,
    sqlite::{SqliteConnectOptions, SqliteRow},
};

use super::{Cells, Each, Links, Requests, key};
use crate::{
    domain::record::{AuditRecord, Column, Kind, Part, Record},
    integrity::is_canonical,
    store::{
        StoreError,
        packed::{self, Marker},
    },
};

/// Index by index: the name of every chain, and its highest number.
pub(super) const CHAINS: &str = "WITH RECURSIVE chains(chain) AS (
         SELECT min(chain) FROM audit_events
         UNION ALL
         SELECT (SELECT min(a.chain) FROM audit_events a WHERE a.chain > chains.chain)
         FROM chains WHERE chains.chain IS NOT NULL)
     SELECT chain, (SELECT CAST(max(e.sequence) AS INTEGER) FROM audit_events e WHERE e.chain = chains.chain)
     FROM chains WHERE chain IS NOT NULL";

/// Rows that wait for whoever reckons them.
const ROW_BUFFER: usize = 256;

/// A connection in a snapshot, and what tells that from others: a mark that every commit changes.
pub(super) async fn open(options: &SqliteConnectOptions) -> Result<(SqliteConnection, String), StoreError> {
    let options = options.clone().row_buffer_size(ROW_BUFFER);
    let mut connection = SqliteConnection::connect_with(&options).await.map_err(StoreError::Open)?;
    connection.execute(raw_sql("BEGIN")).await?;
    let mark = sqlx::query_scalar("SELECT mark FROM journal_state").fetch_one(&mut connection).await?;
    Ok((connection, mark))
}

pub(super) async fn links(
    connection: &mut SqliteConnection,
    which: Links<'_>,
    each: &mut Each<'_>,
) -> Result<(), StoreError> {
    let (condition, chain, ends) = match which {
        Links::All => ("", None, None),
        Links::Between { chain, from, to } => {
            ("WHERE chain = $1 AND sequence BETWEEN $2 AND $3", Some(chain), Some((from, to)))
        }
        Links::AboutTheArchive => ("WHERE reference IS NULL", None, None),
    };
    let (from, to) = ends.unzip();
    let marker = Marker::new(connection).await?;
    let sql = AssertSqlSafe(select("audit_events", AuditRecord::COLUMNS, condition, 4));
    let query = sqlx::query(sql).bind(chain).bind(from).bind(to).bind(marker.text().to_owned());
    rows(query.fetch(connection), AuditRecord::COLUMNS, &marker, each).await
}

pub(super) async fn requests(
    connection: &mut SqliteConnection,
    which: Requests<'_>,
    each: &mut Each<'_>,
) -> Result<(), StoreError> {
    let (condition, parameter, last, most) = match which {
        Requests::All => ("", None, None, usize::MAX),
        Requests::Before(reference) => ("WHERE reference < $1", Some(reference.to_owned()), None, usize::MAX),
        Requests::From(reference) => ("WHERE reference >= $1", Some(reference.to_owned()), None, usize::MAX),
        Requests::Between { first, last, most } => {
            ("WHERE reference BETWEEN $1 AND $2", Some(first.to_owned()), Some(last.to_owned()), most)
        }
        Requests::Of(references) => (
            "WHERE reference IN (SELECT value FROM json_each($1))",
            Some(serde_json::to_string(references).unwrap_or_default()),
            None,
            usize::MAX,
        ),
    };
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let marker = Marker::new(connection).await?;
    let sql = AssertSqlSafe(select("support_requests", Record::COLUMNS, condition, 4) + " LIMIT $3");
    let query = sqlx::query(sql).bind(parameter).bind(last).bind(most).bind(marker.text().to_owned());
    rows(query.fetch(connection), Record::COLUMNS, &marker, each).await
}

fn select(table: &'static str, columns: &[Column], condition: &str, marker: usize) -> String {
    let row = packed::expression(columns, marker);
    let order = key(table, false);
    format!("SELECT {row} FROM {table} {condition} ORDER BY {order}")
}

async fn rows(
    stream: impl Stream<Item = Result<SqliteRow, sqlx::Error>> + Unpin,
    columns: &'static [Column],
    marker: &Marker,
    each: &mut Each<'_>,
) -> Result<(), StoreError> {
    let mut stream = stream.ready_chunks(ROW_BUFFER);
    while let Some(ready) = stream.next().await {
        for row in ready {
            let row = row?;
            let mut cells: [Option<&[u8]>; packed::WIDTH_MAX] = [None; packed::WIDTH_MAX];
            let is_whole = packed::split(row.try_get(0)?, marker, &mut cells[..columns.len()]);
            let cells = Cells { columns, row: &cells[..columns.len()], text };
            if each(if is_whole { Ok(cells) } else { Err(cells.not_text()) }) == ControlFlow::Break(()) {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// A cell as it was digested when it was written.
fn text(column: &Column, cell: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(cell).ok()?;
    // The database keeps the text, so it must still be the canonical one: two members of one name, say, read differently
    // with every reader. Of a context, whoever reckons its digest finds that out.
    let is_looked_at = column.kind == Kind::Json && column.part != Part::Mixed;
    (!is_looked_at || is_canonical(text)).then(|| text.to_owned())
}
