//! Whether a write would be taken: what the writer knows, kept for whoever asks.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::cause::log_failure;

/// How long what the writer knew last may be believed. It asks every second; a write that takes longer than this is one
/// of a database that hangs.
const BELIEVED: Duration = Duration::from_secs(4);

/// Shared between the writer, who knows, and whoever asks.
#[derive(Clone)]
pub(super) struct Readiness(Arc<Mutex<State>>);

#[derive(Clone, Copy)]
struct State {
    takes_writes: bool,
    at: Instant,
}

impl Readiness {
    /// What a writer that has just connected knows.
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(State { takes_writes: true, at: Instant::now() })))
    }

    /// Takes note of what the database did or said just now. A change is logged, once.
    pub(super) fn note(&self, found: Result<(), &(dyn std::error::Error + 'static)>) {
        let now = State { takes_writes: found.is_ok(), at: Instant::now() };
        let before = std::mem::replace(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner), now);
        match found {
            Ok(()) if !before.takes_writes => tracing::info!("the database takes writes again"),
            Err(error) if before.takes_writes => log_failure!(error, error, "the database takes no writes"),
            _ => {}
        }
    }

    /// Whether a write would be taken, as far as is known.
    pub(super) fn takes_writes(&self) -> bool {
        let state = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.takes_writes && state.at.elapsed() < BELIEVED
    }
}
