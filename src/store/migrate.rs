//! Bringing a database up to date. SQLite: by `serve` itself. PostgreSQL: by `migrate`, as the owner, which also makes
//! the role that the service runs as.

use std::os::unix::fs::OpenOptionsExt as _;

use sqlx::{
    AssertSqlSafe, Connection, PgConnection, SqliteConnection, migrate::Migrator, sqlite::SqliteConnectOptions,
};

use super::{
    DatabaseUrl, StoreError,
    open::{self, Kind},
    sqlite,
};

pub(super) static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
pub(super) static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

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
pub async fn migrate(url: &DatabaseUrl, role: &RuntimeRole) -> Result<(), StoreError> {
    match url.kind() {
        Kind::Sqlite(options) => {
            create_private(options.get_filename());
            let writing = open::sqlite_writing(options).create_if_missing(true);
            sqlite::settle(options).await?;
            // Two processes may start on a new file at once, and SQLite has no lock to hold across migrations: whoever
            // comes second fails on what the first one made, looks again, and finds it done.
            let mut attempts = 0;
            while let Err(error) = migrate_sqlite(&writing).await {
                attempts += 1;
                if attempts == 5 {
                    return Err(error);
                }
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            }
        }
        Kind::Postgres(options) => {
            let mut connection = PgConnection::connect_with(options).await.map_err(StoreError::Open)?;
            POSTGRES.run(&mut connection).await?;
            grant(&mut connection, role).await?;
            connection.close().await?;
        }
    }
    Ok(())
}

/// Makes a missing file readable for its owner only: it will hold names and addresses. Its journals take after it.
/// Where this fails, opening it a moment later says why.
fn create_private(file: &std::path::Path) {
    let _ = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
}

async fn migrate_sqlite(options: &SqliteConnectOptions) -> Result<(), StoreError> {
    let mut connection = SqliteConnection::connect_with(options).await.map_err(StoreError::Open)?;
    SQLITE.run(&mut connection).await?;
    connection.close().await?;
    Ok(())
}

/// Makes the runtime role when it is missing and gives it SELECT and INSERT, and nothing else.
async fn grant(connection: &mut PgConnection, RuntimeRole(role): &RuntimeRole) -> Result<(), StoreError> {
    // Two instances may do this at once: the lock is the same for all of them and ends with the transaction.
    let mut transaction = connection.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock(7235472036)").execute(&mut *transaction).await?;
    let exists: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = $1)")
        .bind(role)
        .fetch_one(&mut *transaction)
        .await?;
    if !exists {
        sqlx::raw_sql(AssertSqlSafe(format!("CREATE ROLE {role} LOGIN"))).execute(&mut *transaction).await?;
    }
    let grants = format!(
        "REVOKE ALL ON support_requests, audit_events FROM {role};
         GRANT SELECT, INSERT ON support_requests, audit_events TO {role};
         GRANT SELECT ON _sqlx_migrations TO {role};"
    );
    sqlx::raw_sql(AssertSqlSafe(grants)).execute(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(())
}
