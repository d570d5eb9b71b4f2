//! Bytes written as two hexadecimal digits: percent-encoding (RFC 3986) and quoted-printable (RFC 2045).

use super::Marks;
use super::quoted;
use super::written::{Map, Seen, Writer};

/// So far around a plus is looked at, in bytes.
const WORDS: usize = 48;

/// How far the beginning of a parameter's value is looked for, in bytes.
const PARAMETER: usize = 256;

/// `%22`, and the bytes of one character together: `%C3%A9`.
pub(super) fn percent(text: &[u8], at: usize, marks: Marks) -> Option<Seen> {
    let seen = character(text, at, |text, at| marked_byte(text, at, b"%"))?;
    let written = &text[seen.instead_of.clone()];
    match seen.what.as_bytes() {
        [mark @ (b'&' | b'#' | b';')] if belongs_to_value(text, at) => {
            Some(quoted::inner(*mark, seen.instead_of, marks))
        }
        // `lluvia%de%abril`
        [(0x80..), ..] if written.iter().all(|byte| byte.is_ascii_lowercase() || *byte == b'%') => None,
        _ => Some(seen),
    }
}

/// `Passwort+lautet%3A+x`: a blank, where a form encoded a text of several words.
pub(super) fn plus(text: &[u8], at: usize) -> Option<Seen> {
    let run = |byte: &&u8| byte.is_ascii_graphic() && **byte != b'&';
    let from = at - text[..at].iter().rev().take(WORDS).take_while(run).count();
    let to = at + text[at..].iter().take(WORDS).take_while(run).count();
    let count = |mark: u8| memchr::memchr_iter(mark, &text[from..to]).count();
    if count(b'+') >= 3 && count(b'%') >= 1 { Seen::character(at..at + 1, ' ') } else { None }
}

/// `password=Salt%26Pepper&user=ada`: in a value the encoded sign is a letter like others, unless a whole query was
/// encoded.
fn belongs_to_value(text: &[u8], at: usize) -> bool {
    let before = text[..at].iter().rev().take(PARAMETER);
    let length = before.take_while(|byte| !b"=&?\"' \n".contains(byte)).count();
    let value = &text[at - length..at];
    let is_query = value.windows(3).any(|code| matches!(code, [b'%' | b'5', b'3', b'D' | b'd' | b'F' | b'f']));
    text[..at - length].last() == Some(&b'=') && !is_query
}

/// What hardly any quoted-printable text is without: an equals sign, a blank, letters with accents, quotation marks.
const USUAL: [&[u8]; 5] = [b"3D", b"20", b"22", b"C3=", b"E2="];

/// Whether a text is quoted-printable: it holds such bytes, and a line of it ends in `=`, or it says so. An equals
/// sign is far too common otherwise, also at the end of a line of base64.
pub(super) fn is_quoted_printable(text: &[u8]) -> bool {
    let (mut bytes, mut soft) = (false, false);
    for at in memchr::memchr_iter(b'=', text) {
        soft = soft || matches!(text[at + 1..], [b'\n', ..] | [b'\r', b'\n', ..]);
        bytes = bytes || USUAL.iter().any(|usual| text[at + 1..].starts_with(usual));
        if bytes && soft {
            return true;
        }
    }
    (bytes || soft) && memchr::memmem::find(text, b"quoted-printable").is_some()
}

/// `=3D`, and the end of a line that goes on.
pub(super) fn quoted_printable(text: &[u8], at: usize) -> Option<Seen> {
    match &text[at..] {
        [b'=', b'\n', ..] => Some(Seen::nothing(at..at + 2)),
        [b'=', b'\r', b'\n', ..] => Some(Seen::nothing(at..at + 3)),
        _ => quoted_character(text, at),
    }
}

/// `=C3=A4`, and where no text of UTF-8 was written `=E4`.
fn quoted_character(text: &[u8], at: usize) -> Option<Seen> {
    let latin = || quoted_byte(text, at).and_then(|(byte, end)| Seen::character(at..end, char::from(byte)));
    character(text, at, quoted_byte).or_else(latin)
}

/// `=3D`, with capitals.
fn quoted_byte(text: &[u8], at: usize) -> Option<(u8, usize)> {
    marked_byte(text, at, b"=").filter(|(_, end)| !text[at..*end].iter().any(u8::is_ascii_lowercase))
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

/// The byte of the two digits behind `mark`, and where they end.
pub(super) fn marked_byte(text: &[u8], at: usize, mark: &[u8]) -> Option<(u8, usize)> {
    let [high, low] = *text.get(at..)?.strip_prefix(mark)?.first_chunk()?;
    Some((byte(high, low)?, at + mark.len() + 2))
}

/// The byte of two hexadecimal digits.
pub(super) fn byte(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

/// An encoded word is no longer (RFC 2047, section 2); some programs write longer ones.
const WORD: usize = 256;

/// `=?utf-8?Q?Kennwort=3A_Fjord?=` in the head of a mail, as it reads; `None` where there is none.
pub(super) fn words(text: &[u8]) -> Option<(Vec<u8>, Map)> {
    let mut writer = Writer::new(text);
    for at in memchr::memchr_iter(b'=', text) {
        let Some((from, to)) = word(text, at).filter(|_| at >= writer.done) else { continue };
        writer.skip(&(at..from));
        let mut inside = from;
        while inside < to {
            let seen = match text[inside] {
                b'_' => Seen::character(inside..inside + 1, ' '),
                b'=' => quoted_character(text, inside),
                _ => None,
            };
            inside = seen.as_ref().map_or(inside + 1, |seen| seen.instead_of.end);
            if let Some(seen) = seen {
                writer.replace(&seen);
            }
        }
        writer.skip(&(to..to + 2));
    }
    writer.finish()
}

/// Where the content of the word that begins at `at` begins and ends.
fn word(text: &[u8], at: usize) -> Option<(usize, usize)> {
    let rest = text[at..text.len().min(at + WORD)].strip_prefix(b"=?")?;
    let charset = memchr::memchr(b'?', rest)?;
    let content = charset + 3;
    let is_quoted = matches!(rest.get(charset + 1..content)?, b"Q?" | b"q?");
    let length = memchr::memmem::find(&rest[content..], b"?=").filter(|_| is_quoted)?;
    Some((at + 2 + content, at + 2 + content + length))
}
