//! What somebody tells in a sentence: "I typed Blumenkohl7 and it let me in". Nothing announces it; points do
//! ([`redaction_score`]).

use std::ops::Range;

use crate::engine::Label;
use crate::facts::values::is_placeholder;
use crate::search::Search;
use crate::text::scan;

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
    let woken = std::mem::take(&mut search.woken);
    if woken.is_empty() {
        return;
    }
    let mut taken: Vec<(usize, usize)> = search.spans.iter().map(|span| (span.start, span.end)).collect();
    taken.extend(search.markers.iter().copied());
    taken.extend(search.public.iter().copied());
    taken.sort_unstable();
    let mut told = Vec::new();
    for stretch in &woken {
        redaction_score::score(text, stretch, |word| {
            let shown = &text[word.range.clone()];
            if word.points > redaction_score::ENOUGH && is_free(&taken, &word.range) && !is_placeholder(shown) {
                told.push(word);
            }
        });
        if search.is_late() {
            return;
        }
    }
    for word in told {
        let label = if word.is_number { Label::OneTimeCode } else { Label::StatedSecret };
        let start = scan::floor_char(text, word.range.start);
        search.take(label, start, scan::ceil_char(text, word.range.end));
    }
}

/// Nothing of `range` was taken; spans in order, which may lie inside each other.
fn is_free(taken: &[(usize, usize)], range: &Range<usize>) -> bool {
    let behind = taken.partition_point(|span| span.0 < range.end);
    taken[..behind].iter().rev().take(8).all(|span| span.1 <= range.start)
}
