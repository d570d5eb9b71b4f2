//! The walks over what came since: one over the links, and then two over the requests that they speak of.

use std::{collections::HashSet, ops::ControlFlow};

use super::came::{References, Stretch};
use crate::{
    domain::record::{AuditRecord, CREATED_EVENT, ERASED_EVENT, Record},
    integrity::ChainEnd,
    store::{Links, Reader, Requests, StoreError, Unread},
    verification::{AcceptedCut, Fault, FaultKind, Plan, decisions::Decisions, links::LinkWalk, requests::RequestWalk},
};

/// The walk over the links.
pub(super) struct LinkSide {
    plan: Plan,
    pub(super) walk: LinkWalk,
    pub(super) heads_met: u64,
    pub(super) cuts: Vec<AcceptedCut>,
    pub(super) created: References,
    pub(super) erased: References,
}

impl LinkSide {
    pub(super) fn new(plan: &Plan, decisions: &Decisions, gone: Vec<AcceptedCut>) -> Self {
        Self {
            plan: plan.clone(),
            walk: LinkWalk::new(plan.clone(), decisions),
            heads_met: 0,
            cuts: gone,
            created: References::default(),
            erased: References::default(),
        }
    }

    /// Walks over the chains, each from the head on that was saved of it.
    pub(super) async fn run(
        mut self,
        mut reader: Reader,
        beginnings: Vec<(String, Option<ChainEnd>)>,
    ) -> Result<Self, StoreError> {
        for (chain, head) in beginnings {
            self.chain(&mut reader, &chain, head).await?;
            if self.plan.goes_on(&self.walk.faults).is_break() {
                break;
            }
        }
        self.walk.finish();
        for references in [&mut self.created, &mut self.erased] {
            for reference in references.sort() {
                let problem = "two audit records say the same of this reference";
                self.walk.faults.push(Fault::new(FaultKind::Pair, reference, problem));
            }
        }
        Ok(self)
    }

    async fn chain(&mut self, reader: &mut Reader, chain: &str, mut head: Option<ChainEnd>) -> Result<(), StoreError> {
        let from = head.as_ref().map_or(i64::MIN, |head| head.sequence);
        let each = |row: Result<AuditRecord, Unread>| {
            match head.take() {
                Some(head) => self.head(head, row),
                None => self.link(row),
            }
            self.plan.goes_on(&self.walk.faults)
        };
        reader.links(Links::From { chain, from }, each).await?;
        if let Some(head) = head.take() {
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

    fn cut(&mut self, head: ChainEnd) {
        self.cuts.push(AcceptedCut { chain: head.chain, kept: 0, until: head.sequence });
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

/// A walk over the requests.
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

    /// Takes in what another walk found.
    pub(super) fn append(&mut self, other: Self) {
        self.since += other.since;
        self.erased += other.erased;
        self.walk.append(other.walk);
    }

    fn goes_on(&self) -> bool {
        self.plan.goes_on(&self.walk.faults).is_continue()
    }

    /// Walks over those that came, and then over those that were erased, whenever they came.
    pub(super) async fn run(
        mut self,
        mut reader: Reader,
        created: References,
        erased: References,
    ) -> Result<Self, StoreError> {
        for stretch in created.stretches() {
            self.stretch(&mut reader, stretch).await?;
        }
        self.created(&mut reader, created.others()).await?;
        for list in erased.lists() {
            self.erased(&mut reader, &list).await?;
        }
        self.walk.finish();
        Ok(self)
    }

    /// What came since came one after the other, so it is read as it stands there. Only where one reference is far from
    /// the rest, the rest is looked for one by one.
    async fn stretch(&mut self, reader: &mut Reader, stretch: Stretch<'_>) -> Result<(), StoreError> {
        let Some([first, last]) = stretch.ends().filter(|_| self.goes_on()) else { return Ok(()) };
        let (mut erased, mut read, mut reached) = (Vec::new(), 0, String::new());
        let each = |row: Result<Record, Unread>| {
            read += 1;
            let reference = row.as_ref().map_or_else(|unread| &unread.row, |record| &record.reference);
            if stretch.contains(reference) {
                reached.clone_from(reference);
                self.came(row, &mut erased);
            }
            ControlFlow::Continue(())
        };
        let most = stretch.rows_max();
        reader.requests(Requests::Between { first: &first, last: &last, most }, each).await?;
        self.on_record(reader, erased).await?;
        if read == most { self.created(reader, &stretch.behind(&reached)).await } else { Ok(()) }
    }

    async fn created(&mut self, reader: &mut Reader, references: &[String]) -> Result<(), StoreError> {
        if references.is_empty() || !self.goes_on() {
            return Ok(());
        }
        let mut erased = Vec::new();
        let each = |row: Result<Record, Unread>| {
            self.came(row, &mut erased);
            ControlFlow::Continue(())
        };
        reader.requests(Requests::Of(references), each).await?;
        self.on_record(reader, erased).await
    }

    fn came(&mut self, row: Result<Record, Unread>, erased: &mut Vec<String>) {
        self.since += 1;
        if let Some(record) = self.walk.look(row) {
            self.walk.tally.add_request(&record);
            if record.is_erased() {
                erased.push(record.reference);
            }
        }
    }

    /// Requests that are erased by now must have a record of that.
    async fn on_record(&mut self, reader: &mut Reader, erased: Vec<String>) -> Result<(), StoreError> {
        if erased.is_empty() {
            return Ok(());
        }
        let on_record: HashSet<String> = reader.erased_among(&erased).await?.into_iter().collect();
        for reference in erased.into_iter().filter(|reference| !on_record.contains(reference)) {
            let problem = "it is erased, and there is no record of that";
            self.walk.faults.push(Fault::new(FaultKind::Erasure, reference, problem));
        }
        Ok(())
    }

    async fn erased(&mut self, reader: &mut Reader, references: &[String]) -> Result<(), StoreError> {
        if !self.goes_on() {
            return Ok(());
        }
        // They may have come since, and been looked at.
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
