//! Canonical JSON (RFC 8785).

use std::ops::Range;

use serde_json::{Map, Value};

/// The canonical JSON (RFC 8785) of `value`.
///
/// With ASCII names, what `serde_json` has in its sorted maps is in order, and most values are written as they are; the
/// library, which takes several times as long, does the rest.
#[must_use]
pub fn canonical(value: &Value) -> String {
    let mut json = String::new();
    // A JSON value always serializes.
    write(&mut json, value).map_or_else(String::new, |()| json)
}

/// Members of an object by their names, and where in its text they are.
pub(super) type Places<'a> = Vec<(&'a str, Range<usize>)>;

/// The canonical JSON of an object, and where in it each member is, its name included. None where `value` is no object with
/// ASCII names, which are in order.
pub(super) fn canonical_members(value: &Value) -> Option<(String, Places<'_>)> {
    let members = value.as_object().filter(|members| has_plain_names(members))?;
    let (mut json, mut places) = (String::with_capacity(4096), Vec::with_capacity(members.len()));
    for (name, member) in members {
        json.push(if places.is_empty() { '{' } else { ',' });
        let begun = json.len();
        text(&mut json, name);
        json.push(':');
        write(&mut json, member)?;
        places.push((name.as_str(), begun..json.len()));
    }
    json.push_str(if places.is_empty() { "{}" } else { "}" });
    Some((json, places))
}

/// Appends the canonical JSON of `value`. None where it has none.
fn write(json: &mut String, value: &Value) -> Option<()> {
    const EXACT: u64 = 1 << 53;
    match value {
        Value::Null => json.push_str("null"),
        Value::Bool(value) => json.push_str(if *value { "true" } else { "false" }),
        Value::String(value) => text(json, value),
        Value::Number(number) if number.as_i64().is_some_and(|number| number.unsigned_abs() < EXACT) => {
            json.push_str(&number.to_string());
        }
        Value::Array(items) => {
            json.push('[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    json.push(',');
                }
                write(json, item)?;
            }
            json.push(']');
        }
        Value::Object(members) if has_plain_names(members) => {
            json.push('{');
            for (place, (name, member)) in members.iter().enumerate() {
                if place > 0 {
                    json.push(',');
                }
                text(json, name);
                json.push(':');
                write(json, member)?;
            }
            json.push('}');
        }
        Value::Number(_) | Value::Object(_) => json.push_str(&serde_json_canonicalizer::to_string(value).ok()?),
    }
    Some(())
}

/// Whether the order of the map is that of UTF-16 code units.
fn has_plain_names(members: &Map<String, Value>) -> bool {
    members.keys().all(|name| name.is_ascii())
}

/// Appends a text as canonical JSON. `serde_json` escapes as RFC 8785, section 3.2.2.2 wants it. Most texts have nothing to
/// escape.
pub fn text(json: &mut String, value: &str) {
    let is_escaped = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
    // All are looked at: that takes fewer steps than stopping at one.
    if value.bytes().fold(0, |found, byte| found | u8::from(is_escaped(byte))) != 0 {
        // A text always serializes.
        json.push_str(&serde_json::to_string(value).unwrap_or_default());
    } else {
        json.push('"');
        json.push_str(value);
        json.push('"');
    }
}
