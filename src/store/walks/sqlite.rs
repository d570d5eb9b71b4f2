//! Rows of SQLite, each as one value: the lengths of the cells, then the cells. The driver copies every value and hands
//! every row from thread to thread, which for twenty values costs more than SQLite takes to read them.

use std::ops::ControlFlow;

use futures_util::TryStreamExt as _;
use sqlx::{
    AssertSqlSafe, Connection as _, Executor as _, Row as _, SqliteConnection, raw_sql, sqlite::SqliteConnectOptions,
};

use super::{Cells, Each, Links, Requests, Unread, key};
use crate::{
    domain::record::{AuditRecord, Column, Kind, Record},
    integrity::is_canonical,
    store::{StoreError, rows::list},
};

/// Index by index: the name of every chain.
pub(super) const CHAINS: &str = "WITH RECURSIVE chains(chain) AS (
         SELECT min(chain) FROM audit_events
         UNION ALL
         SELECT (SELECT min(a.chain) FROM audit_events a WHERE a.chain > chains.chain)
         FROM chains WHERE chains.chain IS NOT NULL)
     SELECT chain FROM chains WHERE chain IS NOT NULL";

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
    let (condition, chain, from, most) = match which {
        Links::All => ("", None, None, i64::MAX),
        Links::Page { chain, from, most } => {
            ("WHERE chain = $1 AND sequence >= $2", Some(chain), Some(from), i64::try_from(most).unwrap_or(i64::MAX))
        }
        Links::AboutTheArchive => ("WHERE reference IS NULL", None, None, i64::MAX),
    };
    let sql = AssertSqlSafe(select("audit_events", AuditRecord::COLUMNS, condition) + " LIMIT $3");
    let query = sqlx::query(sql).bind(chain).bind(from).bind(most);
    rows(query.fetch(connection), AuditRecord::COLUMNS, each).await
}

pub(super) async fn requests(
    connection: &mut SqliteConnection,
    which: Requests<'_>,
    each: &mut Each<'_>,
) -> Result<(), StoreError> {
    let (condition, parameter) = match which {
        Requests::All => ("", None),
        Requests::Before(reference) => ("WHERE reference < $1", Some(reference.to_owned())),
        Requests::From(reference) => ("WHERE reference >= $1", Some(reference.to_owned())),
        Requests::Of(references) => (
            "WHERE reference IN (SELECT value FROM json_each($1))",
            Some(serde_json::to_string(references).unwrap_or_default()),
        ),
    };
    let sql = AssertSqlSafe(select("support_requests", Record::COLUMNS, condition));
    rows(sqlx::query(sql).bind(parameter).fetch(connection), Record::COLUMNS, each).await
}

fn select(table: &'static str, columns: &[Column], condition: &str) -> String {
    let lengths = list(columns, |column| format!("octet_length({}), ','", column.name));
    let cells = list(columns, |column| column.name.to_owned());
    let order = key(table, false);
    format!("SELECT concat({lengths}, {cells}) FROM {table} {condition} ORDER BY {order}")
}

async fn rows(
    mut stream: impl futures_util::Stream<Item = Result<sqlx::sqlite::SqliteRow, sqlx::Error>> + Unpin,
    columns: &'static [Column],
    each: &mut Each<'_>,
) -> Result<(), StoreError> {
    while let Some(row) = stream.try_next().await? {
        let bytes: &[u8] = row.try_get(0)?;
        let mut cells: [Option<&[u8]>; 32] = [None; 32];
        let taken = match split(bytes, &mut cells[..columns.len()]) {
            Some(()) => each(Ok(Cells { columns, row: &cells[..columns.len()], text })),
            None => each(Err(Unread { row: "a row".to_owned(), column: columns[0].name })),
        };
        if taken == ControlFlow::Break(()) {
            break;
        }
    }
    Ok(())
}

/// Takes a row apart. A cell without a length is NULL.
fn split<'a>(bytes: &'a [u8], cells: &mut [Option<&'a [u8]>]) -> Option<()> {
    let mut lengths = [None; 32];
    let mut at = 0;
    for length in &mut lengths[..cells.len()] {
        let end = at + memchr::memchr(b',', &bytes[at..])?;
        *length = match &bytes[at..end] {
            [] => None,
            digits => Some(std::str::from_utf8(digits).ok()?.parse::<usize>().ok()?),
        };
        at = end + 1;
    }
    for (cell, length) in cells.iter_mut().zip(lengths) {
        if let Some(length) = length {
            *cell = Some(bytes.get(at..at.checked_add(length)?)?);
            at += length;
        }
    }
    (at == bytes.len()).then_some(())
}

/// A cell as it was digested when it was written.
fn text(column: &Column, cell: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(cell).ok()?;
    // The database keeps the text, so it must still be the canonical one: two members of one name, say, read differently
    // with every reader.
    (column.kind != Kind::Json || is_canonical(text)).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_come_apart_as_they_were_put_together() {
        let mut cells = [None; 3];
        assert_eq!(split(b"2,,0,ab", &mut cells), Some(()));
        assert_eq!(cells, [Some(&b"ab"[..]), None, Some(b"")]);
        for broken in [&b"2,,0,abc"[..], b"2,,0,a", b"2,,", b"x,,0,ab", b""] {
            assert_eq!(split(broken, &mut cells), None);
        }
    }
}
