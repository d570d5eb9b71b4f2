//! From what was decided to the text without it.

pub(crate) mod confine;
pub(crate) mod listed;
pub(crate) mod overlaps;
pub(crate) mod repeats;

/// The marker that stands in for what a rule took.
pub(crate) fn marker(rule: &str) -> String {
    ["[redacted:", rule, "]"].concat()
}
