//! The file under a running service is removed, moved, replaced or written over. What is answered is always where a
//! reader of the path finds it.

use std::{fs, path::PathBuf, process::Command};

use support_requests::clock::{Stamp, SystemClock};

use crate::{
    harness::{clock, sealed_with},
    outages::Watched,
    support::database::{Database, Kind, tell},
};

/// A folder with a database in it, and a copy of it that was made by SQLite.
struct Home {
    database: Database,
    folder: PathBuf,
}

impl Home {
    fn of(database: Database) -> Self {
        let file = PathBuf::from(database.url().trim_start_matches("sqlite://"));
        Self { folder: file.parent().unwrap().to_owned(), database }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn db(&self) -> PathBuf {
        self.path("support-requests.db")
    }

    /// The database, its log and its index.
    fn all(&self) -> [PathBuf; 3] {
        ["", "-wal", "-shm"].map(|ending| self.path(&format!("support-requests.db{ending}")))
    }

    /// As the manual says to make a backup.
    async fn back_up(&self, name: &str) -> PathBuf {
        let copy = self.path(name);
        let mut owner = self.database.owner().await;
        owner.execute(&format!("VACUUM INTO '{}'", copy.display())).await.unwrap();
        owner.close().await;
        copy
    }
}

/// What `show` says to a reference.
pub fn is_shown(url: &str, reference: &str) -> bool {
    let shown = Command::new(env!("CARGO_BIN_EXE_support-requests"))
        .args(["show", reference])
        .env_clear()
        .env("SUPPORT_REQUESTS_DATABASE_URL", url)
        .output()
        .unwrap();
    shown.status.success()
}

#[test]
fn a_removed_database_takes_nothing_and_a_good_one_in_its_place_is_opened() {
    tell(Kind::Sqlite, async |database| {
        let home = Home::of(database);
        let watched = Watched::start(&home.database.url());
        watched.stored().await;
        let copy = home.back_up("copy.db").await;
        for file in home.all() {
            fs::remove_file(file).unwrap();
        }
        // Nobody has looked yet, and still the first request is not answered with a lie.
        watched.refused().await;
        watched.takes_nothing().await;
        watched.until_logged("not at its path any more").await;
        assert!(!home.db().exists(), "no empty database was made in its place");
        fs::copy(copy, home.db()).unwrap();
        let reference = watched.takes_requests_again().await;
        assert!(is_shown(&home.database.url(), &reference));
        watched.stop().await;
        assert!(is_shown(&home.database.url(), &reference));
        assert_eq!(home.database.counts().await.requests, 2);
    });
}

#[test]
fn a_database_that_is_moved_away_takes_nothing_until_it_is_moved_back() {
    tell(Kind::Sqlite, async |database| {
        let home = Home::of(database);
        let watched = Watched::start(&home.database.url());
        let mut answered = vec![watched.stored().await];
        // With its log and without it.
        for moved in [1, 3] {
            for file in home.all().iter().take(moved) {
                fs::rename(file, file.with_extension(format!("{}.old", file.extension().unwrap().display()))).unwrap();
            }
            watched.refused().await;
            watched.takes_nothing().await;
            for file in home.all().iter().take(moved) {
                fs::rename(file.with_extension(format!("{}.old", file.extension().unwrap().display())), file).unwrap();
            }
            answered.push(watched.takes_requests_again().await);
        }
        watched.stop().await;
        assert!(answered.iter().all(|reference| is_shown(&home.database.url(), reference)));
        assert_eq!(home.database.counts().await.requests, 3, "what was refused is not there");
    });
}

#[test]
fn another_database_in_its_place_is_opened_and_the_old_log_is_not_mixed_into_it() {
    tell(Kind::Sqlite, async |_| {
        for in_place in [false, true] {
            let home = Home::of(Database::sqlite().await);
            let watched = Watched::start(&home.database.url());
            let kept = watched.stored().await;
            let copy = home.back_up("copy.db").await;
            let lost = watched.stored().await;
            if in_place {
                fs::copy(copy, home.db()).unwrap();
            } else {
                fs::rename(copy, home.db()).unwrap();
            }
            watched.refused().await;
            let new = watched.takes_requests_again().await;
            for said in ["ERROR the database takes no writes cause=\"other_file\"", "put aside"] {
                watched.until_logged(said).await;
            }
            watched.stop().await;
            let url = home.database.url();
            assert!(is_shown(&url, &kept) && is_shown(&url, &new));
            assert!(!is_shown(&url, &lost), "the copy was made before it");
            crate::harness::all_is_well(&home.database, &[kept, new]).await;
        }
    });
}

#[test]
fn a_log_that_is_removed_under_the_service_costs_nothing_that_was_answered() {
    tell(Kind::Sqlite, async |database| {
        let home = Home::of(database);
        let watched = Watched::start(&home.database.url());
        let mut answered = vec![watched.stored().await];
        let [_, wal, shm] = home.all();
        for removed in [vec![&wal], vec![&shm], vec![&wal, &shm]] {
            for file in removed {
                fs::remove_file(file).unwrap();
            }
            watched.refused().await;
            answered.push(watched.takes_requests_again().await);
            assert!(answered.iter().all(|reference| is_shown(&home.database.url(), reference)), "while it runs");
        }
        fs::remove_file(&wal).unwrap();
        watched.stop().await;
        assert!(answered.iter().all(|reference| is_shown(&home.database.url(), reference)), "stopped before it looked");
    });
}

#[test]
fn a_link_to_the_database_is_followed_wherever_it_points() {
    tell(Kind::Sqlite, async |database| {
        let home = Home::of(database);
        let link = home.path("link.db");
        std::os::unix::fs::symlink(home.db(), &link).unwrap();
        let watched = Watched::start(&format!("sqlite://{}", link.display()));
        let first = watched.stored().await;
        let copy = home.back_up("copy.db").await;
        fs::remove_file(&link).unwrap();
        watched.refused().await;
        std::os::unix::fs::symlink(&copy, &link).unwrap();
        let second = watched.takes_requests_again().await;
        watched.stop().await;
        let url = |file: &PathBuf| format!("sqlite://{}", file.display());
        assert!(is_shown(&url(&copy), &first) && is_shown(&url(&copy), &second));
        assert!(is_shown(&url(&home.db()), &first) && !is_shown(&url(&home.db()), &second));
    });
}

#[test]
fn an_operator_who_copies_the_log_into_the_file_disturbs_nobody() {
    tell(Kind::Sqlite, async |database| {
        let home = Home::of(database);
        let watched = Watched::start(&home.database.url());
        let mut answered = vec![watched.stored().await];
        for mode in ["PASSIVE", "FULL", "RESTART", "TRUNCATE"] {
            let mut owner = home.database.owner().await;
            owner.execute(&format!("PRAGMA wal_checkpoint({mode})")).await.unwrap();
            owner.close().await;
            answered.push(watched.stored().await);
        }
        assert_eq!(watched.readyz().await, 200);
        watched.kill9().await;
        let again = Watched::start(&home.database.url());
        answered.push(again.stored().await);
        again.stop().await;
        crate::harness::all_is_well(&home.database, &answered).await;
    });
}

#[test]
fn the_log_goes_into_the_file_while_requests_keep_coming() {
    tell(Kind::Sqlite, async |database| {
        let home = Home::of(database);
        let store = home.database.open_store(clock()).await;
        let tasks: Vec<_> = (0..4)
            .map(|_| {
                let (store, wal) = (store.clone(), home.all()[1].clone());
                tokio::spawn(async move {
                    let (mut answered, mut longest) = (Vec::new(), 0);
                    for number in 0..80 {
                        let note = "x".repeat(100 * 1024);
                        let sealed = sealed_with(&format!("Number {number}"), &note, &Stamp::of(&SystemClock));
                        answered.push(sealed.record().reference.clone());
                        store.append(sealed).await.unwrap();
                        longest = longest.max(fs::metadata(&wal).unwrap().len());
                    }
                    (answered, longest)
                })
            })
            .collect();
        let mut answered = Vec::new();
        for task in tasks {
            let (its, longest) = task.await.unwrap();
            answered.extend(its);
            assert!(longest < 16 << 20, "of 32 MiB that were written, {longest} bytes lay in the log");
        }
        assert!(fs::metadata(home.db()).unwrap().len() > 16 << 20, "and the rest in the file");
        crate::harness::all_is_well(&home.database, &answered).await;
        store.close(std::time::Duration::from_secs(10)).await;
        assert_eq!(home.database.files().len(), 1, "the log went into the file");
        crate::harness::all_is_well(&home.database, &answered).await;
    });
}
