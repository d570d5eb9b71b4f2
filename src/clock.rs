//! Time, the ids that are made of it, and chance. The only place that asks the machine for any of them.

use std::{
    sync::Mutex,
    time::{Duration, SystemTime},
};

use time::{OffsetDateTime, macros::format_description};
use ulid::Ulid;

use crate::domain::ids::Reference;

/// Where the time comes from.
pub trait Clock: Send + Sync + 'static {
    /// Now, in UTC, cut to milliseconds: what a ULID holds and every database keeps.
    fn now(&self) -> OffsetDateTime;

    /// A new ULID of this moment.
    fn ulid(&self) -> Ulid;

    /// A salt that nobody can guess.
    fn salt(&self) -> Salt;
}

/// What keeps a commitment from being found out by trying: 32 random bytes.
pub type Salt = [u8; 32];

/// What a request gets at the moment it is accepted: its reference, and that reference's own time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// `SR-<ULID>`.
    pub reference: Reference,
    /// RFC 3339, UTC, milliseconds.
    pub created_at: String,
    /// For the commitment to what is personal in the record.
    pub salt: Salt,
    /// For the commitment to who it was in the audit record.
    pub actor_salt: Salt,
}

impl Stamp {
    /// Stamps this moment.
    #[must_use]
    pub fn of(clock: &dyn Clock) -> Self {
        let reference = Reference::from_ulid(clock.ulid());
        let since_epoch = Duration::from_millis(reference.timestamp_ms());
        let created_at = rfc3339_ms(OffsetDateTime::UNIX_EPOCH + since_epoch);
        Self { reference, created_at, salt: clock.salt(), actor_salt: clock.salt() }
    }
}

/// RFC 3339 in UTC with exactly three decimals, so that texts sort as times do.
#[must_use]
pub fn rfc3339_ms(time: OffsetDateTime) -> String {
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
    // The format has no component that a UTC time lacks, so this cannot fail; an empty text would be refused by the database.
    time.to_offset(time::UtcOffset::UTC).format(format).unwrap_or_default()
}

/// The same, and six decimals where somebody wrote a finer time: it must not be rounded into place.
#[must_use]
pub fn rfc3339_exact(time: OffsetDateTime) -> String {
    let text = rfc3339_ms(time);
    match time.microsecond() % 1000 {
        0 => text,
        finer => format!("{}{finer:03}Z", text.trim_end_matches('Z')),
    }
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the machine")]
    fn now(&self) -> OffsetDateTime {
        let now = OffsetDateTime::now_utc();
        now.replace_millisecond(now.millisecond()).unwrap_or(now)
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the machine")]
    fn ulid(&self) -> Ulid {
        Ulid::generate()
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the machine")]
    fn salt(&self) -> Salt {
        rand::random()
    }
}

/// A clock that stands still until it is moved, for tests and for embedding.
#[derive(Debug)]
pub struct FixedClock(Mutex<(OffsetDateTime, u128)>);

impl FixedClock {
    /// A clock that shows `now`.
    #[must_use]
    pub fn at(now: OffsetDateTime) -> Self {
        Self(Mutex::new((now, 0)))
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).0 += by;
    }
}

impl Clock for FixedClock {
    fn now(&self) -> OffsetDateTime {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).0
    }

    fn ulid(&self) -> Ulid {
        let mut state = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        state.1 += 1;
        let since_epoch = SystemTime::from(state.0).duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Ulid::from_parts(u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX), state.1)
    }

    fn salt(&self) -> Salt {
        let mut salt = Salt::default();
        salt[..16].copy_from_slice(&u128::from(self.ulid()).to_be_bytes());
        salt
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_stamp_says_the_same_time_twice() {
        let clock = FixedClock::at(datetime!(2026-01-31 09:00:00.120 UTC));
        let stamp = Stamp::of(&clock);
        assert_eq!(stamp.created_at, "2026-01-31T09:00:00.120Z");
        assert_eq!(u128::from(stamp.reference.timestamp_ms()), 1_769_850_000_120);
        assert_ne!(Stamp::of(&clock).reference, stamp.reference);
        assert_ne!(stamp.salt, stamp.actor_salt);
    }

    #[test]
    fn the_system_clock_knows_nothing_below_a_millisecond() {
        assert_eq!(SystemClock.now().nanosecond() % 1_000_000, 0);
    }
}
