//! Does a value look like a secret, or like a word of a sentence, a reference, a placeholder?

mod code;
mod markup;
mod placeholder;
mod stand_ins;
mod standard;
mod suspicion;

pub(crate) use code::is_code;
pub(crate) use placeholder::is_placeholder;
pub(crate) use stand_ins::is_stand_in;
pub(crate) use standard::is_measure;
pub(crate) use standard::is_standard;
use standard::{is_address, is_fingerprint, is_identifier, is_path};
pub(crate) use suspicion::{Suspicion, is_algorithm, suspicion};

pub(crate) use crate::lexicon::letters::{lower_case, starts_with_ignoring_case};
pub(crate) use crate::lexicon::roles::is_stop_word;
use crate::text::scan::MARKER;

/// What a value is made of.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Shape {
    pub len: usize,
    pub lower: usize,
    pub upper: usize,
    pub digit: usize,
    pub symbol: usize,
    pub blank: usize,
    pub distinct: u32,
    /// Changes from lower to upper case or between letters and digits.
    pub turns: usize,
}

/// Of each byte: a small letter or no ASCII, a capital, a digit, a blank, another sign.
static CLASSES: [u8; 256] = {
    let mut classes = [5; 256];
    let mut byte = u8::MAX;
    loop {
        classes[byte as usize] = match byte {
            b'a'..=b'z' | 0x80.. => 1,
            b'A'..=b'Z' => 2,
            b'0'..=b'9' => 3,
            b' ' | b'\t' | b'\n' | b'\r' => 4,
            _ => 5,
        };
        let Some(next) = byte.checked_sub(1) else { break };
        byte = next;
    }
    classes
};
/// Of each class before, the classes that make a turn, as bits: not the small letter behind a capital.
const TURNS: [u8; 6] = [0, 0b1100, 0b1000, 0b0110, 0, 0];

impl Shape {
    pub(crate) fn of(value: &[u8]) -> Self {
        let mut shape = Self { len: value.len(), ..Self::default() };
        let mut seen = [0_u64; 4];
        let (mut previous, mut counts) = (0, [0; 6]);
        for &byte in value {
            let class = usize::from(CLASSES[usize::from(byte)]);
            counts[class] += 1;
            shape.turns += usize::from(TURNS[previous] >> class & 1);
            previous = class;
            seen[usize::from(byte >> 6)] |= 1 << (byte & 63);
        }
        [_, shape.lower, shape.upper, shape.digit, shape.blank, shape.symbol] = counts;
        shape.distinct = seen.iter().map(|bits| bits.count_ones()).sum();
        shape
    }

    fn letters(&self) -> usize {
        self.lower + self.upper
    }

    /// Both letters and digits.
    pub(crate) fn letters_and_digits(&self) -> bool {
        self.letters() > 0 && self.digit > 0
    }
}

/// Something a person would choose as a password: not a plain word, number, name or path.
pub(crate) fn looks_chosen(value: &[u8]) -> bool {
    let shape = Shape::of(value);
    if shape.len < 5 || shape.blank > 0 {
        return false;
    }
    let inner_symbol = || value[..value.len() - 1].iter().any(|b| b"!@#$%^&*+=?~|".contains(b));
    let mixed = shape.digit > 0 && shape.letters() > 0 || shape.letters() >= 3 && inner_symbol();
    (mixed || zigzag(value, &shape)) && !is_placeholder(value) && !is_everyday(value, &shape)
}

/// Hardly anything but a password: letters and digits, and a mark that names do not have or capitals beside one that
/// they do (`Tulip!harbor77`, `Kikker.Dak.12`).
pub(crate) fn looks_marked(value: &[u8]) -> bool {
    let shape = Shape::of(value);
    let inner = &value[..value.len().saturating_sub(1)];
    let hard = inner.iter().any(|b| b"!#$%&*;?^~+".contains(b)) && shape.letters() >= 4;
    let soft = inner.iter().any(|b| b"._-".contains(b)) && shape.upper > 0 && shape.lower >= 2 && !is_release(value);
    shape.len >= 8
        && shape.digit > 0
        && !is_compound(value)
        && (hard || soft)
        && !value.iter().any(|b| b"/\\=:(){}<>@[]|,\"".contains(b))
        && looks_chosen(value)
}

/// `DC25-Kameras`, `POP3-toegang`: the name of a thing and a word.
pub(crate) fn is_compound(value: &[u8]) -> bool {
    let code = value.iter().take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit()).count();
    (2..=5).contains(&code)
        && value[code..].strip_prefix(b"-").is_some_and(|rest| rest.iter().all(u8::is_ascii_alphabetic))
}

/// `Windows-10`, `Exchange_2019`, `ORA-01017`: one word and a number, as products and errors are called.
fn is_release(value: &[u8]) -> bool {
    let mut parts = value.split(|b| matches!(b, b'-' | b'_' | b'.'));
    let word = parts.next().is_some_and(|part| part.iter().all(u8::is_ascii_alphabetic));
    let number = parts.next().is_some_and(|part| part.iter().all(u8::is_ascii_digit));
    word && number
}

