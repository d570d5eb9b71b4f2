//! Which links came since: stretches of chains, cut in two halves that take about as long to walk over.

use std::collections::BTreeMap;

use crate::{
    integrity::ChainEnd,
    store::ChainReach,
    verification::{AcceptedCut, Heads},
};

/// What a stretch of a chain begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Begins {
    /// With whatever is first in a chain that is new.
    Anew,
    /// With the link that was the last when heads were saved.
    Head(ChainEnd),
    /// With the link of this number, which another walk ends with.
    Joint(i64),
}

/// A stretch of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) chain: String,
    pub(super) begins: Begins,
    /// The last number that is wanted.
    pub(super) last: i64,
}

impl Span {
    /// The first number that is wanted. A forger may have written any.
    pub(super) fn first(&self) -> i64 {
        match &self.begins {
            Begins::Anew => i64::MIN,
            Begins::Head(head) => head.sequence,
            Begins::Joint(sequence) => *sequence,
        }
    }

    /// The number behind which the links come that are walked over.
    fn behind(&self) -> i64 {
        self.first().max(0)
    }
}

/// Every chain that is there from the head on that was saved of it, in two halves; and the heads of those that are gone.
pub(super) fn halves(chains: Vec<ChainReach>, heads: &Heads) -> ([Vec<Span>; 2], Vec<AcceptedCut>) {
    let mut known: BTreeMap<&str, &ChainEnd> = heads.heads.iter().map(|head| (head.chain.as_str(), head)).collect();
    let mut spans = Vec::with_capacity(chains.len());
    for ChainReach { chain, last } in chains {
        let head = known.remove(chain.as_str()).cloned();
        let begins = head.map_or(Begins::Anew, Begins::Head);
        spans.push((Span { chain, begins, last: i64::MAX }, last));
    }
    let cut = |head: &ChainEnd| AcceptedCut { chain: head.chain.clone(), kept: 0, until: head.sequence };
    (cut_in_two(spans), known.into_values().map(cut).collect())
}

/// Cuts the stretches, each with the last number that is there, where half of the links are.
fn cut_in_two(spans: Vec<(Span, i64)>) -> [Vec<Span>; 2] {
    let length = |(span, last): &(Span, i64)| last.saturating_sub(span.behind()).max(0);
    let all = spans.iter().map(length).fold(0_i64, i64::saturating_add);
    let (mut left, mut halves) = (all / 2, [Vec::new(), Vec::new()]);
    for of_chain in spans {
        let length = length(&of_chain);
        let span = of_chain.0;
        if left <= 0 {
            halves[1].push(span);
        } else if length <= left {
            halves[0].push(span);
        } else {
            let joint = span.behind().saturating_add(left);
            halves[1].push(Span { begins: Begins::Joint(joint), ..span.clone() });
            halves[0].push(Span { last: joint, ..span });
        }
        left = left.saturating_sub(length);
    }
    halves
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(chain: &str, last: i64) -> ChainReach {
        ChainReach { chain: chain.to_owned(), last }
    }

    fn end(chain: &str, sequence: i64) -> ChainEnd {
        ChainEnd { chain: chain.to_owned(), sequence, digest: "d".to_owned() }
    }

    fn heads(heads: Vec<ChainEnd>) -> Heads {
        Heads { version: Heads::VERSION, support_requests: 0, audit_events: 0, heads }
    }

    #[test]
    fn both_halves_have_as_many_links_and_a_chain_may_be_in_both() {
        let saved = heads(vec![end("A", 10), end("B", 5), end("Z", 3)]);
        let ([first, second], gone) = halves(vec![reach("A", 10), reach("B", 9), reach("C", 10)], &saved);
        let whole = |chain: &str, begins| Span { chain: chain.to_owned(), begins, last: i64::MAX };
        assert_eq!(
            first,
            [
                whole("A", Begins::Head(end("A", 10))),
                whole("B", Begins::Head(end("B", 5))),
                Span { last: 3, ..whole("C", Begins::Anew) },
            ]
        );
        assert_eq!(second, [whole("C", Begins::Joint(3))]);
        assert_eq!(gone, [AcceptedCut { chain: "Z".to_owned(), kept: 0, until: 3 }]);
    }

    #[test]
    fn every_chain_is_walked_over_whatever_numbers_somebody_wrote() {
        for (last, saved) in [(i64::MAX, i64::MIN), (i64::MIN, 7), (0, 0), (1, 0), (-5, -9)] {
            let chains = vec![reach("A", last), reach("B", last), reach("C", 2)];
            let ([first, second], _) = halves(chains, &heads(vec![end("B", saved)]));
            let ends: Vec<&Span> = first.iter().chain(&second).filter(|span| span.last == i64::MAX).collect();
            assert_eq!(ends.iter().map(|span| span.chain.as_str()).collect::<String>(), "ABC", "{last} {saved}");
        }
    }
}
