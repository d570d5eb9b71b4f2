//! A text that is not read to its end is replaced whole.

use std::time::{Duration, Instant};

use redaction::{Deadline, PointerTaken, Redactor, Taken, UNREAD};
use serde_json::json;

use crate::REDACTOR;

fn passed() -> Deadline {
    Deadline::at(Instant::now())
}

fn far() -> Deadline {
    Deadline::at(Instant::now() + Duration::from_hours(1))
}

/// Each search of such a text lets the next find a few more, without end.
#[test]
fn what_comes_back_is_searched_until_nothing_is_found_or_replaced_whole() {
    for piece in ["ein code%!@", "mein code~/for ", "password=a"] {
        let text = (0..3_000).fold("</".to_owned(), |text, number| text + piece + &number.to_string());
        let cleaned = REDACTOR.text(&text).value;
        let again = REDACTOR.text(&cleaned);
        assert!(
            cleaned == "[redacted:unread]" || again.taken.is_empty(),
            "{piece:?}: {:?} is taken again",
            again.taken
        );
    }
}

#[test]
fn a_text_is_replaced_whole_when_its_deadline_has_passed() {
    let cleaned = REDACTOR.text_until("the disk is full, password=hunter2", &passed());
    assert_eq!(cleaned.value, "[redacted:unread]");
    assert_eq!(cleaned.taken, [Taken { rule: UNREAD.to_owned(), count: 1 }]);
    assert_eq!(REDACTOR.text_until("", &passed()).value, "", "nothing is read to its end at once");
}

#[test]
fn a_text_that_is_read_in_time_comes_out_as_without_a_deadline() {
    for text in
        ["password=hunter2 on db-3", "the disk is full", "aGVsbG8gcGFzc3dvcmQ9aHVudGVyMiE=", "[redacted:unread]"]
    {
        let expected = REDACTOR.text(text);
        assert_eq!(REDACTOR.text_until(text, &far()), expected);
        assert_eq!(REDACTOR.text_until(text, &Deadline::never()), expected);
    }
    let document = json!({"password": "x", "note": "token=k7m2q9x4z8w3v6t5"});
    assert_eq!(REDACTOR.json_until(document.clone(), &far()), REDACTOR.json(document));
}

#[test]
fn the_marker_of_a_text_that_was_not_read_stays_when_it_is_read_later() {
    let once = REDACTOR.text_until("password=hunter2", &passed()).value;
    assert_eq!(REDACTOR.text(&once).value, once);
    let document = REDACTOR.json_until(json!({"odd key": ["a text", 1], "note": "b"}), &passed()).value;
    assert_eq!(REDACTOR.json(document.clone()).value, document);
}

#[test]
fn texts_and_keys_of_a_document_are_replaced_past_the_deadline_and_what_cannot_hold_text_stays() {
    let document = json!({
        "notes": ["first", "second"], "status": "failed", "attempts": 3, "open": true, "none": null, "empty": "",
        "ghp_k7m2q9x4z8w3v6t5r1k7m2q9x4z8w3v6t5r1": 7, "db password": 481_516, "token": "k7m2q9x4z8w3v6t5",
    });
    let cleaned = REDACTOR.json_until(document, &passed());
    let unread = "[redacted:unread]";
    let shown = cleaned.value.to_string();
    for gone in ["first", "second", "failed", "ghp_", "481516", "k7m2q9", "db password"] {
        assert!(!shown.contains(gone), "{gone} is left in {shown}");
    }
    assert_eq!(cleaned.value["notes"], json!([unread, unread]));
    assert_eq!(cleaned.value["status"], unread, "a declared key stays");
    let values: Vec<_> = cleaned.value.as_object().into_iter().flatten().map(|(_, value)| value.clone()).collect();
    for kept in [json!(3), json!(true), json!(null), json!(""), json!(7)] {
        assert!(values.contains(&kept), "{kept} is gone from {shown}");
    }
    let of = |pointer: &str| PointerTaken { pointer: pointer.to_owned(), rule: UNREAD.to_owned(), count: 1 };
    assert!(cleaned.taken.contains(&of("/notes/1")));
    assert!(cleaned.taken.contains(&of("/[redacted:unread]")), "{:?}", cleaned.taken);
}

#[test]
fn reading_stops_in_the_middle_of_a_long_text() {
    // A bound against hangs only: without a deadline this takes many times as long.
    let text = "password is Hunter2!x, the code is 482913; Cookie: a=b1c2d3e4f5a6\n".repeat(20_000);
    let started = Instant::now();
    let cleaned = REDACTOR.text_until(&text, &Deadline::at(started + Duration::from_millis(20)));
    assert_eq!(cleaned.value, "[redacted:unread]");
    assert!(started.elapsed() < Duration::from_mins(1));
}

#[test]
fn many_keys_that_are_alike_without_their_secrets_stay_apart() {
    let keys = |number: u32| format!("ghp_k7m2q9x4z8w3v6t5r1k7m2q9x4z8w3v6{number:04}");
    let document: serde_json::Map<_, _> = (0..3000).map(|number| (keys(number), json!(number))).collect();
    let cleaned = REDACTOR.json(document.into()).value;
    let members = cleaned.as_object().map_or(0, serde_json::Map::len);
    assert_eq!(members, 3000);
    assert_eq!(
        cleaned["[redacted:github-ghp] (3000)"],
        2999,
        "{:?}",
        cleaned.as_object().and_then(|all| all.keys().next())
    );
}

#[test]
fn no_additional_rule_is_called_unread() {
    let file = r#"{"version":"acme-3","rules":[{"id":"unread","about":"a","keywords":["acme_"],
        "pattern":"acme_[a-z0-9]{20}","goes":["«acme_{a20}»"]}]}"#;
    assert!(Redactor::with_extra_rules(file).is_err_and(|error| error.to_string().contains("unread")));
    assert!(REDACTOR.rules().iter().all(|rule| rule.id != UNREAD));
}
