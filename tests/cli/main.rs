//! The built binary, as an operator meets it.

mod canaries;
mod collector;
mod database_files;
mod database_urls;
mod diagnostics_settings;
mod demo;
mod doctor;
mod doctor_database;
mod doctor_keys;
mod doctor_provider;
mod erasing;
mod hangup;
mod home;
mod issuers;
mod limits;
mod listening;
mod log;
mod memory;
mod metrics;
mod service_manager;
mod settings;
mod stopping;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "shared with the other test binaries; not everything is for this one")]
mod support;
mod traces;
mod unreadable;
mod verifying;

use std::process::Stdio;

use serde_json::{Value, json};

use home::Home;
use support::{issuer, ready, scrape, tokens};

const TENANT: &str = "/workspaces/acme/tenants/contoso/support-requests";
const RUN: &str = "/workspaces/acme/tenants/contoso/operation-runs/run-1042/support-requests";

#[test]
fn a_person_files_a_request_from_both_pages_and_finds_it_again_by_its_reference() {
    let home = Home::new();
    let service = home.serve(&[]);
    let token = home.ok(&["token"]);
    let token = token.trim();
    for (path, about) in [(TENANT, "tenant contoso"), (RUN, "operation run run-1042")] {
        let (status, receipt) = service.post(path, token, &json!({"summary": "It fails", "severity": "high"}));
        assert_eq!(status, 201, "{receipt}");
        let reference = receipt["reference"].as_str().unwrap();
        let page = home.ok(&["show", reference]);
        assert!(page.contains("It fails") && page.contains(about) && page.contains(reference), "{page}");
        assert!(!page.contains('\x1b'), "colours outside a terminal");
        let stored: Value = serde_json::from_str(&home.ok(&["show", "--json", &reference.to_lowercase()])).unwrap();
        assert_eq!(stored["record_digest"], receipt["record_digest"]);
        assert_eq!(stored["context"]["attachment"]["mode"], "diagnostic_snapshot_attached");
    }
    assert!(home.ok(&["verify"]).contains("All holds: 2 support request(s)"));
    assert_eq!(home.ok(&["export", "--including-recent"]).lines().count(), 2);
    assert_eq!(home.ok(&["export", "--tenant", "fabrikam", "--workspace", "acme"]), "");
    let (status, log) = service.terminate();
    assert!(status.success(), "{log}");
    assert!(!log.contains(token) && !log.contains("It fails"), "{log}");
}

#[test]
fn what_was_answered_is_there_after_kill_9() {
    let home = Home::new();
    let mut service = home.serve(&[]);
    let token = home.ok(&["token"]);
    let (status, receipt) = service.post(TENANT, token.trim(), &json!({"summary": "Before the crash"}));
    assert_eq!(status, 201);
    service.child.kill().unwrap();
    service.child.wait().unwrap();
    assert!(home.ok(&["show", receipt["reference"].as_str().unwrap()]).contains("Before the crash"));
}

#[test]
fn the_health_check_follows_the_service() {
    let home = Home::new();
    let service = home.serve(&[]);
    let address = service.address.clone();
    home.ok(&["healthcheck", "--listen", &address]);
    let (status, _) = service.terminate();
    assert!(status.success());
    assert!(home.refused(&["healthcheck", "--listen", &address]).contains("nothing answers"));
}

#[test]
fn the_documents_are_the_committed_ones() {
    let committed = include_str!("../../openapi/support-requests.json");
    let older = include_str!("../../openapi/support-requests-3.0.json");
    let home = Home::new();
    for (arguments, committed) in [
        (&["openapi"][..], committed),
        (&["openapi", "--oas", "3.1"], committed),
        (&["openapi", "--oas", "3.0"], older),
    ] {
        assert!(home.ok(arguments) == committed, "openapi/ is not fresh: specs/contributing.md has the commands");
    }
}

#[test]
fn a_token_is_printed_and_nothing_else_and_its_flags_are_in_it() {
    let home = Home::new();
    let token = home.ok(&[
        "token",
        "--subject",
        "u-1",
        "--workspace",
        "w",
        "--tenant",
        "t",
        "--lifetime",
        "5",
        "--capability",
        "support_requests.create",
    ]);
    let parts: Vec<&str> = token.strip_suffix('\n').unwrap().split('.').collect();
    assert_eq!(parts.len(), 3);
    let claims = base64::Engine::decode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, parts[1]).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!(claims["sub"], "u-1");
    assert_eq!(claims["workspaces"], json!({"w": {"tenants": {"t": ["support_requests.create"]}}}));
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 300);
}

/// The least that production needs, but for what a test leaves out.
fn production(home: &Home) -> Vec<String> {
    let key = json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "k", "use": "sig",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]});
    std::fs::write(home.path().join("keys.json"), key.to_string()).unwrap();
    std::fs::create_dir_all(home.path().join("diagnostics")).unwrap();
    [
        "--environment",
        "production",
        "--jwks",
        "keys.json",
        "--issuer",
        "https://i.example",
        "--audience",
        "a",
        "--diagnostics",
        "file:diagnostics",
    ]
    .map(str::to_owned)
    .to_vec()
}

