//! A circuit breaker, for every provider that asks somebody over a network: after a few failures in a row nobody calls for a
//! while, so that a platform that is down is left in peace and nobody waits for it. Then one caller tries, and the others
//! follow if that went well.
//!
//! Written here because the crates that were looked at (failsafe, recloser, tower's) judge a rate of failures, let more
//! than one caller through to try, or take the time from the machine themselves.

use std::{
    fmt::Display,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use crate::diagnostics::CircuitState;

/// Failures in a row after which the circuit opens.
pub(super) const FAILURES_MAX: u32 = 5;

/// How long it stays open before somebody tries.
const OPEN_TIME: Duration = Duration::from_secs(5);

/// Shared by all calls to one platform.
#[derive(Debug)]
pub(super) struct Breaker {
    state: Mutex<State>,
    open_time: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Calls are let through; so many failed in a row.
    Closed { failures: u32 },
    /// Nobody calls until then, and after that one caller.
    Open { until: Instant },
    /// That one caller is trying; it was open until then.
    Trying { since: Instant },
}

/// A call that is let through. One that is dropped without an outcome says nothing about the platform.
#[derive(Debug)]
pub(super) struct Call<'a> {
    breaker: &'a Breaker,
    /// Since when somebody could have tried, for the one who tries.
    trying: Option<Instant>,
}

/// What a call changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Nothing,
    Opened,
    Closed,
}

impl Change {
    /// Says so once, where the circuit opens or closes: every call that finds it open is in the log anyway.
    pub(super) fn log(self, platform: &impl Display) {
        match self {
            Self::Nothing => {}
            Self::Opened => {
                tracing::warn!(%platform, "the platform failed several times in a row: its circuit is open");
            }
            Self::Closed => tracing::info!(%platform, "the platform answers again: its circuit is closed"),
        }
    }
}

impl Default for Breaker {
    fn default() -> Self {
        Self::with_open_time(OPEN_TIME)
    }
}

impl Breaker {
    pub(super) fn with_open_time(open_time: Duration) -> Self {
        Self { state: Mutex::new(State::Closed { failures: 0 }), open_time }
    }

    /// Lets a call through, or nobody while the circuit is open.
    pub(super) fn enter(&self, now: Instant) -> Option<Call<'_>> {
        self.with_state(|state| match *state {
            State::Closed { .. } => Some(Call { breaker: self, trying: None }),
            State::Open { until } if until <= now => {
                *state = State::Trying { since: until };
                Some(Call { breaker: self, trying: Some(until) })
            }
            State::Open { .. } | State::Trying { .. } => None,
        })
    }

    /// How it stands.
    pub(super) fn state(&self) -> CircuitState {
        self.with_state(|state| match state {
            State::Closed { .. } => CircuitState::Closed,
            State::Open { .. } => CircuitState::Open,
            State::Trying { .. } => CircuitState::HalfOpen,
        })
    }

    fn with_state<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Call<'_> {
    /// The platform answered.
    pub(super) fn succeeded(mut self) -> Change {
        let trying = self.trying.take().is_some();
        self.breaker.with_state(|state| match *state {
            // What began before the circuit opened says nothing about the time since.
            State::Open { .. } | State::Trying { .. } if !trying => Change::Nothing,
            State::Closed { .. } => {
                *state = State::Closed { failures: 0 };
                Change::Nothing
            }
            State::Open { .. } | State::Trying { .. } => {
                *state = State::Closed { failures: 0 };
                Change::Closed
            }
        })
    }

    /// It did not, or not in time, or as no platform does.
    pub(super) fn failed(mut self, now: Instant) -> Change {
        let trying = self.trying.take().is_some();
        let open = State::Open { until: now + self.breaker.open_time };
        self.breaker.with_state(|state| match *state {
            State::Closed { failures } if failures + 1 < FAILURES_MAX => {
                *state = State::Closed { failures: failures + 1 };
                Change::Nothing
            }
            State::Closed { .. } => {
                *state = open;
                Change::Opened
            }
            State::Open { .. } | State::Trying { .. } => {
                if trying {
                    *state = open;
                }
                Change::Nothing
            }
        })
    }
}

impl Drop for Call<'_> {
    /// Whoever tried went away: the next one tries.
    fn drop(&mut self) {
        if let Some(since) = self.trying {
            self.breaker.with_state(|state| *state = State::Open { until: since });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fail(breaker: &Breaker, now: Instant) -> Change {
        breaker.enter(now).expect("it is closed, or somebody may try").failed(now)
    }

    #[test]
    fn it_opens_after_failures_in_a_row_and_one_caller_at_a_time_tries_until_one_succeeds() {
        let (breaker, now) = (Breaker::default(), Instant::now());
        for _ in 0..3 {
            for _ in 1..FAILURES_MAX {
                assert_eq!(fail(&breaker, now), Change::Nothing);
            }
            assert_eq!(breaker.enter(now).unwrap().succeeded(), Change::Nothing, "not in a row");
        }
        for _ in 1..FAILURES_MAX {
            fail(&breaker, now);
        }
        let (before, slow) = (breaker.enter(now).unwrap(), breaker.enter(now).unwrap());
        assert_eq!(breaker.state(), CircuitState::Closed);
        assert_eq!(fail(&breaker, now), Change::Opened);
        assert_eq!(breaker.state(), CircuitState::Open);
        assert!(breaker.enter(now).is_none());
        let later = now + OPEN_TIME;
        assert!(breaker.enter(later.checked_sub(Duration::from_millis(1)).unwrap()).is_none());
        let trying = breaker.enter(later).unwrap();
        assert_eq!(breaker.state(), CircuitState::HalfOpen);
        assert!(breaker.enter(later).is_none(), "two tried at once");
        assert_eq!((before.succeeded(), slow.failed(later)), (Change::Nothing, Change::Nothing));
        assert!(breaker.enter(later).is_none(), "a call of before changed something");
        assert_eq!(trying.failed(later), Change::Nothing);
        assert!(breaker.enter(later).is_none(), "the failed try did not count");
        let even_later = later + OPEN_TIME;
        drop(breaker.enter(even_later).unwrap());
        let trying = breaker.enter(even_later).expect("the next one tries where the first went away");
        assert_eq!(trying.succeeded(), Change::Closed);
        assert!(breaker.enter(even_later).is_some() && breaker.enter(even_later).is_some());
        assert_eq!(fail(&breaker, even_later), Change::Nothing, "it counts from nought again");
    }
}
