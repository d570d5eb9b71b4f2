//! Canonical JSON (RFC 8785).

use serde_json::Value;

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

/// The members of an object as they stand in its canonical JSON, each with its name; none of anything else. Its names are
/// ASCII, so the map has them in their order.
pub(super) fn written_members(object: &Value) -> Vec<(&str, String)> {
    let members = object.as_object().into_iter().flatten();
    let written = |name: &str, value: &Value| format!("{}:{}", Value::from(name), canonical(value));
    members.map(|(name, value)| (name.as_str(), written(name, value))).collect()
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
