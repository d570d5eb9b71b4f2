//! From word to word of a sentence.

use crate::text::extent::is_inside_word;
use crate::text::scan::skip_blanks;

/// The sentence, or the quotation that the name stands in, ends at `at`.
pub(super) fn over(text: &[u8], at: usize, quoted: bool) -> bool {
    let next = text.get(at + 1);
    match text.get(at) {
        Some(b'"' | b'`' | b'\\' | b'<' | b'{' | b'}') => !quoted,
        Some(b'.' | b'!' | b'?' | b';') => next.is_none_or(|b| b.is_ascii_whitespace() || *b == b'\\' || *b == b'"'),
        _ => false,
    }
}

pub(super) fn ends_line(text: &[u8], at: usize) -> bool {
    matches!(text.get(skip_blanks(text, at, 8)), None | Some(b'\n' | b'\r' | b',' | b';' | b'.'))
}

/// Where to read on after a name that may stand in quotes of its own; nowhere when a
/// longer quotation ends with it.
pub(super) fn out_of_quotes(text: &[u8], from: usize, to: usize) -> Option<usize> {
    let own = from > 0 && matches!(text[from - 1], b'"' | b'\'' | b'`' | b'*') && text.get(to) == Some(&text[from - 1]);
    let at = to + usize::from(own);
    // `'pw', 'nw'`: an item of a list.
    if own && matches!(text.get(at), Some(b',' | b')' | b']' | b'}' | b';' | b'.')) {
        return None;
    }
    let quote =
        matches!(text.get(at), Some(b'"' | b'`')) && text.get(at + 1).is_none_or(|b| !b.is_ascii_alphanumeric());
    (!quote).then_some(at)
}

/// The start of the next word; whether a colon, an equals sign or a dash stood before it.
pub(super) fn next_word(text: &[u8], from: usize, limit: usize) -> Option<(usize, bool)> {
    let mut at = from;
    let mut tied = false;
    while at < limit {
        at = skip_blanks(text, at, limit - at);
        match text.get(at)? {
            b':' | b'=' => {
                tied = true;
                at += 1;
            }
            b'[' if text.get(at + 1) == Some(&b' ') => at += 1,
            b'(' | b')' | b',' | b'*' | b'-' | b'>' | b'|' => at += 1,
            b'\n' | b'\r' => return None,
            0xE2 if text[at..].starts_with("\u{2019}".as_bytes()) => at += 3,
            0xE2 | 0xEF
                if text[at..].starts_with("\u{2192}".as_bytes()) || text[at..].starts_with("\u{ff1a}".as_bytes()) =>
            {
                tied = true;
                at += 3;
            }
            0xE2 if text[at..].starts_with("\u{2013}".as_bytes()) || text[at..].starts_with("\u{2014}".as_bytes()) => {
                at += 3;
            }
            _ => return (at < limit).then_some((at, tied)),
        }
    }
    None
}

pub(super) fn word_end(text: &[u8], start: usize, limit: usize) -> usize {
    let stop = |at: &usize| {
        let byte = text[*at];
        (byte.is_ascii_whitespace() || matches!(byte, b'"' | b'`' | b'<' | b'\\')) && !is_inside_word(text, start, *at)
    };
    let mut end = (start..limit).find(stop).unwrap_or(limit);
    // Where the reach cuts a word, the word still ends where it ends.
    if end == limit {
        end = (limit..text.len().min(limit + 200)).find(stop).unwrap_or(limit);
    }
    // A closing quotation mark of three bytes.
    if end >= start + 4 && matches!(text[end - 3..end], [0xE2, 0x80, 0x98..=0x9E]) {
        end -= 3;
    }
    while end > start + 1 && matches!(text[end - 1], b'.' | b',' | b';' | b':' | b')' | b'\'' | b']' | b'?' | b'*') {
        end -= 1;
    }
    end
}

/// Leaves no half of an escape at the end of a value.
pub(super) fn unescaped(text: &[u8], start: usize, end: usize) -> usize {
    end - text[start..end].iter().rev().take_while(|b| **b == b'\\').count()
}
