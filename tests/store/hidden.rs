//! Rows that a walk in the order of a key would not come by are found all the same.

use sqlx::{Connection as _, SqliteConnection};
use support_requests::{
    clock::{Clock as _, SystemClock},
    domain::{ids::Reference, record::Record},
    integrity::record_digests,
};

use crate::{
    forging::{Forger, in_order},
    looking::{all_faults, verified},
    support::database::{Database, on_both_databases},
    verifying::{filled, forged},
};

/// The same request once more under another reference, its digest reckoned anew.
fn under(reference: &str, record: &Record) -> Record {
    let mut other = Record { reference: reference.to_owned(), ..record.clone() };
    other.record_digest = record_digests(&other).unwrap().record;
    other
}

on_both_databases!(requests_that_a_walk_from_the_first_reference_on_would_skip_are_found, async |database| {
    filled(&database, 2).await;
    let record = &in_order(&database).await[0];
    let mut forger = Forger::disarmed(&database).await;
    let lower = Reference::from_ulid(SystemClock.ulid()).to_string().to_lowercase();
    for reference in ["", " ", "!", "SR-", "SR-00000000000000000000000000", lower.as_str(), "SR-~", "~~~", "\u{10ffff}"]
    {
        forger.insert_request(&under(reference, record)).await;
        let faults = all_faults(&database, None).await;
        assert_eq!(faults, [format!("{reference}: this request has no audit record")]);
        forger.put_back().await;
    }
    verified(&database, None).await.unwrap();
});

on_both_databases!(a_row_that_its_key_does_not_lead_to_is_one_too_many, async |database| {
    filled(&database, 4).await;
    let stored = in_order(&database).await;
    let mut forger = Forger::disarmed(&database).await;
    for table in ["support_requests", "audit_events"] {
        match &database {
            // The last pair goes, but for an entry of an index.
            Database::Sqlite(_) => {
                let index = if table == "audit_events" { "audit_events_reference" } else { "support_requests_creator" };
                hide_index(&mut forger, index, &stored[3].reference).await;
            }
            // A whole pair comes, and the key of one of the two tables is not told.
            Database::Postgres(postgres) => {
                let ready = |is: bool| {
                    format!("UPDATE pg_index SET indisready = {is} WHERE indexrelid = '{table}_pkey'::regclass")
                };
                let other = under(&Reference::from_ulid(SystemClock.ulid()).to_string(), &stored[0]);
                let link = forged(&SystemClock.ulid().to_string(), 1, &other);
                let mut superuser = postgres.superuser().await;
                sqlx::raw_sql(sqlx::AssertSqlSafe(ready(false))).execute(&mut superuser).await.unwrap();
                if table == "audit_events" {
                    forger.insert_link(&link).await;
                } else {
                    forger.insert_request(&other).await;
                }
                sqlx::raw_sql(sqlx::AssertSqlSafe(ready(true))).execute(&mut superuser).await.unwrap();
            }
        }
        let faults = all_faults(&database, None).await;
        assert!(
            faults.iter().any(|fault| fault.starts_with(table) && fault.contains("of them to be read")),
            "{faults:?}"
        );
        forger.put_back().await;
    }
});

#[tokio::test]
async fn sqlite_is_built_so_that_readers_share_no_lock_and_read_no_page_twice() {
    let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    let options: Vec<String> =
        sqlx::query_scalar("SELECT * FROM pragma_compile_options").fetch_all(&mut connection).await.unwrap();
    let has = |name: &str| options.iter().any(|option| option == name);
    assert!(has("THREADSAFE=1"), "the control: {options:?}");
    assert!(!has("ENABLE_MEMORY_MANAGEMENT") && !has("DIRECT_OVERFLOW_READ"), "{options:?}");
    assert!(has("DEFAULT_MEMSTATUS=0"), "{options:?}");
}

/// Removes a pair while the schema does not know of an index.
async fn hide_index(forger: &mut Forger, index: &str, reference: &str) {
    for sql in [
        "PRAGMA writable_schema = ON".to_owned(),
        format!("CREATE TABLE hidden AS SELECT * FROM sqlite_schema WHERE name = '{index}'"),
        format!("DELETE FROM sqlite_schema WHERE name = '{index}'"),
        "PRAGMA writable_schema = RESET; PRAGMA writable_schema = ON".to_owned(),
        format!("DELETE FROM support_requests WHERE reference = '{reference}'"),
        format!("DELETE FROM audit_events WHERE reference = '{reference}'"),
        "INSERT INTO sqlite_schema SELECT * FROM hidden; DROP TABLE hidden".to_owned(),
        "PRAGMA writable_schema = RESET".to_owned(),
    ] {
        forger.execute(&sql).await;
    }
}
