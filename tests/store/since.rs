//! `verify --from` walks only what came since, and finds what was slipped in or removed behind.

use std::time::Duration;

use support_requests::{
    clock::{Clock as _, SystemClock},
    domain::{
        ids::Reference,
        record::{CUT_EVENT, DROPPED_EVENT, RESTORED_EVENT, Record},
    },
    store::{ArchiveEvent, DatabaseUrl, append_event},
    verification::{Heads, Report, Thoroughness, VerificationError, Witness, since},
};

use crate::{
    exporting::{Said, stored_since},
    forging::{Forger, erase, in_order},
    harness::{archive, clock, sealed},
    looking::{all_faults, decision, plan, verified, verified_since},
    support::database::{Database, on_both_databases},
    verifying::{filled, forged},
};

async fn heads(database: &Database) -> Heads {
    verified(database, None).await.unwrap().heads
}

on_both_databases!(what_came_since_is_walked_over_and_nothing_else, async |database| {
    filled(&database, 5).await;
    let first = heads(&database).await;
    // A new chain, and erasures of a request of before and of one that came since.
    filled(&database, 3).await;
    let stored = in_order(&database).await;
    erase(&database, &stored[0]).await;
    erase(&database, &stored[6]).await;
    let report = verified_since(&database, &first).await.unwrap();
    assert_eq!((report.links, report.requests, report.erased), (5, 3, 2));
    assert_eq!(report.heads, heads(&database).await, "the heads to go on with are those of the whole");
    let report = verified_since(&database, &report.heads).await.unwrap();
    assert_eq!((report.links, report.requests), (0, 0));
});

on_both_databases!(what_was_changed_since_or_removed_or_slipped_in_before_is_found, async |database| {
    filled(&database, 5).await;
    let first = heads(&database).await;
    filled(&database, 3).await;
    let stored = in_order(&database).await;
    let mut forger = Forger::disarmed(&database).await;
    let (old, new) = (&stored[1].reference, &stored[6].reference);
    for (change, words) in [
        (format!("UPDATE support_requests SET summary = 'Other' WHERE reference = '{new}'"), "request was changed"),
        (format!("UPDATE audit_events SET actor_subject = 'u-2' WHERE reference = '{new}'"), "record was changed"),
        (format!("DELETE FROM support_requests WHERE reference = '{new}'"), "came since"),
        (format!("DELETE FROM audit_events WHERE reference = '{new}'"), "the link before it is missing"),
        (format!("DELETE FROM support_requests WHERE reference = '{old}'"), "5 row(s) were there"),
        (format!("DELETE FROM audit_events WHERE reference = '{old}'"), "5 row(s) were there"),
        (
            "DELETE FROM audit_events WHERE chain = (SELECT min(chain) FROM audit_events)".to_owned(),
            "row(s) were there",
        ),
    ] {
        forger.execute(&change).await;
        let fault = verified_since(&database, &first).await.unwrap_err().to_string();
        assert!(fault.contains(words), "{change}: {fault}");
        forger.put_back().await;
    }
    verified_since(&database, &first).await.unwrap();
    // The link that was the head is another one.
    forger.execute("UPDATE audit_events SET digest = previous WHERE sequence = 5").await;
    let fault = verified_since(&database, &first).await.unwrap_err().to_string();
    assert!(fault.contains("it is not the link that was there"), "{fault}");
});

