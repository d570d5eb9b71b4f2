//! Reaching a database, and making sure that what it acknowledges is durable.

use std::{fmt, path::Path, str::FromStr};

use sqlx::{
    ConnectOptions, Connection, PgConnection, SqliteConnection,
    pool::PoolOptions,
    postgres::PgConnectOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use super::{CONNECTION_TIMEOUT, Pool, StoreError, fitness};

/// Where the data is: `sqlite://FILE` or `postgres://…`. Printed without user, password and parameters.
#[derive(Clone)]
pub struct DatabaseUrl(Kind);

#[derive(Clone)]
pub(super) enum Kind {
    Sqlite(SqliteConnectOptions),
    Postgres(PgConnectOptions),
}

impl DatabaseUrl {
    /// Reads a URL.
    ///
    /// # Errors
    /// Says what is wrong, never what was given: it may hold a password.
    pub fn parse(text: &str) -> Result<Self, StoreError> {
        let unusable = |what: &str| StoreError::Url(format!("not a usable {what} URL"));
        if text.starts_with("sqlite:") {
            let options = SqliteConnectOptions::from_str(text).map_err(|_| unusable("sqlite"))?;
            if options.get_filename().as_os_str().is_empty()
                || text.contains(":memory:")
                || text.contains("mode=memory")
            {
                return Err(StoreError::Url(
                    "an sqlite URL must name a file, as in sqlite://support-requests.db".to_owned(),
                ));
            }
            Ok(Self(Kind::Sqlite(options)))
        } else if text.starts_with("postgres:") || text.starts_with("postgresql:") {
            let options = PgConnectOptions::from_str(text).map_err(|_| unusable("postgres"))?;
            Ok(Self(Kind::Postgres(options.application_name("support-requests"))))
        } else {
            Err(StoreError::Url("a database URL starts with sqlite:// or postgres://".to_owned()))
        }
    }

    /// The file, where the database is one.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match &self.0 {
            Kind::Sqlite(options) => Some(options.get_filename()),
            Kind::Postgres(_) => None,
        }
    }

    pub(super) fn kind(&self) -> &Kind {
        &self.0
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Sqlite(options) => write!(f, "sqlite://{}", options.get_filename().display()),
            Kind::Postgres(options) => {
                let database = options.get_database().unwrap_or_default();
                write!(f, "postgres://{}:{}/{database}", options.get_host(), options.get_port())
            }
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The options of every connection that writes to an SQLite file.
/// FULL: with WAL and NORMAL, 200 of 200 acknowledged commits were lost when the power went (specs/storage.md).
pub(super) fn sqlite_writing(options: &SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .clone()
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("recursive_triggers", "ON")
        .pragma("trusted_schema", "OFF")
        .busy_timeout(CONNECTION_TIMEOUT)
        .disable_statement_logging()
}

pub(super) fn sqlite_reading(options: &SqliteConnectOptions) -> SqliteConnectOptions {
    // The write-ahead log's index must be writable also for a reader, so the connection refuses writes by itself.
    options.clone().create_if_missing(false).pragma("query_only", "ON").busy_timeout(CONNECTION_TIMEOUT)
}

/// The options of every connection to PostgreSQL. Limits are the server's to keep, so that nothing hangs there either.
pub(super) fn postgres(options: &PgConnectOptions) -> PgConnectOptions {
    options
        .clone()
        .options([("statement_timeout", "5s"), ("lock_timeout", "2s"), ("idle_in_transaction_session_timeout", "5s")])
        .disable_statement_logging()
}

/// What every pool has in common. Nothing is closed for its age: the task that would do so may spin for ever in sqlx
/// 0.9.0 (launchbadge/sqlx#3645, mended by #4289), and a connection that went away is found out when it is used.
fn small<DB: sqlx::Database>() -> PoolOptions<DB> {
    PoolOptions::new().max_connections(2).acquire_timeout(CONNECTION_TIMEOUT).idle_timeout(None).max_lifetime(None)
}

/// A pool for operators' commands, which may read for a long time.
pub(super) async fn read_only_pool(url: &DatabaseUrl) -> Result<Pool, StoreError> {
    if let Some(file) = url.file()
        && !file.exists()
    {
        return Err(StoreError::Absent(url.to_string()));
    }
    let pool = match &url.0 {
        Kind::Sqlite(options) => {
            super::sqlite::belongs(options).await?;
            Pool::Sqlite(small().connect_with(sqlite_reading(options)).await.map_err(StoreError::Open)?)
        }
        Kind::Postgres(options) => {
            let options =
                options.clone().options([("default_transaction_read_only", "on")]).disable_statement_logging();
            Pool::Postgres(small().connect_with(options).await.map_err(StoreError::Open)?)
        }
    };
    super::reads::is_migrated(&pool, super::migrate::newest_version(url)).await?;
    Ok(pool)
}

/// A connection that writes to SQLite, its durable settings read back.
pub(super) async fn sqlite_writer(options: &SqliteConnectOptions) -> Result<SqliteConnection, StoreError> {
    let mut connection = SqliteConnection::connect_with(&sqlite_writing(options)).await.map_err(StoreError::Open)?;
    for (setting, sql, wanted) in [
        ("journal_mode", "SELECT journal_mode FROM pragma_journal_mode", "wal"),
        ("synchronous", "SELECT CAST(synchronous AS TEXT) FROM pragma_synchronous", "2"),
        ("recursive_triggers", "SELECT CAST(recursive_triggers AS TEXT) FROM pragma_recursive_triggers", "1"),
    ] {
        let found: String = sqlx::query_scalar(sql).fetch_one(&mut connection).await?;
        if found != wanted {
            return Err(StoreError::NotDurable { setting, wanted, found });
        }
    }
    Ok(connection)
}

/// A connection of the service to PostgreSQL, within [`CONNECTION_TIMEOUT`].
pub(super) async fn postgres_connection(options: &PgConnectOptions) -> Result<PgConnection, StoreError> {
    match tokio::time::timeout(CONNECTION_TIMEOUT, PgConnection::connect_with(&postgres(options))).await {
        Ok(connected) => connected.map_err(StoreError::Open),
        Err(_) => Err(StoreError::TimedOut),
    }
}

/// A connection that writes to PostgreSQL, to a server that takes writes. Where the server or the role turned
/// `synchronous_commit` off, it is turned on for this session; the values that concern other servers stay.
pub(super) async fn postgres_writer(options: &PgConnectOptions) -> Result<PgConnection, StoreError> {
    let mut connection = postgres_connection(options).await?;
    let set_up = async {
        let synchronous_commit = fitness::takes_writes(&mut connection).await?;
        if synchronous_commit == "off" {
            sqlx::query("SET synchronous_commit = on").execute(&mut connection).await?;
        }
        Ok(())
    };
    tokio::time::timeout(CONNECTION_TIMEOUT, set_up).await.unwrap_or(Err(StoreError::TimedOut))?;
    Ok(connection)
}
