//! URLs: user information, and parameters that sign or authorise.

use crate::detect::extent;
use crate::facts::candidate::{Candidate, Claim, Setting};
use crate::facts::label::{Label, label};
use crate::facts::verdict::Verdict;
use crate::lexicon::names::{Kind, Name};
use crate::search::Search;

/// User information longer than this is none.
const AUTHORITY_LIMIT: usize = 1024;
/// A user's name that is longer may be a token.
const USER: usize = 16;
/// A shorter value of a parameter is no secret.
const SHORTEST: usize = 4;

/// `://` was seen, ending at `at`: takes the password in `user:password@host`.
pub(crate) fn authority(search: &mut Search<'_>, _start: usize, at: usize) {
    let text = search.text;
    let ahead = &text[at..text.len().min(at + AUTHORITY_LIMIT)];
    // Another URL in the same run ends this one.
    let ahead = &ahead[..memchr::memmem::find(ahead, b"://").unwrap_or(ahead.len())];
    let blank = |byte: &u8| byte.is_ascii_whitespace() || b"\"'<>`".contains(byte);
    let ahead = &ahead[..ahead.iter().position(blank).unwrap_or(ahead.len())];
    let Some(info) = user_info(ahead) else { return };
    let end = at + info.len();
    let secret = memchr::memchr(b':', info).map_or(at, |colon| at + colon + 1);
    let rule = Label::UrlPassword as usize;
    let candidate = |start: usize, end: usize, claim: Claim| Candidate::new(text, start, end, claim, "url", rule);
    // A name alone is a secret only when it looks like a token.
    let claim = if secret > at { Claim::UrlPassword } else { Claim::UrlUser };
    let took = search.propose(&candidate(secret, end, claim)) == Verdict::Take;
    // `https://<token>:x-oauth-basic@host`: the name is the secret.
    if took && secret > at + USER + 1 {
        search.propose(&candidate(at, secret - 1, Claim::UrlUser));
    }
}

/// The user information that the address begins with; a password may hold `/` and `@` unencoded.
fn user_info(address: &[u8]) -> Option<&[u8]> {
    let path = memchr::memchr3(b'/', b'?', b'#', address).unwrap_or(address.len());
    if let Some(found) = memchr::memrchr(b'@', &address[..path]) {
        return Some(&address[..found]);
    }
    let found = memchr::memrchr(b'@', address)?;
    let colon = memchr::memchr(b':', &address[..path])?;
    let is_port = address[colon + 1..path].iter().all(u8::is_ascii_digit);
    let host = &address[found + 1..];
    let name = host.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-')).count();
    let is_host = name > 0 && host.get(name).is_none_or(|byte| b":/?".contains(byte));
    (!is_port && is_host).then_some(&address[..found])
}

/// The name is a URL parameter (`?sig=…`, `&code=…`): other names and values count there.
pub(crate) fn parameter(search: &mut Search<'_>, from: usize, to: usize, name: Name) -> bool {
    let text = search.text;
    let before = &text[..from];
    // `https://host/inbox;sid=…`: RFC 3986, section 3.3; a connection string has such passwords.
    let marks = if name.kind == Kind::Session { &b"?&#;"[..] } else { b"?&#" };
    if text.get(to) != Some(&b'=') || !before.last().is_some_and(|byte| marks.contains(byte)) {
        return false;
    }
    // `=?UTF-8?Q?Ihr_Passwort_l=C3=A4uft`: the subject of a mail.
    if before.ends_with(b"?Q?") {
        return true;
    }
    let value = extent::bare(search, to + 1, true);
    let shown = &text[value.start..value.end];
    let end = memchr::memchr(b'?', shown).map_or(value.end, |query| value.start + query);
    if end >= value.start + SHORTEST {
        let label = match name.kind {
            Kind::Signature | Kind::Code => Label::UrlSignature,
            kind => label(kind),
        };
        let candidate = Candidate::new(text, value.start, end, Claim::Parameter, "url", label as usize);
        search.propose(&candidate.named(name, Setting::WHOLE));
    }
    true
}
