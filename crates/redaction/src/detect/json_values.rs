//! Values of JSON that are no text: numbers, lists and objects behind a name that means a secret. A boolean says
//! whether
//! there is one (`"sms_otp": false`) and stays; in documents, whose keys are read by `structure`, it goes as all else
//! does.

use serde_json::Value;

use crate::detect::extent;
use crate::facts::label::label;
use crate::facts::values;
use crate::facts::values::is_id;
use crate::lexicon::names::{Kind, Name, classify_str};
use crate::search::Search;
use crate::text::scan;
use crate::text::separator::Separator;

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
    let lower = object[..object.len().min(400)].to_ascii_lowercase();
    lower.starts_with(b"{")
        && [&b"\"type\""[..], b"\\\"type\\\""]
            .iter()
            .any(|key| memchr::memmem::find(&lower, key).is_some_and(|at| at < 40))
        && memchr::memmem::find(&lower, b"string").is_some()
        && memchr::memmem::find(&lower, b"value").is_none()
}

/// `"tokens": ["the", "cat"]`: a plural of other things.
fn is_words(list: &[u8]) -> bool {
    list.starts_with(b"[") && list.iter().all(|b| b.is_ascii_lowercase() || b"[]\", \\\n".contains(b))
}

/// `{"type": "oauth2", "access_token": "(masked)", "expires_in": 3599}`, `[{"scope": "keyword", "color": "#c586c0"}]`
/// under names that only begin like a secret's: no text in there could be one.
fn holds_nothing(shown: &[u8], tail: bool) -> bool {
    shown.len() <= 2000 && serde_json::from_slice::<Value>(shown).is_ok_and(|value| is_free(&value, !tail))
}

/// `"Bearer": {…}`, `"Cookie": {…}`: the settings of what is called so.
fn is_scheme(name: Name) -> bool {
    matches!(name.term, "bearer" | "jwt" | "cookie" | "auth" | "basicauth" | "session")
}

/// Whether nothing in `value` could be a secret; `under` a name that means one, every text could.
fn is_free(value: &Value, under: bool) -> bool {
    match value {
        Value::String(text) => {
            let text = text.as_bytes();
            // `"error": "The password is too short"`: what a program says.
            let said = text.contains(&b' ')
                && (text[0].is_ascii_uppercase() || text[0] >= 0xC2)
                && !text.iter().any(u8::is_ascii_digit)
                || classify_str(std::str::from_utf8(text).unwrap_or_default()).is_some_and(|name| name.strong)
                    && !text.iter().any(u8::is_ascii_digit);
            let print = text.starts_with(b"SHA256:") || text.starts_with(b"MD5:");
            said || print
                || values::is_placeholder(text)
                || !under && (is_id(text) || !values::looks_chosen(text) && !values::looks_random(text))
        }
        Value::Array(items) => items.iter().all(|item| is_free(item, under)),
        Value::Object(members) => {
            members.iter().all(|(key, member)| is_free(member, classify_str(key).is_some() || under && !is_about(key)))
        }
        // A list of numbers may be the bytes of a key, a number beside other members hardly is a secret.
        Value::Number(_) => !under,
        Value::Null | Value::Bool(_) => true,
    }
}

