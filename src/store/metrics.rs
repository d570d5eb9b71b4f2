//! What the writer counts and measures, and how it stands: for whoever operates the service.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::time::Instant;

use super::{Store, writer::QUEUE_MAX_BYTES};
use crate::metrics::{Counter, Durations, Exposition, Sizes, number, yes_or_no};

/// Shared by those who hand something to the writer, the writer, and whoever asks. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(super) struct WriterMetrics(Arc<Instruments>);

#[derive(Debug, Default)]
struct Instruments {
    queue_wait: Durations,
    commit: Durations,
    rows: Sizes,
    heads_logged: Counter,
    connected: AtomicBool,
    waiting: AtomicUsize,
    /// When something last began to wait where nothing had, or was last committed.
    progress: Mutex<Option<Instant>>,
}

impl WriterMetrics {
    /// Something waits, until what is returned is dropped.
    pub(super) fn waits(&self, since: Instant) -> Waiting {
        if self.0.waiting.fetch_add(1, Ordering::SeqCst) == 0 {
            self.progressed(since);
        }
        Waiting { metrics: self.clone(), since }
    }

    /// A group's write has ended, whatever came of it.
    pub(super) fn written(&self, took: Duration) {
        self.0.commit.observe(took);
    }

    /// So many rows are committed.
    pub(super) fn committed(&self, rows: usize, at: Instant) {
        self.0.rows.observe(rows);
        self.progressed(at);
    }

    /// How far the chain reaches was said in the log.
    pub(super) fn logged_head(&self) {
        self.0.heads_logged.inc();
    }

    #[cfg(test)]
    pub(super) fn heads_logged(&self) -> u64 {
        self.0.heads_logged.get()
    }

    /// Whether the writer has a connection.
    pub(super) fn is_connected(&self, connected: bool) {
        self.0.connected.store(connected, Ordering::Relaxed);
    }

    fn progressed(&self, at: Instant) {
        *self.0.progress.lock().unwrap_or_else(PoisonError::into_inner) = Some(at);
    }

    /// How long nothing was committed although something waits.
    fn stalled_for(&self, now: Instant) -> Duration {
        let progress = *self.0.progress.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = self.0.waiting.load(Ordering::SeqCst) > 0;
        progress.filter(|_| waits).map_or(Duration::ZERO, |progress| now.saturating_duration_since(progress))
    }
}

/// Something that waits to be committed.
#[derive(Debug)]
pub(super) struct Waiting {
    metrics: WriterMetrics,
    since: Instant,
}

impl Waiting {
    /// The writer begins with it.
    pub(super) fn begins(&self) {
        self.metrics.0.queue_wait.observe(self.since.elapsed());
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.metrics.0.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Store {
    /// Adds what the writer has counted and how it stands to a scrape.
    pub fn expose(&self, to: &mut Exposition) {
        let (metrics, writer) = (self.writer.metrics(), &self.writer);
        let Instruments { queue_wait, commit, rows, heads_logged, connected, .. } = &*metrics.0;
        to.add(
            "support_requests_queue_wait_seconds",
            "From a request's redaction to the beginning of its commit",
            queue_wait,
        );
        to.add(
            "support_requests_commit_duration_seconds",
            "Writing one group of requests, whatever came of it",
            commit,
        );
        to.add("support_requests_commit_rows", "Requests that were committed together", rows);
        to.add(
            "support_requests_heads_logged",
            "How often the end of the audit chain was said in the log",
            heads_logged,
        );
        to.now("support_requests_queue_bytes", "What waits to be committed takes", number(writer.queued_bytes()));
        to.now("support_requests_queue_max_bytes", "What waits to be committed may take", number(QUEUE_MAX_BYTES));
        let connected = connected.load(Ordering::Relaxed) && self.has_writer();
        to.now(
            "support_requests_writer_connected",
            "Whether the writer has a database connection",
            yes_or_no(connected),
        );
        to.now(
            "support_requests_writer_read_only",
            "Whether the database takes no writes because it is read-only or a standby",
            yes_or_no(self.readiness.is_read_only()),
        );
        to.now(
            "support_requests_database_takes_writes",
            "Whether a request would be stored now, as far as the writer knows",
            yes_or_no(self.takes_writes()),
        );
        to.now(
            "support_requests_commit_stalled_seconds",
            "How long nothing was committed although something waits; 0 where nothing waits",
            metrics.stalled_for(Instant::now()).as_secs_f64(),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stall_is_counted_from_the_last_commit_or_from_when_something_began_to_wait() {
        let (metrics, start) = (WriterMetrics::default(), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        let stalled = |seconds| metrics.stalled_for(at(seconds)).as_secs();
        assert_eq!(stalled(5), 0);
        let (first, second) = (metrics.waits(at(10)), metrics.waits(at(11)));
        let third = metrics.waits(at(14));
        assert_eq!(stalled(15), 5, "one more that waits is no progress");
        metrics.committed(1, at(15));
        drop(first);
        assert_eq!(stalled(17), 2, "from the last commit");
        drop((second, third));
        assert_eq!(stalled(60), 0, "nothing waits");
        let _fourth = metrics.waits(at(3_600));
        assert_eq!(stalled(3_601), 1, "an hour without requests is no stall");
    }
}
