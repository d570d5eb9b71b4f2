//! Values of JSON that are no text: numbers, booleans, lists and objects behind a name that means a secret.

use super::assign::label;
use super::extent;
use super::names::{Kind, Name};
use super::search::Search;
use super::separator::{self, Separator};
use super::values;

/// `["The password is too short."]`, `["não confere"]`: what a form answers.
fn is_messages(list: &[u8]) -> bool {
    let Some(inner) = list.strip_prefix(b"[") else { return false };
    let inner = inner.strip_suffix(b"]").unwrap_or(inner).trim_ascii();
    let said = inner.iter().take_while(|b| matches!(b, b'\\' | b'"')).count();
    let said = &inner[said..];
    let blanks = memchr::memchr_iter(b' ', said).count();
    let first = said.split(|b| *b == b' ').next().unwrap_or_default();
    let sentence = said.ends_with(b".\"") || said.ends_with(b".\\\"");
    blanks >= 1 && values::is_stop_word(&first.to_ascii_lowercase()) || blanks >= 2 && sentence
}

/// `{"type": "string", "minLength": 8}`: what a value must be.
fn is_schema(object: &[u8]) -> bool {
    object.starts_with(b"{")
        && [&b"\"type\""[..], b"\\\"type\\\""]
            .iter()
            .any(|key| memchr::memmem::find(object, key).is_some_and(|at| at < 40))
        && memchr::memmem::find(object, b"string").is_some()
        && memchr::memmem::find(object, b"value").is_none()
}

/// `"tokens": ["the", "cat"]`: a plural of other things.
fn is_words(list: &[u8]) -> bool {
    list.starts_with(b"[") && list.iter().all(|b| b.is_ascii_lowercase() || b"[]\", \\\n".contains(b))
}

/// Numbers, booleans, objects and arrays behind a quoted name: a quoted marker takes their place.
pub(super) fn json_value(search: &mut Search<'_>, name: Name, separator: Separator) -> bool {
    if !name.strong || name.term == "pass" || (name.kind == Kind::Auth && name.term == "auth") {
        return false;
    }
    let text = search.text;
    let at = separator::skip_lines(text, separator.after);
    let Some(end) = extent::json_bare(search, at) else { return false };
    let scalar = !matches!(text[at], b'{' | b'[');
    // `"secrets": [{"name": "X", "valueFrom": "arn:…"}]`, `{"value": "******"}`: nothing is in there.
    let inside = &text[at..end.min(at + 2000)];
    let elsewhere = [
        &b"valueFrom"[..],
        b"secretKeyRef",
        b"tokenUrl",
        b"$ref",
        b"SigningKey",
        b"\"in\":\"header\"",
        b"\"in\": \"header\"",
        b"\"resolved\"",
        b"\"value\":\"**",
        b"\"value\": \"**",
    ];
    if !scalar && elsewhere.iter().any(|word| memchr::memmem::find(inside, word).is_some()) {
        return true;
    }
    // `"tokens": {"input": 812}` counts.
    if name.plural && text[at] == b'{' && !text[at..end.min(at + 400)].windows(2).any(|pair| pair == b":\"") {
        return true;
    }
    if name.plural && scalar
        || end - at <= 2 && !scalar
        || is_messages(&text[at..end])
        || is_schema(&text[at..end])
        || name.plural && is_words(&text[at..end])
    {
        return true;
    }
    search.take_quoted(label(name.kind), at, end, separator.quotes);
    true
}
