//! `doctor` and the diagnostics provider.

use std::{io::Write as _, process::Stdio};

use serde_json::{Value, json};

use crate::{
    doctor::{Report, SCOPE, command, healthy},
    home::Home,
    issuer::{Issuer, Page},
    support::postgres::fresh_database,
};

fn new_file(home: &Home) -> String {
    format!("sqlite://{}", home.path().join("new.db").display())
}

#[test]
fn without_a_scope_it_is_told_that_none_was_named_and_the_folder_is_looked_at_all_the_same() {
    let home = healthy();
    let doctor = || {
        let mut command =
            home.command(&["doctor", "--json", "--listen", "127.0.0.1:0", "--diagnostics", "file:diagnostics"]);
        command.env("SUPPORT_REQUESTS_JWKS", "keys.json");
        Report::of(command)
    };
    let report = doctor();
    assert_eq!(report.with("wrong"), Vec::<&str>::new(), "{report:#?}");
    assert_eq!(report.status("provider"), "ok");
    assert!(report.details("provider_answer")[0].starts_with("not looked at: no scope was named"), "{report:#?}");
    std::fs::remove_dir_all(home.path().join("diagnostics")).unwrap();
    let report = doctor();
    report.only_wrong("provider", "SUPPORT_REQUESTS_DIAGNOSTICS (--diagnostics): the folder cannot be opened");
    assert_eq!(report.status("provider_answer"), "not_looked_at");
}

#[test]
fn a_scope_that_is_named_is_asked_about_as_a_request_would() {
    let home = healthy();
    let file = home.path().join("diagnostics/acme/contoso.json");
    let (known, run) = (&SCOPE[..], &["--run", "run-1042"][..]);
    let asked = |more: &[&str]| Report::of(command(&home, &new_file(&home), more));
    for more in [&[][..], run] {
        assert!(asked(more).details("provider_answer")[0].starts_with("the scope is known"), "{known:?}");
    }
    asked(&["--run", "run-7"]).only_wrong("provider_answer", "the provider knows no such scope");
    asked(&["--run", "../run"]).only_wrong("provider_answer", "is no id");
    for (text, words) in [
        ("nonsense", "its facts cannot be used"),
        (r#"{"references": {"tenant": 7}}"#, "the references cannot be used"),
        (r#"{"references": {}, "bundle": {"headline": 7}}"#, "the diagnostics are rejected"),
    ] {
        std::fs::write(&file, text).unwrap();
        asked(&[]).only_warned_of("provider_answer", words);
    }
    std::fs::write(&file, r#"{"references": {"tenant": {"id": "fabrikam"}}}"#).unwrap();
    asked(&[]).only_wrong("provider_answer", "another scope");
}

/// What a platform says of the tenant.
fn answer() -> Value {
    json!({"references": {"tenant": {"id": "contoso"}}, "bundle": {
        "schema_version": 1, "generated_at": "2026-01-31T09:00:00Z", "headline": "canary of the platform"}})
}

const QUESTION: &str = "/api/workspaces/acme/tenants/contoso/support-diagnostics?include=references,bundle";
const TOKEN: &str = "canary.token.hunter2";

fn ask(home: &Home, base: &str, token: Option<&str>, input: &str) -> Report {
    let mut command = home.command(&["doctor", "--json", "--listen", "127.0.0.1:0", "--diagnostics", base]);
    command.args(SCOPE).args(token.map(|file| ["--token-file", file]).iter().flatten());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // It may not want to read it.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let said = [output.stdout.as_slice(), &output.stderr].concat();
    assert!(!String::from_utf8_lossy(&said).contains("canary"), "{}", String::from_utf8_lossy(&said));
    let report = Report(serde_json::from_slice(&output.stdout).unwrap());
    assert_eq!(output.status.code(), Some(i32::from(!report.with("wrong").is_empty())), "{report:#?}");
    report
}

#[test]
fn a_platform_is_asked_with_a_token_from_a_file_or_standard_input_and_it_is_never_said() {
    let (home, platform) = (Home::new(), Issuer::start());
    let base = platform.url("/api");
    std::fs::write(home.path().join("token"), format!("  {TOKEN}\n")).unwrap();
    platform.publish(QUESTION, Page::json(&answer()));
    let report = ask(&home, &base, None, "");
    assert_eq!((report.status("provider"), report.with("wrong").len()), ("ok", 0), "{report:#?}");
    assert!(report.details("provider_answer")[0].contains("--token-file"), "{report:#?}");
    assert_eq!(platform.asked(QUESTION), 0);
    for (file, input) in [("token", ""), ("-", TOKEN)] {
        let report = ask(&home, &base, Some(file), input);
        assert!(report.details("provider_answer")[0].ends_with("and so are its diagnostics"), "{report:#?}");
    }
    let heads = platform.heads();
    let with_token = heads.iter().filter(|head| head.contains(TOKEN));
    assert!(
        with_token.clone().all(|head| head.contains(&format!("\r\nauthorization: Bearer {TOKEN}\r\n"))),
        "{heads:?}"
    );
    assert_eq!((with_token.count(), platform.asked(QUESTION)), (2, 2));
    ask(&home, &base, Some("nowhere"), "").only_wrong("provider_answer", "the token cannot be read");
    ask(&home, &base, Some("-"), "canary canary").only_wrong("provider_answer", "holds no token");
    platform.publish(QUESTION, Page::answer("401 Unauthorized", "", "canary"));
    ask(&home, &base, Some("token"), "").only_wrong("provider_answer", "it answered with status 401");
    let report = ask(&home, "http://127.0.0.1:1/api", Some("token"), "");
    assert_eq!(report.with("wrong"), ["provider", "provider_answer"], "{report:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn views_that_are_not_there_are_wrong_and_so_is_a_platforms_database_that_does_not_answer() {
    let Some(postgres) = fresh_database().await else { return };
    let home = healthy();
    let views = format!("sql:{}", postgres.runtime_url());
    for (source, words) in [
        (views.as_str(), "there is no view support_references"),
        ("sql:postgres://app:canary@127.0.0.1:1/db", "connection refused"),
    ] {
        let mut command = home.command(&["doctor", "--json", "--listen", "127.0.0.1:0"]);
        command.env("SUPPORT_REQUESTS_DIAGNOSTICS", source);
        let report = Report::of(command);
        report.only_wrong("provider", words);
        assert!(!report.0.to_string().contains("canary"), "{report:#?}");
    }
}
