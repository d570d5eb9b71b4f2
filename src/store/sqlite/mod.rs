//! Writing to SQLite, and knowing which file that is.

pub(super) mod disk;
mod files;
mod guarded;
mod journal;
mod resync;

use std::sync::OnceLock;

use sqlx::{AssertSqlSafe, SqliteConnection, error::DatabaseError as _};

pub use self::files::Displaced;
pub(super) use self::{
    guarded::{Guarded, WriteError},
    journal::{LeftBehind, belongs, settle},
};
use super::rows::{Rows, names};
use crate::domain::record::{AuditRecord, Record, Value};

/// Most rows in one commit: each size of a group is a statement of its own, which the connection keeps prepared.
pub(super) const GROUP_MAX: usize = 64;

/// What the triggers against a second row of a key say (migrations/sqlite): how a row that an earlier attempt stored is
/// told from one that is refused.
pub(super) const ALREADY_STORED: &str = "is already stored";

/// Whether a write-ahead log lies beside the file: somebody is at it, or was and did not come to an end.
pub(super) fn has_log(path: &std::path::Path) -> bool {
    files::wal_of(path).exists()
}

/// SQLite's result code, without its refinement (<https://sqlite.org/rescode.html>).
pub(super) fn code(error: &sqlx::Error) -> Option<i32> {
    let said = error.as_database_error()?.try_downcast_ref::<sqlx::sqlite::SqliteError>()?;
    Some(said.code()?.parse::<i32>().ok()? & 0xff)
}

/// Writes all of `rows`, [`GROUP_MAX`] at most, or none of them.
async fn write(connection: &mut SqliteConnection, rows: &Rows<'_>) -> Result<(), sqlx::Error> {
    let mut transaction = sqlx::query(AssertSqlSafe(transaction(rows.records.len())));
    for value in rows.records.iter().flatten().chain(rows.events.iter().flatten()) {
        transaction = match value {
            Value::Number(number) => transaction.bind(*number),
            other => transaction.bind(other.text()),
        };
    }
    let written = transaction.execute(&mut *connection).await.map(drop);
    if written.is_err() {
        // The transaction may be gone already, or never have begun; either way none of it stays.
        let _ = sqlx::query("ROLLBACK").execute(connection).await;
    }
    written
}

/// Writes audit records of an operator's command, in whatever transaction there is.
pub(super) async fn write_events(connection: &mut SqliteConnection, events: &[AuditRecord]) -> Result<(), sqlx::Error> {
    let row = format!("({})", vec!["?"; AuditRecord::WIDTH].join(", "));
    let rows = vec![row; events.len()].join(", ");
    let sql = format!("INSERT INTO audit_events ({}) VALUES {rows}", names(AuditRecord::COLUMNS));
    let mut query = sqlx::query(AssertSqlSafe(sql)).persistent(false);
    for value in events.iter().flat_map(AuditRecord::values) {
        query = match value {
            Value::Number(number) => query.bind(number),
            other => query.bind(other.text().map(str::to_owned)),
        };
    }
    query.execute(connection).await.map(drop)
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
            "BEGIN IMMEDIATE; UPDATE journal_state SET mark = hex(randomblob(16)); \
             INSERT INTO support_requests ({}) VALUES {}; INSERT INTO audit_events ({}) VALUES {}; COMMIT",
            names(Record::COLUMNS),
            values(Record::WIDTH),
            names(AuditRecord::COLUMNS),
            values(AuditRecord::WIDTH)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::migrate;

    #[test]
    fn both_triggers_against_a_second_row_say_what_the_writer_looks_for() {
        let text: String = migrate::SQLITE.iter().map(|migration| migration.sql.as_str().to_owned()).collect();
        let triggers: Vec<&str> =
            text.split("CREATE TRIGGER").filter(|trigger| trigger.contains("_no_second_nor_erased ")).collect();
        assert_eq!(triggers.len(), 2);
        for trigger in triggers {
            assert!(trigger.contains(&format!("{ALREADY_STORED}')")), "{trigger}");
        }
    }
}
