//! What a platform's body says: `{"references": {…}, "bundle": {…}}`. Where the body breaks off or is broken, what stood
//! whole before that still counts: references that were said prove that the scope exists.

use std::fmt;

use serde::{
    Deserializer as _,
    de::{Error as _, IgnoredAny, MapAccess, Visitor},
};
use serde_json::{error::Category, value::RawValue};

use super::super::said::{Checked, Said, check};

/// What was said, as far as it could be read.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Document {
    /// An object.
    pub(super) references: Option<Said>,
    pub(super) bundle: Option<Said>,
    /// Why it could not be read to its end. Nothing of its content.
    pub(super) fault: Option<String>,
}

impl Document {
    /// Reads as much as there is.
    pub(super) fn read(bytes: &[u8]) -> Self {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut members = Members::default();
        let mut reader = serde_json::Deserializer::from_slice(bytes);
        let read = reader.deserialize_map(&mut members).and_then(|()| reader.end());
        let Members { mut references, mut bundle } = members;
        // Where each ends is known then, and not yet whether it can be read.
        let mut are_readable = true;
        for member in [&mut references, &mut bundle] {
            let readable = member.0.filter(|raw| check(raw.get()).is_ok());
            are_readable &= readable.is_some() == member.0.is_some();
            member.0 = readable;
        }
        let read = if are_readable { read } else { read.and(serde_json::from_slice::<Checked>(bytes).map(drop)) };
        let Err(error) = read else { return Self::of(references.said(), bundle.said(), None) };
        let fault = match error.classify() {
            // The library's messages about syntax hold positions only; others repeat values.
            Category::Syntax | Category::Eof | Category::Io => format!("it is not JSON: {error}"),
            Category::Data => "it is not one JSON object with one \"references\" and one \"bundle\"".to_owned(),
        };
        Self::of(references.said(), bundle.said(), Some(fault))
    }

    fn of(references: Option<Said>, bundle: Option<Said>, fault: Option<String>) -> Self {
        let references = references.filter(|said| said.starts_with('{'));
        Self { references, bundle: bundle.filter(|said| &**said != "null"), fault }
    }
}

/// The two members that count, as they stand in the body.
#[derive(Default)]
struct Members<'de> {
    references: Member<'de>,
    bundle: Member<'de>,
}

/// A member, and whether it was there.
#[derive(Default)]
struct Member<'de>(Option<&'de RawValue>, bool);

impl Member<'_> {
    fn said(&self) -> Option<Said> {
        self.0.map(|raw| Said::checked(raw.get()))
    }
}

impl<'de> Visitor<'de> for &mut Members<'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key::<String>()? {
            let member = match name.as_str() {
                "references" => &mut self.references,
                "bundle" => &mut self.bundle,
                _ => {
                    members.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            // Nobody knows which of two is meant.
            member.0 = None;
            if std::mem::replace(&mut member.1, true) {
                return Err(A::Error::custom("twice"));
            }
            member.0 = Some(members.next_value()?);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn what_stood_whole_before_a_body_breaks_counts() {
        let whole = r#"{"references": {"tenant": {"id": "contoso"}}, "x": [1], "bundle": {"notes": ["n"]}}"#;
        let document = Document::read(whole.as_bytes());
        let json = |said: Option<Said>| said.map(|said| serde_json::from_str::<Value>(&said).unwrap());
        assert_eq!(json(document.references), Some(json!({"tenant": {"id": "contoso"}})));
        assert_eq!((json(document.bundle), document.fault), (Some(json!({"notes": ["n"]})), None));
        let end_of_references = whole.find(", \"x\"").unwrap();
        for end in 0..whole.len() {
            let document = Document::read(&whole.as_bytes()[..end]);
            assert_eq!(document.references.is_some(), end >= end_of_references, "{}", &whole[..end]);
            assert!(document.fault.is_some());
        }
        assert_eq!(Document::read(&[b"\xef\xbb\xbf", whole.as_bytes()].concat()), Document::read(whole.as_bytes()));
    }

    #[test]
    fn a_fault_says_where_and_never_what() {
        let deep = format!(r#"{{"references": {{}}, "bundle": {}"#, "[".repeat(10_000));
        for (body, proven) in [
            (deep.as_bytes(), true),
            (&b"{\"references\": {}, \"bundle\": \"canary \xff\"}"[..], true),
            (br#"{"references": {}, "bundle": {"canary": nul}}"#, true),
            (br#"{"references": {}, "bundle": ["canary \ud800"]}"#, true),
            (br#"{"references": {}, "bundle": 1e999}"#, true),
            (br#"{"references": ["canary \ud800"]}"#, false),
            (br#"{"references": {}} canary"#, true),
            (br#"{"references": {}, "bundle": 1, "bundle": "canary"}"#, true),
            (br#"{"references": {}, "references": {"canary": 1}}"#, false),
            (br#"{"references": "canary"} x"#, false),
            (br#""canary""#, false),
            (br#"["canary"]"#, false),
            (b"<html>canary</html>", false),
            (b"", false),
        ] {
            let document = Document::read(body);
            let fault = document.fault.expect("it is broken");
            assert!(!fault.contains("canary"), "{fault}");
            assert_eq!((document.references.is_some(), document.bundle), (proven, None), "{fault}");
        }
    }
}
