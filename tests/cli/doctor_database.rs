//! `doctor` and the database: each fault alone makes its own line wrong, several are all told.

use std::{
    net::TcpListener,
    os::unix::fs::PermissionsExt as _,
    time::{Duration, Instant},
};

use sqlx::AssertSqlSafe;

use crate::{
    doctor::{Report, command, healthy},
    hangup::PRODUCTION,
    home::Home,
    support::{
        cluster::{StopMode, write_for_the_server},
        database::{Database, on_both_databases},
        postgres::{OWNER_ROLE, PostgresDatabase, RUNTIME_ROLE, on_a_server_of_its_own},
    },
};

/// What somebody may do to a PostgreSQL database, how it is undone, which check names it, and what that one says.
const FAULTS: [(&str, &str, &str, &str); 9] = [
    (
        "REVOKE INSERT ON audit_events FROM support_requests_app",
        "GRANT INSERT ON audit_events TO support_requests_app",
        "rights",
        "support_requests_app lacks rights: audit_events (INSERT)",
    ),
    (
        "GRANT UPDATE ON support_requests TO support_requests_app",
        "REVOKE UPDATE ON support_requests FROM support_requests_app",
        "role",
        "the role support_requests_app has UPDATE on support_requests",
    ),
    (
        "CREATE ROLE doctor_other LOGIN; GRANT DELETE ON audit_events TO doctor_other",
        "REVOKE DELETE ON audit_events FROM doctor_other; DROP ROLE doctor_other",
        "other_roles",
        "the role doctor_other has DELETE on audit_events",
    ),
    (
        "ALTER TABLE audit_events DISABLE TRIGGER audit_events_no_update",
        "ALTER TABLE audit_events ENABLE ALWAYS TRIGGER audit_events_no_update",
        "defences",
        "the trigger audit_events_no_update is switched off",
    ),
    (
        "ALTER ROLE support_requests_app SET synchronous_commit = off",
        "ALTER ROLE support_requests_app RESET synchronous_commit",
        "durability",
        "synchronous_commit = off",
    ),
    (
        "ALTER ROLE support_requests_app SET default_transaction_read_only = on",
        "ALTER ROLE support_requests_app RESET default_transaction_read_only",
        "writable",
        "default_transaction_read_only",
    ),
    (
        "UPDATE _sqlx_migrations SET success = false WHERE version = (SELECT max(version) FROM _sqlx_migrations)",
        "UPDATE _sqlx_migrations SET success = true",
        "schema",
        "not up to date",
    ),
    // A server whose clock is elsewhere cannot be had here: a function that is found first says another time.
    (
        "CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql
             AS 'SELECT pg_catalog.clock_timestamp() + interval ''1 hour''';
         ALTER ROLE support_requests_app SET search_path = public, pg_catalog",
        "DROP FUNCTION public.clock_timestamp(); ALTER ROLE support_requests_app RESET search_path",
        "clock",
        "s ahead",
    ),
    (
        "ALTER TABLE support_requests ALTER COLUMN severity DROP NOT NULL",
        "ALTER TABLE support_requests ALTER COLUMN severity SET NOT NULL",
        "defences",
        "severity of support_requests may be NULL",
    ),
];

async fn as_superuser(postgres: &PostgresDatabase, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut postgres.superuser().await).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_a_postgres_database_makes_its_own_line_wrong_and_several_are_all_told() {
    let Some((cluster, postgres)) = on_a_server_of_its_own().await else { return };
    let (home, url) = (healthy(), postgres.runtime_url());
    let look = || Report::of(command(&home, &url, &[]));
    for (fault, undo, check, words) in FAULTS {
        as_superuser(&postgres, fault).await;
        look().only_wrong(check, words);
        as_superuser(&postgres, undo).await;
    }
    assert_eq!(look().with("wrong"), Vec::<&str>::new(), "the control: all was undone");
    for (fault, ..) in &FAULTS[..6] {
        as_superuser(&postgres, fault).await;
    }
    let all = ["writable", "rights", "role", "defences", "other_roles", "durability"];
    assert_eq!(look().with("wrong"), all, "several at once");
    for (_, undo, ..) in &FAULTS[..6] {
        as_superuser(&postgres, undo).await;
    }
    as_the_wrong_role(&postgres, &home);
    the_standby_that_is_not_waited_for(&postgres, &look).await;
    nothing_was_written(&postgres).await;
    // Last, because nothing leads back.
    cluster.stop(StopMode::Fast);
    write_for_the_server(&cluster.folder.join("data/standby.signal"), "");
    cluster.begin().unwrap();
    let report = look();
    assert_eq!(report.with("wrong"), ["writable"], "{report:#?}");
    assert!(report.details("writable")[0].contains("the server is a standby"), "{report:#?}");
    let picky = format!("{url}?target_session_attrs=read-write");
    Report::of(command(&home, &picky, &[])).only_wrong("database", "it answers, but is a standby");
}

