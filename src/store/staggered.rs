//! Trying several servers: one after the other, but none that is silent holds up the next, and none is hurried for the others' sake.

use std::time::Duration;

use futures_util::{StreamExt as _, future::BoxFuture, stream::FuturesUnordered};
use tokio::time::Instant;

/// How much later the next server is tried while the one before it is silent and a request may be waiting: what RFC 8305
/// recommends.
const HEAD_START: Duration = Duration::from_millis(250);

/// How long to wait for servers.
#[derive(Clone, Copy)]
pub(super) enum Limit {
    /// For all of them together, until then: a request may be waiting.
    Together(Instant),
    /// For one after the other.
    Each(Duration),
}

impl Limit {
    pub(super) fn together(limit: Duration) -> Self {
        Self::Together(Instant::now() + limit)
    }

    /// What is left for a server that is tried from now on.
    pub(super) fn left(self) -> Duration {
        match self {
            Self::Together(deadline) => deadline.saturating_duration_since(Instant::now()),
            Self::Each(limit) => limit,
        }
    }

    /// How long one server may be silent before the next is tried; `None`: as long as there is time for it.
    fn head_start(self) -> Option<Duration> {
        match self {
            Self::Together(_) => Some(HEAD_START),
            Self::Each(_) => None,
        }
    }
}

/// The first success among attempts, which ends all others; or every failure.
///
/// The next attempt begins when one has failed, or when it was silent for too long: what is under way goes on beside it
/// (RFC 8305, section 5).
pub(super) async fn first<T, E>(attempts: Vec<BoxFuture<'_, Result<T, E>>>, limit: Limit) -> Result<T, Vec<E>> {
    let mut waiting = attempts.into_iter();
    let mut under_way = FuturesUnordered::new();
    let mut failures = Vec::new();
    loop {
        under_way.extend(waiting.next());
        let silent = limit.head_start().filter(|_| waiting.len() > 0);
        tokio::select! {
            ended = under_way.next() => match ended {
                Some(Ok(success)) => return Ok(success),
                Some(Err(failure)) => failures.push(failure),
                None => return Err(failures),
            },
            () = tokio::time::sleep(silent.unwrap_or_default()), if silent.is_some() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ends after so many milliseconds, and says so.
    async fn ends(after: u64, well: bool) -> Result<u64, u64> {
        tokio::time::sleep(Duration::from_millis(after)).await;
        if well { Ok(after) } else { Err(after) }
    }

    async fn tried(attempts: &[(u64, bool)]) -> (Result<u64, Vec<u64>>, u128) {
        let began = Instant::now();
        let mut futures: Vec<BoxFuture<'_, _>> = Vec::new();
        for &(after, well) in attempts {
            futures.push(Box::pin(ends(after, well)));
        }
        let found = first(futures, Limit::together(Duration::from_secs(2))).await;
        (found, began.elapsed().as_millis())
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_attempt_costs_the_others_its_head_start_and_nothing_of_their_time() {
        assert_eq!(tried(&[(100, true), (1, true)]).await, (Ok(100), 100), "the first that does is taken");
        assert_eq!(tried(&[(5000, true), (1900, true), (9000, true)]).await, (Ok(1900), 2150));
        assert_eq!(tried(&[(5000, true), (5000, true), (1000, true)]).await, (Ok(1000), 1500));
        assert_eq!(tried(&[(400, true), (300, true)]).await, (Ok(400), 400), "a slow one goes on");
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_begins_the_next_attempt_at_once_and_none_is_left_out() {
        assert_eq!(tried(&[(1, false), (2, false), (3, true)]).await, (Ok(3), 6));
        assert_eq!(tried(&[(1000, false), (10, false), (20, false)]).await, (Err(vec![10, 20, 1000]), 1000));
        assert_eq!(tried(&[]).await, (Err(vec![]), 0));
    }
}
