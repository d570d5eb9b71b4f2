//! A file of additional rules.

use redaction::{Redactor, RuleFileError};

const FILE: &str = r#"{"version":"acme-3","rules":[{"id":"acme-token","about":"tokens of our portal","keywords":["acme_"],
    "pattern":"acme_(?P<secret>[a-z0-9]{20})","goes":["see acme_{a20} there"],"stays":["acme_portal"]}]}"#;

fn refused(source: &str) -> String {
    match Redactor::with_extra_rules(source) {
        Ok(_) => panic!("this file should have been refused"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn additional_rules_apply_and_their_version_is_part_of_the_version() {
    let redactor = Redactor::with_extra_rules(FILE).expect("the file is fine");
    assert!(redactor.version().ends_with("+acme-3"));
    assert!(redactor.version().starts_with(Redactor::builtin().version()));
    assert_eq!(redactor.text("see acme_0123456789abcdefghij!").value, "see acme_[redacted:acme-token]!");
}

#[test]
fn a_broken_bar_in_a_pattern_of_a_file_is_a_character_as_any_other() {
    let file = FILE.replace("acme_(?P<secret>[a-z0-9]{20})", "acme_\u{a6}\u{a6}(?P<secret>[a-z0-9]{20})");
    let file = file.replace("see acme_{a20} there", "see acme_\u{a6}\u{a6}{a20} there");
    let redactor = Redactor::with_extra_rules(&file).expect("the file is fine");
    assert_eq!(redactor.text("acme_\u{a6}\u{a6}0123456789abcdefghij").value, "acme_\u{a6}\u{a6}[redacted:acme-token]");
}

#[test]
fn a_file_that_is_not_right_is_refused_by_the_name_of_its_rule() {
    assert!(refused(&FILE.replace("[a-z0-9]{20}", "[a-z0-9")).contains("acme-token"));
    assert!(refused(&FILE.replace("acme-token", "Acme Token")).contains("Acme Token"));
    assert!(refused(&FILE.replace("acme-token", "jwt")).contains("jwt"));
    assert!(refused(&FILE.replace("see acme_{a20} there", "see acme")).contains("acme-token"));
    assert!(refused(&FILE.replace("acme_portal", "acme_{a20}")).contains("acme-token"));
    assert!(refused(&FILE.replace("[\"acme_\"]", "[]")).contains("acme-token"));
    assert!(matches!(Redactor::with_extra_rules(&FILE.replace("about", "abuot")), Err(RuleFileError::Form(_))));
}
