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
            _ => OTHER,
        };
        byte += 1;
    }
    classes
};

/// Every word of the text.
pub fn words(text: &[u8]) -> impl Iterator<Item = Strike> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        at += text[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let start = at;
        let (mut seen, mut later) = (0, 0);
        while let Some(byte) = text.get(at).filter(|byte| !byte.is_ascii_whitespace()) {
            let class = CLASSES[usize::from(*byte)];
            later |= if at == start { 0 } else { class };
            seen |= class;
            at += 1;
        }
        (at > start).then(|| Strike { range: start..at, kind: kind(seen, later, at - start) })
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
