//! What would be taken, where, and by which rule.

use std::ops::Range;

use serde::Serialize;

/// One secret that would be taken; never its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule's id.
    pub rule: String,
    /// What the rule is for.
    pub kind: String,
    /// Bytes of the input that are replaced.
    pub range: Range<usize>,
}
