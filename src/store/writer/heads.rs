//! How far the chain reaches, said in the log every few minutes while something is written, at its end and at the stop:
//! whoever keeps the log has a witness of what was stored, which the database's owner cannot change.

use std::time::Duration;

use tokio::time::Instant;

use crate::{
    integrity::{ChainEnd, LOGGED_HEAD},
    store::metrics::WriterMetrics,
};

/// How much may be cut off without the log knowing better.
const INTERVAL: Duration = Duration::from_mins(5);

/// What was said last.
pub(super) struct HeadLog {
    chain: String,
    sequence: i64,
    next: Instant,
    metrics: WriterMetrics,
}

impl HeadLog {
    /// Nothing yet.
    pub(super) fn now(metrics: WriterMetrics) -> Self {
        Self { chain: String::new(), sequence: 0, next: Instant::now() + INTERVAL, metrics }
    }

    /// Says how far the chain reaches, if it was not said for a while.
    pub(super) fn log_if_due(&mut self, end: &ChainEnd) {
        if Instant::now() >= self.next {
            self.log(end);
        }
    }

    /// Says how far the chain reaches, if there is anything new to say.
    pub(super) fn log(&mut self, end: &ChainEnd) {
        self.next = Instant::now() + INTERVAL;
        if end.sequence == 0 || (self.sequence, self.chain.as_str()) == (end.sequence, end.chain.as_str()) {
            return;
        }
        (self.sequence, self.chain) = (end.sequence, end.chain.clone());
        tracing::info!(chain = end.chain, sequence = end.sequence, digest = end.digest, "{LOGGED_HEAD}");
        self.metrics.logged_head();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_end_is_said_once_and_a_new_one_when_it_is_time() {
        let log = tempfile::NamedTempFile::new().unwrap();
        let file = log.reopen().unwrap();
        let subscriber = tracing_subscriber::fmt().with_writer(file).finish();
        let _log = tracing::subscriber::set_default(subscriber);
        let said = || std::fs::read_to_string(log.path()).unwrap().matches(LOGGED_HEAD).count();
        let end = |sequence| ChainEnd { chain: "C".to_owned(), sequence, digest: "d".to_owned() };
        let metrics = WriterMetrics::default();
        let mut told = HeadLog::now(metrics.clone());
        told.log_if_due(&end(1));
        assert_eq!(told.sequence, 0, "not yet");
        told.next = Instant::now();
        told.log_if_due(&end(2));
        assert_eq!(told.sequence, 2);
        told.log_if_due(&end(3));
        assert_eq!(told.sequence, 2, "a moment ago");
        told.log(&end(3));
        assert_eq!((told.sequence, said()), (3, 2), "at the end");
        told.log(&end(3));
        told.log(&end(0));
        assert_eq!((said(), metrics.heads_logged()), (2, 2), "nothing new");
    }
}
