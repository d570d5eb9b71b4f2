use std::borrow::Cow;

use redaction::Json;
use serde_json::{Value, json};

use super::*;

static PAIRS: Shape = Shape::Object(&[
    Member { name: "list", shape: Shape::List(&PAIR), absent: Absent::EmptyList },
    Member { name: "text", shape: Shape::Text, absent: Absent::LeftOut },
    Member { name: "version", shape: Shape::Version, absent: Absent::Refused(ShapeFault::UnknownVersion) },
]);

static PAIR: Shape = Shape::Object(&[
    Member { name: "key", shape: Shape::Text, absent: Absent::LeftOut },
    Member { name: "value", shape: Shape::Scalar, absent: Absent::Null },
]);

fn kept(text: &str) -> Value {
    read(text, &PAIRS).unwrap().json.into()
}

#[test]
fn nul_and_numbers_beyond_double_precision_are_kept_in_a_form_that_survives_storage() {
    for (value, stored) in [
        (r#""x\u0000y""#, json!("x\u{FFFD}y")),
        ("9007199254740993", json!("9007199254740993")),
        ("-9007199254740993", json!("-9007199254740993")),
        ("9007199254740991", json!(9_007_199_254_740_991_u64)),
        ("-0.5", json!(-0.5)),
        ("true", json!(true)),
        ("null", json!(null)),
    ] {
        let found = kept(&format!(r#"{{"version": 1, "list": [{{"value": {value}}}]}}"#));
        assert_eq!(found["list"][0], json!({"value": stored}), "{value}");
    }
    assert_eq!(kept(r#"{"version": 1, "list": [{}]}"#)["list"][0], json!({"value": null}));
}

#[test]
fn of_two_members_with_one_name_the_last_counts_and_the_name_once() {
    let twice = r#"{"x": 1, "x": 2, "\u0078": [{}], "y": 3, "text": 7, "list": {"z": 1}, "version": 2,
        "list": [{"key": "a", "q": 0, "r": 0}], "list": [{"q": 0, "key": "b"}], "version": 1, "text": "t\u0065xt"}"#;
    let found = read(twice, &PAIRS).unwrap();
    assert_eq!(found.dropped_keys, 3, "x, y and the q of the last list");
    assert_eq!(Value::from(found.json), json!({"version": 1, "text": "text", "list": [{"key": "b", "value": null}]}));
}

#[test]
fn a_fault_is_told_by_its_place_and_what_is_undeclared_is_not_looked_at() {
    let found = |text| read(text, &PAIRS).map(drop).map_err(|misfit| (misfit.pointer, misfit.fault));
    let told = |pointer: &str, fault| Err((pointer.to_owned(), fault));
    assert_eq!(found(r#"{"version": 1, "raw": {"deep": [{"version": 2}]}}"#), Ok(()));
    assert_eq!(found(r#"{"text": 1, "version": 2}"#), told("/version", ShapeFault::UnknownVersion));
    assert_eq!(found(r#"{"text": 1, "version": 1.0}"#), told("/version", ShapeFault::UnknownVersion));
    assert_eq!(found(r#"{"text": {"a": [1]}, "version": 1}"#), told("/text", ShapeFault::NotAText));
    assert_eq!(found(r#"{"list": [{}, null, 7], "version": 1}"#), told("/list/1", ShapeFault::NotAnObject));
    assert_eq!(found(r#"{"list": [{"value": {}}, 7], "version": 1}"#), told("/list/0/value", ShapeFault::NotAScalar));
    assert_eq!(found("null"), told("", ShapeFault::NotAnObject));
    for broken in ["", "{", r#"{"version": 1} x"#, r#"{"version": 1, "text": "\ud800"}"#, r#"{"version": 1, "x": nul}"#]
    {
        assert_eq!(found(broken), told("", ShapeFault::NotJson), "{broken}");
    }
}

#[test]
fn texts_are_borrowed_from_the_document_where_they_have_no_escapes() {
    let found = read(r#"{"version": 1, "text": "plain", "list": [{"key": "a\tb"}]}"#, &PAIRS).unwrap();
    let Json::Object(members) = found.json else { panic!("an object") };
    assert!(members.iter().any(|(_, value)| matches!(value, Json::Text(Cow::Borrowed("plain")))));
}
