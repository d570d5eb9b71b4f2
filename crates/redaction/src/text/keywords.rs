//! The first pass: which keywords stand where.
//!
//! A step of the automaton has to wait for the one before it, mostly for memory. So a long text is read in four lanes
//! at
//! once, each a quarter of it: the waits overlap. What comes out is the same as of one lane.

use aho_corasick::automaton::{Automaton as _, StateID};
use aho_corasick::dfa::DFA;
use aho_corasick::{Anchored, MatchKind, StartKind};

/// So much of a text is read before what was found is looked at.
const BLOCK: usize = 8192;
/// How many lanes a block has.
const LANES: usize = 4;
/// A shorter text has one.
const SHORT: usize = 512;

/// A keyword that ends at `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    pub keyword: usize,
    pub start: usize,
    pub end: usize,
}

/// All keywords of all rules.
#[derive(Debug)]
pub(crate) struct Keywords {
    automaton: DFA,
    start: StateID,
    longest: usize,
}

impl Keywords {
    /// The automaton for these words, ASCII case ignored.
    pub(crate) fn new(words: &[String]) -> Self {
        let automaton = DFA::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .start_kind(StartKind::Unanchored)
            .build(words)
            .expect("some thousand short keywords are far below the automaton's limits");
        let start = automaton.start_state(Anchored::No).expect("it was built for searches that are not anchored");
        Self { automaton, start, longest: words.iter().map(String::len).max().unwrap_or(0) }
    }

    /// Calls `each` for every keyword of the text, in the order of their ends.
    pub(crate) fn find(&self, text: &[u8], mut each: impl FnMut(Hit)) {
        // Most texts of a document are short: what they hold needs no list.
        if text.len() < SHORT {
            return self.lane(text, 0, text.len(), &mut each);
        }
        let mut hits: [Vec<Hit>; LANES] = Default::default();
        let mut from = 0;
        while from < text.len() {
            let to = text.len().min(from + BLOCK);
            self.lanes(text, from, to, &mut hits);
            for lane in &mut hits {
                lane.drain(..).for_each(&mut each);
            }
            from = to;
        }
    }

    /// The state in front of `at`, as if everything before had been read.
    fn warm(&self, text: &[u8], at: usize) -> StateID {
        let before = &text[at.saturating_sub(self.longest)..at];
        before.iter().fold(self.start, |state, byte| self.automaton.next_state(Anchored::No, state, *byte))
    }

    fn lane(&self, text: &[u8], from: usize, to: usize, each: &mut impl FnMut(Hit)) {
        let mut state = self.warm(text, from);
        for (more, &byte) in text[from..to].iter().enumerate() {
            state = self.automaton.next_state(Anchored::No, state, byte);
            if self.automaton.is_special(state) {
                self.tell(state, from + more + 1, each);
            }
        }
    }

    fn lanes(&self, text: &[u8], from: usize, to: usize, hits: &mut [Vec<Hit>; LANES]) {
        let length = (to - from) / LANES;
        let starts: [usize; LANES] = std::array::from_fn(|lane| from + lane * length);
        let parts: [&[u8]; LANES] = starts.map(|start| &text[start..start + length]);
        let mut states: [StateID; LANES] = starts.map(|start| self.warm(text, start));
        for more in 0..length {
            for (lane, (state, part)) in states.iter_mut().zip(parts).enumerate() {
                *state = self.automaton.next_state(Anchored::No, *state, part[more]);
                if self.automaton.is_special(*state) {
                    self.tell(*state, starts[lane] + more + 1, &mut |hit| hits[lane].push(hit));
                }
            }
        }
        // What the division left over.
        self.lane(text, from + LANES * length, to, &mut |hit| hits[LANES - 1].push(hit));
    }

    fn tell(&self, state: StateID, end: usize, each: &mut impl FnMut(Hit)) {
        if !self.automaton.is_match(state) {
            return;
        }
        for number in 0..self.automaton.match_len(state) {
            let keyword = self.automaton.match_pattern(state, number);
            let start = end - self.automaton.pattern_len(keyword);
            each(Hit { keyword: keyword.as_usize(), start, end });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Hit, Keywords};

    #[test]
    fn lanes_find_what_one_lane_finds_in_the_same_order() {
        let words = ["key", "apikey", "token", "ke", "y to"].map(str::to_owned);
        let keywords = Keywords::new(&words);
        for length in [0, 3, 511, 512, 515, 2_000, 8_191, 8_192, 8_200, 40_000] {
            let text: Vec<u8> = b"an ApiKey token, a key to it; keke ".iter().copied().cycle().take(length).collect();
            let mut found = Vec::new();
            keywords.find(&text, |hit| found.push(hit));
            let mut expected = Vec::new();
            for end in 0..=text.len() {
                for (keyword, word) in words.iter().enumerate() {
                    let start = end.checked_sub(word.len());
                    let stands = start.is_some_and(|start| text[start..end].eq_ignore_ascii_case(word.as_bytes()));
                    expected.extend(start.filter(|_| stands).map(|start| Hit { keyword, start, end }));
                }
            }
            let order = |hit: &Hit| (hit.end, hit.start, hit.keyword);
            assert!(found.is_sorted_by_key(|hit| hit.end), "{length}");
            found.sort_by_key(order);
            expected.sort_by_key(order);
            assert_eq!(found, expected, "{length}");
        }
    }
}
