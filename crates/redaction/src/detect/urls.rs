//! URLs: user information, and parameters that sign or authorise.

use crate::detect::extent;
use crate::facts::candidate::{Candidate, Claim, Setting};
use crate::facts::label::Label;
use crate::facts::label::label;
use crate::facts::verdict::Verdict;
use crate::lexicon::names::{Kind, Name};
use crate::search::Search;

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
        None => (at, info.len()),
    };
    if length == 0 {
        return;
    }
    let rule = Label::UrlPassword as usize;
    let propose = |start: usize, end: usize, claim: Claim| Candidate::new(text, start, end, claim, "url", rule);
    // A name alone is a secret only when it looks like a token.
    let claim = if secret > at { Claim::UrlPassword } else { Claim::UrlUser };
    let user = search.propose_to(&propose(secret, secret + length, claim), end, "") == Verdict::Take && secret > at;
    // `https://<token>:x-oauth-basic@host`: the name is the secret.
    if user && secret - at > 17 {
        search.propose(&propose(at, secret - 1, Claim::UrlUser));
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
    if value.end < value.start + 4 {
        return true;
    }
    let label = match name.kind {
        Kind::Signature | Kind::Code => Label::UrlSignature,
        kind => label(kind),
    };
    let claim = Candidate::new(text, value.start, value.end, Claim::Parameter, "url", label as usize);
    search.propose(&claim.named(name, Setting::WHOLE));
    true
}
