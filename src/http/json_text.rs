//! From the bytes of a body to its JSON.

use std::borrow::Cow;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};
use serde_json::Value;

use super::problem::{Kind, Problem};

/// A JSON text as far as this service cares: the members of an object, in order and with repetitions, or another value.
pub(super) enum Document {
    Object(Vec<(String, Value)>),
    Other,
}

impl Document {
    /// Reads a JSON text in UTF-8. A byte order mark in front is passed over (RFC 8259, 8.1), and what is left of a
    /// character that was cut in half becomes U+FFFD.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Problem> {
        // The whole text first: a parser that skips a value may not look at its bytes.
        let text = std::str::from_utf8(bytes).map_err(|_| Kind::MalformedJson)?;
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        serde_json::from_str(&without_lone_surrogates(text)).map_err(|error| {
            let place = format!(
                "The JSON breaks off or is wrong at line {}, column {}. {}",
                error.line(),
                error.column(),
                Kind::MalformedJson.row().detail
            );
            Problem::because(Kind::MalformedJson, place)
        })
    }
}

/// Writes `\ufffd` for every escape of a surrogate that has no other half, which RFC 8259 (8.2) leaves to the reader
/// and `serde_json` refuses. Places in the text stay what they are: both escapes are equally long.
fn without_lone_surrogates(json: &str) -> Cow<'_, str> {
    if !json.contains("\\u") {
        return Cow::Borrowed(json);
    }
    let mut mended = String::with_capacity(json.len());
    let mut rest = json;
    // A backslash that begins no escape is not JSON, so it does not matter what becomes of it.
    while let Some(at) = rest.find('\\') {
        mended.push_str(&rest[..at]);
        rest = &rest[at..];
        let (written, read) = match code_unit(rest) {
            Some(0xD800..=0xDBFF) if matches!(code_unit(&rest[6..]), Some(0xDC00..=0xDFFF)) => (&rest[..12], 12),
            Some(0xD800..=0xDFFF) => ("\\ufffd", 6),
            Some(_) => (&rest[..6], 6),
            None => {
                let length = 1 + rest[1..].chars().next().map_or(0, char::len_utf8);
                (&rest[..length], length)
            }
        };
        mended.push_str(written);
        rest = &rest[read..];
    }
    mended.push_str(rest);
    Cow::Owned(mended)
}

/// The UTF-16 code unit that `\uXXXX` at the beginning of a text stands for.
fn code_unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    // The number alone would take a sign as well.
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok())?
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Document;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a JSON text")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Document, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Document::Object(members))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Document, A::Error> {
                while items.next_element::<Value>()?.is_some() {}
                Ok(Document::Other)
            }

            fn visit_bool<E>(self, _: bool) -> Result<Document, E> {
                Ok(Document::Other)
            }

            fn visit_i64<E>(self, _: i64) -> Result<Document, E> {
                Ok(Document::Other)
            }

            fn visit_u64<E>(self, _: u64) -> Result<Document, E> {
                Ok(Document::Other)
            }

            fn visit_f64<E>(self, _: f64) -> Result<Document, E> {
                Ok(Document::Other)
            }

            fn visit_str<E>(self, _: &str) -> Result<Document, E> {
                Ok(Document::Other)
            }

            fn visit_unit<E>(self) -> Result<Document, E> {
                Ok(Document::Other)
            }
        }

        deserializer.deserialize_any(Members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_character_becomes_a_replacement_character_and_a_whole_one_stays() {
        for (json, expected) in [
            (r"\ud83d", "\u{fffd}"),
            (r"\udc80", "\u{fffd}"),
            (r"\uDE00\uD83D", "\u{fffd}\u{fffd}"),
            (r"\ud83d\ud83d\ude00", "\u{fffd}😀"),
            (r"\ud83d\ude00\ude00", "😀\u{fffd}"),
            (r"\ud83dx\ude00", "\u{fffd}x\u{fffd}"),
            (r"\ud83d\\ude00", "\u{fffd}\\ude00"),
            (r"\\ud83d", "\\ud83d"),
            (r"\\\ud83d", "\\\u{fffd}"),
            (r"\\\\ud83d\n\ud83d\n", "\\\\ud83d\n\u{fffd}\n"),
            (r"\u00e9\uFFFD\ud7ff\ue000", "é\u{fffd}\u{d7ff}\u{e000}"),
        ] {
            let read: String = serde_json::from_str(&without_lone_surrogates(&format!("\"{json}\""))).unwrap();
            assert_eq!(read, expected, "{json}");
        }
    }

    #[test]
    fn what_is_not_json_stays_what_it_is() {
        for text in [r#""\u12""#, r#""\u+12f""#, r#""\uzzzz""#, r#""\ud83"#, "\\", "\\é", r"\ud8é00", r"\u"] {
            assert_eq!(without_lone_surrogates(text), text);
        }
    }
}
