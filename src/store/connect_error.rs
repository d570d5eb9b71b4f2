//! Why a PostgreSQL database cannot be reached: each server that was tried, the cause, and what to do. Nothing of the
//! password is in it.

use std::{fmt, io, time::Duration};

use sqlx::postgres::PgDatabaseError;

use super::Cause;

/// None of the servers of an address would do.
#[derive(Debug, thiserror::Error)]
pub struct ConnectError {
    /// Each server that was tried, and why it would not do.
    pub(super) failures: Vec<(String, ConnectCause)>,
}

/// Why one server would not do.
#[derive(Debug)]
pub(super) enum ConnectCause {
    /// A file that is needed to get in cannot be used: which, and why.
    File(String),
    /// It did not answer for so long.
    TimedOut(Duration),
    /// It answered, and acknowledged no commit for so long.
    NoCommit(Duration),
    /// It answered, and does not take writes.
    ReadOnly,
    /// It answered, and is a standby.
    Standby,
    /// The driver failed; with where the password was taken from.
    Driver(sqlx::Error, String),
}

impl ConnectError {
    /// Whether waiting may help: nobody answers yet, or is not ready yet. A wrong password stays wrong.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        self.failures.iter().any(|(_, cause)| cause.may_pass())
    }

    /// What kind of failure that of the last server was, for the log. Not left to the chain of sources: the text of this
    /// error says already what its causes say.
    pub(super) fn cause(&self) -> Option<Cause> {
        let cause = |cause| Cause { cause, sqlstate: None };
        Some(match &self.failures.last()?.1 {
            ConnectCause::File(_) => cause("cannot_open"),
            ConnectCause::TimedOut(_) => cause("timed_out"),
            ConnectCause::NoCommit(_) => cause("unacknowledged"),
            ConnectCause::ReadOnly | ConnectCause::Standby => cause("read_only"),
            ConnectCause::Driver(error, _) => Cause::of(error),
        })
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (server, cause)) in self.failures.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{server}: {cause}")?;
        }
        Ok(())
    }
}

impl fmt::Display for ConnectCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(why) => f.write_str(why),
            Self::TimedOut(limit) => {
                write!(
                    f,
                    "no answer within {} ms: is it the right host, and does a firewall let this through?",
                    limit.as_millis()
                )
            }
            Self::NoCommit(limit) => write!(
                f,
                "it answers, but acknowledged no commit within {} ms: is its synchronous standby there?",
                limit.as_millis()
            ),
            Self::ReadOnly => f.write_str("it answers, but takes no writes (transaction_read_only is on)"),
            Self::Standby => f.write_str("it answers, but is a standby"),
            Self::Driver(error, password) => driver(f, error, password),
        }
    }
}

impl ConnectCause {
    fn may_pass(&self) -> bool {
        match self {
            Self::File(_) => false,
            Self::TimedOut(_) | Self::NoCommit(_) | Self::ReadOnly | Self::Standby => true,
            Self::Driver(error, _) => match said(error) {
                // 08: a pool in front that cannot get through; but what it does not understand stays so.
                // 53300: too many connections. 57P: shutting down, crashed, starting up.
                Some(said) if unsupported_parameter(said).is_some() => false,
                Some(said) => ["08", "53300", "57P"].iter().any(|class| said.code().starts_with(class)),
                None => matches!(error, sqlx::Error::Io(_)),
            },
        }
    }
}

/// What the server said, if it was the server.
fn said(error: &sqlx::Error) -> Option<&PgDatabaseError> {
    error.as_database_error()?.try_downcast_ref()
}

/// The resolver's errors have no kind of their own in Rust, only this text.
fn is_unresolved(error: &io::Error) -> bool {
    error.to_string().contains("failed to lookup address")
}

/// The parameter that a pool such as PgBouncer does not let through.
fn unsupported_parameter(said: &PgDatabaseError) -> Option<&str> {
    let rest = said.message().strip_prefix("unsupported startup parameter")?;
    Some(rest.rsplit(' ').next().unwrap_or_default().trim_matches([':', '"']))
}

fn driver(f: &mut fmt::Formatter<'_>, error: &sqlx::Error, password: &str) -> fmt::Result {
    match error {
        sqlx::Error::Io(error) if is_unresolved(error) => {
            write!(f, "the host's name is unknown here ({error}): is it the right host?")
        }
        sqlx::Error::Io(error) => match error.kind() {
            io::ErrorKind::ConnectionRefused => {
                f.write_str("connection refused: nothing listens there; is PostgreSQL running, on this port?")
            }
            io::ErrorKind::NotFound => write!(f, "there is no socket there ({error}): is PostgreSQL running?"),
            io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset => {
                write!(f, "the connection was closed ({error}): is it PostgreSQL that listens there?")
            }
            _ => write!(f, "{error}"),
        },
        sqlx::Error::Tls(error) => write!(f, "TLS: {error}"),
        sqlx::Error::Protocol(error) => write!(f, "this is not how PostgreSQL answers: {error}"),
        error => match said(error) {
            Some(said) => server(f, said, password),
            None => write!(f, "{error}"),
        },
    }
}

/// The server's own words name user, database and client, and never the password.
fn server(f: &mut fmt::Formatter<'_>, said: &PgDatabaseError, password: &str) -> fmt::Result {
    let (message, code) = (said.message(), said.code());
    write!(f, "{message} (SQLSTATE {code})")?;
    if let Some(parameter) = unsupported_parameter(said) {
        return write!(
            f,
            ": the pool in front of PostgreSQL does not take it; in pgbouncer.ini, add it: \
             ignore_startup_parameters = {parameter}"
        );
    }
    match code {
        "28P01" => write!(f, ": the password was taken {password}"),
        "3D000" => f.write_str(": make it first (CREATE DATABASE), or correct the name"),
        "42501" => f.write_str(": run `support-requests migrate` as the owner, which grants it"),
        "53300" => f.write_str(": raise max_connections, or the role's CONNECTION LIMIT"),
        _ => Ok(()),
    }
}
