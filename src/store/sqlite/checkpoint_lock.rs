//! The lock of a checkpoint: one process at a time copies the log into the file. While two copy, whoever ends first says what
//! the log hangs on, and the other goes on to change that under it (specs/decisions/0012).

use std::{
    fs::{File, TryLockError},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use super::files::FileId;
use crate::store::StoreError;

/// How long another process's copy is waited for: the longest that a start or a command leaves somebody in doubt.
const TIMEOUT: Duration = Duration::from_secs(10);
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// The right to copy the log, from before the file is said to be open until after the log says again what it hangs on.
/// A lock of the log itself, which SQLite locks nowhere; the system takes it from a process that ends.
#[derive(Debug)]
pub(in crate::store) struct CheckpointLock(#[expect(dead_code, reason = "the lock ends with the file")] File);

impl CheckpointLock {
    /// Takes the lock; `None` where somebody else has it, or the log is another one by now.
    ///
    /// # Errors
    /// When the log cannot be opened or locked.
    pub(super) fn try_acquire(log: &Path) -> io::Result<Option<Self>> {
        let file = File::open(log)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            // A file system without such locks: whoever copies at the same time is taken for an intruder at worst.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let is_here = FileId::at(log).is_ok_and(|here| file.metadata().is_ok_and(|found| FileId::of(&found) == here));
        Ok(is_here.then_some(Self(file)))
    }

    /// Waits until it is ours.
    ///
    /// # Errors
    /// [`StoreError::CheckpointLocked`] where others do not come to an end, or as [`Self::try_acquire`].
    pub(super) async fn acquire(log: PathBuf) -> Result<Self, StoreError> {
        let deadline = tokio::time::Instant::now() + TIMEOUT;
        loop {
            match Self::try_acquire(&log).map_err(StoreError::Log)? {
                Some(lock) => return Ok(lock),
                None if tokio::time::Instant::now() >= deadline => return Err(StoreError::CheckpointLocked),
                None => tokio::time::sleep(POLL_INTERVAL).await,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_checkpoint_lock_has_one_holder_and_ends_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("a-wal");
        assert_eq!(CheckpointLock::try_acquire(&log).unwrap_err().kind(), io::ErrorKind::NotFound);
        std::fs::write(&log, "").unwrap();
        let first = CheckpointLock::try_acquire(&log).unwrap().unwrap();
        assert!(CheckpointLock::try_acquire(&log).unwrap().is_none());
        drop(first);
        assert!(CheckpointLock::try_acquire(&log).unwrap().is_some());
        CheckpointLock::acquire(log).await.unwrap();
    }
}
