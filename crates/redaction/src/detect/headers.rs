//! Credentials in headers: `Authorization`, `Cookie`, `Set-Cookie`.

use crate::detect::extent;
use crate::facts::candidate::{Candidate, Claim};
use crate::facts::label::Label;
use crate::facts::values;
use crate::facts::verdict::Verdict;
use crate::lexicon::names;
use crate::search::{CookieLine, Search};
use crate::text::scan::is_quote;
use crate::text::scan::{self, skip_blanks};
use crate::text::separator::Separator;

/// `Cookie: a=b; c=d`: every value goes, attributes of Set-Cookie stay.
pub(crate) fn cookies(search: &mut Search<'_>, separator: Separator) -> bool {
    let text = search.text;
    let mut at = separator.after;
    while text.get(at).is_some_and(|b| matches!(b, b'"' | b'\'' | b'\\' | b'[')) {
        at += 1;
    }
    let known = (search.cookies.from..search.cookies.end).contains(&at);
    if !known {
        search.cookies = CookieLine { from: at, end: cookies_end(text, at) };
    }
    let end = search.cookies.end;
    let mut took = false;
    while at < end {
        let stop = memchr::memchr(b';', &text[at..end]).map_or(end, |found| at + found);
        let equals = memchr::memchr(b'=', &text[at..stop]);
        if let Some(value) = equals.map(|equals| at + equals + 1)
            && is_cookie(text, at, value, stop)
        {
            let mut claim = Candidate::new(text, value, stop, Claim::Cookie, "header", Label::Cookie as usize);
            claim.name = names::classify(text[at..value - 1].trim_ascii());
            took |= search.propose(&claim) == Verdict::Take;
        }
        at = if known { end } else { stop + 1 };
    }
    took
}

/// Where the cookies that begin at `at` end.
fn cookies_end(text: &[u8], at: usize) -> usize {
    let line = memchr::memchr2(b'\n', b'\r', &text[at..]).map_or(text.len(), |found| at + found);
    memchr::memchr3(b'"', b'\'', b'\\', &text[at..line]).map_or(line, |found| at + found)
}

/// Whether a cookie stands at `at`: no attribute, no setting by its name, no code.
fn is_cookie(text: &[u8], at: usize, value: usize, stop: usize) -> bool {
    #[rustfmt::skip]
    const KNOWN: &[&str] = &[
        // Attributes of Set-Cookie.
        "path", "domain", "expires", "max-age", "samesite", "priority", "version",
        // Settings.
        "tz", "timezone", "lang", "locale", "theme", "currency", "density", "consent", "country", "region",
    ];
    let name = text[at..value - 1].trim_ascii();
    let known = KNOWN.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes()));
    // `COOKIE: u32 = 44u32`, `cookie.name() == name`: code.
    let plain = name.is_empty()
        || matches!(text.get(value), Some(b' ' | b'=' | b'>'))
        || text[value - 2].is_ascii_whitespace()
        || name.iter().any(|b| b" ()".contains(b));
    !known && !plain && value < stop
}

/// `Authorization: <scheme> <credentials>`.
pub(crate) fn authorization(search: &mut Search<'_>, separator: Separator) -> bool {
    let text = search.text;
    let mut at = separator.after;
    while text.get(at).is_some_and(|b| matches!(b, b'"' | b'\'' | b'\\' | b'`')) {
        at += 1;
    }
    let scheme =
        text[at..].iter().take(24).take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')).count();
    // The scheme's own rule knows where the signature is.
    if values::starts_with_ignoring_case(&text[at..], b"aws4-")
        || values::starts_with_ignoring_case(&text[at..], b"digest ")
    {
        return true;
    }
    let known = !text[at..at + scheme].iter().any(u8::is_ascii_digit) && text.get(at + scheme) == Some(&b' ');
    if known && scheme > 0 {
        at = skip_blanks(text, at + scheme, 4);
    }
    if is_quote(text, at) {
        return false;
    }
    let value = extent::bare(search, at, separator.encoded);
    let shown = &text[value.start..value.end];
    // Digest, AWS and the like carry a list of parameters.
    let listed = memchr::memchr(b'=', shown)
        .is_some_and(|at| at + 2 < shown.len() && text.get(value.end).is_some_and(|b| matches!(b, b'"' | b',' | b' ')));
    let end = if listed { scan::line_end(text, value.end, 2048) } else { value.end };
    let end = if listed {
        text[value.start..end]
            .iter()
            .position(|b| matches!(b, b'"' | b'\'' | b'\\' | b'\r'))
            .map_or(end, |at| (value.start + at).max(value.end))
    } else {
        end
    };
    let rule = Label::Authorization as usize;
    let claim = Candidate::new(text, value.start, value.end.max(value.start), Claim::Authorization, "header", rule);
    value.start < value.end && search.propose_to(&claim.announced(known && scheme > 0), end, "") == Verdict::Take
}
