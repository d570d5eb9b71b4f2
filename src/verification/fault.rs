//! What is wrong, and how much of it is kept.

use serde::Serialize;

use super::Thoroughness;

/// Most faults that are named. More are counted.
const FAULTS_MAX: usize = 50_000;

/// What a fault is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// A row is not what its columns hold.
    Unreadable,
    /// A link is missing, there twice, or hangs on another one.
    Chain,
    /// An audit record was changed.
    AuditRecord,
    /// A request was changed, or is there twice.
    SupportRequest,
    /// An audit record and a request do not belong together, or one of them is missing.
    Pair,
    /// Erased without a record, or the other way round.
    Erasure,
    /// A link that was there before is not, or is another.
    Heads,
    /// Other rows than were counted.
    Counts,
    /// What was dropped by decision is still there.
    Dropped,
    /// The database does not defend what is stored.
    Defences,
}

/// A broken record, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// What it is about.
    pub kind: FaultKind,
    /// The record: a reference, or a chain and a number.
    pub record: String,
    /// What is wrong.
    pub problem: String,
}

impl Fault {
    /// A fault.
    #[must_use]
    pub fn new(kind: FaultKind, record: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { kind, record: record.into(), problem: problem.into() }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.record, self.problem)
    }
}

/// Faults that were found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    named: Vec<Fault>,
    more: u64,
}

impl Faults {
    /// Adds one.
    pub fn push(&mut self, fault: Fault) {
        if self.named.len() < FAULTS_MAX {
            self.named.push(fault);
        } else {
            self.more += 1;
        }
    }

    /// Adds all of another.
    pub fn append(&mut self, other: Self) {
        self.more += other.more;
        other.named.into_iter().for_each(|fault| self.push(fault));
    }

    /// Forgets all but the first, where no more are wanted.
    pub fn keep(&mut self, thoroughness: Thoroughness) {
        if thoroughness == Thoroughness::FirstFault {
            self.named.truncate(1);
            self.more = 0;
        }
    }

    /// Those that are named, in the order in which they were found.
    #[must_use]
    pub fn named(&self) -> &[Fault] {
        &self.named
    }

    /// How many more there are.
    #[must_use]
    pub fn more(&self) -> u64 {
        self.more
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.named.len() as u64 + self.more
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.named.is_empty()
    }
}
