//! A weakened database is noticed at the start, and named.

use sqlx::AssertSqlSafe;
use support_requests::store::{DatabaseUrl, Store};

use crate::{
    harness::clock,
    support::database::{Database, on_both_databases},
};

pub async fn weaknesses(url: &str) -> Vec<String> {
    Store::open(&DatabaseUrl::parse(url).unwrap(), clock()).await.unwrap().weaknesses().await.unwrap()
}

/// What a test server without `fsync` says in any case.
fn but_for_fsync(weaknesses: Vec<String>) -> Vec<String> {
    weaknesses.into_iter().filter(|weakness| !weakness.contains("fsync")).collect()
}

on_both_databases!(a_database_as_migrated_has_no_weakness, async |database| {
    assert_eq!(but_for_fsync(weaknesses(&database.url()).await), Vec::<String>::new());
});

/// Whatever its owner can do to it, with what must be named.
const WEAKENED: [(&str, &str); 9] = [
    ("DROP TRIGGER support_requests_no_update ON support_requests", "support_requests_no_update is missing"),
    ("DROP TRIGGER audit_events_no_truncate ON audit_events", "audit_events_no_truncate is missing"),
    ("ALTER TABLE audit_events DISABLE TRIGGER audit_events_no_update", "audit_events_no_update is switched off"),
    (
        "ALTER TABLE support_requests ENABLE TRIGGER support_requests_no_update",
        "support_requests_no_update is switched off",
    ),
    ("GRANT UPDATE ON support_requests TO support_requests_app", "UPDATE on support_requests"),
    ("GRANT UPDATE (severity) ON audit_events TO support_requests_app", "UPDATE on audit_events"),
    ("GRANT TRUNCATE, DELETE ON audit_events TO support_requests_app", "DELETE on audit_events"),
    (
        "CREATE OR REPLACE FUNCTION support_requests_refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "support_requests_refuse_change was changed",
    ),
    ("CREATE RULE r AS ON UPDATE TO support_requests DO INSTEAD NOTHING", "support_requests has rules"),
];

on_both_databases!(every_weakness_that_an_owner_can_make_is_named, async |database| {
    if matches!(database, Database::Sqlite(_)) {
        return;
    }
    drop(database);
    for (weaken, named) in WEAKENED {
        let database = Database::fresh(crate::support::database::Kind::Postgres).await.unwrap();
        let mut owner = database.owner().await;
        owner.execute(weaken).await.unwrap();
        owner.close().await;
        let found = but_for_fsync(weaknesses(&database.url()).await);
        assert!(found.iter().any(|weakness| weakness.contains(named)), "{weaken}: {found:?}");
    }
});

on_both_databases!(running_as_the_owner_or_a_superuser_is_a_weakness, async |database| {
    let Database::Postgres(postgres) = &database else { return };
    let found = weaknesses(&postgres.owner_url()).await;
    assert!(found.iter().any(|weakness| weakness.contains("owns support_requests")), "{found:?}");
    let mut superuser = postgres.superuser().await;
    let role = "DO $$ BEGIN CREATE ROLE weak_super LOGIN SUPERUSER; EXCEPTION WHEN duplicate_object THEN NULL; END $$";
    sqlx::raw_sql(AssertSqlSafe(role)).execute(&mut superuser).await.unwrap();
    let url = postgres.owner_url().replace("support_requests_owner@", "weak_super@");
    let found = weaknesses(&url).await;
    assert!(found.iter().any(|weakness| weakness.contains("superuser")), "{found:?}");
});

on_both_databases!(a_trigger_that_is_gone_or_new_on_a_file_is_named, async |database| {
    if !matches!(database, Database::Sqlite(_)) {
        return;
    }
    let mut owner = database.owner().await;
    owner.execute("DROP TRIGGER audit_events_no_update").await.unwrap();
    owner.execute("CREATE TRIGGER mine AFTER INSERT ON support_requests BEGIN SELECT 1; END").await.unwrap();
    owner.close().await;
    let found = weaknesses(&database.url()).await;
    assert!(found.iter().any(|weakness| weakness.contains("audit_events_no_update is missing")), "{found:?}");
    assert!(found.iter().any(|weakness| weakness.contains("mine is not one of ours")), "{found:?}");
});
