//! What headers carry: credentials, schemes, cookies.

use crate::facts::candidate::Facts;
use crate::facts::values;
use crate::text::scan::is_base64;

/// Longer values are neither words nor measures.
const SHORT: usize = 12;

/// Long enough behind `Authorization:`.
pub(crate) fn is_credential(f: &Facts<'_, '_>) -> bool {
    let shape = &f.shape;
    shape.len >= 6 && (shape.digit > 0 || shape.len >= 20 || shape.upper > 1 && shape.lower > 0)
}

/// `"Authorization", "Content-Type"`, `{basic-auth|callback|custom-auth}`, `--basic --socks5`, `[x]: #authorization`:
/// names.
pub(crate) fn is_header_name(f: &Facts<'_, '_>) -> bool {
    let value = f.value();
    // Where no scheme stood before it, a word is one.
    let word = !f.candidate.announced && value.iter().all(|b| b.is_ascii_alphabetic() || *b == b'_');
    let titled = value
        .split(|b| *b == b'-')
        .all(|word| word.first().is_some_and(u8::is_ascii_uppercase) && word[1..].iter().all(u8::is_ascii_lowercase));
    let lower = |also: &[u8], shown: &[u8]| shown.iter().all(|b| b.is_ascii_lowercase() || also.contains(b));
    word || titled
        || value.starts_with(b"--")
        || value.contains(&b'|') && lower(b"-|", value)
        || value.strip_prefix(b"#").is_some_and(|rest| lower(b"-", rest))
        || values::is_code(value)
}

/// `Bearer …`, `Basic …`: characters of a token, and a figure or enough of them. Announced: the scheme is Basic.
pub(crate) fn is_scheme_like(f: &Facts<'_, '_>) -> bool {
    let (value, shape) = (f.value(), &f.shape);
    value.iter().all(|b| is_base64(*b) || b".~=:|%".contains(b))
        && shape.len >= 8
        && (shape.letters_and_digits()
            || f.candidate.announced && (shape.upper >= 2 || value.ends_with(b"="))
            || shape.len >= 24 && values::looks_random(value))
}

/// A word, a measure, a small number under a name that means no secret; `editor%3Dtinymce%26library%3Dbrowse`: settings
/// by
/// their names, and nothing that could be a key.
pub(crate) fn is_preference(f: &Facts<'_, '_>) -> bool {
    let (value, shape) = (f.value(), &f.shape);
    let measure = shape.len <= 10 && shape.digit < shape.len && values::is_measure(value, shape);
    let word = shape.digit == 0 && (shape.len < SHORT && shape.upper == 0 || shape.len < 8);
    let number = shape.digit == shape.len && shape.len < 6;
    shape.len <= SHORT && (measure || word || number) && f.candidate.name.is_none() || is_settings(value)
}

fn is_settings(value: &[u8]) -> bool {
    let decoded: Vec<u8> = percent_encoding::percent_decode(value).collect();
    decoded.len() < value.len()
        && decoded.iter().any(|b| b"=,/&".contains(b))
        && decoded.iter().all(|b| b.is_ascii_alphabetic() || b"=&,/-_.".contains(b))
        && !decoded.split(|b| matches!(b, b'=' | b'&')).any(values::looks_random)
}

/// What a server writes over a cookie that it takes away.
pub(crate) fn is_emptied(f: &Facts<'_, '_>) -> bool {
    [&b"deleted"[..], b"deleteMe", b"expired", b"removed", b"invalid"]
        .iter()
        .any(|word| f.value().eq_ignore_ascii_case(word))
}
