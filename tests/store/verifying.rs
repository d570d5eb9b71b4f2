//! `verify` has no blind spot: rows that a walk by keys would skip, rows that stand there twice, rows without a counterpart.

use support_requests::{
    clock::{Clock as _, SystemClock},
    domain::record::{CREATED_EVENT, Record},
    integrity::{Actor, ChainEnd, Event},
    verification::Thoroughness,
};

use crate::{
    forging::{Forger, erase, in_order, records},
    harness::{archive, clock, sealed},
    looking::{all_faults, looked, verified},
    support::database::{Database, Kind, on_both_databases, tell},
};

/// Some requests in one chain.
pub async fn filled(database: &Database, requests: usize) {
    let store = database.open_store(clock()).await;
    for number in 0..requests {
        store.append(sealed(&format!("Number {number}"))).await.unwrap();
    }
    store.close(std::time::Duration::from_secs(10)).await;
}

async fn is_found(database: &Database, words: &str) {
    let faults = all_faults(database, None).await;
    assert!(faults.iter().any(|fault| fault.contains(words)), "{words}: {faults:?}");
    let first = verified(database, None).await.unwrap_err().to_string();
    assert!(faults.contains(&first), "{first} is not among {faults:?}");
}

/// A created audit record of `record`, whose digests fit, at a place of the forger's choosing.
pub fn forged(chain: &str, sequence: i64, record: &Record) -> support_requests::domain::record::AuditRecord {
    let end = ChainEnd { chain: chain.to_owned(), sequence: sequence - 1, digest: "0".repeat(64) };
    let event = Event {
        name: CREATED_EVENT,
        occurred_at: &record.created_at,
        about: Some(record),
        trace_id: None,
        details: None,
    };
    end.link(&event, &Actor::new(record.creator_subject.clone().unwrap(), SystemClock.salt())).0
}

on_both_databases!(links_that_a_walk_from_the_first_number_on_would_skip_are_found, async |database| {
    filled(&database, 2).await;
    verified(&database, None).await.unwrap();
    let record = &records(&database).await[0];
    let mut forger = Forger::disarmed(&database).await;
    let chain = SystemClock.ulid().to_string();
    for (chain, sequence, words) in [
        (chain.as_str(), 0, "no link has such a number"),
        (chain.as_str(), -7, "no link has such a number"),
        ("", 0, "no writer names a chain so"),
        ("", 1, "no writer names a chain so"),
        ("", -1, "no writer names a chain so"),
        ("~~~~~~~~~~~~~~~~~~~~~~~~~~", 1, "no writer names a chain so"),
    ] {
        forger.insert_link(&forged(chain, sequence, record)).await;
        is_found(&database, words).await;
        forger.execute(&format!("DELETE FROM audit_events WHERE chain = '{chain}'")).await;
    }
    verified(&database, None).await.unwrap();
});

on_both_databases!(a_reference_that_two_chains_say_was_created_is_found, async |database| {
    filled(&database, 2).await;
    let record = &records(&database).await[0];
    let mut forger = Forger::disarmed(&database).await;
    forger.insert_link(&forged(&SystemClock.ulid().to_string(), 1, record)).await;
    is_found(&database, "two audit records say the same").await;
});

on_both_databases!(a_twin_under_another_workspace_is_found, async |database| {
    if database.kind() == Kind::Sqlite {
        return; // Its key is the reference alone.
    }
    filled(&database, 2).await;
    let record = &records(&database).await[0];
    let mut forger = Forger::disarmed(&database).await;
    // The same once more, whole and with its own audit record, so that every digest and both sums fit.
    let twin = forger.twin(record, "other").await;
    forger.insert_link(&forged(&SystemClock.ulid().to_string(), 1, &twin)).await;
    is_found(&database, "this reference stands there twice").await;
    forger.execute("DELETE FROM support_requests WHERE workspace_id = 'other'").await;
    is_found(&database, "its support request is missing").await;
    forger.execute("DELETE FROM audit_events WHERE workspace_id = 'other'").await;
    verified(&database, None).await.unwrap();
    // A link once more, under another workspace.
    forger.execute("INSERT INTO audit_events SELECT * FROM audit_events_copy WHERE false").await;
    forger
        .execute("CREATE TABLE one AS SELECT * FROM audit_events LIMIT 1; UPDATE one SET workspace_id = 'other'")
        .await;
    forger.execute("INSERT INTO audit_events SELECT * FROM one").await;
    is_found(&database, "this link stands there twice").await;
});

