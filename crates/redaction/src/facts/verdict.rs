//! What was decided of a candidate, and why: never the text itself.

use crate::facts::known::Held;

/// What a row of the policy says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Take,
    /// It stays; what else stands there may go.
    Leave,
}

/// Who proposed, which row decided, on which facts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Why {
    pub detector: &'static str,
    pub row: &'static str,
    pub held: Held,
}

/// A decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decision {
    pub verdict: Verdict,
    pub why: Why,
}

/// A stretch of text that one rule takes, or (among what was left) would have taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub start: usize,
    pub end: usize,
    pub rule: usize,
    /// The marker stands in for a bare JSON value and needs these quotes around it.
    pub quotes: &'static str,
    pub why: Why,
}
