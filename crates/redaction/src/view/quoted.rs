//! Values that a language or shell writes in pieces: `"abc" + "def"`, `'it'\\''s'`, `"a ""b"" c"`.

use std::ops::Range;

use super::written::{Seen, Short};
use super::{Marks, WORD};

/// Marks inside a value, as letters that close nothing.
const INNER: [(u8, char); 7] = [
    (b'"', '\u{2ba}'),
    (b'\'', '\u{2bc}'),
    (b'<', '\u{2c2}'),
    (b'>', '\u{2c3}'),
    (b'&', '\u{204a}'),
    (b'#', '\u{2317}'),
    (b';', '\u{204f}'),
];
/// So far apart two pieces stand, indentation included.
const APART: usize = 160;

/// Whether the quotation mark at `at` begins or ends a name or a value of JSON, as most do.
pub(super) fn ends(text: &[u8], at: usize) -> bool {
    let next = text.get(at + 1);
    next.is_none_or(|next| next.is_ascii_alphanumeric() || b":}]>=/,".contains(next))
}

/// What stands for the quotation mark at `at`, when a value goes on behind it.
pub(super) fn joint(text: &[u8], at: usize, marks: Marks) -> Option<Seen> {
    let (quote, next) = (text[at], *text.get(at + 1)?);
    let before = *text[..at].last()?;
    for written in [&b"'\\''"[..], b"'\"'\"'"] {
        if text[at..].starts_with(written) {
            return Some(inner(quote, at..at + written.len(), marks));
        }
    }
    if next == quote {
        return doubled(text, at, before, marks);
    }
    let closes = !before.is_ascii_whitespace() && !b"=:,([{\\".contains(&before) && before != quote;
    let operates = next.is_ascii_whitespace() || OPERATORS.contains(&next);
    if closes && operates { next_piece(text, at, quote).map(|end| Seen::nothing(at..end)) } else { None }
}

/// A quotation mark inside a value.
pub(super) fn inner(quote: u8, instead_of: Range<usize>, marks: Marks) -> Seen {
    let known = INNER.iter().find(|(mark, _)| *mark == quote && marks == Marks::InValues);
    let letter = known.map_or(char::from(quote), |(_, letter)| *letter);
    Seen { instead_of, what: Short::of(&[letter]) }
}

/// What was escaped, as `seen`, behind what is seen `before`: a quotation mark or bracket between the letters of a
/// word ends no value; an apostrophe, which words have as well, where a figure or another such mark is beside it.
pub(super) fn in_word(text: &[u8], before: Option<&u8>, seen: Seen, marks: Marks) -> Seen {
    let Range { start, end } = seen.instead_of;
    let (after, word) = (text.get(end), |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric));
    let figure = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_digit() || *byte >= 0x80);
    let belongs = match seen.what.as_bytes() {
        b"\"" | b"<" => word(before) && word(after),
        b"'" => figure(before) && word(after) || word(before) && figure(after),
        b">" => word(before) && (word(after) || text[end..].starts_with(b"&#39;")) && !closes_tag(&text[..start]),
        _ => false,
    };
    if belongs { inner(seen.what.as_bytes()[0], start..end, marks) } else { seen }
}

/// `&lt;b`, `/b`, ` hidden`: what stands before the end of a tag.
fn closes_tag(before: &[u8]) -> bool {
    let letters = before.iter().rev().take(WORD).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let head = &before[..before.len() - letters];
    let is_open = |head: &[u8]| !head.last().is_some_and(u8::is_ascii_alphanumeric);
    head.strip_suffix(b"&lt;").is_some_and(is_open) || head.last().is_none_or(|byte| b"/ <-=\"".contains(byte))
}

/// `Zwei""fel` in SQL and CSV, `{""password"": ""x""}` in a cell.
fn doubled(text: &[u8], at: usize, before: u8, marks: Marks) -> Option<Seen> {
    let (quote, after) = (text[at], *text.get(at + 2)?);
    let in_word = |byte: u8| byte.is_ascii_alphanumeric() || byte >= 0x80 || b"!?$#%&*-_+/.@^~".contains(&byte);
    let in_cell = match (in_word(before), in_word(after)) {
        (true, true) => return Some(inner(quote, at..at + 2, marks)),
        (true, false) => b":,}] =)".contains(&after),
        (false, true) => b"{:,[ =(".contains(&before),
        (false, false) => false,
    };
    if in_cell && quote == b'"' { Seen::character(at..at + 2, '"') } else { None }
}

/// Signs that join two texts in some language.
const OPERATORS: &[u8] = b"+.&~|";

/// Where the next piece's content begins: behind blanks and an operator, or on the next line.
fn next_piece(text: &[u8], at: usize, quote: u8) -> Option<usize> {
    let ahead = &text[at + 1..text.len().min(at + 1 + APART)];
    let blank = |from: usize| from + ahead[from..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let signs = |from: usize| from + ahead[from..].iter().take_while(|byte| OPERATORS.contains(byte)).count();
    let first = blank(0);
    let operator = signs(first);
    let sign = &ahead[first..operator];
    if !matches!(sign, b"" | b"+" | b"." | b".." | b"&" | b"~" | b"++" | b"||") {
        return None;
    }
    let second = blank(operator);
    let piece = ahead.get(second + 1..)?;
    let goes_on = piece.first().is_some_and(|byte| byte.is_ascii_graphic() && *byte != quote);
    let joined = !sign.is_empty() || is_indented_text(&ahead[..second], piece, quote);
    (joined && ahead.get(second) == Some(&quote) && goes_on).then_some(at + 1 + second + 1)
}

/// `"abc"` and below it, further in, `"def"` with nothing that makes a name of it.
fn is_indented_text(between: &[u8], piece: &[u8], quote: u8) -> bool {
    let indented = memchr::memrchr(b'\n', between).is_some_and(|line| line + 1 < between.len());
    let end = memchr::memchr2(quote, b'\n', piece);
    let behind = end.and_then(|end| piece.get(end + 1));
    indented && !behind.is_some_and(|byte| matches!(byte, b'=' | b':' | b'"'))
}
