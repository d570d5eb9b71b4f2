//! Cutting a foreign JSON document down to what is declared, and counting what was left behind.

use std::fmt::Display;

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

/// What did not fit, and where. The pointer is made of declared keys and positions, so it holds nothing of the document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{fault}, at '{pointer}'")]
pub struct Misfit {
    /// RFC 6901; empty for the document as a whole.
    pub pointer: String,
    /// Why.
    pub fault: ShapeFault,
}

impl From<ShapeFault> for Misfit {
    fn from(fault: ShapeFault) -> Self {
        Self { pointer: String::new(), fault }
    }
}

impl Misfit {
    /// The same, seen from one level further up, where `key` leads to it. Keys that are declared need no escaping.
    #[must_use]
    pub fn below(mut self, key: impl Display) -> Self {
        self.pointer.insert_str(0, &format!("/{key}"));
        self
    }
}

/// Counts the keys that no schema declares while a document is cut down, and how much is kept.
#[derive(Debug, Default)]
pub struct AllowList {
    dropped: u64,
    kept_bytes: usize,
}

/// What a value or an object counts beside its text, in bytes: to look at one takes time too.
const VALUE_BYTES: usize = 32;

impl AllowList {
    /// How many undeclared keys were left behind so far.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// How much was kept so far, in bytes: texts, and a little for each value.
    #[must_use]
    pub fn kept_bytes(&self) -> usize {
        self.kept_bytes
    }

    /// The members of an object.
    ///
    /// # Errors
    /// `NotAnObject`.
    pub fn object<'v>(&mut self, value: &'v Value) -> Result<&'v Map<String, Value>, ShapeFault> {
        self.kept_bytes += VALUE_BYTES;
        value.as_object().ok_or(ShapeFault::NotAnObject)
    }

    /// The items of a list; an absent or null one is empty.
    ///
    /// # Errors
    /// `NotAList`.
    pub fn list<'v>(&mut self, value: Option<&'v Value>) -> Result<&'v [Value], ShapeFault> {
        match value {
            None | Some(Value::Null) => Ok(&[]),
            Some(Value::Array(items)) => Ok(items),
            Some(_) => Err(ShapeFault::NotAList),
        }
    }

    /// A text; absent and null are the same.
    ///
    /// # Errors
    /// `NotAText`.
    pub fn text(&mut self, value: Option<&Value>) -> Result<Option<Value>, ShapeFault> {
        match value {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(self.keep(text))),
            Some(_) => Err(ShapeFault::NotAText),
        }
    }

    /// The text `fields` of an object; `others` are declared as well and left to the caller, the rest is counted.
    ///
    /// # Errors
    /// `NotAText`, at its field.
    pub fn texts(
        &mut self,
        from: &Map<String, Value>,
        fields: &[&str],
        others: &[&str],
    ) -> Result<Map<String, Value>, Misfit> {
        let mut kept = Map::new();
        for field in fields {
            if let Some(text) = self.text(from.get(*field)).map_err(|fault| Misfit::from(fault).below(field))? {
                kept.insert((*field).to_owned(), text);
            }
        }
        let declared = |key: &&String| fields.contains(&key.as_str()) || others.contains(&key.as_str());
        self.dropped += from.len() as u64 - from.keys().filter(declared).count() as u64;
        Ok(kept)
    }

    fn keep(&mut self, text: &str) -> Value {
        self.kept_bytes += VALUE_BYTES + text.len();
        Value::String(storable(text))
    }

    /// A text, a number, a truth value or null; absent is null.
    ///
    /// # Errors
    /// `NotAScalar`.
    pub fn scalar(&mut self, value: Option<&Value>) -> Result<Value, ShapeFault> {
        self.kept_bytes += VALUE_BYTES;
        match value.unwrap_or(&Value::Null) {
            Value::String(text) => Ok(self.keep(text)),
            Value::Number(number) => Ok(exact(number)),
            value @ (Value::Bool(_) | Value::Null) => Ok(value.clone()),
            Value::Array(_) | Value::Object(_) => Err(ShapeFault::NotAScalar),
        }
    }
}

/// PostgreSQL refuses NUL in every text, so it never gets that far: U+FFFD stands in for it.
fn storable(text: &str) -> String {
    if text.contains('\0') { text.replace('\0', "\u{FFFD}") } else { text.to_owned() }
}

/// Largest integer that RFC 8785's number format (an IEEE 754 double) holds exactly: 2⁵³ − 1.
const EXACT: u64 = (1 << 53) - 1;

/// A number that canonical JSON would round becomes its digits, so that nothing is lost and no change goes unseen.
fn exact(number: &Number) -> Value {
    let exact = match (number.as_u64(), number.as_i64()) {
        (Some(n), _) => n <= EXACT,
        (None, Some(n)) => n.unsigned_abs() <= EXACT,
        (None, None) => true,
    };
    if exact { Value::Number(number.clone()) } else { Value::String(number.to_string()) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nul_and_numbers_beyond_double_precision_are_kept_in_a_form_that_survives_storage() {
        let mut allowed = AllowList::default();
        let members =
            json!({"a": "x\u{0}y", "b": 9_007_199_254_740_993_u64, "c": 9_007_199_254_740_991_u64, "d": -0.5});
        assert_eq!(allowed.scalar(members.get("a")), Ok(json!("x\u{FFFD}y")));
        assert_eq!(allowed.scalar(members.get("b")), Ok(json!("9007199254740993")));
        assert_eq!(allowed.scalar(members.get("c")), Ok(json!(9_007_199_254_740_991_u64)));
        assert_eq!(allowed.scalar(members.get("d")), Ok(json!(-0.5)));
        assert_eq!(allowed.scalar(members.get("gone")), Ok(Value::Null));
    }
}
