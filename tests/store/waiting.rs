//! Waiting at start for a database that does not answer yet, and for nothing else.

use std::time::Duration;

use crate::{
    binary::{Followed, command, run, succeeds},
    support::{
        cluster::StopMode,
        postgres::{fresh_database, on_a_server_of_its_own},
    },
};

const WAITING: &str = "waiting for the database";

#[tokio::test(flavor = "multi_thread")]
async fn serve_and_migrate_wait_for_a_database_that_is_still_to_start_and_say_so_once() {
    let Some((cluster, postgres)) = on_a_server_of_its_own().await else { return };
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    cluster.stop(StopMode::Fast);
    let wait = ["--wait-for-database", "80s", "--database-url"];
    let mut serve = Followed::start(command(&folder, &["serve"]).args(wait).arg(postgres.runtime_url()));
    let mut migrate = Followed::start(command(&other, &["migrate"]).args(wait).arg(postgres.owner_url()));
    let line = serve.until(WAITING);
    assert!(line.contains("connection refused") && line.contains("cause=\"refused\""), "{line}");
    assert!(migrate.until(WAITING).contains("connection refused"), "{}", migrate.seen);
    // Two or three attempts more: each is silent.
    tokio::time::sleep(Duration::from_millis(1500)).await;
    cluster.begin().unwrap();
    serve.until("ready");
    assert_eq!(serve.seen.matches(WAITING).count(), 1, "{}", serve.seen);
    assert_eq!(migrate.child.wait().unwrap().code(), Some(0));
    assert_eq!(serve.terminate(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn serve_waits_for_migrate_which_may_run_beside_it() {
    let Some(postgres) = fresh_database().await else { return };
    postgres.make_empty().await;
    let folder = tempfile::tempdir().unwrap();
    let (url, wait) = (postgres.runtime_url(), ["--wait-for-database", "80s", "--database-url"]);
    let mut serve = Followed::start(command(&folder, &["serve"]).args(wait).arg(&url));
    assert!(serve.until(WAITING).contains("not up to date"), "{}", serve.seen);
    succeeds(&["migrate"], &postgres.owner_url());
    serve.until("ready");
    assert_eq!(serve.terminate(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn serve_waits_for_a_migrate_that_has_made_what_it_has_not_granted_yet() {
    let Some(postgres) = fresh_database().await else { return };
    let mut owner = postgres.owner().await;
    let folder = tempfile::tempdir().unwrap();
    let (url, wait) = (postgres.runtime_url(), ["--wait-for-database", "80s", "--database-url"]);
    // After its tables; and with its list of migrations alone, which it makes first.
    for empty in [false, true] {
        if empty {
            postgres.make_empty().await;
            succeeds(&["migrate"], &postgres.owner_url());
            sqlx::raw_sql("DROP TABLE support_requests, audit_events CASCADE").execute(&mut owner).await.unwrap();
        }
        sqlx::raw_sql("REVOKE SELECT ON _sqlx_migrations FROM PUBLIC, support_requests_app")
            .execute(&mut owner)
            .await
            .unwrap();
        let mut serve = Followed::start(command(&folder, &["serve"]).args(wait).arg(&url));
        let line = serve.until(WAITING);
        assert!(line.contains(if empty { "not up to date" } else { "may not read" }), "{line}");
        if empty {
            postgres.make_empty().await;
        }
        succeeds(&["migrate"], &postgres.owner_url());
        serve.until("ready");
        assert_eq!(serve.terminate(), Some(0));
    }
}

#[test]
fn a_signal_ends_the_wait_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let wait = ["--wait-for-database", "80s", "--database-url", "postgres://u@127.0.0.1:1/d"];
    for (args, code) in [(["serve"], 0), (["migrate"], 1)] {
        let mut waiting = Followed::start(command(&folder, &args).args(wait));
        waiting.until(WAITING);
        assert_eq!(waiting.terminate(), Some(code), "{args:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wait_has_an_end_and_what_waiting_does_not_mend_is_told_at_once() {
    let Some(postgres) = fresh_database().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let good = postgres.runtime_url();
    let nobody = good.replace("support_requests_app@", "nobody@");
    let nowhere = format!("{good}-nowhere");
    for (url, limit, why, waits) in [
        ("postgres://u@127.0.0.1:1/d", "1s", "connection refused", true),
        ("postgres://u@127.0.0.1:1/d", "0s", "connection refused", false),
        (&nobody, "80s", "role \"nobody\" does not exist", false),
        (&nowhere, "80s", "does not exist", false),
        ("postgres://u@127.0.0.1:1/d?sslmode=verify-full&sslrootcert=/absent", "80s", "/absent", false),
    ] {
        let mut serve = command(&folder, &["serve", "--wait-for-database", limit, "--database-url", url]);
        let (code, said) = run(&mut serve);
        assert!(code == Some(1) && said.contains(why), "{url}: {said}");
        assert_eq!(said.contains(WAITING), waits, "{url}: {said}");
    }
}
