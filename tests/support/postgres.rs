//! `PostgreSQL` for tests: one server a process, one database a test, copied from one that was migrated once.

use std::{
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    thread,
};

use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use support_requests::store::{DatabaseUrl, RuntimeRole, migrate};

use super::{
    cluster::{Cluster, Durability},
    settings::{POSTGRES_URL, REQUIRE_POSTGRES, setting},
    skipped::skipped,
};

/// The role that the service runs as: the setting's default.
pub const RUNTIME_ROLE: &str = "support_requests_app";
/// The role that owns the tables; not a superuser, as in production.
pub const OWNER_ROLE: &str = "support_requests_owner";
/// The database that the others are copies of.
const TEMPLATE: &str = "support_requests_template";

/// The server of this process.
pub struct Server {
    /// `None` for somebody else's server.
    cluster: Option<Cluster>,
    superuser: PgConnectOptions,
}

/// A database of this server, for one test.
pub struct PostgresDatabase {
    name: String,
    server: &'static Server,
}

/// The server, started on the first call. `None`, and a word on standard error, where there is none to be had.
///
/// # Panics
/// Where there is none and one is required.
pub fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Result<Server, String>> = OnceLock::new();
    match SERVER.get_or_init(|| on_a_thread_of_its_own(Server::start)) {
        Ok(server) => Some(server),
        Err(why) => {
            assert!(setting(REQUIRE_POSTGRES).is_none_or(|value| value != "1"), "{REQUIRE_POSTGRES}=1, but: {why}");
            skipped(&format!("no PostgreSQL ({why}); {REQUIRE_POSTGRES}=1 makes this a failure"));
            None
        }
    }
}

/// A fresh, migrated database; `None` where tests of `PostgreSQL` are skipped.
pub async fn fresh_database() -> Option<PostgresDatabase> {
    Some(server()?.fresh_database().await)
}

/// A server that only this test uses, with a fresh database on it: to be restarted and killed. It goes with the process.
/// `None` where tests of PostgreSQL are skipped.
pub async fn on_a_server_of_its_own() -> Option<(&'static Cluster, PostgresDatabase)> {
    on_a_server_with(Vec::new()).await
}

/// The same, with settings of its own.
pub async fn on_a_server_with(settings: Vec<(&'static str, String)>) -> Option<(&'static Cluster, PostgresDatabase)> {
    server()?;
    let made = tokio::task::spawn_blocking(move || {
        let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
        on_a_thread_of_its_own(async || Server::private(Durability::Fsync, &settings).await)
    });
    let server: &'static Server =
        Box::leak(Box::new(made.await.unwrap().expect("a second server starts where one did")));
    let cluster = server.cluster.as_ref().expect("it was started here");
    Some((cluster, server.fresh_database().await))
}

/// A task that must not depend on, or outlive with, the runtime of the test that happens to come first.
fn on_a_thread_of_its_own<T: Send>(task: impl AsyncFnOnce() -> T + Send) -> T {
    let block_on = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(task())
    };
    thread::scope(|scope| scope.spawn(block_on).join().expect("it does not panic"))
}

impl Server {
    async fn start() -> Result<Self, String> {
        match setting(POSTGRES_URL) {
            Some(url) => Self::with(None, &url).await,
            None => Self::private(Durability::NoFsync, &[]).await,
        }
    }

    async fn private(durability: Durability, settings: &[(&str, &str)]) -> Result<Self, String> {
        let cluster = Cluster::start(durability, settings)?;
        let url = cluster.url("postgres", "postgres");
        Self::with(Some(cluster), &url).await
    }

