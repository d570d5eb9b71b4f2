//! Names and values in HTML and XML: `<password>v`, `<th>Password</th><td>v`.

use crate::text::scan::{line_end, skip_blanks};
use crate::text::separator::skip_lines;

/// `<password>v`, `<th>Password</th><td>v`, `<password attr="x">v`: where `v` starts.
pub(crate) fn tag_gap(text: &[u8], start: usize, at: usize) -> Option<usize> {
    // `<td>Password:</td><td>x`
    let at = at + usize::from(text[at..].starts_with(b":</"));
    // `NEWT_SECRET=<YOUR_SECRET>`: no tag, and the next line is none of its business.
    let opened = tag_before(text, start);
    let in_cell = start > 0 && text[start - 1] == b'>' && text[at..].starts_with(b"</");
    if opened && matches!(text.get(at), Some(b'>' | b' ')) {
        let limit = line_end(text, at, 120);
        let close = memchr::memchr(b'>', &text[at..limit])?;
        if text[at..at + close].contains(&b'=') && text[at] == b'>' || text[at + close - usize::from(close > 0)] == b'/'
        {
            return None;
        }
        let inner = at + close + 1;
        let below = matches!(text.get(inner), None | Some(b'\n' | b'\r'));
        let closed = memchr::memmem::find(&text[inner..text.len().min(inner + 400)], b"</").is_some();
        return (!below || closed).then_some(inner);
    }
    let markdown = text[at..].starts_with(b"</");
    if !(in_cell || markdown) || !is_wording(text, at) {
        return None;
    }
    let mut next = at;
    for _ in 0..4 {
        next = skip_blanks(text, next, 40);
        if text.get(next) == Some(&b':') {
            next += 1;
        }
        next = skip_lines(text, next);
        if text.get(next) != Some(&b'<') {
            break;
        }
        // `<string name="password_hint">`: the next text of an application.
        if text[next..text.len().min(next + 16)].starts_with(b"<string name=") {
            return None;
        }
        // What comes after a field, a link or a button is no value.
        let tag = &text[next + 1..text.len().min(next + 10)];
        let field = [&b"input"[..], b"a ", b"button", b"select", b"textarea", b"form", b"option", b"h1", b"h2"];
        if field.iter().any(|name| tag.starts_with(name)) {
            return None;
        }
        let limit = line_end(text, next, 80);
        next += memchr::memchr(b'>', &text[next..limit])? + 1;
    }
    Some(next)
}

/// `</th>`, `</b>`, `</key>`: the end of something that says what comes next.
fn is_wording(text: &[u8], at: usize) -> bool {
    const TAGS: &[&str] = &[
        "th", "td", "dt", "dd", "b", "strong", "label", "key", "name", "em", "i", "span", "p", "div", "li", "code",
        "string", "font", "u", "h1", "h2", "h3", "h4", "small", "a", "mark", "n", "title", "legend", "field", "param",
    ];
    let from = at + text[at..].iter().take(12).position(|b| *b == b'<').map_or(0, |open| open + 2);
    let length = text[from.min(text.len())..].iter().take(12).take_while(|b| b.is_ascii_alphanumeric()).count();
    TAGS.iter().any(|tag| text[from.min(text.len())..][..length].eq_ignore_ascii_case(tag.as_bytes()))
}

/// Whether the name follows `<`, perhaps with a namespace between.
fn tag_before(text: &[u8], start: usize) -> bool {
    let back = text[start.saturating_sub(24)..start]
        .iter()
        .rev()
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b':' | b'-' | b'_'));
    let at = start - back.count();
    at > 0 && text[at - 1] == b'<' && (at == start || text[start - 1] == b':')
}
