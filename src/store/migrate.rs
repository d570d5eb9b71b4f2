//! Bringing a database up to date. SQLite: by `serve` itself. PostgreSQL: by `migrate`, as the owner, which also makes
//! the role that the service runs as.

use std::{os::unix::fs::OpenOptionsExt as _, sync::LazyLock};

use sqlx::{Connection, PgConnection, SqliteConnection, migrate::Migrator, sqlite::SqliteConnectOptions};

use super::{
    DatabaseUrl, StoreError,
    address::Address,
    advisory_locks,
    connect::{self, Session},
    fitness, grants, open, pooler, sqlite, sqlite_file,
    url::Kind,
};

pub(super) static SQLITE: LazyLock<Migrator> = LazyLock::new(|| tolerant(sqlx::migrate!("migrations/sqlite")));
pub(super) static POSTGRES: LazyLock<Migrator> = LazyLock::new(|| tolerant(sqlx::migrate!("migrations/postgres")));

/// Migrations of a newer build are none of this one's business: who goes back to it finds its own applied.
fn tolerant(mut migrator: Migrator) -> Migrator {
    migrator.set_ignore_missing(true);
    migrator
}

/// The newest version that this build knows, and needs.
pub(super) fn newest_version(url: &DatabaseUrl) -> i64 {
    let migrator = match url.kind() {
        Kind::Sqlite(_) => &SQLITE,
        Kind::Postgres(_) => &POSTGRES,
    };
    newest_of(migrator)
}

/// The newest version of one database's migrations.
pub(super) fn newest_of(migrator: &Migrator) -> i64 {
    migrator.iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// What was found when everything was applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Migrated {
    /// The schema is this build's.
    UpToDate,
    /// A newer build was here. Nothing was touched, and nothing granted: what the newer one granted is right.
    Newer {
        /// The newest version that was applied.
        schema: i64,
        /// The newest that this build knows.
        build: i64,
    },
}

/// Everything that the PostgreSQL migrations say.
pub(super) fn postgres_source() -> String {
    POSTGRES.iter().map(|migration| migration.sql.as_str()).collect()
}

/// The PostgreSQL role that the service runs as: a plain identifier, so that it needs no quoting anywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuntimeRole(String);

impl RuntimeRole {
    /// Takes a role's name: a small letter or underscore, then small letters, digits and underscores; 63 characters at most.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(name: &str) -> Result<Self, StoreError> {
        let plain = |c: char| c == '_' || c.is_ascii_lowercase() || c.is_ascii_digit();
        let starts_well = name.starts_with(|c: char| c == '_' || c.is_ascii_lowercase());
        if starts_well && name.len() <= 63 && name.chars().all(plain) {
            Ok(Self(name.to_owned()))
        } else {
            Err(StoreError::RoleName)
        }
    }
}

/// Brings the database at `url` up to date. On PostgreSQL, `url` connects as the owner.
///
/// # Errors
/// When the database cannot be reached or a migration fails; what was migrated before stays.
pub async fn migrate(url: &DatabaseUrl, role: &RuntimeRole) -> Result<Migrated, StoreError> {
    let schema = match url.kind() {
        Kind::Sqlite(options) => migrate_file(options).await?,
        Kind::Postgres(address) => migrate_postgres(address, role).await?,
    };
    let build = newest_version(url);
    Ok(if schema > build { Migrated::Newer { schema, build } } else { Migrated::UpToDate })
}

/// The newest version that is applied, in either database.
const NEWEST_APPLIED: &str = "SELECT coalesce(max(version), 0) FROM _sqlx_migrations";

/// Answers with the newest version that is applied then.
async fn migrate_file(options: &SqliteConnectOptions) -> Result<i64, StoreError> {
    let file = options.get_filename();
    sqlite_file::usable(file).map_err(StoreError::File)?;
    create_private(file);
    let writing = open::sqlite_writing(options).create_if_missing(true);
    let _lock = sqlite::settle(options).await.map_err(|error| sqlite_file::explain_store(file, error))?;
    // Two processes may start on a new file at once, and SQLite has no lock to hold across migrations: whoever
    // comes second fails on what the first one made, looks again, and finds it done.
    let mut attempts = 0;
    loop {
        match migrate_sqlite(&writing).await {
            Err(_) if attempts < 4 => attempts += 1,
            done => return done,
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
}

/// Makes a missing file readable for its owner only: it will hold names and addresses. Its journals take after it.
/// Where this fails, opening it a moment later says why.
fn create_private(file: &std::path::Path) {
    let _ = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
}

async fn migrate_sqlite(options: &SqliteConnectOptions) -> Result<i64, StoreError> {
    let connected = SqliteConnection::connect_with(options).await;
    let mut connection = connected.map_err(|error| sqlite_file::explain(options.get_filename(), error))?;
    SQLITE.run(&mut connection).await?;
    let newest = sqlx::query_scalar(NEWEST_APPLIED).fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(newest)
}

async fn migrate_postgres(address: &Address, role: &RuntimeRole) -> Result<i64, StoreError> {
    pooler::refuse_transaction_pooling(address, Session::Migrating).await?;
    let mut connection = connect::connect(address, Session::Migrating).await.map_err(StoreError::Connect)?;
    fitness::encoding(&mut connection).await?;
    grants::look_at_search_path(&mut connection).await?;
    POSTGRES.run(&mut connection).await?;
    let newest: i64 = sqlx::query_scalar(NEWEST_APPLIED).fetch_one(&mut connection).await?;
    if POSTGRES.version_exists(newest) {
        grant(&mut connection, role).await?;
    }
    connect::close(connection).await;
    Ok(newest)
}

async fn grant(connection: &mut PgConnection, RuntimeRole(role): &RuntimeRole) -> Result<(), StoreError> {
    // Two instances may do this at once: the lock is the same for all of them and ends with the transaction.
    let mut transaction = connection.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(advisory_locks::SCHEMA).execute(&mut *transaction).await?;
    grants::grant(&mut transaction, role).await?;
    transaction.commit().await?;
    Ok(())
}
