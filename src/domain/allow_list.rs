//! Cutting a foreign JSON document down to what is declared, and counting what was left behind.

use serde_json::{Map, Number, Value};

/// Why a document did not fit. Never holds any of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ShapeFault {
    /// Something else where an object was declared.
    #[error("something else stands where an object was declared")]
    NotAnObject,
    /// Something else where a list was declared.
    #[error("something else stands where a list was declared")]
    NotAList,
    /// Something else where a text was declared.
    #[error("something else stands where a text was declared")]
    NotAText,
    /// A list or an object where a single value was declared.
    #[error("a list or an object stands where a single value was declared")]
    NotAScalar,
    /// A required key is missing.
    #[error("a required key is missing")]
    Missing,
    /// A schema version that this build does not know.
    #[error("the schema version is not 1")]
    UnknownVersion,
    /// A time that is not RFC 3339.
    #[error("a time is not RFC 3339")]
    NotATime,
    /// More bytes than allowed.
    #[error("the document is too large")]
    TooLarge,
    /// The document is about something else than what was asked for.
    #[error("the document speaks of another scope than the one asked for")]
    AnotherScope,
}

/// Counts the keys that no schema declares while a document is cut down.
#[derive(Debug, Default)]
pub struct AllowList {
    dropped: u64,
}

impl AllowList {
    /// How many undeclared keys were left behind so far.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// The members of an object.
    ///
    /// # Errors
    /// `NotAnObject`.
    pub fn object(&mut self, value: Value) -> Result<Map<String, Value>, ShapeFault> {
        match value {
            Value::Object(members) => Ok(members),
            _ => Err(ShapeFault::NotAnObject),
        }
    }

    /// The items of a list; an absent or null one is empty.
    ///
    /// # Errors
    /// `NotAList`.
    pub fn list(&mut self, value: Option<Value>) -> Result<Vec<Value>, ShapeFault> {
        match value {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Array(items)) => Ok(items),
            Some(_) => Err(ShapeFault::NotAList),
        }
    }

    /// Takes a text out of `from`; absent and null are the same.
    ///
    /// # Errors
    /// `NotAText`.
    pub fn text(&mut self, from: &mut Map<String, Value>, key: &str) -> Result<Option<Value>, ShapeFault> {
        match from.remove(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(Value::String(storable(text)))),
            Some(_) => Err(ShapeFault::NotAText),
        }
    }

    /// Takes the text `fields` out of an object that has nothing else declared, and counts the rest.
    ///
    /// # Errors
    /// `NotAText`.
    pub fn texts(&mut self, mut from: Map<String, Value>, fields: &[&str]) -> Result<Map<String, Value>, ShapeFault> {
        let mut kept = Map::new();
        for field in fields {
            if let Some(text) = self.text(&mut from, field)? {
                kept.insert((*field).to_owned(), text);
            }
        }
        self.drop_rest(&from);
        Ok(kept)
    }

    /// Takes a text, number, truth value or null out of `from`.
    ///
    /// # Errors
    /// `NotAScalar`.
    pub fn scalar(&mut self, from: &mut Map<String, Value>, key: &str) -> Result<Value, ShapeFault> {
        match from.remove(key).unwrap_or(Value::Null) {
            Value::String(text) => Ok(Value::String(storable(text))),
            Value::Number(number) => Ok(exact(number)),
            value @ (Value::Bool(_) | Value::Null) => Ok(value),
            Value::Array(_) | Value::Object(_) => Err(ShapeFault::NotAScalar),
        }
    }

    /// Counts what is left of an object as undeclared.
    pub fn drop_rest(&mut self, rest: &Map<String, Value>) {
        self.dropped += rest.len() as u64;
    }
}

/// PostgreSQL refuses NUL in every text, so it never gets that far: U+FFFD stands in for it.
fn storable(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "\u{FFFD}") } else { text }
}

/// Largest integer that RFC 8785's number format (an IEEE 754 double) holds exactly: 2⁵³ − 1.
const EXACT: u64 = (1 << 53) - 1;

/// A number that canonical JSON would round becomes its digits, so that nothing is lost and no change goes unseen.
fn exact(number: Number) -> Value {
    let exact = match (number.as_u64(), number.as_i64()) {
        (Some(n), _) => n <= EXACT,
        (None, Some(n)) => n.unsigned_abs() <= EXACT,
        (None, None) => true,
    };
    if exact { Value::Number(number) } else { Value::String(number.to_string()) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nul_and_numbers_beyond_double_precision_are_kept_in_a_form_that_survives_storage() {
        let mut allowed = AllowList::default();
        let mut members =
            json!({"a": "x\u{0}y", "b": 9_007_199_254_740_993_u64, "c": 9_007_199_254_740_991_u64, "d": -0.5});
        let members = members.as_object_mut().unwrap();
        assert_eq!(allowed.scalar(members, "a"), Ok(json!("x\u{FFFD}y")));
        assert_eq!(allowed.scalar(members, "b"), Ok(json!("9007199254740993")));
        assert_eq!(allowed.scalar(members, "c"), Ok(json!(9_007_199_254_740_991_u64)));
        assert_eq!(allowed.scalar(members, "d"), Ok(json!(-0.5)));
        assert_eq!(allowed.scalar(members, "gone"), Ok(Value::Null));
    }
}
