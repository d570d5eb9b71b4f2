//! The decision: the first row of one table that holds for a candidate takes it or leaves it.

pub(crate) mod refused;
mod row;
mod table;

use crate::facts::candidate::Candidate;
use crate::facts::known::{Held, Known};
use crate::facts::verdict::{Decision, Why};
pub use row::RowSummary;
pub(crate) use table::ROWS;

/// Takes the candidate or leaves it; the last row holds for all of them.
pub(crate) fn decide(candidate: &Candidate<'_>) -> Decision {
    let facts = Known::of(candidate);
    let row = ROWS.iter().find(|row| row.holds(&facts)).unwrap_or(&ROWS[ROWS.len() - 1]);
    let mut held = Held::default();
    for fact in row.all.iter().chain(row.any).filter(|fact| facts.has(**fact)) {
        held.add(*fact);
    }
    Decision { verdict: row.verdict, why: Why { detector: candidate.detector, row: row.id, held } }
}
