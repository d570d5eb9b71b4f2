//! Where a value begins and ends.

mod brackets;
mod enclosed;

pub(crate) use brackets::json_bare;
pub(crate) use enclosed::{angled, braced, is_inside_word};

use crate::search::Search;
use crate::text::scan::{line_end, marker_at, skip_blanks};
pub(crate) use crate::text::value::Value;

/// Quoted values longer than this are cut off.
const QUOTED_LIMIT: usize = 8192;

/// The stretch inside a quotation that starts at `at`, if one does.
pub(crate) fn quoted(text: &[u8], at: usize) -> Option<Value> {
    let at = prefix(text, at);
    let rest = text.get(at..)?;
    let plain =
        matches!(rest, [b'"', second, ..] if *second != b'"') || rest.first().is_some_and(u8::is_ascii_alphanumeric);
    for (open, close) in [
        ("&quot;", "&quot;"),
        ("&#34;", "&#34;"),
        ("&#39;", "&#39;"),
        ("&apos;", "&apos;"),
        ("%22", "%22"),
        ("%27", "%27"),
        ("\\u0022", "\\u0022"),
        ("\"\"\"", "\"\"\""),
        ("'''", "'''"),
        ("\u{201c}", "\u{201d}"),
        ("\u{201e}", "\u{201c}"),
        ("\u{2018}", "\u{2019}"),
        ("\u{201a}", "\u{2018}"),
        ("\u{ab}", "\u{bb}"),
        ("``", "``"),
        ("`", "`"),
        ("**", "**"),
        ("<![CDATA[", "]]>"),
    ] {
        if !plain && rest.starts_with(open.as_bytes()) {
            let from = at + open.len();
            let limit = if open.len() == 3 && open.is_ascii() {
                text.len().min(from + QUOTED_LIMIT)
            } else {
                line_end(text, from, QUOTED_LIMIT)
            };
            let length = memchr::memmem::find(&text[from..limit], close.as_bytes())?;
            return trimmed(text, from, from + length);
        }
    }
    // `password=''x''` inside a quotation of its own.
    if rest.starts_with(b"''") && rest.get(2).is_some_and(u8::is_ascii_alphanumeric) {
        let from = at + 2;
        let limit = line_end(text, from, 200);
        if let Some(length) = memchr::memmem::find(&text[from..limit], b"''") {
            return trimmed(text, from, from + length);
        }
    }
    let slashes = rest.iter().take(8).take_while(|b| **b == b'\\').count();
    let mark = *rest.get(slashes).filter(|b| matches!(b, b'"' | b'\''))?;
    let from = at + slashes + 1;
    trimmed(text, from, closing(text, from, slashes, mark))
}

/// `!!str x`, `&anchor x`: YAML says something about the value first.
pub(crate) fn past_tag(text: &[u8], at: usize) -> usize {
    // `<b>Password:</b> x`
    if text[at..].starts_with(b"</") {
        let close = text[at..].iter().take(16).position(|b| *b == b'>');
        let after = close.map_or(at, |close| skip_blanks(text, at + close + 1, 8));
        // `Password:</td><td>x`
        let cell = [&b"<td>"[..], b"<dd>", b"<b>", b"<code>", b"<strong>", b"<span>"]
            .into_iter()
            .find(|tag| text[after..].starts_with(tag));
        return cell.map_or(after, |tag| after + tag.len());
    }
    if !(text[at..].starts_with(b"!!") || text[at..].starts_with(b"&")) {
        return at;
    }
    let tag =
        text[at..].iter().take(24).take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'!' | b'&' | b'_')).count();
    if text.get(at + tag) == Some(&b' ') { skip_blanks(text, at + tag, 4) } else { at }
}

