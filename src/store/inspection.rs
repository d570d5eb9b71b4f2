//! One look at everything that the service needs of its database, for `doctor`: what start looks at, each by itself, so
//! that one fault hides no other. Nothing is written, nothing locked, and no file made.

use sqlx::{ConnectOptions as _, Connection as _, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions};
use time::OffsetDateTime;

use super::{
    CONNECTION_TIMEOUT, DatabaseUrl, Replication, StoreError,
    connect::{self, Session},
    defences, fitness, migrate, open, owner, pooler, reads, sqlite, sqlite_file,
    url::Kind,
};

/// An open connection for looking.
pub struct Inspection(Opened);

enum Opened {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// What answers.
#[derive(Debug, Clone)]
pub struct Server {
    /// Its name and version.
    pub version: String,
    /// The version's first number.
    pub major: u32,
    /// The role that it is connected as; none on SQLite.
    pub role: Option<String>,
    /// Which database of which running server this is, as PostgreSQL tells them apart; empty on SQLite.
    pub identity: String,
}

/// The schema's version.
#[derive(Debug, Clone, Copy)]
pub struct Schema {
    /// The newest migration that was applied.
    pub applied: i64,
    /// The newest that this build knows.
    pub known: i64,
}

/// Refuses a pool in front of PostgreSQL that keeps no sessions, as start does.
///
/// # Errors
/// There is one, or the database cannot be reached.
pub async fn refuse_transaction_pooling(url: &DatabaseUrl) -> Result<(), StoreError> {
    match url.kind() {
        Kind::Sqlite(_) => Ok(()),
        Kind::Postgres(address) => pooler::refuse_transaction_pooling(address, Session::Service).await,
    }
}

/// How many bytes are free where the database's file is, or will be; nothing where it is no file.
///
/// # Errors
/// The file system takes no writes, or less is free than a request may take.
pub fn free_bytes(url: &DatabaseUrl) -> Result<Option<u64>, StoreError> {
    let Some(file) = url.file() else { return Ok(None) };
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    sqlite::disk::look(folder.unwrap_or(std::path::Path::new("."))).map(Some)
}

impl Inspection {
    /// Connects as the service does. A file must be there, with a log that is its own.
    ///
    /// # Errors
    /// The database cannot be reached, or start would refuse the file.
    pub async fn open(url: &DatabaseUrl) -> Result<Self, StoreError> {
        match url.kind() {
            Kind::Sqlite(options) => {
                let file = options.get_filename();
                sqlite::belongs(options).await.map_err(|error| sqlite_file::explain_store(file, error))?;
                let connected = SqliteConnection::connect_with(&looking(options)).await;
                let mut connection = connected.map_err(|error| sqlite_file::explain(file, error))?;
                // Until the first query SQLite has not looked into the file.
                let looked = sqlx::query("SELECT count(*) FROM sqlite_master").execute(&mut connection).await;
                looked.map_err(|error| sqlite_file::explain_query(file, error))?;
                Ok(Self(Opened::Sqlite(connection)))
            }
            Kind::Postgres(address) => {
                open::postgres_connection(address).await.map(|open| Self(Opened::Postgres(open)))
            }
        }
    }

    /// Connects as `migrate` does.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn open_as_owner(url: &DatabaseUrl) -> Result<Self, StoreError> {
        let Kind::Postgres(address) = url.kind() else { return Self::open(url).await };
        let connected = connect::connect(address, Session::Migrating).await.map_err(StoreError::Connect)?;
        Ok(Self(Opened::Postgres(connected)))
    }

    /// What answers.
    ///
    /// # Errors
    /// When the database cannot say.
    pub async fn server(&mut self) -> Result<Server, StoreError> {
        match &mut self.0 {
            Opened::Sqlite(connection) => {
                let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(connection).await?;
                Ok(Server { version: format!("SQLite {version}"), major: 3, role: None, identity: String::new() })
            }
            Opened::Postgres(connection) => {
                let sql = "SELECT 'PostgreSQL ' || current_setting('server_version'),
                        current_setting('server_version_num')::int / 10000, current_user::text,
                        current_database() || ' since ' || pg_postmaster_start_time()::text";
                let (version, major, role, identity): (String, i32, String, String) =
                    sqlx::query_as(sql).fetch_one(connection).await?;
                let major = u32::try_from(major).unwrap_or_default();
                Ok(Server { version, major, role: Some(role), identity })
            }
        }
    }

    /// Whether every text can be stored.
    ///
    /// # Errors
    /// Not in this encoding.
    pub async fn encoding(&mut self) -> Result<(), StoreError> {
        match &mut self.0 {
            Opened::Sqlite(_) => Ok(()),
            Opened::Postgres(connection) => fitness::encoding(connection).await,
        }
    }

    /// Whether the server, and a session there, takes writes.
    ///
    /// # Errors
    /// It does not, and why.
    pub async fn takes_writes(&mut self) -> Result<(), StoreError> {
        match &mut self.0 {
            Opened::Sqlite(_) => Ok(()),
            Opened::Postgres(connection) => fitness::is_writable(connection).await,
        }
    }

