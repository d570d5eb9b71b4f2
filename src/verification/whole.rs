//! Everything is walked over.

use tokio::task::{JoinError, JoinHandle};

use super::{
    AcceptedCut, Fault, FaultKind, Faults, Heads, Plan, Report, Step, Thoroughness, VerificationError,
    decisions::Decisions, links::LinkWalk, requests::RequestWalk,
};
use crate::store::{Archive, Counts, Culprit, Links, Reader, Requests, StoreError};

/// Most rows that are named for one reason where all are wanted.
const CULPRITS_MAX: usize = 20_000;

/// Walks over everything in an archive.
///
/// # Errors
/// A database that cannot be read.
pub async fn whole(archive: &Archive, plan: &Plan) -> Result<Report, VerificationError> {
    let [mut links, mut requests, later] = archive.snapshot().await?;
    let decisions = Decisions::read(&mut links).await?;
    let mut link_walk = LinkWalk::new(plan.clone(), &decisions);
    let walking_links = Walking(tokio::spawn(async move {
        links.links(Links::All, |row| link_walk.step(row)).await?;
        Ok::<_, StoreError>((link_walk, links))
    }));
    let counts = requests.counts().await?;
    (plan.progress)(Step::Of(counts.events + counts.requests));
    let middle = requests.middle().await?;
    let later = middle.clone().map(|middle| walk_requests(plan, &decisions, later, Half::From(middle)));
    let earlier = walk_requests(plan, &decisions, requests, middle.map_or(Half::Whole, Half::Before));
    let (link_walk, _) = walking_links.end().await?;
    let (mut request_walk, requests) = earlier.end().await?;
    if let Some(later) = later {
        request_walk.append(later.end().await?.0);
    }
    Closing { plan, decisions, counts, link_walk, request_walk }.report(requests).await
}

/// Which of the requests one walk is over.
enum Half {
    Whole,
    Before(String),
    From(String),
}

fn walk_requests(plan: &Plan, decisions: &Decisions, mut reader: Reader, half: Half) -> Walking<(RequestWalk, Reader)> {
    let mut walk = RequestWalk::new(plan.clone(), decisions);
    Walking(tokio::spawn(async move {
        let which = match &half {
            Half::Whole => Requests::All,
            Half::Before(reference) => Requests::Before(reference),
            Half::From(reference) => Requests::From(reference),
        };
        reader.requests(which, |row| walk.step(row)).await?;
        walk.finish();
        Ok((walk, reader))
    }))
}

/// A walk under way. Whoever stops waiting for it ends it.
pub(super) struct Walking<T>(pub(super) JoinHandle<Result<T, StoreError>>);

impl<T> Walking<T> {
    pub(super) async fn end(mut self) -> Result<T, VerificationError> {
        let ended: Result<_, JoinError> = (&mut self.0).await;
        Ok(ended.map_err(|_| VerificationError::Interrupted)??)
    }
}

impl<T> Drop for Walking<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The walks, before they are held together.
struct Closing<'a> {
    plan: &'a Plan,
    decisions: Decisions,
    counts: Counts,
    link_walk: LinkWalk,
    request_walk: RequestWalk,
}

impl Closing<'_> {
    async fn report(mut self, reader: Reader) -> Result<Report, VerificationError> {
        let mut faults = std::mem::take(&mut self.link_walk.faults);
        faults.append(std::mem::take(&mut self.request_walk.faults));
        let mut cuts = Vec::new();
        let mut accepted = Vec::new();
        if self.plan.goes_on(&faults).is_continue() {
            self.link_walk.finish();
            (accepted, cuts) =
                std::mem::take(&mut self.link_walk.cuts).into_iter().partition(|cut| self.decisions.accepts(cut));
            self.count(&mut faults);
            self.pairs(reader, &mut faults).await?;
        }
        let only_cuts = faults.is_empty() && !cuts.is_empty();
        faults.append(cut_off(&cuts));
        faults.keep(self.plan.thoroughness);
        Ok(Report {
            faults,
            cuts,
            only_cuts,
            heads: Heads {
                version: Heads::VERSION,
                support_requests: self.counts.requests,
                audit_events: self.counts.events,
                heads: self.link_walk.ends,
            },
            links: self.link_walk.walked,
            requests: self.request_walk.walked,
            erased: self.request_walk.erased,
            decisions: self.decisions.all,
            witnessed: self.plan.witness.count(),
            accepted,
        })
    }

    /// As many rows were walked over as there are.
    fn count(&self, faults: &mut Faults) {
        for (table, there, walked) in [
            ("audit_events", self.counts.events, self.link_walk.walked),
            ("support_requests", self.counts.requests, self.request_walk.walked),
        ] {
            if there != walked {
                let problem = format!("the database counts {there} row(s), and gave {walked} of them to be read");
                faults.push(Fault::new(FaultKind::Counts, table, problem));
            }
        }
    }

    /// The tables say the same of every request, or those are named of which they do not.
    async fn pairs(&self, mut reader: Reader, faults: &mut Faults) -> Result<(), VerificationError> {
        if self.link_walk.tally.agrees(&self.request_walk.tally) {
            return Ok(());
        }
        let most = match self.plan.thoroughness {
            Thoroughness::FirstFault => 1,
            Thoroughness::AllFaults => CULPRITS_MAX,
        };
        for culprit in Culprit::ALL {
            for reference in reader.culprits(culprit, &self.decisions.references_before, most).await? {
                let (kind, problem) = fault_of(culprit);
                faults.push(Fault::new(kind, reference, problem));
            }
            if self.plan.goes_on(faults).is_break() {
                return Ok(());
            }
        }
        if faults.is_empty() {
            let problem = "the audit records and the support requests do not say the same, and no pair can be named";
            faults.push(Fault::new(FaultKind::Pair, "both tables", problem));
        }
        Ok(())
    }
}

/// Chains that end too early, each a fault.
pub(super) fn cut_off(cuts: &[AcceptedCut]) -> Faults {
    let mut faults = Faults::default();
    for AcceptedCut { chain, until, .. } in cuts {
        let record = format!("chain {chain}, link {until}");
        let problem = "the chain was cut off: this link was there when the heads were saved";
        faults.push(Fault::new(FaultKind::Heads, record, problem));
    }
    faults
}

fn fault_of(culprit: Culprit) -> (FaultKind, &'static str) {
    match culprit {
        Culprit::Unaudited => (FaultKind::Pair, "this request has no audit record"),
        Culprit::Missing => (FaultKind::Pair, "its support request is missing"),
        Culprit::Twice => (FaultKind::Pair, "two audit records say the same of this reference"),
        Culprit::Disagreeing => (FaultKind::Pair, "its audit record and its support request do not belong together"),
        Culprit::ErasedInSilence => (FaultKind::Erasure, "it is erased, and there is no record of that"),
        Culprit::NotErased => (FaultKind::Erasure, "its erasure is on record, and it is not erased"),
    }
}
