//! Trying several servers: one after the other, but none that is silent holds up the next, and none is hurried for the
//! sake of the others.

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
    use std::{future::pending, sync::Mutex};

    use super::*;

    /// Attempts, in their order.
    type Attempts<'a> = Vec<BoxFuture<'a, Result<&'static str, &'static str>>>;

    async fn tried(attempts: Attempts<'_>) -> Result<&'static str, Vec<&'static str>> {
        let found = first(attempts, Limit::together(Duration::from_secs(2)));
        tokio::time::timeout(Duration::from_mins(1), found).await.expect("it does not wait for who is silent")
    }

    #[tokio::test]
    async fn a_silent_attempt_holds_up_none_of_the_others_and_none_is_broken_off_for_another() {
        let silent: Attempts<'_> = vec![Box::pin(pending()), Box::pin(pending()), Box::pin(async { Ok("third") })];
        assert_eq!(tried(silent).await, Ok("third"));
        // The first answers only once the second is under way, so it must still be listened to.
        let begun = tokio::sync::Notify::new();
        let slow: Attempts<'_> = vec![
            Box::pin(async {
                begun.notified().await;
                Ok("first")
            }),
            Box::pin(async {
                begun.notify_one();
                pending().await
            }),
        ];
        assert_eq!(tried(slow).await, Ok("first"));
    }

    #[tokio::test]
    async fn attempts_begin_in_their_order_and_one_that_succeeds_leaves_the_rest_alone() {
        let begun = Mutex::new(Vec::new());
        let attempt = |name, answer| {
            let begun = &begun;
            let attempt: BoxFuture<'_, _> = Box::pin(async move {
                begun.lock().unwrap().push(name);
                answer
            });
            attempt
        };
        let found = tried(vec![attempt("a", Err("a")), attempt("b", Ok("b")), attempt("c", Ok("c"))]).await;
        assert_eq!((found, begun.lock().unwrap().join(" ")), (Ok("b"), "a b".to_owned()));
        let found = tried(vec![attempt("d", Err("d")), attempt("e", Err("e"))]).await;
        assert_eq!(found, Err(vec!["d", "e"]), "every failure is told");
        assert_eq!(tried(vec![]).await, Err(vec![]));
    }

    #[tokio::test]
    async fn where_each_has_a_limit_of_its_own_the_next_waits_for_the_one_before() {
        let done = Mutex::new(false);
        let attempts: Attempts<'_> = vec![
            Box::pin(async {
                tokio::time::sleep(2 * HEAD_START).await;
                *done.lock().unwrap() = true;
                Err("first")
            }),
            Box::pin(async { if *done.lock().unwrap() { Ok("second") } else { Err("too early") } }),
        ];
        assert_eq!(first(attempts, Limit::Each(Duration::from_secs(10))).await, Ok("second"));
    }
}
