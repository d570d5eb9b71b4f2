//! Where requests are kept for good. What the service calls appends and reads; erasing and dropping are the owner's, apart.
//!
//! One concrete [`Store`] over two databases, each query written once in what both understand. Where the dialects truly
//! differ, the two forms stand next to each other.

mod advisory_locks;
mod address; //       where a PostgreSQL database is and how to get in
mod chain; //         when a new one begins
mod cause; //         what kind of failure an error is
mod commit_probe; //  whether commits are acknowledged
mod connect; //       getting in
mod connect_error; // why not
mod defences;
mod external; //      somebody else's database, to read from
mod erase; //         emptying what is personal
mod error;
mod events; //        what operators' commands put on record
mod exports; //      reading for `export`
mod fitness; //       what would make every request fail
mod inspection; //    one look at everything, for `doctor`
mod metrics; //       what the writer counts and measures
mod grants; //        what the runtime role needs, and what is missing of it
mod migrate;
mod open;
mod owner; //         whose the tables are
mod packed; //       a row as one value
mod partition;
mod pooler; //        a pool in front that keeps no sessions is refused
mod postgres;
mod readers; //       the connection for reading PostgreSQL
mod readiness;
mod reads;
mod replication; // what a commit waits for beside the server's own disk
mod rows;
mod sqlite;
mod sqlite_file; //   why a file cannot be opened
mod staggered; //     several servers, one after the other
mod url; //           which database
mod walks; //         reading for verification
mod writer;

use std::{sync::Arc, time::Duration};

pub use address::LibpqDefaults;
pub use cause::Cause;
pub use connect_error::ConnectError;
pub use erase::{Decision, Erasable, Erased, Eraser, Erasure, Remains, Rewriting, Selection};
pub use error::{AppendError, StoreError};
pub use events::{ArchiveEvent, append_event};
pub use exports::{CLOCK_DIFFERENCE, Filter, OVERTAKING_WINDOW, Page, Position, Stored};
pub use external::ExternalDatabaseUrl;
pub use inspection::{Inspection, Schema, Server, free_bytes, refuse_transaction_pooling};
pub use migrate::{Migrated, RuntimeRole, migrate};
pub use partition::{Boundary, Droppable, Partition, Partitions};
pub use replication::Replication;
pub use sqlite::Displaced;
use sqlx::SqlitePool;
pub use url::DatabaseUrl;
pub use walks::{ChainReach, Counts, Culprit, Links, Reader, Requests, Unread};

use self::connect::Session;
use crate::{
    clock::Clock,
    domain::{ids::Reference, record::Record},
    integrity::Sealed,
};

/// How long anybody waits for a database connection.
pub const CONNECTION_TIMEOUT: Duration = Duration::from_secs(2);

/// How long one group may take to be written, and how long the writer tries to find out what became of one.
pub const WRITE_TIMEOUT: Duration = Duration::from_secs(5);

/// How long the server lets a statement of the service run (PostgreSQL).
pub const STATEMENT_TIMEOUT: Duration = Duration::from_secs(5);

/// The store. Cheap to clone; clones share one writer.
#[derive(Clone)]
pub struct Store {
    url: DatabaseUrl,
    writer: writer::Handle,
    readiness: readiness::Readiness,
    facts: Facts,
}

/// What an open store knows of itself, for the log.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The newest migration that was applied.
    pub schema_version: i64,
    /// The role that it is connected as; none on SQLite.
    pub role: Option<String>,
    /// The audit chain that its writer began with. A new connection begins another.
    pub chain: String,
}

/// Connections for reading, which operators' commands use.
#[derive(Clone)]
enum Pool {
    Sqlite(SqlitePool),
    Postgres(readers::Readers),
}

impl Store {
    /// Opens a database that is up to date and starts its writer on the current tokio runtime.
    ///
    /// # Errors
    /// When the database cannot be reached, or its settings do not make commits durable.
    pub async fn open(url: &DatabaseUrl, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let (role, schema_version) = match url.kind() {
            url::Kind::Sqlite(_) => {
                let archive = Archive::open(url).await?;
                let version = archive.schema_version().await;
                archive.close().await;
                (None, version?)
            }
            url::Kind::Postgres(address) => {
                pooler::refuse_transaction_pooling(address, Session::Service).await?;
                let mut connection = open::postgres_connection(address).await?;
                let found = fitness::look(&mut connection).await;
                connect::close(connection).await;
                let (role, version) = found?;
                (Some(role), version)
            }
        };
        let writer::Started { handle, readiness, chain } = writer::start(url.clone(), clock).await?;
        let facts = Facts { schema_version, role, chain };
        Ok(Self { url: url.clone(), writer: handle, readiness, facts })
    }

    /// Stores a record with its audit record. When this returns, both are committed and durable.
    /// A caller who stops waiting changes nothing about a write that has begun.
    ///
    /// # Errors
    /// See [`AppendError`]: nothing was stored, except perhaps for `OutcomeUnknown`.
    pub async fn append(&self, sealed: Sealed) -> Result<(), AppendError> {
        self.writer.append(sealed).await
    }

    /// Whether a request would be stored now, as far as the writer knows: it asks every second, and learns from every
    /// write. Asking here costs nothing and waits for nobody. Why not is in the log, once for each change.
    #[must_use]
    pub fn takes_writes(&self) -> bool {
        self.readiness.takes_writes()
    }

    /// Whether the writer's task is there. It ends with the store, and otherwise only by a fault: then nothing is stored any
    /// more by this process.
    #[must_use]
    pub fn has_writer(&self) -> bool {
        self.writer.is_running()
    }

    /// What it knows of itself.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// What of the database's own defences against change is missing or switched off, in words.
    ///
    /// # Errors
    /// When the database cannot say.
    pub async fn weaknesses(&self) -> Result<Vec<String>, StoreError> {
        defences::weaknesses(&self.url).await
    }

    /// Lets the writer finish what it has and stops it, `within` that time whatever the database does. Whoever still
    /// waits for an answer then gets it.
    pub async fn close(&self, within: Duration) {
        self.writer.close(within).await;
    }
}

/// Stored requests, for reading only: what operators' commands use.
#[derive(Clone)]
pub struct Archive {
    pool: Pool,
}

impl Archive {
    /// Opens a database for reading. A database that is not there is not made.
    ///
    /// # Errors
    /// When it cannot be reached or has no support requests in it.
    pub async fn open(url: &DatabaseUrl) -> Result<Self, StoreError> {
        Ok(Self { pool: open::read_only_pool(url).await? })
    }

    /// Whether rows come from a server, over a socket, and not out of a file.
    #[must_use]
    pub fn is_postgres(&self) -> bool {
        matches!(self.pool, Pool::Postgres(_))
    }

    /// Lets go of the database.
    pub async fn close(&self) {
        match &self.pool {
            Pool::Sqlite(pool) => pool.close().await,
            Pool::Postgres(pool) => pool.close().await,
        }
    }

    /// The newest migration that was applied.
    async fn schema_version(&self) -> Result<i64, StoreError> {
        reads::schema_version(&self.pool).await
    }

    /// One stored request.
    ///
    /// # Errors
    /// When the database fails or the row cannot be read.
    pub async fn find(&self, reference: Reference) -> Result<Option<Record>, StoreError> {
        reads::find(&self.pool, &reference.to_string()).await
    }
}
