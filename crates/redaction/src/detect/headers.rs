//! Credentials in headers: `Authorization`, `Cookie`, `Set-Cookie`.

use crate::detect::assign::is_quote;
use crate::engine::Label;
use crate::facts::values;
use crate::lexicon::names;
use crate::search::Search;
use crate::text::extent;
use crate::text::scan::{self, skip_blanks};
use crate::text::separator::Separator;

/// A line of cookies is read this far from a name.
const LINE: usize = 8192;
/// Longer values are no settings.
const SETTING: usize = 1024;
/// Longer values are neither words nor measures.
const SHORT: usize = 12;

/// What is known of the line of cookies that was read last: a name further on in it has the rest of it as its cookies.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CookieLine {
    from: usize,
    /// Every cookie before this one was judged.
    next: usize,
    end: usize,
    /// The line goes on behind `end`.
    cut: bool,
}

/// `Cookie: a=b; c=d`: every value goes, attributes of Set-Cookie stay.
pub(crate) fn cookies(search: &mut Search<'_>, separator: Separator) -> bool {
    let text = search.text;
    let mut at = separator.after;
    while text.get(at).is_some_and(|b| matches!(b, b'"' | b'\'' | b'\\' | b'[')) {
        at += 1;
    }
    let known = Some(search.cookies).filter(|known| (known.from..known.end).contains(&at));
    let (end, cut) = known.filter(|known| !known.cut).map_or_else(|| cookies_end(text, at), |known| (known.end, false));
    let from = known.map_or(at, |known| known.from);
    let mut last = at;
    let mut took = false;
    while at < end {
        let stop = memchr::memchr(b';', &text[at..end]).map_or(end, |found| at + found);
        let equals = memchr::memchr(b'=', &text[at..stop]);
        if let Some(value) = equals.map(|equals| at + equals + 1)
            && is_cookie(text, at, value, stop)
        {
            search.take(Label::Cookie, value, stop);
            took = true;
        }
        last = at;
        // What an earlier name took of the others is covered, and no name in there comes here.
        at = known.filter(|known| stop < known.next).map_or(stop + 1, |known| known.next);
    }
    search.cookies = CookieLine { from, next: if cut { last } else { end + 1 }, end, cut };
    took
}

/// Where the cookies that begin at `at` end, and whether only because the line is long.
fn cookies_end(text: &[u8], at: usize) -> (usize, bool) {
    let line = scan::line_end(text, at, LINE);
    let quote = memchr::memchr3(b'"', b'\'', b'\\', &text[at..line]).map_or(line, |found| at + found);
    let end = memchr::memchr(b'\r', &text[at..quote]).map_or(quote, |found| at + found);
    (end, end == at + LINE && end < text.len())
}

/// Whether the value of the cookie at `at` goes.
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
    if known || plain || value >= stop {
        return false;
    }
    let shown = &text[value..stop];
    let setting = shown.len() <= SHORT && is_setting(name, shown) || shown.len() <= SETTING && is_settings(shown);
    !setting && !is_empty_cookie(&shown[..shown.len().min(SETTING)])
}

/// A word, a measure, a small number under a name that means no secret.
fn is_setting(name: &[u8], value: &[u8]) -> bool {
    let shape = values::Shape::of(value);
    let measure = shape.len <= 10 && shape.digit < shape.len && values::is_measure(value, &shape);
    let word = shape.digit == 0 && (shape.len < 12 && shape.upper == 0 || shape.len < 8);
    let number = shape.digit == shape.len && shape.len < 6;
    (measure || word || number) && names::classify(name).is_none()
}

/// `editor%3Dtinymce%26library%3Dbrowse`: settings by their names, and nothing that could be a key.
fn is_settings(value: &[u8]) -> bool {
    let decoded: Vec<u8> = percent_encoding::percent_decode(value).collect();
    decoded.len() < value.len()
        && decoded.iter().any(|b| b"=,/&".contains(b))
        && decoded.iter().all(|b| b.is_ascii_alphabetic() || b"=&,/-_.".contains(b))
        && !decoded.split(|b| matches!(b, b'=' | b'&')).any(values::looks_random)
}

/// A mask, or what a server writes over a cookie that it takes away.
fn is_empty_cookie(value: &[u8]) -> bool {
    values::is_placeholder(value)
        || [&b"deleted"[..], b"deleteMe", b"expired", b"removed", b"invalid"]
            .iter()
            .any(|word| value.eq_ignore_ascii_case(word))
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
    let plain = values::Shape::of(shown);
    let enough = shown.len() >= 6 && (plain.digit > 0 || shown.len() >= 20 || (plain.upper > 1 && plain.lower > 0));
    let word = scheme == 0 || !known;
    let named = word && shown.iter().all(|b| b.is_ascii_alphabetic() || *b == b'_') || values::is_code(shown);
    // `"Authorization", "Content-Type"`, `{basic-auth|callback|custom-auth}`, `--basic --socks5`, `[x]: #authorization`: names.
    let titled = shown
        .split(|b| *b == b'-')
        .all(|word| word.first().is_some_and(u8::is_ascii_uppercase) && word[1..].iter().all(u8::is_ascii_lowercase));
    let alternatives = shown.contains(&b'|') && shown.iter().all(|b| b.is_ascii_lowercase() || b"-|".contains(b));
    let reference =
        shown.strip_prefix(b"#").is_some_and(|rest| rest.iter().all(|b| b.is_ascii_lowercase() || *b == b'-'));
    let named = named || titled || alternatives || reference || shown.starts_with(b"--");
    if named || values::is_placeholder(shown) || values::is_stop_word(shown) || !enough {
        return false;
    }
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
    search.take(Label::Authorization, value.start, end);
    true
}
