//! Secrets that only their surroundings name: phrases, code lists, pairs, Kubernetes data.

use std::sync::LazyLock;

use crate::engine::Label;
use crate::facts::values::{self, Shape, is_stop_word};
use crate::policy;
use crate::search::Search;
use crate::text::heads::Heads;
use crate::text::scan::{self, line_end, line_start, skip_blanks};
use crate::text::separator::skip_lines;

/// "seed phrase: …" and "recovery codes: …".
pub(crate) fn phrase(search: &mut Search<'_>, start: usize, end: usize) {
    let text = search.text;
    // "recuperação": the rest of the word.
    let end = end + text[end..].iter().take(16).take_while(|b| b.is_ascii_lowercase() || **b >= 0x80).count();
    let limit = text.len().min(end + 900);
    let Some(found) = memchr::memchr2(b':', b'=', &text[end..limit.min(end + 60)]) else {
        return words(search, end, line_end(text, end, 400));
    };
    let at = skip_lines(text, end + found + 1);
    let line = line_start(text, start, 60);
    let ahead = &text[line..end + found];
    words(search, at, limit);
    let codes = scan::contains_word(ahead, b"code")
        || scan::contains_word(ahead, b"codice")
        || scan::contains_word(ahead, b"codigo")
        || memchr::memmem::find(ahead, "código".as_bytes()).is_some();
    if codes {
        code_list(search, at, limit);
    }
}

/// Words of sentences that no list of words for wallets has (BIP 39).
#[rustfmt::skip]
const FUNCTION_WORDS: &[&[u8]] = &[
    b"the", b"and", b"for", b"are", b"was", b"were", b"has", b"have", b"had", b"not", b"but", b"your", b"their", b"our", b"his", b"her", b"its", b"with", b"from", b"these",
    b"those", b"which", b"how", b"why", b"could", b"should", b"would", b"into", b"been", b"being", b"than", b"there", b"does", b"der", b"die", b"das", b"und", b"ist", b"nicht", b"mit", b"den",
    b"dem", b"ein", b"eine", b"sich", b"auch", b"wird", b"sie", b"wenn", b"les", b"des", b"une", b"que", b"qui", b"pour", b"dans", b"est", b"pas", b"vous", b"votre", b"sont", b"los",
    b"las", b"una", b"del", b"con", b"por", b"gli", b"che", b"per", b"della", b"non", b"uma", "n\u{e3}o".as_bytes(), b"com", b"het", b"een", b"van", b"zijn", b"niet", b"met", b"voor", b"dat", b"deze",
    b"para", b"sua", b"seu", "voc\u{ea}".as_bytes(), b"cuando", b"quando", b"quand", b"diese", b"dieser", b"haben", "k\u{f6}nnen".as_bytes(), b"werden", b"kann", b"questo", b"questa",
    b"suo", b"anche", b"essere", b"leur", b"cette", b"avec", b"kunt", b"worden", b"heeft", b"als", b"maar", b"naar", b"door",
];

/// Keywords in a row read on together: a phrase within this reach of the last one is found in any case.
const STRIDE: usize = 200;

static FUNCTION_HEADS: LazyLock<Heads> = LazyLock::new(|| Heads::of(FUNCTION_WORDS.iter().copied()));

fn is_function_word(word: &[u8]) -> bool {
    FUNCTION_HEADS.may_hold(word) && FUNCTION_WORDS.contains(&word)
}

/// Twelve and more short lower-case words in a row, numbered or not.
fn words(search: &mut Search<'_>, from: usize, limit: usize) {
    let text = search.text;
    // Read already, for a keyword before this one.
    if limit <= search.phrase_end || limit < search.phrase_end + STRIDE && text.get(limit).is_some_and(|b| *b != b'\n')
    {
        return;
    }
    // Twelve words are not longer than that.
    let from = from.max(search.phrase_end.saturating_sub(160)).min(limit);
    search.phrase_end = limit;
    let mut first = None;
    let mut count = 0;
    let mut last = from;
    let mut at = from;
    while at < limit {
        let gap = text[at..limit]
            .iter()
            .take_while(|b| b.is_ascii_whitespace() || b.is_ascii_digit() || b"\"',.)(\\`-".contains(b))
            .count();
        // "slot 0 unlocked, slot 1 empty": numbers that number nothing.
        let run = &text[at..at + gap];
        let numbers = run.iter().any(u8::is_ascii_digit) && !run.iter().any(|b| matches!(b, b'.' | b')'));
        if numbers && count < 11 {
            (first, count) = (None, 0);
        }
        at += gap;
        let length = text[at..limit].iter().take_while(|b| b.is_ascii_lowercase() || **b >= 0x80).count();
        let letters = text[at..at + length].iter().filter(|b| **b & 0xC0 != 0x80).count();
        if !(3..=8).contains(&letters) || is_function_word(&text[at..at + length]) {
            if count >= 11 {
                break;
            }
            // Words of the sentence before the phrase are no part of it.
            let other = text[at..limit].iter().take_while(|b| !b.is_ascii_whitespace()).count();
            (first, count) = (None, 0);
            at += other.max(1);
            continue;
        }
        first = first.or(Some(at));
        count += 1;
        at += length;
        last = at;
    }
    if let (Some(first), 11..) = (first, count) {
        let stop = text[first..last].iter().position(|b| *b == b'"').map_or(last, |found| first + found);
        search.take(Label::RecoveryPhrase, first, stop);
    }
}

