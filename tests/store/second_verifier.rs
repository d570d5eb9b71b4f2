//! A second verifier, in another language and written from the specification, agrees.

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

use serde_json::json;
use support_requests::{
    clock::SystemClock,
    domain::record::CUT_EVENT,
    store::{ArchiveEvent, DatabaseUrl, append_event},
    verification::{Heads, Thoroughness},
};

use crate::{
    forging::{Forger, erase, in_order},
    harness::{archive, clock, sealed},
    looking::{decision, looked, verified},
    support::{
        database::{Database, on_both_databases},
        skipped::skipped,
    },
};

async fn second_verdict(database: &Database, heads: Option<&Heads>) -> Option<Output> {
    let mut lines = String::new();
    for head in heads.into_iter().flat_map(|heads| &heads.heads) {
        lines.push_str(&json!({ "head": head }).to_string());
        lines.push('\n');
    }
    for table in ["support_requests", "audit_events"] {
        for row in database.rows(table).await {
            let mut row = json!(row);
            row["table"] = json!(table);
            lines.push_str(&row.to_string());
            lines.push('\n');
        }
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/store/second_verifier.py");
    let python =
        Command::new("python3").arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let Ok(mut python) = python else {
        skipped("there is no python3 to run the second verifier with");
        return None;
    };
    python.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    Some(python.wait_with_output().unwrap())
}

/// Both say that all holds, or neither does.
async fn both_say(database: &Database, heads: Option<&Heads>, verdict: Result<&str, &str>) {
    let Some(second) = second_verdict(database, heads).await else { return };
    let [out, error] = [&second.stdout, &second.stderr].map(|said| String::from_utf8_lossy(said).into_owned());
    let first = looked(&archive(database).await, heads, Thoroughness::AllFaults).await;
    assert_eq!(first.holds(), verdict.is_ok(), "{:?}", first.faults);
    match verdict {
        Ok(words) => assert!(second.status.success() && out.trim() == words, "{out}{error}"),
        Err(words) => assert!(!second.status.success() && error.contains(words), "{out}{error}"),
    }
}

async fn filled(database: &Database) {
    for _ in 0..2 {
        let store = database.open_store(clock()).await;
        for number in 0..5 {
            store.append(sealed(&format!("Nümber {number} 💥 \"quoted\" \\ and \u{2028}"))).await.unwrap();
        }
        store.close(std::time::Duration::from_secs(10)).await;
    }
}

on_both_databases!(a_second_verifier_agrees_that_all_holds_and_that_something_was_changed, async |database| {
    filled(&database).await;
    both_say(&database, None, Ok("All 10 hold, 0 of them erased.")).await;
    let mut forger = Forger::disarmed(&database).await;
    let first = "(SELECT min(reference) FROM support_requests)";
    forger.execute(&format!("UPDATE support_requests SET summary = 'Other' WHERE reference = {first}")).await;
    both_say(&database, None, Err("changed")).await;
});

on_both_databases!(a_second_verifier_agrees_about_what_is_erased, async |database| {
    filled(&database).await;
    let stored = in_order(&database).await;
    erase(&database, &stored[2]).await;
    erase(&database, &stored[7]).await;
    both_say(&database, None, Ok("All 10 hold, 2 of them erased.")).await;
    let mut forger = Forger::disarmed(&database).await;
    let erased = &stored[2].reference;
    forger.execute(&format!("UPDATE support_requests SET request_id = 'other' WHERE reference = '{erased}'")).await;
    both_say(&database, None, Err("changed")).await;
    forger.put_back().await;
    forger.execute("DELETE FROM audit_events WHERE event = 'support_request.erased'").await;
    both_say(&database, None, Err("erased without a record")).await;
});

on_both_databases!(a_second_verifier_agrees_about_a_cut_that_was_decided_on, async |database| {
    filled(&database).await;
    let heads = verified(&database, None).await.unwrap().heads;
    let stored = in_order(&database).await;
    let mut forger = Forger::disarmed(&database).await;
    for record in &stored[8..] {
        forger.execute(&format!("DELETE FROM support_requests WHERE reference = '{}'", record.reference)).await;
        forger.execute(&format!("DELETE FROM audit_events WHERE reference = '{}'", record.reference)).await;
    }
    both_say(&database, Some(&heads), Err("cut off")).await;
    let cuts = looked(&archive(&database).await, Some(&heads), Thoroughness::AllFaults).await.cuts;
    let url = DatabaseUrl::parse(&database.owner_url()).unwrap();
    let event = ArchiveEvent { name: CUT_EVENT, reach: json!({ "chains": cuts }), decision: &decision() };
    append_event(&url, &SystemClock, &event).await.unwrap();
    both_say(&database, Some(&heads), Ok("All 8 hold, 0 of them erased.")).await;
    let (chain, last) = (&cuts[0].chain, cuts[0].kept);
    forger.execute(&format!("DELETE FROM support_requests WHERE reference = '{}'", stored[7].reference)).await;
    forger.execute(&format!("DELETE FROM audit_events WHERE chain = '{chain}' AND sequence = {last}")).await;
    both_say(&database, Some(&heads), Err("cut off")).await;
});
