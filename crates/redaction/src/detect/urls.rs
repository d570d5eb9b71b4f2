//! URLs: user information, and parameters that sign or authorise.

use crate::detect::assign;
use crate::engine::Label;
use crate::lexicon::names::{Kind, Name, classify};
use crate::search::Search;
use crate::text::extent;

use crate::facts::values::{self, Shape};

/// User information longer than this is none.
const AUTHORITY_LIMIT: usize = 1024;

/// `://` was seen, ending at `at`: takes the password in `user:password@host`.
pub(crate) fn authority(search: &mut Search<'_>, at: usize) {
    let text = search.text;
    let ceiling = text.len().min(at + AUTHORITY_LIMIT);
    let blank = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'<' | b'>' | b'`');
    // Another URL in the same run ends this one.
    let stop = memchr::memmem::find(&text[at..ceiling], b"://").map_or(ceiling, |found| at + found);
    let stop = text[at..stop].iter().position(blank).map_or(stop, |found| at + found);
    let path = text[at..stop].iter().position(|b| matches!(b, b'/' | b'?' | b'#')).map_or(stop, |found| at + found);
    let Some((info, end)) = user_info(text, at, path, stop) else { return };
    let (secret, length) = match memchr::memchr(b':', info) {
        Some(colon) => (at + colon + 1, info.len() - colon - 1),
        None => match find_encoded_colon(info) {
            Some(colon) => (at + colon + 3, info.len() - colon - 3),
            None => (at, info.len()),
        },
    };
    let value = &text[secret..secret + length];
    // `{$API.USER}:{$API.PASSWORD}@`
    if value.is_empty() || values::is_placeholder(value) || values::is_stop_word(value) || value.contains(&b'\\') {
        return;
    }
    // `usuario:contraseña@host`, `benutzer:passwort@host`: what belongs there, in words.
    let shape = Shape::of(value);
    if secret > at
        && shape.digit == 0
        && classify(value).is_some_and(|name| name.strong && value.len() <= name.term.len() + 4)
    {
        return;
    }
    // A name alone is a secret only when it looks like a token.
    if secret > at || (value.len() >= 16 && values::looks_random(value)) {
        search.take(Label::UrlPassword, secret, end);
        // `https://<token>:x-oauth-basic@host`: the name is the secret.
        if secret > at && secret - at > 17 && values::looks_random(&text[at..secret - 1]) {
            search.take(Label::UrlPassword, at, secret - 1);
        }
    }
}

/// The user information and where it ends; a password may hold `/` and `@` unencoded.
fn user_info(text: &[u8], at: usize, path: usize, stop: usize) -> Option<(&[u8], usize)> {
    if let Some(found) = memchr::memrchr(b'@', &text[at..path]) {
        return Some((&text[at..at + found], at + found));
    }
    let found = at + memchr::memrchr(b'@', &text[at..stop])?;
    let colon = at + memchr::memchr(b':', &text[at..found])?;
    let port = text[colon + 1..path.max(colon + 1)].iter().all(u8::is_ascii_digit);
    let host =
        text[found + 1..stop].iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-')).count();
    let bounded = matches!(text.get(found + 1 + host), None | Some(b':' | b'/' | b'"' | b'\'' | b' ' | b'\n' | b'?'));
    (colon < path && !port && host > 0 && bounded).then_some((&text[at..found], found))
}

fn find_encoded_colon(info: &[u8]) -> Option<usize> {
    info.windows(3).position(|code| code.eq_ignore_ascii_case(b"%3a"))
}

/// `https://host/inbox;sid=…`: RFC 3986, section 3.3.
fn is_matrix_parameter(text: &[u8], from: usize) -> bool {
    let floor = from.saturating_sub(200);
    text[from - 1] == b';' && {
        let run = text[floor..from].iter().rposition(u8::is_ascii_whitespace).map_or(floor, |at| floor + at + 1);
        memchr::memmem::find(&text[run..from], b"://").is_some()
    }
}

/// The name is a URL parameter (`?sig=…`, `&code=…`): other names and values count there.
pub(crate) fn parameter(search: &mut Search<'_>, from: usize, to: usize, name: Name) -> bool {
    let text = search.text;
    let opened = from > 0
        && (matches!(text[from - 1], b'?' | b'&' | b'#')
            || text[..from].ends_with(b"&amp;")
            || text[..from].ends_with(b"\\u0026")
            || is_matrix_parameter(text, from));
    if !opened || text.get(to) != Some(&b'=') || text.get(to + 1) == Some(&b'=') {
        return false;
    }
    // `=?UTF-8?Q?Ihr_Passwort_l=C3=A4uft`: the subject of a mail.
    if text[..from].ends_with(b"?Q?") || text[..from].ends_with(b"?q?") {
        return true;
    }
    let mut value = extent::bare(search, to + 1, true);
    value.end = memchr::memchr(b'?', &text[value.start..value.end]).map_or(value.end, |query| value.start + query);
    let shown = &text[value.start..value.end];
    if shown.len() < 4 || values::is_placeholder(shown) {
        return true;
    }
    let shape = Shape::of(shown);
    let weak = match name.kind {
        Kind::Code => shape.len >= 20 || shape.len >= 8 && shape.letters_and_digits() && shape.lower != 0,
        _ => shape.len >= 8 && shape.digit > 0 && shape.lower + shape.upper > 0,
    };
    if (name.strong && !values::is_stop_word(shown)) || weak {
        let label = match name.kind {
            Kind::Signature | Kind::Code => Label::UrlSignature,
            kind => assign::label(kind),
        };
        search.take(label, value.start, value.end);
    }
    true
}
