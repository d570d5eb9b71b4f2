//! Keeps JSON text JSON: a span of a JSON text stays inside one of its strings (or is a
//! whole value that gets quotes of its own).

use std::ops::Range;

use serde::de::IgnoredAny;

use crate::engine::Span;

/// The spans as they are, unless the text is JSON: then cut to its strings.
pub(crate) fn confine(text: &[u8], spans: Vec<Span>) -> Vec<Span> {
    let first = text.iter().find(|b| !b.is_ascii_whitespace());
    let may_be = matches!(first, Some(b'{' | b'[' | b'"'));
    if spans.is_empty() || !may_be || serde_json::from_slice::<IgnoredAny>(text).is_err() {
        return spans;
    }
    let strings = strings(text);
    let mut read = Read::default();
    spans.into_iter().flat_map(|span| cut(text, &span, &strings, &mut read)).collect()
}

/// Escapes can only be told apart from the beginning of their string: how far the last one was read.
#[derive(Default)]
struct Read {
    open: usize,
    /// No escape is cut here.
    at: usize,
}

/// The insides of all strings of a JSON text.
fn strings(text: &[u8]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = memchr::memchr(b'"', &text[at..]) {
        let start = at + open + 1;
        let mut end = start;
        while let Some(next) = memchr::memchr2(b'"', b'\\', &text[end..]) {
            end += next;
            if text[end] == b'"' {
                break;
            }
            end += 2;
        }
        found.push((start, end));
        at = (end + 1).min(text.len());
    }
    found
}

fn cut(text: &[u8], span: &Span, strings: &[(usize, usize)], read: &mut Read) -> Vec<Span> {
    let first = strings.partition_point(|string| string.1 < span.start);
    let touched = strings[first..].iter().take_while(|string| string.0 < span.end);
    let mut pieces: Vec<Span> = Vec::new();
    for &(open, close) in touched {
        // A value that gets quotes of its own begins outside of every string.
        if !span.quotes.is_empty() && span.start < open && span.quotes == "\"" {
            return vec![span.clone()];
        }
        let (start, end) = whole_escapes(text, open, span.start.max(open)..span.end.min(close), read);
        if start < end && text[start..end].iter().any(|b| b.is_ascii_alphanumeric() || *b >= 0x80) {
            pieces.push(Span {
                start,
                end,
                rule: span.rule,
                // A value with quotes of its own stands outside of every string; inside one they are escaped.
                quotes: if span.start >= open && span.quotes != "\"" { span.quotes } else { "" },
            });
        }
    }
    if pieces.is_empty() && span.quotes == "\"" {
        pieces.push(span.clone());
    }
    pieces
}

/// Moves both ends so that no escape is cut. The spans of a string come in their order, so it is read once.
fn whole_escapes(text: &[u8], open: usize, span: Range<usize>, read: &mut Read) -> (usize, usize) {
    let (start, end) = (span.start, span.end);
    if read.open != open || read.at > start {
        *read = Read { open, at: open };
    }
    // Most strings have none.
    if memchr::memchr(b'\\', &text[read.at..end.min(text.len()).max(read.at)]).is_none() {
        read.at = end.max(read.at);
        return (start, end);
    }
    let (mut from, mut to) = (start, end);
    let mut at = read.at;
    while at < end {
        let length = unit(text, at);
        if at < start && start < at + length {
            from = at;
        }
        if at < end && end < at + length {
            to = at + length;
        }
        read.at = at;
        at += length;
    }
    (from, to)
}

/// The length of the character or escape at `at`; both halves of a surrogate pair are one.
fn unit(text: &[u8], at: usize) -> usize {
    match (text[at], text.get(at + 1)) {
        (b'\\', Some(b'u')) => {
            let high = matches!(text.get(at + 2..at + 4), Some([b'd' | b'D', b'8' | b'9' | b'a' | b'b' | b'A' | b'B']));
            if high { 12 } else { 6 }
        }
        (b'\\', _) => 2,
        _ => 1,
    }
}
