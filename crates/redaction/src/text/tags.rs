//! Names and values in HTML and XML: `<password>v`, `<th>Password</th><td>v`.

use crate::lexicon::roles::{Role, has};
use crate::lexicon::things::begins_field;
use crate::text::scan::{line_end, skip_blanks, skip_lines};

/// How many tags may stand between a name and its value.
const MOST: usize = 4;

/// `<password>v`, `<th>Password</th><td>v`, `<password attr="x">v`: where `v` starts.
pub(crate) fn tag_gap(text: &[u8], start: usize, at: usize) -> Option<usize> {
    // `<td>Password:</td><td>x`
    let at = at + usize::from(text[at..].starts_with(b":</"));
    if matches!(text.get(at), Some(b'>' | b' ')) && opens_tag(text, start) {
        return content(text, at);
    }
    let name = |tag: &[u8]| {
        has(&tag[..tag.iter().take(12).take_while(|b| b.is_ascii_alphanumeric()).count()], Role::WordingTag)
    };
    let ends_wording = text[at..].strip_prefix(b"</").is_some_and(name);
    if ends_wording { next_content(text, at) } else { None }
}

/// Whether the name follows `<`, perhaps with a namespace between.
fn opens_tag(text: &[u8], start: usize) -> bool {
    let before = &text[start.saturating_sub(25)..start];
    let space = before.iter().rev().take(24).take_while(|b| b.is_ascii_alphanumeric() || b":-_".contains(b)).count();
    let (rest, space) = before.split_at(before.len() - space);
    rest.ends_with(b"<") && (space.is_empty() || space.ends_with(b":"))
}

/// Where the content of an element begins whose name ends at `at`. `NEWT_SECRET=<YOUR_SECRET>` is no tag, and the next line
/// is none of its business.
fn content(text: &[u8], at: usize) -> Option<usize> {
    let limit = line_end(text, at, 120);
    let inner = at + memchr::memchr(b'>', &text[at..limit])? + 1;
    if text[at..inner].ends_with(b"/>") {
        return None;
    }
    let is_on_line = !matches!(text.get(inner), None | Some(b'\n' | b'\r'));
    let is_closed = || memchr::memmem::find(&text[inner..text.len().min(inner + 400)], b"</").is_some();
    (is_on_line || is_closed()).then_some(inner)
}

/// What the tags behind a wording lead to.
fn next_content(text: &[u8], at: usize) -> Option<usize> {
    let mut next = at;
    for _ in 0..MOST {
        next = skip_blanks(text, next, 40);
        next = skip_lines(text, next + usize::from(text.get(next) == Some(&b':')));
        if text.get(next) != Some(&b'<') {
            break;
        }
        let tag = &text[next + 1..];
        // `<string name="password_hint">`: the next text of an application. What comes after a field, a link or a button is
        // no value.
        if tag.starts_with(b"string name=") || begins_field(tag) {
            return None;
        }
        next += memchr::memchr(b'>', &text[next..line_end(text, next, 80)])? + 1;
    }
    Some(next)
}
