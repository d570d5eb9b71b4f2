//! How many requests one creator may make in one workspace: a bucket that fills evenly (GCRA), for each of them, in this
//! process. Instances do not share it.

use std::{
    hash::BuildHasher as _,
    num::NonZeroU32,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock as _, MonotonicClock},
    middleware::{NoOpMiddleware, StateInformationMiddleware},
    state::keyed::DashMapStateStore,
};

use crate::domain::ids::WorkspaceId;

/// A rate as people write it: so many a second, minute or hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many at once, and in each window.
    pub requests: NonZeroU32,
    /// The window.
    pub window: Duration,
}

/// A text that is no rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a number and a time, such as 30/min, 5/s or 500/h, a million at most; or off")]
pub struct NotARate;

/// More than this in a window is no limit but a typing error.
const REQUESTS_MAX: u32 = 1_000_000;

impl Rate {
    /// Reads `30/min`, or `off`, which is none.
    ///
    /// # Errors
    /// Anything else, zero included: a service that takes nothing is not what anybody wants.
    pub fn parse(text: &str) -> Result<Option<Self>, NotARate> {
        if text == "off" {
            return Ok(None);
        }
        let (requests, window) = text.split_once('/').ok_or(NotARate)?;
        let requests: NonZeroU32 = requests.parse().map_err(|_| NotARate)?;
        let window = Duration::from_secs(match window {
            "s" => 1,
            "min" => 60,
            "h" => 3600,
            _ => return Err(NotARate),
        });
        if requests.get() > REQUESTS_MAX { Err(NotARate) } else { Ok(Some(Self { requests, window })) }
    }

    fn quota(self) -> Option<Quota> {
        let each = self.window / self.requests.get();
        Some(Quota::with_period(each)?.allow_burst(self.requests))
    }
}

/// How it stands with one creator after a request of theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The rate that holds.
    pub rate: Rate,
    /// How many more may come at once.
    pub remaining: u32,
    /// How long until the next may come, where this one was too many.
    pub wait: Option<Duration>,
}

/// A creator in a workspace, as a number that nobody outside can choose: the hash is seeded anew in each process.
type Key = u64;

type Limiter = RateLimiter<Key, DashMapStateStore<Key>, MonotonicClock, StateInformationMiddleware>;

/// Keys that are kept at least, before those whose bucket is full again are looked for.
const KEYS_KEPT: usize = 1024;

/// The limit, and what is left to everybody.
#[derive(Debug)]
pub struct RateLimit {
    rate: Rate,
    limiter: Limiter,
    hasher: foldhash::quality::RandomState,
    /// At how many keys those that are not needed any more are dropped.
    sweep_at: AtomicUsize,
}

impl RateLimit {
    /// A limit of this rate for each creator and workspace; none where the rate is too high to be told from none.
    #[must_use]
    pub fn new(rate: Rate) -> Option<Self> {
        let (quota, places) = (rate.quota()?, DashMapStateStore::default());
        let limiter = RateLimiter::<_, _, _, NoOpMiddleware<_>>::new(quota, places, MonotonicClock);
        Some(Self {
            rate,
            limiter: limiter.with_middleware(),
            hasher: foldhash::quality::RandomState::default(),
            sweep_at: AtomicUsize::new(KEYS_KEPT),
        })
    }

    /// Counts a request, and says how it stands with its creator.
    #[must_use]
    pub fn count(&self, workspace: &WorkspaceId, subject: &str) -> Standing {
        self.sweep();
        let key = self.hasher.hash_one((workspace.as_str(), subject));
        match self.limiter.check_key(&key) {
            Ok(snapshot) => Standing { rate: self.rate, remaining: snapshot.remaining_burst_capacity(), wait: None },
            Err(until) => {
                Standing { rate: self.rate, remaining: 0, wait: Some(until.wait_time_from(self.limiter.clock().now())) }
            }
        }
    }

    /// Whoever has not come for a window is as good as unknown. Memory is bounded by who comes within one.
    fn sweep(&self) {
        let sweep_at = self.sweep_at.load(Ordering::Relaxed);
        if self.limiter.len() < sweep_at {
            return;
        }
        self.limiter.retain_recent();
        self.sweep_at.store(KEYS_KEPT.max(2 * self.limiter.len()), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(text: &str) -> RateLimit {
        RateLimit::new(Rate::parse(text).unwrap().unwrap()).unwrap()
    }

    #[test]
    fn a_rate_is_a_number_and_a_time_or_off() {
        let rate = |requests, seconds| {
            Ok(Some(Rate { requests: NonZeroU32::new(requests).unwrap(), window: Duration::from_secs(seconds) }))
        };
        assert_eq!(Rate::parse("off"), Ok(None));
        for (text, read) in [("30/min", rate(30, 60)), ("5/s", rate(5, 1)), ("1/h", rate(1, 3600))] {
            assert_eq!(Rate::parse(text), read);
        }
        for bad in ["", "30", "0/min", "-1/s", "30/m", "30 / min", "1.5/s", "1000001/h", "4294967296/s", "none", "OFF"]
        {
            assert_eq!(Rate::parse(bad), Err(NotARate), "{bad}");
        }
    }

    #[test]
    fn each_creator_has_a_bucket_of_their_own_in_each_workspace() {
        let limit = limit("3/h");
        let (acme, other) = (WorkspaceId::parse("acme").unwrap(), WorkspaceId::parse("other").unwrap());
        let remaining: Vec<u32> = (0..3).map(|_| limit.count(&acme, "ada").remaining).collect();
        assert_eq!(remaining, [2, 1, 0]);
        let refused = limit.count(&acme, "ada");
        // A third of an hour for the next; a little of it has passed.
        assert!(refused.wait.is_some_and(|wait| !wait.is_zero() && wait <= Duration::from_mins(20)));
        assert_eq!(limit.count(&acme, "bob").wait, None);
        assert_eq!(limit.count(&other, "ada").wait, None);
    }

    #[test]
    fn creators_who_do_not_come_again_are_forgotten() {
        let limit = limit("1000000/s");
        let acme = WorkspaceId::parse("acme").unwrap();
        for number in 0..50 * KEYS_KEPT {
            let _ = limit.count(&acme, &number.to_string());
        }
        assert!(limit.limiter.len() < 10 * KEYS_KEPT, "{} keys are kept", limit.limiter.len());
    }
}
