//! Writing to SQLite, and knowing which file that is.

mod checkpoint_lock; // one process copies the log at a time
pub(super) mod disk;
mod files;
mod groups; //    writing them, on the writer's own thread
mod guarded;
mod journal;
mod resync;

use sqlx::{AssertSqlSafe, SqliteConnection, error::DatabaseError as _, sqlite::SqliteError};

pub use self::files::Displaced;
pub(super) use self::{
    groups::Groups,
    guarded::{Guarded, WriteError},
    journal::{LeftBehind, belongs, settle},
};
use super::rows::names;
use crate::domain::record::{AuditRecord, Value};

/// What the triggers against a second row of a key say (migrations/sqlite): how a row that an earlier attempt stored is
/// told from one that is refused.
pub(super) const ALREADY_STORED: &str = "is already stored";

/// Whether a write-ahead log lies beside the file: somebody is at it, or was and did not come to an end.
pub(super) fn has_log(path: &std::path::Path) -> bool {
    files::wal_of(path).exists()
}

/// SQLite's result code, without its refinement (<https://sqlite.org/rescode.html>).
pub(super) fn code(error: &sqlx::Error) -> Option<i32> {
    let said = error.as_database_error()?;
    let code = match said.try_downcast_ref::<SqliteError>() {
        Some(said) => said.code(),
        None => said.try_downcast_ref::<groups::SqliteError>()?.code(),
    };
    Some(code?.parse::<i32>().ok()? & 0xff)
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
