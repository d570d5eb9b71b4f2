//! The walks over the requests that the links speak of, in two halves at once.

use std::{collections::HashSet, ops::ControlFlow};

use super::came::{References, Stretch};
use crate::{
    domain::record::Record,
    store::{Reader, Requests, StoreError, Unread},
    verification::{Fault, FaultKind, Plan, decisions::Decisions, requests::RequestWalk},
};

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
