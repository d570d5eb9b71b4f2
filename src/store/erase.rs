//! Erasing what is personal, and finding out afterwards when, by whom and why. The database does it when the audit record
//! of it goes in (migrations), so neither can be there without the other; see
//! specs/decisions/0014-erasable-by-commitment.md.

mod batch;
mod found;
mod postgres;
mod remains;
mod selection;
mod sqlite;

use std::{sync::Arc, time::Duration};

use sqlx::PgConnection;
use tokio::time::Instant;

use self::batch::{Batch, Run};
pub use self::{
    found::{Erasable, Erasure},
    remains::{Remains, Rewriting},
    selection::Selection,
};
use super::{Cause, DatabaseUrl, StoreError, connect, sqlite::Guarded, sqlite_file, url::Kind};
use crate::{clock::Clock, redaction::Redacted};

/// How often a transaction that others kept out is tried again. Each try waits for a lock by itself.
const ATTEMPTS: u32 = 10;

/// Between two of these.
const RETRY_PAUSE: Duration = Duration::from_millis(200);

/// SQLite lets whoever asks first have the lock, so the service gets at least this long between two transactions, and as
/// long as the last one took.
const PAUSE_BETWEEN_BATCHES: Duration = Duration::from_millis(25);

/// Who decided it, and why.
#[derive(Debug, Clone)]
pub struct Decision {
    /// For the record of each erasure.
    pub reason: Redacted<String>,
    /// Whom to ask.
    pub by: Redacted<String>,
}

/// A connection that may erase. No more than one transaction is lost when it goes away.
pub struct Eraser {
    connection: Connection,
    clock: Arc<dyn Clock>,
}

enum Connection {
    Sqlite(Box<Guarded>),
    Postgres(Box<PgConnection>),
}

impl Eraser {
    /// Opens a database that is there and up to date, as its owner.
    ///
    /// # Errors
    /// When it cannot be reached, or whoever this is does not own it.
    pub async fn open(url: &DatabaseUrl, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let connection = match url.kind() {
            Kind::Sqlite(options) => {
                let file = options.get_filename();
                if !file.exists() {
                    return Err(StoreError::Absent(url.to_string()));
                }
                sqlite_file::usable(file).map_err(StoreError::File)?;
                let opened = Guarded::open_to_erase(options).await;
                Connection::Sqlite(Box::new(opened.map_err(|error| sqlite_file::explain_store(file, error))?))
            }
            Kind::Postgres(address) => Connection::Postgres(Box::new(postgres::open(address).await?)),
        };
        Ok(Self { connection, clock })
    }

    /// Erases what is selected, batch by batch, each with its records in one transaction; says how many and under which
    /// name. `progress` is told after each batch how many there were.
    ///
    /// # Errors
    /// When the database fails. What was erased before stays so, and the next run does the rest.
    pub async fn erase(
        &mut self,
        selection: &Selection,
        decision: &Decision,
        mut progress: impl FnMut(usize),
    ) -> Result<Erased, StoreError> {
        let mut run = Run::new(Arc::clone(&self.clock), selection, decision);
        let mut requests = 0;
        let mut last_began: Option<Instant> = None;
        for condition in selection.conditions() {
            let mut after = String::new();
            loop {
                if let Some(began) = last_began {
                    self.make_way(began).await?;
                }
                last_began = Some(Instant::now());
                let batch = self.batch(&condition, &after, &mut run).await?;
                let Some(last) = batch.last else { break };
                requests += batch.count;
                progress(batch.count);
                after = last;
                if batch.is_last {
                    break;
                }
            }
        }
        Ok(Erased { requests, erasure: run.erasure })
    }

    /// Lets the service write, as long as the transaction took that began then. Behind the last one nothing waits for it.
    async fn make_way(&mut self, began: Instant) -> Result<(), StoreError> {
        if let Connection::Sqlite(guarded) = &mut self.connection {
            match guarded.tidy(true).await {
                // Another's turn: the next batch tries again, and the end does not do without.
                Err(error) if Cause::of(&error).cause != "locked" => return Err(error),
                Ok(()) | Err(_) => {}
            }
            tokio::time::sleep(began.elapsed().max(PAUSE_BETWEEN_BATCHES)).await;
        }
        Ok(())
    }

    /// One transaction, tried again while others keep it out.
    async fn batch(
        &mut self,
        condition: &selection::Condition,
        after: &str,
        run: &mut Run,
    ) -> Result<Batch, StoreError> {
        let mut attempt = 1;
        loop {
            let done = match &mut self.connection {
                Connection::Sqlite(guarded) => sqlite::batch(guarded, condition, after, run).await,
                Connection::Postgres(connection) => postgres::batch(connection, condition, after, run).await,
            };
            match done {
                Err(error) if attempt < ATTEMPTS && Cause::of(&error).cause == "locked" => attempt += 1,
                done => return done,
            }
            tokio::time::sleep(RETRY_PAUSE).await;
        }
    }

    /// Lets go of the database.
    pub async fn close(self) {
        match self.connection {
            Connection::Sqlite(guarded) => guarded.finish().await,
            Connection::Postgres(connection) => connect::close(*connection).await,
        }
    }
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erased {
    /// How many requests.
    pub requests: usize,
    /// The ULID that stands in each of their records.
    pub erasure: String,
}
