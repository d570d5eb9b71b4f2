//! Whose turn it is to copy the log into the file. One process at a time: while two copy, whoever ends first says what
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
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(10);

/// The right to copy the log, from before the file is said to be open until after the log says again what it hangs on.
/// A lock of the log itself, which SQLite locks nowhere; the system takes it from a process that ends.
#[derive(Debug)]
pub(in crate::store) struct Turn(#[expect(dead_code, reason = "the lock ends with the file")] File);

impl Turn {
    /// Takes the turn; `None` where somebody else has it, or the log is another one by now.
    ///
    /// # Errors
    /// When the log cannot be opened or locked.
    pub(super) fn take(log: &Path) -> io::Result<Option<Self>> {
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
    /// [`StoreError::LogInUse`] where others do not come to an end, or as [`Self::take`].
    pub(super) async fn wait(log: PathBuf) -> Result<Self, StoreError> {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            match Self::take(&log).map_err(StoreError::Log)? {
                Some(turn) => return Ok(turn),
                None if tokio::time::Instant::now() >= deadline => return Err(StoreError::LogInUse),
                None => tokio::time::sleep(PAUSE).await,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_turn_is_one_holders_and_ends_with_what_holds_it() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("a-wal");
        assert_eq!(Turn::take(&log).unwrap_err().kind(), io::ErrorKind::NotFound);
        std::fs::write(&log, "").unwrap();
        let first = Turn::take(&log).unwrap().unwrap();
        assert!(Turn::take(&log).unwrap().is_none());
        drop(first);
        assert!(Turn::take(&log).unwrap().is_some());
        Turn::wait(log).await.unwrap();
    }
}
