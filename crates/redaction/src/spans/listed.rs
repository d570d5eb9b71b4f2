//! The rest of a list: others of the form of a code before and behind it, and what looks like a password behind one.

use std::ops::Range;

use crate::facts::candidate::{Candidate, Claim};
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
/// The most from a code to the end of the next item, in bytes, and how many words say what an item is.
const ITEM: usize = 64;
const WORDS: usize = 4;

/// What the rules that take codes are called, and of these the one that takes the first of a list.
const CODES: [&str; 4] = ["-code", "-tan", "-pin", LIST];
const LIST: &str = "-list";
/// And those that take passwords.
const PASSWORDS: [&str; 3] = ["password", "stated-secret", "login-with"];

/// Takes what stands in one list with passwords that were taken, and with codes, by the `id` of their rule.
pub(crate) fn take<'r>(search: &mut Search<'_>, id: impl Fn(usize) -> &'r str) {
    let mut spans = std::mem::take(&mut search.spans);
    spans.sort_unstable_by_key(|span| span.start);
    let (mut listed, mut done) = (Vec::new(), 0);
    for span in &spans {
        let id = id(span.rule);
        if span.start < done {
        } else if id.ends_with(LIST) {
            done = items(search.text, span, &mut listed);
        } else if CODES.iter().any(|end| id.ends_with(end)) && LENGTH.contains(&(span.end - span.start)) {
            done = codes(search.text, span, &mut listed);
        } else if PASSWORDS.iter().any(|end| id.ends_with(end)) {
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
    let least = if code.iter().all(u8::is_ascii_digit) { TELLING } else { *LENGTH.start() };
    let fits = |start: usize, gap: &[u8]| is_gap(gap, code.len(), least) && is_alike(text, start, code);
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

/// "Maureen 4417, Jake 8052": the same of a list that says of each whose it is.
fn items(text: &[u8], span: &Span, listed: &mut Vec<Span>) -> usize {
    let mut end = span.end;
    while let Some(next) = item(text, end) {
        let why = Why { row: "listed", ..span.why };
        end = next.end;
        listed.push(Span { start: next.start, end, rule: span.rule, quotes: "", why });
    }
    end
}

/// The first code of the item behind `at`, with a mark, a line or two blanks between and few words in front.
fn item(text: &[u8], at: usize) -> Option<Range<usize>> {
    let is_edge = |byte: &u8| byte.is_ascii_whitespace() || b",/|;:()".contains(byte);
    let is_code = |word: &[u8]| {
        let shape = Shape::of(word);
        (4..=12).contains(&shape.len) && shape.digit > 2 && shape.lower == 0 && shape.symbol < 2
    };
    let (mut start, mut words, mut separated) = (at, 0, false);
    for word in text[at..text.len().min(at + ITEM)].split(is_edge) {
        let end = start + word.len() - usize::from(word.ends_with(b"."));
        if separated && is_code(&text[start..end]) {
            return Some(start..end);
        }
        let behind = text.get(start + word.len());
        let parts = behind.is_some_and(|byte| b",/|;\n".contains(byte)) || word.is_empty() && start > at;
        (separated, words) = if parts { (true, 0) } else { (separated, words + usize::from(!word.is_empty())) };
        if word.ends_with(b".") || words > WORDS {
            return None;
        }
        start += word.len() + 1;
    }
    None
}

/// Blanks, marks, "and", and the number of a place between two codes of `length` bytes.
fn is_gap(gap: &[u8], length: usize, least: usize) -> bool {
    let digits = gap.iter().filter(|byte| byte.is_ascii_digit()).count();
    let tells = length >= least || gap.iter().any(|byte| b"\n,;|".contains(byte));
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
