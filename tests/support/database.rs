//! A fresh database for one test, of either kind, and what its owner can see of it.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use sqlx::{
    AssertSqlSafe, Column as _, ConnectOptions, Connection, Executor as _, Row as _, SqliteConnection,
    sqlite::SqliteConnectOptions,
};
use support_requests::{
    clock::Clock,
    store::{DatabaseUrl, RuntimeRole, Store, migrate},
};
use tempfile::TempDir;

use super::{
    cluster::fast_folder,
    postgres::{PostgresDatabase, RUNTIME_ROLE, fresh_database},
};

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// A migrated, empty database. Goes away when dropped.
pub enum Database {
    Sqlite(TempDir),
    Postgres(PostgresDatabase),
}

/// Every column of a row, as text.
pub type RowTexts = BTreeMap<String, Option<String>>;

/// How many rows there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub requests: i64,
    pub events: i64,
}

impl Counts {
    /// As many requests as audit events.
    pub fn of(pairs: i64) -> Self {
        Self { requests: pairs, events: pairs }
    }
}

impl Database {
    /// A fresh one; `None` where tests of that kind are skipped.
    pub async fn fresh(kind: Kind) -> Option<Self> {
        match kind {
            Kind::Sqlite => Some(Self::sqlite().await),
            Kind::Postgres => fresh_database().await.map(Self::Postgres),
        }
    }

    /// A fresh `SQLite` file.
    pub async fn sqlite() -> Self {
        let folder = tempfile::Builder::new().prefix("support-requests-").tempdir_in(fast_folder()).unwrap();
        let database = Self::Sqlite(folder);
        let url = DatabaseUrl::parse(&database.url()).unwrap();
        migrate(&url, &RuntimeRole::parse(RUNTIME_ROLE).unwrap()).await.expect("a fresh file can be migrated");
        database
    }

    pub fn kind(&self) -> Kind {
        match self {
            Self::Sqlite(_) => Kind::Sqlite,
            Self::Postgres(_) => Kind::Postgres,
        }
    }

    /// As the service is told of it: on `PostgreSQL`, as the runtime role.
    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(folder) => format!("sqlite://{}", folder.path().join("support-requests.db").display()),
            Self::Postgres(database) => database.runtime_url(),
        }
    }

    /// As `migrate` is told of it.
    pub fn owner_url(&self) -> String {
        match self {
            Self::Sqlite(_) => self.url(),
            Self::Postgres(database) => database.owner_url(),
        }
    }

    /// The database's files, where it has some: also the write-ahead log, which holds what the file does not yet.
    pub fn files(&self) -> Vec<PathBuf> {
        match self {
            Self::Sqlite(folder) => {
                std::fs::read_dir(folder.path()).unwrap().flatten().map(|file| file.path()).collect()
            }
            Self::Postgres(_) => Vec::new(),
        }
    }

    /// The store, as the service opens it. Must be called on the runtime that it is used on.
    pub async fn open_store(&self, clock: Arc<dyn Clock>) -> Store {
        Store::open(&DatabaseUrl::parse(&self.url()).unwrap(), clock).await.expect("a migrated database can be opened")
    }

    /// A connection that may do whatever an owner may.
    pub async fn owner(&self) -> Owner {
        match self {
            Self::Sqlite(_) => {
                let options = self.url().parse::<SqliteConnectOptions>().unwrap();
                let options = options.busy_timeout(std::time::Duration::from_mins(1)).disable_statement_logging();
                Owner::Sqlite(Box::new(SqliteConnection::connect_with(&options).await.unwrap()))
            }
            Self::Postgres(database) => Owner::Postgres(Box::new(database.owner().await)),
        }
    }

    pub async fn counts(&self) -> Counts {
        let mut owner = self.owner().await;
        let (requests, events) = (owner.count("support_requests").await, owner.count("audit_events").await);
        owner.close().await;
        Counts { requests, events }
    }

    /// Every row of a table, in the order that it was made in.
    pub async fn rows(&self, table: &'static str) -> Vec<RowTexts> {
        let mut owner = self.owner().await;
        let rows = owner.rows(table).await;
        owner.close().await;
        rows
    }

    /// The row of a reference.
    pub async fn request(&self, reference: &str) -> RowTexts {
        let rows = self.rows("support_requests").await;
        let mut found = rows.into_iter().filter(|row| row["reference"].as_deref() == Some(reference));
        let row = found.next().expect("a reference that was answered is stored");
        assert!(found.next().is_none(), "a reference is stored once");
        row
    }

    /// Everything that is stored, in one text: both tables, and the bytes of the files.
    pub async fn everything(&self) -> String {
        let mut all = String::new();
        for table in ["support_requests", "audit_events"] {
            for row in self.rows(table).await {
                all.extend(row.into_values().flatten().map(|text| text + "\n"));
            }
        }
        for file in self.files() {
            all.push_str(&String::from_utf8_lossy(&std::fs::read(file).unwrap_or_default()));
        }
        all
    }
}

