//! Words that hardly are anything but passwords, in lines that speak of one.

use super::engine::{Label, Search};
use super::scan;
use super::values::{Shape, looks_chosen};

/// So far from the name a word is still in the same thought.
const REACH: usize = 110;

/// "use demo / Fr1day!Fr1day (user name / password)": in a line about a password, a word of
/// letters, digits and a mark inside is hardly anything else.
pub(super) fn words(search: &mut Search<'_>, from: usize, to: usize) {
    let text = search.text;
    let (start, end) = (scan::line_start(text, from, REACH), scan::line_end(text, to, REACH));
    // A word that the reach cuts is not read.
    let start = if start + REACH == from {
        start + text[start..from].iter().position(|b| *b == b' ').unwrap_or(0)
    } else {
        start
    };
    let mut at = start;
    while let Some(found) = text[at..end].iter().position(|b| matches!(b, b'!' | b'&' | b'$' | b'%')) {
        let mark = at + found;
        let edge = |b: &u8| b.is_ascii_whitespace() || b"\"'`()<>{}[];,=:/\\|".contains(b);
        let first = text[at..mark].iter().rposition(edge).map_or(at, |found| at + found + 1);
        let last = text[mark..].iter().take(64).position(edge).map_or(mark + 64, |found| mark + found).min(text.len());
        at = last.max(mark + 1);
        let bounded = first == 0 || first == start || edge(&text[first - 1]);
        let word = &text[first..last];
        let shape = Shape::of(word);
        let inside = first < mark && mark + 1 < last;
        if bounded
            && inside
            && (8..=40).contains(&shape.len)
            && shape.digit > 0
            && shape.lower + shape.upper >= 4
            && looks_chosen(word)
            && !search.in_marker(first)
        {
            search.take(Label::StatedSecret, first, last);
        }
        if at >= end {
            return;
        }
    }
}
