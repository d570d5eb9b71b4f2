//! What can go wrong with a database, as those who ask it need to tell it apart.

use super::{ConnectError, Displaced};

/// A database could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The URL is not one of a database that this service knows.
    #[error("{0}")]
    Url(String),
    /// The database could not be reached or opened.
    #[error("the database cannot be reached or opened")]
    Open(#[source] sqlx::Error),
    /// No server of the PostgreSQL database would do.
    #[error("the database cannot be reached or opened")]
    Connect(#[source] ConnectError),
    /// A pool in front of PostgreSQL keeps no sessions.
    #[error(
        "the database is reached through a pool that gives each transaction another connection (as PgBouncer does with \
         pool_mode = transaction or statement); what is set for a session, such as time limits, would not hold: use \
         pool_mode = session for this database, or connect to PostgreSQL itself"
    )]
    TransactionPooling,
    /// The database's file, or the folder that it is in, cannot be used.
    #[error("{0}")]
    File(String),
    /// There is no database file, and reading does not make one.
    #[error("there is no database at {0}")]
    Absent(String),
    /// A setting that makes commits durable did not take.
    #[error("the database does not keep {setting} as it must be ({wanted}); it says {found}")]
    NotDurable {
        /// The setting's name.
        setting: &'static str,
        /// What it must be.
        wanted: &'static str,
        /// What it is.
        found: String,
    },
    /// A query failed.
    #[error("the database refused a query")]
    Query(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("the schema could not be brought up to date")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// The server, the session or the file system takes no writes.
    #[error("the database takes no writes: {0}")]
    ReadOnly(&'static str),
    /// The role that the service runs as lacks a right.
    #[error("the database does not let this role work: {0}")]
    NoRight(String),
    /// The same for a right that `migrate` grants: it was not run, or is still at work.
    #[error("the database does not let this role work: {0}")]
    NotGranted(String),
    /// Not every text can be stored in this database.
    #[error(
        "the database's encoding is {0}, in which not every text can be stored: make one with ENCODING 'UTF8' \
         and TEMPLATE template0, and migrate that"
    )]
    Encoding(String),
    /// The database did not answer in time.
    #[error("the database did not answer in time")]
    TimedOut,
    /// The server takes writes and acknowledges no commit.
    #[error(
        "the database acknowledged no commit in time: is its synchronous standby there, and is it still the primary?"
    )]
    NotAcknowledged,
    /// The disk that the database file is on is as good as full.
    #[error("less than {bytes} bytes are free where the database file is")]
    NoSpace {
        /// What is wanted.
        bytes: u64,
    },
    /// The write-ahead log cannot be read, written again or synced.
    #[error("the database's write-ahead log cannot be made durable")]
    Log(#[source] std::io::Error),
    /// Another process copies the log into the file, and does not come to an end.
    #[error("another process is still copying the database's write-ahead log: try again when it has finished")]
    CheckpointLocked,
    /// The files that are open are not the ones at the path.
    #[error(transparent)]
    Displaced(#[from] Displaced),
    /// A write-ahead log lies beside a file that it was not written for.
    #[error(
        "the write-ahead log beside {0} was not written for this file: a copy was put in its place. To go on with the \
         copy, remove {0}-wal and {0}-shm. To keep what is in the log as well, at the risk of a broken database, \
         run: sqlite3 {0} 'PRAGMA wal_checkpoint(TRUNCATE)'"
    )]
    ForeignJournal(String),
    /// The schema is not the one that this build was made for.
    #[error("the database is not up to date: run `support-requests migrate` as its owner first")]
    NotMigrated,
    /// A row holds something that cannot be read back.
    #[error("a stored row cannot be read: its column {0} is not what it was written as")]
    Unreadable(&'static str),
    /// Only an owner may erase.
    #[error(
        "the role {0} does not own the tables, and only their owner may erase: set SUPPORT_REQUESTS_OWNER_DATABASE_URL \
         (--owner-database-url) to the database's address as its owner, as for `migrate`"
    )]
    NotOwner(String),
    /// The record of an erasure went in and nothing was erased.
    #[error(
        "the database did not erase what it was told to, so nothing was changed: its triggers are missing or are not \
         what `migrate` made them"
    )]
    NotErased,
    /// Partitions cannot be made or dropped as asked.
    #[error("{0}")]
    Partition(String),
    /// The runtime role's name cannot be used.
    #[error(
        "the runtime role's name must be a plain identifier: small letters, digits and underscores, not beginning with a digit"
    )]
    RoleName,
}

impl StoreError {
    /// Whether waiting at start may help: the database does not answer yet, a standby is still to be
    /// promoted, or `migrate` is still at work.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Connect(error) => error.may_pass(),
            Self::NotMigrated
            | Self::NotGranted(_)
            | Self::TimedOut
            | Self::NotAcknowledged
            | Self::ReadOnly(_)
            | Self::CheckpointLocked => true,
            _ => false,
        }
    }
}

/// Why a record was not stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// The writer has as much waiting as it takes. Nothing was stored.
    #[error("too much is waiting to be written")]
    Overloaded,
    /// The database is out of reach, or was too slow to begin. Nothing was stored.
    #[error("the database is out of reach")]
    Unavailable,
    /// The connection broke during the commit and stayed broken: it may have been stored, or not.
    #[error("the connection broke during the commit; nobody can tell yet what became of it")]
    OutcomeUnknown,
    /// The database refused this one record. Nothing was stored.
    #[error("the database refused the record")]
    Refused,
}
