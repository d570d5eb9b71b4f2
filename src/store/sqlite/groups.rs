//! Writing groups, on the thread of whoever asks: the writer has one of its own. The driver of everything else gives each
//! connection a thread, and wakes whoever waits for every statement of a transaction (specs/decisions/0021).

use std::{borrow::Cow, error::Error, os::unix::ffi::OsStrExt as _, path::Path, sync::LazyLock};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use rusqlite::{Connection, OpenFlags, ToSql, config::DbConfig};
use sqlx::error::{DatabaseError, ErrorKind};

use super::journal;
use crate::{
    domain::record::{AuditRecord, Column, Record, Value},
    store::{
        CONNECTION_TIMEOUT, StoreError,
        open::{DURABLE, WRITING},
        rows::names,
    },
};

/// Statements that are kept prepared: more than there are.
const KEPT: usize = 16;

/// Pages that a connection keeps, in KiB, which SQLite wants as a negative number: half of what it keeps otherwise, and a
/// create is as quick.
const CACHE_KIB: &str = "-1024";

/// `IMMEDIATE`: a transaction that begins by reading is refused with "database is locked" when another writes first
/// (56 of 64 were lost so in a measurement); one that begins as a writer waits its turn.
const BEGIN: &str = "BEGIN IMMEDIATE";
const COMMIT: &str = "COMMIT";

/// What inserts one row. Rows that travelled as JSON arrays took SQLite a third of its time to read
/// (specs/performance.md).
static INSERT_RECORD: LazyLock<String> = LazyLock::new(|| insert("support_requests", Record::COLUMNS));
static INSERT_EVENT: LazyLock<String> = LazyLock::new(|| insert("audit_events", AuditRecord::COLUMNS));

fn insert(table: &str, columns: &[Column]) -> String {
    let values = vec!["?"; columns.len()].join(", ");
    format!("INSERT INTO {table} ({}) VALUES ({values})", names(columns))
}

/// A connection that writes groups, or copies the log while another one does, and nothing else.
pub(in crate::store) struct Groups(Connection);

impl Groups {
    /// Opens the file at the path and reads its durable settings back. Whether it is the file that another connection
    /// has open, [`Self::mark`] tells.
    pub(super) fn open(file: &Path) -> Result<Self, StoreError> {
        let failed = |error| StoreError::Open(as_sqlx(error));
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(file, flags).map_err(failed)?;
        set(&connection).map_err(failed)?;
        for (setting, sql, wanted) in DURABLE {
            let found: String = connection.query_row(sql, [], |row| row.get(0)).map_err(failed)?;
            if found != wanted {
                return Err(StoreError::NotDurable { setting, wanted, found });
            }
        }
        Ok(Self(connection))
    }

    /// The last commit's mark.
    pub(super) fn mark(&self) -> Result<String, sqlx::Error> {
        self.0.query_row(journal::MARK, [], |row| row.get(0)).map_err(as_sqlx)
    }

    /// Copies the log into the file as far as it is written, while others write on. Waits for the disk, on this thread.
    pub(super) fn copy_the_log(&self) -> Result<(), sqlx::Error> {
        self.0.query_row(journal::COPY, [], |_| Ok(())).map_err(as_sqlx)
    }