on_both_databases!(wherever_the_chains_since_are_cut_in_two_each_change_of_them_is_found, async |database| {
    let store = database.open_store(clock()).await;
    let append = async |count: usize| {
        for number in 0..count {
            store.append(sealed(&format!("Number {number}"))).await.unwrap();
        }
    };
    append(2).await;
    let first = heads(&database).await;
    append(7).await;
    store.close(Duration::from_secs(10)).await;
    // Nine links came, seven of them in the chain that is cut.
    filled(&database, 2).await;
    let stored = in_order(&database).await;
    let since = verified_since(&database, &first).await.unwrap();
    assert_eq!((since.links, since.requests), (9, 9));
    assert_eq!(since.heads, heads(&database).await);
    let mut forger = Forger::disarmed(&database).await;
    for record in &stored[2..] {
        let name = &record.reference;
        for change in [
            format!("DELETE FROM audit_events WHERE reference = '{name}'"),
            format!("UPDATE audit_events SET previous = digest WHERE reference = '{name}'"),
            format!("UPDATE audit_events SET trace_id = 'other' WHERE reference = '{name}'"),
            format!("UPDATE audit_events SET sequence = sequence + 100 WHERE reference = '{name}'"),
            format!("UPDATE support_requests SET severity = 'other' WHERE reference = '{name}'"),
        ] {
            forger.execute(&change).await;
            assert!(verified_since(&database, &first).await.is_err(), "{change}");
            forger.put_back().await;
        }
    }
});

on_both_databases!(requests_far_from_the_others_that_came_since_are_walked_over_too, async |database| {
    filled(&database, 10).await;
    let first = heads(&database).await;
    filled(&database, 3).await;
    // Of an instance whose clock is behind: between these and the others stands all that was there.
    let behind = [Said::new("Behind"), Said::new("Behind too")];
    stored_since(&database, &behind, Duration::from_hours(24 * 365)).await;
    let report = verified_since(&database, &first).await.unwrap();
    assert_eq!((report.links, report.requests), (5, 5));
    let stored = in_order(&database).await;
    let mut forger = Forger::disarmed(&database).await;
    for (place, record) in stored.iter().enumerate() {
        let change = format!("UPDATE support_requests SET summary = 'Other' WHERE reference = '{}'", record.reference);
        forger.execute(&change).await;
        let was_there = (2..12).contains(&place);
        assert_eq!(verified_since(&database, &first).await.is_ok(), was_there, "{place}");
        forger.put_back().await;
    }
});

on_both_databases!(a_request_that_two_chains_say_came_since_hides_no_other, async |database| {
    filled(&database, 1).await;
    let first = heads(&database).await;
    filled(&database, 2).await;
    let stored = in_order(&database).await;
    let mut forger = Forger::disarmed(&database).await;
    // As many links as requests came, and each link has its request.
    forger.insert_link(&forged(&SystemClock.ulid().to_string(), 1, &stored[1])).await;
    let reference = Reference::from_ulid(SystemClock.ulid()).to_string();
    forger.insert_request(&Record { reference, ..stored[1].clone() }).await;
    let fault = verified_since(&database, &first).await.unwrap_err().to_string();
    assert!(fault.contains("two audit records say the same"), "{fault}");
    assert!(fault.starts_with(&stored[1].reference), "{fault}");
});

async fn decide(database: &Database, event: &str, details: serde_json::Value) {
    let url = DatabaseUrl::parse(&database.owner_url()).unwrap();
    let event = ArchiveEvent { name: event, reach: details, decision: &decision() };
    append_event(&url, &SystemClock, &event).await.unwrap();
}

async fn against(database: &Database, heads: &Heads) -> Report {
    let plan = plan(Witness::of_heads(heads), Thoroughness::AllFaults);
    support_requests::verification::whole(&archive(database).await, &plan).await.unwrap()
}

