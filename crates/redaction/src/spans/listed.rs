//! The rest of a list: whoever pastes one backup code pastes all of them, whoever tried one password tells the next.

use std::ops::{Range, RangeInclusive};

use crate::facts::candidate::{Candidate, Claim};
use crate::facts::matches::Looks;
use crate::facts::values::Shape;
use crate::facts::verdict::{Span, Verdict, Why};
use crate::lexicon::roles::{Role, has};
use crate::search::Search;
use crate::spans::repeats::stands_alone;

/// How the ids of rules end that take codes (README.md tells who adds one), ...
const CODES: [&str; 3] = ["-code", "-tan", "-pin"];
/// ... of those that take the first code of a list which says of each what it is, ...
const LIST: &str = "-list";
/// ... and of those that take passwords.
const PASSWORDS: [&str; 3] = ["password", "stated-secret", "login-with"];

/// Shorter codes are numbers of anything, longer ones are no list's.
const LENGTH: RangeInclusive<usize> = 6..=48;
/// Numbers of so many digits and more need nothing but blanks between them.
const TELLING: usize = 8;
/// The most between two codes, in bytes: the end of a line, a number, a mark.
const GAP: usize = 24;
/// The most from one code to the end of the next where each says what it is, and how many words say so.
const ITEM: usize = 64;
const WORDS: usize = 4;
/// The codes of such a list, in bytes.
const ITEM_LENGTH: RangeInclusive<usize> = 4..=24;
/// The most between two passwords: marks and a word.
const BETWEEN: usize = 12;

/// Takes what stands in one list with what was taken, where the `id` of its rule says what that is.
pub(crate) fn take<'r>(search: &mut Search<'_>, id: impl Fn(usize) -> &'r str) {
    let (mut spans, text) = (std::mem::take(&mut search.spans), search.text);
    spans.sort_unstable_by_key(|span| span.start);
    let (mut listed, mut done) = (Vec::new(), 0);
    for span in spans.iter().filter(|span| span.start < span.end) {
        let is_one_of = |ends: &[&str]| ends.iter().any(|end| id(span.rule).ends_with(end));
        let is_code = || is_one_of(&CODES) && LENGTH.contains(&(span.end - span.start));
        let all = match span.start {
            start if start >= done && is_one_of(&[LIST]) => behind(span, |at| item(text, at)),
            start if start >= done && is_code() => codes(text, span),
            start if start >= done && is_one_of(&PASSWORDS) => behind(span, |at| password(search, span, at)),
            _ => continue,
        };
        done = all.iter().map(|code| code.end).fold(done, usize::max);
        let why = Why { row: "listed", ..span.why };
        let of = |at: Range<usize>| Span { start: at.start, end: at.end, rule: span.rule, quotes: "", why };
        listed.extend(all.into_iter().map(of));
    }
    search.spans = spans;
    search.spans.append(&mut listed);
}

/// What is found behind `span`, and behind that.
fn behind(span: &Span, mut next: impl FnMut(usize) -> Option<Range<usize>>) -> Vec<Range<usize>> {
    let first = next(span.end);
    std::iter::successors(first, |found| next(found.end)).collect()
}

/// "1. 2093 7714   6. 8842 0137": what has the form of the code, behind it and before.
fn codes(text: &[u8], span: &Span) -> Vec<Range<usize>> {
    let code = &text[span.start..span.end];
    let fits = |start: usize, gap: &[u8]| is_gap(gap, code) && is_alike(text, start, code);
    let of = |start: usize| start..start + code.len();
    let mut all =
        behind(span, |at| (at + 1..=text.len().min(at + GAP)).find(|start| fits(*start, &text[at..*start])).map(of));
    let before = |at: usize| {
        let mut starts = (at.saturating_sub(GAP)..at).rev().filter_map(|end| end.checked_sub(code.len()));
        starts.find(|start| fits(*start, &text[start + code.len()..at])).map(of)
    };
    all.extend(std::iter::successors(before(span.start), |found| before(found.start)));
    all
}

/// Blanks, marks, "and", and the number of a place between two codes.
fn is_gap(gap: &[u8], code: &[u8]) -> bool {
    let digits = gap.iter().filter(|byte| byte.is_ascii_digit()).count();
    let is_number = code.iter().all(u8::is_ascii_digit) && code.len() < TELLING;
    let tells = !is_number || gap.iter().any(|byte| b"\n,;|".contains(byte));
    let words = || gap.split(|byte| !byte.is_ascii_alphabetic());
    tells && digits <= 2 && !gap.is_empty() && words().all(|word| word.is_empty() || has(word, Role::Conjunction))
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

/// "Maureen 4417, Jake 8052": the code of the next item, behind a mark, a line or two blanks and few words.
fn item(text: &[u8], at: usize) -> Option<Range<usize>> {
    let is_edge = |byte: &u8| byte.is_ascii_whitespace() || b",/|;:()".contains(byte);
    let (mut start, mut words, mut separated) = (at, 0, false);
    for word in text[at..text.len().min(at + ITEM)].split(is_edge) {
        let end = start + word.len() - usize::from(word.ends_with(b"."));
        let shape = Shape::of(&text[start..end]);
        let is_code = ITEM_LENGTH.contains(&shape.len) && shape.digit > 2 && shape.lower == 0;
        if separated && is_code && (shape.symbol < 2 || shape.upper > 0) {
            return Some(start..end);
        }
        let mark = text.get(start + word.len()).is_some_and(|byte| b",/|;\n".contains(byte));
        let parts = mark || word.is_empty() && start > at;
        (separated, words) = if parts { (true, 0) } else { (separated, words + usize::from(!word.is_empty())) };
        if word.ends_with(b".") || words > WORDS {
            return None;
        }
        start += word.len() + 1;
    }
    None
}

/// "Sommer2024, Herbst2024 and Winter2025!": what looks like a password behind a comma, a slash or "and", and a blank.
fn password(search: &mut Search<'_>, span: &Span, at: usize) -> Option<Range<usize>> {
    let text = search.text;
    let marks = |at: usize| at + text[at..].iter().take(BETWEEN).take_while(|byte| b"\"'`,/ ".contains(byte)).count();
    let from = marks(at);
    let word = text[from..].iter().take(BETWEEN).take_while(|byte| byte.is_ascii_alphabetic()).count();
    let joins = has(&text[from..from + word], Role::Conjunction) && text.get(from + word) == Some(&b' ');
    let start = if joins { marks(from + word) } else { from };
    let gap = &text[at..start];
    if !gap.contains(&b' ') || !joins && !gap.iter().any(|byte| b",/".contains(byte)) {
        return None;
    }
    let rest = text[start..].iter().take(*LENGTH.end());
    let length = rest.take_while(|byte| !byte.is_ascii_whitespace() && !b"\"'`,;=".contains(byte)).count();
    let ending = text[start..start + length].iter().rev().take_while(|byte| b".:?)".contains(byte)).count();
    let end = start + length - ending;
    let candidate = Candidate::new(text, start, end, Claim::Pattern, "listed", span.rule).asking(Looks::Suspected);
    (start < end && text.get(start + length) != Some(&b'=') && search.propose(&candidate) == Verdict::Take)
        .then_some(start..end)
}
