//! Bytes as `xxd`, `hexdump`, `od`, `tcpdump` and Wireshark print them, read as what they are.
//!
//! Each line is one piece: what is found in a part of it takes the whole line, also the letters beside the digits.

use std::ops::RangeInclusive;

use super::encoded::byte;
use super::written::{Map, Writer};

/// The bytes of a full line, and the fewest that begin a dump.
const FULL: usize = 16;
const FEWEST: usize = 4;
/// So many digits an offset has.
const OFFSET: RangeInclusive<usize> = 4..=8;

/// The text with its dumps opened; `None` where there are none.
pub(super) fn open(text: &[u8]) -> Option<(Vec<u8>, Map)> {
    let mut writer = Writer::new(text);
    let (mut start, mut expected) = (0, None);
    while start < text.len() {
        let end = memchr::memchr(b'\n', &text[start..]).map_or(text.len(), |found| start + found);
        let line = Line::of(&text[start..end]).filter(|line| line.follows(expected));
        if let Some(line) = &line {
            // The lines of one dump follow each other without an end.
            writer.copy(if expected.is_none() { start } else { writer.done });
            writer.push(&(start..end), &line.bytes);
        }
        expected = line.map(|line| line.offsets.map(|offset| offset.map(|offset| offset + line.bytes.len())));
        start = end + 1;
    }
    writer.finish()
}

/// One line of a dump.
struct Line {
    /// Its offset, read with sixteen digits and with eight.
    offsets: [Option<usize>; 2],
    /// What they are.
    bytes: Vec<u8>,
}

impl Line {
    fn of(line: &[u8]) -> Option<Self> {
        let indent = line.iter().take(8).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let first = indent + if line[indent..].starts_with(b"0x") { 2 } else { 0 };
        let digits = line[first..].iter().take(9).take_while(|byte| byte.is_ascii_hexdigit()).count();
        let from = first + digits + usize::from(line.get(first + digits) == Some(&b':'));
        if !OFFSET.contains(&digits) || line.get(from) != Some(&b' ') {
            return None;
        }
        let offset = std::str::from_utf8(&line[first..first + digits]).ok()?;
        let mut bytes = hexadecimal(&line[from..]).or_else(|| letters(&line[from..]))?;
        for byte in &mut bytes {
            *byte = match *byte {
                0 => b' ',
                b'\t' | b'\n' | b' '..=b'~' => *byte,
                0x7f.. => b'.',
                _ => b'\n',
            };
        }
        Some(Self { offsets: [16, 8].map(|radix| usize::from_str_radix(offset, radix).ok()), bytes })
    }

    /// Whether a dump begins here, or goes on with the offset that is `expected`.
    fn follows(&self, expected: Option<[Option<usize>; 2]>) -> bool {
        match expected {
            Some(expected) => self.offsets.iter().zip(expected).any(|(one, other)| one.is_some() && *one == other),
            None => match self.offsets[0] {
                Some(0) => self.bytes.len() >= FEWEST,
                Some(offset) => offset % FULL == 0 && self.bytes.len() == FULL,
                None => false,
            },
        }
    }
}

/// ` 7573 6572 3d6b  user=k`, ` 75 73 65 72  |user|`
fn hexadecimal(line: &[u8]) -> Option<Vec<u8>> {
    let (mut bytes, mut at) = (Vec::new(), 0);
    while bytes.len() < FULL {
        let gap = line[at..].iter().take_while(|byte| **byte == b' ').count();
        let digits = line[at + gap..].iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        let end = at + gap + digits;
        // Two blanks stand in the middle of a line, and in front of the letters.
        let is_apart = gap > 1 && !bytes.is_empty() && (gap > 2 || bytes.len() != FULL / 2);
        let is_group = digits > 0 && digits % 2 == 0 && line.get(end).is_none_or(|byte| matches!(byte, b' ' | b'\r'));
        if gap == 0 || is_apart || !is_group {
            break;
        }
        bytes.extend(line[at + gap..end].chunks(2).filter_map(|two| byte(two[0], two[1])));
        at = end;
    }
    (!bytes.is_empty()).then_some(bytes)
}

/// `   u   s   e   r  \n 303 244`: each in four columns.
fn letters(line: &[u8]) -> Option<Vec<u8>> {
    let octal = |digit: u8| (b'0'..=b'7').contains(&digit).then(|| digit - b'0');
    let field = |field: &[u8]| match *field {
        [b' ', b' ', b' ', letter @ b' '..=b'~'] => Some(letter),
        [b' ', b' ', b'\\', letter] => Some(if letter == b'0' { 0 } else { b'\n' }),
        [b' ', high, middle, low] => {
            octal(high)?.checked_mul(64)?.checked_add(octal(middle)? * 8)?.checked_add(octal(low)?)
        }
        _ => None,
    };
    line.trim_ascii_end().chunks(4).map(field).collect()
}
