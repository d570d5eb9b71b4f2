//! What came of it, for people and for machines.

use serde_json::json;

use super::{
    super::{
        output::{print, say},
        visible,
    },
    broken as first_of,
};
use crate::verification::{Decision, Faults, Reach, Report};

/// The version of the report for machines.
const VERSION: u32 = 1;

/// The report for machines.
pub(super) fn json(report: &Report) -> anyhow::Result<()> {
    let Report { faults, heads, .. } = report;
    let report = json!({
        "version": VERSION,
        "holds": report.holds(),
        "support_requests": heads.support_requests,
        "audit_events": heads.audit_events,
        "chains": heads.heads.len(),
        "walked": { "support_requests": report.requests, "audit_events": report.links },
        "erased": report.erased,
        "faults": faults.named(),
        "faults_not_named": faults.more(),
        "decisions": report.decisions,
        "accepted": report.accepted,
        "heads_looked_for": report.witnessed,
    });
    let mut text = String::new();
    visible::append_json(&mut text, &format!("{report:#}\n"));
    Ok(print(&text)?)
}

/// What was decided about the archive, each on a line.
pub(super) fn decisions(report: &Report) -> anyhow::Result<()> {
    report.decisions.iter().map(line).try_for_each(|line| Ok(print(&line)?))
}

fn line(decision: &Decision) -> String {
    let Decision { event, occurred_at, by, reason, reach, .. } = decision;
    let by = by.as_deref().unwrap_or("somebody");
    let what = match reach {
        Reach::Cut { chains } => {
            let ends: Vec<String> =
                chains.iter().map(|cut| format!("{} from {} to {}", cut.chain, cut.kept + 1, cut.until)).collect();
            format!("accepted: links that are gone: {}", ends.join(", "))
        }
        Reach::Dropped { references_before, chains_before } => {
            format!("announced: dropped are requests before {references_before} and chains before {chains_before}")
        }
    };
    // Texts of the database, which somebody may have written to.
    let line = format!("{what}; {event} on {occurred_at}, by {by}, because {reason}");
    visible::harmless(&line) + "\n"
}

/// That nothing is wrong.
pub(super) fn all_holds(report: &Report, since: bool) -> anyhow::Result<()> {
    let Report { requests, heads, erased, .. } = report;
    let chains = heads.heads.len();
    let text = if since {
        format!(
            "All holds since: {requests} support request(s) came, and nothing that was there is gone; {chains} chain(s).\n"
        )
    } else {
        format!("All holds: {requests} support request(s) in {chains} chain(s).\n")
    };
    let erased = if *erased > 0 { format!("Erased, each on record: {erased}.\n") } else { String::new() };
    Ok(print(&(text + &erased))?)
}

/// Every fault on standard error but the first, which is the error.
pub(super) fn broken(faults: &Faults) -> anyhow::Error {
    let mut named = faults.named().iter();
    let Some(first) = named.next() else { return anyhow::anyhow!("it does not hold") };
    // Who does not read them still gets the exit status.
    named.for_each(|fault| say(&visible::harmless(&fault.to_string())));
    if faults.more() > 0 {
        say(&format!("and {} more", faults.more()));
    }
    first_of(first, faults.count())
}
