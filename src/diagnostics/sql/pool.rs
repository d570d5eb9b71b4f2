//! Connections to the platform's database: a few, made when they are needed and again when they broke. The driver's own
//! pool knows one server and one password only.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use sqlx::PgConnection;
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout_at,
};

use super::{Rows, Unfit, View, fetch, look_at_views};
use crate::{
    budget::Exhausted,
    diagnostics::{ProviderFailure, Question},
    domain::request::Scope,
    store::{ConnectError, ExternalDatabaseUrl},
};

/// Connections at the same time. A question is two index look-ups; the platform's database has others to serve.
const CONNECTIONS_MAX: usize = 4;

/// Both views are read as they stood at one moment.
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// Set for the transaction alone, and not for the session: a pool in front may hand that to somebody else.
const LIMITS: &str = "SET LOCAL statement_timeout = '2s'; SET LOCAL lock_timeout = '2s';
    SET LOCAL idle_in_transaction_session_timeout = '5s'";

/// The connections.
#[derive(Debug)]
pub(super) struct Pool {
    database: ExternalDatabaseUrl,
    permits: Semaphore,
    idle: Mutex<Vec<PgConnection>>,
    is_looked_at: AtomicBool,
}

/// A transaction in which nothing has failed yet. Where it is dropped the connection is closed.
pub(super) struct Transaction<'a> {
    pool: &'a Pool,
    connection: PgConnection,
    _permit: SemaphorePermit<'a>,
}

/// Why the platform's database did not answer. Nothing of what it said: its messages repeat values.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("it failed several times in a row: it is left alone for a few seconds")]
    CircuitOpen,
    #[error("as many questions to it are under way as may be")]
    Busy,
    #[error("it took too long")]
    Late,
    #[error("the database is out of reach")]
    Unreachable(#[from] ConnectError),
    #[error("the views cannot be used")]
    Unfit(#[from] Unfit),
    #[error("the database refused the question (SQLSTATE {0})")]
    Refused(String),
    #[error("the connection broke")]
    Broken,
    #[error(transparent)]
    NoMemory(#[from] Exhausted),
}

impl Failure {
    /// What it says about the database as a whole; nothing where nobody was asked. A question of which it does not like
    /// something must not keep everybody else from asking.
    pub(super) fn of_the_database(&self) -> Option<bool> {
        match self {
            Self::CircuitOpen | Self::Busy | Self::NoMemory(_) => None,
            Self::Late | Self::Unreachable(_) | Self::Broken => Some(true),
            // Resources, somebody's intervention (a statement's timeout among them), a lock that did not come.
            Self::Refused(code) => Some(code.starts_with("53") || code.starts_with("57") || code == "55P03"),
            Self::Unfit(_) => Some(false),
        }
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        match error.as_database_error() {
            Some(said) => Self::Refused(said.code().unwrap_or_default().into_owned()),
            None => Self::Broken,
        }
    }
}

impl From<Failure> for ProviderFailure {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NoMemory(exhausted) => Self::because("there is no memory for what the platform says", exhausted),
            failure => Self::because("the platform's database gave no answer", failure),
        }
    }
}

impl Pool {
    pub(super) fn new(database: ExternalDatabaseUrl) -> Self {
        Self {
            database,
            permits: Semaphore::new(CONNECTIONS_MAX),
            idle: Mutex::default(),
            is_looked_at: AtomicBool::new(false),
        }
    }

    pub(super) fn database(&self) -> &ExternalDatabaseUrl {
        &self.database
    }

    /// A new connection to views that were found to be as they must be, now or before.
    pub(super) async fn connect(&self) -> Result<PgConnection, Failure> {
        let mut connection = self.database.connect().await?;
        if !self.is_looked_at.load(Ordering::Relaxed) {
            self.prepare(&mut connection).await?;
            look_at_views(&mut connection).await??;
            sqlx::raw_sql("COMMIT").execute(&mut connection).await?;
            self.is_looked_at.store(true, Ordering::Relaxed);
        }
        Ok(connection)
    }

    /// Keeps a connection for the next question.
    pub(super) fn keep(&self, connection: PgConnection) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
    }

    /// What `view` says about the scope, and the transaction in which it was said. A connection that was kept may have
    /// broken in the meantime, with the server that it led to: then a new one is asked.
    pub(super) async fn ask(&self, view: View, about: &Question<'_>) -> Result<(Rows, Transaction<'_>), Failure> {
        let permit = timeout_at(about.until, self.permits.acquire()).await.map_err(|_| Failure::Busy)?;
        let permit = permit.map_err(|_| Failure::Broken)?;
        let asked = async {
            while let Some(mut kept) = self.kept() {
                match self.begin(&mut kept, view, about.scope).await {
                    Ok(rows) => return Ok((rows, Transaction { pool: self, connection: kept, _permit: permit })),
                    Err(error) if is_gone(&error) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            let mut connection = self.connect().await?;
            let rows = self.begin(&mut connection, view, about.scope).await?;
            Ok((rows, Transaction { pool: self, connection, _permit: permit }))
        };
        timeout_at(about.until, asked).await.unwrap_or(Err(Failure::Late))
    }

    fn kept(&self) -> Option<PgConnection> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    async fn begin(&self, connection: &mut PgConnection, view: View, scope: &Scope) -> Result<Rows, sqlx::Error> {
        self.prepare(connection).await?;
        fetch(connection, view, scope).await
    }

    /// Begins a transaction: first what the address wants, then what is not to be lifted.
    async fn prepare(&self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(BEGIN).execute(&mut *connection).await?;
        for (name, value) in self.database.settings() {
            let query = sqlx::query("SELECT set_config($1, $2, true)").persistent(false);
            query.bind(name).bind(value).execute(&mut *connection).await?;
        }
        sqlx::raw_sql(LIMITS).execute(connection).await.map(drop)
    }
}

impl Transaction<'_> {
    /// What another view says at the same moment.
    pub(super) async fn ask(&mut self, view: View, about: &Question<'_>) -> Result<Rows, Failure> {
        match timeout_at(about.until, fetch(&mut self.connection, view, about.scope)).await {
            Ok(rows) => Ok(rows?),
            Err(_) => Err(Failure::Late),
        }
    }

    /// Ends it, and keeps the connection for the next question.
    pub(super) async fn end(mut self, about: &Question<'_>) {
        let ended = timeout_at(about.until, sqlx::raw_sql("COMMIT").execute(&mut self.connection)).await;
        if matches!(ended, Ok(Ok(_))) {
            self.pool.keep(self.connection);
        }
    }
}

/// Whether the connection had ended before the question came: its server went away, or was told to end it (class 57P).
fn is_gone(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        sqlx::Error::Database(said) => said.code().is_some_and(|code| code.starts_with("57P")),
        _ => false,
    }
}
