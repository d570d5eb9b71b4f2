//! The plug is pulled: on the service, on the server, on the connection. Nothing that was answered is missing.

use std::time::Duration;

use sqlx::AssertSqlSafe;

use crate::{
    harness::{Answer, Dice, Load, Service, all_is_well, ask, references, token},
    support::{
        cluster::StopMode,
        database::{Database, Kind, on_both_databases},
        postgres::on_a_server_of_its_own,
    },
};

/// How often the service is killed on each database.
const KILLS: usize = 20;

/// While a database is away, callers get 503 (or no answer where the service itself went) and nothing else.
fn only_503(answers: &[Answer]) {
    for answer in answers {
        if let Answer::Refused(status, code) = answer {
            assert_eq!(*status, 503, "{code}");
            assert!(["storage_unavailable", "outcome_unknown", "overloaded"].contains(&code.as_str()), "{code}");
        }
    }
}

on_both_databases!(killing_the_service_at_any_moment_loses_no_answered_request, async |database| {
    let mut dice = Dice::new(7);
    let mut answered = Vec::new();
    for _ in 0..KILLS {
        let mut service = Service::start(&database);
        answered.push(serves_again(&mut service).await);
        let load = Load::start(&service.url(), 12);
        tokio::time::sleep(Duration::from_millis(40 + dice.roll(160) as u64)).await;
        tokio::task::spawn_blocking(|| service.kill9()).await.unwrap();
        let answers = load.stop().await;
        only_503(&answers);
        answered.extend(references(&answers));
    }
    assert!(answered.len() > 5 * KILLS, "only {} requests were answered: nothing was tried", answered.len());
    all_is_well(&database, &answered).await;
});

/// The service takes requests again, by itself, within a bounded number of tries.
async fn serves_again(service: &mut Service) -> String {
    let (client, token) = (reqwest::Client::builder().no_proxy().build().unwrap(), token());
    for _ in 0..100 {
        assert!(service.is_running(), "the service went down with its database");
        if let Answer::Created(reference) = ask(&client, &service.url(), &token).await {
            return reference;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the service does not serve again: {}", service.log());
}

on_both_databases!(restarting_the_server_under_load_in_every_way_loses_nothing, async |database| {
    let Database::Postgres(_) = &database else { return };
    drop(database);
    let Some((cluster, postgres)) = on_a_server_of_its_own().await else { return };
    let database = Database::Postgres(postgres);
    let mut service = Service::start(&database);
    let mut answered = Vec::new();
    for way in [Some(StopMode::Fast), Some(StopMode::Immediate), None, Some(StopMode::Fast), None] {
        let load = Load::start(&service.url(), 12);
        tokio::time::sleep(Duration::from_millis(300)).await;
        if let Some(mode) = way {
            cluster.restart(mode).unwrap();
        } else {
            cluster.kill9();
            cluster.begin().unwrap();
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
        let answers = load.stop().await;
        only_503(&answers);
        answered.extend(references(&answers));
        answered.push(serves_again(&mut service).await);
    }
    assert!(answered.len() > 50, "{}", answered.len());
    all_is_well(&database, &answered).await;
    service.stop();
});

on_both_databases!(connections_that_the_server_terminates_in_the_middle_of_groups_lose_nothing, async |database| {
    let Database::Postgres(postgres) = &database else { return };
    let mut service = Service::start(&database);
    let load = Load::start(&service.url(), 16);
    let mut superuser = postgres.superuser().await;
    let name = postgres.runtime_url().rsplit('/').next().unwrap().to_owned();
    let mut terminated = 0_i64;
    for _ in 0..60 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        let sql = format!(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{name}' AND usename = 'support_requests_app'"
        );
        terminated += sqlx::query_scalar::<_, i64>(AssertSqlSafe(sql)).fetch_one(&mut superuser).await.unwrap();
    }
    let answers = load.stop().await;
    only_503(&answers);
    let mut answered = references(&answers);
    answered.push(serves_again(&mut service).await);
    assert!(terminated > 10 && answered.len() > 50, "{terminated} terminated, {} answered", answered.len());
    all_is_well(&database, &answered).await;
    service.stop();
});

on_both_databases!(a_server_that_is_away_gets_callers_a_503_and_the_service_recovers, async |database| {
    let Database::Postgres(_) = &database else { return };
    drop(database);
    let Some((cluster, postgres)) = on_a_server_of_its_own().await else { return };
    let database = Database::Postgres(postgres);
    let mut service = Service::start(&database);
    let first = serves_again(&mut service).await;
    cluster.stop(StopMode::Immediate);
    let (client, token) = (reqwest::Client::builder().no_proxy().build().unwrap(), token());
    for _ in 0..3 {
        let answer = ask(&client, &service.url(), &token).await;
        assert!(matches!(answer, Answer::Refused(503, _)), "{answer:?}");
    }
    cluster.begin().unwrap();
    let second = serves_again(&mut service).await;
    all_is_well(&database, &[first, second]).await;
    service.stop();
});

/// The stories about servers mean nothing without one.
#[test]
fn the_kinds_are_told_apart() {
    assert_ne!(Kind::Sqlite, Kind::Postgres);
}
