//! A secret that is said once more: every further copy of what was taken goes, whatever stands beside it.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::facts::values::Shape;
use crate::facts::verdict::{Span, Why};
use crate::search::Search;
use crate::spans::marker;
use crate::text::scan::{self, MARKER};
use crate::view;
use crate::{Cleaned, Taken};

/// So many different secrets of one text are looked for again.
const DISTINCT: usize = 48;
/// Shorter values stand in other words, longer ones are documents.
const LENGTH: std::ops::RangeInclusive<usize> = 6..=512;

/// Takes the copies of what was taken so far.
pub(crate) fn take(search: &mut Search<'_>) {
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
        copies.extend(whole.map(|start| Span {
            start,
            end: start + value.len(),
            rule: span.rule,
            quotes: "",
            why: Why { row: "repeated", ..span.why },
        }));
    }
    spans.append(&mut copies);
    search.spans = spans;
}

/// What was taken out of a document: the same stands in its other texts as well, under names that say nothing, and in
/// other
/// spellings.
#[derive(Debug, Default)]
pub(crate) struct Known(Vec<(Vec<u8>, String)>);

impl Known {
    /// Remembers what `rule` took, as a person reads it, when it is nothing that other texts hold by chance.
    pub(crate) fn learn(&mut self, value: &str, rule: &str) {
        let value = view::plain(value.as_bytes()).map_or_else(|| value.as_bytes().to_vec(), |reading| reading.text);
        let letters = || value.iter().filter(|byte| byte.is_ascii_alphabetic() || **byte >= 0x80).count();
        let marked = || memchr::memmem::find(&value, MARKER).is_some();
        if is_telling(&value)
            && letters() >= 2
            && !marked()
            && self.0.len() < DISTINCT
            && !self.0.iter().any(|known| known.0 == value)
        {
            self.0.push((value, rule.to_owned()));
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `text` without what is known, and how often which rule's secrets were in it.
    pub(crate) fn clean(&self, text: &str) -> Option<Cleaned<String>> {
        let markers = scan::markers(text.as_bytes());
        let mut places = self.places(text.as_bytes());
        if let Some(reading) = view::plain(text.as_bytes()) {
            let found = self.places(&reading.text);
            places.extend(found.into_iter().map(|(place, rule)| (reading.origin(place), rule)));
        }
        places.sort_by_key(|(place, _)| (place.start, std::cmp::Reverse(place.end)));
        let (mut out, mut at) = (String::with_capacity(text.len()), 0);
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for (place, rule) in places {
            let next = markers.partition_point(|marker| marker.1 <= place.start);
            let in_marker = markers.get(next).is_some_and(|marker| marker.0 < place.end);
            if place.start < at || in_marker {
                continue;
            }
            out.push_str(&text[at..place.start]);
            out.push_str(&marker(rule));
            at = place.end;
            *counts.entry(rule).or_default() += 1;
        }
        out.push_str(&text[at..]);
        let taken: Vec<Taken> =
            counts.into_iter().map(|(rule, count)| Taken { rule: rule.to_owned(), count }).collect();
        (!taken.is_empty()).then_some(Cleaned { value: out, taken })
    }

    /// Where in `text` what is known stands, and which rule it is of.
    fn places(&self, text: &[u8]) -> Vec<(Range<usize>, &str)> {
        let copies = self.0.iter().flat_map(|(value, rule)| {
            memchr::memmem::find_iter(text, value).map(move |start| (start..start + value.len(), rule.as_str()))
        });
        copies.filter(|(place, _)| stands_alone(text, place.start, place.end)).collect()
    }
}

/// Nothing that other words are made of: a number, or letters with something else among them.
fn is_telling(value: &[u8]) -> bool {
    let tells = |shape: Shape| shape.distinct >= 4 && (shape.digit > 0 || shape.symbol > 0 && shape.len >= 8);
    LENGTH.contains(&value.len()) && tells(Shape::of(value))
}

pub(super) fn stands_alone(text: &[u8], start: usize, end: usize) -> bool {
    let joins = |at: Option<&u8>| at.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    !(joins(text.get(end)) || start > 0 && joins(text.get(start - 1)))
}
