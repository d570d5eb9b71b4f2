//! `verify` as an operator meets it: exit statuses, files of heads, logs, decisions.

use std::os::unix::fs::{MetadataExt as _, symlink};

use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, sqlite::SqliteConnectOptions};

use crate::{TENANT, home::Home};

/// Its exit status, and what it said on either output.
fn verify(home: &Home, args: &[&str]) -> (i32, String) {
    let mut all = vec!["verify"];
    all.extend(args);
    let output = home.run(&all);
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (output.status.code().unwrap(), said)
}

/// Serves, takes in so many requests, and ends: the log.
fn taken_in(home: &Home, requests: usize) -> String {
    let service = home.serve(&[]);
    let token = home.ok(&["token"]);
    for _ in 0..requests {
        assert_eq!(service.post(TENANT, token.trim(), &json!({"summary": "x"})).0, 201);
    }
    let (status, log) = service.terminate();
    assert!(status.success());
    log
}

/// Past the service, as whoever may write the file.
fn tamper(home: &Home, sql: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let file = home.path().join("support-requests.db");
        let mut connection = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    });
}

fn says(found: &(i32, String), status: i32, words: &str) {
    assert!(found.0 == status && found.1.contains(words), "{status} {words}: {found:?}");
}

#[test]
fn what_could_not_be_looked_at_is_told_from_what_is_broken() {
    let home = Home::new();
    says(&verify(&home, &[]), 2, "there is no database");
    home.ok(&["migrate"]);
    says(&verify(&home, &[]), 2, "--allow-empty");
    says(&verify(&home, &["--allow-empty"]), 0, "All holds: 0 support request(s)");
    taken_in(&home, 2);
    says(&verify(&home, &[]), 0, "All holds: 2 support request(s) in 1 chain(s).");
    // The first night.
    for flag in ["--against", "--from"] {
        says(&verify(&home, &[flag, "heads.json"]), 2, "run `verify --save-heads heads.json` once");
    }
    std::fs::write(home.path().join("other.json"), "{\n  \"version\": 2, \"heads\": []}").unwrap();
    says(&verify(&home, &["--against", "other.json"]), 2, "not a file of saved heads");
    std::fs::write(home.path().join("other.log"), "nothing\nof this\n").unwrap();
    says(&verify(&home, &["--against", "other.log"]), 2, "no saved heads in it");
    tamper(&home, "DROP TRIGGER support_requests_no_update; UPDATE support_requests SET summary = 'Other'");
    says(&verify(&home, &[]), 1, "its support request was changed");
    let all = verify(&home, &["--keep-going"]);
    assert_eq!(all.1.matches("its support request was changed").count(), 2, "{all:?}");
    says(&all, 1, "the database's defences: the trigger support_requests_no_update is missing or was changed");
}

#[test]
fn an_emptied_database_is_no_empty_one_against_what_was_there() {
    let home = Home::new();
    taken_in(&home, 1);
    home.ok(&["verify", "--save-heads", "heads.json"]);
    std::fs::rename(home.path().join("support-requests.db"), home.path().join("old.db")).unwrap();
    home.ok(&["migrate"]);
    says(&verify(&home, &["--against", "heads.json", "--allow-empty"]), 1, "the chain was cut off");
    says(&verify(&home, &["--from", "heads.json", "--allow-empty"]), 1, "row(s) were there");
}

#[test]
fn heads_are_saved_for_their_owner_only_never_through_a_link_and_old_ones_stay() {
    let home = Home::new();
    taken_in(&home, 1);
    let file = home.path().join("heads.json");
    home.ok(&["verify", "--save-heads", "heads.json"]);
    let first = std::fs::read(&file).unwrap();
    assert_eq!(std::fs::metadata(&file).unwrap().mode() & 0o777, 0o600);
    taken_in(&home, 1);
    home.ok(&["verify", "--against", "heads.json", "--save-heads", "heads.json"]);
    assert_eq!(std::fs::read(home.path().join("heads.json.1")).unwrap(), first);
    says(&verify(&home, &["--from", "heads.json.1"]), 0, "1 support request(s) came");
    let target = home.path().join("target");
    std::fs::write(&target, "precious").unwrap();
    symlink(&target, home.path().join("link.json")).unwrap();
    says(&verify(&home, &["--save-heads", "link.json"]), 2, "is a link");
    assert_eq!(std::fs::read(&target).unwrap(), b"precious");
}

#[test]
fn a_log_is_a_witness_and_a_restore_that_somebody_decided_on_holds_from_then_on() {
    let home = Home::new();
    taken_in(&home, 1);
    std::fs::copy(home.path().join("support-requests.db"), home.path().join("backup.db")).unwrap();
    let log = taken_in(&home, 2);
    std::fs::write(home.path().join("service.log"), &log).unwrap();
    says(&verify(&home, &["--against", "service.log"]), 0, "All holds: 3 support request(s)");
    std::fs::copy(home.path().join("backup.db"), home.path().join("support-requests.db")).unwrap();
    says(&verify(&home, &[]), 0, "All holds: 1 support request(s)");
    says(&verify(&home, &["--against", "service.log"]), 1, "link 2: the chain was cut off");
    let accept = ["--accept", "restore", "--reason", "the disk died; password=hunter2-canary", "--by", "Ada"];
    says(&verify(&home, &accept), 2, "--against");
    let accept = [&["--against", "service.log"][..], &accept].concat();
    let accepted = verify(&home, &accept);
    says(&accepted, 0, "accepted: links that are gone");
    says(&accepted, 0, "by Ada, because the disk died");
    assert!(!accepted.1.contains("canary"), "{accepted:?}");
    says(&verify(&home, &["--against", "service.log"]), 0, "All holds: 1 support request(s)");
    says(&verify(&home, &accept), 2, "nothing to accept");
    // Not what else is wrong.
    tamper(&home, "DROP TRIGGER support_requests_no_update");
    says(&verify(&home, &accept), 1, "the database's defences");
}

#[test]
fn the_report_for_machines_says_all_that_the_one_for_people_says() {
    let home = Home::new();
    taken_in(&home, 2);
    let report: Value = serde_json::from_str(&home.ok(&["verify", "--json"])).unwrap();
    assert_eq!(
        (&report["version"], &report["holds"], &report["support_requests"]),
        (&1.into(), &true.into(), &2.into())
    );
    assert_eq!((&report["faults"], &report["decisions"]), (&json!([]), &json!([])));
    tamper(&home, "DROP TRIGGER audit_events_no_delete; DELETE FROM audit_events WHERE sequence = 2");
    let output = home.run(&["verify", "--json", "--keep-going"]);
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let kinds: Vec<&str> =
        report["faults"].as_array().unwrap().iter().map(|fault| fault["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["pair", "defences"]);
    assert_eq!((&report["holds"], &report["audit_events"], &report["erased"]), (&false.into(), &1.into(), &0.into()));
}
