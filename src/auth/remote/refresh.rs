//! When the keys are fetched, and what came of it.
//!
//! One task fetches, one fetch at a time. Requests leave a note for it and go on: they never wait.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use time::OffsetDateTime;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use super::PublishedAt;
use super::address::ProxyUrl;
use super::fetch::{self, FetchError, Published};
use super::lifetime::Lifetime;
use super::limits::Limits;
use crate::auth::key_file::Seen;
use crate::auth::key_set::{KeySet, Loaded};
use crate::auth::key_store::KeyStore;
use crate::causes::Causes;
use crate::clock::Clock;

/// How the fetches have gone so far.
#[derive(Debug, Clone, Copy)]
pub struct FetchFacts {
    /// When the last one succeeded; nothing where none has.
    pub last_success: Option<OffsetDateTime>,
    /// How long ago that is, by a clock that nobody sets.
    pub age: Option<Duration>,
    /// How many have succeeded.
    pub successes: u64,
    /// How many have failed.
    pub failures: u64,
    /// How many have failed since the last success.
    pub failures_in_a_row: u32,
}

/// An issuer's keys, and when to fetch them.
pub struct Remote {
    at: PublishedAt,
    proxy: Option<ProxyUrl>,
    limits: Limits,
    clock: Arc<dyn Clock>,
    wanted_by_token: Notify,
    wanted_now: Notify,
    past: Mutex<Past>,
}

#[derive(Debug, Default)]
struct Past {
    last: Option<(OffsetDateTime, Instant)>,
    successes: u64,
    failures: u64,
    failures_in_a_row: u32,
}

/// What a fetch is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    /// It is time.
    Due,
    /// A token whose key is not known.
    Token,
    /// Somebody asked for it, and wants to know what came of it.
    Asked,
}

/// What came of a fetch.
enum Fetched {
    Unchanged,
    New(Loaded),
}

/// Fetches an issuer's keys once: the keys, and how long they would be used before they are fetched again.
///
/// # Errors
/// There is no answer, or none with keys that can be used.
pub async fn fetch_once(
    at: &PublishedAt,
    proxy: Option<&ProxyUrl>,
    limits: &Limits,
) -> Result<(Loaded, Duration), FetchError> {
    let Published { text, lifetime } = published(at, proxy, limits).await?;
    Ok((parse(text).await?, limits.until_due(lifetime, 0.0)))
}

async fn published(at: &PublishedAt, proxy: Option<&ProxyUrl>, limits: &Limits) -> Result<Published, FetchError> {
    fetch::fetch(at, proxy, limits.timeout, limits.body_max).await
}

/// Looking at some hundred keys takes a while.
async fn parse(text: String) -> Result<Loaded, FetchError> {
    let parsed = tokio::task::spawn_blocking(move || KeySet::parse(&text)).await;
    Ok(parsed.map_err(|_| FetchError::Failed)??)
}

impl Remote {
    /// Nothing is fetched before the store that it is put into says so.
    #[must_use]
    pub fn new(at: PublishedAt, proxy: Option<ProxyUrl>, limits: Limits, clock: Arc<dyn Clock>) -> Self {
        Self {
            at,
            proxy,
            limits,
            clock,
            wanted_by_token: Notify::new(),
            wanted_now: Notify::new(),
            past: Mutex::default(),
        }
    }

    pub(in crate::auth) fn fetch_soon(&self) {
        self.wanted_by_token.notify_one();
    }

    pub(in crate::auth) fn fetch_now(&self) {
        self.wanted_now.notify_one();
    }

    pub(in crate::auth) fn facts(&self) -> FetchFacts {
        let past = self.past.lock().unwrap_or_else(PoisonError::into_inner);
        FetchFacts {
            last_success: past.last.map(|(time, _)| time),
            age: past.last.map(|(_, instant)| instant.elapsed()),
            successes: past.successes,
            failures: past.failures,
            failures_in_a_row: past.failures_in_a_row,
        }
    }

