//! A database's file that cannot be opened: named, with whose it is and what to do.

use std::{
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::Path,
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

/// Whom root stands back for: root may open everything.
const NOBODY: u32 = 65_534;

/// The binary, run in a folder as somebody who does not own what is there.
struct Stranger {
    folder: TempDir,
    binary: std::path::PathBuf,
    as_root: bool,
}

impl Stranger {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        // Where it was built may be closed to strangers.
        let binary = folder.path().join("support-requests");
        let built = Path::new(env!("CARGO_BIN_EXE_support-requests"));
        if fs::hard_link(built, &binary).is_err() {
            fs::copy(built, &binary).unwrap();
        }
        let as_root = fs::metadata("/proc/self").unwrap().uid() == 0;
        Self { folder, binary, as_root }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, args: &[&str], file: &str) -> Output {
        let mut command = Command::new("timeout");
        command.args(["--kill-after=5", "60"]);
        if self.as_root {
            command
                .arg("setpriv")
                .args([format!("--reuid={NOBODY}"), format!("--regid={NOBODY}")])
                .arg("--clear-groups");
        }
        command.arg(&self.binary).args(args).args(["--listen", "127.0.0.1:0"]);
        command.args(["--database-url", &format!("sqlite://{}", self.path(file).display())]);
        command.env_clear().env("PATH", "/usr/bin:/bin").current_dir(self.folder.path()).stdin(Stdio::null());
        command.output().unwrap()
    }

    fn refused(&self, args: &[&str], file: &str) -> String {
        let output = self.run(args, file);
        let said = String::from_utf8(output.stderr).unwrap();
        let status = if args.contains(&"verify") { 2 } else { 1 };
        assert_eq!(output.status.code(), Some(status), "{args:?} {file}: {said}");
        said
    }
}

#[test]
fn a_file_or_folder_that_cannot_be_used_is_named_with_its_owner_and_mode_and_who_we_are() {
    let stranger = Stranger::new();
    let mine = fs::metadata("/proc/self").unwrap().uid();
    let us = if stranger.as_root { NOBODY } else { mine };
    // Somebody else's where there are two of us; closed also to its owner where there is only one.
    let mode = |closed: u32| if stranger.as_root { closed } else { closed & 0o577 };
    fs::write(stranger.path("closed.db"), "").unwrap();
    fs::set_permissions(stranger.path("closed.db"), fs::Permissions::from_mode(mode(0o600) & !0o200)).unwrap();
    fs::create_dir(stranger.path("locked")).unwrap();
    fs::create_dir(stranger.path("is-a-folder.db")).unwrap();
    fs::set_permissions(stranger.path("locked"), fs::Permissions::from_mode(0o555)).unwrap();
    fs::write(stranger.path("a-file"), "").unwrap();
    let owner = format!("belongs to user {mine}, ");
    let process = format!("this process is user {us}, ");
    for (file, says) in [
        ("closed.db", vec!["closed.db cannot be read and written", &owner, &process, "with mode 0", "chown it"]),
        ("locked/new.db", vec!["locked cannot be written", "journal", &owner, &process, "with mode 0555"]),
        ("absent/new.db", vec!["absent does not exist: make it"]),
        ("is-a-folder.db", vec!["is-a-folder.db is a folder: name a file in it"]),
        ("a-file/new.db", vec!["a-file is no folder"]),
    ] {
        for args in [&["serve"][..], &["migrate"]] {
            let said = stranger.refused(args, file);
            assert!(says.iter().all(|words| said.contains(words)), "{args:?} {file}: {said}");
        }
    }
    let said = stranger.refused(&["verify"], "closed.db");
    assert!(said.contains("closed.db cannot be read and written") && said.contains(&process), "{said}");
}

#[test]
fn a_file_that_is_no_database_is_told_and_one_in_an_open_folder_is_made() {
    let stranger = Stranger::new();
    let open = stranger.path("open");
    fs::create_dir(&open).unwrap();
    fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).unwrap();
    fs::write(open.join("text.db"), "this is no database, but long enough to look like one ".repeat(40)).unwrap();
    fs::set_permissions(open.join("text.db"), fs::Permissions::from_mode(0o666)).unwrap();
    for args in [&["migrate"][..], &["verify"]] {
        let said = stranger.refused(args, "open/text.db");
        assert!(said.contains("text.db is not an SQLite database"), "{args:?}: {said}");
    }
    let made = stranger.run(&["migrate"], "open/new.db");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert_eq!(fs::metadata(open.join("new.db")).unwrap().mode() & 0o777, 0o600);
}
