//! What a platform's body says: `{"references": {…}, "bundle": {…}}`. Where the body breaks off or is broken, what stood
//! whole before that still counts: references that were said prove that the scope exists.

use std::fmt;

use serde::{
    Deserializer as _,
    de::{Error as _, IgnoredAny, MapAccess, Visitor},
};
use serde_json::{Value, error::Category};

/// What was said, as far as it could be read.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Document {
    /// An object.
    pub(super) references: Option<Value>,
    pub(super) bundle: Option<Value>,
    /// Why it could not be read to its end. Nothing of its content.
    pub(super) fault: Option<String>,
}

impl Document {
    /// Reads as much as there is.
    pub(super) fn read(bytes: &[u8]) -> Self {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut document = Self::default();
        let mut reader = serde_json::Deserializer::from_slice(bytes);
        let read = reader.deserialize_map(Members(&mut document)).and_then(|()| reader.end());
        if let Err(error) = read {
            document.fault = Some(match error.classify() {
                // The library's messages about syntax hold positions only; others repeat values.
                Category::Syntax | Category::Eof | Category::Io => format!("it is not JSON: {error}"),
                Category::Data => "it is not one JSON object with one \"references\" and one \"bundle\"".to_owned(),
            });
        }
        document
    }
}

struct Members<'a>(&'a mut Document);

impl<'de> Visitor<'de> for Members<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let Document { references, bundle, .. } = self.0;
        let mut seen = (false, false);
        while let Some(name) = members.next_key::<String>()? {
            match name.as_str() {
                "references" if seen.0 => {
                    // Nobody knows which of the two is meant.
                    *references = None;
                    return Err(A::Error::custom("twice"));
                }
                "references" => {
                    seen.0 = true;
                    *references = Some(members.next_value()?).filter(Value::is_object);
                }
                "bundle" if seen.1 => {
                    *bundle = None;
                    return Err(A::Error::custom("twice"));
                }
                "bundle" => {
                    seen.1 = true;
                    *bundle = Some(members.next_value()?).filter(|said: &Value| !said.is_null());
                }
                _ => drop(members.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_stood_whole_before_a_body_breaks_counts() {
        let whole = r#"{"references": {"tenant": {"id": "contoso"}}, "x": [1], "bundle": {"notes": ["n"]}}"#;
        let document = Document::read(whole.as_bytes());
        assert_eq!(document.references, Some(json!({"tenant": {"id": "contoso"}})));
        assert_eq!((document.bundle, document.fault), (Some(json!({"notes": ["n"]})), None));
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
