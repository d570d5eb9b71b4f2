//! A second verifier, in another language and written from the specification, agrees.

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

use serde_json::json;

use crate::{
    harness::{clock, sealed},
    support::{
        database::{Database, on_both_databases},
        skipped::skipped,
    },
};

async fn second_verdict(database: &Database) -> Option<Output> {
    let mut lines = String::new();
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

on_both_databases!(a_second_verifier_agrees_that_all_holds_and_that_something_was_changed, async |database| {
    for _ in 0..2 {
        let store = database.open_store(clock()).await;
        for number in 0..5 {
            store.append(sealed(&format!("Nümber {number} 💥 \"quoted\" \\ and \u{2028}"))).await.unwrap();
        }
        store.close(std::time::Duration::from_secs(10)).await;
    }
    let Some(good) = second_verdict(&database).await else { return };
    assert!(good.status.success(), "{}", String::from_utf8_lossy(&good.stderr));
    assert_eq!(String::from_utf8_lossy(&good.stdout).trim(), "All 10 hold.");
    let mut owner = database.owner().await;
    let disarm = match &database {
        Database::Sqlite(_) => "DROP TRIGGER support_requests_no_update",
        Database::Postgres(_) => "ALTER TABLE support_requests DISABLE TRIGGER ALL",
    };
    owner.execute(disarm).await.unwrap();
    owner.execute("UPDATE support_requests SET summary = 'Other' WHERE reference = (SELECT min(reference) FROM support_requests)").await.unwrap();
    let bad = second_verdict(&database).await.unwrap();
    assert!(!bad.status.success() && String::from_utf8_lossy(&bad.stderr).contains("changed"));
});
