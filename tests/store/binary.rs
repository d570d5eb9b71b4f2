//! The built binary, run to its end, or read while it runs.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    process::{Child, ChildStderr, Command, Stdio},
};

use tempfile::TempDir;

/// The binary with this command, in an empty folder, without anything of this machine's environment. One that does
/// not end is ended, so that a test fails and does not hang.
pub fn command(folder: &TempDir, args: &[&str]) -> Command {
    let mut command = Command::new("timeout");
    command.args(["--kill-after=5", "90", env!("CARGO_BIN_EXE_support-requests")]).args(args);
    command.args(["--listen", "127.0.0.1:0"]).env_clear().current_dir(folder.path()).stdin(Stdio::null());
    command
}

/// Runs it to its end: exit code, and everything that it said.
pub fn run(command: &mut Command) -> (Option<i32>, String) {
    let output = command.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).unwrap())
}

/// Runs a command on a database, which must succeed; what it said.
pub fn succeeds(args: &[&str], url: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let (code, said) = run(command(&folder, args).args(["--database-url", url]));
    assert_eq!(code, Some(0), "{args:?} {url}: {said}");
    said
}

/// Runs a command on a database, which must fail; what it said.
pub fn fails(args: &[&str], url: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let (code, said) = run(command(&folder, args).args(["--database-url", url]));
    assert_eq!(code, Some(failed(args)), "{args:?} {url}: {said}");
    said
}

/// The exit status of a command that could not do its work: for `verify`, 1 is what it found.
pub fn failed(args: &[&str]) -> i32 {
    if args.first() == Some(&"verify") { 2 } else { 1 }
}

/// A run whose log is read line by line. Ended with the test.
pub struct Followed {
    pub child: Child,
    log: BufReader<ChildStderr>,
    pub seen: String,
}

impl Followed {
    pub fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let log = BufReader::new(child.stderr.take().unwrap());
        Self { child, log, seen: String::new() }
    }

    /// Reads up to a line that holds `needle`.
    pub fn until(&mut self, needle: &str) -> String {
        loop {
            let mut line = String::new();
            assert!(self.log.read_line(&mut line).unwrap() > 0, "it ended before {needle:?}: {}", self.seen);
            self.seen.push_str(&line);
            if line.contains(needle) {
                return line;
            }
        }
    }

    /// SIGTERM, by way of `timeout`, which passes it on; its exit code.
    pub fn terminate(&mut self) -> Option<i32> {
        assert!(Command::new("kill").arg(self.child.id().to_string()).status().unwrap().success());
        let code = self.child.wait().unwrap().code();
        self.log.read_to_string(&mut self.seen).unwrap();
        code
    }
}

impl Drop for Followed {
    fn drop(&mut self) {
        // Once it was waited for, its number may be somebody else's, even that of a thread of ours.
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = Command::new("kill").arg(self.child.id().to_string()).stderr(Stdio::null()).status();
            let _ = self.child.wait();
        }
    }
}
