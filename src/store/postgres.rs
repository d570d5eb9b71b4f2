//! Writing a group to PostgreSQL: one statement, so one round trip and one commit, whatever the size of the group. There is
//! one text for groups and one for a lone request, whose cost is mostly that of setting the statement up.

use std::sync::LazyLock;

use sqlx::{AssertSqlSafe, PgConnection};
use tokio::time::Instant;

use super::{
    CONNECTION_TIMEOUT, StoreError, commit_probe, fitness,
    rows::{Rows, list, names},
};
use crate::domain::record::{AuditRecord, Column, Kind, Record, Value};

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

/// What travels, in the order of the parameters: the record's columns, and then what only its audit record has.
static PARAMETERS: LazyLock<Vec<Column>> = LazyLock::new(|| {
    let event = |index: &usize| AuditRecord::COLUMNS[*index];
    Record::COLUMNS.iter().copied().chain(ONLY_IN_EVENTS.iter().map(event)).collect()
});

/// Every distinct value travels once; the audit rows take what they share from the records.
static INSERT: LazyLock<String> = LazyLock::new(|| {
    let mut number = 0;
    let parameters = list(&PARAMETERS, |column| {
        number += 1;
        format!("${number}::{}[]", sent(column))
    });
    let names_here = names(&PARAMETERS);
    let (record_columns, record_values) =
        (names(Record::COLUMNS), list(Record::COLUMNS, |column| stored(column.name, column)));
    let event_columns = names(AuditRecord::COLUMNS);
    let event_values = list(AuditRecord::COLUMNS, |column| stored(in_record(column).unwrap_or(column).name, column));
    format!(
        "WITH batch AS MATERIALIZED (SELECT * FROM unnest({parameters}) AS t ({names_here})),
            stored AS (INSERT INTO support_requests ({record_columns}) SELECT {record_values} FROM batch)
        INSERT INTO audit_events ({event_columns}) SELECT {event_values} FROM batch"
    )
});

/// The same for one request: nothing to take apart, a quarter less for the server to do (specs/performance.md).
static INSERT_ONE: LazyLock<String> = LazyLock::new(|| {
    let value = |from: &Column, to: &Column| {
        let number = PARAMETERS.iter().take_while(|column| column.name != from.name).count() + 1;
        let name = format!("${number}::{}", sent(from));
        stored(&name, to)
    };
    let record_values = list(Record::COLUMNS, |column| value(column, column));
    let event_values = list(AuditRecord::COLUMNS, |column| value(in_record(column).unwrap_or(column), column));
    format!(
        "WITH stored AS (INSERT INTO support_requests ({}) VALUES ({record_values}))
        INSERT INTO audit_events ({}) VALUES ({event_values})",
        names(Record::COLUMNS),
        names(AuditRecord::COLUMNS)
    )
});

/// The type that a column travels as. Only types that every server has: looking others up takes a new connection longer
/// than the write.
fn sent(column: &Column) -> &'static str {
    if column.kind == Kind::Number { "bigint" } else { "text" }
}

/// What came in as `from`, as the type of the column `to`.
fn stored(from: &str, to: &Column) -> String {
    match to.kind {
        Kind::Text | Kind::Number => from.to_owned(),
        Kind::Label => format!("{from}::{}", to.name),
        Kind::Time => format!("{from}::timestamptz"),
        Kind::Json => format!("{from}::jsonb"),
    }
}

/// Writes all of `rows` or none of them.
pub(super) async fn write(connection: &mut PgConnection, rows: &Rows<'_>) -> Result<(), sqlx::Error> {
    if let ([record], [event]) = (rows.records.as_slice(), rows.events.as_slice()) {
        return write_one(connection, record, event).await;
    }
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

async fn write_one(
    connection: &mut PgConnection,
    record: &[Value<'_>],
    event: &[Value<'_>],
) -> Result<(), sqlx::Error> {
    let mut query = sqlx::query(AssertSqlSafe(INSERT_ONE.as_str()));
    for value in record.iter().chain(ONLY_IN_EVENTS.iter().map(|&column| &event[column])) {
        query = match value {
            Value::Number(number) => query.bind(*number),
            other => query.bind(other.text()),
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
        format!("${place}::{}[]", sent(column))
    });
    let names = names(AuditRecord::COLUMNS);
    let values = list(AuditRecord::COLUMNS, |column| stored(column.name, column));
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
