//! What a pattern matched: which part is the secret, and does it look like one?

use super::table::Looks;
use super::{decode, values};

/// `ghp_xxxxxxxxxxxx`: documentation, not a token.
pub(super) fn is_dummy(token: &[u8]) -> bool {
    let tail = &token[token.len() - token.len().min(16)..];
    let distinct = values::Shape::of(tail).distinct;
    tail.len() >= 12 && distinct <= 2
}

pub(super) fn looks_right(looks: Looks, secret: &[u8]) -> bool {
    match looks {
        Looks::Any => true,
        Looks::Random => values::looks_random(secret) || values::is_long_hex(secret),
        Looks::Chosen => values::looks_chosen(secret),
        Looks::Basic => decode::is_basic(secret),
    }
}

/// The group named `secret`, or the first of the others: a pattern may offer several places.
pub(super) fn secret_of<'t>(found: &regex::bytes::Captures<'t>, group: usize) -> Option<regex::bytes::Match<'t>> {
    found.get(group).or_else(|| found.iter().skip(1).flatten().next())
}
