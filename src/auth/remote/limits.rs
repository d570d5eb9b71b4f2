//! How often keys are fetched, how long that may take, how much is read.

use std::time::Duration;

use super::lifetime::Lifetime;

/// Those of the service are the default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// A key set is used for this long at least, whatever its issuer says.
    pub lifetime_min: Duration,
    /// And for this long at most.
    pub lifetime_max: Duration,
    /// And for this long where its issuer says nothing.
    pub lifetime_unspecified: Duration,
    /// Between two fetches that tokens cause.
    pub token_interval: Duration,
    /// After a failed fetch; doubled with each further one.
    pub retry_min: Duration,
    /// Longest time between two attempts.
    pub retry_max: Duration,
    /// For a fetch, discovery included.
    pub timeout: Duration,
    /// Largest answer that is read, in bytes. The largest in the wild have some tens of kilobytes.
    pub body_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            lifetime_min: Duration::from_mins(1),
            lifetime_max: Duration::from_hours(1),
            lifetime_unspecified: Duration::from_mins(5),
            token_interval: Duration::from_mins(1),
            retry_min: Duration::from_secs(1),
            retry_max: Duration::from_mins(1),
            timeout: Duration::from_secs(10),
            body_max: 256 * 1024,
        }
    }
}

impl Limits {
    /// How long to go on with what an answer brought: up to a tenth less than it may be, so that many instances do not ask
    /// at one moment. `jitter` is from 0 to 1.
    pub(super) fn until_due(&self, lifetime: Lifetime, jitter: f64) -> Duration {
        let lifetime = match lifetime {
            Lifetime::Unspecified => self.lifetime_unspecified,
            Lifetime::Specified(time) => time.clamp(self.lifetime_min, self.lifetime_max),
        };
        lifetime.mul_f64(1.0 - jitter / 10.0).max(self.lifetime_min)
    }

    /// How long to wait after so many failures in a row: up to half less, for the same reason.
    pub(super) fn until_retry(&self, failures: u32, jitter: f64) -> Duration {
        let doubled = self.retry_min.saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1)));
        doubled.min(self.retry_max).mul_f64(1.0 - jitter / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_used_for_a_minute_at_least_an_hour_at_most_and_five_minutes_where_nothing_is_said() {
        let said = |seconds| Lifetime::Specified(Duration::from_secs(seconds));
        for (lifetime, longest, shortest) in [
            (Lifetime::Unspecified, 300, 270),
            (said(0), 60, 60),
            (said(59), 60, 60),
            (said(64), 64, 60),
            (said(600), 600, 540),
            (said(3600), 3600, 3240),
            (said(86_400), 3600, 3240),
        ] {
            let due = |jitter| Limits::default().until_due(lifetime, jitter).as_secs();
            assert_eq!((due(0.0), due(1.0)), (longest, shortest), "{lifetime:?}");
        }
    }

    #[test]
    fn a_failed_fetch_is_tried_again_after_a_second_and_then_ever_later_up_to_a_minute() {
        let waits = |jitter| [1, 2, 3, 6, 7, 8, 1000].map(|n| Limits::default().until_retry(n, jitter).as_millis());
        assert_eq!(waits(0.0), [1000, 2000, 4000, 32_000, 60_000, 60_000, 60_000]);
        assert_eq!(waits(1.0), [500, 1000, 2000, 16_000, 30_000, 30_000, 30_000]);
    }
}
