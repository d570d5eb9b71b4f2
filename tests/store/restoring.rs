//! A backup is put in the place of a database that was killed: with the old write-ahead log beside it, it is refused.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    files::is_shown,
    harness::{Service, all_is_well},
    outages::Watched,
    support::database::{Database, Kind, tell},
};

/// How a copy is made.
#[derive(Debug, Clone, Copy)]
enum Backup {
    /// SQLite's backup, page by page.
    Online,
    /// The same rows in other pages.
    Vacuum,
    /// A copy of the file of a service that was stopped.
    Stopped,
}

/// What is left beside the copy.
const LEFT: [&[&str]; 2] = [&["-wal", "-shm"], &["-wal"]];

fn beside(file: &Path, ending: &str) -> PathBuf {
    PathBuf::from(format!("{}{ending}", file.display()))
}

fn file_of(database: &Database) -> PathBuf {
    PathBuf::from(database.url().trim_start_matches("sqlite://"))
}

/// Copies with the program that operators use.
fn sqlite3(file: &Path, command: &str) {
    let done = Command::new("sqlite3").arg(file).arg(command).output().expect("sqlite3 is installed");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// A service stores `before`, a copy is made, it stores `after`, and is killed.
async fn killed_after_a_backup(database: &Database, backup: Backup, after: usize) -> (PathBuf, String, Vec<String>) {
    let file = file_of(database);
    let copy = beside(&file, ".copy");
    let mut watched = Watched::start(&database.url());
    let before = watched.stored().await;
    match backup {
        Backup::Online => sqlite3(&file, &format!(".backup '{}'", copy.display())),
        Backup::Vacuum => sqlite3(&file, &format!("VACUUM INTO '{}'", copy.display())),
        Backup::Stopped => {
            watched.stop().await;
            assert!(!beside(&file, "-wal").exists(), "a clean stop leaves no log");
            fs::copy(&file, &copy).unwrap();
            watched = Watched::start(&database.url());
        }
    }
    let mut lost = Vec::new();
    for _ in 0..after {
        lost.push(watched.stored().await);
    }
    watched.kill9().await;
    (copy, before, lost)
}

async fn is_refused_beside_its_old_log(backup: Backup, left: &[&str]) {
    let database = Database::sqlite().await;
    let (copy, before, lost) = killed_after_a_backup(&database, backup, 3).await;
    let file = file_of(&database);
    fs::copy(&copy, &file).unwrap();
    for ending in ["-wal", "-shm"].iter().filter(|ending| !left.contains(ending)) {
        fs::remove_file(beside(&file, ending)).unwrap();
    }
    for _ in 0..2 {
        let said = tokio::task::spawn_blocking({
            let url = database.url();
            move || Service::refused(&url)
        });
        let said = said.await.unwrap();
        assert!(said.contains("support-requests.db-wal") && said.contains("remove"), "{backup:?} {left:?}: {said}");
        // Nor does a reader mix them.
        assert!(!is_shown(&database.url(), &before));
    }
    for ending in left {
        fs::remove_file(beside(&file, ending)).unwrap();
    }
    let watched = Watched::start(&database.url());
    let new = watched.stored().await;
    watched.stop().await;
    assert!(lost.iter().all(|reference| !is_shown(&database.url(), reference)), "{backup:?}: they were rolled back");
    all_is_well(&database, &[before, new]).await;
}

#[test]
fn a_copy_beside_the_log_of_the_database_that_it_replaces_is_refused_at_the_start() {
    tell(Kind::Sqlite, async |_| {
        for backup in [Backup::Online, Backup::Vacuum, Backup::Stopped] {
            for left in LEFT {
                is_refused_beside_its_old_log(backup, left).await;
            }
        }
    });
}

#[test]
fn other_rows_in_other_pages_are_refused_also_where_nothing_was_stored_since() {
    tell(Kind::Sqlite, async |database| {
        let (copy, before, _) = killed_after_a_backup(&database, Backup::Vacuum, 0).await;
        let file = file_of(&database);
        fs::copy(copy, &file).unwrap();
        let said = Service::refused(&database.url());
        assert!(said.contains("-wal"), "{said}");
        for ending in ["-wal", "-shm"] {
            fs::remove_file(beside(&file, ending)).unwrap();
        }
        all_is_well(&database, &[before]).await;
    });
}

#[test]
fn a_database_that_is_moved_or_copied_with_its_log_after_a_kill_is_whole() {
    tell(Kind::Sqlite, async |database| {
        let (_, before, lost) = killed_after_a_backup(&database, Backup::Online, 3).await;
        let elsewhere = Database::sqlite().await;
        for ending in ["", "-wal", "-shm"] {
            fs::copy(beside(&file_of(&database), ending), beside(&file_of(&elsewhere), ending)).unwrap();
        }
        let watched = Watched::start(&elsewhere.url());
        let mut answered = vec![before, watched.stored().await];
        watched.stop().await;
        answered.extend(lost);
        all_is_well(&elsewhere, &answered).await;
    });
}

#[test]
fn what_the_manual_says_keeps_the_log_of_a_copy_that_was_refused_for_nothing() {
    tell(Kind::Sqlite, async |database| {
        let (copy, before, _) = killed_after_a_backup(&database, Backup::Online, 1).await;
        let file = file_of(&database);
        fs::copy(copy, &file).unwrap();
        Service::refused(&database.url());
        sqlite3(&file, "PRAGMA wal_checkpoint(TRUNCATE)");
        let watched = Watched::start(&database.url());
        let new = watched.stored().await;
        watched.stop().await;
        all_is_well(&database, &[before, new]).await;
    });
}
