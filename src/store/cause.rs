//! What kind of failure a database's error is, for the fields of a log line.

use std::error::Error;

use super::{ConnectError, Displaced, StoreError, sqlite};

/// A failure, as two fields of a log line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// One word of a closed list (specs/operations.md).
    pub cause: &'static str,
    /// PostgreSQL's SQLSTATE, or SQLite's result code.
    pub sqlstate: Option<String>,
}

impl Cause {
    /// Looks for the database's own error among an error and what caused it.
    #[must_use]
    pub fn of(error: &(dyn Error + 'static)) -> Self {
        let mut next = Some(error);
        let mut last = None;
        while let Some(error) = next {
            last = Self::told_by(error).or(last);
            next = error.source();
        }
        last.unwrap_or(Self { cause: "other", sqlstate: None })
    }

    fn told_by(error: &(dyn Error + 'static)) -> Option<Self> {
        if let Some(io) = error.downcast_ref::<std::io::Error>() {
            return Some(Self { cause: of_io(io), sqlstate: None });
        }
        if error.is::<Displaced>() {
            return Some(Self { cause: "other_file", sqlstate: None });
        }
        if let Some(error) = error.downcast_ref::<ConnectError>() {
            return error.cause();
        }
        if let Some(error) = error.downcast_ref::<StoreError>() {
            return of_store(error).map(|cause| Self { cause, sqlstate: None });
        }
        match error.downcast_ref::<sqlx::Error>()? {
            sqlx::Error::Database(said) => {
                let sqlstate = said.code().map(std::borrow::Cow::into_owned);
                let cause = match sqlite::code(error.downcast_ref()?) {
                    Some(code) => of_sqlite(code),
                    None => of_postgres(sqlstate.as_deref().unwrap_or_default()),
                };
                Some(Self { cause, sqlstate })
            }
            sqlx::Error::PoolTimedOut => Some(Self { cause: "timed_out", sqlstate: None }),
            sqlx::Error::Tls(_) => Some(Self { cause: "tls", sqlstate: None }),
            sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => {
                Some(Self { cause: "connection", sqlstate: None })
            }
            _ => None,
        }
    }
}

fn of_store(error: &StoreError) -> Option<&'static str> {
    match error {
        StoreError::ReadOnly(_) => Some("read_only"),
        StoreError::NoRight(_) | StoreError::NotGranted(_) => Some("permission"),
        StoreError::NoSpace { .. } => Some("disk_full"),
        StoreError::ForeignJournal(_) | StoreError::Displaced(_) => Some("other_file"),
        StoreError::TimedOut => Some("timed_out"),
        StoreError::CheckpointLocked => Some("locked"),
        StoreError::NotAcknowledged => Some("unacknowledged"),
        StoreError::NotMigrated => Some("missing"),
        StoreError::File(_) => Some("cannot_open"),
        _ => None,
    }
}

fn of_io(error: &std::io::Error) -> &'static str {
    if error.raw_os_error() == Some(rustix::io::Errno::IO.raw_os_error()) {
        return "input_output";
    }
    match error.kind() {
        std::io::ErrorKind::ConnectionRefused => "refused",
        std::io::ErrorKind::TimedOut => "timed_out",
        std::io::ErrorKind::PermissionDenied => "permission",
        std::io::ErrorKind::StorageFull => "disk_full",
        _ => "connection",
    }
}

/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>
fn of_postgres(sqlstate: &str) -> &'static str {
    match sqlstate {
        "25006" => "read_only",
        "42501" => "permission",
        "53100" => "disk_full",
        "53300" => "too_many_connections",
        "55P03" => "locked",
        "57014" => "timed_out",
        "3D000" | "3F000" | "42P01" => "missing",
        code => match code.get(..2).unwrap_or_default() {
            "08" => "connection",
            "22" | "23" => "constraint",
            "28" => "authentication",
            "57" => "going_down",
            _ => "other",
        },
    }
}

/// <https://sqlite.org/rescode.html>
fn of_sqlite(code: i32) -> &'static str {
    match code {
        3 | 23 => "permission",
        5 | 6 => "locked",
        8 => "read_only",
        10 => "input_output",
        11 | 26 => "corrupt",
        13 => "disk_full",
        14 => "cannot_open",
        19 => "constraint",
        _ => "other",
    }
}

/// Logs a database's failure at `$level`, its kind as fields.
macro_rules! log_failure {
    ($level:ident, $error:expr, $($rest:tt)+) => {{
        let error: &(dyn std::error::Error + 'static) = $error;
        let kind = $crate::store::Cause::of(error);
        tracing::$level!(
            cause = kind.cause,
            sqlstate = kind.sqlstate,
            error = %$crate::causes::Causes(error),
            $($rest)+
        );
    }};
}
pub(super) use log_failure;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_error_that_says_something_is_the_cause() {
        let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        let error = StoreError::Open(sqlx::Error::Io(refused));
        assert_eq!(Cause::of(&error), Cause { cause: "refused", sqlstate: None });
        assert_eq!(Cause::of(&StoreError::Open(sqlx::Error::PoolTimedOut)).cause, "timed_out");
        assert_eq!(Cause::of(&StoreError::from(Displaced::Missing)).cause, "other_file");
        assert_eq!(Cause::of(&StoreError::RoleName).cause, "other");
        let broken = StoreError::Log(rustix::io::Errno::IO.into());
        assert_eq!(Cause::of(&broken), Cause { cause: "input_output", sqlstate: None });
    }

    #[test]
    fn sqlstates_are_told_apart_by_code_first_and_then_by_class() {
        for (sqlstate, cause) in [
            ("25006", "read_only"),
            ("42501", "permission"),
            ("53300", "too_many_connections"),
            ("57P01", "going_down"),
            ("57014", "timed_out"),
            ("08006", "connection"),
            ("28P01", "authentication"),
            ("XX000", "other"),
        ] {
            assert_eq!(of_postgres(sqlstate), cause, "{sqlstate}");
        }
    }
}
