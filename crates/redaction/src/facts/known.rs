//! Facts are worked out when a row first asks for them, and once.

use std::cell::Cell;

use crate::facts::candidate::{Candidate, Facts};
use crate::facts::list::{COUNT, Fact, OF, TEXTS};

/// Which facts hold, as bits in their order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Held(u128);

impl Held {
    pub(crate) fn and(self, fact: Fact) -> Self {
        Self(self.0 | 1 << fact as u32)
    }

    /// What they say, in their order.
    pub(crate) fn texts(self) -> impl Iterator<Item = &'static str> {
        (0..COUNT).filter(move |at| self.0 >> at & 1 == 1).map(|at| TEXTS[at])
    }
}

/// What is known of a candidate so far.
pub(crate) struct Known<'c, 't> {
    facts: Facts<'c, 't>,
    asked: Cell<u128>,
    holds: Cell<u128>,
}

impl<'c, 't> Known<'c, 't> {
    pub(crate) fn of(candidate: &'c Candidate<'t>) -> Self {
        Self { facts: Facts::of(candidate), asked: Cell::new(0), holds: Cell::new(0) }
    }

    pub(crate) fn has(&self, fact: Fact) -> bool {
        let bit = 1 << fact as u32;
        if self.asked.get() & bit == 0 {
            let holds = OF[fact as usize](&self.facts);
            self.asked.set(self.asked.get() | bit);
            if holds {
                self.holds.set(self.holds.get() | bit);
            }
        }
        self.holds.get() & bit != 0
    }
}
