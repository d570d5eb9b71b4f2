//! What is asked of a candidate: each part is a kind and a value, and has a weight in the table.

use std::ops::Range;

use crate::hash::{Hash, bucket, fold, join};
use crate::line::line;
use crate::look::Look;
use crate::words::{DIGIT, LONGEST, LOWER, MARK, UPPER, Word, class};

/// Words on each side that count by their place, that count at all, and that count as a bag.
const PLACES: usize = 3;
const NEAR: usize = 6;
const FAR: usize = 14;

/// What kind of thing a part is; its name stands in explanations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Part {
    Bias,
    Length,
    Classes,
    Pattern,
    Kind,
    Known,
    Counts,
    Mark,
    Spread,
    Habit,
    Itself,
    Beginning,
    Ending,
    Piece,
    Before,
    BeforeLook,
    After,
    AfterLook,
    Pair,
    Near,
    NearLook,
    Far,
    Gap,
    GapLook,
    Line,
    Neighbour,
}

impl Part {
    /// The name in explanations.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bias => "bias",
            Self::Length => "length",
            Self::Classes => "classes",
            Self::Pattern => "pattern",
            Self::Kind => "look",
            Self::Known => "known look",
            Self::Counts => "counts",
            Self::Mark => "mark",
            Self::Spread => "spread",
            Self::Habit => "letters that follow each other",
            Self::Itself => "the word",
            Self::Beginning => "its beginning",
            Self::Ending => "its end",
            Self::Piece => "a piece of it",
            Self::Before | Self::BeforeLook => "before it",
            Self::After | Self::AfterLook => "after it",
            Self::Pair => "between",
            Self::Near | Self::NearLook => "near",
            Self::Far => "around",
            Self::Gap | Self::GapLook => "beside it",
            Self::Line => "the line",
            Self::Neighbour => "the look of its neighbour",
        }
    }
}

/// A candidate: the words `first..last` of `words`.
#[derive(Clone, Copy)]
pub struct Candidate<'t> {
    pub text: &'t [u8],
    pub words: &'t [Word],
    pub first: usize,
    pub last: usize,
}

impl Candidate<'_> {
    pub fn start(&self) -> usize {
        self.words[self.first].start
    }

    pub fn end(&self) -> usize {
        self.words[self.last - 1].end
    }

    pub fn range(&self) -> Range<usize> {
        self.start()..self.end()
    }

    pub fn is_number(&self) -> bool {
        self.words[self.first..self.last]
            .iter()
            .all(|word| word.classes & DIGIT != 0 && word.classes & !(DIGIT | MARK) == 0)
    }

    /// The word so many places before it.
    fn before(&self, place: usize) -> Option<&Word> {
        self.first.checked_sub(place).map(|at| &self.words[at])
    }

    /// And behind it.
    fn after(&self, place: usize) -> Option<&Word> {
        self.words.get(self.last + place - 1)
    }

    /// How many words it has besides the first, at most five.
    fn several(&self) -> u64 {
        (self.last - self.first).min(6) as u64 - 1
    }

    /// One of some dozen kinds, by its look and its words.
    pub fn coarse(&self, look: &Look) -> u64 {
        u64::from(look.coarse) + 8 * self.several().min(2)
    }

    /// Its first bytes, by which it is judged.
    pub fn bytes(&self) -> &[u8] {
        &self.text[self.start()..self.end().min(self.start() + LONGEST)]
    }
}

/// Calls `see` for every part of the candidate with this look; `habit` says how usual its letters are in words, in
/// sixteenths.
pub fn parts(candidate: &Candidate<'_>, look: &Look, habit: u64, see: &mut impl FnMut(Part, u64)) {
    let coarse = candidate.coarse(look);
    parts_and(candidate, look, habit, see, |see, stem, side, is_near| {
        if is_near {
            near(u64::from(stem), side, coarse, see);
        }
        far(u64::from(stem), coarse, see);
    });
}

/// The same, but for the words that count wherever they stand `around` is called: with the stem, the side, and whether near.
pub fn parts_and<S: FnMut(Part, u64)>(
    candidate: &Candidate<'_>,
    look: &Look,
    habit: u64,
    see: &mut S,
    mut around: impl FnMut(&mut S, u32, usize, bool),
) {
    let word = candidate.bytes();
    let several = candidate.several();
    let kind = u64::from(look.kind) + 64 * several.min(2) + 32 * u64::from(look.known > 0);
    see(Part::Bias, 0);
    shape(word, look, kind, see);
    see(Part::Habit, join(habit, u64::from(look.classes)));
    see(Part::Habit, join(habit, u64::from(look.kind) + 100));
    letters(word, see);
    beside(candidate, candidate.coarse(look), see);
    let text = candidate.text;
    for place in 1..=FAR {
        for (side, word) in [candidate.before(place), candidate.after(place)].into_iter().enumerate() {
            if let Some(word) = word {
                around(see, word.stem(text), side, place <= NEAR);
            }
        }
    }
    line(candidate, kind, see);
}

