//! Both tables are cut at midnights while a service writes, and everything that held of them holds of every piece.

use std::time::Duration;

use sqlx::AssertSqlSafe;
use support_requests::clock::{Clock as _, Stamp, SystemClock};
use time::Date;

use crate::{
    audits,
    binary::{fails, succeeds},
    defences::weaknesses,
    harness::{Answer, Load, Service, all_is_well, clock, references, sealed, sealed_at},
    support::{
        database::{Counts, Database, RowTexts, on_both_databases},
        postgres::{PostgresDatabase, RUNTIME_ROLE, fresh_database},
    },
};

pub const TABLES: [&str; 2] = ["support_requests", "audit_events"];

/// A day that is still to come.
fn in_days(days: i64) -> Date {
    SystemClock.now().date() + time::Duration::days(days)
}

/// Stores some requests; their references.
pub async fn some(database: &Database, how_many: usize) -> Vec<String> {
    let store = database.open_store(clock()).await;
    let mut stored = Vec::new();
    for number in 0..how_many {
        let record = sealed(&format!("Number {number}"));
        store.append(record.clone()).await.unwrap();
        stored.push(record.record().reference.clone());
    }
    store.close(Duration::from_secs(5)).await;
    stored
}

/// What is weak, but for what a test server without `fsync` says in any case.
pub async fn weak(url: &str) -> Vec<String> {
    weaknesses(url).await.into_iter().filter(|weakness| !weakness.contains("fsync")).collect()
}

/// The names of both tables' partitions.
pub async fn pieces(postgres: &PostgresDatabase) -> Vec<String> {
    let sql = "SELECT inhrelid::regclass::text FROM pg_inherits
         WHERE inhparent IN ('support_requests'::regclass, 'audit_events'::regclass) ORDER BY 1";
    sqlx::query_scalar(sql).fetch_all(&mut postgres.owner().await).await.unwrap()
}