/// `aXbYcQ`: capitals inside a word that are not those of `CamelCase`.
fn zigzag(value: &[u8], shape: &Shape) -> bool {
    shape.len >= 10 && shape.upper >= 3 && shape.lower >= 3 && {
        let pairs = value.windows(2).filter(|w| w[0].is_ascii_uppercase() && w[1].is_ascii_uppercase()).count();
        shape.turns * 4 >= shape.len || (pairs >= 2 && shape.turns * 5 >= shape.len)
    }
}

/// Something a machine made: long, many different characters, letters and digits mixed.
pub(crate) fn looks_random(value: &[u8]) -> bool {
    let shape = Shape::of(value);
    if shape.len < 12 || shape.blank > 0 || shape.distinct < 7 {
        return false;
    }
    let token = value.iter().all(|b| b.is_ascii_alphanumeric() || b"_-+/=.~:!@#$%^&*".contains(b));
    token
        && ((shape.digit >= 2 && shape.letters() >= 2 && shape.turns >= 2) || zigzag(value, &shape))
        && !is_placeholder(value)
        && !is_everyday(value, &shape)
}

/// `org.example.Token@5e91993f`: an object as Java and JavaScript print it.
pub(crate) fn is_object(value: &[u8]) -> bool {
    let Some(at) = memchr::memrchr(b'@', value) else { return false };
    let hash = &value[at + 1..];
    (6..=8).contains(&hash.len())
        && hash.iter().all(u8::is_ascii_hexdigit)
        && value[..at].iter().all(|b| b.is_ascii_alphanumeric() || b"._$[;".contains(b))
}

/// A run of 32 or more hexadecimal digits, as many vendors make their keys.
pub(crate) fn is_long_hex(value: &[u8]) -> bool {
    value.len() >= 32 && value.iter().all(u8::is_ascii_hexdigit) && Shape::of(value).distinct >= 8
}

/// Times, versions, hosts, paths, addresses, identifiers, units: what people name all day.
pub(crate) fn is_everyday(value: &[u8], shape: &Shape) -> bool {
    if is_product_key(value, shape) {
        return false;
    }
    let marked = || is_address(value) || is_object(value) || is_fingerprint(value) || is_path(value) || is_keys(value);
    shape.symbol > 0 && marked()
        || suspicion::is_pod(value)
        || is_measure(value, shape)
        || is_identifier(value, shape)
        || is_standard(value)
        || markup::is_written_by_program(value)
        || code::is_path_of_code(value)
}

/// `Ctrl+H`: keys that are pressed together.
fn is_keys(value: &[u8]) -> bool {
    let first = value.split(|b| *b == b'+').next().unwrap_or_default();
    first.len() < value.len()
        && ["ctrl", "strg", "alt", "shift", "cmd", "command", "option", "win", "super", "fn", "umschalt", "maj"]
            .iter()
            .any(|key| first.eq_ignore_ascii_case(key.as_bytes()))
}

/// `ABCDE-12345-FGHIJ-67890`: four or more groups of capitals and digits.
pub(crate) fn is_product_key(value: &[u8], shape: &Shape) -> bool {
    let groups = value.split(|b| *b == b'-');
    shape.lower == 0
        && shape.digit >= 2
        && shape.upper >= 4
        && groups.clone().count() >= 4
        && groups.clone().all(|group| (3..=8).contains(&group.len()) && group.iter().all(u8::is_ascii_alphanumeric))
}

/// Several lower-case words: a sentence or a passphrase.
pub(crate) fn is_sentence(value: &[u8]) -> bool {
    let mut parts = value.split(|b| *b == b' ').filter(|word| !word.is_empty());
    let wordy = |word: &[u8]| word.iter().all(|b| b.is_ascii_alphabetic() || *b >= 0x80 || b"'.,;:!?-()".contains(b));
    value.contains(&b' ') && parts.by_ref().take(12).filter(|word| wordy(word)).count() >= 2
}

/// UUIDs, ULIDs and digests: what ids are made of.
pub(crate) fn is_id(value: &[u8]) -> bool {
    let value = value.strip_prefix(b"sha256:").unwrap_or(value);
    let value = value.strip_prefix(b"0x").unwrap_or(value);
    let hex = value.iter().all(|b| b.is_ascii_hexdigit() || *b == b'-');
    // `SM370843c0921495cec26efcbefb81e4bf`: a message at Twilio.
    if value.len() == 34
        && value[..2].iter().all(u8::is_ascii_uppercase)
        && value[2..].iter().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(b))
    {
        return true;
    }
    let ulid = value.len() == 26
        && (b'0'..=b'7').contains(&value[0])
        && value.iter().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
    hex || ulid
}
