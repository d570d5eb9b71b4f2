//! Canonical JSON (RFC 8785).

use std::{fmt::Write as _, ops::Range};

use redaction::{Json, Members};
use serde_json::Value;

/// An object as canonical JSON, and where its members are.
#[derive(Debug, Clone, Default)]
pub struct Object {
    json: String,
    places: Vec<(String, Range<usize>)>,
}

impl Object {
    /// The canonical JSON of `value`. Where that is no object with ASCII names, it has no members.
    #[must_use]
    pub fn of(value: &Json<'_>) -> Self {
        /// Most are shorter, in bytes.
        const LENGTH: usize = 4096;
        let mut written = Self { json: String::with_capacity(LENGTH), places: Vec::new() };
        match value {
            Json::Object(members) if has_plain_names(members) => written.members(members),
            _ => write(&mut written.json, value),
        }
        written
    }

    fn members(&mut self, members: &Members<'_>) {
        self.json.push('{');
        for (name, value) in members {
            if !self.places.is_empty() {
                self.json.push(',');
            }
            let begun = self.json.len();
            member(&mut self.json, name, value);
            self.places.push((name.clone().into_owned(), begun..self.json.len()));
        }
        self.json.push('}');
    }

    /// All of it.
    #[must_use]
    pub fn json(&self) -> &str {
        &self.json
    }

    /// All of it, for good.
    #[must_use]
    pub fn into_json(self) -> String {
        self.json
    }

    /// The name of each member, and its JSON, name included.
    #[must_use]
    pub fn parts(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.places.iter().map(|(name, place)| (name.as_str(), &self.json[place.clone()]))
    }
}

/// The canonical JSON (RFC 8785) of `value`.
#[must_use]
pub fn canonical(value: &Value) -> String {
    let mut json = String::new();
    write(&mut json, &value.into());
    json
}

/// Appends the canonical JSON of `value`. With ASCII names, what is sorted is in order, and most values are written as they
/// are; the library, which takes several times as long, does the rest.
fn write(json: &mut String, value: &Json<'_>) {
    const EXACT: u64 = 1 << 53;
    match value {
        Json::Null => json.push_str("null"),
        Json::Bool(value) => json.push_str(if *value { "true" } else { "false" }),
        Json::Text(value) => text(json, value),
        Json::Number(number) if number.as_i64().is_some_and(|number| number.unsigned_abs() < EXACT) => {
            // Writing to a string does not fail.
            let _ = write!(json, "{number}");
        }
        Json::List(items) => {
            json.push('[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    json.push(',');
                }
                write(json, item);
            }
            json.push(']');
        }
        Json::Object(members) if has_plain_names(members) => {
            json.push('{');
            for (place, (name, value)) in members.iter().enumerate() {
                if place > 0 {
                    json.push(',');
                }
                member(json, name, value);
            }
            json.push('}');
        }
        // A JSON value always serializes.
        Json::Number(_) | Json::Object(_) => {
            json.push_str(&serde_json_canonicalizer::to_string(value).unwrap_or_default());
        }
    }
}

fn member(json: &mut String, name: &str, value: &Json<'_>) {
    text(json, name);
    json.push(':');
    write(json, value);
}

/// Whether the members stand in the order of UTF-16 code units: names in ASCII, sorted, as a list of members promises.
fn has_plain_names(members: &Members<'_>) -> bool {
    members.iter().all(|(name, _)| name.is_ascii()) && members.is_sorted_by(|(one, _), (other, _)| one < other)
}

/// Appends a text as canonical JSON. `serde_json` escapes as RFC 8785, section 3.2.2.2 wants it. Most texts have nothing
/// to escape.
pub fn text(json: &mut String, value: &str) {
    if has_escapes(value.as_bytes()) {
        // A text always serializes.
        json.push_str(&serde_json::to_string(value).unwrap_or_default());
    } else {
        json.push('"');
        json.push_str(value);
        json.push('"');
    }
}

/// Whether something in a text is escaped: a control character, a quotation mark, a backslash. Looks at eight bytes at a
/// time, the last eight of them perhaps twice: most texts are short.
fn has_escapes(text: &[u8]) -> bool {
    const WORD: usize = size_of::<u64>();
    let (words, rest) = text.as_chunks::<WORD>();
    let found = words.iter().any(|word| has_escapes_in(*word));
    if let Some(last) = text.last_chunk::<WORD>() {
        return found || has_escapes_in(*last);
    }
    let mut word = [b' '; WORD];
    for (to, byte) in word.iter_mut().zip(rest) {
        *to = *byte;
    }
    has_escapes_in(word)
}

/// The same of eight bytes: a byte is below `n` where its highest bit comes up by a subtraction and was not there before.
fn has_escapes_in(word: [u8; 8]) -> bool {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGHS: u64 = u64::from_ne_bytes([0x80; 8]);
    let word = u64::from_ne_bytes(word);
    let below = |word: u64, least: u8| word.wrapping_sub(ONES * u64::from(least)) & !word;
    let equal = |byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    (below(word, b' ') | equal(b'"') | equal(b'\\')) & HIGHS != 0
}

#[cfg(test)]
mod tests {
    use redaction::Json;

    use super::{Object, has_escapes};

    #[test]
    fn members_are_written_in_their_order_whatever_order_they_came_in() {
        let inner = Json::Object(vec![("b".into(), Json::Null), ("a".into(), Json::Bool(true))]);
        let sorted = Json::Object(vec![("x".into(), inner), ("y".into(), Json::Null)]);
        assert_eq!(Object::of(&sorted).json(), r#"{"x":{"a":true,"b":null},"y":null}"#);
    }

    #[test]
    fn every_byte_that_is_escaped_is_seen_wherever_it_stands_and_no_other() {
        for length in 1..20 {
            for place in 0..length {
                for byte in 0..=u8::MAX {
                    for around in [b'a', b'!', b'#', 0xc3, 0xff] {
                        let mut text = vec![around; length];
                        text[place] = byte;
                        let is_escaped = byte < b' ' || byte == b'"' || byte == b'\\';
                        assert_eq!(has_escapes(&text), is_escaped, "{text:?}");
                    }
                }
            }
        }
        assert!(!has_escapes(b""));
    }
}
