//! `doctor` and the keys: files, addresses, issuers.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use crate::{
    doctor::{Report, SCOPE, command, healthy},
    home::Home,
    issuer::{Issuer, Page},
    tokens::{ED25519, RSA},
};

fn new_file(home: &Home) -> String {
    format!("sqlite://{}", home.path().join("new.db").display())
}

fn of_a_file(text: &str) -> Report {
    let home = healthy();
    std::fs::write(home.path().join("keys.json"), text).unwrap();
    Report::of(command(&home, &new_file(&home), &[]))
}

#[test]
fn a_key_file_that_cannot_be_used_is_wrong_and_keys_that_are_not_used_are_warned_of() {
    of_a_file("-----BEGIN PUBLIC KEY-----").only_wrong("keys", "it is PEM");
    of_a_file(r#"{"keys": []}"#).only_wrong("keys", "no usable key");
    let encrypting = json!({"kty": "RSA", "kid": "enc-1", "use": "enc", "n": "AQAB", "e": "AQAB"});
    let report = of_a_file(&json!({"keys": [ED25519.public_jwk(), encrypting]}).to_string());
    report.only_warned_of("keys", "keys[1] (kid enc-1) is not used: its use is not \"sig\"");
    assert!(report.details("keys")[0].starts_with("1 key(s) can be used"), "{report:#?}");
    let home = healthy();
    std::fs::remove_file(home.path().join("keys.json")).unwrap();
    Report::of(command(&home, &new_file(&home), &[])).only_wrong("keys", "cannot be read");
}

#[test]
fn a_key_file_that_everybody_may_write_is_warned_of() {
    let home = healthy();
    let file = home.path().join("keys.json");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o666)).unwrap();
    Report::of(command(&home, &new_file(&home), &[])).only_warned_of("keys", "mode 0666");
}

/// With keys from an address, in development, where plain HTTP on this machine will do.
fn of_an_address(home: &Home, jwks: &str, more: &[&str]) -> Report {
    let mut command = home.command(&["doctor", "--json", "--listen", "127.0.0.1:0", "--jwks", jwks]);
    command.args(SCOPE).args(more);
    Report::of(command)
}

#[test]
fn keys_at_an_address_are_fetched_once_and_their_age_is_told() {
    let (home, issuer) = (Home::new(), Issuer::start());
    issuer.describe(&issuer.url(""));
    let keys = json!({"keys": [RSA.public_jwk(), ED25519.public_jwk()]}).to_string();
    issuer.publish(
        "/keys",
        Page::answer("200 OK", "Content-Type: application/json\r\nCache-Control: max-age=600\r\n", &keys),
    );
    for (jwks, asked) in [(issuer.url("/keys?canary=1"), 0), (issuer.url("/keys"), 1), ("discover".to_owned(), 2)] {
        let report = of_an_address(&home, &jwks, &["--issuer", &issuer.url("")]);
        if asked == 0 {
            report.only_wrong("keys", "the answer has the status 404");
        } else {
            assert_eq!(report.with("wrong"), Vec::<&str>::new(), "{report:#?}");
            assert!(report.details("keys")[0].starts_with("2 key(s) can be used, fetched, "), "{report:#?}");
            assert!(report.details("keys")[0].ends_with("fetched again after 10m"), "{report:#?}");
        }
        assert_eq!(issuer.asked("/keys"), asked);
        assert!(!report.0.to_string().contains("canary"), "{report:#?}");
    }
}

#[test]
fn an_issuer_that_cannot_be_reached_or_says_something_else_is_wrong() {
    let (home, issuer) = (Home::new(), Issuer::start());
    let proxy = ["--jwks-proxy", "http://user:canary-hunter2@127.0.0.1:1"];
    for more in [&[][..], &proxy] {
        let report = of_an_address(&home, "http://127.0.0.1:1/keys?canary=1", more);
        report.only_wrong("keys", "no answer came");
        assert!(!report.0.to_string().contains("canary"), "{report:#?}");
    }
    of_an_address(&home, "discover", &["--issuer", &issuer.url("")]).only_wrong("keys", "404");
    issuer.describe("http://127.0.0.1:2/other");
    of_an_address(&home, "discover", &["--issuer", &issuer.url("")]).only_wrong("keys", "another issuer's");
    issuer.publish("/page", Page::answer("200 OK", "Content-Type: text/html\r\n", "<p>canary, please log in</p>"));
    let report = of_an_address(&home, &issuer.url("/page"), &[]);
    report.only_wrong("keys", "the key set is refused");
    assert!(!report.0.to_string().contains("log in"), "{report:#?}");
}

#[test]
fn what_hangs_costs_its_own_check_and_no_other() {
    let (home, issuer) = (Home::new(), Issuer::start());
    issuer.publish("/keys", Page::Drip);
    let report = of_an_address(&home, &issuer.url("/keys"), &["--timeout", "8s"]);
    report.only_wrong("keys", "no answer came within the time of --timeout");
    for check in ["provider", "provider_answer", "disk", "tls_roots"] {
        assert!(["ok", "warning"].contains(&report.status(check)), "{check}: {report:#?}");
    }
}

#[test]
fn a_development_key_is_not_made_and_one_that_is_open_to_others_is_wrong() {
    let home = Home::new();
    let doctor = || Report::of(home.command(&["doctor", "--json", "--listen", "127.0.0.1:0"]));
    assert_eq!(doctor().status("keys"), "note");
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0, "something was made");
    home.ok(&["token"]);
    assert_eq!(doctor().details("keys"), ["the development key can be used"]);
    let file = home.path().join("support-requests.development-key.json");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    doctor().only_wrong("keys", "is open to others (mode 644)");
}

#[test]
fn without_root_certificates_what_needs_them_is_wrong() {
    let home = healthy();
    std::fs::write(home.path().join("none.pem"), "").unwrap();
    let none = |mut command: std::process::Command| {
        command.env("SSL_CERT_FILE", home.path().join("none.pem")).env("SSL_CERT_DIR", home.path().join("diagnostics"));
        Report::of(command)
    };
    let report = none(command(&home, &new_file(&home), &[]));
    assert_eq!((report.with("wrong").len(), report.status("tls_roots")), (0, "note"), "{report:#?}");
    let report = none({
        let mut command = home.command(&["doctor", "--json", "--jwks", "https://127.0.0.1:1/keys"]);
        command.args(["--listen", "127.0.0.1:0"]);
        command
    });
    assert_eq!(report.with("wrong"), ["tls_roots", "keys"], "{report:#?}");
}
