//! Recomputes everything that is stored, and holds it together. Specified in `specs/integrity.md`.
//!
//! Walks go on at once, over each table in the order of its key, the requests in two halves, in one snapshot. What ties the tables together is a
//! sum over each: equal sums, equal rows. Only where they differ is it looked for which rows do not fit. Memory does not
//! grow with the tables.

mod decisions;
mod fault;
mod heads;
mod links;
mod report;
mod requests;
mod since;
mod sums;
mod whole;
mod witness;

use std::{ops::ControlFlow, sync::Arc};

pub use decisions::{AcceptedCut, Decision, Reach};
pub use fault::{Fault, FaultKind, Faults};
pub use heads::{Heads, NotHeads};
pub use report::{Accepted, Report};
pub use since::since;
pub use whole::whole;
pub use witness::Witness;

use crate::store::StoreError;

/// Whether the first fault ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thoroughness {
    /// It does.
    FirstFault,
    /// All faults are looked for.
    AllFaults,
}

/// How to verify.
#[derive(Clone)]
pub struct Plan {
    /// Whether the first fault ends it.
    pub thoroughness: Thoroughness,
    /// Links that were there before.
    pub witness: Arc<Witness>,
    /// Of the sums: random, so that nobody can have prepared rows that add up.
    pub key: [u8; 32],
    /// Told of how many rows there are, and of every so many that were walked over.
    pub progress: Progress,
}

impl Plan {
    /// Whether the rest is wanted, with these faults.
    fn goes_on(&self, faults: &Faults) -> ControlFlow<()> {
        if faults.is_empty() || self.thoroughness == Thoroughness::AllFaults {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    }
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// So many rows there are.
    Of(u64),
    /// So many more were walked over.
    Done(u64),
}

/// Told how far it is.
pub type Progress = Arc<dyn Fn(Step) + Send + Sync>;

/// Why nothing can be said.
#[derive(Debug, thiserror::Error)]
pub enum VerificationError {
    /// The database could not be read.
    #[error("the database could not be read")]
    Unread(#[from] StoreError),
    /// A walk ended before its end.
    #[error("the verification was interrupted")]
    Interrupted,
    /// What came since cannot be told from what was there.
    #[error(
        "{0} after these heads were saved, so what came since cannot be counted: run `verify --against` them once, which \
         walks everything, and save new heads"
    )]
    RowsRemoved(&'static str),
}
