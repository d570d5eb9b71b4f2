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

use serde_json::{Map, Value};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::allow_list::{AllowList, Misfit, ShapeFault};

/// Largest bundle that is taken, in bytes of its JSON.
pub const BUNDLE_MAX_BYTES: usize = 256 * 1024;

/// A bundle that fits the schema. Its texts are as the provider gave them: redaction comes after.
#[derive(Debug, Clone, PartialEq)]
pub struct Bundle {
    json: Value,
    dropped_keys: u64,
    kept_bytes: usize,
}

impl Bundle {
    /// Cuts a provider's document down to the schema.
    ///
    /// # Errors
    /// A document over 256 KiB, of another version, or with the wrong kind of value in a declared place.
    pub fn parse(value: &Value) -> Result<Self, Misfit> {
        if at_most(value) > BUNDLE_MAX_BYTES && size(value) > BUNDLE_MAX_BYTES {
            return Err(ShapeFault::TooLarge.into());
        }
        let mut allowed = AllowList::default();
        let from = allowed.object(value)?;
        if from.get("schema_version").and_then(Value::as_u64) != Some(1) {
            return Err(Misfit::from(ShapeFault::UnknownVersion).below("schema_version"));
        }
        let others = ["schema_version", "generated_at", "sections", "notes", "omissions"];
        let mut json = allowed.texts(from, &["headline"], &others)?;
        json.insert("schema_version".to_owned(), 1.into());
        let generated_at =
            generated_at(&mut allowed, from).map_err(|fault| Misfit::from(fault).below("generated_at"))?;
        json.insert("generated_at".to_owned(), generated_at);
        json.insert("sections".to_owned(), each(&mut allowed, from, "sections", section)?);
        json.insert("notes".to_owned(), each(&mut allowed, from, "notes", note)?);
        json.insert("omissions".to_owned(), each(&mut allowed, from, "omissions", omission)?);
        Ok(Self { json: Value::Object(json), dropped_keys: allowed.dropped(), kept_bytes: allowed.kept_bytes() })
    }

    /// The bundle, as it goes into the stored context.
    #[must_use]
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// The same, for good.
    #[must_use]
    pub fn into_json(self) -> Value {
        self.json
    }

    /// How many keys the schema does not declare.
    #[must_use]
    pub fn dropped_keys(&self) -> u64 {
        self.dropped_keys
    }

    /// How much there is to be read in it: see [`AllowList::kept_bytes`].
    #[must_use]
    pub fn kept_bytes(&self) -> usize {
        self.kept_bytes
    }
}

/// No fewer bytes than a value's JSON has, reckoned without writing it: most bundles are far below the limit.
fn at_most(value: &Value) -> usize {
    /// `\u0000`, for one byte.
    const LONGEST_ESCAPE: usize = 6;
    /// Of a number, and more than the punctuation around any value.
    const LONGEST_NUMBER: usize = 32;
    let text = |text: &String| text.len() * LONGEST_ESCAPE;
    let inner = match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => LONGEST_NUMBER,
        Value::String(value) => text(value),
        Value::Array(items) => items.iter().map(at_most).sum(),
        Value::Object(members) => members.iter().map(|(key, value)| text(key) + LONGEST_NUMBER + at_most(value)).sum(),
    };
    inner + LONGEST_NUMBER
}

/// Bytes of a value's JSON, counted and not kept.
fn size(value: &Value) -> usize {
    struct Count(usize);

    impl std::io::Write for Count {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    let mut count = Count(0);
    serde_json::to_writer(&mut count, value).map_or(usize::MAX, |()| count.0)
}

fn generated_at(allowed: &mut AllowList, root: &Map<String, Value>) -> Result<Value, ShapeFault> {
    let time = allowed.text(root.get("generated_at"))?.ok_or(ShapeFault::Missing)?;
    let readable = time.as_str().is_some_and(|text| OffsetDateTime::parse(text, &Rfc3339).is_ok());
    if readable { Ok(time) } else { Err(ShapeFault::NotATime) }
}

fn each(
    allowed: &mut AllowList,
    from: &Map<String, Value>,
    name: &str,
    item: fn(&mut AllowList, &Value) -> Result<Value, Misfit>,
) -> Result<Value, Misfit> {
    let items = allowed.list(from.get(name)).map_err(|fault| Misfit::from(fault).below(name))?;
    let mut kept = Vec::with_capacity(items.len());
    for (index, value) in items.iter().enumerate() {
        kept.push(item(allowed, value).map_err(|misfit| misfit.below(index).below(name))?);
    }
    Ok(Value::Array(kept))
}

fn section(allowed: &mut AllowList, value: &Value) -> Result<Value, Misfit> {
    let from = allowed.object(value)?;
    let mut kept = allowed.texts(from, &["key", "title", "status", "summary"], &["facts", "references"])?;
    kept.insert("facts".to_owned(), each(allowed, from, "facts", fact)?);
    kept.insert("references".to_owned(), each(allowed, from, "references", reference)?);
    Ok(Value::Object(kept))
}

fn fact(allowed: &mut AllowList, value: &Value) -> Result<Value, Misfit> {
    let from = allowed.object(value)?;
    let mut kept = allowed.texts(from, &["key", "label"], &["value"])?;
    let value = allowed.scalar(from.get("value")).map_err(|fault| Misfit::from(fault).below("value"))?;
    kept.insert("value".to_owned(), value);
    Ok(Value::Object(kept))
}

fn reference(allowed: &mut AllowList, value: &Value) -> Result<Value, Misfit> {
    let from = allowed.object(value)?;
    allowed.texts(from, &["type", "id", "label"], &[]).map(Value::Object)
}

fn note(allowed: &mut AllowList, value: &Value) -> Result<Value, Misfit> {
    Ok(allowed.text(Some(value))?.ok_or(ShapeFault::NotAText)?)
}

fn omission(allowed: &mut AllowList, value: &Value) -> Result<Value, Misfit> {
    let from = allowed.object(value)?;
    allowed.texts(from, &["key", "reason"], &[]).map(Value::Object)
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
        let bundle = Bundle::parse(&good()).unwrap();
        assert_eq!((bundle.dropped_keys(), bundle.into_json()), (0, good()));
    }

    #[test]
    fn undeclared_keys_are_dropped_at_every_depth_and_counted() {
        let mut wild = good();
        wild["raw"] = json!({"deep": [1, 2]});
        wild["sections"][0]["vendor_blob"] = json!("x");
        wild["sections"][0]["facts"][0]["unit"] = json!("ms");
        wild["sections"][0]["references"][0]["href"] = json!("https://x");
        wild["omissions"][0]["stack"] = json!([]);
        let bundle = Bundle::parse(&wild).unwrap();
        assert_eq!((bundle.dropped_keys(), bundle.into_json()), (5, good()));
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
            assert_eq!(Bundle::parse(&bundle), Err(Misfit { pointer: pointer.to_owned(), fault }));
        }
    }

    #[test]
    fn a_bundle_over_256_kib_is_rejected_and_one_of_exactly_that_size_is_not() {
        let mut bundle = good();
        let rest = serde_json::to_vec(&bundle).unwrap().len() - 1;
        bundle["headline"] = json!("x".repeat(BUNDLE_MAX_BYTES - rest));
        assert_eq!(serde_json::to_vec(&bundle).unwrap().len(), BUNDLE_MAX_BYTES);
        assert!(Bundle::parse(&bundle).is_ok());
        bundle["headline"] = json!("x".repeat(BUNDLE_MAX_BYTES - rest + 1));
        assert_eq!(Bundle::parse(&bundle), Err(ShapeFault::TooLarge.into()));
    }
}
