//! Verifying, through the door that the command uses.

use std::sync::{Arc, LazyLock};

use redaction::Redactor;
use support_requests::{
    clock::{Clock as _, SystemClock},
    redaction::redact_operators_text,
    store::{Archive, Decision},
    verification::{Fault, Heads, Plan, Report, Thoroughness, Witness, since, whole},
};

use crate::{harness::archive, support::database::Database};

/// How to verify.
pub fn plan(witness: Witness, thoroughness: Thoroughness) -> Plan {
    Plan { thoroughness, witness: Arc::new(witness), key: SystemClock.salt(), progress: Arc::new(|_| {}) }
}

/// The first fault, if there is one.
pub fn first(report: Report) -> Result<Report, Fault> {
    match report.faults.named().first() {
        Some(fault) => Err(fault.clone()),
        None => Ok(report),
    }
}

/// Verifies the whole database, until the first fault.
pub async fn verified(database: &Database, against: Option<&Heads>) -> Result<Report, Fault> {
    first(looked(&archive(database).await, against, Thoroughness::FirstFault).await)
}

/// Verifies what an archive holds.
pub async fn looked(archive: &Archive, against: Option<&Heads>, thoroughness: Thoroughness) -> Report {
    let witness = against.map(Witness::of_heads).unwrap_or_default();
    whole(archive, &plan(witness, thoroughness)).await.unwrap()
}

/// Verifies what came since heads were saved.
pub async fn verified_since(database: &Database, heads: &Heads) -> Result<Report, Fault> {
    let plan = plan(Witness::default(), Thoroughness::FirstFault);
    first(since(&archive(database).await, &plan, heads).await.unwrap())
}

/// Every fault of a database, a line each.
pub async fn all_faults(database: &Database, against: Option<&Heads>) -> Vec<String> {
    let report = looked(&archive(database).await, against, Thoroughness::AllFaults).await;
    report.faults.named().iter().map(ToString::to_string).collect()
}

/// Somebody's, with a reason.
pub fn decision() -> Decision {
    static REDACTOR: LazyLock<Redactor> = LazyLock::new(Redactor::builtin);
    Decision { reason: redact_operators_text(&REDACTOR, "asked for"), by: redact_operators_text(&REDACTOR, "Ada") }
}
