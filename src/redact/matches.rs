//! What a pattern matched: which part is the secret, and does it look like one?

use super::table::Looks;
use super::values::is_stand_in;
use super::{decode, values};

/// `ghp_xxxxxxxxxxxx`: documentation, not a token.
pub(super) fn is_dummy(token: &[u8]) -> bool {
    let tail = &token[token.len() - token.len().min(16)..];
    let distinct = values::Shape::of(tail).distinct;
    // The keys of AWS's own documentation end so.
    (tail.len() >= 12 && distinct <= 2)
        || is_stand_in(token)
        || token.ends_with(b"EXAMPLE")
        || token.ends_with(b"EXAMPLEKEY")
}

pub(super) fn looks_right(looks: Looks, secret: &[u8]) -> bool {
    match looks {
        Looks::Any => true,
        Looks::Random => values::looks_random(secret) || values::is_long_hex(secret),
        Looks::Chosen => values::looks_chosen(secret),
        Looks::Marked => values::looks_marked(secret),
        Looks::Grouped => is_grouped(secret),
        Looks::Basic => decode::is_basic(secret),
    }
}

/// `ho3p nt8j ohbt wosk`: groups of one length, two digits at least.
fn is_grouped(secret: &[u8]) -> bool {
    let mut groups = secret.split(|b| matches!(b, b' ' | b'-')).map(<[u8]>::len);
    let first = groups.next();
    let count = secret.split(|b| matches!(b, b' ' | b'-')).count();
    let digits = secret.iter().filter(|b| b.is_ascii_digit()).count();
    let spelled = secret.iter().all(|b| b.is_ascii_uppercase() || matches!(b, b'2'..=b'7' | b' '));
    // An app password of Google, a seed: groups of four that are no words.
    let plain = secret.iter().all(|b| b.is_ascii_lowercase() || matches!(b, b'2'..=b'7' | b' '));
    let four = plain
        && first == Some(4)
        && (count == 4 || count >= 6)
        && !secret.split(|b| *b == b' ').any(values::is_stop_word);
    groups.all(|length| Some(length) == first)
        && (four || digits >= 2 || spelled && count >= 4 && digits + count / 6 >= 1)
}

/// The group named `secret`, or the first of the others: a pattern may offer several places.
pub(super) fn secret_of<'t>(found: &regex::bytes::Captures<'t>, group: usize) -> Option<regex::bytes::Match<'t>> {
    found.get(group).or_else(|| found.iter().skip(1).flatten().next())
}
