//! What a pattern matched: which part is the secret, and does it look like one?

use crate::facts::encoded::is_basic;
use crate::facts::values::{self, Shape, is_stand_in};
use crate::lexicon::names::classify;
use crate::lexicon::roles::{Role, has, is_stop};
use crate::lexicon::things::is_product;

/// What a windowed pattern asks of its secret besides matching.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Looks {
    Any,
    /// Made by a machine.
    Random,
    /// Chosen by a person.
    Chosen,
    /// A word somebody chose, be it only a word and a number.
    Suspected,
    /// A phrase of words that somebody made up.
    Phrase,
    /// Groups of capitals and digits.
    Key,
    /// Groups of one length with digits in them.
    Grouped,
    /// Digits one by one, in figures or words, and no counting.
    Dialled,
    /// `user:password` in base64.
    Basic,
}

/// `ghp_xxxxxxxxxxxx`, `AKIAIOSFODNN7EXAMPLE`: documentation, not a token.
pub(crate) fn is_dummy(token: &[u8]) -> bool {
    let tail = &token[token.len() - token.len().min(16)..];
    tail.len() >= 12 && Shape::of(tail).distinct <= 2
        || is_stand_in(token)
        || [&b"EXAMPLE"[..], b"EXAMPLEKEY"].iter().any(|end| token.ends_with(end))
}

pub(crate) fn looks_right(looks: Looks, secret: &[u8]) -> bool {
    match looks {
        Looks::Any => true,
        Looks::Random => values::looks_random(secret),
        Looks::Chosen => values::looks_chosen(secret),
        Looks::Suspected => is_suspected(secret),
        Looks::Phrase => is_phrase(secret),
        Looks::Key => is_key(secret),
        Looks::Grouped => is_grouped(secret),
        Looks::Dialled => is_dialled(secret),
        Looks::Basic => is_basic(secret),
    }
}

/// `lampadaRossa44`: letters and digits, and no name of a product, another flag, or `TLS_AES_256_GCM_SHA384`.
fn is_suspected(secret: &[u8]) -> bool {
    secret.iter().any(u8::is_ascii_digit)
        && secret.iter().any(u8::is_ascii_lowercase)
        && !secret.starts_with(b"-")
        && !secret.contains(&b'/')
        && !is_product(secret)
        && !has(secret, Role::Standard)
        && values::looks_chosen(secret)
}

/// `drei Dackel tanzen nachts Polka`: four words and more, none of which speaks of secrets or of what went wrong.
fn is_phrase(secret: &[u8]) -> bool {
    let words = || secret.split(|b| *b == b' ').filter(|word| word.len() > 3);
    words().count() >= 3
        && (4..=10).contains(&secret.split(|b| *b == b' ').count())
        && !words().any(|word| is_stop(word) || classify(word).is_some())
}

/// `SA34-01QJ-H1MZ-WQ44-OGZD`: two groups and more with letters and digits.
fn is_key(secret: &[u8]) -> bool {
    let mixed = |group: &&[u8]| group.iter().any(u8::is_ascii_digit) && group.iter().any(u8::is_ascii_uppercase);
    secret.split(|b| b"- ".contains(b)).filter(mixed).count() >= 2
}

/// `5, 5, 0, 2`, `sieben null vier eins`; neither "1 2 3 4" nor the same again and again.
fn is_dialled(secret: &[u8]) -> bool {
    let digits: Vec<u8> = secret.iter().copied().filter(u8::is_ascii_digit).collect();
    let steps = |step: u8| digits.windows(2).all(|two| two[0] + step == two[1]);
    digits.is_empty() || !steps(0) && !steps(1)
}

/// `ho3p nt8j ohbt wosk`: groups with two digits at least, or four and more than five that are no words.
fn is_grouped(secret: &[u8]) -> bool {
    let groups = || secret.split(|b| matches!(b, b' ' | b'-'));
    secret.iter().filter(|b| b.is_ascii_digit()).count() >= 2
        || matches!(groups().count(), 4 | 6..) && !groups().any(is_stop)
}

/// The group named `secret`, or the first of the others: a pattern may offer several places.
pub(crate) fn secret_of<'t>(found: &regex::bytes::Captures<'t>, group: usize) -> Option<regex::bytes::Match<'t>> {
    found.get(group).or_else(|| found.iter().skip(1).flatten().next())
}
