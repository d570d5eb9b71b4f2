//! The diagnostic bundle: what a provider may say, as an allow-list. No provider's own vocabulary is in the keys.
//!
//! ```json
//! { "schema_version": 1, "generated_at": "2026-01-31T09:00:00Z", "headline": "…",
//!   "sections": [ { "key": "…", "title": "…", "status": "…", "summary": "…",
//!                   "facts":      [ { "key": "…", "label": "…", "value": 1 } ],
//!                   "references": [ { "type": "…", "id": "…", "label": "…" } ] } ],
//!   "notes": [ "…" ],
//!   "omissions": [ { "key": "…", "reason": "…" } ] }
//! ```

use redaction::Json;
use serde_json::Value;

use super::allow_list::{self, Absent, Kept, Member, Misfit, Shape, ShapeFault};

/// Largest bundle that is taken, in bytes of its JSON without blanks.
pub const BUNDLE_MAX_BYTES: usize = 256 * 1024;

/// How many times longer than its text a document without blanks can be, at most: `1e9` is written `1000000000.0`.
const LONGER: usize = 4;

static BUNDLE: Shape = Shape::Object(&[
    Member { name: "generated_at", shape: Shape::Time, absent: Absent::Refused(ShapeFault::Missing) },
    Member { name: "headline", shape: Shape::Text, absent: Absent::LeftOut },
    Member { name: "notes", shape: Shape::List(&Shape::Text), absent: Absent::EmptyList },
    Member { name: "omissions", shape: Shape::List(&OMISSION), absent: Absent::EmptyList },
    Member { name: "schema_version", shape: Shape::Version, absent: Absent::Refused(ShapeFault::UnknownVersion) },
    Member { name: "sections", shape: Shape::List(&SECTION), absent: Absent::EmptyList },
]);

static OMISSION: Shape = Shape::Object(&[text("key"), text("reason")]);

static SECTION: Shape = Shape::Object(&[
    Member { name: "facts", shape: Shape::List(&FACT), absent: Absent::EmptyList },
    text("key"),
    Member { name: "references", shape: Shape::List(&REFERENCE), absent: Absent::EmptyList },
    text("status"),
    text("summary"),
    text("title"),
]);

static FACT: Shape =
    Shape::Object(&[text("key"), text("label"), Member { name: "value", shape: Shape::Scalar, absent: Absent::Null }]);

static REFERENCE: Shape = Shape::Object(&[text("id"), text("label"), text("type")]);

/// A text that need not be there.
pub(super) const fn text(name: &'static str) -> Member {
    Member { name, shape: Shape::Text, absent: Absent::LeftOut }
}

/// A bundle that fits the schema. Its texts are as the provider gave them: redaction comes after.
#[derive(Debug, Clone, PartialEq)]
pub struct Bundle<'d>(Kept<'d>);

impl<'d> Bundle<'d> {
    /// Reads a provider's document by the schema, without copying its texts.
    ///
    /// # Errors
    /// A document over 256 KiB, of another version, or with the wrong kind of value in a declared place; no JSON.
    pub fn parse(document: &'d str) -> Result<Self, Misfit> {
        if document.len() > BUNDLE_MAX_BYTES / LONGER && size(document) > BUNDLE_MAX_BYTES {
            return Err(ShapeFault::TooLarge.into());
        }
        allow_list::read(document, &BUNDLE).map(Self)
    }

    /// The bundle, as it goes into the stored context.
    #[must_use]
    pub fn into_json(self) -> Json<'d> {
        self.0.json
    }

    /// How many keys the schema does not declare.
    #[must_use]
    pub fn dropped_keys(&self) -> u64 {
        self.0.dropped_keys
    }

    /// How much there is to be read in it: see [`Kept::bytes`].
    #[must_use]
    pub fn kept_bytes(&self) -> usize {
        self.0.bytes
    }
}

