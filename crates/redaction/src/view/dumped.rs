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
    // The first offset ends in a zero.
    memchr::memmem::find(text, b"0 ").or_else(|| memchr::memmem::find(text, b"0: "))?;
    let mut writer = Writer::new(text);
    let (mut start, mut goes_on) = (0, false);
    while start < text.len() {
        let end = memchr::memchr(b'\n', &text[start..]).map_or(text.len(), |found| start + found);
        let line = line(&text[start..end], goes_on);
        if let Some(bytes) = &line {
            // The lines of one dump follow each other without an end.
            writer.copy(if goes_on { writer.done } else { start });
            writer.push(&(start..end), bytes);
        }
        goes_on = line.is_some();
        start = end + 1;
    }
    writer.finish()
}

/// The bytes that a line shows, of a dump that begins with it or goes on.
fn line(line: &[u8], goes_on: bool) -> Option<Vec<u8>> {
    if !line.iter().take(FEWEST).all(|byte| byte.is_ascii_hexdigit() || b" \tx".contains(byte)) {
        return None;
    }
    let indent = line.iter().take(8).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let first = indent + if line[indent..].starts_with(b"0x") { 2 } else { 0 };
    let digits = line[first..].iter().take(9).take_while(|byte| byte.is_ascii_hexdigit()).count();
    let from = first + digits + usize::from(line.get(first + digits) == Some(&b':'));
    if !OFFSET.contains(&digits) || line.get(from) != Some(&b' ') {
        return None;
    }
    let mut bytes = hexadecimal(&line[from..]).or_else(|| letters(&line[from..]))?;
    let offset = usize::from_str_radix(std::str::from_utf8(&line[first..first + digits]).ok()?, 16).ok()?;
    if !goes_on && (offset % FULL != 0 || bytes.len() < if offset == 0 { FEWEST } else { FULL }) {
        return None;
    }
    for byte in &mut bytes {
        *byte = match *byte {
            0 => b' ',
            b'\t' | b'\n' | b' '..=b'~' => *byte,
            0x7f.. => b'.',
            _ => b'\n',
        };
    }
    Some(bytes)
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
        [b' '] | [b' ', b' '] | [b' ', b' ', b' '] => Some(b' '),
        [b' ', high, middle, low] => {
            octal(high)?.checked_mul(64)?.checked_add(octal(middle)? * 8)?.checked_add(octal(low)?)
        }
        _ => None,
    };
    line.chunks(4).map(field).collect()
}
