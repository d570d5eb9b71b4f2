//! Escapes of JSON, C, shells and HTML.

use crate::lexicon::lists::NAMED;

use super::encoded::{character, marked_byte};
use super::written::{Seen, Short};

/// More digits write no character.
const DIGITS: usize = 8;

/// `\x22`, `\u0022`, `\u{22}`, `\047`, `\e[`, and a mark that would mean something otherwise: `\"`, `\/`.
/// `\n`, `\t` and `\r` stay: the rules know them, and `C:\new` has one as well.
pub(super) fn backslash(text: &[u8], at: usize) -> Option<Seen> {
    match text.get(at + 1)? {
        // A blank inside a word of a shell, as a letter that ends nothing.
        b' ' if stands_in_word(text, at, at + 2) => Seen::character(at..at + 2, '\u{2423}'),
        // One that begins no character, as those of UTF-16's byte order mark, or none that can be seen, as its zeros.
        b'x' => character(text, at, |text, at| marked_byte(text, at, b"\\x"))
            .or_else(|| marked_byte(text, at, b"\\x").map(|(_, end)| Seen::nothing(at..end))),
        b'0'..=b'3' => character(text, at, |text, at| match text.get(at..at + 4)? {
            [b'\\', high @ b'0'..=b'3', middle @ b'0'..=b'7', low @ b'0'..=b'7'] => {
                Some(((high - b'0') * 64 + (middle - b'0') * 8 + (low - b'0'), at + 4))
            }
            _ => None,
        }),
        b'u' if text.get(at + 2) == Some(&b'{') => {
            let end = at + 3 + memchr::memchr(b'}', &text[at + 3..text.len().min(at + 4 + DIGITS)])?;
            Seen::character(at..end + 1, number(text, at + 3, end, 16)?)
        }
        b'u' => {
            let character = number(text, at + 2, at + 6, 16)?;
            Seen::character(at..at + 6, character).or(Some(Seen::nothing(at..at + 6)))
        }
        b'e' if text.get(at + 2) == Some(&b'[') => Seen::character(at..at + 2, '\u{1b}'),
        mark if mark.is_ascii_punctuation() => Seen::character(at..at + 2, char::from(*mark)),
        _ => None,
    }
}

/// `^&` in a command of Windows' shell, and control characters as `cat -v`, `less` and `vim` show them: `^M` at the end
/// of a line, where `cat -A` puts a `$` behind it.
pub(super) fn caret(text: &[u8], at: usize) -> Option<Seen> {
    let rest = text.get(at + 2..)?;
    let what = match text.get(at + 1)? {
        mark if b"&|<>^%!()\"".contains(mark) => *mark,
        b'M' if matches!(rest, [] | [b'\n', ..]) => return Some(Seen::nothing(at..at + 2)),
        b'M' if matches!(rest, [b'$'] | [b'$', b'\n', ..]) => return Some(Seen::nothing(at..at + 3)),
        b'[' if matches!(rest, [b']' | b'\\', ..]) => 0x1b,
        letter if b"@GHI".contains(letter) => letter - b'@',
        _ => return None,
    };
    Some(Seen { instead_of: at..at + 2, what: Short::of(&[char::from(what)]) })
}

/// `#033[`, `#012`, `#040`: control characters and blanks as syslog and sudo write them.
pub(super) fn number_sign(text: &[u8], at: usize) -> Option<Seen> {
    let what = match text.get(at + 1..at + 4)? {
        b"033" => '\u{1b}',
        b"012" | b"015" => '\n',
        b"011" | b"040" if !stands_in_word(text, at, at + 4) => ' ',
        _ => return None,
    };
    Seen::character(at..at + 4, what)
}

/// `` `$ `` inside a word or quotation of PowerShell; in front of a word the mark is Markdown's.
pub(super) fn backtick(text: &[u8], at: usize) -> Option<Seen> {
    let inside = at > 0 && (text[at - 1].is_ascii_alphanumeric() || text[at - 1] == b'"');
    let mark = *text.get(at + 1).filter(|byte| inside && b"$`\"'#".contains(byte))?;
    let goes_on = text.get(at + 2).is_some_and(u8::is_ascii_alphanumeric);
    if goes_on { Seen::character(at..at + 2, char::from(mark)) } else { None }
}

/// `&quot;`, `&#34;`, `&#x22;`
pub(super) fn entity(text: &[u8], at: usize) -> Option<Seen> {
    let rest = &text[at + 1..];
    if let Some((name, character)) = NAMED.iter().find(|(name, _)| rest.starts_with(name)) {
        return Seen::character(at..at + 1 + name.len(), *character);
    }
    let (from, radix) = match rest {
        [b'#', b'x' | b'X', ..] => (at + 3, 16),
        [b'#', ..] => (at + 2, 10),
        _ => return None,
    };
    let end = from + text[from..].iter().take(DIGITS).take_while(|byte| char::from(**byte).is_digit(radix)).count();
    let character = number(text, from, end, radix)?;
    // Browsers read it without a semicolon as well.
    let closed = usize::from(text.get(end) == Some(&b';'));
    Seen::character(at..end + closed, if character == '\u{a0}' { ' ' } else { character })
}

/// Letters, digits or marks stand on both sides.
fn stands_in_word(text: &[u8], from: usize, to: usize) -> bool {
    text[..from].last().is_some_and(u8::is_ascii_graphic) && text.get(to).is_some_and(u8::is_ascii_graphic)
}

fn number(text: &[u8], from: usize, to: usize, radix: u32) -> Option<char> {
    let digits = text.get(from..to).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
    char::from_u32(u32::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()?)
}