    pub(in crate::auth) async fn keep_fetching(&self, store: &KeyStore) {
        let mut seen = None;
        let mut reason = Reason::Due;
        let mut token_fetch_allowed_at = Instant::now();
        loop {
            let wait = match self.fetch(&mut seen).await {
                Ok((fetched, lifetime)) => {
                    let recovered = self.succeeded();
                    let wait = self.limits.until_due(lifetime, self.jitter());
                    self.take(store, fetched, recovered || reason == Reason::Asked, wait);
                    wait
                }
                Err(error) => {
                    let failures = self.failed();
                    let wait = self.limits.until_retry(failures, self.jitter());
                    self.tell_failure(store, &error, failures, wait);
                    wait
                }
            };
            reason = self.next(Instant::now() + wait, token_fetch_allowed_at).await;
            if reason == Reason::Token {
                token_fetch_allowed_at = Instant::now() + self.limits.token_interval;
            }
        }
    }

    /// Until there is a reason to fetch. What tokens want too early waits until they may want it; any fetch before that
    /// is what they wanted.
    async fn next(&self, due: Instant, token_fetch_allowed_at: Instant) -> Reason {
        let by_token = async {
            self.wanted_by_token.notified().await;
            sleep_until(token_fetch_allowed_at).await;
        };
        tokio::select! {
            () = sleep_until(due) => Reason::Due,
            () = by_token => Reason::Token,
            () = self.wanted_now.notified() => Reason::Asked,
        }
    }

    async fn fetch(&self, seen: &mut Option<Seen>) -> Result<(Fetched, Lifetime), FetchError> {
        let Published { text, lifetime } = published(&self.at, self.proxy.as_ref(), &self.limits).await?;
        let now = Seen::of(&text);
        if *seen == Some(now) {
            return Ok((Fetched::Unchanged, lifetime));
        }
        let loaded = parse(text).await?;
        *seen = Some(now);
        Ok((Fetched::New(loaded), lifetime))
    }

    /// Whether the one before had failed.
    fn succeeded(&self) -> bool {
        let mut past = self.past.lock().unwrap_or_else(PoisonError::into_inner);
        past.last = Some((self.clock.now(), Instant::now()));
        past.successes += 1;
        std::mem::take(&mut past.failures_in_a_row) > 0
    }

    /// How many have failed since the last success.
    fn failed(&self) -> u32 {
        let mut past = self.past.lock().unwrap_or_else(PoisonError::into_inner);
        past.failures += 1;
        past.failures_in_a_row = past.failures_in_a_row.saturating_add(1);
        past.failures_in_a_row
    }

    /// From 0 to 1.
    fn jitter(&self) -> f64 {
        let [.., high, low] = self.clock.salt();
        f64::from(u16::from_be_bytes([high, low])) / f64::from(u16::MAX)
    }

    fn take(&self, store: &KeyStore, fetched: Fetched, tell_anyway: bool, wait: Duration) {
        let source = self.at.to_string();
        let Fetched::New(Loaded { keys, set_aside }) = fetched else {
            if tell_anyway {
                tracing::info!(source, next_in = ?wait, "the key set was fetched and has not changed");
            }
            return;
        };
        let (before, after) = (store.current().key_ids(), keys.key_ids());
        let size = keys.size();
        store.replace(keys);
        tracing::info!(
            source,
            keys = size,
            added = only_in(&after, &before),
            removed = only_in(&before, &after),
            next_in = ?wait,
            "the key set was fetched and is in force"
        );
        for key in set_aside {
            tracing::warn!(source, "{key}");
        }
    }

    fn tell_failure(&self, store: &KeyStore, error: &FetchError, failures: u32, wait: Duration) {
        let (source, cause) = (self.at.to_string(), error.cause());
        let error = Causes(error);
        if store.current().is_empty() {
            tracing::warn!(source, cause, %error, failures, next_in = ?wait, "there are no keys yet: not ready");
        } else {
            tracing::warn!(source, cause, %error, failures, next_in = ?wait, "the old keys stay in force");
        }
    }
}

impl std::fmt::Debug for Remote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Remote").field("at", &self.at).field("limits", &self.limits).finish_non_exhaustive()
    }
}

/// Those of the one that are not among the other, in one line that does not get out of hand.
fn only_in(kids: &[String], other: &[String]) -> String {
    const NAMED_MAX: usize = 20;
    let only: Vec<&str> = kids.iter().filter(|kid| !other.contains(kid)).map(String::as_str).collect();
    let named = only.iter().take(NAMED_MAX).copied().collect::<Vec<_>>().join(" ");
    match only.len().saturating_sub(NAMED_MAX) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}
