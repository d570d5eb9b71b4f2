//! Escape sequences of terminals (ECMA-48): colours, mostly.

/// Nobody writes longer parameters.
const LONGEST: usize = 32;

/// The end of the sequence that begins at `at`, if one does: with the escape character, with `^[` as `cat -v` shows
/// it, or, where a program lost that character, a colour that begins with the bracket.
pub(super) fn sequence(text: &[u8], at: usize) -> Option<usize> {
    let rest = &text[at..];
    match rest {
        [0x1b, b'[', ..] => control_sequence(text, at + 2, |byte| (b'@'..=b'~').contains(&byte)),
        [0x1b, ..] => Some(at + 1),
        [b'^', b'[', b'[', ..] => control_sequence(text, at + 3, |byte| byte.is_ascii_alphabetic()),
        [b'[', b'0'..=b'9', ..] => control_sequence(text, at + 1, |byte| byte == b'm'),
        _ => None,
    }
}

/// Parameters and a final byte.
fn control_sequence(text: &[u8], from: usize, is_final: fn(u8) -> bool) -> Option<usize> {
    let parameters = text[from..].iter().take(LONGEST).take_while(|byte| (b' '..=b'?').contains(*byte)).count();
    let end = from + parameters;
    text.get(end).filter(|byte| is_final(**byte)).map(|_| end + 1)
}
