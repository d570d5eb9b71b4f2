//! What somebody tells in a sentence: "I typed Blumenkohl7 and it let me in". Nothing announces it; points do
//! ([`redaction_score`]).

use std::ops::Range;

use crate::byte_classes::ByteClasses;
use crate::facts::candidate::{Candidate, Claim};
use crate::facts::label::Label;
use crate::facts::values::is_placeholder;
use crate::search::Search;
use crate::text::scan;

/// Beside the name of a password so many points are enough.
const AFTER_NAME: i32 = -20;

/// A word about secrets, typing, logging in, codes or doors stands at `start..end`: the words around it are asked.
pub(crate) fn wake(search: &mut Search<'_>, start: usize, end: usize) {
    let woken = redaction_score::woken(search.text, &(start..end));
    match search.woken.last_mut() {
        Some(last) if woken.start <= last.end => last.end = last.end.max(woken.end),
        _ => search.woken.push(woken),
    }
}

/// Takes the words with enough points that nothing has taken.
pub(crate) fn words(search: &mut Search<'_>) {
    let text = search.text;
    let mut woken = std::mem::take(&mut search.woken);
    if search.classes.has(ByteClasses::STRIKING) && search.classes.has(ByteClasses::BLANK | ByteClasses::LINE) {
        redaction_score::striking(text, &mut woken);
    }
    if woken.is_empty() {
        return;
    }
    let mut taken: Vec<(usize, usize)> = search.spans.iter().map(|span| (span.start, span.end)).collect();
    taken.extend(search.markers.iter().chain(&search.read.public));
    taken.sort_unstable();
    let named = std::mem::take(&mut search.named);
    let least = |word: &Range<usize>| if is_named(&named, word) { AFTER_NAME } else { redaction_score::ENOUGH };
    // What does not have enough is proposed only where somebody wants to know.
    let explains = search.left.is_some();
    let (mut told, mut scorer) = (Vec::new(), redaction_score::Scorer::default());
    for stretch in &woken {
        let mut tell = |word: redaction_score::Scored| {
            let has_enough = word.points > least(&word.range);
            if (has_enough || explains && word.points > 0) && !is_placeholder(&text[word.range.clone()]) {
                told.push((word, has_enough));
            }
        };
        scorer.score(text, stretch, |range| is_free(&taken, range), &mut tell);
        if search.is_late() {
            return;
        }
    }
    for (word, has_enough) in told {
        let label = if word.is_number { Label::OneTimeCode } else { Label::StatedSecret };
        let (start, end) = (scan::floor_char(text, word.range.start), scan::ceil_char(text, word.range.end));
        let candidate = Candidate::new(text, start, end, Claim::Sentence, "sentences", label as usize);
        search.propose(&candidate.announced(has_enough));
    }
}

/// The name of a password stands beside it; what names reach, in order.
fn is_named(named: &[Range<usize>], word: &Range<usize>) -> bool {
    let behind = named.partition_point(|reach| reach.start <= word.start);
    named[..behind].last().is_some_and(|reach| word.end <= reach.end)
}

/// Nothing of `range` was taken; spans in order, which may lie inside each other.
fn is_free(taken: &[(usize, usize)], range: &Range<usize>) -> bool {
    let behind = taken.partition_point(|span| span.0 < range.end);
    taken[..behind].iter().rev().take(8).all(|span| span.1 <= range.start)
}
