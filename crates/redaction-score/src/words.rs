//! The words of a stretch of text, as sentences have them: without the quotes and the commas around.

use std::cell::Cell;
use std::ops::Range;

use crate::hash::{Hash, fold};

/// Longer words are encoded, or no words.
pub const LONGEST: usize = 64;
/// So many bytes of a word are read for its stem.
const STEM: usize = 5;
/// The words that a group of digits or a quotation may have.
const GROUPS: usize = 5;
const PHRASE: usize = 12;

/// Small letters, capitals, digits, other marks.
pub const LOWER: u8 = 1;
pub const UPPER: u8 = 2;
pub const DIGIT: u8 = 4;
pub const MARK: u8 = 8;
/// No ASCII.
const HIGH: u8 = 16;
/// May stand between words, stands between words, may end a name.
const GAP: u8 = 32;
const BLANK: u8 = 64;
const TIE: u8 = 128;

/// What each byte is.
static BYTES: [u8; 256] = {
    let mut bytes = [MARK; 256];
    let mut at = 0_usize;
    while at < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "it is below 256")]
        let byte = at as u8;
        bytes[at] = match byte {
            b'a'..=b'z' => LOWER,
            b'A'..=b'Z' => UPPER,
            b'0'..=b'9' => DIGIT,
            b' ' | b'\t' | b'\n' | b'\r' | b'|' => MARK | BLANK,
            b'.' | b'-' => MARK | GAP,
            b'=' => MARK | GAP | TIE,
            b':' => MARK | TIE,
            0xC2 | 0xE2 => LOWER | HIGH | GAP,
            0x80.. => LOWER | HIGH,
            _ => MARK,
        };
        at += 1;
    }
    bytes
};

/// One word. What costs more than a look at it is made when somebody asks, once.
#[derive(Clone, Debug)]
pub struct Word {
    /// Bytes of the text.
    pub start: usize,
    pub end: usize,
    /// Which classes of characters it has.
    pub classes: u8,
    /// 0 until it is asked.
    stem: Cell<u32>,
}

impl Word {
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }

    /// The first five letters without accents and capitals, digits masked.
    #[inline]
    pub fn stem(&self, text: &[u8]) -> u32 {
        if self.stem.get() == 0 {
            self.stem.set(self.hash(text, STEM));
        }
        self.stem.get()
    }

    /// The whole word, in the same way.
    pub fn whole(&self, text: &[u8]) -> u32 {
        self.hash(text, LONGEST)
    }

    fn hash(&self, text: &[u8], letters: usize) -> u32 {
        let (mut hash, mut at) = (Hash::new(), self.start);
        let stop = self.end.min(self.start + LONGEST);
        for _ in 0..letters {
            if at >= stop {
                break;
            }
            let (letter, length) = fold(text, at);
            hash.see(letter);
            at += length;
        }
        hash.short()
    }
}

/// The words of `text[within]`, in place of what `found` had.
pub fn words(text: &[u8], within: Range<usize>, found: &mut Vec<Word>) {
    found.clear();
    let mut at = within.start;
    while at < within.end {
        let what = BYTES[usize::from(text[at])];
        let gap = if what & (BLANK | GAP) == 0 { 0 } else { gap_at(text, at) };
        if gap > 0 {
            at += gap;
            continue;
        }
        let (start, seen) = (at, read(text, &mut at, within.end));
        // Letters and digits have nothing around them.
        let plain = seen & (MARK | HIGH) == 0;
        let (start, end) = if plain { (start, at) } else { trimmed(text, start, at) };
        if start < end {
            let classes = match seen & HIGH {
                0 if end - start <= LONGEST => seen & (LOWER | UPPER | DIGIT) | marks(&text[start..end], plain),
                _ => classes(text, start, end),
            };
            found.push(Word { start, end, classes, stem: Cell::new(0) });
        }
    }
}

/// Whether a word without what was around it has marks.
fn marks(word: &[u8], plain: bool) -> u8 {
    if !plain && word.iter().any(|byte| class(*byte) == MARK) { MARK } else { 0 }
}

/// Moves `at` behind the word that begins there, and says what its bytes are.
fn read(text: &[u8], at: &mut usize, end: usize) -> u8 {
    let (start, mut here, mut seen) = (*at, *at, 0);
    let read = &text[..end];
    while here < read.len() {
        let what = BYTES[usize::from(read[here])];
        if what >= GAP {
            *at = here;
            if what & BLANK != 0 || what & GAP != 0 && gap_at(text, here) > 0 {
                return seen;
            }
            // `Kennwort:Blume7`: the mark ends a name of letters.
            let ties = what & TIE != 0 && here - start >= 2 && seen & (DIGIT | MARK) == 0;
            if ties && text.get(here + 1).is_some_and(u8::is_ascii_alphanumeric) {
                *at = here + 1;
                return seen | what;
            }
        }
        seen |= what;
        here += 1;
    }
    *at = end;
    seen
}

/// How many bytes at `at` stand between words: blanks, dashes, arrows, three dots.
fn gap_at(text: &[u8], at: usize) -> usize {
    match text[at] {
        b' ' | b'\t' | b'\n' | b'\r' | b'|' => 1,
        b'.' if text[at..].starts_with(b"..") => 2,
        b'-' if text[at..].starts_with(b"->") || text[at..].starts_with(b"--") => 2,
        b'=' if text[at..].starts_with(b"=>") => 2,
        0xC2 if text.get(at + 1) == Some(&0xA0) => 2,
        0xE2 => match text.get(at + 1..at + 3) {
            Some([0x80, 0x93 | 0x94 | 0xA6 | 0xA2 | 0xAF] | [0x86, 0x92]) => 3,
            _ => 0,
        },
        _ => 0,
    }
}

