//! Whether a write would be taken: what the writer knows, kept for whoever asks.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::cause::{Cause, log_failure};

/// How long what the writer knew last may be believed. It asks every second; a write that takes longer than this is one
/// of a database that hangs.
const BELIEVED: Duration = Duration::from_secs(4);

/// Shared between the writer, who knows, and whoever asks.
#[derive(Clone)]
pub(super) struct Readiness(Arc<Mutex<State>>);

#[derive(Clone, Copy)]
struct State {
    /// Why it takes no writes; `None` where it does.
    against: Option<&'static str>,
    at: Instant,
}

impl Readiness {
    /// What a writer that has just connected knows.
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(State { against: None, at: Instant::now() })))
    }

    /// Takes note of what the database did or said just now. Each change is logged once, also that of the cause.
    pub(super) fn note(&self, found: Result<(), &(dyn std::error::Error + 'static)>) {
        let against = found.err().map(|error| Cause::of(error).cause);
        let now = State { against, at: Instant::now() };
        let before = std::mem::replace(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner), now);
        match found {
            _ if before.against == against => {}
            Ok(()) => tracing::info!("the database takes writes again"),
            Err(error) => log_failure!(error, error, "the database takes no writes"),
        }
    }

    /// Whether no write would be taken because the database is read-only, or a standby.
    pub(super) fn is_read_only(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).against == Some("read_only")
    }

    /// Whether a write would be taken, as far as is known.
    pub(super) fn takes_writes(&self) -> bool {
        let state = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.against.is_none() && state.at.elapsed() < BELIEVED
    }
}
