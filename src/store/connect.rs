//! Connecting to PostgreSQL: the servers of an address in their order, the first one that will do. Passwords and
//! certificates are read anew each time.

use std::{path::Path, time::Duration};

use futures_util::future::BoxFuture;
use sqlx::{
    ConnectOptions as _, Connection as _, PgConnection, Row as _,
    postgres::{PgConnectOptions, PgSslMode},
};
use tokio::time::Instant;

use super::{
    CONNECTION_TIMEOUT, StoreError,
    address::{Address, Server, Target},
    commit_probe,
    connect_error::{ConnectCause, ConnectError},
    staggered::{self, Limit},
};

/// How long an operator's command waits for each server, where the address does not say it.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(10);

/// Where PostgreSQL's socket usually is: Debian and its kin, everybody else.
const SOCKET_FOLDERS: [&str; 2] = ["/var/run/postgresql", "/tmp"];

/// What a connection is for, and so what is set for its session. Set after connecting: a pool such as PgBouncer refuses
/// `options` at startup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Session {
    /// The service's. Limits are the server's to keep, so that nothing hangs there either.
    Service,
    /// The writer's: the service's, on a server that acknowledges commits. One that was replaced as the primary, and does
    /// not know it yet, waits for a standby that has left it.
    Writer,
    /// An operator's command that reads, for as long as it takes.
    Reading,
    /// `migrate`.
    Migrating,
    /// Reading from somebody else's database while a request waits.
    External,
    /// `erase`: it waits for others, but not for ever.
    Erasing,
}

impl Session {
    fn settings(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Service | Self::Writer => {
                &[("statement_timeout", "5s"), ("lock_timeout", "2s"), ("idle_in_transaction_session_timeout", "5s")]
            }
            Self::Reading => &[("default_transaction_read_only", "on")],
            Self::Migrating | Self::External => &[],
            Self::Erasing => &[("lock_timeout", "10s"), ("idle_in_transaction_session_timeout", "1min")],
        }
    }
}

fn limit(address: &Address, session: Session) -> Limit {
    match session {
        Session::Service | Session::Writer | Session::External => Limit::together(CONNECTION_TIMEOUT),
        Session::Reading | Session::Migrating | Session::Erasing => {
            Limit::Each(address.connect_timeout.unwrap_or(COMMAND_TIMEOUT))
        }
    }
}

/// Why one server would not do, and the connection to it where it answered.
struct Declined {
    place: usize,
    server: String,
    cause: ConnectCause,
    connection: Option<PgConnection>,
}

/// Whether the settings of a session are set.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Settings {
    Set,
    LeftAlone,
}

/// A connection to the first server that will do.
///
/// Where several servers are named and it does not matter which, one that takes writes is preferred; if none does, the
/// first that answered is taken, so that whoever looks at it can say what it is.
///
/// # Errors
/// Names each server with the reason why it would not do.
pub(super) async fn connect(address: &Address, session: Session) -> Result<PgConnection, ConnectError> {
    first_that_will_do(address, session, Settings::Set).await
}

/// The same, with nothing set: to find out what the other end is before anything is left behind there.
pub(super) async fn connect_plainly(address: &Address, session: Session) -> Result<PgConnection, ConnectError> {
    first_that_will_do(address, session, Settings::LeftAlone).await
}

async fn first_that_will_do(
    address: &Address,
    session: Session,
    settings: Settings,
) -> Result<PgConnection, ConnectError> {
    let limit = limit(address, session);
    let mut attempts: Vec<BoxFuture<'_, _>> = Vec::new();
    for (place, server) in address.servers.iter().enumerate() {
        attempts.push(Box::pin(attempt(address, place, server, session, settings, limit)));
    }
    let mut declined = match staggered::first(attempts, limit).await {
        Ok(connection) => return Ok(connection),
        Err(declined) => declined,
    };
    declined.sort_by_key(|server| server.place);
    if address.target == Target::Any
        && let Some(second_best) = declined.iter_mut().find_map(|server| server.connection.take())
    {
        return Ok(second_best);
    }
    Err(ConnectError { failures: declined.into_iter().map(|server| (server.server, server.cause)).collect() })
}

