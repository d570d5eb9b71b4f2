//! What a machine does to a service: disks that fail, clocks that jump, servers without room, an instance that dies.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use serde_json::Value;
use support_requests::clock::{Clock as _, SystemClock};

use crate::{
    harness::{Answer, Load, Service, all_is_well, ask, references},
    outages::Watched,
    support::{
        cluster::unprivileged,
        database::{Database, on_both_databases},
        postgres::{RUNTIME_ROLE, on_a_server_with},
        skipped::skipped,
        tokens::Token,
    },
};

on_both_databases!(of_two_instances_one_is_killed_under_load_and_the_other_goes_on, async |database| {
    let (one, other) = (Service::start(&database), Service::start(&database));
    let loads = [Load::start(&one.url(), 6), Load::start(&other.url(), 6)];
    tokio::time::sleep(Duration::from_millis(600)).await;
    tokio::task::spawn_blocking(|| one.kill9()).await.unwrap();
    let after = Watched::of(other);
    for _ in 0..10 {
        after.stored().await;
    }
    assert_eq!(after.readyz().await, 200);
    let [dead, alive] = loads;
    let (dead, alive) = (dead.stop().await, alive.stop().await);
    let refused: Vec<&Answer> = alive.iter().filter(|answer| !matches!(answer, Answer::Created(_))).collect();
    assert!(refused.is_empty(), "the other one's callers noticed: {refused:?}");
    let answered = [references(&dead), references(&alive)].concat();
    assert!(!references(&dead).is_empty(), "nothing was tried");
    all_is_well(&database, &answered).await;
    after.stop().await;
});

on_both_databases!(while_others_have_used_up_the_servers_connections_requests_are_refused, async |database| {
    let Database::Postgres(_) = &database else { return };
    drop(database);
    let settings = vec![("max_connections", "8".to_owned()), ("superuser_reserved_connections", "2".to_owned())];
    let Some((_, postgres)) = on_a_server_with(settings).await else { return };
    let mut superuser = postgres.superuser().await;
    let url = postgres.owner_url();
    let database = Database::Postgres(postgres);
    let watched = Watched::start(&database.url());
    let mut answered = vec![watched.stored().await];
    let sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = $1";
    let mut others = Vec::new();
    // Whoever is first gets the place: the service tries again each second.
    while watched.readyz().await == 200 {
        sqlx::query(sql).bind(RUNTIME_ROLE).execute(&mut superuser).await.unwrap();
        while let Ok(other) = <sqlx::PgConnection as sqlx::Connection>::connect(&url).await {
            others.push(other);
        }
    }
    watched.takes_nothing().await;
    watched.until_logged("too_many_connections").await;
    drop(others);
    answered.push(watched.takes_requests_again().await);
    watched.stop().await;
    all_is_well(&database, &answered).await;
});

on_both_databases!(a_session_of_postgresql_that_can_write_no_file_costs_no_answered_request, async |database| {
    let Database::Postgres(_) = &database else { return };
    drop(database);
    let Some((_, postgres)) = on_a_server_with(Vec::new()).await else { return };
    let mut superuser = postgres.superuser().await;
    let database = Database::Postgres(postgres);
    let watched = Watched::start(&database.url());
    let mut answered = vec![watched.stored().await];
    let sql = "SELECT pid FROM pg_stat_activity WHERE usename = $1";
    for _ in 0..3 {
        let sessions: Vec<i32> = sqlx::query_scalar(sql).bind(RUNTIME_ROLE).fetch_all(&mut superuser).await.unwrap();
        assert!(!sessions.is_empty(), "there is nothing to break");
        for session in sessions {
            // Every write of this process fails from here on, that of the server's log of changes too.
            let mut prlimit = unprivileged(Path::new("prlimit")).unwrap();
            let limited = prlimit.args([format!("--pid={session}"), "--fsize=0".to_owned()]).status();
            let Ok(true) = limited.map(|status| status.success()) else { return skipped("prlimit cannot be run") };
        }
        let answer = watched.ask().await;
        match answer {
            Answer::Created(reference) => answered.push(reference),
            Answer::Refused(503, _) => {}
            other => panic!("{other:?}: {}", watched.service.log()),
        }
        answered.push(watched.takes_requests_again().await);
        // A server that could not write its log of changes starts again, and ends every session.
        while sqlx::query("SELECT 1").execute(&mut superuser).await.is_err() {
            let Database::Postgres(postgres) = &database else { return };
            superuser = postgres.superuser().await;
        }
    }
    watched.until_logged("a write failed").await;
    watched.stop().await;
    all_is_well(&database, &answered).await;
});