/// `b"x"`, `@"x"`, `$'x'`, `("x")`, `["x"]`: what may stand before a quote.
fn prefix(text: &[u8], at: usize) -> usize {
    let quote = |at: usize| matches!(text.get(at), Some(b'"' | b'\'' | b'`'));
    let escaped = |at: usize| text.get(at) == Some(&b'\\') && quote(at + 1);
    // `<<"x">>`, `[]byte("x")`
    for call in [&b"<<"[..], b"[]byte(", b"bytes(", b"bytearray(", b"Buffer.from(", b"String::from(", b"new String("] {
        if text[at..].starts_with(call) && (quote(at + call.len()) || escaped(at + call.len())) {
            return at + call.len();
        }
    }
    match text.get(at) {
        Some(b'b' | b'B' | b'r' | b'R' | b'u' | b'U' | b'f' | b'L' | b'@' | b'$' | b'(' | b'[')
            if quote(at + 1) || escaped(at + 1) =>
        {
            at + 1
        }
        _ => at,
    }
}

fn trimmed(text: &[u8], mut start: usize, mut end: usize) -> Option<Value> {
    // French puts no-break spaces inside its quotation marks.
    while start < end {
        match &text[start..end] {
            [first, ..] if first.is_ascii_whitespace() => start += 1,
            [0xC2, 0xA0, ..] => start += 2,
            [0xE2, 0x80, 0xAF, ..] => start += 3,
            _ => break,
        }
    }
    while start < end {
        match &text[start..end] {
            [.., last] if last.is_ascii_whitespace() => end -= 1,
            [.., 0xC2, 0xA0] => end -= 2,
            [.., 0xE2, 0x80, 0xAF] => end -= 3,
            _ => break,
        }
    }
    (start < end).then_some(Value { start, end, quoted: true })
}

/// The end of a quotation whose quotes carry `slashes` backslashes.
fn closing(text: &[u8], from: usize, slashes: usize, mark: u8) -> usize {
    let mut limit = text.len().min(from + QUOTED_LIMIT);
    let mut at = from;
    while let Some(found) = memchr::memchr3(mark, b'\\', b'\n', &text[at..limit]) {
        let here = at + found;
        if text[here] == b'\n' {
            limit = here;
            break;
        }
        let run = text[here..limit].iter().take_while(|b| **b == b'\\').count();
        let next = here + run;
        if next >= limit {
            break;
        }
        // `'it''s'`: a doubled quote of YAML and SQL.
        if slashes == 0 && mark == b'\'' && next > from && text[next..].starts_with(b"''") {
            at = next + 2;
            continue;
        }
        let closes = text[next] == mark || (text[next] == b'"' && run < slashes);
        if closes && (if slashes == 0 { run % 2 == 0 } else { run <= slashes }) {
            // With fewer backslashes than it was opened with, an outer quotation ends here.
            return if slashes == 0 { next } else { here };
        }
        at = if run % 2 == 1 && slashes == 0 { next + 1 } else { next + usize::from(run == 0 || text[next] == mark) };
    }
    // Cut off: up to the end of the line, but never across another quote.
    let stop = text[from..limit].iter().position(|b| *b == b'"').map_or(limit, |at| from + at);
    back_off(text, from, stop)
}

/// Leaves no half of an escape at the end.
fn back_off(text: &[u8], from: usize, end: usize) -> usize {
    let run = text[from..end].iter().rev().take_while(|b| **b == b'\\').count();
    end - run
}

/// Where a value without quotes ends.
pub(crate) fn bare(search: &mut Search<'_>, at: usize, in_url: bool) -> Value {
    let text = search.text;
    let run = if in_url { &mut search.url_run } else { &mut search.bare_run };
    if !(run.0..run.1).contains(&at) {
        *run = (at, bare_end(text, at, in_url));
    }
    let mut end = run.1;
    while end > at && matches!(text[end - 1], b'.' | b',' | b';' | b':' | b'*') {
        end -= 1;
    }
    Value { start: at, end, quoted: false }
}

