//! Until when everything must have been looked at: whatever hangs costs its own check, and no other.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::finding::Finding;

/// When the time is over.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadline(Instant);

/// Why there is no answer.
#[derive(Debug, Clone, Copy)]
pub(super) enum Late {
    /// Nothing came back in time.
    NoAnswer,
    /// The time was over before it began.
    NotBegun,
}

impl Deadline {
    pub(super) fn after(time: Duration) -> Self {
        Self(Instant::now() + time)
    }

    /// Does something as long as there is time.
    pub(super) async fn within<T>(self, work: impl Future<Output = T>) -> Result<T, Late> {
        if Instant::now() >= self.0 {
            return Err(Late::NotBegun);
        }
        timeout_at(self.0, work).await.map_err(|_| Late::NoAnswer)
    }

    /// The same as a task of its own, for what may wait for a disk in between.
    pub(super) async fn within_task<T: Send + 'static>(
        self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, Late> {
        let joined = self.within(tokio::spawn(work)).await?;
        // It panicked: then there is no answer either.
        joined.map_err(|_| Late::NoAnswer)
    }

    /// The same on a thread of its own, for what does nothing but wait for a disk.
    pub(super) async fn within_blocking<T: Send + 'static>(
        self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Late> {
        let joined = self.within(tokio::task::spawn_blocking(work)).await?;
        joined.map_err(|_| Late::NoAnswer)
    }
}

impl Late {
    pub(super) fn finding(self, check: &'static str) -> Finding {
        match self {
            Self::NoAnswer => Finding::wrong(
                check,
                "no answer came within the time of --timeout",
                "look for what hangs there (a disk, a network, a lock), or give more time with --timeout",
            ),
            Self::NotBegun => Finding::not_looked_at(check, "the time of --timeout was over before"),
        }
    }
}