/// Bytes of a document's JSON without blanks.
fn size(document: &str) -> usize {
    let written = serde_json::from_str::<Value>(document).map(|value| value.to_string());
    written.map_or(document.len(), |written| written.len())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn good() -> Value {
        json!({
            "schema_version": 1, "generated_at": "2026-01-31T09:00:00Z", "headline": "h",
            "sections": [{"key": "k", "title": "t", "status": "failed", "summary": "s",
                "facts": [{"key": "n", "label": "N", "value": 3}],
                "references": [{"type": "device", "id": "1", "label": "one"}]}],
            "notes": ["n"], "omissions": [{"key": "audit", "reason": "not permitted"}],
        })
    }

    #[test]
    fn a_bundle_that_fits_is_kept_as_it_is() {
        let document = good().to_string();
        let bundle = Bundle::parse(&document).unwrap();
        assert_eq!((bundle.dropped_keys(), Value::from(bundle.into_json())), (0, good()));
    }

    #[test]
    fn undeclared_keys_are_dropped_at_every_depth_and_counted() {
        let mut wild = good();
        wild["raw"] = json!({"deep": [1, 2]});
        wild["sections"][0]["vendor_blob"] = json!("x");
        wild["sections"][0]["facts"][0]["unit"] = json!("ms");
        wild["sections"][0]["references"][0]["href"] = json!("https://x");
        wild["omissions"][0]["stack"] = json!([]);
        let document = wild.to_string();
        let bundle = Bundle::parse(&document).unwrap();
        assert_eq!((bundle.dropped_keys(), Value::from(bundle.into_json())), (5, good()));
    }

    #[test]
    fn a_bundle_with_the_wrong_kind_of_value_is_rejected_and_the_place_is_named() {
        let wrongs: [(&str, Value, ShapeFault); 11] = [
            ("/schema_version", json!(2), ShapeFault::UnknownVersion),
            ("/generated_at", json!("yesterday"), ShapeFault::NotATime),
            ("/generated_at", json!(null), ShapeFault::Missing),
            ("/headline", json!({}), ShapeFault::NotAText),
            ("/sections", json!({}), ShapeFault::NotAList),
            ("/sections/0", json!("s"), ShapeFault::NotAnObject),
            ("/sections/0/facts", json!(true), ShapeFault::NotAList),
            ("/sections/0/facts/0/label", json!(1), ShapeFault::NotAText),
            ("/sections/0/facts/0/value", json!([1]), ShapeFault::NotAScalar),
            ("/omissions/0", json!(["x"]), ShapeFault::NotAnObject),
            ("/notes/0", json!(1), ShapeFault::NotAText),
        ];
        for (pointer, value, fault) in wrongs {
            let mut bundle = good();
            *bundle.pointer_mut(pointer).unwrap() = value;
            assert_eq!(Bundle::parse(&bundle.to_string()), Err(Misfit { pointer: pointer.to_owned(), fault }));
        }
    }

    #[test]
    fn a_bundle_over_256_kib_is_rejected_and_one_of_exactly_that_size_is_not() {
        let mut bundle = good();
        let rest = serde_json::to_vec(&bundle).unwrap().len() - 1;
        bundle["headline"] = json!("x".repeat(BUNDLE_MAX_BYTES - rest));
        assert_eq!(serde_json::to_vec(&bundle).unwrap().len(), BUNDLE_MAX_BYTES);
        let spaced = serde_json::to_string_pretty(&bundle).unwrap();
        assert!(Bundle::parse(&bundle.to_string()).is_ok() && Bundle::parse(&spaced).is_ok(), "blanks do not count");
        bundle["headline"] = json!("x".repeat(BUNDLE_MAX_BYTES - rest + 1));
        assert_eq!(Bundle::parse(&bundle.to_string()), Err(ShapeFault::TooLarge.into()));
        // A number that is longer without its exponent.
        let numbers = format!(r#"{{"raw": [{}]}}"#, vec!["1e9"; BUNDLE_MAX_BYTES / 12].join(","));
        assert!(numbers.len() < BUNDLE_MAX_BYTES / 2);
        assert_eq!(Bundle::parse(&numbers), Err(ShapeFault::TooLarge.into()));
    }
}