/// Members that say something about a secret, in whatever case.
fn is_about(key: &str) -> bool {
    #[rustfmt::skip]
    const ABOUT: &[&str] = &[
        "type", "kind", "expiresin", "expires", "expiresat", "expiry", "scope", "scopes", "createdat", "updatedat", "id", "name",
        "status", "issuer", "realm", "provider", "username", "user", "email", "url", "host", "port", "version", "ttl", "algorithm",
        "mode", "enabled", "tokentype", "displayname", "keyid", "kid", "startdatetime", "enddatetime", "description", "label",
        "title", "audience", "readonly", "createdby", "identity", "location", "revision", "apps", "appid", "authority", "lastused",
        "lastusedat", "owner",
    ];
    // `AccessTokenMinutes`: of such things, but none itself.
    let lower = key.to_ascii_lowercase();
    if ["token", "session", "password", "secret", "key"].iter().any(|word| lower.contains(word)) {
        return true;
    }
    // `min_length`, `expiresInDays`: what is asked of one.
    if [
        "length",
        "days",
        "age",
        "ttl",
        "count",
        "attempt",
        "limit",
        "history",
        "timeout",
        "interval",
        "rounds",
        "iterations",
        "minutes",
        "seconds",
        "hours",
    ]
    .iter()
    .any(|word| lower.contains(word))
    {
        return true;
    }
    let plain: String = key.chars().filter(char::is_ascii_alphanumeric).collect();
    ABOUT.iter().any(|about| plain.eq_ignore_ascii_case(about))
}

/// `"Reset my password": ["Geslo ponastavi"]`: the key is a sentence, and so is what stands for it.
fn is_translation(text: &[u8], after: usize, shown: &[u8]) -> bool {
    let line = &text[after.saturating_sub(160)..after];
    let key = line.trim_ascii_end().strip_suffix(b":").map_or(&b""[..], <[u8]>::trim_ascii_end);
    let key = key.strip_suffix(b"\"").and_then(|key| key.rsplit(|b| *b == b'"').next()).unwrap_or_default();
    let sentence = memchr::memchr_iter(b' ', key.trim_ascii()).count() > 1 || key.contains(&b'%');
    sentence && !shown.iter().any(|b| b.is_ascii_digit() || b"!@#$^&*".contains(b))
}

/// Numbers, objects and arrays behind a quoted name: a quoted marker takes their place.
pub(crate) fn json_value(search: &mut Search<'_>, name: Name, separator: Separator) -> bool {
    if !name.strong || name.term == "pass" || (name.kind == Kind::Auth && name.term == "auth") {
        return false;
    }
    let text = search.text;
    let at = scan::skip_lines(text, separator.after);
    let Some(end) = extent::json_bare(search, at) else { return false };
    let scalar = !matches!(text[at], b'{' | b'[');

    // `"vault_kv_secret_v2": {\n  Resource: …`: code; what it names is looked at by itself.
    let first = text[at + 1..end].trim_ascii_start().first();
    if text[at] == b'{' && first.is_some_and(u8::is_ascii_alphabetic) {
        return true;
    }
    // `"secrets": [{"name": "X", "valueFrom": "arn:…"}]`, `{"value": "******"}`: nothing is in there.
    let inside = &text[at..end.min(at + 2000)];
    let elsewhere = [
        &b"valueFrom"[..],
        b"secretKeyRef",
        b"tokenUrl",
        b"$ref",
        b"\"$id\"",
        b"SigningKey",
        b"\"in\":\"header\"",
        b"\"in\": \"header\"",
        b"\"resolved\"",
        b"\"integrity\"",
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
    let shown = &text[at..end];
    if matches!(shown, b"true" | b"false") {
        return true;
    }
    // `"recovery_codes_left": 8`, `"token_chars": ["letter"]`
    // `"dependentRequired": {"kennwort": ["benutzer"]}`: which members go together.
    let before = &text[at.saturating_sub(80)..at];
    if text[at] == b'[' && memchr::memmem::find(before, b"\"dependen").is_some() {
        return true;
    }
    if text[at] == b'[' && is_translation(text, separator.after, shown) {
        return true;
    }
    let plain = name.tail && (scalar && shown.len() < 6 || is_words(shown));
    if plain
        || !scalar
            && holds_nothing(shown, name.tail || is_scheme(name) || name.kind == Kind::Code && shown.contains(&b'{'))
        || name.plural && scalar
        || end - at <= 2 && !scalar
        || is_messages(shown)
        || is_schema(shown)
        || name.plural && is_words(shown)
    {
        return true;
    }
    search.take_quoted(label(name.kind), at, end, separator.quotes);
    true
}
