//! Keeps JSON text JSON: a span of a JSON text stays inside one of its strings (or is a
//! whole value that gets quotes of its own).

use std::ops::Range;

use serde::de::IgnoredAny;

use crate::facts::verdict::Span;

/// The spans as they are, unless the text is JSON: then cut to its strings.
pub(crate) fn confine(text: &[u8], spans: Vec<Span>) -> Vec<Span> {
    let first = text.iter().find(|b| !b.is_ascii_whitespace());
    let may_be = matches!(first, Some(b'{' | b'[' | b'"'));
    if spans.is_empty() || !may_be || serde_json::from_slice::<IgnoredAny>(text).is_err() {
        return spans;
    }
    let strings = Strings::of(text);
    spans.into_iter().flat_map(|span| strings.cut(text, &span)).collect()
}

/// The strings of a JSON text and the escapes in them, each in order: an escape can only be told from the beginning of its
/// string.
#[derive(Default)]
struct Strings {
    /// What is inside of the quotes.
    insides: Vec<Range<usize>>,
    escapes: Vec<Range<usize>>,
}

impl Strings {
    fn of(text: &[u8]) -> Self {
        let mut found = Self::default();
        let mut at = 0;
        while let Some(open) = memchr::memchr(b'"', &text[at..]) {
            let start = at + open + 1;
            let mut end = start;
            while let Some(next) = memchr::memchr2(b'"', b'\\', &text[end..]) {
                end += next;
                if text[end] == b'"' {
                    break;
                }
                let escape = end..end + escape(&text[end..]);
                end = escape.end;
                found.escapes.push(escape);
            }
            found.insides.push(start..end);
            at = (end + 1).min(text.len());
        }
        found
    }

    fn cut(&self, text: &[u8], span: &Span) -> Vec<Span> {
        let first = self.insides.partition_point(|inside| inside.end < span.start);
        let touched = self.insides[first..].iter().take_while(|inside| inside.start < span.end);
        let is_whole = span.quotes == "\"";
        let mut pieces: Vec<Span> = Vec::new();
        for inside in touched {
            // A value that gets quotes of its own begins outside of every string.
            if is_whole && span.start < inside.start {
                return vec![span.clone()];
            }
            let (start, end) = self.whole(span.start.max(inside.start), span.end.min(inside.end));
            if start < end && text[start..end].iter().any(|b| b.is_ascii_alphanumeric() || *b >= 0x80) {
                // Inside of a string quotes are escaped.
                let quotes = if span.start >= inside.start && !is_whole { span.quotes } else { "" };
                pieces.push(Span { start, end, quotes, ..*span });
            }
        }
        if pieces.is_empty() && is_whole {
            pieces.push(span.clone());
        }
        pieces
    }

    /// Moves both ends so that no escape is cut.
    fn whole(&self, start: usize, end: usize) -> (usize, usize) {
        let around = |at: usize| {
            let next = self.escapes.partition_point(|escape| escape.end <= at);
            self.escapes.get(next).filter(|escape| escape.start < at)
        };
        (around(start).map_or(start, |escape| escape.start), around(end).map_or(end, |escape| escape.end))
    }
}

/// The length of the escape that begins here; both halves of a surrogate pair are one.
fn escape(text: &[u8]) -> usize {
    match text {
        [_, b'u', b'd' | b'D', b'8' | b'9' | b'a' | b'b' | b'A' | b'B', _, _, b'\\', b'u', ..] => 12,
        [_, b'u', ..] => 6,
        _ => 2,
    }
}
