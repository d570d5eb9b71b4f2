//! What somebody tells in a sentence: "I typed Blumenkohl7 and it let me in". Nothing announces it; points do
//! ([`redaction_score`]).

use std::ops::Range;

use crate::detect::{extent, lines};
use crate::facts::candidate::{Candidate, Claim};
use crate::facts::label::Label;
use crate::facts::values::{
    Shape, is_code, is_id, is_placeholder, is_standard, is_stop_word, looks_marked, looks_random,
};
use crate::kinds::Kinds;
use crate::lexicon::names::{Kind, Name};
use crate::lexicon::stating::is_stating;
use crate::search::Search;
use crate::text::scan;

/// "I typed `plumtree-2209` as the password": so many bytes before a name count as beside it.
const BEFORE_NAME: usize = 24;
/// Beside the name of a password so many points are enough.
const AFTER_NAME: i32 = -20;
/// How many words may stand between a name and what states its value, and how many bytes they have.
const STATING: usize = 6;
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
    if search.kinds.has(Kinds::STRIKING) && search.kinds.has(Kinds::BLANK | Kinds::LINE) {
        redaction_score::striking(text, &mut woken);
    }
    if woken.is_empty() {
        return;
    }
    let mut taken: Vec<(usize, usize)> = search.spans.iter().map(|span| (span.start, span.end)).collect();
    taken.extend(search.markers.iter().copied());
    taken.extend(search.public.iter().copied());
    taken.sort_unstable();
    let named = std::mem::take(&mut search.named);
    // What does not have enough is proposed only where somebody wants to know.
    let explains = search.left.is_some();
    let (mut told, mut scorer) = (Vec::new(), redaction_score::Scorer::default());
    for stretch in &woken {
        scorer.score(
            text,
            stretch,
            |range| is_free(&taken, range),
            |word| {
                let shown = &text[word.range.clone()];
                let enough = if is_named(&named, &word.range) { AFTER_NAME } else { redaction_score::ENOUGH };
                let has_enough = word.points > enough;
                let wanted = has_enough || explains && word.points > 0;
                if wanted && !is_placeholder(shown) && !is_escaped(shown) {
                    told.push((word, has_enough));
                }
            },
        );
        if search.is_late() {
            return;
        }
    }
    for (word, has_enough) in told {
        let label = if word.is_number { Label::OneTimeCode } else { Label::StatedSecret };
        let (start, end) = (scan::floor_char(text, word.range.start), scan::ceil_char(text, word.range.end));
        let claim = Candidate::new(text, start, end, Claim::Sentence, "sentences", label as usize);
        search.propose(&claim.announced(has_enough));
    }
}

/// What stands behind the name of a secret where no separator does: a line of its own below, a phrase of words ("the
/// passphrase is seven purple otters"), what is hardly anything but a secret. The rest is left to its points.
pub(crate) fn told(search: &mut Search<'_>, from: usize, to: usize, name: Name) {
    let text = search.text;
    // `name=db-creds version=14`: the name is a value itself.
    let is_value = text[..from].ends_with(b"=");
    if is_value || search.is_crowd(from) || lines::told_below(search, to, name) {
        return;
    }
    let limit = scan::line_end(text, to, STATED);
    if name.strong && matches!(name.kind, Kind::Password | Kind::Secret) {
        search.named.push(from.saturating_sub(BEFORE_NAME)..limit);
    }
    let mut at = scan::skip_blanks(text, to + usize::from(text.get(to) == Some(&b',')), 4);
    let mut states = true;
    for count in 0..STATING {
        if at == to || at >= limit || (states && count > 0 && lines::phrase(search, name, at, false)) {
            return;
        }
        let quoted = extent::quoted(text, at);
        let word = text[at..limit].iter().take_while(|byte| !byte.is_ascii_whitespace()).count();
        let value = match quoted {
            Some(value) => value.start..value.end,
            None => {
                at..at + word - text[at..at + word].iter().rev().take_while(|byte| b".,;:!?)".contains(byte)).count()
            }
        };
        if states && !search.in_marker(at) && is_told(name, &text[value.clone()], quoted.is_some(), count) {
            let label = if name.kind == Kind::Code { Label::OneTimeCode } else { Label::StatedSecret };
            let rule = label as usize;
            let claim = Candidate::new(text, value.start, value.end, Claim::Sentence, "sentences", rule);
            search.propose(&claim.announced(true));
            return;
        }
        if quoted.is_some() || word == 0 {
            return;
        }
        states = is_stating(text[at..at + word].strip_suffix(b":").unwrap_or(&text[at..at + word]));
        at = scan::skip_blanks(text, at + word, 4).min(limit);
    }
}

/// Whether `shown`, so many words behind the name and directly behind it or what states it, is a secret.
fn is_told(name: Name, shown: &[u8], quoted: bool, count: usize) -> bool {
    if !name.strong {
        return false;
    }
    let shape = Shape::of(shown);
    let fits = shape.blank == 0
        && !is_placeholder(shown)
        && !is_stop_word(shown)
        && !is_standard(shown)
        && (quoted || !is_code(shown));
    if !fits || is_id(shown) && count == 0 {
        return false;
    }
    let stated = count > 0;
    match name.kind {
        Kind::Code => stated && shape.digit == shape.len && (4..=8).contains(&shape.len),
        Kind::Password if stated && quoted => shape.len >= 3,
        Kind::Password => stated && looks_marked(shown) || looks_random(shown) && (quoted || stated),
        Kind::Secret | Kind::Token => looks_random(shown) && (quoted || stated),
        _ => false,
    }
}

/// `login%253Dalice`: escapes of escapes, whose readings are asked.
fn is_escaped(word: &[u8]) -> bool {
    memchr::memmem::find(word, b"%25").is_some()
}

/// The name of a password stands beside it; what names reach, in order.
fn is_named(named: &[Range<usize>], word: &Range<usize>) -> bool {
    let behind = named.partition_point(|reach| reach.start <= word.start);
    behind > 0 && word.end <= named[behind - 1].end
}

/// Nothing of `range` was taken; spans in order, which may lie inside each other.
fn is_free(taken: &[(usize, usize)], range: &Range<usize>) -> bool {
    let behind = taken.partition_point(|span| span.0 < range.end);
    taken[..behind].iter().rev().take(8).all(|span| span.1 <= range.start)
}
