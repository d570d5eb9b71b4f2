//! The writer's connection to a file, which knows what it has open: commits count only while that is what lies at the
//! path.

mod command; // what `erase` does beside the service
mod copying; // the log into the file, beside those who write

use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::time::Instant;

use self::copying::Copying;
use super::{
    Displaced, Groups,
    checkpoint_lock::CheckpointLock,
    disk,
    files::{FileId, Files, Written},
    journal::{self, LeftBehind, SETTLED},
    resync,
};
use crate::store::{CONNECTION_TIMEOUT, StoreError, migrate, open, reads, rows::Rows};

/// What a commit writes at least: a page of each table and of what is above it.
const COMMIT_BYTES: usize = 6 * 4096;

/// Why a group was not written, or must not be answered.
#[derive(Debug)]
pub(in crate::store) enum WriteError {
    /// The database refused, or did not answer.
    Database(sqlx::Error),
    /// Nothing was written: the files are not the ones at the path.
    NotThere(Displaced),
    /// It was written, but to files that are not the ones at the path any more.
    GoneWithTheFile(Displaced),
}

/// A connection that writes, and what is known of its files.
pub(in crate::store) struct Guarded {
    connection: SqliteConnection,
    /// Keeps the last one to close from copying the log into the file: whether the file is still the right one is
    /// something that SQLite does not ask. Read-only, so that it does not do so either.
    guard: SqliteConnection,
    /// What copies the log while groups are written; nothing does where nobody writes groups, nor while it is copying.
    copier: Option<Groups>,
    copying: Option<Copying>,
    options: SqliteConnectOptions,
    files: Files,
    /// The file's last change that is known to be a checkpoint's.
    written: Written,
    /// About how much was written to the log since it was last copied.
    logged: usize,
    /// Since when the log has been gone while the file was not touched: what is in it can still be saved.
    log_gone_since: Option<Instant>,
}

impl Guarded {
    /// Opens the file at the path, makes sure that its log is its own, and that commits are durable.
    pub(in crate::store) async fn open(
        options: &SqliteConnectOptions,
        left_behind: &mut Option<LeftBehind>,
    ) -> Result<Self, StoreError> {
        if let Err(error) = journal::belongs(options).await {
            let put_aside = match left_behind {
                Some(left) if matches!(error, StoreError::ForeignJournal(_)) => left.set_aside(options),
                _ => false,
            };
            if !put_aside {
                return Err(error);
            }
        }
        let path = options.get_filename();
        let before = FileId::at(path).map_err(|_| Displaced::Missing)?;
        let writing = options.clone().create_if_missing(false).pragma("wal_autocheckpoint", "0");
        let mut connection = open::sqlite_writer(&writing).await?;
        let applied = sqlx::query_scalar(reads::APPLIED).fetch_one(&mut connection).await;
        reads::is_current(applied, migrate::newest_of(&migrate::SQLITE))?;
        let reading = options.clone().create_if_missing(false).read_only(true).busy_timeout(CONNECTION_TIMEOUT);
        let mut guard =
            SqliteConnection::connect_with(&reading.disable_statement_logging()).await.map_err(StoreError::Open)?;
        journal::state(&mut guard).await?;
        let files = Files::at(path).map_err(|_| Displaced::JournalMissing)?;
        let mut opened = Self {
            connection,
            guard,
            copier: None,
            copying: None,
            options: options.clone(),
            written: Written::at(path).map_err(|_| Displaced::Missing)?,
            files,
            logged: 0,
            log_gone_since: None,
        };
        let is_same = opened.files.main() == before;
        let ready = if is_same { opened.begin().await } else { Err(Displaced::Replaced.into()) };
        match ready {
            Ok(()) => Ok(opened),
            Err(error) => {
                opened.abandon().await;
                Err(error)
            }
        }
    }

    /// Makes what is in the log durable, before anybody is told that something is there, and copies it into the file.
    async fn begin(&mut self) -> Result<(), StoreError> {
        resync::rewrite(&mut self.connection, self.files.wal_path().to_owned()).await?;
        let lock = self.acquire_lock().await?;
        self.checkpoint(lock).await
    }

