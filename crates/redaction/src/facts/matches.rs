//! What a pattern matched: which part is the secret, and does it look like one?

use crate::facts::values;
use crate::facts::values::{Suspicion, is_algorithm, is_stand_in, suspicion};
use crate::lexicon::names::classify;
use crate::rules::table::Looks;
use crate::view::decode;

/// `ghp_xxxxxxxxxxxx`: documentation, not a token.
pub(crate) fn is_dummy(token: &[u8]) -> bool {
    let tail = &token[token.len() - token.len().min(16)..];
    let distinct = values::Shape::of(tail).distinct;
    // The keys of AWS's own documentation end so.
    (tail.len() >= 12 && distinct <= 2)
        || is_stand_in(token)
        || token.ends_with(b"EXAMPLE")
        || token.ends_with(b"EXAMPLEKEY")
}

pub(crate) fn looks_right(looks: Looks, secret: &[u8]) -> bool {
    // `**smtp.office365.com**`
    let bold = secret.strip_prefix(b"**").map(|rest| rest.strip_suffix(b"**").unwrap_or(rest));
    let secret = bold.filter(|rest| !rest.is_empty()).unwrap_or(secret);
    match looks {
        Looks::Any => true,
        Looks::Random => values::looks_random(secret) || values::is_long_hex(secret),
        Looks::Chosen => values::looks_chosen(secret),
        Looks::Marked => values::looks_marked(secret),
        Looks::Suspected => is_suspected(secret),
        Looks::Varied => values::looks_marked(secret) || is_suspected(secret) && is_varied(secret),
        Looks::Phrase => is_phrase(secret),
        Looks::Key => is_key(secret),
        Looks::Grouped => is_grouped(secret),
        Looks::Basic => decode::is_basic(secret),
    }
}

/// `lampadaRossa44`, `R740xd-Loft`: letters and digits, and no name of a product.
fn is_suspected(secret: &[u8]) -> bool {
    let digits = secret.iter().filter(|b| b.is_ascii_digit()).count();
    digits > 0 && !values::is_compound(secret) && !secret.contains(&b'/') && suspicion(secret) >= Suspicion::Mixed
}

/// `Begonia1957`, `Quijote.cap8-molinos`
fn is_varied(secret: &[u8]) -> bool {
    let shape = values::Shape::of(secret);
    shape.upper > 0 && shape.lower > 2 && shape.len >= 8 && (shape.digit > 1 || shape.symbol > 0)
}

/// `drei Dackel tanzen nachts Polka`: four words and more, none of which speaks of secrets or of what went wrong.
fn is_phrase(secret: &[u8]) -> bool {
    let words = || secret.split(|b| *b == b' ').filter(|word| !word.is_empty());
    let small = words().filter(|word| word.len() > 3 && values::is_stop_word(word)).count();
    (4..=10).contains(&words().count())
        && words().filter(|word| word.len() >= 4).count() >= 3
        && small == 0
        && secret.iter().all(|b| b.is_ascii_alphanumeric() || *b >= 0x80 || b" -'".contains(b))
        && !words().any(|word| classify(word).is_some())
}

/// `SA34-01QJ-H1MZ-WQ44-OGZD`
fn is_key(secret: &[u8]) -> bool {
    let count = |of: fn(&u8) -> bool| secret.iter().filter(|b| of(b)).count();
    let mixed = secret
        .split(|b| *b == b'-')
        .filter(|group| group.iter().any(u8::is_ascii_digit) && group.iter().any(u8::is_ascii_uppercase))
        .count();
    !is_algorithm(secret) && count(u8::is_ascii_digit) >= 2 && count(u8::is_ascii_uppercase) >= 4 && mixed >= 2
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
pub(crate) fn secret_of<'t>(found: &regex::bytes::Captures<'t>, group: usize) -> Option<regex::bytes::Match<'t>> {
    found.get(group).or_else(|| found.iter().skip(1).flatten().next())
}
