//! Rows of PostgreSQL, as a binary COPY sends them: no step of the protocol between two rows, and the least work for the
//! server, which formats neither times nor escapes.

use futures_util::TryStreamExt as _;
use sqlx::{Executor as _, PgConnection, raw_sql};
use time::{Duration, OffsetDateTime, macros::datetime};

use super::{Cells, Each, Links, Requests, Unread, key};
use crate::{
    clock::rfc3339_exact,
    domain::record::{AuditRecord, Column, Kind, Record},
    integrity::canonical_of_jsonb,
    store::{
        StoreError,
        address::Address,
        connect::{self, Session},
        rows::list,
    },
};

/// Index by index: the name of every chain, and its highest number. Texts of a domain lose their collation on the way through a recursion.
pub(super) const CHAINS: &str = "WITH RECURSIVE chains(chain) AS (
         SELECT min(chain)::text COLLATE \"C\" FROM audit_events
         UNION ALL
         SELECT (SELECT min(a.chain)::text COLLATE \"C\" FROM audit_events a WHERE a.chain > chains.chain)
         FROM chains WHERE chains.chain IS NOT NULL)
     SELECT chain, (SELECT max(e.sequence)::bigint FROM audit_events e WHERE e.chain = chains.chain)
     FROM chains WHERE chain IS NOT NULL";

/// In the order of the key without sorting; whatever a role or a database was set to. Nobody helps to count: all processors
/// are at work, and helpers take longer to start than they save.
const SESSION: &str = "SET enable_sort = off; SET enable_seqscan = off; SET enable_bitmapscan = off; \
     SET enable_incremental_sort = off; SET max_parallel_workers_per_gather = 0; SET jit = off; \
     SET standard_conforming_strings = on; SET statement_timeout = 0; \
     SET idle_in_transaction_session_timeout = 0; BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// A binary COPY begins so, then come four bytes of flags and four that say how much is to be skipped.
const SIGNATURE: &[u8] = b"PGCOPY\n\xff\r\n\0";
const HEADER: usize = SIGNATURE.len() + 8;

/// Connections in one snapshot.
pub(super) async fn open(address: &Address) -> Result<[PgConnection; 3], StoreError> {
    let mut first = connect::connect(address, Session::Reading).await.map_err(StoreError::Connect)?;
    first.execute(raw_sql(SESSION)).await?;
    let snapshot: String = sqlx::query_scalar("SELECT pg_export_snapshot()").fetch_one(&mut first).await?;
    let same = format!("SET TRANSACTION SNAPSHOT {}", literal(&snapshot));
    let (second, third) = (join(address, &same).await?, join(address, &same).await?);
    Ok([first, second, third])
}

async fn join(address: &Address, snapshot: &str) -> Result<PgConnection, StoreError> {
    let mut connection = connect::connect(address, Session::Reading).await.map_err(StoreError::Connect)?;
    connection.execute(raw_sql(SESSION)).await?;
    connection.execute(raw_sql(sqlx::AssertSqlSafe(snapshot.to_owned()))).await?;
    Ok(connection)
}

pub(super) async fn links(
    connection: &mut PgConnection,
    which: Links<'_>,
    each: &mut Each<'_>,
) -> Result<(), StoreError> {
    let condition = match which {
        Links::All => String::new(),
        Links::Between { chain, from, to } => {
            let chain = literal(chain);
            format!("WHERE chain = {chain} AND sequence BETWEEN '{from}'::bigint AND '{to}'::bigint")
        }
        Links::AboutTheArchive => "WHERE reference IS NULL".to_owned(),
    };
    // Where few are wanted, an order would tempt PostgreSQL, which is not to sort, to read all in that order.
    let order = if matches!(which, Links::AboutTheArchive) { String::new() } else { in_order("audit_events") };
    copy(connection, ("audit_events", AuditRecord::COLUMNS), &condition, &order, each).await
}

pub(super) async fn requests(
    connection: &mut PgConnection,
    which: Requests<'_>,
    each: &mut Each<'_>,
) -> Result<(), StoreError> {
    let condition = match which {
        Requests::All => String::new(),
        Requests::Before(reference) => format!("WHERE reference < {}", literal(reference)),
        Requests::From(reference) => format!("WHERE reference >= {}", literal(reference)),
        Requests::Between { first, last, .. } => {
            format!("WHERE reference >= {} AND reference <= {}", literal(first), literal(last))
        }
        // One literal: a thousand are a thousand expressions to the parser.
        Requests::Of(references) => format!("WHERE reference = ANY ({}::text[])", literal(&array(references))),
    };
    let limit = if let Requests::Between { most, .. } = which { format!("LIMIT {most}") } else { String::new() };
    let order = in_order("support_requests") + &limit;
    copy(connection, ("support_requests", Record::COLUMNS), &condition, &order, each).await
}

fn in_order(table: &str) -> String {
    format!("ORDER BY {} ", key(table, true))
}

/// Texts as PostgreSQL reads an array of them.
fn array(texts: &[String]) -> String {
    let quoted = |text: &String| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    format!("{{{}}}", texts.iter().map(quoted).collect::<Vec<_>>().join(","))
}

/// A text in a statement, with `standard_conforming_strings`; COPY takes no parameters.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

