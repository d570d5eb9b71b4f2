//! Byte-level helpers shared by the scanners: identifiers, boundaries, markers.

use crate::byte_classes::ByteClasses;
use crate::lexicon::names::NAME_LIMIT;

/// How every marker begins; what follows is `<rule id>]`.
pub(crate) const MARKER: &[u8] = b"[redacted:";

/// The end of the marker that starts at `at`, if one does.
pub(crate) fn marker_at(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?.strip_prefix(MARKER)?;
    let id = rest.iter().take(64).take_while(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || **b == b'-').count();
    (id > 0 && rest.get(id) == Some(&b']')).then_some(at + MARKER.len() + id + 1)
}

/// All markers of a text, in order.
pub(crate) fn markers(text: &[u8]) -> Vec<(usize, usize)> {
    memchr::memmem::find_iter(text, MARKER).filter_map(|start| marker_at(text, start).map(|end| (start, end))).collect()
}

/// Whether a byte can stand in the middle of a token such as `ghp_abc-1`.
#[inline]
pub(crate) fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

/// Whether a byte belongs to a standard or URL-safe base64 run.
#[inline]
pub(crate) fn is_base64(byte: u8) -> bool {
    ByteClasses::is(byte, ByteClasses::BASE64)
}

fn is_continuation(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}

/// The character that ends at `end` belongs to a name: its start.
fn name_char_before(text: &[u8], end: usize) -> Option<usize> {
    let last = end.checked_sub(1)?;
    let byte = text[last];
    if is_token(byte) || byte == b'.' {
        return Some(last);
    }
    // Two-byte letters (Latin, Greek, Cyrillic); longer characters are mostly punctuation.
    let lead = last.checked_sub(1)?;
    (is_continuation(byte) && (0xC3..=0xDF).contains(&text[lead])).then_some(lead)
}

/// The character that starts at `at` belongs to a name: its end.
fn name_char_at(text: &[u8], at: usize) -> Option<usize> {
    let byte = *text.get(at)?;
    if is_token(byte) || byte == b'.' {
        return Some(at + 1);
    }
    ((0xC3..=0xDF).contains(&byte) && at + 1 < text.len()).then_some(at + 2)
}

/// The name (identifier or word) around `start..end`, trimmed of dots and dashes.
pub(crate) fn name_around(text: &[u8], start: usize, end: usize) -> (usize, usize) {
    let mut left = start;
    while start - left < NAME_LIMIT {
        match name_char_before(text, left) {
            Some(next) if !escape_tail(text, next) => left = next,
            _ => break,
        }
    }
    let mut right = end;
    while right - end < NAME_LIMIT {
        match name_char_at(text, right) {
            Some(next) => right = next,
            None => break,
        }
    }
    while right > end && matches!(text[right - 1], b'.' | b'-' | b'_') {
        right -= 1;
    }
    while left < start && matches!(text[left], b'.' | b'-' | b'_') {
        left += 1;
    }
    (left, right)
}

/// Whether the letter at `at` is the tail of an escape such as `\n`, `\t`.
pub(crate) fn escape_tail(text: &[u8], at: usize) -> bool {
    at > 0 && text[at - 1] == b'\\' && matches!(text.get(at), Some(b'n' | b't' | b'r'))
}

/// Whether a token may start at `at`: nothing of a word stands directly before it.
pub(crate) fn starts_clean(text: &[u8], at: usize) -> bool {
    let Some(previous) = at.checked_sub(1) else {
        return true;
    };
    !text[previous].is_ascii_alphanumeric() || escape_tail(text, previous)
}

/// Skips spaces and tabs (also no-break spaces), at most `limit` bytes.
pub(crate) fn skip_blanks(text: &[u8], from: usize, limit: usize) -> usize {
    let mut at = from;
    while at < text.len().min(from + limit) {
        at += match text[at..] {
            [b' ' | b'\t', ..] => 1,
            [0xC2, 0xA0, ..] => 2,
            _ => break,
        };
    }
    at
}

/// The start of the line that holds `at`, looking back at most `limit` bytes.
pub(crate) fn line_start(text: &[u8], at: usize, limit: usize) -> usize {
    let floor = at.saturating_sub(limit);
    memchr::memrchr(b'\n', &text[floor..at]).map_or(floor, |found| floor + found + 1)
}

/// The end of the line that holds `at`, looking ahead at most `limit` bytes.
pub(crate) fn line_end(text: &[u8], at: usize, limit: usize) -> usize {
    let ceiling = text.len().min(at + limit);
    memchr::memchr(b'\n', &text[at..ceiling]).map_or(ceiling, |found| at + found)
}

/// Where `needle` stands in a short `hay`: a searcher costs more to make than to use.
pub(crate) fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    memchr::memchr_iter(needle[0], hay).find(|at| hay[*at..].starts_with(needle))
}

/// Moves `at` back to a character boundary.
pub(crate) fn floor_char(text: &[u8], mut at: usize) -> usize {
    while at > 0 && at < text.len() && is_continuation(text[at]) {
        at -= 1;
    }
    at
}

/// Moves `at` on to a character boundary.
pub(crate) fn ceil_char(text: &[u8], mut at: usize) -> usize {
    while at < text.len() && is_continuation(text[at]) {
        at += 1;
    }
    at
}

/// Skips blanks and line ends.
pub(crate) fn skip_lines(text: &[u8], from: usize) -> usize {
    let more = text[from..].iter().take(120).take_while(|b| b.is_ascii_whitespace()).count();
    from + more
}

/// A quotation mark, perhaps escaped.
pub(crate) fn is_quote(text: &[u8], at: usize) -> bool {
    let slashes = text[at..].iter().take(8).take_while(|b| **b == b'\\').count();
    matches!(text.get(at + slashes), Some(b'"' | b'\''))
}

/// `[`, `(`, `- ` before a value.
pub(crate) fn skip_list_marks(text: &[u8], at: usize) -> usize {
    match text.get(at) {
        Some(b'-') if text.get(at + 1) == Some(&b' ') => skip_blanks(text, at + 1, 8),
        Some(b'[') if marker_at(text, at).is_none() && text.get(at + 1).is_some_and(u8::is_ascii_alphanumeric) => {
            at + 1
        }
        _ => at,
    }
}
