//! A row of the policy.

use crate::facts::candidate::Claim;
use crate::facts::known::Known;
use crate::facts::list::{Fact, TEXTS};
use crate::facts::verdict::Verdict;

/// One decision: for which candidates, on which facts, and why.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub id: &'static str,
    /// The candidates it is shown.
    pub claims: &'static [Claim],
    /// Facts that must all hold, of which one must hold (where there are any), and of which none may.
    pub all: &'static [Fact],
    pub any: &'static [Fact],
    pub not: &'static [Fact],
    pub verdict: Verdict,
    pub why: &'static str,
    /// Texts in which `«…»` goes: by this row where it takes.
    pub goes: &'static [&'static str],
    /// Texts that stay as they are: by this row where it leaves.
    pub stays: &'static [&'static str],
}

impl Row {
    const fn new(id: &'static str, claims: &'static [Claim], verdict: Verdict, why: &'static str) -> Self {
        Self { id, claims, all: &[], any: &[], not: &[], verdict, why, goes: &[], stays: &[] }
    }

    pub(crate) const fn take(id: &'static str, claims: &'static [Claim], why: &'static str) -> Self {
        Self::new(id, claims, Verdict::Take, why)
    }

    pub(crate) const fn leave(id: &'static str, claims: &'static [Claim], why: &'static str) -> Self {
        Self::new(id, claims, Verdict::Leave, why)
    }

    pub(crate) const fn all(self, all: &'static [Fact]) -> Self {
        Self { all, ..self }
    }

    pub(crate) const fn any(self, any: &'static [Fact]) -> Self {
        Self { any, ..self }
    }

    pub(crate) const fn not(self, not: &'static [Fact]) -> Self {
        Self { not, ..self }
    }

    pub(crate) const fn shown(self, goes: &'static [&'static str], stays: &'static [&'static str]) -> Self {
        Self { goes, stays, ..self }
    }

    /// Whether it decides of this candidate, to which it is shown.
    pub(crate) fn holds(&self, facts: &Known<'_, '_>) -> bool {
        let has = |fact: &Fact| facts.has(*fact);
        self.all.iter().all(has) && (self.any.is_empty() || self.any.iter().any(has)) && !self.not.iter().any(has)
    }
}

/// A row of the policy as others may see it: for documentation and tests.
#[derive(Clone, Debug)]
pub struct RowSummary {
    /// What explanations call it.
    pub id: &'static str,
    /// Whether it takes or leaves.
    pub takes: bool,
    /// Why.
    pub why: &'static str,
    /// The facts of which one must hold, as explanations say them.
    pub any: Vec<&'static str>,
    /// Texts in which `«…»` goes: by this row where it takes.
    pub goes: &'static [&'static str],
    /// Texts that stay as they are: by this row where it leaves.
    pub stays: &'static [&'static str],
}

impl From<&Row> for RowSummary {
    fn from(row: &Row) -> Self {
        let Row { id, why, any, goes, stays, verdict, .. } = *row;
        let any = any.iter().map(|fact| TEXTS[*fact as usize]).collect();
        Self { id, takes: verdict == Verdict::Take, why, any, goes, stays }
    }
}