/// Calls to the disk that fail, counted for each thread (strace(1)).
const FAULTS: [(&str, &str); 3] = [
    ("a sync now and then", "inject=fsync,fdatasync:error=EIO:when=15+7"),
    ("a write now and then", "inject=pwrite64:error=EIO:when=80+41"),
    ("no space now and then", "inject=pwrite64:error=ENOSPC:when=80+41"),
];

/// What strace writes down of a service that it runs, which it leaves to be stopped as if it were not there.
fn faulty(command: &mut Command, fault: &str, record: &Path) {
    let mut strace = Command::new("strace");
    strace.args(["-D", "-f", "-e", "trace=fsync,fdatasync,pwrite64", "-e", fault, "-o"]).arg(record);
    strace.arg(command.get_program()).args(command.get_args());
    strace.current_dir(command.get_current_dir().expect("it has a folder of its own")).env_clear();
    strace.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    *command = strace;
}

fn can_trace() -> bool {
    let traced = Command::new("strace").args(["-o", "/dev/null", "true"]).status();
    traced.is_ok_and(|status| status.success())
}

on_both_databases!(what_was_answered_while_the_disk_failed_is_there, async |database| {
    let Database::Sqlite(_) = &database else { return };
    if !can_trace() {
        return skipped("nothing may be traced here");
    }
    drop(database);
    for (what, fault) in FAULTS {
        let (database, folder) = (Database::sqlite().await, tempfile::tempdir().unwrap());
        let record = folder.path().join("calls");
        let service = Service::with(|command| {
            command.args(["--database-url", &database.url()]);
            faulty(command, fault, &record);
        });
        let load = Load::start(&service.url(), 8);
        let failed = || fs::read_to_string(&record).unwrap_or_default().matches("(INJECTED)").count();
        while failed() < 3 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let watched = Watched::of(service);
        watched.until_logged("a write failed").await;
        let answers = load.stop().await;
        watched.kill9().await;
        let answered = references(&answers);
        assert!(!answered.is_empty(), "{what}: nothing was tried");
        all_is_well(&database, &answered).await;
        let calls = fs::read_to_string(&record).unwrap();
        assert!(calls.contains(" fdatasync("), "SQLite was not compiled as .cargo/config.toml says");
    }
});

on_both_databases!(a_disk_that_hangs_holds_up_who_waits_for_it_and_nobody_else, async |database| {
    let Database::Sqlite(_) = &database else { return };
    if !can_trace() {
        return skipped("nothing may be traced here");
    }
    let folder = tempfile::tempdir().unwrap();
    // Of each thread the thirtieth and all after it: half a minute is longer than anybody waits.
    let fault = "inject=fsync,fdatasync:delay_enter=30000000:when=30+";
    let watched = Watched::of(Service::with(|command| {
        command.args(["--database-url", &database.url()]);
        faulty(command, fault, &folder.path().join("calls"));
    }));
    let mut answered = Vec::new();
    let code = loop {
        match watched.ask().await {
            Answer::Created(reference) => answered.push(reference),
            Answer::Refused(503, code) => break code,
            other => panic!("{other:?}: {}", watched.service.log()),
        }
    };
    assert_eq!(code, "outcome_unknown", "after {} that were stored", answered.len());
    watched.takes_nothing().await;
    watched.kill9().await;
    assert!(!answered.is_empty());
    all_is_well(&database, &answered).await;
});

