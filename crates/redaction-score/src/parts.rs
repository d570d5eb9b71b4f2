//! What is asked of a candidate: each part is a kind and a value, and has a weight in the table.

use std::ops::Range;

use crate::hash::{Hash, fold, mix};
use crate::look::Look;
use crate::words::{DIGIT, LOWER, MARK, UPPER, Word, class};

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

    fn bytes(&self) -> &[u8] {
        &self.text[self.start()..self.end().min(self.start() + crate::words::LONGEST)]
    }
}

fn bucket(value: usize) -> u64 {
    let value = value as u64;
    if value <= 12 { value } else { 10 + u64::from(value.ilog2()) }
}

fn join(one: u64, other: u64) -> u64 {
    mix(one ^ (other << 32) ^ (other >> 32))
}

/// Calls `see` for every part of the candidate; `habit` says how usual its letters are in words, in sixteenths.
pub fn parts(candidate: &Candidate<'_>, habit: u64, see: &mut impl FnMut(Part, u64)) {
    let word = candidate.bytes();
    let look = Look::of(word);
    let several = (candidate.last - candidate.first).min(6) as u64 - 1;
    let kind = u64::from(look.kind) + 64 * several.min(2) + 32 * u64::from(look.known > 0);
    see(Part::Bias, 0);
    shape(word, &look, kind, see);
    see(Part::Habit, join(habit, u64::from(look.classes)));
    see(Part::Habit, join(habit, u64::from(look.kind) + 100));
    letters(word, see);
    around(candidate, u64::from(look.coarse) + 8 * several.min(2), see);
    line(candidate, kind, see);
}

fn shape(word: &[u8], look: &Look, kind: u64, see: &mut impl FnMut(Part, u64)) {
    let classes = u64::from(look.classes);
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
    see(Part::Counts, 3000 + join(bucket(look.longest), classes));
    see(Part::Counts, 4000 + join(look.upper.min(4) as u64, join(look.lower.min(4) as u64, look.digit.min(4) as u64)));
    see(Part::Spread, join(bucket(look.distinct as usize), bucket(look.len)));
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

/// The word itself, how it begins and ends, and the pieces between marks and digits.
fn letters(word: &[u8], see: &mut impl FnMut(Part, u64)) {
    let mut folded = [0_u8; crate::words::LONGEST];
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

fn around(candidate: &Candidate<'_>, coarse: u64, see: &mut impl FnMut(Part, u64)) {
    let words = candidate.words;
    let before = |place: usize| candidate.first.checked_sub(place).map(|at| &words[at]);
    let after = |place: usize| words.get(candidate.last + place - 1);
    let stem = |word: Option<&Word>| word.map_or(0, |word| u64::from(word.stem));
    let whole = |word: Option<&Word>| word.map_or(0, |word| u64::from(word.whole));
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
    for place in 1..=FAR {
        for (side, word) in [(0, before(place)), (1, after(place))] {
            let Some(word) = word else { continue };
            let stem = u64::from(word.stem);
            if place <= NEAR {
                see(Part::Near, join(stem, side));
                see(Part::NearLook, join(stem, 100 + coarse));
            }
            see(Part::Far, stem);
            see(Part::Far, join(stem, 300 + coarse));
        }
    }
}

/// What stands directly beside it, where it stands in its line, and what line that is.
fn line(candidate: &Candidate<'_>, kind: u64, see: &mut impl FnMut(Part, u64)) {
    let (text, words) = (candidate.text, candidate.words);
    let (start, end) = (candidate.start(), candidate.end());
    let left_from = candidate.first.checked_sub(1).map_or(start.saturating_sub(3), |at| words[at].end);
    let right_to = words.get(candidate.last).map_or(text.len().min(end + 3), |word| word.start);
    let left = gap(&text[left_from.max(start.saturating_sub(6))..start]);
    let right = gap(&text[end..right_to.min(end + 6)]);
    see(Part::Gap, left);
    see(Part::Gap, 1 + right);
    see(Part::Gap, join(left, right));
    see(Part::GapLook, join(left, kind));
    see(Part::GapLook, join(1 + right, kind));
    let reach = 160;
    let from = text[start.saturating_sub(reach)..start].iter().rposition(|b| *b == b'\n');
    let before = from.map_or(start.min(reach), |at| start.min(reach) - at - 1);
    let after =
        text[end..text.len().min(end + reach)].iter().position(|b| *b == b'\n').unwrap_or(reach.min(text.len() - end));
    let line = &text[start - before..end + after];
    let (mut letters, mut digits, mut marks) = (0_usize, 0_usize, 0_usize);
    for &byte in line {
        match class(byte) {
            LOWER | UPPER => letters += 1,
            DIGIT => digits += 1,
            _ => marks += usize::from(!byte.is_ascii_whitespace()),
        }
    }
    let share = |part: usize| (part * 16 / line.len().max(1)) as u64;
    see(Part::Line, join(share(digits), 1));
    see(Part::Line, join(share(marks), 2));
    see(Part::Line, join(share(letters), 3));
    let quarter = |length: usize| bucket(length / 8);
    see(Part::Line, join(quarter(before), 4));
    see(Part::Line, join(quarter(after), 5));
    see(Part::Line, join(join(u64::from(before == 0), u64::from(after <= 1)), kind));
    see(Part::Line, join(u64::from(class(line[0])), 6 + 10 * u64::from(line.ends_with(b"."))));
    for (number, sign) in [b"=", b"{", b";", b"\\", b"[", b"<", b"/"].iter().enumerate() {
        if line.contains(&sign[0]) {
            see(Part::Line, join(number as u64, 7));
        }
    }
}

fn gap(bytes: &[u8]) -> u64 {
    let mut hash = Hash::new();
    for &byte in bytes {
        hash.see(if byte == b'\t' { b' ' } else { byte });
    }
    u64::from(hash.short())
}
