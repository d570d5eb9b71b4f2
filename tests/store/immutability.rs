//! Every statement that could change, replace or remove what is stored, on both tables, by everybody who could try.

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use support_requests::domain::record::Record;

use crate::{
    harness::{all_is_well, clock, sealed},
    looking::verified,
    support::database::{Database, Kind, on_both_databases},
};

/// A database with three requests in it.
async fn filled(database: &Database) -> Vec<String> {
    let store = database.open_store(clock()).await;
    let mut references = Vec::new();
    for number in 0..3 {
        let record = sealed(&format!("Number {number}"));
        store.append(record.clone()).await.unwrap();
        references.push(record.record().reference.clone());
    }
    store.close(std::time::Duration::from_secs(10)).await;
    references
}

const TABLES: [(&str, &str); 2] = [("support_requests", "severity = 'low'"), ("audit_events", "severity = 'low'")];

/// Attacks that both databases understand.
fn attacks() -> Vec<String> {
    let mut attacks = Vec::new();
    for (table, change) in TABLES {
        attacks.push(format!("UPDATE {table} SET {change}"));
        attacks.push(format!("UPDATE {table} SET {change} WHERE reference = (SELECT min(reference) FROM {table})"));
        attacks.push(format!("DELETE FROM {table}"));
        attacks.push(format!("DELETE FROM {table} WHERE reference = (SELECT max(reference) FROM {table})"));
        attacks.push(format!("INSERT INTO {table} SELECT * FROM {table}"));
    }
    attacks
}

/// Attacks in `SQLite`'s own words. Its triggers against UPDATE and DELETE do not stop REPLACE by themselves.
fn sqlite_attacks() -> Vec<String> {
    let mut attacks = Vec::new();
    for (table, _) in TABLES {
        for verb in ["INSERT OR REPLACE", "REPLACE", "INSERT OR FAIL", "INSERT OR ABORT", "INSERT OR ROLLBACK"] {
            attacks.push(format!("{verb} INTO {table} SELECT * FROM {table}"));
        }
        for verb in ["REPLACE", "IGNORE", "FAIL", "ABORT", "ROLLBACK"] {
            attacks.push(format!("UPDATE OR {verb} {table} SET reference = (SELECT max(reference) FROM {table})"));
        }
        attacks.push(format!("PRAGMA recursive_triggers = OFF; REPLACE INTO {table} SELECT * FROM {table}"));
        attacks.push(format!("PRAGMA recursive_triggers = OFF; UPDATE {table} SET severity = 'low'"));
    }
    attacks.push(
        "INSERT INTO support_requests SELECT * FROM support_requests WHERE true
         ON CONFLICT (reference) DO UPDATE SET summary = 'changed'"
            .to_owned(),
    );
    attacks.push(
        "INSERT INTO audit_events SELECT * FROM audit_events WHERE true
         ON CONFLICT (chain, sequence) DO UPDATE SET severity = 'low'"
            .to_owned(),
    );
    attacks
}

fn postgres_attacks() -> Vec<String> {
    vec![
        "TRUNCATE support_requests".to_owned(),
        "TRUNCATE audit_events, support_requests CASCADE".to_owned(),
        "INSERT INTO support_requests SELECT * FROM support_requests
         ON CONFLICT (reference, workspace_id) DO UPDATE SET summary = 'changed'"
            .to_owned(),
        "MERGE INTO audit_events a USING support_requests r ON a.reference = r.reference
         WHEN MATCHED THEN UPDATE SET severity = 'low'"
            .to_owned(),
        "MERGE INTO audit_events a USING support_requests r ON a.reference = r.reference WHEN MATCHED THEN DELETE"
            .to_owned(),
        "WITH gone AS (DELETE FROM support_requests RETURNING *) SELECT count(*) FROM gone".to_owned(),
    ]
}

on_both_databases!(nobody_who_connects_as_the_owner_changes_a_row, async |database| {
    let references = filled(&database).await;
    let before = (database.rows("support_requests").await, database.rows("audit_events").await);
    let own = if database.kind() == Kind::Sqlite { sqlite_attacks() } else { postgres_attacks() };
    for attack in attacks().into_iter().chain(own) {
        let mut owner = database.owner().await;
        let outcome = owner.execute(&attack).await;
        owner.close().await;
        assert!(outcome.is_err(), "not refused: {attack}");
        let after = (database.rows("support_requests").await, database.rows("audit_events").await);
        assert_eq!(before, after, "changed by: {attack}");
    }
    // Positive control: the tables do take what is new, so refusals above are not a broken database.
    database.open_store(clock()).await.append(sealed("New")).await.unwrap();
    all_is_well(&database, &references).await;
});

