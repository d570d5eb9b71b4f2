//! What somebody tells in a sentence: "I typed Blumenkohl7 and it let me in". Nothing announces it; points do
//! ([`redaction_score`]).

use std::ops::Range;

use crate::detect::lines;
use crate::facts::candidate::{Candidate, Claim};
use crate::facts::label::Label;
use crate::facts::values::is_placeholder;
use crate::lexicon::names::Name;
use crate::lexicon::stating::is_stating;
use crate::search::Search;
use crate::text::scan;

/// How many words may stand between a name and what states its value, and how many bytes they have.
const STATING: usize = 4;
const STATED: usize = 60;

/// A word about secrets, typing, logging in, codes or doors stands at `hit`: the words around it are asked.
pub(crate) fn wake(search: &mut Search<'_>, hit: &Range<usize>) {
    let woken = redaction_score::woken(search.text, hit);
    match search.woken.last_mut() {
        Some(last) if woken.start <= last.end => last.end = last.end.max(woken.end),
        _ => search.woken.push(woken),
    }
}

/// Takes the words with enough points that nothing has taken.
pub(crate) fn words(search: &mut Search<'_>) {
    let text = search.text;
    let mut woken = std::mem::take(&mut search.woken);
    redaction_score::striking(text, &mut woken);
    if woken.is_empty() {
        return;
    }
    let mut taken: Vec<(usize, usize)> = search.spans.iter().map(|span| (span.start, span.end)).collect();
    taken.extend(search.markers.iter().copied());
    taken.extend(search.public.iter().copied());
    taken.sort_unstable();
    // What does not have enough is proposed only where somebody wants to know.
    let explains = search.left.is_some();
    let mut told = Vec::new();
    for stretch in &woken {
        redaction_score::score(text, stretch, |word| {
            let shown = &text[word.range.clone()];
            let enough = word.points > redaction_score::ENOUGH || explains && word.points > 0;
            if enough && is_free(&taken, &word.range) && !is_placeholder(shown) {
                told.push(word);
            }
        });
        if search.is_late() {
            return;
        }
    }
    for word in told {
        let label = if word.is_number { Label::OneTimeCode } else { Label::StatedSecret };
        let (start, end) = (scan::floor_char(text, word.range.start), scan::ceil_char(text, word.range.end));
        let claim = Candidate::new(text, start, end, Claim::Sentence, "sentences", label as usize);
        search.propose(&claim.announced(word.points > redaction_score::ENOUGH));
    }
}

/// What stands behind the name of a secret where no separator does: a line of its own below, a phrase of words ("the
/// passphrase is seven purple otters"). Single words are left to their points.
pub(crate) fn told(search: &mut Search<'_>, from: usize, to: usize, name: Name) {
    if search.is_crowd(from) || lines::told_below(search, to, name) || !name.is_phrase() {
        return;
    }
    let text = search.text;
    let limit = scan::line_end(text, to, STATED);
    let mut at = scan::skip_blanks(text, to, 4);
    for _ in 0..STATING {
        let word = text[at..limit].iter().take_while(|byte| !byte.is_ascii_whitespace()).count();
        let stating = is_stating(&text[at..at + word]);
        at = scan::skip_blanks(text, at + word, 4).min(limit);
        if stating {
            lines::phrase(search, name, at, false);
            return;
        }
    }
}

/// Nothing of `range` was taken; spans in order, which may lie inside each other.
fn is_free(taken: &[(usize, usize)], range: &Range<usize>) -> bool {
    let behind = taken.partition_point(|span| span.0 < range.end);
    taken[..behind].iter().rev().take(8).all(|span| span.1 <= range.start)
}
