//! Which requests came since, and which were erased, as the links say.

use ulid::Ulid;

use crate::{domain::ids::Reference, verification::links::is_ulid};

/// References that are read at once: so many rows of about 2 KB are a few MB.
const STRETCH: usize = 4_096;

/// References of requests.
///
/// As numbers they take 16 bytes each, and nothing else in memory grows with what came since.
#[derive(Default)]
pub(super) struct References {
    ulids: Vec<u128>,
    /// What no writer names a request.
    others: Vec<String>,
}

impl References {
    pub(super) fn add(&mut self, reference: &str) {
        match number(reference) {
            Some(number) => self.ulids.push(number),
            None => self.others.push(reference.to_owned()),
        }
    }

    pub(super) fn append(&mut self, mut other: Self) {
        self.ulids.append(&mut other.ulids);
        self.others.append(&mut other.others);
    }

    /// Puts them in order, each once; those that were there more often.
    pub(super) fn sort(&mut self) -> Vec<String> {
        let mut twice: Vec<String> = deduplicated(&mut self.ulids).into_iter().map(text).collect();
        twice.extend(deduplicated(&mut self.others));
        twice
    }

    /// Two halves, once they are in order.
    pub(super) fn halves(mut self) -> [Self; 2] {
        let later = self.ulids.split_off(self.ulids.len() / 2);
        [self, Self { ulids: later, others: Vec::new() }]
    }

    /// Those that are near each other, in order, so many at a time.
    pub(super) fn stretches(&self) -> impl Iterator<Item = Stretch<'_>> {
        self.ulids.chunks(STRETCH).map(Stretch)
    }

    /// Those that have no place in that order.
    pub(super) fn others(&self) -> &[String] {
        &self.others
    }

    /// All, as texts, so many at a time.
    pub(super) fn lists(&self) -> impl Iterator<Item = Vec<String>> {
        let lists = self.stretches().map(|stretch| stretch.behind("")).chain([self.others.clone()]);
        lists.filter(|list| !list.is_empty())
    }
}

/// References in order, at least one.
#[derive(Clone, Copy)]
pub(super) struct Stretch<'a>(&'a [u128]);

impl Stretch<'_> {
    /// The first and the last.
    pub(super) fn ends(self) -> Option<[String; 2]> {
        Some([text(*self.0.first()?), text(*self.0.last()?)])
    }

    /// How many rows between its ends are worth reading: more are not its own, where one reference is far from the rest.
    pub(super) fn rows_max(self) -> usize {
        self.0.len() * 2
    }

    pub(super) fn contains(self, reference: &str) -> bool {
        number(reference).is_some_and(|number| self.0.binary_search(&number).is_ok())
    }

    /// Those behind a reference; behind any other text, all.
    pub(super) fn behind(self, reference: &str) -> Vec<String> {
        let rest = number(reference).map_or(0, |reached| self.0.partition_point(|number| *number <= reached));
        self.0[rest..].iter().copied().map(text).collect()
    }
}

/// In the order of references, which is that of their times; none where a text is not exactly what a writer writes.
fn number(reference: &str) -> Option<u128> {
    let ulid = reference.strip_prefix("SR-").filter(|ulid| is_ulid(ulid))?;
    Ulid::from_string(ulid).ok().map(|ulid| ulid.0)
}

fn text(number: u128) -> String {
    Reference::from_ulid(Ulid(number)).to_string()
}

/// Puts values in order and leaves each once; answers with those that were there more often.
fn deduplicated<T: Ord + Clone>(values: &mut Vec<T>) -> Vec<T> {
    values.sort_unstable();
    let pairs = values.windows(2).filter(|pair| pair[0] == pair[1]);
    let mut twice: Vec<T> = pairs.map(|pair| pair[0].clone()).collect();
    twice.dedup();
    values.dedup();
    twice
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference(number: u128) -> String {
        text(1 << 100 | number)
    }

    #[test]
    fn references_come_in_order_each_once_and_those_that_came_twice_are_told() {
        let mut references = References::default();
        for number in [3, 1, 2, 3, 3] {
            references.add(&reference(number));
        }
        // Read as a ULID by whoever is forgiving, and another text in the database.
        let odd = reference(1).to_lowercase();
        references.add(&odd);
        references.add(&odd);
        assert_eq!(references.sort(), [reference(3), odd.clone()]);
        let lists: Vec<_> = references.lists().collect();
        assert_eq!(lists, [vec![reference(1), reference(2), reference(3)], vec![odd.clone()]]);
        let [earlier, later] = references.halves();
        assert_eq!((earlier.ulids.len(), earlier.others(), later.ulids.len()), (1, &[odd][..], 2));
    }

    #[test]
    fn a_stretch_knows_its_own_and_what_is_behind() {
        let numbers = [2, 4, 6].map(|number| 1 << 100 | number);
        let stretch = Stretch(&numbers);
        assert_eq!(stretch.ends(), Some([reference(2), reference(6)]));
        for number in 0..8 {
            assert_eq!(stretch.contains(&reference(number)), [2, 4, 6].contains(&number), "{number}");
        }
        assert!(!stretch.contains(&reference(2).to_lowercase()));
        assert_eq!(stretch.behind(&reference(4)), [reference(6)]);
        assert_eq!(stretch.behind(&reference(3)), [reference(4), reference(6)]);
        assert_eq!(stretch.behind("").len(), 3);
    }
}
