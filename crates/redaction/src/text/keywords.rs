//! The first pass: which keywords stand where.
//!
//! At every byte the three before it are looked up, capitals ignored, in one small table: where no keyword ends so,
//! nothing more is asked. An automaton of all keywords has megabytes, and waits for memory at every step.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

/// The table has so many places, as a power of two.
const PLACES: u32 = 16;
/// The last three of four bytes, without the bit that tells capitals from small letters. It tells some marks as well, which are
/// compared later.
const THREE: u32 = 0xDFDF_DF00;

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
    words: Vec<String>,
    /// For the hash of three bytes which may stand before them at the end of a keyword: a bit for the lower five of each.
    before: Box<[u32; 1 << PLACES]>,
    /// And the number of their ending.
    places: Box<[u16; 1 << PLACES]>,
    endings: Vec<Ending>,
}

/// The keywords whose last three bytes have one hash, the longest first.
type Ending = Vec<Known>;

/// The last eight bytes of a keyword, or all.
#[derive(Debug)]
struct Known {
    last: u64,
    /// What makes its letters small, and which bytes count.
    small: u64,
    mask: u64,
    keyword: usize,
}

impl Keywords {
    /// The pass for these words of two bytes or more, ASCII case ignored.
    pub(crate) fn new(words: &[String]) -> Self {
        let words: Vec<String> = words.iter().map(|word| word.to_ascii_lowercase()).collect();
        let mut numbers: Vec<usize> = (0..words.len()).collect();
        numbers.sort_by_key(|number| usize::MAX - words[*number].len());
        let mut by_place: BTreeMap<usize, (u32, Ending)> = BTreeMap::new();
        for keyword in numbers {
            let word = words[keyword].as_bytes();
            let before = if let [.., before, _, _, _] = word { 1 << (before & 31) } else { u32::MAX };
            for place in places(word) {
                let ending = by_place.entry(place).or_default();
                ending.0 |= before;
                ending.1.push(Known::of(word, keyword));
            }
        }
        let (mut before, mut places) = (table(), table());
        let mut endings = Vec::new();
        for (place, (befores, ending)) in by_place {
            before[place] = befores;
            places[place] = u16::try_from(endings.len()).expect("there are fewer endings than places");
            endings.push(ending);
        }
        Self { words, before, places, endings }
    }

    /// Calls `each` for every keyword of the text, in the order of their ends, of one end the longest first.
    pub(crate) fn find(&self, text: &[u8], mut each: impl FnMut(Hit)) {
        for end in 2..=text.len().min(3) {
            let [.., before, first, second, third] = last_eight(&text[..end]).to_le_bytes();
            let place = place(u32::from_le_bytes([before, first, second, third]));
            if self.before[place] != 0 {
                self.tell(text, place, end, &mut each);
            }
        }
        let mut rest = text;
        while let Some(four) = rest.first_chunk() {
            let four = u32::from_le_bytes(*four);
            let place = place(four);
            if self.before[place] >> (four & 31) & 1 != 0 {
                self.tell(text, place, text.len() - rest.len() + 4, &mut each);
            }
            rest = &rest[1..];
        }
    }

    /// The keywords of that place that end at `end`.
    fn tell(&self, text: &[u8], place: usize, end: usize, each: &mut impl FnMut(Hit)) {
        let last = last_eight(&text[..end]);
        for known in &self.endings[usize::from(self.places[place])] {
            if (last | known.small) & known.mask != known.last {
                continue;
            }
            let (keyword, word) = (known.keyword, self.words[known.keyword].as_bytes());
            let Some(start) = end.checked_sub(word.len()) else { continue };
            if word.len() <= 8 || text[start..end - 8].eq_ignore_ascii_case(&word[..word.len() - 8]) {
                each(Hit { keyword, start, end });
            }
        }
    }
}

impl Known {
    fn of(word: &[u8], keyword: usize) -> Self {
        let small: Vec<u8> = word.iter().map(|byte| u8::from(byte.is_ascii_lowercase()) << 5).collect();
        let mask = u64::MAX << (64 - 8 * word.len().min(8));
        Self { last: last_eight(word), small: last_eight(&small), mask, keyword }
    }
}

#[expect(clippy::unnecessary_box_returns, reason = "it is too large for the stack")]
fn table<T: Copy + Default + Debug>() -> Box<[T; 1 << PLACES]> {
    vec![T::default(); 1 << PLACES].into_boxed_slice().try_into().expect("it is that long")
}

/// Where the end of a keyword has its place, or its places: anything may stand before two bytes.
fn places(word: &[u8]) -> BTreeSet<usize> {
    let [.., second, third] = *word else { panic!("a keyword of one byte stands everywhere") };
    let firsts = match word.len().checked_sub(3) {
        Some(first) => word[first]..=word[first],
        None => 0..=u8::MAX,
    };
    firsts.map(|first| place(u32::from_le_bytes([0, first, second, third]))).collect()
}

/// Where three bytes, and a fourth before them that does not count, have their place.
#[inline]
fn place(four: u32) -> usize {
    ((four & THREE).wrapping_mul(0x9E37_79B1) >> (32 - PLACES)) as usize
}

/// The last eight bytes, zeros before the first.
#[inline]
fn last_eight(text: &[u8]) -> u64 {
    match text.last_chunk() {
        Some(eight) => u64::from_le_bytes(*eight),
        None => text.iter().fold(0, |eight, byte| eight >> 8 | u64::from(*byte) << 56),
    }
}

#[cfg(test)]
mod tests {
    use super::{Hit, Keywords};

    #[test]
    fn every_keyword_is_found_in_the_order_of_their_ends_the_longest_first() {
        let words = ["key", "apikey", "token", "ke", "y to", "an apikey token", "_[token"].map(str::to_owned);
        let keywords = Keywords::new(&words);
        for length in [0, 1, 2, 3, 4, 7, 8, 9, 10, 515, 8_200] {
            let text: Vec<u8> =
                b"an ApiKey token, a key to it; keke_[token{_token".iter().copied().cycle().take(length).collect();
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
            expected.sort_by_key(|hit| (hit.end, hit.start));
            assert_eq!(found, expected, "{length}");
        }
    }
}
