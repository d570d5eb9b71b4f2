//! Every rule's own examples, and the decisions that people ask about.

use support_requests::redact::expand;

use crate::REDACTOR;

/// The example as it would be pasted, and the stretches that must be gone.
fn parts(example: &str) -> (String, Vec<String>) {
    let full = expand(example);
    let secrets = full.split('«').skip(1).map(|rest| rest.split('»').next().unwrap_or_default().to_owned()).collect();
    (full.replace(['«', '»'], ""), secrets)
}

#[test]
fn every_example_that_must_go_goes() {
    for rule in REDACTOR.rules() {
        assert!(!rule.goes.is_empty(), "rule {} has no example", rule.id);
        for example in &rule.goes {
            let (text, secrets) = parts(example);
            let cleaned = REDACTOR.text(&text).value;
            assert!(!secrets.is_empty(), "rule {}: no secret is marked in {example}", rule.id);
            for secret in secrets {
                assert!(!cleaned.contains(&secret), "rule {}: {text:?} became {cleaned:?}", rule.id);
            }
        }
    }
}

#[test]
fn every_example_that_must_stay_stays() {
    for rule in REDACTOR.rules() {
        for example in &rule.stays {
            let (text, _) = parts(example);
            assert_eq!(REDACTOR.text(&text).value, text, "rule {}", rule.id);
        }
    }
}

#[test]
fn rule_ids_are_unique_and_of_the_form_that_markers_need() {
    let rules = REDACTOR.rules();
    let mut ids: Vec<_> = rules.iter().map(|rule| rule.id.as_str()).collect();
    ids.sort_unstable();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "an id is taken twice");
    let fine = |id: &&str| id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    assert_eq!(ids.iter().find(|id| !fine(id)), None);
}

#[test]
fn what_was_taken_is_counted_by_rule_and_never_shown() {
    let cleaned = REDACTOR.text("password=hunter2 and password=hunter3, AKIAK7M2Q9X4Z3W6V5T2");
    let counts: Vec<_> = cleaned.taken.iter().map(|taken| (taken.rule.as_str(), taken.count)).collect();
    assert_eq!(counts, [("aws-access-key-akia", 1), ("password", 2)]);
    assert!(!format!("{:?}", REDACTOR.explain("password=hunter2")).contains("hunter2"));
}

#[test]
fn a_sentence_about_a_password_is_not_harmed() {
    for text in [
        "contact the author of the password policy",
        "The password is invalid.",
        "token expired at 10:00",
        "token_count: 5",
        "secret_name: db-creds",
        "Authorization: required",
        "password=${DB_PASSWORD}",
        "password: ********",
        "\"password\": null",
        "run 01HQZX3V5J8M2K7N4P6R9T1W3Y failed, trace 4bf92f3577b34da6a3ce929d0e0e4736",
    ] {
        assert_eq!(REDACTOR.text(text).value, text);
    }
}

#[test]
fn a_plain_word_goes_where_it_is_assigned() {
    assert_eq!(REDACTOR.text("password=hunter").value, "password=[redacted:password]");
    assert_eq!(REDACTOR.text("PASSWORD: summer").value, "PASSWORD: [redacted:password]");
}