/// Codes such as `a1b2c-d3e4f`, separated by commas, blanks or lines.
fn code_list(search: &mut Search<'_>, from: usize, limit: usize) {
    let text = search.text;
    let mut at = from;
    for _ in 0..24 {
        let gap = text[at..limit].iter().take_while(|b| b.is_ascii_whitespace() || b"\"',;[]*-\\`".contains(b)).count();
        at += gap;
        let length = text[at..limit].iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'-').count();
        let code = &text[at..at + length];
        let shape = Shape::of(code);
        let long = (6..=40).contains(&length) && shape.digit >= 2;
        if !long {
            let number = length <= 3 && shape.digit == length && length > 0;
            if number && text.get(at + length).is_some_and(|b| matches!(b, b'.' | b')')) {
                at += length + 1;
                continue;
            }
            return;
        }
        search.take(Label::RecoveryPhrase, at, at + length);
        at += length;
    }
}

/// "login: admin / Hunter2", "credentials are bob:S3cret!".
pub(crate) fn pair(search: &mut Search<'_>, start: usize, end: usize) {
    let text = search.text;
    let tail = text[end..].iter().take(8).take_while(|b| b.is_ascii_lowercase()).count();
    let open = matches!(text.get(end + tail), Some(b' ' | b':' | b'=' | b')' | b'*' | b'|' | b'\n' | b'"'));
    if start < search.covered || !open || !scan::starts_clean(text, start) {
        return;
    }
    let end = end + tail;
    let line = line_end(text, end, 120);
    let mut at = end;
    let mut tied = !scan::contains_word(&text[start..end], b"log") && !scan::contains_word(&text[start..end], b"sign");
    let mut with = false;
    for _ in 0..8 {
        let gap = text[at..line].iter().take_while(|b| b.is_ascii_whitespace() || b":=\"'`(*>-|".contains(b)).count();
        tied |= text[at..at + gap].iter().any(|b| matches!(b, b':' | b'='));
        at += gap;
        let length = text[at..line].iter().take_while(|b| !b.is_ascii_whitespace() && !b"\"'`".contains(b)).count();
        if length == 0 {
            return;
        }
        let word = &text[at..at + length];
        let marked = word.iter().any(|b| b"!@#$%&*?".contains(b));
        if with && marked && statable(word) && strong(word) {
            search.take(
                Label::CredentialPair,
                at,
                at + length - usize::from(word.ends_with(b",") || word.ends_with(b".")),
            );
            return;
        }
        with = ["with", "mit", "avec", "con", "com", "met", "using"].iter().any(|entry| entry.as_bytes() == word);
        if divided(search, at, at + length, line, tied) {
            return;
        }
        at += length;
    }
}