    /// The schema's version, if this build can work with it.
    ///
    /// # Errors
    /// It is missing or too old, or hidden from this role.
    pub async fn schema(&mut self) -> Result<Schema, StoreError> {
        let (applied, known) = match &mut self.0 {
            Opened::Sqlite(connection) => {
                let known = migrate::newest_of(&migrate::SQLITE);
                let applied = sqlx::query_scalar(reads::APPLIED).fetch_one(connection).await;
                (reads::is_current(applied, known)?, known)
            }
            Opened::Postgres(connection) => {
                (fitness::schema(connection).await?, migrate::newest_of(&migrate::POSTGRES))
            }
        };
        Ok(Schema { applied, known })
    }

    /// Whether the role may read and insert.
    ///
    /// # Errors
    /// It may not, and what to do.
    pub async fn rights(&mut self) -> Result<(), StoreError> {
        match &mut self.0 {
            Opened::Sqlite(_) => Ok(()),
            Opened::Postgres(connection) => fitness::rights(connection).await.map(drop),
        }
    }

    /// What the service's own role may do that it must not, in words.
    ///
    /// # Errors
    /// When the database cannot say.
    pub async fn weaknesses_of_the_role(&mut self) -> Result<Vec<String>, StoreError> {
        match &mut self.0 {
            Opened::Sqlite(_) => Ok(Vec::new()),
            Opened::Postgres(connection) => defences::postgres::of_the_role(connection).await,
        }
    }

    /// What of the database's own defences is missing or switched off, in words.
    ///
    /// # Errors
    /// When the database cannot say.
    pub async fn weaknesses_of_the_tables(&mut self) -> Result<Vec<String>, StoreError> {
        match &mut self.0 {
            Opened::Sqlite(connection) => defences::sqlite::look(connection).await,
            Opened::Postgres(connection) => {
                let mut weak = defences::postgres::of_the_tables(connection).await?;
                weak.extend(defences::schema::look(connection).await?);
                Ok(weak)
            }
        }
    }

    /// What other roles may do that they must not, in words.
    ///
    /// # Errors
    /// When the database cannot say.
    pub async fn weaknesses_of_other_roles(&mut self) -> Result<Vec<String>, StoreError> {
        match &mut self.0 {
            Opened::Sqlite(_) => Ok(Vec::new()),
            Opened::Postgres(connection) => {
                // What this one may do, `weaknesses_of_the_role` says.
                let own = "SELECT 'the role ' || current_user || ' '";
                let own: String = sqlx::query_scalar(own).fetch_one(&mut *connection).await?;
                let mut weak = defences::roles::look(connection).await?;
                weak.retain(|weakness| !weakness.starts_with(&own));
                Ok(weak)
            }
        }
    }

    /// With which settings a commit may be lost, in words. SQLite's are set by the service itself.
    ///
    /// # Errors
    /// When the database cannot say.
    pub async fn weaknesses_of_the_server(&mut self) -> Result<Vec<String>, StoreError> {
        match &mut self.0 {
            Opened::Sqlite(_) => Ok(Vec::new()),
            Opened::Postgres(connection) => defences::postgres::of_the_server(connection).await,
        }
    }

    /// What a commit waits for beside the server's own disk; nothing on SQLite.
    ///
    /// # Errors
    /// When the database cannot say.
    pub async fn replication(&mut self) -> Result<Option<Replication>, StoreError> {
        let Opened::Postgres(connection) = &mut self.0 else { return Ok(None) };
        Replication::ask(connection).await.map(Some)
    }

    /// The database's clock; none on SQLite, which has this machine's.
    ///
    /// # Errors
    /// When the database cannot say.
    pub async fn clock(&mut self) -> Result<Option<OffsetDateTime>, StoreError> {
        let Opened::Postgres(connection) = &mut self.0 else { return Ok(None) };
        Ok(Some(sqlx::query_scalar("SELECT clock_timestamp()").fetch_one(connection).await?))
    }

    /// Whether the tables are this role's own.
    ///
    /// # Errors
    /// They are not, or are not there.
    pub async fn is_owner(&mut self) -> Result<(), StoreError> {
        match &mut self.0 {
            Opened::Sqlite(_) => Ok(()),
            Opened::Postgres(connection) => owner::is_owner(connection).await.map(drop),
        }
    }

    /// Lets go of the database.
    pub async fn close(self) {
        match self.0 {
            Opened::Sqlite(connection) => drop(tokio::time::timeout(CONNECTION_TIMEOUT, connection.close()).await),
            Opened::Postgres(connection) => connect::close(connection).await,
        }
    }
}

/// Read-only, so that nothing is copied from the log into the file at the end. Where there is no log nobody is at the
/// file, and it is read alone: else a log and its index would be made beside it, for whoever runs this.
fn looking(options: &SqliteConnectOptions) -> SqliteConnectOptions {
    let is_alone = !sqlite::has_log(options.get_filename());
    let reading = options.clone().create_if_missing(false).read_only(true).immutable(is_alone);
    reading.busy_timeout(CONNECTION_TIMEOUT).disable_statement_logging()
}
