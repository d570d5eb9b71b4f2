//! Tags of HTML that change how a text looks and not what it says.

use crate::lexicon::roles::{Role, has};

/// Nobody writes longer names ...
const NAME: usize = 6;
/// ... or longer attributes, in bytes.
const ATTRIBUTES: usize = 256;

/// The end of the tag or empty comment that begins at `at`.
pub(super) fn inline(text: &[u8], at: usize) -> Option<usize> {
    let rest = &text[at + 1..];
    // What React writes between two pieces of text.
    for comment in [&b"!-- -->"[..], b"!---->"] {
        if rest.starts_with(comment) {
            return Some(at + 1 + comment.len());
        }
    }
    let closes = usize::from(rest.first() == Some(&b'/'));
    let name = rest[closes..].iter().take(NAME + 1).take_while(|byte| byte.is_ascii_alphabetic()).count();
    let end = closes + name;
    let tag = &rest[closes..end];
    if !has(tag, Role::Inline) {
        return None;
    }
    match rest.get(end)? {
        b'>' => Some(at + 1 + end + 1),
        b' ' | b'/' | b'\n' if closes == 0 => {
            let attributes = &rest[end..rest.len().min(end + ATTRIBUTES)];
            let close = memchr::memchr2(b'>', b'<', attributes)?;
            (attributes[close] == b'>').then_some(at + 1 + end + close + 1)
        }
        _ => None,
    }
}
