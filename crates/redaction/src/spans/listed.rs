//! The rest of a list: others of the form of a code before and behind it, and what looks like a password behind one.

use std::ops::Range;

use crate::facts::candidate::{Candidate, Claim};
use crate::facts::label::Label;
use crate::facts::matches::Looks;
use crate::facts::values::Shape;
use crate::facts::verdict::{Span, Verdict, Why};
use crate::lexicon::roles::{Role, has};
use crate::search::Search;
use crate::spans::repeats::stands_alone;

/// Shorter codes are numbers of anything, longer ones are no list's.
const LENGTH: std::ops::RangeInclusive<usize> = 6..=48;
/// Codes of so many bytes and more need nothing but blanks between them.
const TELLING: usize = 8;
/// The most between two codes, in bytes: the end of a line, a number, a mark.
const GAP: usize = 24;
/// The most between two passwords: marks and a word.
const BETWEEN: usize = 12;

/// Takes what stands in one list with passwords that were taken, and with codes: with what `is_code` rules took.
pub(crate) fn take(search: &mut Search<'_>, is_code: impl Fn(usize) -> bool) {
    let mut spans = std::mem::take(&mut search.spans);
    spans.sort_unstable_by_key(|span| span.start);
    let (mut listed, mut done) = (Vec::new(), 0);
    for span in &spans {
        if is_code(span.rule) && span.start >= done && LENGTH.contains(&(span.end - span.start)) {
            done = codes(search.text, span, &mut listed);
        } else if [Label::Password, Label::StatedSecret].map(|label| label as usize).contains(&span.rule) {
            passwords(search, span);
        }
    }
    search.spans.append(&mut spans);
    search.spans.append(&mut listed);
}

/// "I tried Sommer2024, Herbst2024 and Winter2025!"
fn passwords(search: &mut Search<'_>, span: &Span) {
    let mut end = span.end;
    while let Some(next) = joined(search.text, end) {
        let candidate = Candidate::new(search.text, next.start, next.end, Claim::Pattern, "listed", span.rule);
        if search.propose(&candidate.asking(Looks::Suspected)) != Verdict::Take {
            break;
        }
        end = next.end;
    }
}

/// The word behind one that ends at `at`, with a comma, a slash or "and" between, and a blank.
fn joined(text: &[u8], at: usize) -> Option<Range<usize>> {
    let marks = |at: usize| at + text[at..].iter().take(BETWEEN).take_while(|byte| b"\"'`,/ ".contains(byte)).count();
    let from = marks(at);
    let word = text[from..].iter().take(BETWEEN).take_while(|byte| byte.is_ascii_alphabetic()).count();
    let joins = has(&text[from..from + word], Role::And) && text.get(from + word) == Some(&b' ');
    let start = if joins { marks(from + word) } else { from };
    let gap = &text[at..start];
    let tells = gap.contains(&b' ') && (joins || gap.iter().any(|byte| b",/".contains(byte)));
    let rest = text[start..].iter().take(*LENGTH.end());
    let length = rest.take_while(|byte| !byte.is_ascii_whitespace() && !b"\"'`,;=".contains(byte)).count();
    let ending = text[start..start + length].iter().rev().take_while(|byte| b".:?)".contains(byte)).count();
    let ends = text.get(start + length) != Some(&b'=') && length > ending;
    (tells && ends).then_some(start..start + length - ending)
}

/// "1. 2093 7714   6. 8842 0137": takes all of a list and says where it ends.
fn codes(text: &[u8], span: &Span, listed: &mut Vec<Span>) -> usize {
    let code = &text[span.start..span.end];
    let fits = |start: usize, gap: &[u8]| is_gap(gap, code.len()) && is_alike(text, start, code);
    let mut take = |start| {
        let why = Why { row: "listed", ..span.why };
        listed.push(Span { start, end: start + code.len(), rule: span.rule, quotes: "", why });
    };
    let (mut first, mut last) = (span.start, span.end);
    let behind = |last: usize| (last + 1..=text.len().min(last + GAP)).find(|start| fits(*start, &text[last..*start]));
    while let Some(start) = behind(last) {
        take(start);
        last = start + code.len();
    }
    let before = |first: usize| {
        let ends = first.saturating_sub(GAP)..first;
        ends.rev()
            .filter_map(|end| end.checked_sub(code.len()))
            .find(|start| fits(*start, &text[start + code.len()..first]))
    };
    while let Some(start) = before(first) {
        take(start);
        first = start;
    }
    last
}

/// Blanks, marks, "and", and the number of a place between two codes of `length` bytes.
fn is_gap(gap: &[u8], length: usize) -> bool {
    let digits = gap.iter().filter(|byte| byte.is_ascii_digit()).count();
    let tells = length >= TELLING || gap.iter().any(|byte| b"\n,;|".contains(byte));
    let mut words = gap.split(|byte| !byte.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    tells && digits <= 2 && !gap.is_empty() && words.all(|word| has(word, Role::And))
}

/// Digits where `code` has nothing else, else letters and digits; the same marks in the same places; no part of a word.
fn is_alike(text: &[u8], start: usize, code: &[u8]) -> bool {
    let Some(other) = text.get(start..start + code.len()) else { return false };
    let (one, two) = (Shape::of(code), Shape::of(other));
    let is_same = |(one, two): (&u8, &u8)| one == two || one.is_ascii_alphanumeric() && two.is_ascii_alphanumeric();
    two.digit > 0
        && code.iter().zip(other).all(is_same)
        && (one.lower > 0 || two.lower == 0)
        && (one.upper > 0 || two.upper == 0)
        && (one.lower + one.upper > 0) == (two.lower + two.upper > 0)
        && stands_alone(text, start, start + code.len())
}
