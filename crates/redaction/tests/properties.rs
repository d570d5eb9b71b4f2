//! What holds for any input.

use proptest::prelude::*;
use serde_json::Value;

use crate::REDACTOR;

/// Pieces that secrets, their names and their surroundings are made of.
fn pieces() -> impl Strategy<Value = String> {
    let fixed = prop::sample::select(vec![
        "password",
        "Passwort",
        "token",
        "api_key",
        "secret",
        "the code is ",
        "Authorization: ",
        "Bearer ",
        "Basic ",
        "Cookie: ",
        "=",
        ": ",
        ":",
        "\"",
        "\\\"",
        "'",
        "`",
        " ",
        "\n",
        "\\n",
        ", ",
        ";",
        "&",
        "?",
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        "<",
        ">",
        "/",
        "%3D",
        "%20",
        "hunter2",
        "Winter#24",
        "482913",
        "ghp_k7m2q9x4z8w3v6t5r1k7m2q9x4z8w3v6t5r1",
        "AKIAK7M2Q9X4Z3W6V5T2",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
        "https://",
        "user:pa55@",
        "host/",
        "-----BEGIN RSA PRIVATE KEY-----",
        "-----END RSA PRIVATE KEY-----",
        "MIIEowIBAAKCAQEAx",
        "cGFzc3dvcmQ9aHVudGVyMmh1bnRlcjI=",
        "[redacted:password]",
        "[redacted:",
        "curl -u a:b1c2d3 ",
        "mysql -p",
        "is ",
        "lautet ",
        "name",
        "value",
        "null",
        "true",
        "12345",
        "é",
        "ß",
        "密",
        "kind: Secret\ndata:\n  a: ",
        "seed phrase: ",
        "x",
        "\\",
        "\\\\",
        "user,password\n",
        "a,b1c2d3\n",
        "| password |\n",
        "| x9y8z7 |\n",
        "--token ",
    ]);
    let piece = prop_oneof![8 => fixed.prop_map(str::to_owned), 1 => "[ -~]{0,12}", 1 => "\\PC{0,6}"];
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

fn json() -> impl Strategy<Value = Value> {
    let name = prop::sample::select(vec![
        "password",
        "token",
        "name",
        "value",
        "key",
        "label",
        "facts",
        "client_secret",
        "note",
        "tokens",
        "auth",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        pieces().prop_map(Value::from)
    ];
    leaf.prop_recursive(3, 24, 5, move |inner| {
        let member = (prop_oneof![4 => name.clone().prop_map(str::to_owned), 1 => pieces()], inner.clone());
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(Value::from),
            prop::collection::vec(member, 0..4).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn redacting_twice_is_redacting_once(text in pieces()) {
        let once = REDACTOR.text(&text).value;
        let twice = REDACTOR.text(&once);
        prop_assert_eq!(&twice.value, &once);
        prop_assert!(twice.taken.is_empty());
    }

    #[test]
    fn text_outside_the_replaced_spans_is_untouched(text in pieces()) {
        let cleaned = REDACTOR.text(&text).value;
        let mut rest = cleaned.as_str();
        let mut at = 0;
        for finding in REDACTOR.explain(&text) {
            if finding.range.start < at {
                continue;
            }
            let kept = &text[at..finding.range.start];
            prop_assert!(rest.starts_with(kept), "{:?} does not go on with {:?}", rest, kept);
            let marker = format!("[redacted:{}]", finding.rule);
            rest = &rest[kept.len()..];
            let found = rest.find(&marker).filter(|found| *found <= 4);
            prop_assert!(found.is_some(), "{:?} has no {}", rest, marker);
            rest = rest[found.unwrap_or(0) + marker.len()..].trim_start_matches(|c| found != Some(0) && matches!(c, '"' | '\'' | '\\'));
            at = finding.range.end;
        }
        prop_assert!(rest == &text[at..] || rest == text[at..].trim_start_matches(['"', '\'', '\\']));
    }

    #[test]
    fn json_text_stays_json(value in json()) {
        for text in [value.to_string(), serde_json::to_string_pretty(&value).expect("a value prints")] {
            let cleaned = REDACTOR.text(&text).value;
            prop_assert!(serde_json::from_str::<Value>(&cleaned).is_ok(), "{} became {}", text, cleaned);
        }
    }

    #[test]
    fn json_text_inside_json_text_stays_json(value in json()) {
        let text = Value::from(value.to_string()).to_string();
        let cleaned = REDACTOR.text(&text).value;
        prop_assert!(serde_json::from_str::<Value>(&cleaned).is_ok(), "{} became {}", text, cleaned);
    }

    #[test]
    fn redacting_a_document_twice_is_redacting_it_once(value in json()) {
        let once = REDACTOR.json(value).value;
        let twice = REDACTOR.json(once.clone());
        prop_assert_eq!(&twice.value, &once);
        prop_assert!(twice.taken.is_empty());
    }

    #[test]
    fn any_text_is_survived(text in "\\PC{0,200}") {
        let _ = REDACTOR.text(&text);
    }
}

#[test]
fn what_a_copy_of_a_secret_hid_is_found_when_the_copy_is_gone() {
    let first =
        "-----END RSA PRIVATE KEY-----| password |\n:0\u{1132b}\u{1701}NAuthorization: )a,Sommer7\nthe code is ";
    let once = REDACTOR.json(serde_json::json!([first, "curl -u a:Sommer7 "])).value;
    assert_eq!(REDACTOR.json(once.clone()).value, once);
    assert!(once[0].as_str().is_some_and(|text| !text.contains("Sommer7")), "{once}");
}
