//! Writing a group to SQLite: one `BEGIN IMMEDIATE`, one insert a table, one `COMMIT`.

use std::sync::LazyLock;

use serde::Serialize;
use sqlx::{AssertSqlSafe, SqliteConnection};

use super::{
    rows::{AUDIT_COLUMNS, RECORD_COLUMNS, audit_columns, record_columns},
    writer::Rows,
};

/// The whole transaction as one text, because every step that is asked for on its own is a hand-over to `SQLite`'s thread
/// and back. The rows travel as JSON arrays of arrays, so the text is the same whatever the size of the group.
///
/// `IMMEDIATE`: a transaction that begins by reading is refused with "database is locked" when another writes first
/// (56 of 64 were lost so in a measurement); one that begins as a writer waits its turn.
static TRANSACTION: LazyLock<String> = LazyLock::new(|| {
    format!(
        concat!(
            "BEGIN IMMEDIATE; INSERT INTO support_requests (",
            record_columns!(),
            ") SELECT {} FROM json_each($1); INSERT INTO audit_events (",
            audit_columns!(),
            ", sequence) SELECT {}, $3 + key FROM json_each($2); COMMIT"
        ),
        columns(RECORD_COLUMNS),
        columns(AUDIT_COLUMNS)
    )
});

/// Writes all of `rows` or none of them.
pub(super) async fn write(connection: &mut SqliteConnection, rows: &Rows<'_>) -> Result<(), sqlx::Error> {
    let first = rows.sequences.first().copied().unwrap_or_default();
    let transaction = sqlx::query(AssertSqlSafe(TRANSACTION.as_str()));
    let transaction = transaction.bind(json(&rows.records)).bind(json(&rows.events)).bind(first);
    let written = transaction.execute(&mut *connection).await.map(drop);
    if written.is_err() {
        // The transaction may be gone already, or never have begun; either way none of it stays.
        let _ = sqlx::query("ROLLBACK").execute(connection).await;
    }
    written
}

fn columns(count: usize) -> String {
    (0..count).map(|index| format!("value ->> {index}")).collect::<Vec<_>>().join(", ")
}

fn json(rows: &impl Serialize) -> String {
    // Texts and nulls always serialize.
    serde_json::to_string(rows).unwrap_or_default()
}
