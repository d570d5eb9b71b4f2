//! What is wrong with the settings is told at once and by name, and nothing is begun.

use std::io::Read as _;

use crate::home::{Home, get};

#[test]
fn every_setting_that_is_wrong_or_missing_is_told_in_one_answer() {
    let home = Home::new();
    let said = home.refused(&[
        "--environment",
        "production",
        "--listen",
        "canary-address",
        "--database-url",
        "canary-url",
        "--token-type",
        "canary-type",
        "--shutdown-delay",
        "canary-time",
        "--wait-for-database",
        "canary-wait",
        "--rate-limit",
        "canary-rate",
        "--log",
        "canary=[",
        "--cors-origins",
        "canary",
        "--docs",
        "canary-docs",
        "--public-url",
        "canary",
    ]);
    for name in [
        "LISTEN",
        "DATABASE_URL",
        "WAIT_FOR_DATABASE",
        "JWKS",
        "ISSUER",
        "AUDIENCE",
        "TOKEN_TYPE",
        "DIAGNOSTICS",
        "CORS_ORIGINS",
        "PUBLIC_URL",
        "SHUTDOWN_DELAY",
        "RATE_LIMIT",
        "LOG",
        "DOCS",
    ] {
        assert!(said.contains(&format!("SUPPORT_REQUESTS_{name} (--")), "{name} is not told: {said}");
    }
    assert!(said.contains("14 settings cannot be used"), "{said}");
    assert!(!said.contains("canary"), "a value is repeated: {said}");
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0, "something was begun");
}

#[test]
fn one_wrong_setting_is_one_line() {
    let said = Home::new().refused(&["--environment", "canary"]);
    assert_eq!(
        said,
        "support-requests: SUPPORT_REQUESTS_ENVIRONMENT (--environment): must be development or production\n"
    );
}

#[test]
fn a_public_url_that_callers_could_not_use_is_refused_at_the_start_with_the_reason() {
    let home = Home::new();
    let refused = |url: &str, environment: &str| home.refused(&["--environment", environment, "--public-url", url]);
    for (url, why) in [
        ("http://support.example", "must begin with https://"),
        ("https://support.example/?canary", "no query"),
        ("https://canary@support.example", "user name"),
        ("support.example", "is not a URL"),
    ] {
        let said = refused(url, "development");
        assert!(said.contains("SUPPORT_REQUESTS_PUBLIC_URL (--public-url): ") && said.contains(why), "{url}: {said}");
        assert!(!said.contains("canary"), "a value is repeated: {said}");
    }
    // What will do on a developer's machine will not in production.
    assert!(refused("http://127.0.0.1:8080", "production").contains("SUPPORT_REQUESTS_PUBLIC_URL"));
}

#[test]
fn a_command_asks_for_the_settings_that_it_needs_and_no_others() {
    let home = Home::new();
    let production = ["--environment", "production", "--listen", "nonsense"];
    for args in [&["migrate"][..], &["verify", "--allow-empty"], &["export"]] {
        home.ok(&[&production, args].concat());
    }
    let said = home.refused(&[&production[..], &["healthcheck"]].concat());
    assert!(said.contains("SUPPORT_REQUESTS_LISTEN"), "{said}");
}

#[test]
fn a_service_without_pages_says_nothing_of_them() {
    let home = Home::new();
    for (docs, pages) in [("on", 200), ("off", 404)] {
        let mut service = home.serve(&["--docs", docs]);
        let mut said = service.child.stdout.take().unwrap();
        let answer = service.exchange(&get("/docs/")).unwrap();
        assert!(answer.starts_with(&format!("HTTP/1.1 {pages} ")), "{answer}");
        assert!(!answer.contains("rel=\"help\""), "{answer}");
        assert!(service.terminate().0.success());
        let mut welcome = String::new();
        said.read_to_string(&mut welcome).unwrap();
        assert!(welcome.contains("TOKEN="), "{welcome}");
        assert_eq!(welcome.contains("/docs/"), pages == 200, "{welcome}");
    }
}
