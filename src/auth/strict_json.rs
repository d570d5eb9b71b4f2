//! JSON read once into a small tree in which no object, at any depth, has two members of one name.
//!
//! Two parsers that pick different twins of a duplicate member see two different tokens, so RFC 7515 section 4, RFC 7519
//! section 4 and RFC 7517 section 4 want them refused. `serde_json` keeps the last twin and a derived struct sees only
//! twins that it knows, hence this reader. Names are compared after unescaping: `"\u0061ud"` is a twin of `"aud"`.
//! The depth limit is `serde_json`'s own (128), so hostile nesting is an error and not a stack overflow.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Why a text was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JsonFault {
    /// Not JSON, not UTF-8, something after the end, or nested too deeply.
    Malformed,
    /// An object has two members of one name.
    Duplicate,
}

/// A JSON value. Without `Debug` on purpose: it holds what tokens and key sets hold.
pub(super) enum Json<'a> {
    Null,
    Bool(bool),
    Number(f64),
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    Object(Members<'a>),
}

/// The members of an object, sorted by name.
pub(super) struct Members<'a>(Vec<(Cow<'a, str>, Json<'a>)>);

impl<'a> Json<'a> {
    pub(super) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn as_object(&self) -> Option<&Members<'a>> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    pub(super) fn as_list(&self) -> Option<&[Json<'a>]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }
}

impl<'a> Members<'a> {
    pub(super) fn get(&self, name: &str) -> Option<&Json<'a>> {
        let place = self.0.binary_search_by(|(member, _)| member.as_ref().cmp(name)).ok()?;
        self.0.get(place).map(|(_, value)| value)
    }

    /// The member, if it says anything: issuers write `null` for what they leave out.
    pub(super) fn present(&self, name: &str) -> Option<&Json<'a>> {
        self.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn has_any_of(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.get(name).is_some())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Json<'a>)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), value))
    }
}

/// Reads one JSON value and nothing after it.
pub(super) fn read(bytes: &[u8]) -> Result<Json<'_>, JsonFault> {
    let text = std::str::from_utf8(bytes).map_err(|_| JsonFault::Malformed)?;
    let duplicate = Cell::new(false);
    let mut source = serde_json::Deserializer::from_str(text);
    Strict { duplicate: &duplicate }
        .deserialize(&mut source)
        .and_then(|value| source.end().map(|()| value))
        .map_err(|_| if duplicate.get() { JsonFault::Duplicate } else { JsonFault::Malformed })
}

/// Builds the tree. The flag tells a twin from the other errors, of which serde keeps only a text.
#[derive(Clone, Copy)]
struct Strict<'f> {
    duplicate: &'f Cell<bool>,
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Json<'de>;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Self::Value, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Json::Bool(value))
    }

    #[expect(clippy::cast_precision_loss, reason = "only times are read as numbers, and no sane one has 53 bits")]
    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Json::Number(value as f64))
    }

    #[expect(clippy::cast_precision_loss, reason = "only times are read as numbers, and no sane one has 53 bits")]
    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Json::Number(value as f64))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Json::Number(value))
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Json::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Json::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut source: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = source.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut source: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(entry) = source.next_entry_seed(Name, self)? {
            members.push(entry);
        }
        // Sorting keeps the check away from n² on an object with thousands of members, and makes `get` a search.
        members.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        if members.windows(2).any(|pair| pair[0].0 == pair[1].0) {
            self.duplicate.set(true);
            return Err(A::Error::custom("duplicate member"));
        }
        Ok(Json::Object(Members(members)))
    }
}

/// A member name, borrowed where it has no escapes.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Self::Value, D::Error> {
        source.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member name")
    }

    fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twins_are_found_at_every_depth_and_behind_escapes() {
        assert!(read(br#"{"a":1,"b":[{"a":2},{"a":3}]}"#).is_ok());
        for text in [r#"{"a":1,"a":1}"#, r#"{"a":1,"\u0061":1}"#, r#"{"x":{"a":1,"b":2,"a":3}}"#, r#"[[{"":1,"":2}]]"#]
        {
            assert!(matches!(read(text.as_bytes()), Err(JsonFault::Duplicate)), "{text}");
        }
    }

    #[test]
    fn what_is_not_exactly_one_json_value_is_malformed() {
        assert!(read(b" {\"a\" : null}\n").is_ok());
        let deep = "[".repeat(100_000);
        for text in
            ["", "{", "{} {}", "{}x", "\u{feff}{}", "{'a':1}", "{\"a\":01}", "\"\\ud800\"", "NaN", "1e999", &deep]
        {
            assert!(matches!(read(text.as_bytes()), Err(JsonFault::Malformed)), "{}", &text[..text.len().min(40)]);
        }
        assert!(matches!(read(b"\"\xff\""), Err(JsonFault::Malformed)));
    }
}
