//! What a provider said, and the memory that is reserved for it.

use std::{fmt, ops::Deref, sync::Arc};

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::budget::Reservation;

/// The text of a JSON document that a provider said. Shared, so that a provider that keeps documents need not copy them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    document: Arc<str>,
    memory: Held,
}

/// Memory is no part of what was said.
#[derive(Debug, Clone, Default)]
struct Held(Option<Arc<Reservation>>);

impl PartialEq for Held {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Held {}

impl Said {
    /// A document as it was said.
    ///
    /// # Errors
    /// It is no JSON, or nested over 127 levels deep. The message says where, and nothing of what.
    pub fn parse(document: &str) -> serde_json::Result<Self> {
        check(document)?;
        Ok(Self::checked(document))
    }

    /// The same of a text, or a part of one, that [`check`] found nothing wrong with.
    pub(super) fn checked(document: &str) -> Self {
        Self { document: document.into(), memory: Held::default() }
    }

    /// The same, within memory that was reserved for this answer alone: [`crate::budget::TREES`] times what its text can
    /// weigh.
    #[must_use]
    pub fn within(mut self, memory: Arc<Reservation>) -> Self {
        self.memory = Held(Some(memory));
        self
    }

    /// The same without memory of its own.
    pub(super) fn to_be_kept(&self) -> Self {
        Self { document: Arc::clone(&self.document), memory: Held::default() }
    }

    /// What is reserved for it. A provider that reserves nothing leaves that to whoever takes the answer.
    #[must_use]
    pub fn memory(&self) -> Option<&Arc<Reservation>> {
        self.memory.0.as_ref()
    }
}

impl Deref for Said {
    type Target = str;

    fn deref(&self) -> &str {
        &self.document
    }
}

impl From<Value> for Said {
    fn from(document: Value) -> Self {
        Self::checked(&document.to_string())
    }
}

/// Reads a document to its end and keeps nothing of it: as strict as if a tree of it were made.
pub(super) fn check(document: &str) -> serde_json::Result<()> {
    serde_json::from_str::<Checked>(document).map(drop)
}

/// Whether a document whose values were passed over can still be unreadable: then [`check`] tells. Passing over finds all
/// but half a surrogate, numbers that are too large, and values that are nested too deep.
pub(super) fn can_be_unreadable(document: &str) -> bool {
    /// Below it there is room for a document's own levels.
    const DEPTH: usize = 64;
    /// Shortest number without an exponent that a double does not hold.
    const DIGITS: usize = 309;
    let bytes = document.as_bytes();
    let openings = [b'[', b'{'].map(|opening| memchr::memchr_iter(opening, bytes).count());
    memchr::memchr(b'\\', bytes).is_some() || openings.iter().sum::<usize>() > DEPTH || has_exponent_or(DIGITS, bytes)
}

/// Whether an `e` stands behind a digit, or there are so many digits in all. Nothing stops at the first one, so that many
/// bytes are looked at at a time.
fn has_exponent_or(digits: usize, bytes: &[u8]) -> bool {
    /// What a byte can count.
    const BLOCK: usize = 255;
    let behind = bytes.get(1..).unwrap_or_default();
    let exponent = bytes
        .iter()
        .zip(behind)
        .fold(0, |found, (digit, e)| found | (u8::from(digit.is_ascii_digit()) & u8::from(*e | 0x20 == b'e')));
    let in_block =
        |block: &[u8]| block.iter().fold(0_u8, |sum, byte| sum.wrapping_add(u8::from(byte.is_ascii_digit())));
    exponent != 0 || bytes.chunks(BLOCK).map(|block| usize::from(in_block(block))).sum::<usize>() >= digits
}

/// Anything at all. Unlike `IgnoredAny` it has escapes, numbers and depth looked at.
pub(super) struct Checked;

impl<'de> Deserialize<'de> for Checked {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        source.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for Checked {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut source: A) -> Result<Self, A::Error> {
        while source.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut source: A) -> Result<Self, A::Error> {
        while source.next_entry::<Self, Self>()?.is_some() {}
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use serde::de::IgnoredAny;

    use super::*;

    #[test]
    fn what_passing_over_does_not_see_is_looked_for() {
        let digits = "9".repeat(400);
        let deep = format!("{}{}", "[".repeat(128), "]".repeat(128));
        for unreadable in
            [r#"{"a": "\ud800"}"#, r#"["\udc00x"]"#, "[1e999]", "[-1E400]", &digits, &format!("[{digits}.5]"), &deep]
        {
            assert!(serde_json::from_str::<IgnoredAny>(unreadable).is_ok(), "{unreadable} is passed over");
            assert!(check(unreadable).is_err() && can_be_unreadable(unreadable), "{unreadable}");
        }
        for plain in [r#"{"a": ["text", 1, -2.5, true, null], "b": {"c": {}}, "23 eggs": "2 e"}"#, "null"] {
            assert!(check(plain).is_ok() && !can_be_unreadable(plain), "{plain}");
        }
    }
}
