//! `doctor`: everything is looked at in one go, and each fault is told with what to do.

use std::process::{Command, Stdio};

use serde_json::Value;

use crate::{
    hangup::{PRODUCTION, describe_both_scopes, publish},
    home::Home,
    support::{
        database::{Counts, Database, on_both_databases},
        postgres::on_a_server_of_its_own,
    },
    tokens::ED25519,
};

/// Every check there is, in the order in which they are told.
pub const CHECKS: [&str; 28] = [
    "settings",
    "environment",
    "listen",
    "metrics_listen",
    "cors_origins",
    "secret_files",
    "descriptors",
    "memory",
    "tls_roots",
    "keys",
    "provider",
    "provider_answer",
    "database_file",
    "disk",
    "database",
    "pooler",
    "server_version",
    "encoding",
    "writable",
    "schema",
    "rights",
    "role",
    "defences",
    "other_roles",
    "durability",
    "replication",
    "clock",
    "owner",
];

/// The scope that [`describe_both_scopes`] describes.
pub const SCOPE: [&str; 4] = ["--workspace", "acme", "--tenant", "contoso"];

/// A service in production that nothing is wrong with, but for where its database is.
pub fn healthy() -> Home {
    let home = Home::new();
    describe_both_scopes(&home);
    publish(&home, &ED25519);
    home
}

/// `doctor` about it, with more arguments.
pub fn command(home: &Home, url: &str, more: &[&str]) -> Command {
    let mut command = home.command(&["doctor", "--json", "--listen", "127.0.0.1:0"]);
    command.args(PRODUCTION).args(SCOPE).args(more).env("SUPPORT_REQUESTS_DATABASE_URL", url);
    command
}

/// What `doctor` said to machines.
#[derive(Debug)]
pub struct Report(pub Value);

impl Report {
    /// Runs it. The exit status must fit what is said, and standard error must be empty.
    pub fn of(mut command: Command) -> Self {
        let output = command.stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(said, "", "{command:?}");
        let report = Self(serde_json::from_slice(&output.stdout).unwrap());
        assert_eq!(report.0["version"], 1);
        let is_wrong = !report.with("wrong").is_empty();
        assert_eq!(output.status.code(), Some(i32::from(is_wrong)), "{report:#?}");
        assert_eq!(report.0["status"] == "wrong", is_wrong, "{report:#?}");
        report
    }

    pub fn checks(&self) -> &[Value] {
        self.0["checks"].as_array().unwrap()
    }

    /// The names of the checks that ended so, each once.
    pub fn with(&self, status: &str) -> Vec<&str> {
        let mut names: Vec<&str> = self.all("check", "status", status);
        names.dedup();
        names
    }

    /// The status of a check: of several findings the first.
    pub fn status(&self, check: &str) -> &str {
        self.all("status", "check", check)[0]
    }

    pub fn details(&self, check: &str) -> Vec<&str> {
        self.all("detail", "check", check)
    }

    fn all(&self, wanted: &str, member: &str, value: &str) -> Vec<&str> {
        let fitting = self.checks().iter().filter(|finding| finding[member] == value);
        fitting.map(|finding| finding[wanted].as_str().unwrap()).collect()
    }

    /// Exactly this check is wrong; it says these words, and what to do.
    pub fn only_wrong(&self, check: &str, words: &str) {
        self.only("wrong", check, words);
    }

    /// The same for a warning, where nothing is wrong.
    pub fn only_warned_of(&self, check: &str, words: &str) {
        assert_eq!(self.with("wrong"), Vec::<&str>::new(), "{self:#?}");
        self.only("warning", check, words);
    }

    fn only(&self, status: &str, check: &str, words: &str) {
        assert_eq!(self.with(status), [check], "{words}: {self:#?}");
        let finding = self.checks().iter().find(|finding| finding["status"] == status).unwrap();
        assert!(self.details(check).iter().any(|detail| detail.contains(words)), "{words}: {finding:#}");
        assert!(finding["advice"].as_str().unwrap().len() > 10, "{finding:#}");
    }
}

on_both_databases!(a_healthy_set_up_is_told_check_by_check_and_nothing_is_written, async |database| {
    // One that keeps what it acknowledges.
    let database = match database {
        Database::Sqlite(_) => database,
        Database::Postgres(_) => Database::Postgres(on_a_server_of_its_own().await.unwrap().1),
    };
    let home = healthy();
    let before: Vec<_> = database.files().into_iter().map(|file| (std::fs::read(&file).unwrap(), file)).collect();
    let owner = database.owner_url();
    let report = Report::of(command(&home, &database.url(), &["--owner-database-url", &owner]));
    let names: Vec<&str> = report.checks().iter().map(|finding| finding["check"].as_str().unwrap()).collect();
    assert_eq!(names, CHECKS);
    for finding in report.checks() {
        let members: Vec<&String> = finding.as_object().unwrap().keys().collect();
        assert_eq!(members, ["advice", "check", "detail", "status"]);
        // How much room there is, is this machine's.
        let may_warn = ["disk", "memory"].contains(&finding["check"].as_str().unwrap());
        assert!(["ok", "note"].contains(&finding["status"].as_str().unwrap()) || may_warn, "{finding:#}");
        assert!(!finding["detail"].as_str().unwrap().is_empty());
        assert_eq!(finding["advice"].is_null(), finding["status"] == "ok", "{finding:#}");
    }
    let after: Vec<_> = database.files().into_iter().map(|file| (std::fs::read(&file).unwrap(), file)).collect();
    assert!(before == after, "a file was changed, or one was made");
    assert_eq!(database.counts().await, Counts::of(0));
});

