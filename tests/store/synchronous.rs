//! A server that waits for a synchronous standby which is not there takes everything but a commit: looking at it, or a
//! write that is taken back, would call it ready.

use std::time::Duration;

use sqlx::AssertSqlSafe;

use crate::{
    harness::{Answer, Service, all_is_well},
    outages::Watched,
    support::{
        database::{Counts, Database},
        postgres::{PostgresDatabase, RUNTIME_ROLE, on_a_server_of_its_own},
    },
};

/// Sessions that the service may have on a server that it waits for: the one that wrote, and a few probes that the server
/// ends after five seconds.
const SESSIONS_MAX: i64 = 8;

/// How often a commit is broken off.
const ROUNDS: usize = 5;

async fn as_superuser(postgres: &PostgresDatabase, sql: &str) {
    let mut superuser = postgres.superuser().await;
    // The superuser waits for nobody.
    sqlx::raw_sql("SET synchronous_commit = local").execute(&mut superuser).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut superuser).await.unwrap();
}

/// From now on every commit waits for a standby of this name; `''`: for none.
async fn standbys(postgres: &PostgresDatabase, names: &str) {
    as_superuser(postgres, &format!("ALTER SYSTEM SET synchronous_standby_names = {names}")).await;
    as_superuser(postgres, "SELECT pg_reload_conf()").await;
}

/// How many sessions of the service are there, and how many of them wait for a standby.
async fn sessions(postgres: &PostgresDatabase) -> (i64, i64) {
    let sql =
        "SELECT count(*), count(*) FILTER (WHERE wait_event = 'SyncRep') FROM pg_stat_activity WHERE usename = $1";
    sqlx::query_as(sql).bind(RUNTIME_ROLE).fetch_one(&mut postgres.superuser().await).await.unwrap()
}

/// Ends the first session that waits, as a server that is shut down does: from then on its row is to be seen, on this server
/// alone.
async fn end_whoever_waits(postgres: &PostgresDatabase) {
    while sessions(postgres).await.1 == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    as_superuser(postgres, sql).await;
}

/// What waits no more for a standby is over, and to be seen.
async fn until_nobody_is_left(postgres: &PostgresDatabase) {
    while sessions(postgres).await.0 > 0 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_waits_for_a_standby_is_not_ready_stores_nothing_and_does_not_collect_sessions() {
    let Some((_, postgres)) = on_a_server_of_its_own().await else { return };
    let watched = Watched::start(&postgres.runtime_url());
    let mut answered = vec![watched.stored().await];
    standbys(&postgres, "nobody").await;
    // Nobody asks, and it is noticed.
    watched.until_readyz(503).await;
    watched.until_logged("the database takes no writes cause=\"unacknowledged\"").await;
    for _ in 0..10 {
        match watched.ask().await {
            Answer::Refused(503, code) => assert_eq!(code, "storage_unavailable", "nothing was sent"),
            other => panic!("{other:?}: {}", watched.service.log()),
        }
        assert_eq!(watched.readyz().await, 503, "{}", watched.service.log());
        let (sessions, _) = sessions(&postgres).await;
        assert!(sessions <= SESSIONS_MAX, "{sessions} sessions");
    }
    standbys(&postgres, "''").await;
    answered.push(watched.takes_requests_again().await);
    watched.stop().await;
    until_nobody_is_left(&postgres).await;
    let database = Database::Postgres(postgres);
    assert_eq!(database.counts().await, Counts::of(2), "nothing that was refused is there");
    all_is_well(&database, &answered).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_whose_commit_waits_for_a_standby_is_answered_as_unknown_and_may_be_there() {
    let Some((_, postgres)) = on_a_server_of_its_own().await else { return };
    let watched = Watched::start(&postgres.runtime_url());
    let mut answered = vec![watched.stored().await];
    // The first request after the change is the one that waits, unless the writer looks at the server just then.
    let mut unknown = 0;
    while unknown == 0 {
        standbys(&postgres, "nobody").await;
        match watched.ask().await {
            Answer::Refused(503, code) => unknown += u32::from(code == "outcome_unknown"),
            Answer::Created(reference) => answered.push(reference),
            Answer::Lost | Answer::Refused(..) => panic!("{}", watched.service.log()),
        }
        assert!(unknown == 0 || watched.readyz().await == 503);
        standbys(&postgres, "''").await;
        answered.push(watched.takes_requests_again().await);
    }
    watched.stop().await;
    until_nobody_is_left(&postgres).await;
    let database = Database::Postgres(postgres);
    let stored = i64::try_from(answered.len()).unwrap() + 1;
    assert_eq!(database.counts().await, Counts::of(stored), "it was committed once the standby was not waited for");
    all_is_well(&database, &answered).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_was_broken_off_while_it_waited_is_not_answered_as_stored() {
    let Some((_, postgres)) = on_a_server_of_its_own().await else { return };
    let watched = Watched::start(&postgres.runtime_url());
    let mut answered = vec![watched.stored().await];
    let mut refused = false;
    // Sessions hear of a new setting when they like: a request that was stored before that is stored.
    for _ in 0..ROUNDS {
        standbys(&postgres, "nobody").await;
        let (answer, ()) = tokio::join!(watched.ask(), end_whoever_waits(&postgres));
        standbys(&postgres, "''").await;
        watched.until_readyz(200).await;
        match answer {
            Answer::Created(reference) => answered.push(reference),
            Answer::Refused(503, _) => refused = true,
            other => panic!("{other:?}: {}", watched.service.log()),
        }
    }
    assert!(refused, "each of them was answered as stored");
    watched.stop().await;
    until_nobody_is_left(&postgres).await;
    all_is_well(&Database::Postgres(postgres), &answered).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_starts_on_no_server_that_waits_for_a_standby_and_says_so() {
    let Some((_, postgres)) = on_a_server_of_its_own().await else { return };
    standbys(&postgres, "nobody").await;
    let url = postgres.runtime_url();
    let said = tokio::task::spawn_blocking(move || Service::refused(&url)).await.unwrap();
    assert!(said.contains("it answers, but acknowledged no commit within"), "{said}");
    // With the value that waits for nobody else it starts: that is somebody's decision, of which it warns.
    as_superuser(&postgres, &format!("ALTER ROLE {RUNTIME_ROLE} SET synchronous_commit = local")).await;
    let watched = Watched::start(&postgres.runtime_url());
    watched.until_logged("commits do not wait for them (synchronous_commit = local)").await;
    let answered = vec![watched.stored().await];
    watched.stop().await;
    until_nobody_is_left(&postgres).await;
    all_is_well(&Database::Postgres(postgres), &answered).await;
}
