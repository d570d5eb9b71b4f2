//! `{"name": "DB_PASSWORD", "value": "x"}` and its kin, in both orders.

use std::sync::LazyLock;

use regex::bytes::Regex;

use crate::detect::{containers, extent, headers};
use crate::facts::candidate::{Candidate, Claim, Setting};
use crate::facts::label::label;
use crate::facts::verdict::Verdict;
use crate::lexicon::members::{NAME_MEMBERS, OTHER_MEMBERS, VALUE_MEMBERS};
use crate::lexicon::names::{Kind, Name};
use crate::search::Search;
use crate::text::pattern::compile;
use crate::text::scan::{self, floor_char};
use crate::text::separator::{Separator, Tie};

/// A pair's value stands at most this far from its name.
const REACH: usize = 400;
/// What names a name begins at most so far in front of it.
const NAMING: usize = 28;

/// `"name": "` directly before a name.
static NAMED_BY: LazyLock<Regex> =
    LazyLock::new(|| fixed(r#"(?i)(?:^|[^A-Za-z0-9])(?:NAMES)[\\"']*\s*[:=]\s*[\\"'_]*$"#));

/// `", "value": ` directly after a name; other members may stand between.
static VALUE_AFTER: LazyLock<Regex> = LazyLock::new(|| {
    fixed(concat!(
        r#"(?i)^[\\"']*\s*[,;]?\s*(?:/?>\s*<)?"#,
        r#"(?:[\\"'-]*(?:OTHERS)[\\"']*\s*[:=]\s*[\\"']*[^\\"'\n,{}]*[\\"']*\s*,?\s*){0,3}"#,
        r#"[\\"'<]*(?:VALUES)[\\"']*\s*[:=>]\s*"#,
    ))
});

/// `"value": "x", "` before the `name` member.
static VALUE_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    fixed(concat!(
        r#"(?i)(?:VALUES)[\\"']*\s*[:=]\s*"#,
        r#"(?:\\*"(?P<quoted>(?:[^"\\]|\\[^"])*)\\*"|'(?P<single>[^']*)'|(?P<bare>[^\s"',\\{}]+))"#,
        r#"\s*,?\s*[\\"'-]*(?:NAMES)[\\"']*\s*[:=]\s*[\\"']*$"#,
    ))
});

fn fixed(pattern: &str) -> Regex {
    let lists = [("NAMES", NAME_MEMBERS), ("VALUES", VALUE_MEMBERS), ("OTHERS", OTHER_MEMBERS)];
    let pattern = lists.iter().fold(pattern.to_owned(), |text, (mark, words)| text.replace(mark, &words.join("|")));
    compile(&pattern).expect("a pattern that is part of the program and compiled by its tests")
}

/// The name at `from..to` is the value of a `name` member: takes the value beside it.
pub(crate) fn beside(search: &mut Search<'_>, from: usize, to: usize, name: Name) -> bool {
    let text = search.text;
    let near = &text[floor_char(text, from.saturating_sub(NAMING))..from];
    // Most names stand in no pair: only a colon or an equals sign may stand before the quotes.
    let before_marks = near.iter().rev().find(|byte| !b" \"'\\;_touq&".contains(byte));
    if !matches!(before_marks, Some(b':' | b'=')) || !NAMED_BY.is_match(near) {
        return false;
    }
    let ahead = &text[to..text.len().min(to + REACH)];
    if let Some(found) = VALUE_AFTER.find(ahead) {
        return after(search, to + found.end(), name);
    }
    let floor = floor_char(text, from.saturating_sub(REACH));
    let found = VALUE_BEFORE.captures(&text[floor..from]);
    let value = found.and_then(|found| found.iter().skip(1).flatten().next());
    value.is_some_and(|value| propose(search, name, floor + value.start(), floor + value.end()))
}

fn after(search: &mut Search<'_>, at: usize, name: Name) -> bool {
    let text = search.text;
    // `- name: creds\n  secret:\n    secretName: smtp-creds`: the next name.
    let word = text[at..].iter().take(60).take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
    if word > 0 && text[at + word..].starts_with(b": ") || containers::value(search, name, at, "\"") {
        return true;
    }
    let value = extent::value(search, at);
    let first = text[value.start..value.end].iter().take_while(|byte| scan::is_token(**byte)).count();
    // `"name": "Set-Cookie", "value": "sid=…; Path=/"`, as browsers record it: a header.
    if name.kind == Kind::Cookie && matches!(text[value.start + first..value.end], [b'=', next, ..] if next != b'=') {
        headers::cookies(search, Separator::plain(Tie::Entry, value.start));
        return true;
    }
    propose(search, name, value.start, value.end)
}

fn propose(search: &mut Search<'_>, name: Name, start: usize, end: usize) -> bool {
    let candidate = Candidate::new(search.text, start, end, Claim::Beside, "pairs", label(name.kind) as usize);
    start < end && search.propose(&candidate.named(name, Setting::WHOLE)) == Verdict::Take
}