#[test]
fn production_starts_with_everything_it_needs_and_logs_json() {
    let home = Home::new();
    let args = production(&home);
    let service = home.serve(&args.iter().map(String::as_str).collect::<Vec<_>>());
    let (status, log) = service.terminate();
    assert!(status.success());
    assert!(log.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{log}");
    assert!(!home.path().join("support-requests.development-key.json").exists());
}

#[test]
fn production_refuses_every_development_convenience_by_name() {
    for (flag, value, name) in [
        ("--jwks", None, "SUPPORT_REQUESTS_JWKS"),
        ("--issuer", None, "SUPPORT_REQUESTS_ISSUER"),
        ("--audience", None, "SUPPORT_REQUESTS_AUDIENCE"),
        ("--diagnostics", None, "SUPPORT_REQUESTS_DIAGNOSTICS"),
        ("--diagnostics", Some("demo"), "SUPPORT_REQUESTS_DIAGNOSTICS"),
    ] {
        let home = Home::new();
        let mut args = production(&home);
        let at = args.iter().position(|arg| arg == flag).unwrap();
        match value {
            Some(value) => value.clone_into(&mut args[at + 1]),
            None => drop(args.drain(at..=at + 1)),
        }
        args.extend(["--listen", "127.0.0.1:0"].map(str::to_owned));
        let said = home.refused(&args.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(said.contains(name) && said.contains(flag), "{said}");
        assert!(!home.path().join("support-requests.db").exists(), "a refused start left a trace");
    }
    let home = Home::new();
    assert!(home.refused(&["token", "--environment", "production"]).contains("SUPPORT_REQUESTS_ENVIRONMENT"));
}

#[test]
fn wrong_settings_are_refused_by_name_and_never_repeated() {
    for (flag, name) in [
        ("--listen", "SUPPORT_REQUESTS_LISTEN"),
        ("--metrics-listen", "SUPPORT_REQUESTS_METRICS_LISTEN"),
        ("--database-url", "SUPPORT_REQUESTS_DATABASE_URL"),
        ("--environment", "SUPPORT_REQUESTS_ENVIRONMENT"),
        ("--diagnostics", "SUPPORT_REQUESTS_DIAGNOSTICS"),
        ("--cors-origins", "SUPPORT_REQUESTS_CORS_ORIGINS"),
        ("--token-type", "SUPPORT_REQUESTS_TOKEN_TYPE"),
        ("--runtime-role", "SUPPORT_REQUESTS_RUNTIME_ROLE"),
    ] {
        let home = Home::new();
        let said = home.refused(&[flag, "Canary; hunter2"]);
        assert!(said.contains(name) && said.contains(flag) && !said.contains("hunter2"), "{said}");
    }
}

#[test]
fn an_origin_that_can_never_match_is_refused_at_the_start_with_the_reason() {
    let home = Home::new();
    for (origins, number, why) in [
        ("https://admin.example/app", 1, "no path"),
        ("https://ok.example, https://*.ok.example, https://a.*.example", 3, "only at the beginning"),
        ("https://ok.example,null", 2, "every page"),
    ] {
        let said = home.refused(&["--cors-origins", origins]);
        let place = format!("SUPPORT_REQUESTS_CORS_ORIGINS (--cors-origins): origin {number} of the list: ");
        assert!(said.contains(&place) && said.contains(why), "{said}");
        assert!(!said.contains("ok.example"), "a value is never repeated: {said}");
    }
}

#[test]
fn the_redact_command_takes_secrets_out_of_what_it_reads_and_says_where_without_saying_what() {
    use std::io::Write;
    let home = Home::new();
    for (args, input, kept) in [
        (&["redact", "--explain"][..], "the retry failed\npassword=hunter2-canary\n", "the retry failed"),
        (&["redact", "--explain-kept"], "the retry failed, pass 41/43\npassword=hunter2-canary\n", "pass 41/43"),
        (&["redact", "--json", "--explain"], r#"{"note": "fine", "db_password": "hunter2-canary"}"#, "fine"),
    ] {
        let mut command = home.command(args);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let (out, said) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        assert!(output.status.success() && out.contains(kept) && out.contains("[redacted:password]"), "{out}{said}");
        assert!(said.contains("password") && !out.contains("canary") && !said.contains("canary"), "{said}");
    }
}

#[test]
fn a_rule_file_that_cannot_be_used_is_refused_by_name() {
    let home = Home::new();
    std::fs::write(home.path().join("rules.json"), "{\"rules\": 7}").unwrap();
    let said = home.refused(&["redact", "--redaction-rules", "rules.json"]);
    assert!(said.contains("SUPPORT_REQUESTS_REDACTION_RULES"), "{said}");
}

#[test]
fn reading_does_not_make_a_database() {
    let home = Home::new();
    for args in [&["show", "SR-01HF7YAT000000000000000001"][..], &["export"], &["verify"]] {
        assert!(home.refused(args).contains("there is no database"));
        assert!(!home.path().join("support-requests.db").exists());
    }
}

#[test]
fn two_services_that_start_on_one_new_file_at_once_both_start() {
    let home = Home::new();
    let (one, two) = std::thread::scope(|scope| {
        let one = scope.spawn(|| home.serve(&[]));
        let two = scope.spawn(|| home.serve(&[]));
        (one.join().unwrap(), two.join().unwrap())
    });
    let token = home.ok(&["token"]);
    for service in [&one, &two] {
        assert_eq!(service.post(TENANT, token.trim(), &json!({"summary": "x"})).0, 201);
    }
    assert!(home.ok(&["verify"]).contains("in 2 chain(s)"));
}
