//! Whatever keeps a write out turns `/readyz` 503 within seconds, without anybody's request; callers get 503 and
//! nothing else while it lasts; and when it is over, requests are taken again without a restart.

use std::{path::Path, process::Command};

use sqlx::AssertSqlSafe;

use crate::{
    harness::all_is_well,
    outages::Watched,
    support::{
        cluster::{Cluster, StopMode, write_for_the_server},
        database::{Counts, Database, Kind, on_both_databases, tell},
        postgres::{PostgresDatabase, RUNTIME_ROLE, on_a_server_of_its_own},
        skipped::skipped,
    },
};

/// Runs statements as the server's superuser.
async fn as_superuser(postgres: &PostgresDatabase, sql: &str) {
    let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
    sql.execute(&mut postgres.superuser().await).await.unwrap();
}

fn name_of(postgres: &PostgresDatabase) -> String {
    postgres.runtime_url().rsplit('/').next().unwrap().to_owned()
}

/// Ends what `database` has of the service's sessions.
async fn end_sessions(postgres: &PostgresDatabase) {
    let sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = current_database() AND usename = $1";
    sqlx::query(sql).bind(RUNTIME_ROLE).execute(&mut postgres.superuser().await).await.unwrap();
}

/// A fault that one statement makes and another one mends, with the sessions ended or not.
async fn faulty_then_mended(database: Database, fault: &str, mend: &str, cause: &str, sessions_end: bool) {
    let Database::Postgres(postgres) = &database else { return };
    let watched = Watched::start(&database.url());
    let mut answered = vec![watched.stored().await];
    as_superuser(postgres, fault).await;
    if sessions_end {
        end_sessions(postgres).await;
    }
    watched.takes_nothing().await;
    as_superuser(postgres, mend).await;
    answered.push(watched.takes_requests_again().await);
    watched.until_logged("the database takes writes again").await;
    let log = watched.service.log();
    let told = format!("the database takes no writes cause=\"{cause}\"");
    assert_eq!(log.matches(&told).count(), 1, "said once: {log}");
    assert_eq!(log.matches("the database takes writes again").count(), 1, "{log}");
    watched.stop().await;
    assert_eq!(database.counts().await, Counts::of(2), "nothing that was refused is there");
    all_is_well(&database, &answered).await;
}

on_both_databases!(a_role_that_became_read_only_is_left_when_it_is_mended, async |database| {
    let Database::Postgres(postgres) = &database else { return };
    let role = format!("ALTER ROLE {RUNTIME_ROLE} IN DATABASE {}", name_of(postgres));
    let (fault, mend) = (
        format!("{role} SET default_transaction_read_only = on"),
        format!("{role} RESET default_transaction_read_only"),
    );
    faulty_then_mended(database, &fault, &mend, "read_only", true).await;
});

on_both_databases!(a_search_path_that_became_another_is_left_when_it_is_mended, async |database| {
    let Database::Postgres(postgres) = &database else { return };
    let role = format!("ALTER ROLE {RUNTIME_ROLE} IN DATABASE {}", name_of(postgres));
    let (fault, mend) = (format!("{role} SET search_path = nowhere"), format!("{role} RESET search_path"));
    faulty_then_mended(database, &fault, &mend, "missing", true).await;
});

on_both_databases!(a_right_that_was_taken_away_and_given_back_needs_no_restart, async |database| {
    let (fault, mend) = (
        "REVOKE INSERT ON audit_events FROM support_requests_app",
        "GRANT INSERT ON audit_events TO support_requests_app",
    );
    faulty_then_mended(database, fault, mend, "permission", false).await;
});

on_both_databases!(a_table_that_is_gone_and_comes_back_needs_no_restart, async |database| {
    let (fault, mend) = ("ALTER TABLE support_requests RENAME TO gone", "ALTER TABLE gone RENAME TO support_requests");
    faulty_then_mended(database, fault, mend, "missing", false).await;
});

on_both_databases!(a_server_that_was_made_read_only_needs_no_restart, async |database| {
    if matches!(database, Database::Sqlite(_)) {
        return;
    }
    drop(database);
    let Some((_, postgres)) = on_a_server_of_its_own().await else { return };
    let watched = Watched::start(&postgres.runtime_url());
    let mut answered = vec![watched.stored().await];
    as_superuser(&postgres, "ALTER SYSTEM SET default_transaction_read_only = on").await;
    as_superuser(&postgres, "SELECT pg_reload_conf()").await;
    watched.takes_nothing().await;
    let mend = "SET default_transaction_read_only = off; ALTER SYSTEM RESET default_transaction_read_only";
    for statement in mend.split("; ").chain(["SELECT pg_reload_conf()"]) {
        as_superuser(&postgres, statement).await;
    }
    answered.push(watched.takes_requests_again().await);
    watched.stop().await;
    all_is_well(&Database::Postgres(postgres), &answered).await;
});