fn shape(word: &[u8], look: &Look, kind: u64, see: &mut impl FnMut(Part, u64)) {
    let classes = u64::from(look.classes);
    let (distinct, longest) = spread(word);
    see(Part::Length, bucket(look.len));
    see(Part::Length, join(bucket(look.len), 1000 + classes));
    see(Part::Classes, classes);
    see(Part::Kind, kind);
    see(Part::Kind, join(kind, 1000 + bucket(look.len)));
    see(Part::Known, u64::from(look.known));
    see(Part::Known, join(u64::from(look.known), classes));
    see(Part::Counts, join(bucket(look.digit), classes));
    see(Part::Counts, 1000 + join(bucket(look.turns), classes));
    see(Part::Counts, 2000 + join(look.hard.min(3) as u64, look.mark.min(4) as u64));
    see(Part::Counts, 3000 + join(bucket(longest), classes));
    see(Part::Counts, 4000 + join(look.upper.min(4) as u64, join(look.lower.min(4) as u64, look.digit.min(4) as u64)));
    see(Part::Spread, join(bucket(distinct), bucket(look.len)));
    pattern(word, look, see);
}

/// Which classes and marks follow each other.
fn pattern(word: &[u8], look: &Look, see: &mut impl FnMut(Part, u64)) {
    let (mut full, mut runs) = (Hash::new(), Hash::new());
    let (mut previous, mut length) = (0, 0);
    for (at, &byte) in word.iter().enumerate() {
        let class = class(byte);
        let shown = if class == MARK { byte } else { class };
        full.see(shown);
        if shown != previous {
            runs.see(shown);
            length = 0;
        }
        length += 1;
        if length == 4 && class == DIGIT {
            runs.see(b'y');
        }
        if class == MARK {
            let place = u64::from(at == 0) + 2 * u64::from(at + 1 == word.len());
            see(Part::Mark, join(u64::from(byte), place));
            see(Part::Mark, join(u64::from(byte), 100 + u64::from(look.classes)));
        }
        previous = shown;
    }
    if look.len <= 12 {
        see(Part::Pattern, u64::from(full.short()));
    }
    see(Part::Pattern, 1 + u64::from(runs.short()));
}

/// How many different bytes it has, and its longest run of letters.
fn spread(word: &[u8]) -> (usize, usize) {
    let (mut seen, mut run, mut longest) = ([0_u64; 4], 0, 0);
    for &byte in word {
        run = if class(byte) & (LOWER | UPPER) == 0 { 0 } else { run + 1 };
        longest = longest.max(run);
        seen[usize::from(byte >> 6)] |= 1 << (byte & 63);
    }
    (seen.iter().map(|bits| bits.count_ones() as usize).sum(), longest)
}

/// The word itself, how it begins and ends, and the pieces between marks and digits.
fn letters(word: &[u8], see: &mut impl FnMut(Part, u64)) {
    let mut folded = [0_u8; LONGEST];
    let (mut length, mut at) = (0, 0);
    while at < word.len() && length < folded.len() {
        let (letter, bytes) = fold(word, at);
        folded[length] = letter;
        length += 1;
        at += bytes;
    }
    let folded = &folded[..length];
    see(Part::Itself, u64::from(Hash::of(folded)));
    for take in [2, 3, 4, 5] {
        if length > take {
            see(Part::Beginning, u64::from(Hash::of(&folded[..take])));
            if take < 5 {
                see(Part::Ending, u64::from(Hash::of(&folded[length - take..])));
            }
        }
    }
    let pieces = folded.split(|byte| !byte.is_ascii_lowercase() && *byte < 0x80);
    for piece in pieces.filter(|piece| piece.len() >= 3 && piece.len() < length).take(6) {
        see(Part::Piece, u64::from(Hash::of(piece)));
    }
}

/// A word near the candidate.
#[inline]
pub fn near(stem: u64, side: usize, coarse: u64, see: &mut impl FnMut(Part, u64)) {
    see(Part::Near, join(stem, side as u64));
    see(Part::NearLook, join(stem, 100 + coarse));
}

/// A word around it.
#[inline]
pub fn far(stem: u64, coarse: u64, see: &mut impl FnMut(Part, u64)) {
    see(Part::Far, stem);
    see(Part::Far, join(stem, 300 + coarse));
}

fn beside(candidate: &Candidate<'_>, coarse: u64, see: &mut impl FnMut(Part, u64)) {
    let before = |place: usize| candidate.before(place);
    let after = |place: usize| candidate.after(place);
    let stem = |word: Option<&Word>| word.map_or(0, |word| u64::from(word.stem(candidate.text)));
    let whole = |word: Option<&Word>| word.map_or(0, |word| u64::from(word.whole(candidate.text)));
    for place in 1..=PLACES {
        let (left, right) = (stem(before(place)), stem(after(place)));
        let place = place as u64;
        see(Part::Before, join(left, place));
        see(Part::After, join(right, place));
        see(Part::BeforeLook, join(join(left, place), 900 + coarse));
        see(Part::AfterLook, join(join(right, place), 900 + coarse));
    }
    for (part, word) in [(Part::Before, before(1)), (Part::After, after(1))] {
        see(part, join(whole(word), 50));
    }
    see(Part::Pair, join(stem(before(2)), stem(before(1))));
    see(Part::Pair, join(join(stem(before(2)), stem(before(1))), 500 + coarse));
    see(Part::Pair, join(join(stem(before(3)), stem(before(2))), stem(before(1))));
    see(Part::Pair, join(stem(before(1)), 1 + stem(after(1))));
    see(Part::Pair, join(stem(after(1)), 2 + stem(after(2))));
    for (part, word) in [(1, before(1)), (2, after(1))] {
        let classes = word.map_or(99, |word| u64::from(word.classes));
        see(Part::Neighbour, join(join(classes, part), coarse));
    }
}
