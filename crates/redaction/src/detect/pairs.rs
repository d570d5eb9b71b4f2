//! `{"name": "DB_PASSWORD", "value": "x"}` and its kin, in both orders.

use std::sync::LazyLock;

use regex::bytes::Regex;

use crate::detect::assign;
use crate::facts::values;
use crate::lexicon::names::Name;
use crate::policy::{self, Setting};
use crate::rules::table::compile;
use crate::search::Search;
use crate::text::extent;
use crate::text::scan::floor_char;
use crate::text::separator::Tie;

/// A pair's value stands at most this far from its name.
const REACH: usize = 400;

const NAME_WORDS: &str =
    "name|key|field|label|id|header|param|parameter|variable|var|option|setting|property|attribute|env|title|k|n";
const VALUE_WORDS: &str = "value|val|content|data|text|secret|default|v|defaultvalue|currentvalue|default_value|stringvalue|string_value|input|answer";

/// `"name": "` directly before a name.
static NAMED_BY: LazyLock<Regex> = LazyLock::new(|| {
    fixed(&format!(r#"(?i)(?:^|[^A-Za-z0-9])(?:{NAME_WORDS})[\\"'&quot;]*\s*[:=]\s*[\\"'&quot;_]*$"#))
});

/// `", "value": ` directly after a name; other members may stand between.
static VALUE_AFTER: LazyLock<Regex> = LazyLock::new(|| {
    fixed(&format!(
        r#"(?i)^(?:[\\"']|&quot;)*\s*[,;]?\s*(?:/?>\s*<)?(?:[\\"'-]*(?:label|type|title|description|sensitive|secure|secret|required|kind|scope|encrypted|hidden|protected|enabled|masked|is_secret|isSecret)[\\"']*\s*[:=]\s*[\\"']*[^\\"'\n,{{}}]*[\\"']*\s*,?\s*){{0,3}}(?:[\\"'<]|&quot;)*(?:{VALUE_WORDS})(?:[\\"']|&quot;)*\s*[:=>]\s*"#
    ))
});

/// `"> x </` after a name in an attribute.
static TEXT_AFTER: LazyLock<Regex> =
    LazyLock::new(|| fixed(r#"^[\"'][^<>\n]{0,80}>\s*(?P<secret>[^<\n]{2,200}?)\s*</"#));

/// `"value": "x", "` before the `name` member.
static VALUE_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    fixed(&format!(
        r#"(?i)(?:{VALUE_WORDS})[\\"']*\s*[:=]\s*(?:\\*"(?P<quoted>(?:[^"\\]|\\[^"])*)\\*"|'(?P<single>[^']*)'|(?P<bare>[^\s"',\\{{}}]+))\s*,?\s*[\\"'-]*(?:{NAME_WORDS})[\\"']*\s*[:=]\s*[\\"']*$"#
    ))
});

fn fixed(pattern: &str) -> Regex {
    compile(pattern).expect("a pattern that is part of the program and compiled by its tests")
}

/// The name at `from..to` is the value of a `name` member: takes the value beside it.
pub(crate) fn beside(search: &mut Search<'_>, from: usize, to: usize, name: Name) -> bool {
    let text = search.text;
    let near = floor_char(text, from.saturating_sub(28));
    // Most names stand in no pair: only a colon or an equals sign may stand before the quotes.
    let soft = |b: &u8| matches!(b, b' ' | b'"' | b'\'' | b'\\' | b';' | b'_' | b't' | b'o' | b'u' | b'q' | b'&');
    let left = text[near..from].iter().rposition(|b| !soft(b));
    if !left.is_some_and(|at| matches!(text[near + at], b':' | b'=')) || !NAMED_BY.is_match(&text[near..from]) {
        return false;
    }
    let ahead = &text[to..text.len().min(to + REACH)];
    if let Some(found) = VALUE_AFTER.find(ahead) {
        return after(search, to + found.end(), name);
    }
    if let Some(found) = TEXT_AFTER.captures(ahead).and_then(|found| found.name("secret")) {
        return judge(search, name, to + found.start(), to + found.end());
    }
    before(search, from, name)
}

fn after(search: &mut Search<'_>, at: usize, name: Name) -> bool {
    let text = search.text;
    // `- name: creds\n  secret:\n    secretName: smtp-creds`: the next name.
    let word = text[at..].iter().take(60).take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    if word > 0 && text[at + word..].starts_with(b": ") {
        return true;
    }
    if let Some(end) =
        extent::json_bare(search, at).filter(|end| name.strong && !values::is_placeholder(&text[at..*end]))
    {
        let quotes = if text[at..end].starts_with(b"{") || text[..at].ends_with(b" ") || text[..at].ends_with(b":") {
            quotes_of_key(text, at)
        } else {
            ""
        };
        search.take_quoted(assign::label(name.kind), at, end, quotes);
        return true;
    }
    if text[at..].starts_with(b"\"\"") || text[at..].starts_with(b"''") {
        return true;
    }
    let value = extent::quoted(text, at).unwrap_or_else(|| extent::bare(search, at, false));
    judge(search, name, value.start, value.end)
}

/// The quotes that the key of the value at `at` has, with their backslashes: the value gets the same.
fn quotes_of_key(text: &[u8], at: usize) -> &'static str {
    let key = text[..at].trim_ascii_end();
    let key = key.strip_suffix(b":").unwrap_or(key).trim_ascii_end();
    let Some(key) = key.strip_suffix(b"\"") else { return "\"" };
    match key.iter().rev().take(8).take_while(|b| **b == b'\\').count() {
        0 => "\"",
        1 => "\\\"",
        _ => "\\\\\\\"",
    }
}

fn before(search: &mut Search<'_>, from: usize, name: Name) -> bool {
    let text = search.text;
    let floor = floor_char(text, from.saturating_sub(REACH));
    let Some(found) = VALUE_BEFORE.captures(&text[floor..from]) else {
        return false;
    };
    let value = found.name("quoted").or_else(|| found.name("single")).or_else(|| found.name("bare"));
    value.is_some_and(|value| judge(search, name, floor + value.start(), floor + value.end()))
}

fn judge(search: &mut Search<'_>, name: Name, start: usize, end: usize) -> bool {
    let setting = Setting { tie: Tie::Entry, quoted: true, spaced: false, alone: true, statement: false };
    let goes = start < end && policy::goes(name, &search.text[start..end], setting);
    if goes {
        search.take(assign::label(name.kind), start, end);
    }
    goes
}