#[test]
fn people_get_a_line_for_each_check_and_a_sum() {
    let home = healthy();
    let mut command = home.command(&["doctor", "--listen", "127.0.0.1:0", "--rate-limit", "canary"]);
    let output = command.args(PRODUCTION).args(SCOPE).output().unwrap();
    let page = String::from_utf8(output.stdout).unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(1), ""), "{page}");
    let lines: Vec<&str> = page.lines().collect();
    assert_eq!(lines.len(), CHECKS.len() + 1, "{page}");
    for (line, check) in lines.iter().zip(CHECKS) {
        let mut words = line.split_whitespace();
        let status = words.next().unwrap();
        assert!(["ok", "note", "warning", "wrong", "-"].contains(&status), "{line}");
        assert_eq!(words.next(), Some(check), "{line}");
        assert_eq!(line.contains("; to do: "), !["ok", "-"].contains(&status), "{line}");
        assert_eq!(line.contains("not looked at: "), status == "-", "{line}");
    }
    assert!(
        lines[0].starts_with("wrong ") && lines[0].contains("SUPPORT_REQUESTS_RATE_LIMIT (--rate-limit)"),
        "{page}"
    );
    assert!(lines[CHECKS.len()].starts_with("1 wrong, "), "{page}");
    assert!(!home.path().join("support-requests.db").exists(), "a database was made");
    // A person who reads one check of it is no reason to fail in another way.
    assert!(!page.contains("canary"), "a value is repeated: {page}");
}

#[test]
fn every_setting_that_is_wrong_is_told_and_what_does_not_need_it_is_looked_at_all_the_same() {
    let home = healthy();
    let url = format!("sqlite://{}", home.path().join("new.db").display());
    let wrong = ["--token-type", "canary", "--log", "canary=[", "--listen", "canary", "--owner-database-url", "canary"];
    let mut command = home.command(&["doctor", "--json"]);
    command.args(PRODUCTION).args(SCOPE).args(wrong).env("SUPPORT_REQUESTS_DATABASE_URL", url);
    let report = Report::of(command);
    assert_eq!(report.with("wrong"), ["settings"], "{report:#?}");
    for name in ["TOKEN_TYPE", "LOG", "LISTEN", "OWNER_DATABASE_URL"] {
        let setting = format!("SUPPORT_REQUESTS_{name} (--");
        assert!(report.details("settings").iter().any(|detail| detail.starts_with(&setting)), "{name}: {report:#?}");
    }
    assert_eq!(report.details("settings").len(), 4);
    for check in ["listen", "owner"] {
        assert_eq!(report.details(check), ["not looked at: its setting is wrong"]);
    }
    for check in ["keys", "provider", "provider_answer", "disk"] {
        assert!(["ok", "warning"].contains(&report.status(check)), "{check}: {report:#?}");
    }
    assert!(!report.0.to_string().contains("canary"), "a value is repeated: {report:#?}");
}

#[test]
fn an_environment_that_is_neither_of_the_two_hides_nothing_else() {
    let report =
        Report::of(Home::new().command(&["doctor", "--json", "--listen", "127.0.0.1:0", "--environment", "x"]));
    report.only_wrong("settings", "SUPPORT_REQUESTS_ENVIRONMENT");
    assert_eq!(report.status("environment"), "not_looked_at");
    assert_eq!(report.status("provider"), "ok");
}

#[test]
fn a_page_that_is_not_encrypted_is_warned_of_in_production() {
    let home = healthy();
    let url = format!("sqlite://{}", home.path().join("new.db").display());
    let origins = ["--cors-origins", "https://admin.example,http://old.example"];
    Report::of(command(&home, &url, &origins)).only_warned_of("cors_origins", "http://old.example");
}

#[test]
fn few_descriptors_are_warned_of() {
    let home = healthy();
    let mut command = Command::new("sh");
    let binary = env!("CARGO_BIN_EXE_support-requests");
    command.args(["-c", "ulimit -n 256 && exec \"$@\"", "sh", binary, "doctor", "--json", "--listen", "127.0.0.1:0"]);
    command.args(PRODUCTION).args(SCOPE).current_dir(home.path()).env_clear();
    Report::of(command).only_warned_of("descriptors", "256 files may be open at once");
}

#[test]
fn a_file_with_a_secret_that_is_open_to_everybody_is_warned_of() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = healthy();
    let file = home.path().join("password");
    std::fs::write(&file, "canary-hunter2").unwrap();
    let url = "postgres://app@127.0.0.1:1/db";
    for (mode, status) in [(0o644, "warning"), (0o640, "ok")] {
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        let report = Report::of(command(&home, url, &["--database-password-file", "password"]));
        assert_eq!(report.status("secret_files"), status, "{report:#?}");
        assert!(!report.0.to_string().contains("canary"), "{report:#?}");
    }
}

#[test]
fn the_manual_explains_every_check_of_doctor_and_its_sample_is_what_is_printed() {
    let manual = include_str!("../../specs/operations.md");
    let (_, section) = manual.split_once("\n### `doctor`\n").unwrap();
    let section = section.split("\n### ").next().unwrap();
    let rows: Vec<&str> = section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    assert_eq!(rows, CHECKS, "the table names the checks in their order");
    let sample = section.split("```console\n$ support-requests ").nth(1).unwrap().split("\n```").next().unwrap();
    let (command, lines) = sample.split_once('\n').unwrap();
    let home = Home::new();
    let output = home.command(&command.split(' ').collect::<Vec<_>>()).output();
    let page = String::from_utf8(output.unwrap().stdout).unwrap();
    let printed: Vec<&str> = page.lines().collect();
    for line in lines.lines().filter(|line| *line != "…") {
        assert!(printed.contains(&line), "the manual says what is not printed: {line}\n{page}");
    }
}
