//! Recovery phrases of wallets: many short words in a row.

use crate::facts::label::Label;
use crate::lexicon::roles::{Role, has};
use crate::search::Search;
use crate::text::scan::skip_lines;

/// So many words and more are a phrase (BIP 39 has twelve; one may have been counted to the sentence) ...
const WORDS: usize = 11;
/// ... each of so many letters.
const LETTERS: std::ops::RangeInclusive<usize> = 3..=8;
/// Twelve words are not longer than that, in bytes.
const LONGEST: usize = 160;
/// How far a phrase is looked for behind what announces it, with a colon and without.
const REACH: usize = 900;
const NEAR: usize = 400;

/// "seed phrase: …": a keyword ends at `end`.
pub(crate) fn phrase(search: &mut Search<'_>, _start: usize, end: usize) {
    let text = search.text;
    // "recuperação": the rest of the word.
    let end = end + text[end..].iter().take(16).take_while(|byte| byte.is_ascii_lowercase() || **byte >= 0x80).count();
    let limit = text.len().min(end + REACH);
    match memchr::memchr2(b':', b'=', &text[end..limit.min(end + 60)]) {
        Some(found) => words(search, skip_lines(text, end + found + 1), limit),
        None => words(search, end, limit.min(end + NEAR)),
    }
}

/// Takes short lower-case words in a row, numbered or not.
fn words(search: &mut Search<'_>, from: usize, limit: usize) {
    let text = search.text;
    // Read already, for a keyword before this one.
    if limit <= search.read.phrase_end {
        return;
    }
    let mut at = from.max(search.read.phrase_end.saturating_sub(LONGEST)).min(limit);
    search.read.phrase_end = limit;
    let (mut count, mut first, mut last) = (0, at, at);
    while at < limit {
        let gap = |byte: &&u8| byte.is_ascii_whitespace() || byte.is_ascii_digit() || b"\"',.)(\\`-".contains(byte);
        at += text[at..limit].iter().take_while(gap).count();
        let word = &text[at..limit];
        let word = &word[..word.iter().take_while(|byte| byte.is_ascii_lowercase() || **byte >= 0x80).count()];
        let letters = word.iter().filter(|byte| **byte & 0xC0 != 0x80).count();
        if LETTERS.contains(&letters) && !has(word, Role::Function) {
            first = if count == 0 { at } else { first };
            count += 1;
            at += word.len();
            last = at;
        } else if count >= WORDS {
            break;
        } else {
            // Words of the sentence before the phrase are no part of it.
            count = 0;
            at += text[at..limit].iter().take_while(|byte| !byte.is_ascii_whitespace()).count().max(1);
        }
    }
    if count >= WORDS {
        let stop = memchr::memchr(b'"', &text[first..last]).map_or(last, |found| first + found);
        search.take(Label::RecoveryPhrase, first, stop, "");
    }
}