on_both_databases!(a_number_in_another_notation_is_found, async |database| {
    filled(&database, 2).await;
    let mut forger = Forger::disarmed(&database).await;
    // `dropped_keys` is 0, and 0.0 is the same number.
    let changed = match database.kind() {
        Kind::Sqlite => r#"replace(context, '"dropped_keys":0', '"dropped_keys":0.0')"#,
        Kind::Postgres => "jsonb_set(context, '{redaction,dropped_keys}', '0.0')",
    };
    let first = "(SELECT min(reference) FROM support_requests)";
    forger.execute(&format!("UPDATE support_requests SET context = {changed} WHERE reference = {first}")).await;
    is_found(&database, "its column context is not what was written").await;
});

#[test]
fn a_cell_of_a_file_that_would_read_as_two_is_found() {
    tell(Kind::Sqlite, async |database| {
        filled(&database, 2).await;
        let mut forger = Forger::disarmed(&database).await;
        // The byte that stands between two cells where a row is read as one value: no text has it.
        let between = "CAST(x'ff' AS TEXT)";
        for (table, change) in [
            ("support_requests", format!("severity = severity || {between}")),
            ("support_requests", format!("summary = summary || {between} || 'notes', reproduction_notes = NULL")),
            ("audit_events", format!("trace_id = {between}")),
        ] {
            let first = format!("(SELECT min(reference) FROM {table})");
            forger.execute(&format!("UPDATE {table} SET {change} WHERE reference = {first}")).await;
            is_found(&database, "one of its columns is not what was written").await;
            forger.put_back().await;
        }
        verified(&database, None).await.unwrap();
    });
}

on_both_databases!(
    a_row_that_was_emptied_without_a_record_of_that_is_found_and_the_other_way_round,
    async |database| {
        filled(&database, 4).await;
        let stored = records(&database).await;
        erase(&database, &stored[0]).await;
        let report = verified(&database, None).await.unwrap();
        assert_eq!((report.requests, report.links, report.erased), (4, 5, 1));
        let mut forger = Forger::disarmed(&database).await;
        let emptied = match database.kind() {
            Kind::Sqlite => "json_remove(context, '$.references', '$.diagnostics')",
            Kind::Postgres => "context - 'references' - 'diagnostics'",
        };
        let empty = format!(
        "UPDATE support_requests SET summary = NULL, reproduction_notes = NULL, contact_name = NULL, contact_email = NULL,
         creator_subject = NULL, creator_name = NULL, salt = NULL, context = {emptied} WHERE reference = '{0}';
         UPDATE audit_events SET actor_subject = NULL, actor_salt = NULL WHERE reference = '{0}'",
        stored[1].reference
    );
        forger.execute(&empty).await;
        is_found(&database, "it is erased, and there is no record of that").await;
        forger.put_back().await;
        verified(&database, None).await.unwrap();
        // What was erased comes back, from somebody's copy.
        let whole = &stored[0];
        forger.execute(&format!("DELETE FROM support_requests WHERE reference = '{}'", whole.reference)).await;
        forger.insert_request(whole).await;
        is_found(&database, "its erasure is on record, and it is not erased").await;
        forger.put_back().await;
        // Half of it is left.
        let half = format!(
            "UPDATE support_requests SET contact_email = 'a@b.example' WHERE reference = '{}'",
            whole.reference
        );
        forger.execute(&half).await;
        is_found(&database, "its support request was changed").await;
    }
);

on_both_databases!(every_fault_is_named_where_all_are_wanted_and_one_where_not, async |database| {
    filled(&database, 6).await;
    let stored = in_order(&database).await;
    let mut forger = Forger::disarmed(&database).await;
    let names: Vec<&str> = stored.iter().map(|record| record.reference.as_str()).collect();
    for statement in [
        format!("UPDATE support_requests SET summary = 'Other' WHERE reference = '{}'", names[0]),
        format!("UPDATE audit_events SET actor_subject = 'u-2' WHERE reference = '{}'", names[1]),
        format!("DELETE FROM support_requests WHERE reference = '{}'", names[2]),
        format!("DELETE FROM audit_events WHERE reference = '{}'", names[3]),
        format!("UPDATE support_requests SET request_id = 'other' WHERE reference = '{}'", names[5]),
    ] {
        forger.execute(&statement).await;
    }
    let faults = all_faults(&database, None).await;
    for (name, words) in [
        (names[0], "its support request was changed"),
        (names[1], "its audit record was changed"),
        (names[2], "its support request is missing"),
        (names[3], "this request has no audit record"),
        (names[4], "the link before it is missing"),
        (names[5], "its support request was changed"),
        (names[5], "do not belong together"),
    ] {
        let is_named = faults.iter().any(|fault| fault.starts_with(name) && fault.contains(words));
        assert!(is_named, "{name} {words}: {faults:#?}");
    }
    let first = looked(&archive(&database).await, None, Thoroughness::FirstFault).await;
    assert_eq!(first.faults.count(), 1);
});
