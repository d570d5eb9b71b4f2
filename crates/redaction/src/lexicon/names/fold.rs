//! Names as they are compared: small letters without accents and separators.

/// Names longer than this are not looked at as a whole.
pub(crate) const NAME_LIMIT: usize = 80;

/// A name, lower-cased, accents folded, separators gone, word starts remembered.
pub(super) struct Folded {
    pub(super) bytes: [u8; NAME_LIMIT * 2],
    pub(super) len: usize,
    pub(super) starts: [bool; NAME_LIMIT * 2 + 1],
}

pub(super) fn fold(name: &[u8]) -> Folded {
    let mut out = Folded { bytes: [0; NAME_LIMIT * 2], len: 0, starts: [false; NAME_LIMIT * 2 + 1] };
    let (mut fresh, mut here) = (true, 0);
    for (at, &byte) in name.iter().enumerate() {
        let previous = std::mem::replace(&mut here, byte);
        if byte == 0xC3 || byte == 0xCC {
            continue;
        }
        let letter = match byte {
            0x80.. if previous == 0xC3 => fold_latin(byte),
            // A combining accent of a decomposed letter.
            0x80.. if previous == 0xCC => continue,
            0x80.. => byte,
            _ if byte.is_ascii_alphanumeric() => byte.to_ascii_lowercase(),
            _ => {
                fresh = true;
                continue;
            }
        };
        let next_lower = || name.get(at + 1).is_some_and(u8::is_ascii_lowercase);
        let camel = byte.is_ascii_uppercase()
            && (previous.is_ascii_lowercase() || (previous.is_ascii_uppercase() && next_lower()));
        let after_digit = previous.is_ascii_digit() && byte.is_ascii_alphabetic();
        out.starts[out.len] = fresh || camel || after_digit;
        out.bytes[out.len] = letter;
        out.len += 1;
        fresh = false;
    }
    out.starts[out.len] = true;
    out
}

/// The second byte of a `C3 xx` letter as its base letter.
fn fold_latin(byte: u8) -> u8 {
    match byte | 0x20 {
        0xA0..=0xA5 => b'a',
        0xA7 => b'c',
        0xA8..=0xAB => b'e',
        0xAC..=0xAF => b'i',
        0xB1 => b'n',
        0xB2..=0xB6 | 0xB8 => b'o',
        0xB9..=0xBC => b'u',
        _ => byte,
    }
}
