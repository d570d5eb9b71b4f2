//! The decision: the first row of one table that holds for a candidate takes it or leaves it.

mod row;
mod table;

use std::sync::LazyLock;

use crate::facts::candidate::{Candidate, Claim};
use crate::facts::known::{Held, Known};
use crate::facts::verdict::{Decision, Why};
use row::Row;
pub use row::RowSummary;
pub(crate) use table::ROWS;

/// The rows of each claim.
static BY_CLAIM: LazyLock<Vec<Vec<&Row>>> = LazyLock::new(|| {
    let of = |claim: usize| ROWS.iter().filter(|row| row.claims.iter().any(|known| *known as usize == claim)).collect();
    (0..=Claim::Vendor as usize).map(of).collect()
});

/// Takes the candidate or leaves it; the last row holds for all of them.
pub(crate) fn decide(candidate: &Candidate<'_>) -> Decision {
    let facts = Known::of(candidate);
    let rows = &BY_CLAIM[candidate.claim as usize];
    let row = rows.iter().copied().find(|row| row.holds(&facts)).unwrap_or(&ROWS[ROWS.len() - 1]);
    let held = row.all.iter().chain(row.any).filter(|fact| facts.has(**fact));
    let held = held.fold(Held::default(), |held, fact| held.and(*fact));
    Decision { verdict: row.verdict, why: Why { detector: candidate.detector, row: row.id, held } }
}