/// A raw connection, past the service.
pub enum Owner {
    Sqlite(Box<SqliteConnection>),
    Postgres(Box<sqlx::PgConnection>),
}

/// The same against whichever connection there is.
macro_rules! on {
    ($owner:expr, $connection:ident => $body:expr) => {
        match $owner {
            Owner::Sqlite($connection) => $body,
            Owner::Postgres($connection) => $body,
        }
    };
}

impl Owner {
    /// Runs statements.
    ///
    /// # Errors
    /// What the database said.
    pub async fn execute(&mut self, sql: &str) -> Result<(), sqlx::Error> {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        on!(self, connection => sql.execute(&mut **connection).await.map(drop))
    }

    pub async fn count(&mut self, table: &str) -> i64 {
        let sql = AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
        on!(self, connection => sqlx::query_scalar(sql).fetch_one(&mut **connection).await.unwrap())
    }

    /// Every row of a table as texts, in the order of its key.
    pub async fn rows(&mut self, table: &str) -> Vec<RowTexts> {
        let columns = self.columns(table).await;
        if columns.is_empty() {
            return Vec::new();
        }
        let texts: Vec<String> = columns.iter().map(|name| format!("CAST({name} AS TEXT) AS {name}")).collect();
        let sql = AssertSqlSafe(format!("SELECT {} FROM {table} ORDER BY reference", texts.join(", ")));
        on!(self, connection => {
            let rows = connection.fetch_all(sqlx::query(sql)).await.unwrap();
            rows.iter()
                .map(|row| columns.iter().map(|name| (name.clone(), row.get(name.as_str()))).collect())
                .collect()
        })
    }

    /// The names of a table's columns; none where it has no rows.
    async fn columns(&mut self, table: &str) -> Vec<String> {
        let sql = AssertSqlSafe(format!("SELECT * FROM {table} LIMIT 1"));
        on!(self, connection => {
            let row = connection.fetch_optional(sqlx::query(sql)).await.unwrap();
            row.map(|row| row.columns().iter().map(|column| column.name().to_owned()).collect()).unwrap_or_default()
        })
    }

    pub async fn close(self) {
        let _ = match self {
            Self::Sqlite(connection) => connection.close().await,
            Self::Postgres(connection) => connection.close().await,
        };
    }
}

/// Tells a story on a runtime of its own, on the database of that kind.
pub fn tell<F: Future<Output = ()>>(kind: Kind, story: impl FnOnce(Database) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        if let Some(database) = Database::fresh(kind).await {
            story(database).await;
        }
    });
}

/// Makes two tests of one story, `name::sqlite` and `name::postgres`:
///
/// ```ignore
/// on_both_databases!(a_request_is_stored, async |database| { … });
/// ```
macro_rules! on_both_databases {
    ($(#[$attribute:meta])* $name:ident, async |$database:ident| $body:block) => {
        $(#[$attribute])*
        mod $name {
            #[test]
            fn sqlite() {
                $crate::support::database::tell($crate::support::database::Kind::Sqlite, super::$name);
            }

            #[test]
            fn postgres() {
                $crate::support::database::tell($crate::support::database::Kind::Postgres, super::$name);
            }
        }

        async fn $name($database: $crate::support::database::Database) $body
    };
}
pub(crate) use on_both_databases;
