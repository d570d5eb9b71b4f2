//! A weakened database is noticed at the start, and named.

use sqlx::AssertSqlSafe;
use support_requests::store::{Archive, DatabaseUrl, Store};

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

/// What `verify` says of the defences, as whoever that address is.
async fn seen_by(url: &str) -> Vec<String> {
    Archive::open(&DatabaseUrl::parse(url).unwrap()).await.unwrap().weaknesses().await.unwrap()
}

/// Whatever an owner can do besides, with what must be named, whoever looks.
const WEAKENED_FOR_OTHERS: [(&str, &str); 15] = [
    ("ALTER TABLE support_requests ALTER COLUMN severity DROP NOT NULL", "severity of support_requests may be NULL"),
    (
        "ALTER TABLE audit_events DROP CONSTRAINT audit_events_sequence_check, ADD CHECK (true)",
        "a check of audit_events is gone",
    ),
    (
        "ALTER DOMAIN filled_text DROP CONSTRAINT filled_text_check; ALTER DOMAIN filled_text ADD CHECK (true)",
        "a check of filled_text is gone",
    ),
    ("GRANT UPDATE ON support_requests TO weak_other", "the role weak_other has UPDATE on support_requests"),
    ("GRANT UPDATE (summary) ON support_requests TO weak_other", "the role weak_other has UPDATE on support_requests"),
    ("GRANT TRIGGER ON audit_events TO weak_other", "the role weak_other has TRIGGER on audit_events"),
    ("GRANT SELECT ON audit_events TO PUBLIC", "everybody (PUBLIC) has SELECT on audit_events"),
    ("GRANT INSERT (event) ON audit_events TO PUBLIC", "everybody (PUBLIC) has INSERT on audit_events"),
    // An owner of this database only: who is a member of the usual one is so in every other test, too.
    (
        "ALTER TABLE audit_events OWNER TO weak_owner; GRANT weak_owner TO weak_other;
         GRANT SELECT ON audit_events TO support_requests_owner",
        "the role weak_other is a member of weak_owner",
    ),
    ("ALTER TABLE audit_events ENABLE ROW LEVEL SECURITY", "audit_events has row security"),
    (
        "ALTER TABLE support_requests ALTER COLUMN request_id TYPE text",
        "request_id of support_requests is no filled_text",
    ),
    ("ALTER DOMAIN filled_text DROP CONSTRAINT filled_text_check", "a check of filled_text is gone"),
    ("ALTER TYPE severity ADD VALUE 'none'", "the enumeration severity was changed"),
    (
        "DROP TRIGGER audit_events_no_erased ON audit_events;
         CREATE TRIGGER audit_events_no_erased BEFORE INSERT ON audit_events
             FOR EACH ROW WHEN (false) EXECUTE FUNCTION support_requests_refuse_change();
         ALTER TABLE audit_events ENABLE ALWAYS TRIGGER audit_events_no_erased",
        "audit_events_no_erased is switched off on audit_events",
    ),
    (
        "CREATE OR REPLACE FUNCTION audit_events_only_erase() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "audit_events_only_erase was changed",
    ),
];

on_both_databases!(whoever_verifies_sees_what_the_owner_weakened_and_what_every_role_may_do, async |database| {
    if matches!(database, Database::Sqlite(_)) {
        assert_eq!(seen_by(&database.url()).await, Vec::<String>::new());
        return;
    }
    drop(database);
    for (weaken, named) in WEAKENED_FOR_OTHERS {
        let database = Database::fresh(crate::support::database::Kind::Postgres).await.unwrap();
        let Database::Postgres(postgres) = &database else { unreachable!() };
        let mut superuser = postgres.superuser().await;
        for role in ["weak_other LOGIN", "weak_reader LOGIN", "weak_owner"] {
            let sql = format!("DO $$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut superuser).await.unwrap();
        }
        let read = "GRANT SELECT ON support_requests, audit_events, _sqlx_migrations TO weak_reader";
        sqlx::raw_sql(AssertSqlSafe(read)).execute(&mut superuser).await.unwrap();
        let urls = ["support_requests_owner@", "support_requests_app@", "weak_reader@"]
            .map(|role| postgres.owner_url().replace("support_requests_owner@", role));
        for url in &urls {
            assert_eq!(seen_by(url).await, Vec::<String>::new(), "as it was migrated, for {url}");
        }
        sqlx::raw_sql(AssertSqlSafe(weaken)).execute(&mut superuser).await.unwrap();
        for url in &urls {
            let found = seen_by(url).await;
            assert!(found.iter().any(|weakness| weakness.contains(named)), "{weaken}: {found:?}");
        }
    }
});
