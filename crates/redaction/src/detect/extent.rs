//! Where a value begins and ends.

use crate::search::Search;
use crate::text::scan::{line_end, marker_at, skip_lines};
pub(crate) use crate::text::value::Value;

/// Quoted values longer than this are cut off.
const QUOTED_LIMIT: usize = 8192;
/// A value in braces is no longer.
const BRACED_LIMIT: usize = 256;

/// Quotation marks other than the plain ones: what opens and what closes.
const MARKS: [(&str, &str); 15] = [
    ("\"\"\"", "\"\"\""),
    ("'''", "'''"),
    ("\u{201c}", "\u{201d}"),
    ("\u{201e}", "\u{201c}"),
    ("\u{2018}", "\u{2019}"),
    ("\u{201a}", "\u{2018}"),
    ("\u{ab}", "\u{bb}"),
    ("\u{bb}", "\u{ab}"),
    ("\u{203a}", "\u{2039}"),
    ("\u{2039}", "\u{203a}"),
    ("\u{300c}", "\u{300d}"),
    ("``", "``"),
    ("`", "`"),
    ("**", "**"),
    ("<![CDATA[", "]]>"),
];

/// The value that begins at `at`, in quotation marks or without.
pub(crate) fn value(search: &mut Search<'_>, at: usize) -> Value {
    quoted(search.text, at).unwrap_or_else(|| bare(search, at, false))
}

/// The stretch inside a quotation that starts at `at`, if one does.
pub(crate) fn quoted(text: &[u8], at: usize) -> Option<Value> {
    let at = at + prefix(&text[at.min(text.len())..]);
    let rest = text.get(at..)?;
    // What is none, and the mark of nearly all: the list need not be asked.
    let first = rest.first().filter(|byte| b"\"'`*<\xC2\xE2".contains(byte))?;
    let plain = *first == b'"' && rest.get(1).is_some_and(|second| *second != b'"');
    let marks: &[_] = if plain { &[] } else { &MARKS };
    let (from, to) = if let Some((open, close)) = marks.iter().find(|(open, _)| rest.starts_with(open.as_bytes())) {
        let from = at + open.len();
        let line = &text[from..line_end(text, from, QUOTED_LIMIT)];
        (from, from + memchr::memmem::find(line, close.as_bytes())?)
    } else if matches!(first, b'"' | b'\'') {
        (at + 1, closing(text, at + 1, *first))
    } else {
        return None;
    };
    let inner = &text[from..to];
    let start = from + (inner.len() - inner.trim_ascii_start().len());
    let end = start + inner.trim_ascii().len();
    (start < end).then_some(Value { start, end, quoted: true })
}

/// `b"x"`, `@"x"`, `$'x'`, `("x")`, `<<"x">>`: what may stand before a quotation mark.
fn prefix(rest: &[u8]) -> usize {
    let code = [&b"[]byte("[..], b"<<"].into_iter().find(|code| rest.starts_with(code));
    let length =
        code.map_or_else(|| usize::from(rest.first().is_some_and(|byte| b"bBrRuUfL@$([".contains(byte))), <[u8]>::len);
    if rest.get(length).is_some_and(|byte| b"\"'`".contains(byte)) { length } else { 0 }
}

/// The end of a quotation; where it was cut off, that of the line, but never across another mark.
fn closing(text: &[u8], from: usize, mark: u8) -> usize {
    let limit = line_end(text, from, QUOTED_LIMIT);
    let mut at = from;
    while let Some(found) = memchr::memchr2(mark, b'\\', &text[at..limit]) {
        if text[at + found] == mark {
            return at + found;
        }
        at = (at + found + 2).min(limit);
    }
    let stop = memchr::memchr(b'"', &text[from..limit]).map_or(limit, |found| from + found);
    stop - text[from..stop].iter().rev().take_while(|byte| **byte == b'\\').count()
}

/// `PWD={ab;cd9X};`: braces around a value of a connection string (MS-ODBCSTR 2.1.1).
pub(crate) fn braced(text: &[u8], at: usize) -> Option<Value> {
    let inner = text.get(at..)?.strip_prefix(b"{")?;
    let mut end = 0;
    // A closing one inside is doubled.
    while end == 0 || inner[end..].starts_with(b"}}") {
        end += if end == 0 { 0 } else { 2 };
        end +=
            inner[end..].iter().take(BRACED_LIMIT).position(|byte| b"{}\"\n ".contains(byte)).filter(|at| *at > 0)?;
    }
    let closes = matches!(inner[end..], [b'}'] | [b'}', b';' | b'"' | b'\'' | b'\n' | b' ', ..]);
    closes.then_some(Value { start: at + 1, end: at + 1 + end, quoted: false })
}