on_both_databases!(a_server_that_was_demoted_takes_nothing_until_it_is_promoted, async |database| {
    if matches!(database, Database::Sqlite(_)) {
        return;
    }
    drop(database);
    let Some((cluster, postgres)) = on_a_server_of_its_own().await else { return };
    let watched = Watched::start(&postgres.runtime_url());
    let mut answered = vec![watched.stored().await];
    cluster.stop(StopMode::Fast);
    write_for_the_server(&cluster.folder.join("data/standby.signal"), "");
    cluster.begin().unwrap();
    watched.takes_nothing().await;
    watched.until_logged("read_only").await;
    let refused = tokio::task::spawn_blocking({
        let url = postgres.runtime_url();
        move || crate::harness::Service::refused(&url)
    });
    assert!(refused.await.unwrap().contains("standby"), "nor is it started on");
    as_superuser(&postgres, "SELECT pg_promote()").await;
    answered.push(watched.takes_requests_again().await);
    watched.stop().await;
    all_is_well(&Database::Postgres(postgres), &answered).await;
});

on_both_databases!(a_lock_that_keeps_writes_out_is_noticed_and_so_is_its_end, async |database| {
    let watched = Watched::start(&database.url());
    let mut answered = vec![watched.stored().await];
    let mut other = database.owner().await;
    let lock = match database.kind() {
        Kind::Sqlite => "BEGIN IMMEDIATE",
        Kind::Postgres => "BEGIN; LOCK TABLE audit_events IN SHARE MODE",
    };
    other.execute(lock).await.unwrap();
    watched.takes_nothing().await;
    watched.until_logged("locked").await;
    other.execute("ROLLBACK").await.unwrap();
    other.close().await;
    answered.push(watched.takes_requests_again().await);
    watched.stop().await;
    all_is_well(&database, &answered).await;
});

/// Processes that stand still, and go on whatever becomes of the test.
struct Stopped(Vec<String>);

impl Stopped {
    async fn server(cluster: &Cluster, postgres: &PostgresDatabase) -> Self {
        let sql = "SELECT pid::text FROM pg_stat_activity WHERE usename = $1";
        let mut pids: Vec<String> =
            sqlx::query_scalar(sql).bind(RUNTIME_ROLE).fetch_all(&mut postgres.superuser().await).await.unwrap();
        assert!(!pids.is_empty(), "the service has a session");
        let file = std::fs::read_to_string(cluster.folder.join("data/postmaster.pid")).unwrap();
        pids.push(file.lines().next().unwrap().trim().to_owned());
        let stopped = Self(pids);
        stopped.signal("-STOP");
        stopped
    }

    fn signal(&self, signal: &str) {
        assert!(Command::new("kill").arg(signal).args(&self.0).status().unwrap().success());
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg("-CONT").args(&self.0).status();
    }
}

on_both_databases!(a_server_that_stands_still_holds_up_neither_readyz_nor_the_stop, async |database| {
    if matches!(database, Database::Sqlite(_)) {
        return;
    }
    drop(database);
    let Some((cluster, postgres)) = on_a_server_of_its_own().await else { return };
    let watched = Watched::start(&postgres.runtime_url());
    let mut answered = vec![watched.stored().await];
    let stopped = Stopped::server(cluster, &postgres).await;
    watched.takes_nothing().await;
    drop(stopped);
    answered.push(watched.takes_requests_again().await);
    let stopped = Stopped::server(cluster, &postgres).await;
    // Somebody waits for an answer while the service is told to stop.
    let (asked, ended) = tokio::join!(watched.ask(), async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        watched.service.terminate();
    });
    let () = ended;
    assert!(matches!(asked, crate::harness::Answer::Refused(503, _)), "{asked:?}");
    // Far more than the 25 seconds that it has: only one that hangs is noticed here.
    tokio::time::timeout(std::time::Duration::from_mins(1), watched.stop()).await.expect("it stops");
    drop(stopped);
    all_is_well(&Database::Postgres(postgres), &answered).await;
});

/// A small disk, which goes when it is dropped.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// `None` where this process may not mount one.
    fn mounted() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=16m", "tmpfs"]).arg(folder.path()).output();
        match mount {
            Ok(done) if done.status.success() => Some(Self(folder)),
            _ => {
                skipped("this process may not mount a small disk");
                None
            }
        }
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file until nothing more fits.
    fn fill(&self) -> std::path::PathBuf {
        let file = self.path().join("fill");
        let mut zeros = std::fs::File::create(&file).unwrap();
        while std::io::Write::write_all(&mut zeros, &[0; 4096]).is_ok() {}
        file
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.path()).status();
    }
}

#[test]
fn a_full_disk_takes_nothing_until_there_is_room_again() {
    tell(Kind::Sqlite, async |database| {
        let Some(disk) = SmallDisk::mounted() else { return };
        let url = format!("sqlite://{}", disk.path().join("support-requests.db").display());
        let watched = Watched::start(&url);
        watched.stored().await;
        let fill = disk.fill();
        watched.until_readyz(503).await;
        // What is left of the blocks that the log has already is used up: then it is refused, and nothing else.
        for _ in 0..100 {
            match watched.ask().await {
                crate::harness::Answer::Created(_) => {}
                crate::harness::Answer::Refused(503, code) => assert_eq!(code, "storage_unavailable"),
                other => panic!("{other:?}"),
            }
        }
        watched.takes_nothing().await;
        watched.until_logged("disk_full").await;
        std::fs::remove_file(fill).unwrap();
        let last = watched.takes_requests_again().await;
        watched.stop().await;
        assert!(crate::files::is_shown(&url, &last));
        drop(database);
    });
}
