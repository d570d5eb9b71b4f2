//! Bytes written as two hexadecimal digits: percent-encoding (RFC 3986) and quoted-printable (RFC 2045).

use super::Seen;

/// `%22`, and the bytes of one character together: `%C3%A9`.
pub(super) fn percent(text: &[u8], at: usize) -> Option<Seen> {
    character(text, at, |text, at| match text.get(at..at + 3)? {
        [b'%', high, low] => Some((byte(*high, *low)?, at + 3)),
        _ => None,
    })
}

/// What hardly any quoted-printable text is without: an equals sign, a blank, letters with accents, quotation marks.
const USUAL: [&[u8]; 5] = [b"3D", b"20", b"22", b"C3=", b"E2="];

/// Whether a text is quoted-printable: it holds such bytes, and a line of it ends in `=`, or it says so. An equals sign
/// is
/// far too common otherwise, also at the end of a line of base64.
pub(super) fn is_quoted_printable(text: &[u8]) -> bool {
    let (mut bytes, mut soft) = (false, false);
    for at in memchr::memchr_iter(b'=', text) {
        soft = soft || matches!(text[at + 1..], [b'\n', ..] | [b'\r', b'\n', ..]);
        bytes = bytes || USUAL.iter().any(|usual| text[at + 1..].starts_with(usual));
        if bytes && soft {
            return true;
        }
    }
    bytes && memchr::memmem::find(text, b"quoted-printable").is_some()
}

/// `=3D`, and the end of a line that goes on.
pub(super) fn quoted_printable(text: &[u8], at: usize) -> Option<Seen> {
    match &text[at..] {
        [b'=', b'\n', ..] => Some(Seen::nothing(at..at + 2)),
        [b'=', b'\r', b'\n', ..] => Some(Seen::nothing(at..at + 3)),
        _ => character(text, at, quoted_byte),
    }
}

/// `=3D`, with capitals.
fn quoted_byte(text: &[u8], at: usize) -> Option<(u8, usize)> {
    match text.get(at..at + 3)? {
        [b'=', high @ (b'0'..=b'9' | b'A'..=b'F'), low @ (b'0'..=b'9' | b'A'..=b'F')] => {
            Some((byte(*high, *low)?, at + 3))
        }
        _ => None,
    }
}

/// What the bytes that `next` reads one by one stand for: one character, whole.
pub(super) fn character(text: &[u8], at: usize, next: impl Fn(&[u8], usize) -> Option<(u8, usize)>) -> Option<Seen> {
    let (first, mut end) = next(text, at)?;
    let mut bytes = [first, 0, 0, 0];
    let length = match first {
        0..0x80 => 1,
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    for byte in &mut bytes[1..length] {
        (*byte, end) = next(text, end)?;
    }
    let character = std::str::from_utf8(&bytes[..length]).ok()?.chars().next()?;
    Seen::character(at..end, character)
}

/// The byte of two hexadecimal digits.
pub(super) fn byte(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}
