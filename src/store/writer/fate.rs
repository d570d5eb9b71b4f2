//! What a failed write means for its rows. Whoever is not sure says so.

use sqlx::postgres::{PgDatabaseError, PgSeverity};

use super::Attempt;
use crate::{causes::Causes, store::AppendError};

/// What became of a group.
#[derive(Debug)]
pub(super) enum Fate {
    /// Committed by this attempt.
    Committed,
    /// An earlier attempt had committed it.
    WasCommitted,
    /// Certainly not committed.
    RolledBack(AppendError),
    /// Nobody knows yet.
    Unknown,
}

impl Fate {
    /// Reads a database's refusal.
    pub(super) fn of(error: &sqlx::Error, attempt: Attempt) -> Self {
        let fate = match error {
            sqlx::Error::Database(said) => match said.try_downcast_ref::<PgDatabaseError>() {
                Some(postgres) => Self::of_postgres(postgres, attempt),
                None => Self::of_sqlite(said.as_ref(), attempt),
            },
            sqlx::Error::Encode(_) => Self::RolledBack(AppendError::Refused),
            _ => Self::Unknown,
        };
        if !matches!(fate, Self::WasCommitted) {
            // The message names constraints and columns; `DETAIL`, which quotes rows, is not part of it.
            tracing::error!(error = %Causes(error), ?fate, "a write failed");
        }
        fate
    }

    fn of_postgres(error: &PgDatabaseError, attempt: Attempt) -> Self {
        // A server that goes down says so with FATAL, also between a commit and its acknowledgement.
        if matches!(error.severity(), PgSeverity::Fatal | PgSeverity::Panic) {
            return Self::Unknown;
        }
        match (error.code(), attempt) {
            ("23505", Attempt::Again) => Self::WasCommitted,
            (code, _) if code.starts_with("22") || code.starts_with("23") => Self::RolledBack(AppendError::Refused),
            _ => Self::RolledBack(AppendError::Unavailable),
        }
    }

    fn of_sqlite(error: &dyn sqlx::error::DatabaseError, attempt: Attempt) -> Self {
        const CONSTRAINT: i32 = 19;
        const BUSY: i32 = 5;
        const READ_ONLY: i32 = 8;
        const FULL: i32 = 13;
        let code: i32 = error.code().and_then(|code| code.parse().ok()).unwrap_or_default();
        match (code & 0xff, attempt) {
            (CONSTRAINT, Attempt::Again) if error.message().contains("already stored") => Self::WasCommitted,
            (CONSTRAINT, _) => Self::RolledBack(AppendError::Refused),
            (BUSY | READ_ONLY | FULL, _) => Self::RolledBack(AppendError::Unavailable),
            _ => Self::Unknown,
        }
    }
}
