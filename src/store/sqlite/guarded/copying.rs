//! The log goes into the file: in one go while nobody writes, else beside those who do. Only what was written meanwhile,
//! and what the log hangs on from then on, is waited for.

use std::io;

use tokio::task::{self, JoinHandle};

use super::{CheckpointLock, Displaced, Groups, Guarded, journal};
use crate::store::StoreError;

/// The log is copied into the file when nobody writes and so much was written to it. The size of its file does not tell:
/// it is written anew from the beginning, and stays as long as it was.
pub(super) const CHECKPOINT_BYTES: usize = 1024 * 1024;

/// The same where requests keep coming: as often as SQLite does it by itself, after 1000 pages.
const CHECKPOINT_AT_LAST_BYTES: usize = 4 * 1024 * 1024;

/// So much is copied while requests wait.
const REST_BYTES: usize = 64 * 1024;

/// A copy that is under way, on a thread of its own.
pub(super) struct Copying {
    /// The word of ours that the log is open by.
    opened: String,
    /// About how much of the log it copies.
    bytes: usize,
    /// Nobody else copies meanwhile.
    lock: CheckpointLock,
    task: JoinHandle<(Groups, Result<(), sqlx::Error>)>,
}

impl Copying {
    /// Waits for its end, which the disk decides on.
    pub(super) async fn end(self) {
        let _ = self.task.await;
    }
}

impl Guarded {
    /// Copies the log into the file when it is time, which is earlier while nobody writes. After a failure of the disk only
    /// a new connection begins with the log's first page again, as it must: what was copied before may be lost.
    pub(in crate::store) async fn tidy(&mut self, idle: bool) -> Result<(), StoreError> {
        if let Some(copying) = &self.copying {
            return if idle || copying.task.is_finished() { self.finish_copying(idle).await } else { Ok(()) };
        }
        let due = if idle { CHECKPOINT_BYTES } else { CHECKPOINT_AT_LAST_BYTES };
        if self.logged < due || self.verify().await.is_err() {
            return Ok(());
        }
        // Whoever else copies it now takes a part of the work; the rest is not forgotten.
        let Some(lock) = self.try_lock()? else { return Ok(()) };
        let bytes = std::mem::take(&mut self.logged);
        if idle || self.copier.is_none() {
            return self.checkpoint(lock).await;
        }
        let opened = journal::open_base(&mut self.connection).await?;
        if let Some(copier) = self.copier.take() {
            self.copy_beside(copier, lock, opened, bytes);
        }
        Ok(())
    }

    /// The lock of a checkpoint, where nobody else has it.
    pub(super) fn try_lock(&self) -> Result<Option<CheckpointLock>, StoreError> {
        CheckpointLock::try_acquire(self.files.wal_path()).map_err(StoreError::Log)
    }

    /// Waits for the lock of a checkpoint.
    pub(super) fn acquire_lock(&self) -> impl Future<Output = Result<CheckpointLock, StoreError>> + use<> {
        CheckpointLock::acquire(self.files.wal_path().to_owned())
    }

    /// Begins to copy what is in the log now.
    fn copy_beside(&mut self, copier: Groups, lock: CheckpointLock, opened: String, bytes: usize) {
        let task = task::spawn_blocking(move || {
            let outcome = copier.copy_the_log();
            (copier, outcome)
        });
        self.copying = Some(Copying { opened, bytes, lock, task });
    }

    /// Waits for a copy that is under way, and copies what was written meanwhile: beside those who write once more, as
    /// long as that becomes less quickly.
    pub(super) async fn finish_copying(&mut self, idle: bool) -> Result<(), StoreError> {
        let Some(Copying { task, .. }) = &mut self.copying else { return Ok(()) };
        let ended = task.await;
        let Some(Copying { opened, bytes, lock, .. }) = self.copying.take() else { return Ok(()) };
        self.written = self.files.written().ok_or(Displaced::Missing)?;
        let (copier, outcome) = ended.map_err(|stopped| StoreError::Log(io::Error::other(stopped)))?;
        let more = std::mem::take(&mut self.logged);
        if outcome.is_ok() && !idle && more > REST_BYTES && more <= bytes / 2 {
            self.copy_beside(copier, lock, opened, more);
            return Ok(());
        }
        self.copier = Some(copier);
        outcome?;
        if self.verify().await.is_err() {
            return Ok(());
        }
        journal::copy(&mut self.connection).await?;
        self.settle_on(&opened, lock).await
    }

    /// Copies the log into the file, and says in the log what it hangs on from then on.
    pub(super) async fn checkpoint(&mut self, lock: CheckpointLock) -> Result<(), StoreError> {
        let opened = journal::open_base(&mut self.connection).await?;
        journal::copy(&mut self.connection).await?;
        self.settle_on(&opened, lock).await
    }

    /// Says in the log what it hangs on from now on, after it was copied. The lock ends with that.
    pub(super) async fn settle_on(&mut self, opened: &str, _lock: CheckpointLock) -> Result<(), StoreError> {
        let written = self.files.written().ok_or(Displaced::Missing)?;
        let base = journal::main_alone(&self.options).ok_or(Displaced::Overwritten)?;
        journal::set_base(&mut self.connection, opened, &base).await?;
        self.written = written;
        Ok(())
    }
}
