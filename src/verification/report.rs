//! What came of a verification.

use super::{AcceptedCut, Decision, Faults, Heads};

/// Everything that can be said.
#[derive(Debug, Clone)]
pub struct Report {
    /// What is wrong, in the order in which it was found.
    pub faults: Faults,
    /// Ends of chains that are gone, as among the faults.
    pub cuts: Vec<AcceptedCut>,
    /// Whether these cuts are all that is wrong.
    pub only_cuts: bool,
    /// The newest link of every chain, and how many rows there are.
    pub heads: Heads,
    /// How many links were walked over.
    pub links: u64,
    /// How many requests were walked over.
    pub requests: u64,
    /// How many of these are erased.
    pub erased: u64,
    /// Everything that was decided about the archive.
    pub decisions: Vec<Decision>,
    /// How many links that were there before were looked for.
    pub witnessed: u64,
    /// Ends of chains that are gone by decision.
    pub accepted: Vec<Accepted>,
}

/// The end of a chain that is gone by decision.
pub type Accepted = AcceptedCut;

impl Report {
    /// Whether all holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.faults.is_empty()
    }

    /// Whether nothing is there at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.heads.support_requests == 0 && self.heads.audit_events == 0
    }
}
