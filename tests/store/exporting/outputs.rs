//! A reader that goes away is a quiet end; an output that cannot be written is one line of error.

use std::{
    fs::OpenOptions,
    io::{Read as _, Write as _},
    process::{Command, Stdio},
};

use super::{Said, arg, command, stored};
use crate::support::database::{Database, on_both_databases};

/// Every command that prints, with whatever it needs.
fn commands(reference: &str, cursor: &str) -> Vec<Vec<String>> {
    let all: [&[&str]; 20] = [
        &["export"],
        &["export", "--format", "csv"],
        &["export", "--format", "csv", "--bom"],
        &["export", "--format", "parquet"],
        &["export", "--cursor", cursor],
        &["show", reference],
        &["show", "--json", reference],
        &["openapi"],
        &["token", "--environment", "development"],
        &["verify"],
        &["verify", "--json"],
        &["migrate"],
        &["doctor"],
        &["doctor", "--json"],
        &["redact"],
        &["redact", "--json"],
        &["erase", "--reference", reference, "--dry-run"],
        &["--help"],
        &["--version"],
        &["erase", "--reference", reference, "--reason", "The law", "--by", "dpo", "--yes"],
    ];
    all.iter().map(|args| args.iter().map(|arg| (*arg).to_owned()).collect()).collect()
}

/// A command with something to read for `redact`, in a folder where `token` may make its key.
fn prepared(database: &Database, args: &[String], folder: &tempfile::TempDir) -> Command {
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let mut command = command(database, &args);
    command.current_dir(folder.path()).stdin(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn finish(mut command: Command) -> (Option<i32>, String) {
    let mut child = command.spawn().unwrap();
    // JSON is text too; more than fits into a buffer, so that it is written before the end.
    let input = format!("[{}\"x\"]", "\"some text\",\n".repeat(30_000));
    let mut stdin = child.stdin.take().unwrap();
    // It may end before it has read everything.
    let writing = std::thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
    let output = child.wait_with_output().unwrap();
    writing.join().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

on_both_databases!(a_full_disk_is_one_line_of_error_for_every_command, async |database| {
    let references = stored(&database, &[Said::new("a"), Said::new("b")]).await;
    let folder = tempfile::tempdir().unwrap();
    for args in commands(&references[0], arg(&folder.path().join("cursor"))) {
        let mut command = prepared(&database, &args, &folder);
        command.stdout(OpenOptions::new().write(true).open("/dev/full").unwrap());
        let (status, said) = finish(command);
        assert_eq!(status, Some(1), "{args:?}: {said}");
        assert_eq!(said.lines().count(), 1, "{args:?}: {said}");
        assert!(said.contains("No space left on device") && !said.contains("panicked"), "{args:?}: {said}");
    }
});

on_both_databases!(a_closed_pipe_is_a_quiet_end_for_every_command, async |database| {
    let references = stored(&database, &[Said::new("a"), Said::new("b")]).await;
    let folder = tempfile::tempdir().unwrap();
    for args in commands(&references[0], arg(&folder.path().join("cursor"))) {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = prepared(&database, &args, &folder);
        command.stdout(writer);
        let (status, said) = finish(command);
        assert_eq!((status, said.as_str()), (Some(141), ""), "{args:?}");
    }
});

on_both_databases!(whoever_reads_one_line_of_a_long_export_hears_nothing_more, async |database| {
    let requests: Vec<Said> =
        (0..400).map(|n| Said { notes: Some("x".repeat(2000)), ..Said::new(&n.to_string()) }).collect();
    stored(&database, &requests).await;
    let folder = tempfile::tempdir().unwrap();
    for format in ["jsonl", "csv", "parquet"] {
        let (mut reader, writer) = std::io::pipe().unwrap();
        let args = ["export", "--format", format].map(str::to_owned);
        let mut command = prepared(&database, &args, &folder);
        command.stdout(writer);
        let running = std::thread::spawn(move || finish(command));
        reader.read_exact(&mut [0; 4]).unwrap();
        drop(reader);
        let (status, said) = running.join().unwrap();
        assert_eq!((status, said.as_str()), (Some(141), ""), "{format}");
    }
});
