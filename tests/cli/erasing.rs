//! `erase`, as an operator meets it.

use std::{
    io::Write as _,
    process::{Output, Stdio},
};

use serde_json::json;

use crate::{TENANT, home::Home, support::skipped::skipped};

/// A folder with a database in it, in which there are so many requests of the development token's subject.
fn filled(requests: usize) -> (Home, Vec<String>) {
    let home = Home::new();
    let service = home.serve(&[]);
    let token = home.ok(&["token", "--subject", "u-ada"]);
    let mut references = Vec::new();
    for number in 0..requests {
        let body = json!({"summary": format!("Canary {number}"), "contact_email": "Ada@Example.org"});
        let (status, receipt) = service.post(TENANT, token.trim(), &body);
        assert_eq!(status, 201, "{receipt}");
        references.push(receipt["reference"].as_str().unwrap().to_owned());
    }
    assert!(service.terminate().0.success());
    (home, references)
}

const WHY: [&str; 4] = ["--reason", "Ticket 7, password=hunter2-canary", "--by", "Officer"];

fn erase(home: &Home, args: &[&str]) -> Output {
    home.run(&[&["erase"], args].concat())
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// How many there are still to be erased.
fn left(home: &Home) -> String {
    let said = home.ok(&["erase", "--workspace", "acme", "--dry-run"]);
    said.strip_prefix("This would erase ").unwrap().split(' ').next().unwrap().to_owned()
}

#[test]
fn a_dry_run_counts_and_changes_nothing() {
    let (home, _) = filled(2);
    let before = std::fs::read(home.path().join("support-requests.db")).unwrap();
    let told = home.ok(&["erase", "--contact", "ADA@example.ORG", "--dry-run"]);
    assert!(told.starts_with("This would erase 2 support request(s), from 20"), "{told}");
    assert!(told.ends_with("Nothing was changed.\n"), "{told}");
    assert_eq!(std::fs::read(home.path().join("support-requests.db")).unwrap(), before);
    assert!(home.ok(&["erase", "--creator", "nobody", "--dry-run"]).contains("0 support requests"));
}

#[test]
fn without_a_terminal_it_erases_only_what_it_is_told_to_without_asking() {
    let (home, references) = filled(2);
    let refused = erase(&home, &[&["--reference", &references[0]][..], &WHY].concat());
    assert_eq!(refused.status.code(), Some(1));
    assert!(said(&refused).contains("1 support request(s)") && said(&refused).contains("--yes"), "{}", said(&refused));
    assert_eq!(left(&home), "2");
    let lower = references[0].to_lowercase();
    let done = erase(&home, &[&["--reference", &lower, "--yes"][..], &WHY].concat());
    assert!(done.status.success(), "{}", said(&done));
    let told = String::from_utf8(done.stdout).unwrap();
    assert!(told.starts_with("Erased: 1 support request(s), erasure 01") && told.lines().count() == 1, "{told}");
    assert!(told.contains("Backups and exports"), "{told}");
    assert_eq!(left(&home), "1");
    assert!(home.ok(&["verify"]).starts_with("All holds"));
    // Nothing of it is left in the files, nor of what was said of it and must not be.
    let bytes = std::fs::read(home.path().join("support-requests.db")).unwrap();
    assert!(memchr::memmem::find(&bytes, b"Canary 0").is_none());
    assert!(memchr::memmem::find(&bytes, b"hunter2").is_none());
    assert!(memchr::memmem::find(&bytes, b"Canary 1").is_some());
}

#[test]
fn a_name_may_come_on_standard_input_and_nothing_found_is_no_failure() {
    let (home, _) = filled(1);
    for (subject, told) in [("nobody\n", "Nothing was to be erased."), ("u-ada\n", "Erased: 1 ")] {
        let args = [&["erase", "--creator", "-", "--yes"][..], &WHY].concat();
        let mut command = home.command(&args);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(subject.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success() && said(&output).starts_with(told), "{}", said(&output));
    }
}

#[test]
fn what_cannot_be_meant_is_refused_with_what_to_do_and_erases_nothing() {
    let (home, references) = filled(1);
    for (args, words) in [
        (&["--yes"][..], "--creator SUBJECT"),
        (&["--creator", "u-ada", "--contact", "a@b.example", "--yes"], "choose one way"),
        (&["--before", "yesterday", "--yes"], "2026-01-31"),
        (&["--reference", "SR-1", "--yes"], "--reference"),
        (&["--workspace", "a/b", "--yes"], "--workspace"),
        (&["--creator", " ", "--yes"], "blank"),
    ] {
        let refused = erase(&home, &[args, &WHY].concat());
        assert!(!refused.status.success() && said(&refused).contains(words), "{args:?}: {}", said(&refused));
    }
    let all = ["--reference", references[0].as_str(), "--yes"];
    for (missing, words) in [
        (&["--by", "Officer"][..], "--reason is required"),
        (&["--reason", "The law"], "--by is required"),
        (&["--reason", "The law", "--by", " \u{200b}"], "--by is blank"),
    ] {
        let refused = erase(&home, &[&all[..], missing].concat());
        assert!(!refused.status.success() && said(&refused).contains(words), "{}", said(&refused));
    }
    assert_eq!(left(&home), "1");
    let elsewhere = Home::new();
    let refused = erase(&elsewhere, &[&all[..], &WHY].concat());
    assert!(said(&refused).contains("there is no database"), "{}", said(&refused));
    assert!(!elsewhere.path().join("support-requests.db").exists());
}

/// Runs the command on a terminal, which `script` gives it, with this answer to whatever it asks; none without `script`.
fn on_a_terminal(home: &Home, args: &str, answer: &str) -> Option<Output> {
    let command = format!("'{}' {args}", env!("CARGO_BIN_EXE_support-requests"));
    let mut script = std::process::Command::new("script");
    script.args(["-qec", &command, "/dev/null"]).env("TERM", "xterm").current_dir(home.path());
    let Ok(mut child) = script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn() else {
        skipped("no script(1) here");
        return None;
    };
    child.stdin.take().unwrap().write_all(format!("{answer}\n").as_bytes()).unwrap();
    Some(child.wait_with_output().unwrap())
}

#[test]
fn on_a_terminal_it_asks_and_only_the_number_or_yes_will_do() {
    let (home, _) = filled(2);
    for (answer, erased) in [("no", false), ("", false), ("2", true)] {
        let output = on_a_terminal(&home, "erase --creator u-ada --reason Law --by Officer", answer);
        let Some(output) = output else { return };
        assert!(said(&output).contains("This would erase 2 support request(s)"), "{}", said(&output));
        assert_eq!(output.status.success(), erased, "{}", said(&output));
        assert_eq!(left(&home), if erased { "0" } else { "2" });
    }
}

#[test]
fn a_bar_says_how_far_it_is_on_a_terminal_and_nowhere_else() {
    let (home, _) = filled(2);
    let erase = "erase --creator u-ada --reason Law --by Officer --yes";
    for command in ["verify", "export --including-recent", erase] {
        let elsewhere = home.run(&command.split(' ').collect::<Vec<_>>());
        assert!(elsewhere.status.success() && !said(&elsewhere).contains('█'), "{}", said(&elsewhere));
        let (again, _) = filled(2);
        let Some(output) = on_a_terminal(&again, command, "") else { return };
        assert!(output.status.success() && said(&output).contains('█'), "{command}: {}", said(&output));
    }
}

#[test]
fn rewriting_alone_needs_no_reason_and_says_what_it_did() {
    let (home, _) = filled(1);
    let told = home.ok(&["erase", "--rewrite"]);
    assert!(told.starts_with("Nothing was to be erased. The tables were written anew."), "{told}");
    assert_eq!(left(&home), "1");
}
