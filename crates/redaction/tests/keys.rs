//! Names that mean a secret, in every way of writing them, over every type of value.

use serde_json::{Value, json};

use crate::REDACTOR;

#[path = "../benches/names.rs"]
#[expect(dead_code, reason = "shared with the benchmark, which also prints it")]
mod names;

#[test]
fn whatever_stands_under_a_secret_name_is_replaced() {
    for name in names::SECRET_NAMES.iter().flat_map(|name| names::spellings(name)) {
        for value in names::values() {
            let cleaned = REDACTOR.json(json!({ name.clone(): value.clone() })).value;
            let left = cleaned.get(&name).and_then(Value::as_str).unwrap_or_default();
            assert!(left.starts_with("[redacted:"), "{name}: {value} became {cleaned}");
        }
    }
}

#[test]
fn names_that_only_talk_about_a_secret_change_nothing() {
    for name in names::HARMLESS_NAMES.iter().flat_map(|name| names::spellings(name)).filter(|name| name != "app.key") {
        for value in [json!("strict"), json!(5), json!(["a"])] {
            let document = json!({ name.clone(): value });
            assert_eq!(REDACTOR.json(document.clone()).value, document);
        }
    }
}

#[test]
fn nothing_under_a_secret_name_stays_nothing() {
    let document = json!({"password": null, "token": "", "secrets": []});
    assert_eq!(REDACTOR.json(document.clone()).value, document);
}
