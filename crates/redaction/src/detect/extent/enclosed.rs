//! Values inside brackets, and marks inside values.

use super::{Value, next_name};
use crate::facts::values::is_no_word;

/// `PWD={ab;cd9X};`: braces around a value of a connection string (MS-ODBCSTR 2.1.1), in which a closing one is
/// doubled.
pub(crate) fn braced(text: &[u8], at: usize) -> Option<Value> {
    const LONGEST: usize = 256;
    let inner = text.get(at..)?.strip_prefix(b"{").filter(|rest| !rest.starts_with(b"{"))?;
    let inner = &inner[..inner.len().min(LONGEST)];
    let mut end = 0;
    loop {
        end += inner[end..].iter().position(|byte| matches!(byte, b'}' | b'"' | b'\n'))?;
        match &inner[end..] {
            [b'}', b'}', ..] => end += 2,
            [b'}', ..] => break,
            _ => return None,
        }
    }
    let closed = matches!(inner.get(end + 1), None | Some(b';' | b'"' | b'\'' | b'\n' | b'\r' | b' '));
    // `{ 50: '#f0fdfa' }`: an object.
    let object = inner.starts_with(b" ") || memchr::memmem::find(&inner[..end], b": ").is_some();
    (closed && end > 0 && !object).then_some(Value { start: at + 1, end: at + 1 + end, quoted: false })
}

/// `<Zq8x7Yw6Vt5Us4>`: a password that somebody put where a manual had a placeholder.
pub(crate) fn angled(text: &[u8], at: usize) -> Option<Value> {
    const LONGEST: usize = 64;
    let inner = text.get(at..)?.strip_prefix(b"<")?;
    let end = memchr::memchr(b'>', &inner[..inner.len().min(LONGEST)])?;
    is_no_word(&inner[..end]).then_some(Value { start: at + 1, end: at + 1 + end, quoted: false })
}

/// `Bracken"Hollow5`: a quotation mark in the middle of a value belongs to it.
pub(crate) fn is_inside_word(text: &[u8], from: usize, at: usize) -> bool {
    let word = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let length = text[at + 1..].iter().take(32).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let rest = &text[at + 1..at + 1 + length];
    at > from
        && text[at] == b'"'
        && word(text.get(at - 1))
        && rest.iter().any(u8::is_ascii_digit)
        && !matches!(text.get(at + 1 + length), Some(b'"' | b'=' | b':'))
        && !next_name(text, at + 1)
}
