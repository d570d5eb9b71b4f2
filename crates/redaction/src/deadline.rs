//! Until when a text may be read.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// When to stop reading.
///
/// The engine's time grows with the text, but no text is worth any time: past the deadline a text is replaced whole
/// (see
/// [`crate::UNREAD`]). The engine looks at it every few steps, so that it stops within milliseconds.
#[derive(Clone, Debug, Default)]
pub struct Deadline {
    at: Option<Instant>,
    called_off: Option<Arc<AtomicBool>>,
}

impl Deadline {
    /// Reading stops at `at`.
    #[must_use]
    pub const fn at(at: Instant) -> Self {
        Self { at: Some(at), called_off: None }
    }

    /// Every text is read to its end.
    #[must_use]
    pub const fn never() -> Self {
        Self { at: None, called_off: None }
    }

    /// The same, and reading also stops as soon as `called_off` is set: nobody waits for the result any more.
    #[must_use]
    pub fn or_when(self, called_off: Arc<AtomicBool>) -> Self {
        Self { called_off: Some(called_off), ..self }
    }

    /// Whether it is time to stop.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.called_off.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed))
            || self.at.is_some_and(|at| Instant::now() >= at)
    }
}

/// A text was not read to its end: nothing of it may be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unfinished;
