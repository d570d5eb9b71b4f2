//! JSON documents: pairs, facts, arguments, secrets used as keys, the manifest.

use serde_json::json;

use crate::REDACTOR;

#[test]
fn a_fact_with_a_secret_key_or_label_loses_its_value() {
    let cleaned = REDACTOR.json(json!({"facts": [
        {"key": "smtp.password", "label": "Mail", "value": "plain"},
        {"key": "k1", "label": "Admin password", "value": 12345},
        {"key": "attempts", "label": "Attempts", "value": 3},
    ]}));
    assert_eq!(cleaned.value["facts"][0]["value"], "[redacted:password]");
    assert_eq!(cleaned.value["facts"][1]["value"], "[redacted:password]");
    assert_eq!(cleaned.value["facts"][2]["value"], 3);
    assert_eq!(cleaned.taken[0].pointer, "/facts/0/value");
}

#[test]
fn name_and_value_pairs_are_read_in_both_orders_in_text_too() {
    for text in [
        r#"{"name":"DB_PASSWORD","value":"summer"}"#,
        r#"{"value":"summer","name":"DB_PASSWORD"}"#,
        r#"{\"name\":\"DB_PASSWORD\",\"value\":\"summer\"}"#,
        "- name: DB_PASSWORD\n  value: summer",
        r#"<add key="DbPassword" value="summer"/>"#,
    ] {
        let cleaned = REDACTOR.text(text).value;
        assert!(!cleaned.contains("summer"), "{cleaned}");
    }
}

#[test]
fn a_secret_used_as_a_key_is_taken_out_and_keys_stay_apart() {
    let cleaned = REDACTOR.json(json!({"AKIAK7M2Q9X4Z3W6V5T2": 1, "AKIAK7M2Q9X4Z3W6V5T3": 2}));
    let keys: Vec<_> = cleaned.value.as_object().expect("an object").keys().cloned().collect();
    assert_eq!(keys.len(), 2);
    assert!(keys.iter().all(|key| key.starts_with("[redacted:aws-access-key-akia]")), "{keys:?}");
}

#[test]
fn no_cleaned_key_takes_the_place_of_one_that_was_called_so_before() {
    let cleaned = REDACTOR.json(json!({"AKIAK7M2Q9X4Z3W6V5T2": 1, "[redacted:aws-access-key-akia]": 2}));
    let kept = json!({"[redacted:aws-access-key-akia]": 2, "[redacted:aws-access-key-akia] (2)": 1});
    assert_eq!(cleaned.value, kept);
}

#[test]
fn an_argument_after_a_secret_flag_is_taken_out() {
    let cleaned = REDACTOR.json(json!({"args": ["--user", "bob", "--password", "summer", "--verbose"]}));
    assert_eq!(cleaned.value["args"], json!(["--user", "bob", "--password", "[redacted:password]", "--verbose"]));
}

#[test]
fn a_bare_json_value_in_text_becomes_a_quoted_marker() {
    assert_eq!(REDACTOR.text(r#"{"password": 12345, "n": 1}"#).value, r#"{"password": "[redacted:password]", "n": 1}"#);
    let list = r#"{"pins": [4821, "7733"], "password": {"type": "string", "value": 815}}"#;
    let cleaned = r#"{"pins": ["[redacted:one-time-code]", "[redacted:one-time-code]"], "password": {"type": "string", "value": "[redacted:password]"}}"#;
    assert_eq!(REDACTOR.text(list).value, cleaned);
    assert_eq!(REDACTOR.text(r#"{"password": null}"#).value, r#"{"password": null}"#);
}

#[test]
fn a_boolean_stays_in_text_and_goes_in_a_document() {
    let flags = r#"{"sms_otp": false, "mfa": {"totp": true}, "password": true, "pin": 4821}"#;
    let kept = r#"{"sms_otp": false, "mfa": {"totp": true}, "password": true, "pin": "[redacted:one-time-code]"}"#;
    assert_eq!(REDACTOR.text(flags).value, kept);
    let cleaned = REDACTOR.json(json!({"totp": true, "nested": {"password": false}}));
    assert_eq!(
        cleaned.value,
        json!({"totp": "[redacted:one-time-code]", "nested": {"password": "[redacted:password]"}})
    );
}

#[test]
fn pointers_are_escaped() {
    let cleaned = REDACTOR.json(json!({"a/b~c": {"password": "x1"}}));
    assert_eq!(cleaned.taken[0].pointer, "/a~1b~0c/password");
}

#[test]
fn what_was_taken_in_one_place_of_a_document_goes_everywhere_else_too() {
    let cleaned = REDACTOR.json(json!({
        "sections": [
            {"summary": "the job printed Quokka.Drift.88 and stopped; 10,881 rows"},
            {"facts": [{"key": "db_password", "value": "Quokka.Drift.88"}]},
        ],
        "notes": ["saw Quokka.Drift.88 twice", "Quokka.Drift.881 is another one"],
    }));
    let shown = cleaned.value.to_string();
    let summary = cleaned.value["sections"][0]["summary"].as_str().unwrap_or_default();
    assert!(
        summary.starts_with("the job printed [redacted:") && summary.ends_with("] and stopped; 10,881 rows"),
        "{summary}"
    );
    let note = cleaned.value["notes"][0].as_str().unwrap_or_default();
    assert!(note.starts_with("saw [redacted:") && note.ends_with("] twice"), "{note}");
    assert_eq!(cleaned.value["notes"][1], "Quokka.Drift.881 is another one");
    assert!(!shown.contains("Quokka.Drift.88 "), "{shown}");
    let counted: u64 = cleaned.taken.iter().map(|taken| taken.count).sum();
    assert_eq!(counted, 3, "{:?}", cleaned.taken);
}

#[test]
fn a_secret_that_a_text_says_twice_goes_twice() {
    let cleaned = REDACTOR
        .text("API_TOKEN=k7m2q9x4z8w3v6t5 was refused; k7m2q9x4z8w3v6t5 is what the log shows, not k7m2q9x4z8w3v6t5a");
    assert_eq!(
        cleaned.value,
        "API_TOKEN=[redacted:token] was refused; [redacted:token] is what the log shows, not k7m2q9x4z8w3v6t5a"
    );
}

#[test]
fn in_text_what_an_object_calls_a_value_goes_however_deep_it_stands() {
    for (text, cleaned) in [
        (r#"{"api_key": {"nested": {"v": "abc"}}}"#, r#"{"api_key": {"nested": {"v": "[redacted:secret]"}}}"#),
        (
            r#"{"secrets": ["k9q", {"x": 1}, "b9"]}"#,
            r#"{"secrets": ["[redacted:secret]", {"x": 1}, "[redacted:secret]"]}"#,
        ),
        (
            r#"{"token": {"type": "oauth2", "expires_in": 3599}}"#,
            r#"{"token": {"type": "oauth2", "expires_in": 3599}}"#,
        ),
    ] {
        assert_eq!(REDACTOR.text(text).value, cleaned);
    }
}
