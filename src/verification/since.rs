//! Only what came since heads were saved is walked over, and the rows before are counted.

mod came;
mod links;
mod requests;
mod spans;

use std::ops::ControlFlow;

use self::{links::LinkSide, requests::RequestSide, spans::Span};
use super::{
    Fault, FaultKind, Faults, Heads, Plan, Report, Step, VerificationError,
    decisions::Decisions,
    whole::{Walking, cut_off},
};
use crate::store::{Archive, Counts, Reader, StoreError};

/// Walks over what came since `heads` were saved: links of known chains behind their heads, chains that are new, and the
/// requests of all these.
///
/// # Errors
/// A database that cannot be read; heads of before a decision that removed rows.
pub async fn since(archive: &Archive, plan: &Plan, heads: &Heads) -> Result<Report, VerificationError> {
    let [mut links, later_links, counting] = archive.snapshot().await?;
    let decisions = Decisions::read(&mut links).await?;
    let ([earlier, later], gone) = spans::halves(links.chains().await?, heads);
    // Counted while links are walked over: the requests to walk over are not known yet.
    let counting = Walking(tokio::spawn(count(counting)));
    let later = walk_links(plan, &decisions, later_links, later);
    let earlier = walk_links(plan, &decisions, links, earlier);
    let (counts, reader) = counting.end().await?;
    let came = (counts.events + counts.requests).saturating_sub(heads.audit_events + heads.support_requests);
    (plan.progress)(Step::Of(came));
    let (mut link_side, other_reader) = earlier.end().await?;
    link_side.append(later.end().await?.0);
    link_side.finish();
    link_side.cuts.splice(0..0, gone);
    let request_side = walk_requests(plan, &decisions, &mut link_side, [reader, other_reader]).await?;
    let report = report(plan, heads, &decisions, counts, link_side, request_side);
    let is_newer =
        |chain: &str, sequence: i64| !heads.heads.iter().any(|head| head.chain == chain && head.sequence >= sequence);
    let rows_are_gone = report.faults.named().iter().any(|fault| fault.kind == FaultKind::Counts);
    let decided = decisions.all.iter().any(|decision| is_newer(&decision.chain, decision.sequence));
    if decided && (rows_are_gone || !report.cuts.is_empty()) {
        return Err(VerificationError::RowsRemoved("somebody decided that rows are gone"));
    }
    Ok(report)
}

async fn count(mut reader: Reader) -> Result<(Counts, Reader), StoreError> {
    Ok((reader.quick_counts().await?, reader))
}

fn walk_links(plan: &Plan, decisions: &Decisions, mut reader: Reader, spans: Vec<Span>) -> Walking<(LinkSide, Reader)> {
    let walk = LinkSide::new(plan, decisions);
    Walking(tokio::spawn(async move { Ok((walk.run(&mut reader, spans).await?, reader)) }))
}

/// Walks over the requests that links speak of, in two halves at once.
async fn walk_requests(
    plan: &Plan,
    decisions: &Decisions,
    links: &mut LinkSide,
    readers: [Reader; 2],
) -> Result<RequestSide, VerificationError> {
    let mut whole = RequestSide::new(plan, decisions);
    if plan.goes_on(&links.walk.faults).is_break() {
        return Ok(whole);
    }
    let created = std::mem::take(&mut links.created).halves();
    let erased = std::mem::take(&mut links.erased).halves();
    let halves = readers.into_iter().zip(created.into_iter().zip(erased));
    let walking: Vec<_> = halves
        .map(|(reader, (created, erased))| {
            Walking(tokio::spawn(RequestSide::new(plan, decisions).run(reader, created, erased)))
        })
        .collect();
    for half in walking {
        whole.append(half.end().await?);
    }
    Ok(whole)
}

fn report(
    plan: &Plan,
    heads: &Heads,
    decisions: &Decisions,
    counts: Counts,
    mut links: LinkSide,
    mut requests: RequestSide,
) -> Report {
    let mut faults = Faults::default();
    faults.append(std::mem::take(&mut links.walk.faults));
    faults.append(std::mem::take(&mut requests.walk.faults));
    if plan.goes_on(&faults) == ControlFlow::Continue(()) {
        for (table, then, since, now) in [
            ("audit_events", heads.audit_events, links.walk.walked, counts.events),
            ("support_requests", heads.support_requests, requests.since, counts.requests),
        ] {
            if then + since != now {
                let problem = format!("{then} row(s) were there and {since} came since, and {now} are there now");
                faults.push(Fault::new(FaultKind::Counts, table, problem));
            }
        }
        if !links.walk.tally.agrees(&requests.walk.tally) {
            let problem = "the audit records and the support requests that came since do not say the same: `verify` \
                without --from names those";
            faults.push(Fault::new(FaultKind::Pair, "both tables", problem));
        }
        faults.append(cut_off(&links.cuts));
    }
    faults.keep(plan.thoroughness);
    Report {
        faults,
        cuts: links.cuts,
        only_cuts: false,
        heads: Heads {
            version: Heads::VERSION,
            support_requests: counts.requests,
            audit_events: counts.events,
            heads: links.walk.ends,
        },
        links: links.walk.walked,
        requests: requests.since,
        erased: requests.erased,
        decisions: decisions.all.clone(),
        witnessed: links.heads_met,
        accepted: Vec::new(),
    }
}