    async fn with(cluster: Option<Cluster>, url: &str) -> Result<Self, String> {
        let superuser: PgConnectOptions = url.parse().map_err(|_| format!("{POSTGRES_URL} is not a URL"))?;
        let server = Self { cluster, superuser: superuser.disable_statement_logging() };
        let mut connection =
            server.superuser("postgres").await.map_err(|error| format!("it does not answer: {error}"))?;
        // Several test processes may share a server: somebody else may have made it already.
        let _ = sqlx::raw_sql(AssertSqlSafe(format!("CREATE ROLE {OWNER_ROLE} LOGIN CREATEROLE")))
            .execute(&mut connection)
            .await;
        if server.cluster.is_some() {
            server.create(&mut connection, TEMPLATE, "template1").await;
            server.migrate(TEMPLATE).await;
        }
        Ok(server)
    }

    /// A fresh, migrated database.
    pub async fn fresh_database(&'static self) -> PostgresDatabase {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let name = format!("support_requests_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let mut connection = self.superuser("postgres").await.unwrap();
        if self.cluster.is_some() {
            self.create(&mut connection, &name, TEMPLATE).await;
        } else {
            // Nothing that would stay is left on somebody else's server: no template.
            self.create(&mut connection, &name, "template1").await;
            self.migrate(&name).await;
        }
        PostgresDatabase { name, server: self }
    }

    async fn create(&self, connection: &mut PgConnection, name: &str, template: &str) {
        let sql = format!("CREATE DATABASE {name} TEMPLATE {template} OWNER {OWNER_ROLE}");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.unwrap();
    }

    async fn migrate(&self, name: &str) {
        let url = DatabaseUrl::parse(&self.url(name, OWNER_ROLE)).unwrap();
        migrate(&url, &RuntimeRole::parse(RUNTIME_ROLE).unwrap()).await.expect("a fresh database can be migrated");
    }

    async fn superuser(&self, database: &str) -> Result<PgConnection, sqlx::Error> {
        PgConnection::connect_with(&self.superuser.clone().database(database)).await
    }

    fn url(&self, database: &str, user: &str) -> String {
        format!("postgres://{user}@{}:{}/{database}", self.superuser.get_host(), self.superuser.get_port())
    }
}

impl PostgresDatabase {
    /// As the service connects.
    pub fn runtime_url(&self) -> String {
        self.server.url(&self.name, RUNTIME_ROLE)
    }

    /// As `migrate` connects.
    pub fn owner_url(&self) -> String {
        self.server.url(&self.name, OWNER_ROLE)
    }

    /// A connection as the owner of the tables.
    pub async fn owner(&self) -> PgConnection {
        let options = self.owner_url().parse::<PgConnectOptions>().unwrap().disable_statement_logging();
        PgConnection::connect_with(&options).await.unwrap()
    }

    /// A connection as the server's superuser.
    pub async fn superuser(&self) -> PgConnection {
        self.server.superuser(&self.name).await.unwrap()
    }

    /// Takes everything out of it, as a database is before the first migration.
    pub async fn make_empty(&self) {
        let sql = "DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION pg_database_owner;
            GRANT USAGE ON SCHEMA public TO PUBLIC";
        sqlx::raw_sql(sql).execute(&mut self.superuser().await).await.unwrap();
    }

    /// Takes the database away from everybody who uses it, as a broken network or server would: connections end, and
    /// no new one is let in.
    pub async fn go_away(&self) {
        self.lock("false").await;
        let mut connection = self.server.superuser("postgres").await.unwrap();
        let sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1";
        sqlx::query(sql).bind(&self.name).execute(&mut connection).await.unwrap();
    }

    /// Lets connections in again.
    pub async fn come_back(&self) {
        self.lock("true").await;
    }

    async fn lock(&self, allow: &str) {
        let mut connection = self.server.superuser("postgres").await.unwrap();
        let sql = format!("ALTER DATABASE {} ALLOW_CONNECTIONS {allow}", self.name);
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    }
}

impl Drop for PostgresDatabase {
    /// On a server of our own the data goes with the server; somebody else's is left as it was found.
    fn drop(&mut self) {
        if self.server.cluster.is_none() {
            on_a_thread_of_its_own(async || {
                if let Ok(mut connection) = self.server.superuser("postgres").await {
                    let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
                    let _ = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await;
                }
            });
        }
    }
}
