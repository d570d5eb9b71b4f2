//! A name that means a secret, and the value beside it.

use crate::detect::columns;
use crate::detect::containers;
use crate::detect::extent;
use crate::detect::headers;
use crate::detect::lines;
use crate::detect::pairs;
use crate::detect::reading::{is_part_of_word, read_name};
use crate::detect::urls;
use crate::facts::candidate::{Candidate, Claim};
use crate::facts::label::label;
use crate::facts::place::setting;
use crate::facts::usage::{is_closing_quote, is_default, is_definition, is_resource_name};
use crate::lexicon::names::{Kind, Name};
use crate::lexicon::roles::is_stop;
use crate::search::Search;
use crate::text::scan::{self, is_quote, line_start, skip_list_marks};
use crate::text::separator::{self, Separator, Tie};
use crate::text::value::Value;

/// A keyword of a name was seen at `start..end`.
pub(crate) fn on_name(search: &mut Search<'_>, start: usize, end: usize) {
    let text = search.text;
    let read = search.read.name_end.max(search.read.covered).max(search.read.public_end);
    if start < read || is_part_of_word(text, start, end) {
        return;
    }
    let (from, to) = scan::name_around(text, start, end);
    search.read.name_end = to;
    let from = from + usize::from(is_definition(text, from, start));
    let Some((from, to, name)) = read_name(text, from, to) else { return };
    search.read.name_end = to;
    let is_elsewhere = is_resource_name(text, from)
        || columns::heading(search, from, to)
        || columns::insert(search, from, to, name)
        || urls::parameter(search, from, to, name)
        || pairs::beside(search, from, to, name);
    if is_elsewhere {
        return;
    }
    match separator::read(text, from, to).or_else(|| lines::asking(text, from, to, name)) {
        Some(separator) => value(search, from, name, separator),
        None => lines::stated(search, from, to, name),
    }
}

/// Proposes what stands behind a separator.
fn value(search: &mut Search<'_>, from: usize, name: Name, separator: Separator) {
    let text = search.text;
    let after = separator.after;
    // What stood here is gone already; a marker that somebody typed excuses nothing behind it.
    if let Some(end) = scan::marker_at(text, after + usize::from(is_quote(text, after))) {
        if text.get(end).is_some_and(u8::is_ascii_alphanumeric) {
            plain_value(search, name, separator, end);
        }
        return;
    }
    if is_code(text, from, separator) || is_closing_quote(text, from, separator) {
        return;
    }
    match name.kind {
        Kind::Cookie if headers::cookies(search, separator) => return,
        Kind::Cookie if matches!(separator.tie, Tie::Colon | Tie::Entry) => return,
        Kind::Auth if name.strong => return headers::authorization(search, separator),
        _ => {}
    }
    if !name.strong && separator.tie == Tie::Entry && search.left.is_none() && is_word(text, after) {
        return;
    }
    let below = scan::skip_lines(text, after);
    if separator.tie == Tie::Entry && containers::value(search, name, below, separator.quotes) {
        return;
    }
    if separator.tie == Tie::Element && text[below..].starts_with(b"<Value>") {
        return plain_value(search, name, separator, below + b"<Value>".len());
    }
    match text.get(after) {
        Some(b'|' | b'>') if lines::block_scalar(search, from, name, after) => {}
        None | Some(b'\n' | b'\r') => lines::next_line(search, name, separator),
        _ if lines::phrase(search, name, after) => {}
        _ => plain_value(search, name, separator, after),
    }
}

/// `{{ .Values.auth.password | b64enc }}`, `${PASSWORD:?missing}`, and what is compared: code, and no value in it.
fn is_code(text: &[u8], from: usize, separator: Separator) -> bool {
    let line = line_start(text, from, 80);
    separator.tie == Tie::Cell && memchr::memmem::find(&text[line..from], b"{{").is_some()
        || is_compared(text, separator.after)
        || text[..from].ends_with(b"${") && is_default(&text[separator.after..])
}

/// `hash(password) == user.hash`, `pw !== other`: compared with what is no text.
fn is_compared(text: &[u8], after: usize) -> bool {
    let more = text[after..].iter().take(2).take_while(|byte| **byte == b'=').count();
    let before = text[..after].trim_ascii_end();
    (more > 0 || before.ends_with(b"==") || before.ends_with(b"!="))
        && !is_quote(text, scan::skip_blanks(text, after + more, 2))
}

/// `"key": "started_at"`: a word of small letters, which under a name like this is no secret.
fn is_word(text: &[u8], at: usize) -> bool {
    let Some(value) = text[at..].strip_prefix(b"\"") else { return false };
    let length = value.iter().take(40).take_while(|byte| byte.is_ascii_lowercase() || **byte == b'_').count();
    length > 0 && value.get(length) == Some(&b'"') && value[..length].iter().any(|byte| (b'g'..=b'z').contains(byte))
}

fn plain_value(search: &mut Search<'_>, name: Name, separator: Separator, at: usize) {
    let text = search.text;
    let marked = extent::quoted(text, at).or_else(|| extent::braced(text, at));
    let marked = marked.or_else(|| several_words(text, name, separator));
    let found = marked.unwrap_or_else(|| extent::bare(search, skip_list_marks(text, at), false));
    let shown = search.judged(found);
    if found.start < found.end {
        let rule = label(name.kind) as usize;
        let candidate = Candidate::new(text, found.start, found.end, Claim::Assigned, "assign", rule);
        let candidate = candidate.named(name, setting(text, separator, found)).judged(shown);
        search.propose_to(&candidate, element_end(text, separator, found.end), "");
    }
}

/// `| smtp_pass | jackdaw || tower = 5 |`, `ROOT_PASSWORD:  Sedge Marsh 8 Reed`: behind a name that is no word of a
/// sentence, words without an end of their own, and a figure.
fn several_words(text: &[u8], name: Name, separator: Separator) -> Option<Value> {
    let start = separator.after;
    let before = text[line_start(text, start, 80)..start].trim_ascii();
    let is_cell = before.starts_with(b"|") && before.ends_with(b"|");
    let name_of = before.rsplit(|byte| *byte == b' ').next().unwrap_or_default();
    let is_variable = name_of.ends_with(b":") && name_of.contains(&b'_') && !name_of.iter().any(u8::is_ascii_lowercase);
    let line = text[start..scan::line_end(text, start, 160)].trim_ascii_end();
    let value = if is_cell { line.strip_suffix(b" |")?.trim_ascii_end() } else { line };
    let is_said = |word: &[u8]| is_stop(word) || word == b"|" || !is_cell && (word == b"=" || word.ends_with(b":"));
    let fits = (is_cell || is_variable)
        && name.strong
        && name.kind == Kind::Password
        && value.contains(&b' ')
        && value.iter().any(u8::is_ascii_digit)
        && !value.iter().any(|byte| b"<>\"'`".contains(byte))
        && !value.split(|byte| *byte == b' ').any(is_said);
    fits.then_some(Value { start, end: start + value.len(), quoted: true })
}

/// `<secret>{prod 8Xk…}</secret>`: all words before the closing tag.
fn element_end(text: &[u8], separator: Separator, end: usize) -> usize {
    let rest = &text[end..scan::line_end(text, end, 512)];
    let inner = memchr::memmem::find(rest, b"</").map_or(&rest[..0], |close| rest[..close].trim_ascii_end());
    let goes_on = separator.tie == Tie::Element && inner.iter().any(u8::is_ascii_digit);
    end + if goes_on { inner.len() } else { 0 }
}