/// Where a value without quotes ends.
pub(crate) fn bare(search: &mut Search<'_>, at: usize, in_url: bool) -> Value {
    let text = search.text;
    let run = if in_url { &mut search.read.url_run } else { &mut search.read.bare_run };
    if !(run.0..run.1).contains(&at) {
        *run = (at, bare_end(text, at, in_url));
    }
    let marks = text[at..run.1].iter().rev().take_while(|byte| b".,;:*".contains(byte)).count();
    Value { start: at, end: run.1 - marks, quoted: false }
}

/// Marks that close a quotation, also one that somebody else began, and blanks.
const CLOSING: &[&str] = &["»", "”", "“", "\u{a0}", "\u{202f}"];

fn bare_end(text: &[u8], from: usize, in_url: bool) -> usize {
    let is_letter = |at: usize| text.get(at).is_some_and(u8::is_ascii_alphanumeric);
    let (mut at, mut open) = (from, 0_u32);
    while let Some(byte) = text.get(at) {
        let ends = match byte {
            0..=b' ' | b'`' | b'\'' | b'<' | b'>' | b';' | 0x7F => true,
            // `Bracken"Hollow5`: in the middle of a word it belongs to it.
            b'"' => !(at > from && is_letter(at - 1) && is_letter(at + 1)) || begins_pair(text, at + 1),
            b'&' => in_url || begins_pair(text, at + 1),
            b'#' => in_url,
            0xC2 | 0xE2 => CLOSING.iter().any(|mark| text[at..].starts_with(mark.as_bytes())),
            b',' => begins_pair(text, at + 1),
            b')' | b']' | b'}' => open == 0 && !is_letter(at + 1),
            b'[' if let Some(end) = marker_at(text, at) => {
                at = end;
                continue;
            }
            b'\\' => {
                at += text[at..].iter().take_while(|byte| **byte == b'\\').count();
                let ends = |byte: &u8| byte.is_ascii_whitespace() || b"\"'nrt".contains(byte);
                if text.get(at).is_none_or(ends) {
                    return at - text[from..at].iter().rev().take_while(|byte| **byte == b'\\').count();
                }
                false
            }
            _ => false,
        };
        if ends {
            break;
        }
        match byte {
            b'(' | b'{' | b'[' => open += 1,
            b')' | b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    at
}

/// `name=` or `name:` starts here: the value before it is over.
pub(crate) fn begins_pair(text: &[u8], at: usize) -> bool {
    let rest = text[at..].strip_prefix(b"amp;").unwrap_or(&text[at..]);
    let name = rest.iter().take(40).take_while(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(byte)).count();
    name > 0 && matches!(rest.get(name), Some(b'=' | b':'))
}

/// The end of a number, a boolean, a list or an object of JSON at `at`.
pub(crate) fn json_bare(search: &mut Search<'_>, at: usize) -> Option<usize> {
    let text = search.text;
    match text.get(at)? {
        b'{' | b'[' => {
            let brackets = search.read.brackets.get_or_insert_with(|| bracket_pairs(text));
            let found = brackets.binary_search_by_key(&at, |pair| pair.0).ok()?;
            Some(brackets[found].1)
        }
        b'-' | b'0'..=b'9' => {
            let end = at + text[at..].iter().take(40).take_while(|byte| b"0123456789+-.eE".contains(byte)).count();
            matches!(text.get(skip_lines(text, end)), None | Some(b',' | b'}' | b']')).then_some(end)
        }
        _ => None,
    }
}

/// All pairs of brackets outside strings, in one pass. A string never crosses a line.
fn bracket_pairs(text: &[u8]) -> Vec<(usize, usize)> {
    let (mut open, mut pairs) = (Vec::new(), Vec::new());
    let (mut in_string, mut at) = (false, 0);
    while at < text.len() {
        match text[at] {
            b'\\' => at += 1,
            b'"' => in_string = !in_string,
            b'\n' => in_string = false,
            b'{' | b'[' if !in_string => open.push(at),
            b'}' | b']' if !in_string => pairs.extend(open.pop().map(|start| (start, at + 1))),
            _ => {}
        }
        at += 1;
    }
    pairs.sort_unstable();
    pairs
}
