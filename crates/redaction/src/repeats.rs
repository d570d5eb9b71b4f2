//! A secret that is said once more: every further copy of what was taken goes, whatever stands beside it.

use super::apply::marker;
use super::engine::Span;
use super::search::Search;
use super::values::Shape;
use super::{Cleaned, Taken};

/// How every marker begins.
const MARKER_START: &str = "[redacted:";

/// So many different secrets of one text are looked for again.
const DISTINCT: usize = 48;
/// Shorter values stand in other words, longer ones are documents.
const LENGTH: std::ops::RangeInclusive<usize> = 6..=512;

/// Takes the copies of what was taken so far.
pub(super) fn take(search: &mut Search<'_>) {
    let text = search.text;
    let mut known: Vec<&[u8]> = Vec::new();
    let mut copies = Vec::new();
    let mut spans = std::mem::take(&mut search.spans);
    for span in &spans {
        let value = &text[span.start..span.end];
        if known.len() == DISTINCT || search.is_late() {
            break;
        }
        if known.contains(&value) || !is_telling(value) {
            continue;
        }
        known.push(value);
        let found = memchr::memmem::find_iter(text, value).filter(|at| *at != span.start);
        let whole = found.filter(|at| stands_alone(text, *at, at + value.len()));
        copies.extend(whole.map(|start| Span { start, end: start + value.len(), rule: span.rule, quotes: "" }));
    }
    spans.append(&mut copies);
    search.spans = spans;
}

/// What was taken out of a document: the same stands in its other texts as well, under names that say nothing.
#[derive(Debug, Default)]
pub(super) struct Known(Vec<(String, String)>);

impl Known {
    /// Remembers what `rule` took, when it is nothing that other texts hold by chance.
    pub(super) fn learn(&mut self, value: &str, rule: &str) {
        let shape = Shape::of(value.as_bytes());
        let telling = is_telling(value.as_bytes()) && shape.lower + shape.upper >= 2 && !value.contains(MARKER_START);
        if telling && self.0.len() < DISTINCT && !self.0.iter().any(|known| known.0 == value) {
            self.0.push((value.to_owned(), rule.to_owned()));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `text` without what is known, and how often which rule's secrets were in it.
    pub(super) fn clean(&self, text: &str) -> Option<Cleaned<String>> {
        let mut cleaned = text.to_owned();
        let mut taken = Vec::new();
        for (value, rule) in &self.0 {
            if cleaned.len() < value.len() {
                continue;
            }
            let bytes = cleaned.as_bytes();
            let places: Vec<usize> = memchr::memmem::find_iter(bytes, value)
                .filter(|at| stands_alone(bytes, *at, at + value.len()) && !cleaned[..*at].ends_with(MARKER_START))
                .collect();
            if !places.is_empty() {
                cleaned = without(&cleaned, &places, value.len(), &marker(rule));
                taken.push(Taken { rule: rule.clone(), count: places.len() as u64 });
            }
        }
        (!taken.is_empty()).then_some(Cleaned { value: cleaned, taken })
    }
}

/// `text` with `instead` at each of `places`, which stand in order and apart.
fn without(text: &str, places: &[usize], length: usize, instead: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for &place in places {
        out.push_str(&text[at..place]);
        out.push_str(instead);
        at = place + length;
    }
    out.push_str(&text[at..]);
    out
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
