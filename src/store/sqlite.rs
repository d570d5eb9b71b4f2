//! Writing a group to SQLite: one `BEGIN IMMEDIATE`, one insert a table, one `COMMIT`.

use serde::Serialize;
use sqlx::{AssertSqlSafe, SqliteConnection};

use super::{
    rows::{AUDIT_COLUMNS, RECORD_COLUMNS, audit_columns, record_columns},
    writer::Rows,
};

/// Writes all of `rows` or none of them.
///
/// `IMMEDIATE`: a transaction that begins by reading is refused with "database is locked" when another writes first
/// (56 of 64 were lost so in a measurement); one that begins as a writer waits its turn.
pub(super) async fn write(connection: &mut SqliteConnection, rows: &Rows<'_>) -> Result<(), sqlx::Error> {
    sqlx::query("BEGIN IMMEDIATE").execute(&mut *connection).await?;
    let written = insert_and_commit(connection, rows).await;
    if written.is_err() {
        // The transaction may be gone already; either way none of it stays.
        let _ = sqlx::query("ROLLBACK").execute(connection).await;
    }
    written
}

async fn insert_and_commit(connection: &mut SqliteConnection, rows: &Rows<'_>) -> Result<(), sqlx::Error> {
    // One statement text whatever the size of the group: the rows travel as one JSON array of arrays.
    let records = format!(
        concat!("INSERT INTO support_requests (", record_columns!(), ") SELECT {} FROM json_each($1)"),
        columns(RECORD_COLUMNS)
    );
    sqlx::query(AssertSqlSafe(records)).bind(json(&rows.records)).execute(&mut *connection).await?;
    let events = format!(
        concat!("INSERT INTO audit_events (", audit_columns!(), ", sequence) SELECT {}, $2 + key FROM json_each($1)"),
        columns(AUDIT_COLUMNS)
    );
    let first = rows.sequences.first().copied().unwrap_or_default();
    sqlx::query(AssertSqlSafe(events)).bind(json(&rows.events)).bind(first).execute(&mut *connection).await?;
    sqlx::query("COMMIT").execute(connection).await.map(drop)
}

fn columns(count: usize) -> String {
    (0..count).map(|index| format!("value ->> {index}")).collect::<Vec<_>>().join(", ")
}

fn json(rows: &impl Serialize) -> String {
    // Texts and nulls always serialize.
    serde_json::to_string(rows).unwrap_or_default()
}