fn bare_end(text: &[u8], from: usize, in_url: bool) -> usize {
    let mut at = from;
    let mut open = 0_u32;
    while at < text.len() {
        let byte = text[at];
        let next = text.get(at + 1).copied().unwrap_or(b'\n');
        if let Some(length) = entity(&text[at..]).filter(|_| !in_url) {
            at += length;
            continue;
        }
        let ends = match byte {
            b'"' if is_inside_word(text, from, at) => false,
            0..=b' ' | b'"' | b'`' | b'\'' | b'<' | b'>' | b';' | 0x7F => true,
            b'&' => {
                in_url
                    || next == b'&'
                    || next_name(text, at + 1)
                    || !is_less_than(text, from, at)
                        && [&b"lt;"[..], b"gt;", b"quot;", b"#34", b"#39", b"apos;"]
                            .iter()
                            .any(|entity| text[at + 1..].starts_with(entity))
            }
            b'#' => in_url,
            b'%' => {
                in_url
                    && text.get(at..at + 3).is_some_and(|code| {
                        matches!(
                            &code.to_ascii_lowercase()[..],
                            b"%26" | b"%22" | b"%20" | b"%0a" | b"%2c" | b"%7d" | b"%3b"
                        )
                    })
            }
            b',' => !next.is_ascii_alphanumeric() && !b"!@#$%^&*".contains(&next) || next_name(text, at + 1),
            b')' | b']' | b'}' if open > 0 => {
                open -= 1;
                false
            }
            b')' | b']' | b'}' => !next.is_ascii_alphanumeric() || in_url,
            b'(' | b'{' => {
                open += 1;
                false
            }
            b'|' => next == b' ',
            b'[' => {
                if let Some(end) = marker_at(text, at) {
                    at = end;
                    continue;
                }
                open += 1;
                false
            }
            b'\\' => {
                let run = text[at..].iter().take_while(|b| **b == b'\\').count();
                match text.get(at + run) {
                    None | Some(b'"' | b'\'' | b'n' | b'r' | b't' | b' ' | b'\n' | b'\r') => true,
                    Some(_) => {
                        at += run + 1;
                        continue;
                    }
                }
            }
            0xC2 => matches!(next, 0xA0 | 0xAB | 0xBB),
            0xE2 => next == 0x80 && text.get(at + 2).is_some_and(|b| (0x93..=0x9F).contains(b)),
            _ => false,
        };
        if ends {
            break;
        }
        at += 1;
    }
    at
}

/// `Kr&lt;cYM5</b>`: a mark of the value, because nothing closes what it would open.
fn is_less_than(text: &[u8], from: usize, at: usize) -> bool {
    let tag = text[..from].ends_with(b">");
    let rest = text[at..].strip_prefix(b"&lt;").unwrap_or_default();
    let value = &rest[..rest.iter().take(64).position(|b| b.is_ascii_whitespace() || *b == b'<').unwrap_or(0)];
    tag && value.first().is_some_and(u8::is_ascii_alphanumeric) && memchr::memmem::find(value, b"&gt;").is_none()
}

/// `&amp;`, `&#64;`: one character of the value in HTML (quotes and brackets end it).
fn entity(rest: &[u8]) -> Option<usize> {
    let name = rest.strip_prefix(b"&")?;
    let length = name.iter().take(7).position(|b| *b == b';').filter(|length| *length >= 2)?;
    let ends = [&b"quot"[..], b"apos", b"lt", b"gt", b"#34", b"#39", b"nbsp"].contains(&&name[..length]);
    let fine = name[..length].iter().all(|b| b.is_ascii_alphanumeric() || *b == b'#');
    (fine && !ends).then_some(length + 2)
}

/// `name=` or `name:` starts here: the value before it is over.
fn next_name(text: &[u8], at: usize) -> bool {
    let rest = &text[at..];
    let rest = rest.strip_prefix(b"amp;").unwrap_or(rest);
    let name =
        rest.iter().take(40).take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.')).count();
    name > 0 && matches!(rest.get(name), Some(b'=' | b':'))
}
