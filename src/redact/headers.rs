//! Credentials in headers: `Authorization`, `Cookie`, `Set-Cookie`.

use super::assign::is_quote;
use super::engine::Label;
use super::extent;
use super::names;
use super::scan::{self, skip_blanks};
use super::search::Search;
use super::separator::Separator;
use super::values;

/// `Cookie: a=b; c=d`: every value goes, attributes of Set-Cookie stay.
pub(super) fn cookies(search: &mut Search<'_>, separator: Separator) -> bool {
    let text = search.text;
    let mut at = separator.after;
    while text.get(at).is_some_and(|b| matches!(b, b'"' | b'\'' | b'\\' | b'[')) {
        at += 1;
    }
    let line = scan::line_end(text, at, 8192);
    let end =
        text[at..line].iter().position(|b| matches!(b, b'"' | b'\'' | b'\r' | b'\\')).map_or(line, |found| at + found);
    let mut took = false;
    while at < end {
        let stop = memchr::memchr(b';', &text[at..end]).map_or(end, |found| at + found);
        if let Some(equals) = memchr::memchr(b'=', &text[at..stop]) {
            let name = text[at..at + equals].trim_ascii();
            let value = at + equals + 1;
            let attribute = ["path", "domain", "expires", "max-age", "samesite", "priority", "version"]
                .iter()
                .any(|known| name.eq_ignore_ascii_case(known.as_bytes()));
            // `COOKIE: u32 = 44u32`, `cookie.name() == name`: code.
            let plain = name.is_empty()
                || name.iter().any(|b| b" ()".contains(b))
                || text[value - 2].is_ascii_whitespace()
                || matches!(text.get(value), Some(b' ' | b'=' | b'>'));
            let shape = values::Shape::of(&text[value..stop]);
            let everyday =
                ["tz", "timezone", "lang", "locale", "theme", "currency", "density", "consent", "country", "region"]
                    .iter()
                    .any(|known| name.eq_ignore_ascii_case(known.as_bytes()));
            let setting = everyday
                || names::classify(name).is_none()
                    && shape.len <= 10
                    && shape.digit < shape.len
                    && values::is_measure(&text[value..stop], &shape)
                || is_settings(&text[value..stop])
                || names::classify(name).is_none()
                    && ((shape.digit == 0 && (shape.len < 12 && shape.upper == 0 || shape.len < 8))
                        || (shape.digit == shape.len && shape.len < 6));
            if !attribute && !plain && !setting && value < stop && !is_empty_cookie(&text[value..stop]) {
                search.take(Label::Cookie, value, stop);
                took = true;
            }
        }
        at = stop + 1;
    }
    took
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
pub(super) fn authorization(search: &mut Search<'_>, separator: Separator) -> bool {
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
