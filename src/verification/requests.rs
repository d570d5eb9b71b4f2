//! The walk over the requests: digests, erasures, twins.

use std::ops::ControlFlow;

use super::{Fault, FaultKind, Faults, Plan, Step, decisions::Decisions, links::PROGRESS_STEP, sums::Tally};
use crate::{
    domain::record::Record,
    integrity::{is_canonical, record_fits},
    store::Unread,
};

/// Where the walk is, and what it found.
pub(super) struct RequestWalk {
    plan: Plan,
    references_before: String,
    /// The reference before, if there is one: the empty text may be one, too.
    last: Option<String>,
    pub(super) walked: u64,
    pub(super) erased: u64,
    pub(super) faults: Faults,
    pub(super) tally: Tally,
}

impl RequestWalk {
    pub(super) fn new(plan: Plan, decisions: &Decisions) -> Self {
        let tally = Tally::new(plan.key);
        let references_before = decisions.references_before.clone();
        Self { plan, references_before, last: None, walked: 0, erased: 0, faults: Faults::default(), tally }
    }

    /// Takes the next row.
    pub(super) fn step(&mut self, row: Result<Record, Unread>) -> ControlFlow<()> {
        if let Some(record) = self.look(row) {
            self.tally.add_request(&record);
            if record.is_erased() {
                self.tally.add_erased_request(&record);
            }
        }
        self.plan.goes_on(&self.faults)
    }

    /// What comes next may be what was looked at before.
    pub(super) fn reset_order(&mut self) {
        self.last = None;
    }

    /// Looks at a row by itself; the record, if it can be read.
    pub(super) fn look(&mut self, row: Result<Record, Unread>) -> Option<Record> {
        self.walked += 1;
        if self.walked.is_multiple_of(PROGRESS_STEP) {
            (self.plan.progress)(Step::Done(PROGRESS_STEP));
        }
        let record = match row {
            Ok(record) => record,
            Err(unread) => {
                let problem = unread.problem();
                self.faults.push(Fault::new(FaultKind::Unreadable, unread.row, problem));
                return None;
            }
        };
        self.erased += u64::from(record.is_erased());
        let mut fault = |kind, problem: &str| self.faults.push(Fault::new(kind, record.reference.as_str(), problem));
        if self.last.as_ref() == Some(&record.reference) {
            fault(FaultKind::SupportRequest, "this reference stands there twice");
        }
        if !record_fits(&record) {
            if is_canonical(&record.context) {
                fault(FaultKind::SupportRequest, "its support request was changed");
            } else {
                fault(FaultKind::Unreadable, &Unread::of_context(&record).problem());
            }
        }
        if record.reference < self.references_before {
            fault(FaultKind::Dropped, "it is still there, though its partition was dropped");
        }
        self.last.get_or_insert_default().clone_from(&record.reference);
        Some(record)
    }

    /// Takes in what a walk over the rows behind these found.
    pub(super) fn append(&mut self, later: Self) {
        self.walked += later.walked;
        self.erased += later.erased;
        self.faults.append(later.faults);
        self.tally.append(&later.tally);
    }

    /// The walk is over.
    pub(super) fn finish(&self) {
        (self.plan.progress)(Step::Done(self.walked % PROGRESS_STEP));
    }
}