async fn attempt(
    address: &Address,
    place: usize,
    server: &Server,
    session: Session,
    settings: Settings,
    limit: Limit,
) -> Result<PgConnection, Declined> {
    let left = limit.left();
    let reached = tokio::time::timeout(left, reach(address, server, session, settings, left)).await;
    let (cause, connection) = match reached {
        Ok(Ok((connection, None))) => return Ok(connection),
        Ok(Ok((connection, Some(cause)))) => (cause, Some(connection)),
        Ok(Err(cause)) => (cause, None),
        Err(_) => (ConnectCause::TimedOut(left), None),
    };
    Err(Declined { place, server: server.to_string(), cause, connection })
}

/// Connects to one server, and says what speaks against it where something does.
async fn reach(
    address: &Address,
    server: &Server,
    session: Session,
    settings: Settings,
    limit: Duration,
) -> Result<(PgConnection, Option<ConnectCause>), ConnectCause> {
    let deadline = Instant::now() + limit;
    let failed = |error| ConnectCause::Driver(error, address.password.source());
    let mut connection = enter(address, server).await?;
    let objection = object(address, session, &mut connection).await.map_err(failed)?;
    if settings == Settings::Set {
        set(address, session, &mut connection).await.map_err(failed)?;
    }
    if session == Session::Writer && objection.is_none() {
        commit_probe::make_durable(&mut connection).await.map_err(failed)?;
        commit_probe::commit(&mut connection, deadline).await.map_err(|error| match error {
            StoreError::Query(error) => failed(error),
            _ => ConnectCause::NoCommit(limit),
        })?;
    }
    Ok((connection, objection))
}

/// Connects, with TLS as it is wished. What libpq calls `prefer` and `allow` are two ways to try in turn; the driver
/// knows the first half of each.
async fn enter(address: &Address, server: &Server) -> Result<PgConnection, ConnectCause> {
    let modes: &[PgSslMode] = match address.tls.mode {
        // There is no TLS on a socket, and libpq does not ask for it.
        _ if socket(server).is_some() => &[PgSslMode::Disable],
        PgSslMode::Allow => &[PgSslMode::Disable, PgSslMode::Require],
        PgSslMode::Prefer => &[PgSslMode::Prefer, PgSslMode::Disable],
        PgSslMode::Disable => &[PgSslMode::Disable],
        PgSslMode::Require => &[PgSslMode::Require],
        PgSslMode::VerifyCa => &[PgSslMode::VerifyCa],
        PgSslMode::VerifyFull => &[PgSslMode::VerifyFull],
    };
    let options = options(address, server).await.map_err(ConnectCause::File)?;
    let mut first_error = None;
    for mode in modes {
        match options.clone().ssl_mode(*mode).connect().await {
            Ok(connection) => return Ok(connection),
            Err(error) => {
                let other_way_may_help = match &error {
                    sqlx::Error::Tls(_) => true,
                    // 28000: `pg_hba.conf` has a line for the one way only.
                    sqlx::Error::Database(said) => said.code().is_some_and(|code| code == "28000"),
                    _ => false,
                };
                let error = first_error.get_or_insert(error);
                tracing::debug!(%server, ?mode, %error, "not let in");
                if !other_way_may_help {
                    break;
                }
            }
        }
    }
    let error = first_error.unwrap_or(sqlx::Error::PoolClosed);
    Err(ConnectCause::Driver(error, address.password.source()))
}

