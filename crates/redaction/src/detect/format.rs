//! Vendors' formats: tokens that a fixed beginning announces, and patterns near their keywords.

use std::ops::Range;

use crate::facts::candidate::{Candidate, Claim};
use crate::facts::matches::{Looks, is_dummy, secret_of};
use crate::facts::verdict::Verdict;
use crate::search::Search;
use crate::text::pattern::Pattern;
use crate::text::proof::{Proof, is_made_up};
use crate::text::scan;
use crate::text::shape::Shape;

/// No token that proves itself is so much longer than its shape asks for.
const PROVEN: usize = 512;

/// No keyword is longer, in bytes.
const KEYWORD: usize = 40;

/// The beginning of a token stands at `start..end`.
pub(crate) fn token(search: &mut Search<'_>, rule: usize, shape: &Shape, start: usize, end: usize) {
    // Inside a token that was taken, nothing is left to take.
    let inside = start < search.read.token_end && start != search.read.token_start;
    if inside || start < search.read.public_end {
        return;
    }
    let text = &search.text[start..];
    let Some(found) = shape.find(text) else { return };
    let proof = |proof: Proof| proof.proven(&text[..shape.end(&text[..text.len().min(found + PROVEN)], found)]);
    let proven = shape.proof.and_then(proof);
    if proven.is_none() {
        let whole = shape.whole == Some(found);
        let clean = scan::starts_clean(search.text, start);
        let may_begin = clean || stands_out(&search.text[start - 1..], end - start, &text[..found], whole);
        if !may_begin || shape.goes_on(&text[found..]) {
            return;
        }
    }
    // Now that it is one, it is read to its end, and nothing in it is read again.
    let taken = &text[..proven.unwrap_or_else(|| shape.end(text, found))];
    (search.read.token_start, search.read.token_end) = (start, start + taken.len());
    let claim = if proven.is_some() { Claim::Certain } else { Claim::Format };
    // A hand made up one of a format whose real ones prove themselves.
    let invented = proven.is_none() && shape.proof.is_some() && is_made_up(&taken[end - start..]);
    if !invented || is_dummy(taken) {
        let end = start + taken.len();
        let claim = Candidate { value: taken, ..Candidate::new(search.text, start, end, claim, "format", rule) };
        search.propose(&claim);
    }
}

/// Whether a token tells itself from the word that stands in front of it, whose last character `from` begins with:
/// `tokenghp_…`, `keyAKIA…`. Where the format has one length, that says so too. Other prefixes have to be longer, and of
/// capitals (`2AKIA`) or with a mark at their end: those of few small letters end common words, `task-`.
fn stands_out(from: &[u8], prefix: usize, token: &[u8], whole: bool) -> bool {
    let (before, first) = (from[0], from[1]);
    let apart = prefix >= 4
        && (before.is_ascii_digit() || before.is_ascii_lowercase() != first.is_ascii_lowercase())
        && token[prefix..].iter().any(u8::is_ascii_digit);
    let capitals =
        !before.is_ascii_uppercase() && token.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let marked = token[..prefix].ends_with(b"_") && memchr::memchr_iter(b'_', &token[..prefix]).count() == 1;
    whole && (prefix >= 6 || apart) || prefix >= 4 && (capitals || marked)
}

/// A keyword of patterns stands at `keyword`.
pub(crate) fn near(
    search: &mut Search<'_>,
    rule: usize,
    (patterns, looks): (&[Pattern], Looks),
    keyword: Range<usize>,
) {
    let Some((from, to)) = search.window(rule, keyword.start, keyword.end) else { return };
    let text = search.text;
    for pattern in patterns {
        let (mut at, mut next) = (from, from);
        // Where a window begins, no line and no word does.
        while let Some(found) = pattern.find(&text[..to], at, &mut next) {
            let whole = found.get(0).map_or(to..to, |whole| whole.range());
            at = whole.end;
            let Some(secret) = secret_of(&found, pattern.group) else { continue };
            let candidate = Candidate::new(text, secret.start(), secret.end(), Claim::Pattern, "pattern", rule);
            let verdict = search.propose(&candidate.asking(looks).judged(secret.as_bytes()));
            // What is none may be the keyword in front of one: "community community k7Qx".
            if verdict != Verdict::Take && secret.start() > whole.start && secret.len() <= KEYWORD {
                at = secret.start();
            }
        }
    }
}
