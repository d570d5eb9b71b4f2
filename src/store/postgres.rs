//! Writing a group to PostgreSQL: one statement, so one round trip and one commit, whatever the size of the group.

use std::sync::LazyLock;

use sqlx::{AssertSqlSafe, PgConnection};
use tokio::time::Instant;

use super::{
    CONNECTION_TIMEOUT, StoreError, commit_probe, fitness,
    rows::{Rows, list, names},
};
use crate::domain::record::{AuditRecord, Column, Kind, Record, Value};

/// Most rows in one commit. Far above what arrives during one; it bounds how long the last of a backlog waits.
pub(super) const GROUP_MAX: usize = 256;

/// What an audit record has in common with the record that it is about, where it goes by another name there.
const ALIASES: [(&str, &str); 2] = [("occurred_at", "created_at"), ("actor_subject", "creator_subject")];

/// The column of the record that an audit record's is equal to, when a request is taken in.
fn in_record(column: &Column) -> Option<&'static Column> {
    let name = ALIASES.iter().find(|(here, _)| *here == column.name).map_or(column.name, |(_, there)| there);
    Record::COLUMNS.iter().find(|column| column.name == name)
}

/// Which of an audit record's columns the record does not have.
static ONLY_IN_EVENTS: LazyLock<Vec<usize>> = LazyLock::new(|| {
    let columns = AuditRecord::COLUMNS.iter().enumerate();
    columns.filter(|(_, column)| in_record(column).is_none()).map(|(index, _)| index).collect()
});

/// Every distinct value travels once; the audit rows take what they share from the records.
static INSERT: LazyLock<String> = LazyLock::new(|| {
    let event = |index: &usize| AuditRecord::COLUMNS[*index];
    let columns: Vec<Column> = Record::COLUMNS.iter().copied().chain(ONLY_IN_EVENTS.iter().map(event)).collect();
    let mut number = 0;
    let parameters = list(&columns, |column| {
        number += 1;
        format!("${number}::{}[]", if column.kind == Kind::Number { "bigint" } else { "text" })
    });
    let names_here = names(&columns);
    let (record_columns, record_values) =
        (names(Record::COLUMNS), list(Record::COLUMNS, |column| stored(column, column)));
    let event_columns = names(AuditRecord::COLUMNS);
    let event_values = list(AuditRecord::COLUMNS, |column| stored(in_record(column).unwrap_or(column), column));
    format!(
        "WITH batch AS MATERIALIZED (SELECT * FROM unnest({parameters}) AS t ({names_here})),
            stored AS (INSERT INTO support_requests ({record_columns}) SELECT {record_values} FROM batch)
        INSERT INTO audit_events ({event_columns}) SELECT {event_values} FROM batch"
    )
});

/// What was bound as `from`, as the type of the column `to`.
fn stored(from: &Column, to: &Column) -> String {
    match to.kind {
        Kind::Text | Kind::Number => from.name.to_owned(),
        Kind::Label => format!("{}::{}", from.name, to.name),
        Kind::Time => format!("{}::timestamptz", from.name),
        Kind::Json => format!("{}::jsonb", from.name),
    }
}

/// Writes all of `rows` or none of them.
pub(super) async fn write(connection: &mut PgConnection, rows: &Rows<'_>) -> Result<(), sqlx::Error> {
    let mut query = sqlx::query(AssertSqlSafe(INSERT.as_str()));
    for column in 0..Record::WIDTH {
        query = query.bind(rows.records.iter().map(|row| row[column].text()).collect::<Vec<_>>());
    }
    for &column in ONLY_IN_EVENTS.iter() {
        let values = rows.events.iter().map(|row| row[column]);
        query = match AuditRecord::COLUMNS[column].kind {
            Kind::Number => query.bind(values.map(number).collect::<Vec<_>>()),
            _ => query.bind(values.map(Value::text).collect::<Vec<_>>()),
        };
    }
    query.execute(connection).await.map(drop)
}

fn number(value: Value<'_>) -> Option<i64> {
    if let Value::Number(number) = value { Some(number) } else { None }
}

static INSERT_EVENTS: LazyLock<String> = LazyLock::new(|| {
    let mut place = 0;
    let parameters = list(AuditRecord::COLUMNS, |column| {
        place += 1;
        format!("${place}::{}[]", if column.kind == Kind::Number { "bigint" } else { "text" })
    });
    let names = names(AuditRecord::COLUMNS);
    let values = list(AuditRecord::COLUMNS, |column| stored(column, column));
    format!("INSERT INTO audit_events ({names}) SELECT {values} FROM unnest({parameters}) AS t ({names})")
});

/// Writes audit records of an operator's command, in whatever transaction there is.
pub(super) async fn write_events(connection: &mut PgConnection, events: &[AuditRecord]) -> Result<(), sqlx::Error> {
    let rows: Vec<_> = events.iter().map(AuditRecord::values).collect();
    let mut query = sqlx::query(AssertSqlSafe(INSERT_EVENTS.as_str()));
    for (index, column) in AuditRecord::COLUMNS.iter().enumerate() {
        let values = rows.iter().map(|row| row[index]);
        query = match column.kind {
            Kind::Number => query.bind(values.map(number).collect::<Vec<_>>()),
            _ => query.bind(values.map(Value::text).collect::<Vec<_>>()),
        };
    }
    query.execute(connection).await.map(drop)
}

/// Waits for whoever keeps writes out of the tables as a write would, though not as long, and needs the right to
/// insert.
const LOCK: &str = "BEGIN; SET LOCAL lock_timeout = '1s';
    LOCK TABLE support_requests, audit_events IN ROW EXCLUSIVE MODE; ROLLBACK";

/// Whether a group would be taken now; with `rows` by writing them, and taking them back. Where a commit may be kept waiting,
/// by one that stores nothing, too: not always, because it would fill archives of the write-ahead log for nothing.
/// After an error the connection may be inside a transaction, so it must not be used again.
pub(super) async fn probe(connection: &mut PgConnection, rows: Option<&Rows<'_>>) -> Result<(), StoreError> {
    fitness::takes_writes(connection).await?;
    sqlx::raw_sql(LOCK).execute(&mut *connection).await?;
    if let Some(rows) = rows {
        sqlx::raw_sql("BEGIN").execute(&mut *connection).await?;
        write(connection, rows).await?;
        sqlx::raw_sql("ROLLBACK").execute(&mut *connection).await?;
    }
    if rows.is_some() || commit_probe::waits_for_standbys(connection).await? {
        commit_probe::commit(connection, Instant::now() + CONNECTION_TIMEOUT).await?;
    }
    Ok(())
}
