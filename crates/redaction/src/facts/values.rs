//! Does a value look like a secret, or like a word of a sentence, a reference, a placeholder?

mod placeholder;

pub(crate) use placeholder::{is_placeholder, is_stand_in};

use std::ops::RangeInclusive;

use crate::lexicon::names::is_file;
use crate::lexicon::roles::{Role, has};
use crate::text::scan;

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

    /// Letters only, small and capital ones without order (`wjXKCFzOWEPRqhTmmbWtVQ`): no words in `CamelCase`.
    pub(crate) fn is_jumbled(&self) -> bool {
        let third = |letters: usize| letters * 3 >= self.len;
        self.len >= 16
            && self.lower + self.upper == self.len
            && third(self.lower)
            && third(self.upper)
            && self.turns * 6 >= self.len
    }

    /// Both letters and digits.
    pub(crate) fn letters_and_digits(&self) -> bool {
        self.lower + self.upper > 0 && self.digit > 0
    }
}

/// Something a person would choose as a password: not a plain word, number, name or path.
pub(crate) fn looks_chosen(value: &[u8]) -> bool {
    let shape = Shape::of(value);
    let marked = || value[..value.len() - 1].iter().any(|b| b"!@#$%^&*+=?~|".contains(b));
    shape.len >= 5
        && shape.blank == 0
        && (shape.letters_and_digits() || shape.lower + shape.upper >= 3 && marked())
        && !is_everyday(value, &shape)
        && !is_placeholder(value)
}

/// Something a machine made: long, letters and digits mixed, or letters without order.
pub(crate) fn looks_random(value: &[u8]) -> bool {
    let shape = Shape::of(value);
    shape.len >= 12
        && (shape.digit >= 2 && shape.turns >= 2 || shape.is_jumbled())
        && value.iter().all(|b| b.is_ascii_alphanumeric() || b"_-+/=.~:!@#$%^&*".contains(b))
        && !is_everyday(value, &shape)
}

/// UUIDs and digests: what ids are made of.
pub(crate) fn is_id(value: &[u8]) -> bool {
    let digits = value.strip_prefix(b"sha256:").or_else(|| value.strip_prefix(b"0x")).unwrap_or(value);
    digits.iter().all(|b| b.is_ascii_hexdigit() || *b == b'-')
}

/// Measures, times, paths, identifiers, names of standards: what people name all day.
pub(crate) fn is_everyday(value: &[u8], shape: &Shape) -> bool {
    is_measure(value, shape)
        || is_identifier(value, shape)
        || is_path(value, shape)
        || is_file(value.split(|b| *b == b':').next().unwrap_or_default())
        || has(value, Role::Standard)
        || is_instance(value)
        || scan::find(value, b"://").is_some()
}

/// `orders-7c9d8f6b5-x2lqm`, `org.example.Token@5e91993f`: an instance that an orchestrator or a program named.
fn is_instance(value: &[u8]) -> bool {
    let mut parts = value.rsplit(|b| *b == b'-');
    let mut tail = |length: RangeInclusive<usize>| {
        let low = |part: &[u8]| part.iter().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase());
        parts.next().is_some_and(|part| length.contains(&part.len()) && low(part))
    };
    tail(5..=5) && tail(8..=10) && parts.next().is_some()
}

/// `/etc/app/config`, `C:\Users`, `src/main.rs:12`, `~/.ssh/id_rsa`: not every other letter is a capital or a figure.
fn is_path(value: &[u8], shape: &Shape) -> bool {
    value.iter().any(|b| matches!(b, b'/' | b'\\'))
        && value.iter().all(|b| b.is_ascii_alphanumeric() || b"_/.-:\\@~{}*".contains(b))
        && shape.turns * 5 <= shape.len.max(8)
}

/// `10:00`, `2024-05-01`, `1.2.3`, `15%`, `8–120`, `PT8H`, `720ms`: numbers and dates. Long
/// runs of digits alone are left to those who know what they name.
pub(crate) fn is_measure(value: &[u8], shape: &Shape) -> bool {
    // `#FF12191F`: a colour.
    if value.first() == Some(&b'#') && matches!(value.len(), 4 | 7 | 9) {
        return value[1..].iter().all(u8::is_ascii_hexdigit);
    }
    let is_in = |b: &u8| matches!(b, b'0'..=b':' | b'+'..=b'/' | b'%' | b'x' | b'_' | b' ' | b'T' | b'Z' | b'P' | b'H' | 0xe2 | 0x80 | 0x93);
    let unit = || &value[value.iter().take_while(|b| b.is_ascii_digit() || **b == b'.').count()..];
    shape.digit > 0 && (shape.lower + shape.upper <= 3 && value.iter().all(is_in) || has(unit(), Role::Unit))
}

/// Words, perhaps with numbers between (`step-2`, `ORA-01017`), `snake_case`, `CamelCase`.
fn is_identifier(value: &[u8], shape: &Shape) -> bool {
    if shape.digit == 0 {
        return !shape.is_jumbled()
            && value.iter().all(|b| b.is_ascii_alphabetic() || b"_-.'/:,*()".contains(b) || *b >= 0x80);
    }
    let part = |part: &[u8]| {
        let digits = part.iter().filter(|b| b.is_ascii_digit()).count();
        digits == part.len() || digits == 0 || part.len() <= 4
    };
    (shape.upper == 0 || shape.lower == 0)
        && value.iter().all(|b| b.is_ascii_alphanumeric() || b"-_./@".contains(b))
        && value.split(|b| b"-_./@".contains(b)).all(part)
}

/// `windows_sys::core::PCWSTR`, `&[u8]`, `*mut`: only source code has such values.
pub(crate) fn is_code(value: &[u8]) -> bool {
    let from = value.iter().take_while(|b| b"&*[]({?$".contains(b)).count();
    let core = &value[from..];
    let core = &core[..core.len() - core.iter().rev().take_while(|b| b"])}>;,?".contains(b)).count()];
    let head = core.split(|b| b"({<".contains(b)).next().unwrap_or_default();
    has(core, Role::Standard)
        || scan::find(head, b"::").is_some() && head.iter().all(|b| b.is_ascii_alphanumeric() || b"_.:]".contains(b))
}

#[cfg(test)]
mod tests {
    use super::{is_code, looks_random};

    #[test]
    fn letters_without_order_are_told_from_names() {
        for made in ["wjXKCFzOWEPRqhTmmbWtVQ", "yvxpthLIcYpZweFpPOVeCOtt"] {
            assert!(looks_random(made.as_bytes()), "{made}");
        }
        for name in ["getUserByIdFromDatabase", "AbstractSingletonProxyFactoryBean", "HTTPServerXMLParserImpl"] {
            assert!(!looks_random(name.as_bytes()), "{name}");
        }
    }

    #[test]
    fn code_is_told_from_passwords() {
        for code in ["::windows_sys::core::PCWSTR", "&[u8]", "*mut", "TcpStream::connect(addr"] {
            assert!(is_code(code.as_bytes()), "{code}");
        }
        for word in ["Lucertola.al.Sole", "summer", "gessetto.Blu.61", "a::b!", "Hunter2", "{prod-8Xk}"] {
            assert!(!is_code(word.as_bytes()), "{word}");
        }
    }
}