async fn both_tables(database: &Database) -> [Vec<RowTexts>; 2] {
    [database.rows(TABLES[0]).await, database.rows(TABLES[1]).await]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_service_goes_on_writing_while_its_tables_are_cut_and_cut_again() {
    let Some(postgres) = fresh_database().await else { return };
    let database = Database::Postgres(postgres);
    let mut answered = some(&database, 5).await;
    audits::erase(&database, &answered[4]).await;
    let before = both_tables(&database).await;
    let service = Service::start(&database);
    let load = Load::start(&service.url(), 4);
    for day in [in_days(1), in_days(40)] {
        let cut = tokio::task::spawn_blocking({
            let owner = database.owner_url();
            move || succeeds(&["partition", "--at", &day.to_string()], &owner)
        });
        assert_eq!(cut.await.unwrap(), format!("A partition begins on {day}.\n"));
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let answers = load.stop().await;
    service.stop();
    assert!(answers.iter().all(|answer| matches!(answer, Answer::Created(_))), "{answers:?}");
    answered.extend(references(&answers));
    let counts = database.counts().await;
    let stored = i64::try_from(answered.len()).unwrap();
    assert_eq!(counts, Counts { requests: stored, events: stored + 1 });
    let after = both_tables(&database).await;
    for (before, after) in before.iter().zip(&after) {
        assert!(before.iter().all(|row| after.contains(row)), "what was stored is untouched");
    }
    assert_eq!(weak(&database.url()).await, Vec::<String>::new());
    let listed = succeeds(&["partition", "--list"], &database.owner_url());
    assert_eq!(listed.lines().count(), 5, "a head, three partitions, a word on estimates: {listed}");
    audits::erase(&database, &answered[0]).await;
    let erased = database.request(&answered[0]).await;
    assert_eq!((&erased["summary"], &erased["salt"]), (&None, &None));
    // Requests of later days go into the later partitions, and are found like the others.
    let store = database.open_store(clock()).await;
    for days in [2_u64, 50] {
        let ahead = days * 24 * 60 * 60 * 1000;
        let ulid = ulid::Ulid::from_parts(SystemClock.ulid().timestamp_ms() + ahead, u128::from(days));
        let stamp =
            Stamp { reference: support_requests::domain::ids::Reference::from_ulid(ulid), ..Stamp::of(&SystemClock) };
        store.append(sealed_at("Of a later day", &stamp)).await.unwrap();
        assert!(succeeds(&["show", &stamp.reference.to_string()], &database.url()).contains("Of a later day"));
    }
}

on_both_databases!(a_boundary_that_does_not_fit_is_refused_with_the_reason, async |database| {
    some(&database, 2).await;
    let Database::Postgres(postgres) = &database else {
        let said = fails(&["partition"], &database.url());
        assert!(said.contains("SQLite has no partitions"), "{said}");
        return;
    };
    let store = database.open_store(clock()).await;
    let ahead = ulid::Ulid::from_parts(SystemClock.ulid().timestamp_ms() + 10 * 24 * 60 * 60 * 1000, 1);
    let stamp =
        Stamp { reference: support_requests::domain::ids::Reference::from_ulid(ahead), ..Stamp::of(&SystemClock) };
    store.append(sealed_at("By a clock that is ahead", &stamp)).await.unwrap();
    let at = |day: Date| fails(&["partition", "--at", &day.to_string()], &postgres.owner_url());
    for (day, why) in [(in_days(0), "has begun"), (in_days(5), "by a clock that was ahead")] {
        let said = at(day);
        assert!(said.contains(why), "{said}");
        assert_eq!(pieces(postgres).await, Vec::<String>::new());
    }
    let said = fails(&["partition"], &postgres.runtime_url());
    assert!(said.contains(&format!("{RUNTIME_ROLE} does not own the tables")), "{said}");
    succeeds(&["partition", "--at", &in_days(20).to_string()], &postgres.owner_url());
    for day in [in_days(20), in_days(15)] {
        let said = at(day);
        assert!(said.contains("there is a partition from"), "{said}");
    }
    assert_eq!(pieces(postgres).await.len(), 4);
    store.append(sealed("It goes on")).await.unwrap();
    assert_eq!(database.counts().await, Counts::of(4));
});

/// Attacks on one piece by its own name, as PostgreSQL knows it.
const ATTACKS: [&str; 5] = [
    "UPDATE {} SET severity = 'low'",
    "DELETE FROM {}",
    "TRUNCATE {}",
    "SET session_replication_role = replica; DELETE FROM {}",
    "SET session_replication_role = replica; TRUNCATE {}",
];

#[tokio::test(flavor = "multi_thread")]
async fn every_piece_refuses_what_the_whole_refuses() {
    let Some(postgres) = fresh_database().await else { return };
    let database = Database::Postgres(postgres);
    let Database::Postgres(postgres) = &database else { unreachable!() };
    some(&database, 3).await;
    let unread = "ALTER TABLE support_requests ALTER COLUMN summary SET STATISTICS 0;
         ALTER INDEX support_requests_contact ALTER COLUMN 1 SET STATISTICS 0";
    sqlx::raw_sql(unread).execute(&mut postgres.owner().await).await.unwrap();
    succeeds(&["partition"], &database.owner_url());
    succeeds(&["partition", "--at", &in_days(30).to_string()], &database.owner_url());
    let before = both_tables(&database).await;
    let pieces = pieces(postgres).await;
    assert_eq!(pieces.len(), 6, "{pieces:?}");
    for piece in pieces.iter().map(String::as_str).chain(TABLES) {
        let has_rows = !piece.contains("from_2");
        for attack in ATTACKS.iter().filter(|attack| has_rows || attack.contains("TRUNCATE")) {
            let sql = attack.replace("{}", piece);
            let said = sqlx::raw_sql(AssertSqlSafe(sql.clone())).execute(&mut postgres.superuser().await).await;
            let said = said.expect_err(&sql).to_string();
            assert!(said.contains("is refused: what is stored is never changed"), "{sql}: {said}");
        }
        let direct = format!("SET ROLE {RUNTIME_ROLE}; SELECT 1 FROM {piece}");
        let said = sqlx::raw_sql(AssertSqlSafe(direct)).execute(&mut postgres.superuser().await).await;
        assert_eq!(said.is_ok(), TABLES.contains(&piece), "rights are the whole table's only: {piece}");
    }
    assert_eq!(both_tables(&database).await, before);
    let compressed =
        "SELECT count(DISTINCT attcompression), count(*) FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
         WHERE attname = 'context' AND relkind IN ('r', 'p')";
    let (kinds, tables): (i64, i64) = sqlx::query_as(compressed).fetch_one(&mut postgres.owner().await).await.unwrap();
    assert_eq!((kinds, tables), (1, 4), "each is compressed as the whole is");
    // What ANALYZE must keep nothing of: eight columns of each piece and of the whole, and what an index reckons.
    let unread = "SELECT count(*) FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
         WHERE attnum > 0 AND attstattarget = 0 AND relkind IN ('r', 'p') AND relname LIKE 'support_requests%'
         GROUP BY attrelid";
    let unread: Vec<i64> = sqlx::query_scalar(unread).fetch_all(&mut postgres.owner().await).await.unwrap();
    assert_eq!(unread, [8; 4]);
    let unread = "SELECT count(*), count(*) FILTER (WHERE attstattarget = 0)
         FROM pg_attribute JOIN pg_index ON indexrelid = attrelid
         WHERE indexprs IS NOT NULL AND indrelid::regclass::text LIKE 'support_requests%'";
    let unread: (i64, i64) = sqlx::query_as(unread).fetch_one(&mut postgres.owner().await).await.unwrap();
    assert_eq!(unread, (4, 4));
    all_is_well(&database, &some(&database, 1).await).await;
}

/// Whatever an owner can do to one piece, with what must be named.
const WEAKENED: [(&str, &str); 5] = [
    ("DROP TRIGGER support_requests_no_truncate ON {support_requests}", "support_requests_no_truncate is missing on"),
    ("ALTER TABLE {audit_events} DISABLE TRIGGER audit_events_no_update", "is switched off on audit_events_from_2"),
    ("ALTER TABLE {audit_events} ENABLE TRIGGER audit_events_no_delete", "is switched off on audit_events_from_2"),
    ("GRANT UPDATE ON {support_requests} TO support_requests_app", "UPDATE on support_requests_from"),
    ("CREATE RULE r AS ON DELETE TO {support_requests} DO INSTEAD NOTHING", "has rules"),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_weakness_of_one_piece_is_named() {
    for (weaken, named) in WEAKENED {
        let Some(postgres) = fresh_database().await else { return };
        succeeds(&["partition"], &postgres.owner_url());
        assert_eq!(weak(&postgres.runtime_url()).await, Vec::<String>::new());
        let mut sql = weaken.to_owned();
        for piece in pieces(&postgres).await.into_iter().filter(|piece| piece.contains("from_2")) {
            let table = TABLES.into_iter().find(|table| piece.starts_with(table)).unwrap();
            sql = sql.replace(&format!("{{{table}}}"), &piece);
        }
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut postgres.owner().await).await.unwrap();
        let found = weak(&postgres.runtime_url()).await;
        assert!(found.iter().any(|weakness| weakness.contains(named)), "{weaken}: {found:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_run_that_was_killed_left_is_taken_away_by_the_next() {
    let Some(postgres) = fresh_database().await else { return };
    let database = Database::Postgres(postgres);
    some(&database, 1).await;
    let mut owner = database.owner().await;
    owner
        .execute("ALTER TABLE support_requests ADD CONSTRAINT within_partition CHECK (reference < 'SR-0') NOT VALID")
        .await
        .unwrap();
    owner.close().await;
    let store = database.open_store(clock()).await;
    store.append(sealed("It is in the way")).await.unwrap_err();
    succeeds(&["partition"], &database.owner_url());
    store.append(sealed("It is not")).await.unwrap();
    assert_eq!(database.counts().await, Counts::of(2));
}
