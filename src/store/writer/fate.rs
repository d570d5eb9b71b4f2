//! What a failed write means for its rows. Whoever is not sure says so.

use sqlx::postgres::{PgDatabaseError, PgSeverity};

use crate::store::{
    cause::log_failure,
    sqlite::{self, ALREADY_STORED, WriteError},
};

/// Whether rows are sent for the first time, or again to find out what became of them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Attempt {
    First,
    Again,
}

/// What became of a group.
#[derive(Debug)]
pub(super) enum Fate {
    /// Committed by this attempt.
    Committed,
    /// An earlier attempt had committed it.
    WasCommitted,
    /// Certainly not committed: a row is at fault.
    Refused,
    /// Certainly not committed: the database takes nothing now.
    NotNow,
    /// Certainly not committed: this session or server takes no writes, another one may.
    NotHere,
    /// Nobody knows yet.
    Unknown,
}

impl Fate {
    /// Reads why a group was not written.
    pub(super) fn of(error: &WriteError, attempt: Attempt) -> Self {
        let fate = match error {
            WriteError::Database(error) => Self::of_refusal(error, attempt),
            WriteError::NotThere(_) => Self::NotNow,
            // If the files come back, so does what was written; nobody can tell.
            WriteError::GoneWithTheFile(_) => Self::Unknown,
        };
        match error {
            WriteError::Database(_) if matches!(fate, Self::WasCommitted) => {}
            // The message names constraints and columns; `DETAIL`, which quotes rows, is not part of it.
            WriteError::Database(error) => log_failure!(error, error, ?fate, "a write failed"),
            WriteError::NotThere(error) | WriteError::GoneWithTheFile(error) => {
                log_failure!(error, error, ?fate, "a write failed");
            }
        }
        fate
    }

    fn of_refusal(error: &sqlx::Error, attempt: Attempt) -> Self {
        match error {
            sqlx::Error::Database(said) => match said.try_downcast_ref::<PgDatabaseError>() {
                Some(postgres) => Self::of_postgres(postgres, attempt),
                None => Self::of_sqlite(error, attempt),
            },
            sqlx::Error::Encode(_) => Self::Refused,
            _ => Self::Unknown,
        }
    }

    fn of_postgres(error: &PgDatabaseError, attempt: Attempt) -> Self {
        // A server that goes down says so with FATAL, also between a commit and its acknowledgement.
        if matches!(error.severity(), PgSeverity::Fatal | PgSeverity::Panic) {
            return Self::Unknown;
        }
        match (error.code(), attempt) {
            ("23505", Attempt::Again) => Self::WasCommitted,
            ("25006", _) => Self::NotHere,
            (code, _) if code.starts_with("22") || code.starts_with("23") => Self::Refused,
            _ => Self::NotNow,
        }
    }

    fn of_sqlite(error: &sqlx::Error, attempt: Attempt) -> Self {
        const CONSTRAINT: i32 = 19;
        const BUSY: i32 = 5;
        const READ_ONLY: i32 = 8;
        const FULL: i32 = 13;
        let said = error.as_database_error().map(sqlx::error::DatabaseError::message).unwrap_or_default();
        match (sqlite::code(error).unwrap_or_default(), attempt) {
            (CONSTRAINT, Attempt::Again) if said.contains(ALREADY_STORED) => Self::WasCommitted,
            (CONSTRAINT, _) => Self::Refused,
            (BUSY | READ_ONLY | FULL, _) => Self::NotNow,
            _ => Self::Unknown,
        }
    }
}