on_both_databases!(an_insert_that_ignores_conflicts_leaves_what_is_there, async |database| {
    let references = filled(&database).await;
    let before = database.rows("support_requests").await;
    let mut owner = database.owner().await;
    let ignore = if database.kind() == Kind::Sqlite {
        "INSERT OR IGNORE INTO support_requests SELECT * FROM support_requests"
    } else {
        "INSERT INTO support_requests SELECT * FROM support_requests ON CONFLICT DO NOTHING"
    };
    // Refused or ignored: either is good.
    let _ = owner.execute(ignore).await;
    owner.close().await;
    assert_eq!(database.rows("support_requests").await, before);
    all_is_well(&database, &references).await;
});

on_both_databases!(a_reference_of_any_other_form_is_refused, async |database| {
    filled(&database).await;
    let others: Vec<_> = Record::COLUMNS.iter().map(|column| column.name).filter(|name| *name != "reference").collect();
    let others = others.join(", ");
    let put = |reference: &str| {
        format!(
            "INSERT INTO support_requests (reference, {others}) SELECT '{reference}', {others} FROM support_requests LIMIT 1"
        )
    };
    let zeros = |count| "0".repeat(count);
    let mut owner = database.owner().await;
    for tail in [
        format!("8{}", zeros(25)),
        zeros(25),
        zeros(27),
        format!("-{}", zeros(25)),
        format!("SR-{}", zeros(23)),
        format!("{}i", zeros(25)),
        format!("{}\n", zeros(26)),
        format!("{} ", zeros(25)),
        format!("{}é", zeros(24)),
        format!("{}é", zeros(25)),
        String::new(),
    ] {
        assert!(owner.execute(&put(&format!("SR-{tail}"))).await.is_err(), "taken: {tail:?}");
    }
    for letter in ["I", "L", "O", "U", "a", "Ａ", ":", "@", "["] {
        assert!(owner.execute(&put(&format!("SR-{}{letter}", zeros(25)))).await.is_err(), "taken: {letter}");
    }
    for start in ["sr-", "RS-", "SR0", "SR_", "S--", " SR"] {
        assert!(owner.execute(&put(&format!("{start}{}", zeros(26)))).await.is_err(), "taken: {start}");
    }
    // Positive control: every letter and figure that a ULID is written with.
    for tail in [
        zeros(26),
        format!("7{}", "Z".repeat(25)),
        "0123456789ABCDEFGHJKMNPQRS".into(),
        "7TVWXYZ0000000000000000000".into(),
    ] {
        owner.execute(&put(&format!("SR-{tail}"))).await.unwrap();
    }
    owner.close().await;
});

on_both_databases!(the_runtime_role_can_only_read_and_add, async |database| {
    let references = filled(&database).await;
    let Database::Postgres(postgres) = &database else { return };
    let before = (database.rows("support_requests").await, database.rows("audit_events").await);
    let mut role = PgConnection::connect(&postgres.runtime_url()).await.unwrap();
    let mut all: Vec<String> = attacks().into_iter().chain(postgres_attacks()).collect();
    all.extend(
        [
            "SET session_replication_role = replica",
            "ALTER TABLE support_requests DISABLE TRIGGER ALL",
            "DROP TRIGGER support_requests_no_update ON support_requests",
            "DROP TABLE audit_events",
            "ALTER TABLE support_requests OWNER TO support_requests_app",
            "CREATE TRIGGER mine BEFORE INSERT ON support_requests FOR EACH ROW EXECUTE FUNCTION support_requests_refuse_change()",
            "CREATE RULE mine AS ON INSERT TO audit_events DO INSTEAD NOTHING",
            "CREATE OR REPLACE FUNCTION support_requests_refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
            "GRANT UPDATE ON support_requests TO support_requests_app",
            "ALTER DOMAIN support_reference DROP CONSTRAINT support_reference_check",
            "SET ROLE support_requests_owner",
            "INSERT INTO _sqlx_migrations SELECT * FROM _sqlx_migrations",
        ]
        .map(str::to_owned),
    );
    for attack in all {
        let outcome = sqlx::raw_sql(AssertSqlSafe(attack.clone())).execute(&mut role).await;
        // A grant that one may not give is only a warning on PostgreSQL; what counts is that it gave nothing.
        assert!(outcome.is_err() || attack.starts_with("GRANT"), "not refused: {attack}");
        let after = (database.rows("support_requests").await, database.rows("audit_events").await);
        assert_eq!(before, after, "changed by: {attack}");
    }
    let update = sqlx::query("UPDATE support_requests SET severity = 'low'").execute(&mut role).await;
    assert!(update.is_err(), "the GRANT gave something");
    all_is_well(&database, &references).await;
});

on_both_databases!(a_superuser_who_plays_replica_is_stopped_too, async |database| {
    let references = filled(&database).await;
    let Database::Postgres(postgres) = &database else { return };
    for attack in attacks().into_iter().chain(postgres_attacks()) {
        let mut superuser = postgres.superuser().await;
        let sql = format!("SET session_replication_role = replica; {attack}");
        let outcome = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut superuser).await;
        assert!(outcome.is_err(), "not refused: {attack}");
    }
    assert_eq!(verified(&database, None).await.unwrap().links, 3);
    all_is_well(&database, &references).await;
});
