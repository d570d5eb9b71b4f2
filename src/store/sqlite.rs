//! Writing a group to SQLite: one `BEGIN IMMEDIATE`, one insert a table, one `COMMIT`.

use std::sync::OnceLock;

use sqlx::{AssertSqlSafe, SqliteConnection};

use super::{
    rows::{AUDIT_COLUMNS, RECORD_COLUMNS, audit_columns, record_columns},
    writer::Rows,
};

/// Most rows in one commit: each size of a group is a statement of its own, which the connection keeps prepared.
pub(super) const GROUP_MAX: usize = 64;

/// Writes all of `rows`, [`GROUP_MAX`] at most, or none of them.
pub(super) async fn write(connection: &mut SqliteConnection, rows: &Rows<'_>) -> Result<(), sqlx::Error> {
    let mut transaction = sqlx::query(AssertSqlSafe(transaction(rows.records.len())));
    for text in rows.records.iter().flatten() {
        transaction = transaction.bind(*text);
    }
    for (event, sequence) in rows.events.iter().zip(&rows.sequences) {
        for text in event {
            transaction = transaction.bind(*text);
        }
        transaction = transaction.bind(sequence);
    }
    let written = transaction.execute(&mut *connection).await.map(drop);
    if written.is_err() {
        // The transaction may be gone already, or never have begun; either way none of it stays.
        let _ = sqlx::query("ROLLBACK").execute(connection).await;
    }
    written
}

/// The whole transaction for a group of this size as one text, because every step that is asked for on its own is a
/// hand-over to SQLite's thread and back. Rows that travelled as JSON arrays would need one text for all sizes, and took
/// SQLite a third of its time to read (specs/performance.md).
///
/// `IMMEDIATE`: a transaction that begins by reading is refused with "database is locked" when another writes first
/// (56 of 64 were lost so in a measurement); one that begins as a writer waits its turn.
fn transaction(rows: usize) -> &'static str {
    static TEXTS: [OnceLock<String>; GROUP_MAX] = [const { OnceLock::new() }; GROUP_MAX];
    TEXTS[rows - 1].get_or_init(|| {
        let values = |columns: usize| vec![format!("({})", vec!["?"; columns].join(", ")); rows].join(", ");
        format!(
            concat!(
                "BEGIN IMMEDIATE; INSERT INTO support_requests (",
                record_columns!(),
                ") VALUES {}; INSERT INTO audit_events (",
                audit_columns!(),
                ", sequence) VALUES {}; COMMIT"
            ),
            values(RECORD_COLUMNS),
            values(AUDIT_COLUMNS + 1)
        )
    })
}