/// `admin/Hunter2`, `admin:Hunter2` in one word, or `admin / Hunter2`.
fn divided(search: &mut Search<'_>, start: usize, end: usize, line: usize, tied: bool) -> bool {
    let text = search.text;
    let word = &text[start..end];
    if word.starts_with(scan::MARKER) {
        return true;
    }
    // `Get-CmsMessage|Get-Credential|Get-PfxCertificate`: alternatives.
    if memchr::memchr_iter(b'|', word).count() > 1 {
        return false;
    }
    if let Some(found) = word.iter().position(|b| matches!(b, b'/' | b':' | b'|')).filter(|at| *at >= 2) {
        let from = start + found + 1;
        let to = end - text[from..end].iter().rev().take_while(|b| b".,;)*\\".contains(b)).count();
        let user = &word[..found];
        let plain = user.iter().all(|b| b.is_ascii_alphanumeric() || b"._-@+\\".contains(b))
            && user.iter().any(u8::is_ascii_alphabetic);
        let nested = word[found + 1..].contains(&b'/');
        let address = nested || user == b"http" || user == b"https" || word.windows(3).any(|w| w == b"://");
        // `admin/admin`: the user again.
        let same = tied && from < to && user.eq_ignore_ascii_case(&text[from..to]) && !is_stop_word(user);
        if same && plain && !address {
            search.take(Label::CredentialPair, from, to);
            return true;
        }
        if from < to
            && plain
            && !address
            && text[to - 1] != b':'
            && statable(&text[from..to])
            && strong(&text[from..to])
            && (tied || word[found] == b':' || text[from..to].iter().any(|b| b"!@#$%&*?".contains(b)))
        {
            search.take(Label::CredentialPair, from, to);
            return true;
        }
        return false;
    }
    let next = skip_blanks(text, end, 3);
    if !tied || !matches!(text.get(next), Some(b'/' | b'|' | b',')) && text.get(end - 1) != Some(&b',') {
        return false;
    }
    let from = skip_blanks(text, next + usize::from(matches!(text.get(next), Some(b'/' | b'|' | b','))), 3);
    let from = from + usize::from(matches!(text.get(from), Some(b'`' | b'\'')));
    let length =
        text[from.min(line)..line].iter().take_while(|b| !b.is_ascii_whitespace() && !b"\"'`\\".contains(b)).count();
    let to = from + length - text[from..from + length].iter().rev().take_while(|b| b".,;)".contains(b)).count();
    let user = text[start..end].strip_suffix(b",").unwrap_or(&text[start..end]);
    let same = from < to
        && user.iter().any(u8::is_ascii_alphanumeric)
        && user.eq_ignore_ascii_case(&text[from..to])
        && !is_stop_word(user);
    let fits = same || from < to && statable(&text[from..to]) && strong(&text[from..to]);
    if fits {
        search.take(Label::CredentialPair, from, to);
    }
    fits
}

fn strong(value: &[u8]) -> bool {
    let shape = Shape::of(value);
    // `Authenticated=false`, the id of a connection
    let name = value.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    if !value.iter().any(u8::is_ascii_alphanumeric) || memchr::memmem::find(value, b").").is_some() {
        return false;
    }
    if policy::is_id(value) || name >= 2 && value.get(name) == Some(&b'=') {
        return false;
    }
    shape.lower + shape.upper >= 2 && (shape.digit > 0 || shape.symbol > 0)
}

/// A document's beginning is looked for this far back.
const DOCUMENT: usize = 4096;

/// `kind: Secret`: every value under `data` and `stringData` goes.
pub(crate) fn kubernetes(search: &mut Search<'_>, end: usize) {
    let text = search.text;
    if text.get(end).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'\\') {
        return;
    }
    // `data` may stand before `kind`: the document begins after a line of dashes, not far back.
    let floor = end.saturating_sub(DOCUMENT);
    let start = memchr::memmem::rfind(&text[floor..end], b"\n---").map_or(floor, |found| floor + found + 4);
    let mut at = start.max(search.secret_end);
    at = if at == 0 { 0 } else { (line_end(text, at, 400) + 1).min(text.len()) };
    let mut inside = None;
    for _ in 0..200 {
        if at >= text.len() {
            return;
        }
        let stop = line_end(text, at, 8192);
        search.secret_end = stop;
        let line = &text[at..stop];
        let indent = line.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        let body = line.trim_ascii();
        if body.starts_with(b"---") {
            return;
        }
        if body == b"data:" || body == b"stringData:" {
            inside = Some(indent);
        } else if inside.is_some_and(|known| indent <= known && !body.is_empty()) {
            inside = None;
        } else if inside.is_some() {
            entry(search, at, stop);
        }
        at = stop + 1;
    }
}

fn entry(search: &mut Search<'_>, at: usize, stop: usize) {
    let text = search.text;
    let Some(colon) = memchr::memchr(b':', &text[at..stop]) else { return };
    let mut from = skip_blanks(text, at + colon + 1, 16);
    let mut to = stop;
    while to > from && (text[to - 1].is_ascii_whitespace() || matches!(text[to - 1], b'"' | b'\'')) {
        to -= 1;
    }
    while from < to && matches!(text[from], b'"' | b'\'') {
        from += 1;
    }
    let shown = &text[from..to.max(from)];
    if shown.len() >= 2 && !values::is_placeholder(shown) && !shown.starts_with(b"|") && !shown.contains(&b'"') {
        search.take(Label::KubernetesSecret, from, to);
    }
}

/// A value that someone states, whoever asks.
fn statable(shown: &[u8]) -> bool {
    values::looks_chosen(shown) && !is_stop_word(shown) && !shown.starts_with(b"~/")
}