on_both_databases!(reading_after_a_kill_copies_nothing_from_the_log_into_the_file, async |database| {
    let Database::Sqlite(_) = &database else { return };
    let watched = Watched::start(&database.url());
    let answered = [watched.stored().await, watched.stored().await];
    watched.kill9().await;
    let file = database.files().into_iter().find(|file| file.extension().is_some_and(|end| end == "db")).unwrap();
    let (before, log) = (fs::read(&file).unwrap(), fs::metadata(file.with_extension("db-wal")).unwrap().len());
    for args in [&["verify"][..], &["export", "--including-recent"], &["show", &answered[0]]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_support-requests"));
        let output = command.args(args).args(["--database-url", &database.url()]).env_clear().output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        // One that ended in the middle of it would leave a file that its log does not fit.
        assert!(fs::read(&file).unwrap() == before, "{args:?} wrote to the file");
        assert_eq!(fs::metadata(file.with_extension("db-wal")).unwrap().len(), log, "{args:?}");
    }
    all_is_well(&database, &answered).await;
});

/// What lets a program's clock be set, where Debian's `faketime` is installed.
fn libfaketime() -> Option<PathBuf> {
    let folders = fs::read_dir("/usr/lib").ok()?.flatten().map(|folder| folder.path());
    folders.map(|folder| folder.join("faketime/libfaketimeMT.so.1")).find(|library| library.exists())
}

on_both_databases!(a_clock_that_jumps_two_hours_judges_tokens_and_breaks_no_chain, async |database| {
    let Some(library) = libfaketime() else { return skipped("libfaketime is not there") };
    let folder = tempfile::tempdir().unwrap();
    let shift = folder.path().join("shift");
    fs::write(&shift, "+0h").unwrap();
    let watched = Watched::of(Service::with(|command| {
        command.args(["--database-url", &database.url()]).env("LD_PRELOAD", &library);
        command.env("FAKETIME_TIMESTAMP_FILE", &shift).env("FAKETIME_NO_CACHE", "1");
        command.env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    }));
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let token = |hours: i64| {
        Token::at(SystemClock.now() + time::Duration::hours(hours))
            .workspace("acme")
            .tenant("*", &["support_requests.create"])
            .sign()
    };
    let mut answered = Vec::new();
    for hours in [0, 2, -2, 0] {
        fs::write(&shift, format!("{hours:+}h")).unwrap();
        for other in [-2, 0, 2].into_iter().filter(|other| *other != hours) {
            let answer = ask(&client, &watched.service.url(), &token(other)).await;
            assert_eq!(answer, Answer::Refused(401, "invalid_token".to_owned()), "{hours}: a token of {other}");
        }
        match ask(&client, &watched.service.url(), &token(hours)).await {
            Answer::Created(reference) => answered.push(reference),
            other => panic!("{hours}: {other:?}: {}", watched.service.log()),
        }
        assert_eq!(watched.readyz().await, 200);
    }
    watched.stop().await;
    let [first, ahead, behind, last] = &answered[..] else { panic!("{answered:?}") };
    assert!(behind < first && first < last && last < ahead, "each has its own time: {answered:?}");
    all_is_well(&database, &answered).await;
    let exported = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_support-requests"));
        let output = command.arg("export").args(["--database-url", &database.url()]).args(args).env_clear().output();
        let output = output.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let lines = String::from_utf8(output.stdout).unwrap();
        lines
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["reference"].to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(exported(&[]), [format!("{behind:?}")], "what is newer than the window may still be overtaken");
    let cursor = folder.path().join("cursor");
    let mut all = exported(&["--cursor", cursor.to_str().unwrap()]);
    all.sort();
    assert_eq!(all, [behind, first, last, ahead].map(|reference| format!("{reference:?}")));
});
