//! A secret that is said once more: every further copy of what was taken goes, whatever stands beside it.

use super::engine::Span;
use super::search::Search;
use super::values::Shape;

/// So many different secrets of one text are looked for again.
const DISTINCT: usize = 48;
/// Shorter values stand in other words, longer ones are documents.
const LENGTH: std::ops::RangeInclusive<usize> = 6..=512;

/// Takes the copies of what was taken so far.
pub(super) fn take(search: &mut Search<'_>) {
    let text = search.text;
    let mut known: Vec<&[u8]> = Vec::new();
    let mut copies = Vec::new();
    for span in &search.spans {
        let value = &text[span.start..span.end];
        if known.len() == DISTINCT || known.contains(&value) || !is_telling(value) {
            continue;
        }
        known.push(value);
        let found = memchr::memmem::find_iter(text, value).filter(|at| *at != span.start);
        let whole = found.filter(|at| stands_alone(text, *at, at + value.len()));
        copies.extend(whole.map(|start| Span { start, end: start + value.len(), rule: span.rule, quotes: "" }));
    }
    search.spans.append(&mut copies);
}

/// Nothing that other words are made of: a number, or letters with something else among them.
fn is_telling(value: &[u8]) -> bool {
    let shape = Shape::of(value);
    LENGTH.contains(&shape.len)
        && shape.distinct >= 4
        && (shape.digit > 0 && shape.len >= 6 || shape.symbol > 0 && shape.len >= 8)
}

fn stands_alone(text: &[u8], start: usize, end: usize) -> bool {
    let joins = |at: Option<&u8>| at.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    !(joins(text.get(end)) || start > 0 && joins(text.get(start - 1)))
}
