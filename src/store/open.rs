//! Reaching a database, and making sure that what it acknowledges is durable.

use sqlx::{
    ConnectOptions, Connection, PgConnection, SqliteConnection,
    pool::PoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode},
};

use super::{
    CONNECTION_TIMEOUT, DatabaseUrl, Pool, StoreError,
    address::Address,
    connect::{self, Session},
    fitness, pooler,
    readers::Readers,
    sqlite, sqlite_file,
    url::Kind,
};

/// Rows that SQLite's thread reads ahead, about a page of an export: each time that it must wait takes as long as a row.
const ROW_BUFFER: usize = 256;

/// What every connection that writes to an SQLite file sets.
/// FULL: with WAL and NORMAL, 200 of 200 acknowledged commits were lost when the power went (specs/storage.md).
pub(super) const WRITING: [(&str, &str); 3] =
    [("synchronous", "FULL"), ("recursive_triggers", "ON"), ("trusted_schema", "OFF")];

/// The options of every connection that writes to an SQLite file.
pub(super) fn sqlite_writing(options: &SqliteConnectOptions) -> SqliteConnectOptions {
    let options = options.clone().journal_mode(SqliteJournalMode::Wal);
    let set = |options: SqliteConnectOptions, (setting, value)| options.pragma(setting, value);
    WRITING.into_iter().fold(options, set).busy_timeout(CONNECTION_TIMEOUT).disable_statement_logging()
}

/// The options of every connection that reads an SQLite file. Read-only, because the last one to close a file would else copy
/// the log into it: a command that ended in the middle of that would leave a file on which its own log does not fit. The
/// log's index is written all the same.
pub(super) fn sqlite_reading(options: &SqliteConnectOptions) -> SqliteConnectOptions {
    let options = options.clone().create_if_missing(false).read_only(true).busy_timeout(CONNECTION_TIMEOUT);
    options.row_buffer_size(ROW_BUFFER)
}

/// Nothing is closed for its age: the task that would do so may spin for ever in sqlx 0.9.0 (launchbadge/sqlx#3645,
/// mended by #4289), and a connection that went away is found out when it is used.
async fn sqlite_pool(options: &SqliteConnectOptions) -> Result<Pool, StoreError> {
    let pool = PoolOptions::new().max_connections(2).acquire_timeout(CONNECTION_TIMEOUT);
    let pool = pool.idle_timeout(None).max_lifetime(None).connect_with(sqlite_reading(options)).await;
    Ok(Pool::Sqlite(pool.map_err(|error| sqlite_file::explain(options.get_filename(), error))?))
}

/// A pool for operators' commands, which may read for a long time.
pub(super) async fn read_only_pool(url: &DatabaseUrl) -> Result<Pool, StoreError> {
    let pool = match url.kind() {
        Kind::Sqlite(options) => {
            if !options.get_filename().exists() {
                return Err(StoreError::Absent(url.to_string()));
            }
            sqlite::belongs(options)
                .await
                .map_err(|error| sqlite_file::explain_store(options.get_filename(), error))?;
            sqlite_pool(options).await?
        }
        Kind::Postgres(address) => {
            pooler::refuse_transaction_pooling(address, Session::Reading).await?;
            Pool::Postgres(Readers::open(address, Session::Reading).await?)
        }
    };
    super::reads::is_migrated(&pool, super::migrate::newest_version(url)).await?;
    Ok(pool)
}

/// What every connection that writes to SQLite reads back: a setting, how it is asked for, and what it must be.
pub(super) const DURABLE: [(&str, &str, &str); 3] = [
    ("journal_mode", "SELECT journal_mode FROM pragma_journal_mode", "wal"),
    ("synchronous", "SELECT CAST(synchronous AS TEXT) FROM pragma_synchronous", "2"),
    ("recursive_triggers", "SELECT CAST(recursive_triggers AS TEXT) FROM pragma_recursive_triggers", "1"),
];

/// A connection that writes to SQLite, its durable settings read back.
pub(super) async fn sqlite_writer(options: &SqliteConnectOptions) -> Result<SqliteConnection, StoreError> {
    let connected = SqliteConnection::connect_with(&sqlite_writing(options)).await;
    let mut connection = connected.map_err(|error| sqlite_file::explain(options.get_filename(), error))?;
    for (setting, sql, wanted) in DURABLE {
        let found: String = sqlx::query_scalar(sql).fetch_one(&mut connection).await?;
        if found != wanted {
            return Err(StoreError::NotDurable { setting, wanted, found });
        }
    }
    Ok(connection)
}

/// A connection of the service to PostgreSQL, within [`CONNECTION_TIMEOUT`].
pub(super) async fn postgres_connection(address: &Address) -> Result<PgConnection, StoreError> {
    connect::connect(address, Session::Service).await.map_err(StoreError::Connect)
}

/// A connection that writes to PostgreSQL, to a server that takes writes and acknowledges commits.
pub(super) async fn postgres_writer(address: &Address) -> Result<PgConnection, StoreError> {
    let mut connection = connect::connect(address, Session::Writer).await.map_err(StoreError::Connect)?;
    let looked = tokio::time::timeout(CONNECTION_TIMEOUT, fitness::takes_writes(&mut connection)).await;
    looked.unwrap_or(Err(StoreError::TimedOut))?;
    Ok(connection)
}