async fn nothing_was_written(postgres: &PostgresDatabase) {
    for table in ["support_requests", "audit_events"] {
        let sql = AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
        let count: i64 = sqlx::query_scalar(sql).fetch_one(&mut postgres.superuser().await).await.unwrap();
        assert_eq!(count, 0, "{table}");
    }
}

fn as_the_wrong_role(postgres: &PostgresDatabase, home: &Home) {
    let (runtime, owner) = (postgres.runtime_url(), postgres.owner_url());
    Report::of(command(home, &owner, &[])).only_wrong("role", &format!("{OWNER_ROLE} owns support_requests"));
    let superuser = owner.replace(OWNER_ROLE, "postgres");
    Report::of(command(home, &superuser, &[])).only_wrong("role", "postgres is a superuser");
    let named = |url: &str| Report::of(command(home, &runtime, &["--owner-database-url", url]));
    named(&runtime).only_wrong("owner", &format!("the role {RUNTIME_ROLE} does not own the tables"));
    named("postgres://owner:canary-hunter2@127.0.0.1:1/db").only_wrong("owner", "connection refused");
    let (server, _) = owner.rsplit_once('/').unwrap();
    named(&format!("{server}/postgres")).only_wrong("owner", "the tables are not there");
    named(&format!("{server}/support_requests_template")).only_wrong("owner", "another database than the service's");
    assert_eq!(named(&owner).status("owner"), "ok");
}

