//! Points for the words of sentences: how likely it is that somebody tells a secret there.
//!
//! "I typed Blumenkohl7 and it let me in": no name announces it, and no format. So the look of the word and the words
//! around it are counted (`parts`), each with a weight that was learnt from texts ([`train`]). Deterministic, linear in
//! the text, and explained by the parts of its sum ([`explain`]).

mod around;
mod hash;
mod line;
mod look;
mod parts;
mod strikes;
mod table;
pub mod train;
mod wakes;
mod words;

use std::ops::Range;

use around::Around;
use look::Look;
use parts::Candidate;
pub use table::SIZE;
pub use wakes::WAKES;
use words::{DIGIT, LONGEST, LOWER, MARK, UPPER, Word, longer, may_be_longer, words};

/// The weights; `cargo run --release -p redaction-score --example train` writes them.
static TABLE: &[u8] = include_bytes!("table.bin");

/// With more points a word is taken. Chosen so that of the harmless texts of writers who were not learnt from about two
/// in a hundred change (`examples/cross.rs`), and of those that were learnt from hardly one in a thousand.
pub const ENOUGH: i32 = 65;

/// Bytes before and behind a keyword whose words are asked.
const BEFORE: usize = 120;
const BEHIND: usize = 200;
/// Bytes around them that are read besides.
const MARGIN: usize = 120;
/// Of the last so many words two have to be plain.
const PLAIN: u32 = 0b1111;
/// Shorter words are no secrets.
const SHORTEST: usize = 3;

/// A word, a group of digits or a quotation, and its points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scored {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// Above [`ENOUGH`] it is taken.
    pub points: i32,
    /// Digits and what groups them, nothing else.
    pub is_number: bool,
}

/// The stretch that a keyword at `hit` wakes.
#[must_use]
pub fn woken(text: &[u8], hit: &Range<usize>) -> Range<usize> {
    hit.start.saturating_sub(BEFORE)..text.len().min(hit.end + BEHIND)
}

/// Adds to `woken`, stretches in order and apart, the words that strike the eye in sentences: letters and digits in one
/// word, or marks that names do not have.
pub fn striking(text: &[u8], woken: &mut Vec<Range<usize>>) {
    let mut known = 0;
    let mut found: Vec<Range<usize>> = Vec::new();
    // The starts of the words, and whether they are plain.
    let (mut plain, mut waiting) = (0_u32, None);
    for word in strikes::words(text) {
        let asked = match word.kind {
            strikes::Kind::Plain => {
                plain = (plain << 1 | 1) & PLAIN;
                waiting.take_if(|_| plain & 3 == 3)
            }
            strikes::Kind::Striking => {
                let told = plain.count_ones() >= 2;
                plain = plain << 1 & PLAIN;
                waiting = (!told).then(|| word.range.clone());
                told.then_some(word.range)
            }
            strikes::Kind::Other => {
                plain = plain << 1 & PLAIN;
                None
            }
        };
        let Some(asked) = asked else { continue };
        while woken.get(known).is_some_and(|stretch| stretch.end < asked.end) {
            known += 1;
        }
        if woken.get(known).is_none_or(|stretch| asked.start < stretch.start) {
            found.push(asked);
        }
    }
    if !found.is_empty() {
        woken.append(&mut found);
        woken.sort_by_key(|stretch| stretch.start);
    }
}

/// Scores stretch after stretch; keeps room, and the weights of words that stood around candidates.
#[derive(Debug, Default)]
pub struct Scorer {
    words: Vec<Word>,
    around: Around,
    scored: usize,
}

/// Of so few candidates every word around is asked anew.
const FEW: usize = 3;

impl Scorer {
    /// Calls `each` for everything in `text[asked]` that may be a secret and `is_open`, with its points.
    pub fn score(
        &mut self,
        text: &[u8],
        asked: &Range<usize>,
        is_open: impl Fn(&Range<usize>) -> bool,
        mut each: impl FnMut(Scored),
    ) {
        if stands_alone(text, asked) {
            words(text, asked.clone(), &mut self.words);
            let may_be = |word: &Word| may_be_longer(text, word) || single(text, word, &is_open).is_some();
            if !self.words.iter().any(may_be) {
                return;
            }
        }
        let read = blank_before(text, asked.start.saturating_sub(MARGIN))..blank_behind(text, asked.end + MARGIN);
        words(text, read, &mut self.words);
        let (around, scored) = (&mut self.around, &mut self.scored);
        candidates(text, &self.words, asked, is_open, |candidate, look| {
            *scored += 1;
            let points =
                if *scored <= FEW { points(TABLE, &candidate, look) } else { points_with(around, &candidate, look) };
            each(Scored { range: candidate.range(), points, is_number: candidate.is_number() });
        });
    }
}

