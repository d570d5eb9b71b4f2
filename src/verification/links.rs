//! The walk over the audit records: chains, digests, and what was there before.

use std::{ops::ControlFlow, sync::Arc};

use super::{
    AcceptedCut, Fault, FaultKind, Faults, Plan, Step,
    decisions::{Decisions, decision},
    sums::Tally,
};
use crate::{
    domain::record::{ARCHIVE_EVENTS, AuditRecord, CREATED_EVENT, ERASED_EVENT},
    integrity::{ChainEnd, NO_PREVIOUS, link_fits},
    store::Unread,
};

/// Rows between two words of progress.
pub(super) const PROGRESS_STEP: u64 = 500;

/// Where the walk is, and what it found.
pub(super) struct LinkWalk {
    plan: Plan,
    references_before: String,
    chains_before: String,
    /// The last link of every chain that was walked over.
    pub(super) ends: Vec<ChainEnd>,
    pub(super) walked: u64,
    pub(super) faults: Faults,
    pub(super) tally: Tally,
    /// Chains that end before a link that is known to have been there.
    pub(super) cuts: Vec<AcceptedCut>,
    /// How many of the links of the current chain that were there before were passed.
    passed: usize,
}

impl LinkWalk {
    pub(super) fn new(plan: Plan, decisions: &Decisions) -> Self {
        let tally = Tally::new(plan.key);
        let (references_before, chains_before) = (decisions.references_before.clone(), decisions.chains_before.clone());
        Self {
            plan,
            references_before,
            chains_before,
            ends: Vec::new(),
            walked: 0,
            faults: Faults::default(),
            tally,
            cuts: Vec::new(),
            passed: 0,
        }
    }

    /// Takes the next row.
    pub(super) fn step(&mut self, row: Result<AuditRecord, Unread>) -> ControlFlow<()> {
        self.walked += 1;
        if self.walked.is_multiple_of(PROGRESS_STEP) {
            (self.plan.progress)(Step::Done(PROGRESS_STEP));
        }
        match row {
            Ok(link) => {
                self.begin_chain(&link.chain);
                self.check_link(&link);
                self.check_content(&link);
                self.check_known_head(&link);
                self.advance(link);
            }
            Err(unread) => {
                let problem = unread.problem();
                self.faults.push(Fault::new(FaultKind::Unreadable, unread.row, problem));
            }
        }
        self.plan.goes_on(&self.faults)
    }

    fn fault(&mut self, kind: FaultKind, link: &AuditRecord, problem: &str) {
        let about = link.reference.as_deref().unwrap_or("the archive");
        let record = format!("{about} (chain {}, link {})", link.chain, link.sequence);
        self.faults.push(Fault::new(kind, record, problem));
    }

    /// Whether it is the next link of its chain.
    fn check_link(&mut self, link: &AuditRecord) {
        let last = self.ends.last().filter(|end| end.chain == link.chain);
        let (sequence, previous) = last.map_or((0, NO_PREVIOUS), |end| (end.sequence, end.digest.as_str()));
        let hangs = link.previous == previous;
        let problem = match link.sequence {
            _ if !is_ulid(&link.chain) => "no writer names a chain so",
            ..1 => "no link has such a number",
            number if number == sequence => "this link stands there twice",
            number if number != sequence + 1 => "the link before it is missing",
            _ if !hangs => "it does not hang on the link before it",
            _ if link.chain < self.chains_before => {
                return self.fault(FaultKind::Dropped, link, "it is still there, though its partition was dropped");
            }
            _ => return,
        };
        self.fault(FaultKind::Chain, link, problem);
    }

    /// Whether it says what was written, and about what.
    fn check_content(&mut self, link: &AuditRecord) {
        let fits = link_fits(link);
        if !fits {
            self.fault(FaultKind::AuditRecord, link, "its audit record was changed");
        }
        let is_about_a_request = link.reference.is_some();
        match link.event.as_str() {
            CREATED_EVENT | ERASED_EVENT if is_about_a_request => {
                if link.reference.as_deref().is_some_and(|reference| reference < self.references_before.as_str()) {
                    return;
                }
                if link.event == CREATED_EVENT {
                    self.tally.add_created(link);
                } else {
                    self.tally.add_erasure(link);
                }
            }
            event if ARCHIVE_EVENTS.contains(&event) && !is_about_a_request && decision(link).is_some() => {}
            // Told already.
            _ if !fits => {}
            _ => self.fault(FaultKind::AuditRecord, link, "it says nothing that an audit record says"),
        }
        if link.actor_salt.is_none() && link.event != CREATED_EVENT {
            self.fault(FaultKind::Erasure, link, "who it was is erased, which only the erasure of a request does");
        }
    }

    /// Whether it is the link that was there before.
    fn check_known_head(&mut self, link: &AuditRecord) {
        let witness = Arc::clone(&self.plan.witness);
        let seen = witness.of_chain(&link.chain);
        while let Some(expected) = seen.get(self.passed).filter(|expected| expected.sequence <= link.sequence) {
            self.passed += 1;
            if expected.sequence == link.sequence && expected.digest != link.digest {
                self.fault(FaultKind::Heads, link, "it is not the link that was there when the heads were saved");
            }
        }
    }

    /// Closes the chain before, where a link begins another.
    fn begin_chain(&mut self, chain: &str) {
        if self.ends.last().is_none_or(|end| end.chain != chain) {
            self.close_chain();
            self.passed = 0;
        }
    }

    fn advance(&mut self, link: AuditRecord) {
        let AuditRecord { chain, sequence, digest, .. } = link;
        match self.ends.last_mut() {
            Some(end) if end.chain == chain => (end.sequence, end.digest) = (sequence, digest),
            _ => self.ends.push(ChainEnd { chain, sequence, digest }),
        }
    }

    /// The current chain reaches no further. Was there more of it?
    fn close_chain(&mut self) {
        let Some(end) = self.ends.last() else { return };
        let seen = self.plan.witness.of_chain(&end.chain);
        if let Some(last) = seen.last().filter(|last| last.sequence > end.sequence) {
            self.cuts.push(AcceptedCut { chain: end.chain.clone(), kept: end.sequence, until: last.sequence });
        }
    }

    /// Takes in what a walk over the links behind these found, which goes on where this one ended.
    pub(super) fn append(&mut self, later: Self) {
        self.walked += later.walked;
        self.faults.append(later.faults);
        self.tally.append(&later.tally);
        self.ends.extend(later.ends);
    }

    /// The walk is over. Which chains were there before, and are not any more, or not so far?
    pub(super) fn finish(&mut self) {
        (self.plan.progress)(Step::Done(self.walked % PROGRESS_STEP));
        self.close_chain();
        let mut walked = self.ends.iter().map(|end| end.chain.as_str()).peekable();
        for (chain, last) in self.plan.witness.chains() {
            while walked.next_if(|walked| *walked < chain.as_str()).is_some() {}
            if walked.peek() != Some(&chain.as_str()) {
                self.cuts.push(AcceptedCut { chain: chain.clone(), kept: 0, until: last.sequence });
            }
        }
        self.cuts.sort_unstable();
    }
}

/// Whether a text is a ULID as the writer writes it.
pub(super) fn is_ulid(text: &str) -> bool {
    text.len() == 26
        && matches!(text.as_bytes()[0], b'0'..=b'7')
        && text.bytes().all(
            |byte| matches!(byte, b'0'..=b'9' | b'A'..=b'H' | b'J' | b'K' | b'M' | b'N' | b'P'..=b'T' | b'V'..=b'Z'),
        )
}
