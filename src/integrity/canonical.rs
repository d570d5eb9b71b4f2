//! Canonical JSON (RFC 8785), and digests over it.

use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// A member of a canonical object.
pub(super) enum Member<'a> {
    Text(&'a str),
    Maybe(Option<&'a str>),
    /// Below 2⁵³, so that a double holds it: a chain would take millennia to get there.
    Number(i64),
    /// Canonical already.
    Json(&'a str),
}

/// Digests an object whose members are given in canonical order. Written straight down because this is done twice a
/// request: the library sorts and copies what is in order here. The tests hold it against the library.
pub(super) fn digest(members: &[(&str, Member)]) -> String {
    let mut json = Vec::with_capacity(4096);
    for (name, member) in members {
        json.push(if json.is_empty() { b'{' } else { b',' });
        text(&mut json, name);
        json.push(b':');
        match member {
            Member::Text(value) | Member::Maybe(Some(value)) => text(&mut json, value),
            Member::Maybe(None) => json.extend_from_slice(b"null"),
            Member::Number(value) => json.extend_from_slice(value.to_string().as_bytes()),
            Member::Json(value) => json.extend_from_slice(value.as_bytes()),
        }
    }
    json.push(b'}');
    hex(&Sha256::digest(&json))
}

/// `serde_json` escapes texts as RFC 8785, section 3.2.2.2 wants them.
fn text(json: &mut Vec<u8>, value: &str) {
    // Writing a text to memory does not fail.
    let _ = serde_json::to_writer(json, value);
}

/// The canonical JSON (RFC 8785) of `value`.
///
/// Without fractions and with ASCII keys, what `serde_json` writes of its sorted maps is canonical; the library, which
/// takes several times as long, does the rest.
#[must_use]
pub fn canonical(value: &Value) -> String {
    let written =
        if is_plain(value) { serde_json::to_string(value) } else { serde_json_canonicalizer::to_string(value) };
    // A JSON value always serializes.
    written.unwrap_or_default()
}

fn is_plain(value: &Value) -> bool {
    const EXACT: u64 = 1 << 53;
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => true,
        Value::Number(number) => number.as_i64().is_some_and(|number| number.unsigned_abs() < EXACT),
        Value::Array(items) => items.iter().all(is_plain),
        Value::Object(members) => members.iter().all(|(key, value)| key.is_ascii() && is_plain(value)),
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|nibble| DIGITS[usize::from(nibble)] as char).collect()
}