async fn copy(
    connection: &mut PgConnection,
    (table, columns): (&'static str, &'static [Column]),
    condition: &str,
    order: &str,
    each: &mut Each<'_>,
) -> Result<(), StoreError> {
    let names = list(columns, |column| match column.kind {
        // Also where somebody made the column another type: what cannot be read is found then, not refused.
        Kind::Number => format!("{}::bigint", column.name),
        Kind::Json => format!("{}::jsonb", column.name),
        Kind::Text | Kind::Label | Kind::Time => column.name.to_owned(),
    });
    let sql = format!("COPY (SELECT {names} FROM {table} {condition} {order}) TO STDOUT (FORMAT binary)");
    let mut stream = connection.copy_out_raw(&sql).await?;
    let mut rest: Vec<u8> = Vec::new();
    let mut header = HEADER;
    while let Some(chunk) = stream.try_next().await? {
        let mut bytes: &[u8] = &chunk;
        let whole;
        if !rest.is_empty() {
            rest.extend_from_slice(bytes);
            whole = std::mem::take(&mut rest);
            bytes = &whole;
        }
        if header > 0 {
            if bytes.len() < header {
                rest.extend_from_slice(bytes);
                continue;
            }
            bytes = &bytes[header..];
            header = 0;
        }
        while let Some(taken) = row(bytes, columns, each) {
            match taken {
                Taken::Row(length) => bytes = &bytes[length..],
                // What is still on its way is not read: this connection is of no use any more.
                Taken::Enough => return Ok(()),
                Taken::End => bytes = &[],
            }
        }
        rest.extend_from_slice(bytes);
    }
    Ok(())
}

/// What was found at the beginning of some bytes.
enum Taken {
    /// A row of so many bytes.
    Row(usize),
    /// A row, after which no more are wanted.
    Enough,
    /// The mark behind the last row.
    End,
}

/// Takes one row; none where it is not all there yet.
fn row(bytes: &[u8], columns: &'static [Column], each: &mut Each<'_>) -> Option<Taken> {
    let count = i16::from_be_bytes(bytes.get(..2)?.try_into().ok()?);
    let Ok(count) = usize::try_from(count) else { return Some(Taken::End) };
    let mut cells: [Option<&[u8]>; 32] = [None; 32];
    let mut at = 2;
    for place in 0..count {
        let length = i32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?);
        at += 4;
        if let Ok(length) = usize::try_from(length) {
            let cell = bytes.get(at..at + length)?;
            if let Some(free) = cells.get_mut(place) {
                *free = Some(cell);
            }
            at += length;
        }
    }
    let cells = Cells { columns, row: &cells[..count.min(32)], text };
    Some(if each(Ok::<_, Unread>(cells)).is_break() { Taken::Enough } else { Taken::Row(at) })
}

/// A cell as it was digested when it was written.
fn text(column: &Column, cell: &[u8]) -> Option<String> {
    match column.kind {
        Kind::Text | Kind::Label => std::str::from_utf8(cell).ok().map(str::to_owned),
        Kind::Number => Some(i64::from_be_bytes(cell.try_into().ok()?).to_string()),
        Kind::Time => moment(i64::from_be_bytes(cell.try_into().ok()?)),
        // One byte says which form it is; there has been one so far.
        Kind::Json => canonical_of_jsonb(std::str::from_utf8(cell.strip_prefix(b"\x01")?).ok()?),
    }
}

/// What PostgreSQL counts microseconds from.
const EPOCH: OffsetDateTime = datetime!(2000-01-01 00:00 UTC);

fn moment(microseconds: i64) -> Option<String> {
    EPOCH.checked_add(Duration::microseconds(microseconds)).map(rfc3339_exact)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_three_decimals_and_six_where_somebody_wrote_more() {
        assert_eq!(moment(0).as_deref(), Some("2000-01-01T00:00:00.000Z"));
        assert_eq!(moment(-1000).as_deref(), Some("1999-12-31T23:59:59.999Z"));
        assert_eq!(moment(1_001).as_deref(), Some("2000-01-01T00:00:00.001001Z"));
        assert_eq!(moment(i64::MAX), None, "infinity");
    }

    #[test]
    fn texts_stay_apart_in_an_array() {
        let texts = ["a".to_owned(), "b\"},{\\'".to_owned(), String::new()];
        assert_eq!(literal(&array(&texts)), r#"'{"a","b\"},{\\''",""}'"#);
    }

    #[test]
    fn a_row_that_is_not_all_there_is_waited_for() {
        let bytes = [0, 1, 0, 0, 0, 2, b'S', b'R', 255, 255];
        for length in 0..8 {
            assert!(row(&bytes[..length], Record::COLUMNS, &mut |_| unreachable!()).is_none());
        }
        let mut seen = Vec::new();
        let taken = row(&bytes, Record::COLUMNS, &mut |cells| {
            seen.push(cells.unwrap().text(0));
            std::ops::ControlFlow::Continue(())
        });
        assert!(matches!(taken, Some(Taken::Row(8))));
        assert_eq!(seen, ["SR"]);
        assert!(matches!(row(&bytes[8..], Record::COLUMNS, &mut |_| unreachable!()), Some(Taken::End)));
    }
}
