//! Overlapping spans become one, and none covers a marker.

use std::ops::Range;

use crate::facts::label::{LABELS, Label};
use crate::facts::verdict::Span;
use crate::text::scan;

/// Overlapping spans become one: nothing that any rule took is left. The rule of the
/// most specific kind names it (vendor before generic, then the longer, then the earlier).
/// `kin` says as which rule one ranks.
pub(crate) fn resolve(
    text: &[u8],
    markers: &[(usize, usize)],
    mut spans: Vec<Span>,
    kin: impl Fn(usize) -> usize,
) -> Vec<Span> {
    let rank = |rule: usize| rank(kin(rule));
    for span in &mut spans {
        span.start = scan::floor_char(text, span.start);
        span.end = scan::ceil_char(text, span.end);
    }
    spans.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end), span.rule));
    let mut merged: Vec<(Span, usize)> = Vec::new();
    for span in spans {
        let length = span.end - span.start;
        match merged.last_mut() {
            Some((last, best)) if span.start < last.end => {
                if (rank(span.rule), usize::MAX - length) < (rank(last.rule), usize::MAX - *best) {
                    last.rule = span.rule;
                    last.why = span.why;
                    *best = length;
                }
                if span.end > last.end {
                    last.end = span.end;
                    last.quotes = "";
                }
            }
            _ => merged.push((span, length)),
        }
    }
    let spans = merged.into_iter().map(|(span, _)| span);
    if markers.is_empty() {
        return spans.collect();
    }
    spans.flat_map(|span| around_markers(text, span, markers)).collect()
}

/// Ranges, of which spans in their order are asked which lie over them: each is looked at near its place only.
pub(crate) struct Over(Vec<Range<usize>>, usize);

impl Over {
    pub(crate) fn new(mut ranges: Vec<Range<usize>>) -> Self {
        ranges.sort_unstable_by_key(|range| range.start);
        Self(ranges, 0)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those over `span`, which is not before the last one.
    pub(crate) fn of(&mut self, span: &Span) -> impl Iterator<Item = &Range<usize>> {
        let (start, end) = (span.start, span.end);
        self.1 += self.0[self.1..].iter().take_while(|range| range.end <= start).count();
        self.0[self.1..].iter().take_while(move |range| range.start < end).filter(move |range| start < range.end)
    }
}

/// Vendor rules and whole keys name a span before names and sentences do.
fn rank(rule: usize) -> u8 {
    match rule {
        _ if rule <= Label::Jwt as usize => 0,
        _ if rule >= LABELS => 1,
        _ if rule == Label::EncodedSecret as usize => 4,
        _ if rule >= Label::StatedSecret as usize => 3,
        _ => 2,
    }
}

/// A span without the markers it covers: what was taken before stays as it is.
fn around_markers(text: &[u8], span: Span, markers: &[(usize, usize)]) -> Vec<Span> {
    let first = markers.partition_point(|marker| marker.1 <= span.start);
    let inside: Vec<_> = markers[first..].iter().take_while(|marker| marker.0 < span.end).collect();
    if inside.is_empty() {
        return vec![span];
    }
    let mut pieces = Vec::new();
    let mut at = span.start;
    let ends = inside.iter().map(|marker| **marker).chain([(span.end, span.end)]);
    for (start, end) in ends {
        let worth = at < start && text[at..start].iter().any(|b| b.is_ascii_alphanumeric() || *b >= 0x80);
        if worth {
            pieces.push(Span { start: at, end: start, quotes: "", ..span });
        }
        at = at.max(end);
    }
    pieces
}