    /// What groups are written through, into this very file: nobody can commit between the looks at its mark, and no
    /// other file has the same one. What copies the log beside it is made sure of likewise.
    pub(in crate::store) async fn groups(&mut self) -> Result<Groups, StoreError> {
        let (groups, copier) = (Groups::open(self.files.path())?, Groups::open(self.files.path())?);
        sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut self.connection).await?;
        let here = sqlx::query_scalar::<_, String>(journal::MARK).fetch_one(&mut self.connection).await;
        let there = (groups.mark(), copier.mark());
        sqlx::raw_sql("ROLLBACK").execute(&mut self.connection).await?;
        let here = here?;
        if here != there.0? || here != there.1? {
            return Err(Displaced::Replaced.into());
        }
        self.copier = Some(copier);
        Ok(groups)
    }

    /// Writes all of `rows` or none of them, into the file at the path.
    pub(in crate::store) async fn write(&mut self, groups: &mut Groups, rows: &Rows<'_>) -> Result<(), WriteError> {
        self.verify().await.map_err(WriteError::NotThere)?;
        groups.write(&rows.records, &rows.events).map_err(WriteError::Database)?;
        self.logged += COMMIT_BYTES + rows.bytes();
        self.verify().await.map_err(WriteError::GoneWithTheFile)
    }

    /// Whether a group could be written now. After a write that failed, by writing something.
    pub(in crate::store) async fn probe(&mut self, by_writing: bool) -> Result<(), StoreError> {
        let gone_before = self.log_gone_since;
        match self.verify().await {
            Ok(()) => self.probe_the_disk(by_writing).await,
            Err(displaced) => {
                // Left alone for a while first: whoever removes the log may be about to replace the file.
                if displaced == Displaced::JournalMissing && gone_before.is_some_and(|at| at.elapsed() >= SETTLED) {
                    self.save_the_log().await?;
                    self.log_gone_since = None;
                }
                Err(displaced.into())
            }
        }
    }

    async fn probe_the_disk(&mut self, by_writing: bool) -> Result<(), StoreError> {
        disk::look(self.files.path())?;
        if by_writing {
            journal::touch(&mut self.connection).await?;
        } else {
            // Waits for whoever holds the lock, as a write would.
            sqlx::raw_sql("BEGIN IMMEDIATE; ROLLBACK").execute(&mut self.connection).await?;
        }
        Ok(())
    }

    /// Whether there is still something to be done with this connection although its log is gone.
    pub(in crate::store) fn holds_on(&self) -> bool {
        self.log_gone_since.is_some()
    }

    /// Whether the open files are the ones at the path, with the content that they were left with.
    async fn verify(&mut self) -> Result<(), Displaced> {
        let found = self.compare().await;
        self.log_gone_since = match found {
            Err(Displaced::JournalMissing) => self.log_gone_since.or_else(|| Some(Instant::now())),
            _ => None,
        };
        found
    }

    async fn compare(&mut self) -> Result<(), Displaced> {
        let seen = match self.files.look() {
            Err(Displaced::JournalMissing) if self.copying.is_none() && self.files.written() != Some(self.written) => {
                return Err(Displaced::Overwritten);
            }
            looked => looked?,
        };
        // While we copy, it changes; the log says that it may be any (`State::is_open`), so asking it would tell no more.
        let is_ours = self.copying.is_some() && !seen.is_shorter_than(self.written);
        if seen == self.written || is_ours {
            return Ok(());
        }
        // Somebody else copied the log into the file, or another content over it.
        for _ in 0..journal::LOOKS {
            let alone = journal::main_alone(&self.options);
            match journal::state(&mut self.connection).await {
                Ok(state) if alone.is_some() && journal::fits(alone.as_deref(), &state) => {
                    self.written = seen;
                    // By hand, without saying so in the log. Whoever holds the lock says so.
                    let is_told = state.is_open() || !state.is_mark(alone.as_deref());
                    return match if is_told { Ok(None) } else { self.try_lock() } {
                        Ok(Some(lock)) => self.checkpoint(lock).await.map_err(|_| Displaced::Overwritten),
                        told => told.map(drop).map_err(|_| Displaced::Overwritten),
                    };
                }
                _ => tokio::time::sleep(journal::LOOK_PAUSE).await,
            }
        }
        Err(Displaced::Overwritten)
    }

    /// The log has no name any more, but it is open, and the file is as it was: what is in it goes into the file.
    async fn save_the_log(&mut self) -> Result<(), StoreError> {
        journal::open_base(&mut self.connection).await?;
        journal::copy(&mut self.connection).await?;
        tracing::warn!("the database's -wal file was removed; what was in it is in the database file now");
        Ok(())
    }

    /// Says goodbye: the log goes into the file, if that is still the one.
    pub(in crate::store) async fn close(mut self) {
        let _ = self.finish_copying(true).await;
        self.copier = None;
        let copied = match self.verify().await {
            Ok(()) => self.checkpoint_for_good().await,
            Err(Displaced::JournalMissing) => self.save_the_log().await.map(|()| None),
            Err(displaced) => Err(displaced.into()),
        };
        if copied.is_ok() {
            // The lock ends with the connections, the last of which may copy once more.
            let _ = self.guard.close().await;
            let _ = self.connection.close().await;
        } else {
            self.abandon().await;
        }
    }

    async fn checkpoint_for_good(&mut self) -> Result<Option<CheckpointLock>, StoreError> {
        let lock = self.acquire_lock().await?;
        journal::open_base(&mut self.connection).await?;
        journal::copy(&mut self.connection).await?;
        Ok(Some(lock))
    }

    /// Lets go of the files and leaves them as they are.
    pub(in crate::store) async fn abandon(self) -> LeftBehind {
        let left = LeftBehind { wal: self.files.wal(), seen: None };
        if let Some(copying) = self.copying {
            copying.end().await;
        }
        let _ = self.connection.close().await;
        let _ = self.guard.close().await;
        left
    }
}