/// Standbys that are named and not waited for. None is there: any other commit would wait for ever.
async fn the_standby_that_is_not_waited_for(postgres: &PostgresDatabase, look: &impl Fn() -> Report) {
    assert_eq!(look().status("replication"), "note");
    as_superuser(postgres, "ALTER ROLE support_requests_app SET synchronous_commit = local").await;
    as_superuser(postgres, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'").await;
    as_superuser(postgres, "SELECT pg_reload_conf()").await;
    let give_up = Instant::now() + Duration::from_mins(1);
    while look().status("replication") == "note" && Instant::now() < give_up {}
    look().only_warned_of("replication", "synchronous_commit = local");
}

#[tokio::test(flavor = "multi_thread")]
async fn production_starts_and_warns_where_standbys_are_named_and_a_commit_does_not_wait_for_them() {
    let Some((_, postgres)) = on_a_server_of_its_own().await else { return };
    let home = healthy();
    let url = postgres.runtime_url();
    let args: Vec<&str> = PRODUCTION.into_iter().chain(["--database-url", &url]).collect();
    let warned = "the database keeps less than its standbys promise";
    let log = |args: &[&str]| {
        let (status, log) = home.serve(args).terminate();
        assert!(status.success(), "{log}");
        log
    };
    as_superuser(&postgres, "ALTER ROLE support_requests_app SET synchronous_commit = local").await;
    let without_standbys = log(&args);
    assert!(!without_standbys.contains(warned), "{without_standbys}");
    as_superuser(&postgres, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'").await;
    as_superuser(&postgres, "SELECT pg_reload_conf()").await;
    let said = log(&args);
    let line = said.lines().find(|line| line.contains(warned)).unwrap_or_else(|| panic!("{said}"));
    assert!(line.contains("WARN") && line.contains("synchronous_commit = local"), "{line}");
}

#[tokio::test(flavor = "multi_thread")]
async fn start_refuses_in_production_what_doctor_calls_wrong_about_durability_and_warns_in_development() {
    let Some((_, postgres)) = on_a_server_of_its_own().await else { return };
    let home = healthy();
    as_superuser(&postgres, "ALTER ROLE support_requests_app SET synchronous_commit = off").await;
    let url = postgres.runtime_url();
    let args: Vec<&str> = PRODUCTION.into_iter().chain(["--database-url", &url]).collect();
    let said = home.refused(&[&args[..], &["--listen", "127.0.0.1:0"]].concat());
    assert!(
        said.contains("the database does not defend what is stored") && said.contains("synchronous_commit = off"),
        "{said}"
    );
    let service = home.serve(&["--database-url", &url]);
    let (_, log) = service.terminate();
    assert!(log.contains("production would not start") && log.contains("synchronous_commit = off"), "{log}");
    as_superuser(&postgres, "ALTER ROLE support_requests_app RESET synchronous_commit").await;
    let service = home.serve(&args);
    assert!(service.terminate().0.success(), "the control: with it on, it starts");
}

on_both_databases!(weak_defences_are_wrong_in_production_and_warned_of_in_development, async |database| {
    let mut owner = database.owner().await;
    let trigger = "audit_events_no_update";
    let on = if matches!(database, Database::Postgres(_)) { " ON audit_events" } else { "" };
    owner.execute(&format!("DROP TRIGGER {trigger}{on}")).await.unwrap();
    owner.close().await;
    let home = healthy();
    let report = Report::of(command(&home, &database.url(), &[]));
    // The server that the tests share runs without fsync.
    let wrong: &[&str] = if on.is_empty() { &["defences"] } else { &["defences", "durability"] };
    assert_eq!(report.with("wrong"), wrong, "{report:#?}");
    assert!(report.details("defences")[0].contains(trigger), "{report:#?}");
    let mut development = home.command(&["doctor", "--json", "--listen", "127.0.0.1:0"]);
    development.env("SUPPORT_REQUESTS_DATABASE_URL", database.url());
    let report = Report::of(development);
    assert_eq!((report.with("wrong").len(), report.status("defences")), (0, "warning"), "{report:#?}");
    assert!(report.details("defences")[0].ends_with("production would not start"), "{report:#?}");
});

on_both_databases!(an_encoding_in_which_not_every_text_can_be_stored_is_wrong, async |database| {
    let Database::Postgres(postgres) = &database else { return };
    let name = format!("{}_latin1", database.url().rsplit('/').next().unwrap());
    let create = format!("CREATE DATABASE {name} ENCODING LATIN1 TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
    as_superuser(postgres, &create).await;
    let url = format!("{}/{name}", database.url().rsplit_once('/').unwrap().0);
    let report = Report::of(command(&healthy(), &url, &[]));
    assert_eq!(report.with("wrong"), ["encoding", "schema", "durability"], "{report:#?}");
    assert!(report.details("encoding")[0].contains("LATIN1"), "{report:#?}");
    assert_eq!(report.details("rights"), ["not looked at: the schema is not there"]);
    as_superuser(postgres, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
});

#[test]
fn a_server_that_cannot_be_reached_is_one_wrong_line_and_the_rest_is_not_looked_at() {
    let home = healthy();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    for (port, words) in [(1, "connection refused"), (port, "no answer within")] {
        let report = Report::of(command(&home, &format!("postgres://app:canary-hunter2@127.0.0.1:{port}/db"), &[]));
        report.only_wrong("database", words);
        assert_eq!(report.with("not_looked_at").len(), 12, "{report:#?}");
        assert!(!report.0.to_string().contains("canary"), "{report:#?}");
    }
}

#[test]
fn a_file_that_cannot_be_used_or_is_none_of_sqlites_is_wrong() {
    let home = healthy();
    let at = |file: &str| Report::of(command(&home, &format!("sqlite://{}/{file}", home.path().display()), &[]));
    at("nowhere/support.db").only_wrong("database_file", "does not exist: make it");
    std::fs::write(home.path().join("text.db"), "a text that is long enough to be looked at ".repeat(40)).unwrap();
    let report = at("text.db");
    assert_eq!(report.with("wrong"), ["database"], "{report:#?}");
    assert!(report.details("database")[0].contains("is not an SQLite database"), "{report:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_open_to_everybody_is_warned_of_and_a_running_service_is_not_disturbed() {
    let home = healthy();
    let service = home.serve(&["--database-url", "sqlite://support.db"]);
    let look = || Report::of(command(&home, "sqlite://support.db", &[]));
    assert_eq!(look().with("wrong"), Vec::<&str>::new());
    let file = home.path().join("support.db");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let report = look();
    assert_eq!((report.status("database_file"), report.with("wrong").len()), ("warning", 0), "{report:#?}");
    assert!(report.details("database_file")[0].contains("mode 0644"), "{report:#?}");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o777)).unwrap();
    assert!(look().details("database_file")[0].contains("mode 0777"), "{:#?}", look());
    home.ok(&["healthcheck", "--listen", &service.address]);
    assert!(service.terminate().0.success());
    assert_eq!(look().status("schema"), "ok");
}

#[test]
fn the_log_that_a_killed_service_left_stays_as_it_is() {
    let home = healthy();
    let mut service = home.serve(&["--database-url", "sqlite://support.db"]);
    let token = home.ok(&["token", "--database-url", "sqlite://support.db"]);
    let body = serde_json::json!({"summary": "Before the crash"});
    assert_eq!(service.post(crate::TENANT, token.trim(), &body).0, 201);
    service.child.kill().unwrap();
    service.child.wait().unwrap();
    let files = || ["support.db", "support.db-wal"].map(|name| std::fs::read(home.path().join(name)).unwrap());
    let before = files();
    assert!(before[1].len() > 1000, "the log holds the request");
    assert_eq!(Report::of(command(&home, "sqlite://support.db", &[])).with("wrong"), Vec::<&str>::new());
    assert!(before == files(), "the log was copied into the file, or written");
    assert_eq!(home.ok(&["export", "--including-recent", "--database-url", "sqlite://support.db"]).lines().count(), 1);
}
