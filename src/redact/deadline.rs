//! Until when a text may be read.

use std::time::Instant;

/// When to stop reading.
///
/// The engine's time grows with the text, but no text is worth any time: past the deadline a text is replaced whole (see
/// [`super::UNREAD`]). The engine looks at it every few steps, so that it stops within milliseconds.
#[derive(Clone, Debug, Default)]
pub struct Deadline {
    at: Option<Instant>,
}

impl Deadline {
    /// Reading stops at `at`.
    #[must_use]
    pub const fn at(at: Instant) -> Self {
        Self { at: Some(at) }
    }

    /// Every text is read to its end.
    #[must_use]
    pub const fn never() -> Self {
        Self { at: None }
    }

    /// Whether it is time to stop.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.at.is_some_and(|at| Instant::now() >= at)
    }
}

/// A text was not read to its end: nothing of it may be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unfinished;
