//! What would be taken or was left alone, where, and why: never its text.

use std::ops::Range;

use serde::Serialize;

use crate::deadline::Deadline;
use crate::engine::Engine;
use crate::facts::verdict::Span;
use crate::policy::ROWS;

/// One secret that would be taken, or something that could have been one; never its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule's id.
    pub rule: String,
    /// What the rule is for.
    pub kind: String,
    /// Bytes of the input that are replaced, or were left alone.
    pub range: Range<usize>,
    /// Who proposed it.
    pub detector: &'static str,
    /// The row of the policy that decided.
    pub row: &'static str,
    /// What that row says.
    pub why: &'static str,
    /// The facts on which it decided.
    pub facts: Vec<&'static str>,
    /// The parts of a sum, where points decided.
    pub points: Vec<(&'static str, i32)>,
}

impl Finding {
    /// Of `span` in `text`; `range` is its place in the input.
    pub(crate) fn new(engine: &Engine, span: &Span, text: &[u8], range: Range<usize>) -> Self {
        let Span { start, end, rule, why, .. } = *span;
        let row = ROWS.iter().find(|row| row.id == why.row);
        let is_scored = why.detector == "sentences";
        let points = if is_scored { redaction_score::explain(text, &(start..end)) } else { Vec::new() };
        Self {
            rule: engine.id(rule).to_owned(),
            kind: engine.about(rule).to_owned(),
            range,
            detector: why.detector,
            row: why.row,
            why: row.map_or("another copy of it, or of its list", |row| row.why),
            facts: why.held.texts().collect(),
            points,
        }
    }
}

/// What could have been a secret and stays, in the order of the text.
pub(crate) fn left(engine: &Engine, input: &str) -> Vec<Finding> {
    let text = input.as_bytes();
    let taken = engine.find(text, 0, &Deadline::never()).unwrap_or_default();
    let stays = |span: &Span| !taken.iter().any(|taken| taken.start < span.end && span.start < taken.end);
    let mut left: Vec<Span> = engine.left(text).into_iter().filter(stays).collect();
    left.sort_by_key(|span| (span.start, span.end, span.rule));
    left.dedup_by(|one, other| (one.start, one.end, one.why) == (other.start, other.end, other.why));
    left.into_iter().map(|span| Finding::new(engine, &span, text, span.start..span.end)).collect()
}
