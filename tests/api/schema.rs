//! As much of JSON Schema as the published document uses, to hold answers to it. A keyword that is not known here is an
//! error, so that the document cannot come to say something that nobody checks.

use std::{collections::BTreeMap, sync::Mutex};

use regex::Regex;
use serde_json::{Map, Value};

/// Keywords that say nothing about what is valid, or (`format`) nothing that is checked here.
const ANNOTATIONS: [&str; 7] = ["description", "example", "examples", "default", "format", "title", "deprecated"];

/// What is wrong with `value` by `schema`, one line each; `document` is where references lead.
pub fn faults(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    check(document, schema, value, "", &mut faults);
    faults
}

/// Follows a reference, if it is one.
pub fn resolve<'a>(document: &'a Value, maybe: &'a Value) -> &'a Value {
    match maybe["$ref"].as_str() {
        None => maybe,
        Some(reference) => {
            let pointer = reference.strip_prefix('#').expect("references are local");
            let found = document.pointer(pointer).unwrap_or_else(|| panic!("{reference} leads nowhere"));
            resolve(document, found)
        }
    }
}

fn check(document: &Value, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
    let schema = resolve(document, schema);
    let keywords = schema.as_object().expect("a schema is an object");
    for (keyword, limit) in keywords {
        let holds = match keyword.as_str() {
            "type" => {
                limit.as_array().map_or_else(|| is_a(limit, value), |any| any.iter().any(|kind| is_a(kind, value)))
            }
            "enum" => limit.as_array().is_some_and(|allowed| allowed.contains(value)),
            "const" => limit == value,
            "pattern" => value.as_str().is_none_or(|text| pattern(limit.as_str().unwrap()).is_match(text)),
            "minLength" => value.as_str().is_none_or(|text| text.chars().count() as u64 >= limit.as_u64().unwrap()),
            "maxLength" => value.as_str().is_none_or(|text| text.chars().count() as u64 <= limit.as_u64().unwrap()),
            "minimum" => value.as_f64().is_none_or(|number| number >= limit.as_f64().unwrap()),
            "maximum" => value.as_f64().is_none_or(|number| number <= limit.as_f64().unwrap()),
            "maxItems" => value.as_array().is_none_or(|items| items.len() as u64 <= limit.as_u64().unwrap()),
            "oneOf" => {
                limit.as_array().unwrap().iter().filter(|one| self::faults(document, one, value).is_empty()).count()
                    == 1
            }
            "required" => limit.as_array().unwrap().iter().all(|name| value.get(name.as_str().unwrap()).is_some()),
            "additionalProperties" => limit.as_bool() != Some(false) || undeclared(keywords, value).is_empty(),
            "properties" | "items" => true,
            known if ANNOTATIONS.contains(&known) => true,
            unknown => panic!("teach tests/api/schema.rs the keyword {unknown}"),
        };
        if !holds {
            faults.push(format!("{at}: {keyword} is {limit}, but there is {value}"));
        }
    }
    descend(document, keywords, value, at, faults);
}

/// A pattern, compiled once: some are long, and many values are held to them.
fn pattern(pattern: &str) -> Regex {
    static COMPILED: Mutex<BTreeMap<String, Regex>> = Mutex::new(BTreeMap::new());
    let mut compiled = COMPILED.lock().unwrap();
    compiled.entry(pattern.to_owned()).or_insert_with(|| Regex::new(pattern).unwrap()).clone()
}

fn descend(document: &Value, keywords: &Map<String, Value>, value: &Value, at: &str, faults: &mut Vec<String>) {
    if let (Some(Value::Object(properties)), Value::Object(members)) = (keywords.get("properties"), value) {
        for (name, member) in members {
            match properties.get(name) {
                Some(schema) => check(document, schema, member, &format!("{at}/{name}"), faults),
                // Later versions may add members, says the document; this one must declare what it has.
                None => faults.push(format!("{at}/{name} is not declared")),
            }
        }
    }
    if let (Some(schema), Value::Array(items)) = (keywords.get("items"), value) {
        for (index, item) in items.iter().enumerate() {
            check(document, schema, item, &format!("{at}/{index}"), faults);
        }
    }
}

fn undeclared<'a>(keywords: &Map<String, Value>, value: &'a Value) -> Vec<&'a String> {
    let declared = |name: &str| keywords.get("properties").is_some_and(|properties| properties.get(name).is_some());
    value.as_object().map(|members| members.keys().filter(|name| !declared(name)).collect()).unwrap_or_default()
}

fn is_a(kind: &Value, value: &Value) -> bool {
    match kind.as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("null") => value.is_null(),
        Some("number") => value.is_number(),
        Some("integer") => value.is_i64() || value.is_u64(),
        _ => panic!("{kind} is no type"),
    }
}

#[test]
fn a_value_that_breaks_a_rule_is_noticed() {
    use serde_json::json;
    let document = json!({"components": {"schemas": {"Name": {"type": "string", "maxLength": 2, "pattern": "^a"}}}});
    let schema = json!({"type": "object", "required": ["n"], "properties": {"n": {"$ref": "#/components/schemas/Name"},
        "list": {"type": "array", "items": {"type": "integer", "minimum": 1}}}});
    assert!(faults(&document, &schema, &json!({"n": "ab", "list": [1]})).is_empty());
    for bad in [
        json!({}),
        json!([]),
        json!({"n": 1}),
        json!({"n": "abc"}),
        json!({"n": "b"}),
        json!({"n": "a", "list": [0]}),
        json!({"n": "a", "x": 1}),
    ] {
        assert!(!faults(&document, &schema, &bad).is_empty(), "{bad}");
    }
}