    /// Writes all of them or none. Waits for the disk, and for whoever holds the lock, on this thread.
    pub(super) fn write(
        &mut self,
        records: &[[Value<'_>; Record::WIDTH]],
        events: &[[Value<'_>; AuditRecord::WIDTH]],
    ) -> Result<(), sqlx::Error> {
        let written = self.transact(records, events);
        if written.is_err() {
            // The transaction may be gone already, or never have begun; either way none of it stays.
            let _ = self.0.execute_batch("ROLLBACK");
        }
        written.map_err(as_sqlx)
    }

    fn transact(
        &self,
        records: &[[Value<'_>; Record::WIDTH]],
        events: &[[Value<'_>; AuditRecord::WIDTH]],
    ) -> rusqlite::Result<()> {
        self.run(BEGIN)?;
        self.run(journal::TOUCH)?;
        self.insert(&INSERT_RECORD, records)?;
        self.insert(&INSERT_EVENT, events)?;
        self.run(COMMIT)
    }

    fn run(&self, sql: &str) -> rusqlite::Result<()> {
        self.0.prepare_cached(sql)?.raw_execute().map(drop)
    }

    fn insert<const WIDTH: usize>(&self, sql: &str, rows: &[[Value<'_>; WIDTH]]) -> rusqlite::Result<()> {
        let mut statement = self.0.prepare_cached(sql)?;
        for row in rows {
            for (place, value) in (1..).zip(row) {
                let text = value.text();
                let bound: &dyn ToSql = if let Value::Number(number) = value { number } else { &text };
                statement.raw_bind_parameter(place, bound)?;
            }
            statement.raw_execute()?;
        }
        Ok(())
    }
}

/// All bytes but those that stand for themselves in the address of a file (<https://sqlite.org/uri.html>, 3.1).
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The first text that a file without its log has for `sql`. On this thread: it is asked for at each copy of the log, and
/// the driver of everything else would begin a thread for it.
pub(super) fn first_alone(file: &Path, sql: &str) -> Option<String> {
    let path = percent_encode(file.as_os_str().as_bytes(), ESCAPED);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(format!("file:{path}?immutable=1"), flags).ok()?;
    connection.query_row(sql, [], |row| row.get(0)).ok()
}

/// Sets what every connection that writes sets. The log is copied into the file when [`super::Guarded`] says so: not by
/// itself after a commit, nor by the last one to close.
fn set(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(CONNECTION_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(KEPT);
    for (setting, value) in WRITING {
        connection.pragma_update(None, setting, value)?;
    }
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.pragma_update(None, "cache_size", CACHE_KIB)?;
    connection.pragma_update(None, "wal_autocheckpoint", "0")
}

/// What SQLite said, as the driver of everything else tells it.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(super) struct SqliteError {
    code: i32,
    message: String,
}

impl DatabaseError for SqliteError {
    fn message(&self) -> &str {
        &self.message
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        Some(self.code.to_string().into())
    }

    fn kind(&self) -> ErrorKind {
        ErrorKind::Other
    }

    fn as_error(&self) -> &(dyn Error + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn Error + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn Error + Send + Sync + 'static> {
        self
    }
}

fn as_sqlx(error: rusqlite::Error) -> sqlx::Error {
    match error {
        rusqlite::Error::SqliteFailure(code, message) => {
            let message = message.unwrap_or_else(|| code.to_string());
            sqlx::Error::Database(Box::new(SqliteError { code: code.extended_code, message }))
        }
        // Nothing that SQLite said.
        other => sqlx::Error::Protocol(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Cause;

    #[test]
    fn a_file_is_read_without_its_log_whatever_it_is_called() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a b?c#d%20é.db");
        let connection = Connection::open(&file).unwrap();
        connection.pragma_update(None, "journal_mode", "WAL").unwrap();
        connection.execute_batch("CREATE TABLE t (x TEXT); INSERT INTO t VALUES ('before')").unwrap();
        connection.query_row(journal::COPY, [], |_| Ok(())).unwrap();
        connection.execute("UPDATE t SET x = 'behind'", []).unwrap();
        assert_eq!(first_alone(&file, "SELECT x FROM t").as_deref(), Some("before"));
        assert_eq!(first_alone(&folder.path().join("none.db"), "SELECT 'x'"), None);
    }

    #[test]
    fn what_sqlite_says_is_told_by_the_same_codes_as_from_the_other_connections() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x.db");
        let absent = Groups::open(&file).map(drop).unwrap_err();
        assert_eq!(Cause::of(&absent).cause, "cannot_open");
        let connection = Connection::open(&file).unwrap();
        connection.execute_batch("CREATE TABLE t (x CHECK (x > 0))").unwrap();
        let refused = as_sqlx(connection.execute("INSERT INTO t VALUES (0)", []).unwrap_err());
        assert_eq!(super::super::code(&refused), Some(19), "without the refinement that says which constraint");
        assert_eq!(refused.as_database_error().unwrap().code().as_deref(), Some("275"));
        assert_eq!(Cause::of(&refused).cause, "constraint");
        let other = Groups::open(&file).map(drop).unwrap_err();
        assert!(matches!(other, StoreError::NotDurable { setting: "journal_mode", .. }), "{other:?}");
    }
}
