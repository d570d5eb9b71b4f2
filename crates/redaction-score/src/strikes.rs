//! The words of a text between its blanks, and which of them strike the eye: one cheap step a byte.

use std::ops::Range;

/// How a word looks at first sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Letters, small ones but the first, and perhaps what ends a sentence.
    Plain,
    /// Letters with digits or with marks that names do not have, and not too long.
    Striking,
    Other,
}

#[derive(Clone, Debug)]
pub struct Strike {
    pub range: Range<usize>,
    pub kind: Kind,
}

const LOWER: u8 = 1;
const UPPER: u8 = 2;
const DIGIT: u8 = 4;
const HARD: u8 = 8;
const ENDING: u8 = 16;
const OTHER: u8 = 32;
const CODE: u8 = 64;
const BLANK: u8 = 128;

/// What each byte is.
static CLASSES: [u8; 256] = {
    let mut classes = [OTHER; 256];
    let mut byte = 0_usize;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "it is below 256")]
        let value = byte as u8;
        classes[byte] = match value {
            b'a'..=b'z' | 0x80.. | b'\'' => LOWER,
            b'A'..=b'Z' => UPPER,
            b'0'..=b'9' => DIGIT,
            b'!' | b'#' | b'$' | b'%' | b'&' | b'*' | b'^' | b'~' | b'@' | b'+' => HARD,
            b'.' | b',' | b';' | b':' | b'?' | b'"' | b'(' | b')' => ENDING,
            b'/' | b'\\' | b'=' | b'<' | b'>' | b'{' | b'}' | b'[' | b']' | b'|' => CODE,
            b' ' | b'\t' | b'\n' | b'\r' | 0x0C => BLANK,
            _ => OTHER,
        };
        byte += 1;
    }
    classes
};

/// Every word of the text.
pub fn words(text: &[u8]) -> impl Iterator<Item = Strike> + '_ {
    let class = |byte: &u8| CLASSES[usize::from(*byte)];
    let mut at = 0;
    std::iter::from_fn(move || {
        at += text[at..].iter().take_while(|byte| class(byte) == BLANK).count();
        let (start, first) = (at, class(text.get(at)?));
        let mut later = 0;
        for class in text[start + 1..].iter().map(class).take_while(|class| *class != BLANK) {
            later |= class;
            at += 1;
        }
        at += 1;
        Some(Strike { range: start..at, kind: kind(first | later, later, at - start) })
    })
}

fn kind(seen: u8, later: u8, length: usize) -> Kind {
    if later & !(LOWER | ENDING) == 0 && later & LOWER != 0 && seen & DIGIT == 0 {
        return Kind::Plain;
    }
    let letters = seen & (LOWER | UPPER) != 0;
    let marked = later & HARD != 0;
    if letters && (seen & DIGIT != 0 || marked) && seen & CODE == 0 && (5..=48).contains(&length) {
        return Kind::Striking;
    }
    Kind::Other
}
