//! The walks over the links that came since, in two halves at once.

use super::{
    came::References,
    spans::{Begins, Span},
};
use crate::{
    domain::record::{AuditRecord, CREATED_EVENT, ERASED_EVENT},
    integrity::ChainEnd,
    store::{Links, Reader, StoreError, Unread},
    verification::{AcceptedCut, Fault, FaultKind, Plan, decisions::Decisions, links::LinkWalk},
};

/// A walk over links.
pub(super) struct LinkSide {
    plan: Plan,
    pub(super) walk: LinkWalk,
    pub(super) heads_met: u64,
    pub(super) cuts: Vec<AcceptedCut>,
    pub(super) created: References,
    pub(super) erased: References,
    /// The link that another walk ended with, as it stands there for this one.
    joint: Option<ChainEnd>,
}

impl LinkSide {
    pub(super) fn new(plan: &Plan, decisions: &Decisions) -> Self {
        Self {
            plan: plan.clone(),
            walk: LinkWalk::new(plan.clone(), decisions),
            heads_met: 0,
            cuts: Vec::new(),
            created: References::default(),
            erased: References::default(),
            joint: None,
        }
    }

    /// Walks over stretches of chains.
    pub(super) async fn run(mut self, reader: &mut Reader, spans: Vec<Span>) -> Result<Self, StoreError> {
        for span in spans {
            self.span(reader, span).await?;
            if self.plan.goes_on(&self.walk.faults).is_break() {
                break;
            }
        }
        self.walk.finish();
        Ok(self)
    }

    async fn span(&mut self, reader: &mut Reader, span: Span) -> Result<(), StoreError> {
        let (from, to) = (span.first(), span.last);
        let mut begins = Some(span.begins);
        let each = |row: Result<AuditRecord, Unread>| {
            match begins.take() {
                Some(Begins::Head(head)) => self.head(head, row),
                Some(Begins::Joint(sequence)) => self.joint(sequence, row),
                Some(Begins::Anew) | None => self.link(row),
            }
            self.plan.goes_on(&self.walk.faults)
        };
        reader.links(Links::Between { chain: &span.chain, from, to }, each).await?;
        if let Some(Begins::Head(head)) = begins {
            self.cut(head);
        }
        Ok(())
    }

    /// The link that a chain ended with must be the one that was there.
    fn head(&mut self, head: ChainEnd, row: Result<AuditRecord, Unread>) {
        match row {
            Ok(link) if link.sequence == head.sequence => {
                self.heads_met += 1;
                if link.digest != head.digest {
                    let record = format!("chain {}, link {}", head.chain, head.sequence);
                    let problem = "it is not the link that was there when the heads were saved";
                    self.walk.faults.push(Fault::new(FaultKind::Heads, record, problem));
                }
                self.walk.ends.push(head);
            }
            row => {
                self.cut(head);
                self.link(row);
            }
        }
    }

    /// The other walk looks at that link too, and counts it. Where it is not there, what comes next hangs on nothing.
    fn joint(&mut self, sequence: i64, row: Result<AuditRecord, Unread>) {
        match row {
            Ok(AuditRecord { chain, sequence: found, digest, .. }) if found == sequence => {
                let joint = ChainEnd { chain, sequence, digest };
                self.joint = Some(joint.clone());
                self.walk.ends.push(joint);
            }
            Ok(link) => self.link(Ok(link)),
            Err(_) => {}
        }
    }

    fn cut(&mut self, head: ChainEnd) {
        self.cuts.push(AcceptedCut { chain: head.chain, kept: 0, until: head.sequence });
    }

    /// Takes in what the walk over the stretches behind these found.
    pub(super) fn append(&mut self, later: Self) {
        let reached = self.walk.ends.pop_if(|end| later.walk.ends.first().is_some_and(|next| next.chain == end.chain));
        if let Some(joint) = later.joint.filter(|joint| reached.as_ref().is_some_and(|reached| reached != joint)) {
            let record = format!("chain {}, link {}", joint.chain, joint.sequence);
            self.walk.faults.push(Fault::new(FaultKind::Chain, record, "it was read twice, and is not the same"));
        }
        self.walk.append(later.walk);
        self.heads_met += later.heads_met;
        self.cuts.extend(later.cuts);
        self.created.append(later.created);
        self.erased.append(later.erased);
    }

    /// All walks are over: no two links say the same of one reference.
    pub(super) fn finish(&mut self) {
        for references in [&mut self.created, &mut self.erased] {
            for reference in references.sort() {
                let problem = "two audit records say the same of this reference";
                self.walk.faults.push(Fault::new(FaultKind::Pair, reference, problem));
            }
        }
    }

    fn link(&mut self, row: Result<AuditRecord, Unread>) {
        if let Ok(AuditRecord { event, reference: Some(reference), .. }) = &row {
            match event.as_str() {
                CREATED_EVENT => self.created.add(reference),
                ERASED_EVENT => self.erased.add(reference),
                _ => {}
            }
        }
        // Whoever calls asks whether it goes on.
        let _ = self.walk.step(row);
    }
}
