//! Escape sequences of terminals (ECMA-48): colours, mostly, and the titles and links of xterm.

use super::written::Seen;

/// Nobody writes longer parameters.
const LONGEST: usize = 32;
/// How programs show the escape character in front of a bracket.
const SHOWN: [&str; 5] = ["<ESC>", "ESC", "\\33", "\u{241b}", "\u{2190}"];

/// What is seen of the sequence that begins at `at`, if one does: with the escape character, with `^[` as `cat -v`
/// shows it, or with its bracket, behind what a program shows in place of that character, or, where it is lost, a colour.
pub(super) fn sequence(text: &[u8], at: usize) -> Option<Seen> {
    match &text[at..] {
        [0x1b, b'[', ..] => control_sequence(text, at, at + 2, |byte| (b'@'..=b'~').contains(&byte)),
        [0x1b, b']', ..] => Some(Seen::nothing(at..at + 2 + parameters(&text[at + 2..]))),
        [0x1b, b'\\', ..] => Seen::character(at..at + 2, ' '),
        [0x1b, ..] => Some(Seen::nothing(at..at + 1)),
        [b'^', b'[', b'[', ..] => control_sequence(text, at, at + 3, |byte| byte.is_ascii_alphabetic() || byte == b'~'),
        [b'[', next, ..] => match shown_before(&text[..at]) {
            Some(shown) => control_sequence(text, at - shown.len(), at + 1, |byte| byte.is_ascii_alphabetic()),
            None if next.is_ascii_digit() => control_sequence(text, at, at + 1, |byte| byte == b'm'),
            None => None,
        },
        _ => None,
    }
}

/// What stands for the escape character at the end of `before`.
fn shown_before(before: &[u8]) -> Option<&'static str> {
    SHOWN.into_iter().find(|shown| before.ends_with(shown.as_bytes()))
}

/// Parameters and a final byte.
fn control_sequence(text: &[u8], start: usize, from: usize, is_final: fn(u8) -> bool) -> Option<Seen> {
    let parameters = text[from..].iter().take(LONGEST).take_while(|byte| (b' '..=b'?').contains(*byte)).count();
    let end = from + parameters;
    text.get(end).filter(|byte| is_final(**byte)).map(|_| Seen::nothing(start..end + 1))
}

/// `0;` in front of a title, `8;id=1;` in front of a link.
fn parameters(command: &[u8]) -> usize {
    let kind = command.iter().take(4).take_while(|byte| byte.is_ascii_digit() || **byte == b';').count();
    let link = command.strip_prefix(b"8;").and_then(|rest| memchr::memchr(b';', &rest[..rest.len().min(LONGEST)]));
    link.map_or(kind, |length| 2 + length + 1)
}