/// What the driver is told. Everything that it would read from the environment is said here, but for `PGOPTIONS`, which
/// it sends by itself and which cannot be taken back.
async fn options(address: &Address, server: &Server) -> Result<PgConnectOptions, String> {
    let password = address.password.read(address, server)?.unwrap_or_default();
    let mut options = PgConnectOptions::new_without_pgpass()
        .port(server.port)
        .username(&address.user)
        .password(&password)
        .database(&address.database)
        .application_name(&address.application_name)
        .extra_float_digits(None)
        .disable_statement_logging();
    options = match (socket(server), server.address) {
        (Some(folder), _) => options.host("localhost").socket(folder),
        (None, Some(ip)) => options.host(&ip.to_string()),
        (None, None) if server.host.is_empty() => options.host("localhost"),
        (None, None) => options.host(&server.host),
    };
    if let Some(file) = &address.tls.root {
        options = options.ssl_root_cert_from_pem(pem("sslrootcert", file).await?);
    }
    if let (Some(certificate), Some(key)) = (&address.tls.certificate, &address.tls.key) {
        options = options.ssl_client_cert_from_pem(pem("sslcert", certificate).await?);
        options = options.ssl_client_key_from_pem(pem("sslkey", key).await?);
    }
    Ok(options)
}

async fn pem(parameter: &str, file: &Path) -> Result<Vec<u8>, String> {
    let read = tokio::fs::read(file).await;
    read.map_err(|error| format!("the file of {parameter}, {}, cannot be read: {error}", file.display()))
}

/// The folder of the socket to connect to. Where no host is named, as in libpq, a socket where it usually is.
fn socket(server: &Server) -> Option<&Path> {
    let usual = || {
        let socket = format!(".s.PGSQL.{}", server.port);
        SOCKET_FOLDERS.iter().map(Path::new).find(|folder| folder.join(&socket).exists())
    };
    let unnamed = server.host.is_empty() && server.address.is_none();
    if unnamed { usual() } else { server.socket() }
}

/// What speaks against this server.
async fn object(
    address: &Address,
    session: Session,
    connection: &mut PgConnection,
) -> Result<Option<ConnectCause>, sqlx::Error> {
    let whichever = address.target == Target::Any
        && session != Session::Writer
        && (address.servers.len() == 1 || matches!(session, Session::Reading | Session::External));
    if whichever {
        return Ok(None);
    }
    let sql = "SELECT pg_is_in_recovery(), current_setting('transaction_read_only') = 'on'";
    // The simple protocol, because nobody knows yet what the other end is.
    let row = sqlx::Executor::fetch_one(connection, sqlx::raw_sql(sql)).await?;
    let (standby, read_only): (bool, bool) = (row.try_get(0)?, row.try_get(1)?);
    Ok(match address.target {
        _ if standby => Some(ConnectCause::Standby),
        Target::Any | Target::ReadWrite if read_only => Some(ConnectCause::ReadOnly),
        Target::Any | Target::ReadWrite | Target::Primary => None,
    })
}

/// Sets what the address asks for, then what the kind of session needs: nobody's `options` lift the service's limits.
async fn set(address: &Address, session: Session, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let asked = address.settings.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let settings: Vec<(&str, &str)> = asked.chain(session.settings().iter().copied()).collect();
    if settings.is_empty() {
        return Ok(());
    }
    let (names, values): (Vec<&str>, Vec<&str>) = settings.into_iter().unzip();
    // One after the other, in their order.
    let sql = "SELECT count(set_config(name, value, false))
         FROM (SELECT * FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS s (name, value, place) ORDER BY place) s";
    sqlx::query(sql).persistent(false).bind(names).bind(values).execute(connection).await.map(drop)
}

/// Says goodbye, but does not wait for long.
pub(super) async fn close(connection: PgConnection) {
    let _ = tokio::time::timeout(CONNECTION_TIMEOUT, connection.close()).await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::STATEMENT_TIMEOUT;

    #[test]
    fn the_server_lets_a_statement_run_as_long_as_the_overtaking_window_reckons_with() {
        let seconds = format!("{}s", STATEMENT_TIMEOUT.as_secs());
        assert!(Session::Service.settings().contains(&("statement_timeout", seconds.as_str())));
    }
}
