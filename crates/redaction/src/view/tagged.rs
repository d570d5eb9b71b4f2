//! Marks that change how a text looks and not what it says: tags of HTML, of forums and of ticket systems, and characters
//! that an editor shows by their number because they cannot be seen.

use crate::lexicon::roles::{Role, has};

use super::written::Seen;

/// Nobody writes longer names ...
const NAME: usize = 8;
/// ... or longer attributes, in bytes.
const ATTRIBUTES: usize = 256;
/// In braces only longer names are marks: `{i}` is filled in.
const IN_BRACES: usize = 4;

/// The tag, mark or empty comment that begins at `at`: nothing of it is to be seen.
pub(super) fn inline(text: &[u8], at: usize) -> Option<Seen> {
    let (opens, rest) = (text[at], &text[at + 1..]);
    let end = match opens {
        b'<' => tag(rest, b'>', b" /\n")?,
        // `[b]`, `[color=red]`, `[/b]`, and not `list[i]`.
        b'[' if rest[..rest.len().min(1)] == *b"/" || !text[..at].last().is_some_and(u8::is_ascii_alphanumeric) => {
            tag(rest, b']', b"=")?
        }
        b'{' => tag(rest, b'}', b":").filter(|length| *length > IN_BRACES)?,
        _ => return None,
    };
    Some(Seen::nothing(at..at + 1 + end))
}

/// `<br>`, `<p>`: here a line ends.
pub(super) fn line_end(text: &[u8], at: usize) -> Option<Seen> {
    let rest = &text[at + 1..text.len().min(at + 6)];
    let end = [&b"br>"[..], b"br/>", b"br />", b"p>", b"/p>"].into_iter().find(|tag| rest.starts_with(tag))?;
    Seen::character(at..at + 1 + end.len(), '\n')
}

/// The length of a tag to its end; attributes begin with one of `attributed`.
fn tag(rest: &[u8], close: u8, attributed: &[u8]) -> Option<usize> {
    let closes = usize::from(rest.first() == Some(&b'/'));
    let name = rest[closes..].iter().take(NAME + 1).take_while(|byte| byte.is_ascii_alphabetic()).count();
    let end = closes + name;
    let behind = *rest.get(end)?;
    if name == 0 || behind != close && !attributed.contains(&behind) || !has(&rest[closes..end], Role::Inline) {
        return None;
    }
    match behind {
        byte if byte == close => Some(end + 1),
        _ if closes == 0 => {
            let inside = &rest[end..rest.len().min(end + ATTRIBUTES)];
            let found = memchr::memchr2(close, b'<', inside)?;
            (inside[found] == close).then_some(end + found + 1)
        }
        _ => None,
    }
}