/// Without quotes and brackets around, and without what ends sentences.
fn trimmed(text: &[u8], mut start: usize, mut end: usize) -> (usize, usize) {
    while start < end {
        let opens = match text[start] {
            b'"' | b'\'' | b'`' | b'(' | b'[' | b'{' | b'<' | b'*' | b',' | b';' | b':' | b'=' | b'>' | b'.' => 1,
            _ => quote_at(text, start, end),
        };
        if opens == 0 {
            break;
        }
        start += opens;
    }
    while end > start {
        let closes = match text[end - 1] {
            b'"' | b'\'' | b'`' | b')' | b']' | b'}' | b'>' | b',' | b';' | b':' | b'.' | b'?' | b'=' => 1,
            b'*' if text[start..end - 1].contains(&b'*') || !text[start..end].iter().any(u8::is_ascii_digit) => 1,
            b'!' if !goes_on(text, start, end) => 1,
            _ if end >= start + 3 && quote_at(text, end - 3, end) == 3 => 3,
            _ if end >= start + 2 && quote_at(text, end - 2, end) == 2 => 2,
            _ => 0,
        };
        if closes == 0 {
            break;
        }
        end -= closes;
    }
    (start, end)
}

/// `Hunter2! and then`: the mark belongs to the word, for the sentence goes on.
fn goes_on(text: &[u8], start: usize, end: usize) -> bool {
    let next = &text[end..text.len().min(end + 2)];
    let mixed = text[start..end].iter().any(u8::is_ascii_digit);
    let goes_on = matches!(next, [b' ', letter] if letter.is_ascii_lowercase());
    mixed && (goes_on || matches!(next.first(), Some(b'"' | b'\'' | b'`' | b',' | b'.' | b')')))
}

/// The length of the curly quote or the bracket that starts at `at`.
fn quote_at(text: &[u8], at: usize, end: usize) -> usize {
    match text.get(at..end) {
        Some([0xE2, 0x80, 0x98..=0x9F | 0xB9 | 0xBA, ..] | [0xE3, 0x80, ..]) => 3,
        Some([0xC2, 0xAB | 0xBB | 0xBF | 0xA1, ..]) => 2,
        _ => 0,
    }
}

fn classes(text: &[u8], start: usize, end: usize) -> u8 {
    let word = &text[start..end.min(start + LONGEST)];
    let seen = word.iter().fold(0, |seen, byte| seen | BYTES[usize::from(*byte)]);
    if seen & HIGH == 0 {
        return seen & (LOWER | UPPER | DIGIT | MARK);
    }
    // A letter of two bytes counts by its first one.
    let (mut classes, mut at) = (0, 0);
    while let Some(&byte) = word.get(at) {
        classes |= class(byte);
        at += 1 + usize::from(byte == 0xC3);
    }
    classes
}

#[inline]
pub const fn class(byte: u8) -> u8 {
    BYTES[byte as usize] & (LOWER | UPPER | DIGIT | MARK)
}

/// Candidates of more than one word that begin with the word at `at`: groups of digits, quotations. As the word behind them.
pub fn longer(text: &[u8], words: &[Word], at: usize) -> Option<usize> {
    groups(text, words, at).or_else(|| quotation(text, words, at))
}

fn is_group(word: &Word) -> bool {
    word.classes & !DIGIT == 0 && word.end - word.start <= 5
}

/// Whether [`longer`] has to be asked of this word.
pub fn may_be_longer(text: &[u8], word: &Word) -> bool {
    is_group(word) || opened(text, word.start).is_some()
}

/// `84 26 1`, `192 774`
fn groups(text: &[u8], words: &[Word], at: usize) -> Option<usize> {
    let next = |one: usize, other: usize| {
        let gap = &text[words[one].end..words[other].start];
        gap == b" " || gap == b" - " || gap == b"-"
    };
    if !is_group(&words[at]) || at > 0 && is_group(&words[at - 1]) && next(at - 1, at) {
        return None;
    }
    let mut end = at + 1;
    while end < words.len() && end - at < GROUPS && is_group(&words[end]) && next(end - 1, end) {
        end += 1;
    }
    (end > at + 1).then_some(end)
}

/// The length of the opening quote in front of `at`, and what closes it.
fn opened(text: &[u8], at: usize) -> Option<&'static [u8]> {
    match text[..at] {
        [.., b'"'] => Some(b"\""),
        [.., b'\''] => Some(b"'"),
        [.., b'`'] => Some(b"`"),
        [.., 0xE2, 0x80, 0x9E] => Some("\u{201c}".as_bytes()),
        [.., 0xE2, 0x80, 0x9C] => Some("\u{201d}".as_bytes()),
        [.., 0xE2, 0x80, 0x98] => Some("\u{2019}".as_bytes()),
        [.., 0xC2, 0xAB] | [.., 0xC2, 0xAB, b' '] | [.., 0xC2, 0xAB, 0xC2, 0xA0] => Some("\u{bb}".as_bytes()),
        _ => None,
    }
}

/// `"quattro zucche ballano a Mantova"`
fn quotation(text: &[u8], words: &[Word], at: usize) -> Option<usize> {
    let close = opened(text, words[at].start)?;
    for end in at + 2..=words.len().min(at + PHRASE) {
        let behind = words.get(end).map_or(text.len().min(words[end - 1].end + 8), |next| next.start);
        let gap = &text[words[end - 1].end..behind];
        let inner = &text[words[end - 2].end..words[end - 1].start];
        if inner.contains(&b'\n') || find(inner, close) {
            return None;
        }
        if find(gap, close) {
            return Some(end);
        }
    }
    None
}

fn find(hay: &[u8], needle: &[u8]) -> bool {
    hay.windows(needle.len()).any(|window| window == needle)
}