/// What a table makes of a candidate.
fn points(table: &[u8], candidate: &Candidate<'_>, look: &Look) -> i32 {
    let mut points = 0;
    let usual = table::habit(table, &candidate.text[candidate.range()]);
    parts::parts(candidate, look, usual, &mut |part, value| points += table::weight(table, part, value));
    points
}

/// The same of the table that is built in, with the words around from what is remembered.
fn points_with(around: &mut Around, candidate: &Candidate<'_>, look: &Look) -> i32 {
    let (mut points, mut nearby) = (0, 0);
    let (usual, coarse) = (table::habit(TABLE, &candidate.text[candidate.range()]), candidate.coarse(look));
    let mut see = |part, value| points += table::weight(TABLE, part, value);
    parts::parts_and(candidate, look, usual, &mut see, |_, stem, side, is_near| {
        nearby += around.points(stem, side, is_near, coarse);
    });
    points + nearby
}

/// The parts of the points of `text[word]`, the weightiest first: what each is, and its weight.
#[must_use]
pub fn explain(text: &[u8], word: &Range<usize>) -> Vec<(&'static str, i32)> {
    let read = blank_before(text, word.start.saturating_sub(BEHIND))..blank_behind(text, word.end + BEHIND);
    let mut all = Vec::new();
    words(text, read, &mut all);
    let mut found: Vec<(&'static str, i32)> = Vec::new();
    candidates(
        text,
        &all,
        word,
        |range| range == word,
        |candidate, look| {
            let usual = table::habit(TABLE, &text[word.clone()]);
            parts::parts(&candidate, look, usual, &mut |part, value| {
                let weight = table::weight(TABLE, part, value);
                match found.iter_mut().find(|known| known.0 == part.name()) {
                    Some(known) => known.1 += weight,
                    None => found.push((part.name(), weight)),
                }
            });
        },
    );
    found.sort_by_key(|part| -part.1.abs());
    found
}

/// A plain word in quotes.
fn is_quoted(text: &[u8], word: &Word) -> bool {
    text[..word.start].last().is_some_and(|before| matches!(before, b'"' | b'\'' | b'`' | 0x80..))
}

/// The end of the blank at or before `at`, so that no word is cut; not far away.
fn blank_before(text: &[u8], at: usize) -> usize {
    let floor = at.saturating_sub(LONGEST);
    text[floor..at].iter().rposition(u8::is_ascii_whitespace).map_or(floor, |blank| floor + blank + 1)
}

fn blank_behind(text: &[u8], at: usize) -> usize {
    let at = at.min(text.len());
    let ceiling = text.len().min(at + LONGEST);
    text[at..ceiling].iter().position(u8::is_ascii_whitespace).map_or(ceiling, |blank| at + blank)
}

/// Calls `each` for every candidate that `is_open`, with its look: single words, groups of digits, quotations.
fn candidates<'t>(
    text: &'t [u8],
    words: &'t [Word],
    asked: &Range<usize>,
    is_open: impl Fn(&Range<usize>) -> bool,
    mut each: impl FnMut(Candidate<'t>, &Look),
) {
    let first = words.partition_point(|word| word.start < asked.start);
    for (at, word) in words.iter().enumerate().skip(first).take_while(|(_, word)| word.start < asked.end) {
        if let Some(last) = longer(text, words, at) {
            let candidate = Candidate { text, words, first: at, last };
            if is_open(&candidate.range()) {
                each(candidate, &Look::of(candidate.bytes()));
            }
        }
        if let Some(look) = single(text, word, &is_open) {
            each(Candidate { text, words, first: at, last: at + 1 }, &look);
        }
    }
}

/// The look of a word that may be a secret and `is_open`.
fn single(text: &[u8], word: &Word, is_open: impl Fn(&Range<usize>) -> bool) -> Option<Look> {
    let length = word.end - word.start;
    let mixed = word.classes & (DIGIT | MARK) != 0 || word.classes == LOWER | UPPER && length > 5;
    if mixed {
        let fits = (SHORTEST..=LONGEST).contains(&length) && is_open(&word.range());
        return fits.then(|| Look::of_secret(&text[word.range()])).flatten();
    }
    let alone = length > 3 && is_quoted(text, word) && is_open(&word.range());
    alone.then(|| Look::of(&text[word.start..word.end.min(word.start + LONGEST)]))
}

/// A short stretch between blanks: its words are the same whatever is read around it.
fn stands_alone(text: &[u8], asked: &Range<usize>) -> bool {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
    asked.len() <= LONGEST
        && text[..asked.start].last().is_none_or(is_blank)
        && text.get(asked.end).is_none_or(is_blank)
}