on_both_databases!(a_cut_that_somebody_decided_on_holds_and_exactly_that, async |database| {
    filled(&database, 5).await;
    filled(&database, 2).await;
    let before = heads(&database).await;
    let mut forger = Forger::disarmed(&database).await;
    // The first chain keeps three of its five links, the second goes whole.
    let stored = in_order(&database).await;
    for record in &stored[3..] {
        forger.execute(&format!("DELETE FROM support_requests WHERE reference = '{}'", record.reference)).await;
        forger.execute(&format!("DELETE FROM audit_events WHERE reference = '{}'", record.reference)).await;
    }
    let report = against(&database, &before).await;
    assert!(report.only_cuts && report.faults.count() == 2, "{:?}", report.faults);
    decide(&database, RESTORED_EVENT, serde_json::json!({"reason": "the disk", "chains": report.cuts})).await;
    let report = against(&database, &before).await;
    assert!(report.holds(), "{:?}", report.faults);
    assert_eq!((report.accepted.len(), report.decisions.len()), (2, 1));
    assert_eq!(report.decisions[0].by.as_deref(), Some("Ada"));
    // What came since heads of before cannot be told.
    let plan = plan(Witness::default(), Thoroughness::FirstFault);
    let undecided = since(&archive(&database).await, &plan, &before).await;
    assert!(matches!(undecided, Err(VerificationError::RowsRemoved(_))), "{undecided:?}");
    // One link more goes.
    forger.execute(&format!("DELETE FROM support_requests WHERE reference = '{}'", stored[2].reference)).await;
    forger.execute(&format!("DELETE FROM audit_events WHERE reference = '{}'", stored[2].reference)).await;
    let report = against(&database, &before).await;
    assert_eq!(report.faults.count(), 1, "{:?}", report.faults);
    assert!(report.faults.named()[0].problem.contains("cut off"), "{:?}", report.faults);
});

on_both_databases!(a_decision_that_was_changed_is_none, async |database| {
    filled(&database, 3).await;
    let before = heads(&database).await;
    let mut forger = Forger::disarmed(&database).await;
    forger.execute("DELETE FROM support_requests; DELETE FROM audit_events").await;
    let cut = serde_json::json!({"chain": before.heads[0].chain, "kept": 0, "until": 1});
    decide(&database, CUT_EVENT, serde_json::json!({"reason": "few", "chains": [cut]})).await;
    let report = against(&database, &before).await;
    assert!(report.faults.named().iter().any(|fault| fault.problem.contains("cut off")), "{:?}", report.faults);
    let edited = r#"{"chains":[{"chain":"C","kept":0,"until":3}],"reason":"few"}"#.replace('C', &before.heads[0].chain);
    forger.execute(&format!("UPDATE audit_events SET details = '{edited}'")).await;
    let report = against(&database, &before).await;
    let problems: Vec<&str> = report.faults.named().iter().map(|fault| fault.problem.as_str()).collect();
    assert!(problems.iter().any(|problem| problem.contains("audit record was changed")), "{problems:?}");
    assert!(problems.iter().any(|problem| problem.contains("cut off")), "{problems:?}");
});

on_both_databases!(what_was_dropped_by_decision_may_be_gone_and_must_be, async |database| {
    filled(&database, 3).await;
    filled(&database, 3).await;
    let before = heads(&database).await;
    let stored = in_order(&database).await;
    let (first, second) = (&before.heads[0].chain, &before.heads[1].chain);
    let mut forger = Forger::disarmed(&database).await;
    // The first chain and its requests go, and perhaps some of the second, whose links stay.
    let gone = &stored[4].reference;
    forger.execute(&format!("DELETE FROM support_requests WHERE reference < '{gone}'")).await;
    forger.execute(&format!("DELETE FROM audit_events WHERE chain = '{first}'")).await;
    assert!(!all_faults(&database, None).await.is_empty(), "nobody decided that");
    let details = serde_json::json!({"reason": "old", "references_before": gone, "chains_before": second});
    decide(&database, DROPPED_EVENT, details).await;
    let report = against(&database, &before).await;
    assert!(report.holds(), "{:?}", report.faults);
    assert_eq!(report.decisions.len(), 1);
    // What must be gone is back.
    forger.insert_request(&stored[0]).await;
    let faults = all_faults(&database, None).await;
    assert!(faults.iter().any(|fault| fault.contains("its partition was dropped")), "{faults:?}");
    assert!(SystemClock.ulid().to_string() > *second, "the control");
});
