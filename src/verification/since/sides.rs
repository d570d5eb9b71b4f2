//! The two walks over what came since: one over the links, and behind it one over the requests that they speak of.

use std::ops::ControlFlow;

use tokio::sync::mpsc::{Receiver, Sender};

use crate::{
    domain::record::{AuditRecord, CREATED_EVENT, ERASED_EVENT, Record},
    integrity::ChainEnd,
    store::{Links, Reader, Requests, StoreError, Unread},
    verification::{AcceptedCut, Fault, FaultKind, Plan, decisions::Decisions, links::LinkWalk, requests::RequestWalk},
};

/// Links that are asked for at once, and so references of a batch at most.
const PAGE: usize = 1_000;

/// References of which links speak.
#[derive(Default)]
pub(super) struct Batch {
    created: Vec<String>,
    erased: Vec<String>,
}

/// The walk over the links.
pub(super) struct LinkSide {
    plan: Plan,
    pub(super) walk: LinkWalk,
    pub(super) heads_met: u64,
    pub(super) cuts: Vec<AcceptedCut>,
    batch: Batch,
}

impl LinkSide {
    pub(super) fn new(plan: &Plan, decisions: &Decisions, gone: Vec<AcceptedCut>) -> Self {
        let walk = LinkWalk::new(plan.clone(), decisions);
        Self { plan: plan.clone(), walk, heads_met: 0, cuts: gone, batch: Batch::default() }
    }

    /// Walks over the chains, each from the head on that was saved of it.
    pub(super) async fn run(
        mut self,
        mut reader: Reader,
        beginnings: Vec<(String, Option<ChainEnd>)>,
        batches: Sender<Batch>,
    ) -> Result<Self, StoreError> {
        for (chain, mut head) in beginnings {
            let mut next = head.as_ref().map(|head| head.sequence);
            while let Some((taken, last)) = self.page(&mut reader, &chain, next, &mut head).await? {
                // Who reads the requests failed, and says so.
                let sent = batches.send(std::mem::take(&mut self.batch)).await.is_ok();
                let is_last = taken < PAGE || last == i64::MAX;
                if is_last || !sent || self.plan.goes_on(&self.walk.faults).is_break() {
                    break;
                }
                next = Some(last + 1);
            }
        }
        self.walk.finish();
        Ok(self)
    }

    /// One page of a chain: how many rows there were, and the last number. None where there is nothing at all.
    async fn page(
        &mut self,
        reader: &mut Reader,
        chain: &str,
        from: Option<i64>,
        head: &mut Option<ChainEnd>,
    ) -> Result<Option<(usize, i64)>, StoreError> {
        let first = from.unwrap_or(i64::MIN);
        let (mut taken, mut last) = (0, first);
        let each = |row: Result<AuditRecord, Unread>| {
            taken += 1;
            last = row.as_ref().map_or(last, |link| link.sequence);
            match head.take() {
                Some(head) => self.head(head, row),
                None => self.link(row),
            }
            ControlFlow::Continue(())
        };
        reader.links(Links::Page { chain, from: first, most: PAGE }, each).await?;
        if let Some(head) = head.take() {
            self.cut(head);
        }
        Ok((taken > 0).then_some((taken, last)))
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

    fn cut(&mut self, head: ChainEnd) {
        self.cuts.push(AcceptedCut { chain: head.chain, kept: 0, until: head.sequence });
    }

    fn link(&mut self, row: Result<AuditRecord, Unread>) {
        if let Ok(AuditRecord { event, reference: Some(reference), .. }) = &row {
            match event.as_str() {
                CREATED_EVENT => self.batch.created.push(reference.clone()),
                ERASED_EVENT => self.batch.erased.push(reference.clone()),
                _ => {}
            }
        }
        // Whether it goes on is asked after the page.
        let _ = self.walk.step(row);
    }
}

/// The walk over the requests.
pub(super) struct RequestSide {
    plan: Plan,
    pub(super) walk: RequestWalk,
    /// How many came since.
    pub(super) since: u64,
    /// How many were erased since.
    pub(super) erased: u64,
}

impl RequestSide {
    pub(super) fn new(plan: &Plan, decisions: &Decisions) -> Self {
        Self { plan: plan.clone(), walk: RequestWalk::new(plan.clone(), decisions), since: 0, erased: 0 }
    }

    pub(super) async fn run(mut self, mut reader: Reader, mut batches: Receiver<Batch>) -> Result<Self, StoreError> {
        while let Some(Batch { created, erased }) = batches.recv().await {
            if self.plan.goes_on(&self.walk.faults).is_break() {
                continue;
            }
            self.created(&mut reader, &created).await?;
            self.erased(&mut reader, &erased).await?;
        }
        self.walk.finish();
        Ok(self)
    }

    /// Requests that came since; those that are erased by now must have a record of that.
    async fn created(&mut self, reader: &mut Reader, references: &[String]) -> Result<(), StoreError> {
        let mut erased = Vec::new();
        self.walk.reset_order();
        let each = |row: Result<Record, Unread>| {
            self.since += 1;
            if let Some(record) = self.walk.look(row) {
                self.walk.tally.add_request(&record);
                if record.is_erased() {
                    erased.push(record.reference);
                }
            }
            ControlFlow::Continue(())
        };
        reader.requests(Requests::Of(references), each).await?;
        let on_record = reader.erased_among(&erased).await?;
        for reference in erased.into_iter().filter(|reference| !on_record.contains(reference)) {
            let problem = "it is erased, and there is no record of that";
            self.walk.faults.push(Fault::new(FaultKind::Erasure, reference, problem));
        }
        Ok(())
    }

    /// Requests that were erased since, whenever they came.
    async fn erased(&mut self, reader: &mut Reader, references: &[String]) -> Result<(), StoreError> {
        self.walk.reset_order();
        let each = |row: Result<Record, Unread>| {
            if let Some(record) = self.walk.look(row).filter(Record::is_erased) {
                self.erased += 1;
                self.walk.tally.add_erased_request(&record);
            }
            ControlFlow::Continue(())
        };
        reader.requests(Requests::Of(references), each).await
    }
}
