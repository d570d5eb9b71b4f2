//! A name that means a secret, and the value beside it.

use crate::detect::columns;
use crate::detect::extent;
use crate::detect::headers;
use crate::detect::json_values::json_value;
use crate::detect::lines;
use crate::detect::pairs;
use crate::detect::reading::{is_part_of_word, is_run_of_base64, read_name};
use crate::detect::sentences;
use crate::detect::urls;
use crate::facts::candidate::{Candidate, Claim};
use crate::facts::label::label;
use crate::facts::place::setting;
use crate::facts::usage::{is_closing_quote, is_default, is_definition, is_resource_name};
use crate::facts::values;
use crate::facts::verdict::Verdict;
use crate::lexicon::names::{Kind, Name};
use crate::search::Search;
use crate::text::scan::{self, is_quote, skip_list_marks};
use crate::text::separator::{self, Separator, Tie};

/// A keyword of a name was seen at `start..end`.
pub(crate) fn on_name(search: &mut Search<'_>, start: usize, end: usize) {
    if start < search.name_end.max(search.covered).max(search.public_end) || search.in_marker(start) {
        return;
    }
    let text = search.text;
    if is_part_of_word(text, start, end) {
        return;
    }
    let (from, to) = scan::name_around(text, start, end);
    search.name_end = to;
    let from = from + usize::from(is_definition(text, from, start));
    // `6GjwPw70Mc2F…`: two letters of a key or a digest.
    if to - from >= 24 && is_run_of_base64(&text[from..to]) {
        return;
    }
    let Some((from, to, name)) = read_name(text, from, to) else {
        return;
    };
    search.name_end = to;
    // `Password::min(10)`: a path of code.
    if text[to..].starts_with(b"::") && text.get(to + 2).is_some_and(u8::is_ascii_alphabetic) {
        return;
    }
    // `/password/forgot`: a path speaks of it.
    // `title="#opt-bindPassword">`: a place in a page.
    // `$ passwd web482p1`: a command and whose password it sets.
    let prompts = [&b"$ "[..], b"# ", b"sudo "];
    if &text[from..to] == b"passwd" && prompts.iter().any(|prompt| text[..from].ends_with(prompt)) {
        return;
    }
    let anchor = text[..from].ends_with(b"\"#") || text[..from].ends_with(b"(#");
    if anchor || is_resource_name(text, from) || from > 0 && text[from - 1] == b'/' && text.get(to) == Some(&b'/') {
        return;
    }
    let edge = text.get(to).is_none_or(|b| b",;|\t\n\r \"`'*".contains(b));
    if edge && (name.strong || name.kind == Kind::Password) && columns::heading(search, from, to) {
        return;
    }
    if (name.strong || name.kind == Kind::Password)
        && matches!(text.get(to), Some(b',' | b')' | b'`' | b'"' | b' '))
        && columns::insert(search, from, to, name)
    {
        return;
    }
    if urls::parameter(search, from, to, name) || pairs::beside(search, from, to, name) {
        return;
    }
    let path = from > 0 && text[from - 1] == b'/';
    if let Some(separator) = separator::read(text, from, to).filter(|separator| !path || separator.tie != Tie::Comma) {
        if value(search, from, name, separator) {
            return;
        }
        let quoted = separator.tie == Tie::Colon && matches!(text.get(separator.after), Some(b'"' | b'\''));
        if matches!(separator.tie, Tie::Assign | Tie::Entry | Tie::Element) || quoted {
            return;
        }
    }
    sentences::told(search, from, to, name);
}

/// Looks at the value behind a separator; says whether it was dealt with.
fn value(search: &mut Search<'_>, from: usize, name: Name, separator: Separator) -> bool {
    let text = search.text;
    // What stood here is gone already; a marker that somebody typed excuses nothing behind it.
    if let Some(end) = scan::marker_at(text, separator.after + usize::from(is_quote(text, separator.after))) {
        if text.get(end).is_some_and(u8::is_ascii_alphanumeric) {
            plain_value(search, name, separator, end);
        }
        return true;
    }
    // `hash(password) == user.hash`
    let compared = text[..separator.after].trim_ascii_end().ends_with(b"==") && !is_quote(text, separator.after);
    if compared || is_closing_quote(text, from, separator) {
        return false;
    }
    // `${FTP_PASS:?FTP_PASS is not set}`, `${GITHUB_SECRET:github-client-secret}`
    if text[..from].ends_with(b"${") && is_default(&text[separator.after..]) {
        return true;
    }
    match name.kind {
        Kind::Cookie if headers::cookies(search, separator) => return true,
        // A header whose cookies all stay is no sentence.
        Kind::Cookie if matches!(separator.tie, Tie::Colon | Tie::Entry) => {
            return text[separator.after..scan::line_end(text, separator.after, 80)].contains(&b'=');
        }
        Kind::Auth if name.strong => return headers::authorization(search, separator),
        _ => {}
    }
    // A header of one's own holds a value, not a word of a sentence.
    let header = separator.tie == Tie::Colon && values::starts_with_ignoring_case(&text[from..], b"x-");
    let separator = if header { Separator { tie: Tie::Entry, ..separator } } else { separator };
    if separator.tie == Tie::Entry && !separator.quotes.is_empty() && json_value(search, name, separator) {
        return true;
    }
    if separator.tie == Tie::Cell && text.get(separator.after) == Some(&b'|') {
        return false;
    }
    // `{{ .Values.auth.password | b64enc }}`: a filter.
    let line = scan::line_start(text, from, 80);
    if separator.tie == Tie::Cell
        && memchr::memmem::rfind(&text[line..from], b"{{").is_some_and(|open| !text[line + open..from].contains(&b'}'))
    {
        return true;
    }
    // `["pass"]=>\n  string(13) "x"`: as PHP dumps it.
    let next = scan::skip_lines(text, separator.after);
    if text[next..].starts_with(b"string(")
        && let Some(close) = memchr::memmem::find(&text[next..text.len().min(next + 16)], b") \"")
    {
        return plain_value(search, name, separator, next + close + 2);
    }
    // `<Password>\n  <Value>x</Value>`
    if separator.tie == Tie::Element
        && let Some(tag) =
            [&b"<Value>"[..], b"<value>", b"<string>"].into_iter().find(|tag| text[next..].starts_with(tag))
    {
        return plain_value(search, name, separator, next + tag.len());
    }
    match text.get(separator.after) {
        Some(b'|' | b'>')
            if matches!(separator.tie, Tie::Colon | Tie::Entry)
                && lines::block_scalar(search, from, name, separator.after) =>
        {
            true
        }
        None | Some(b'\n' | b'\r') => lines::next_line(search, name, separator),
        // `token = <<EOT` and the lines below.
        Some(b'<') if text[separator.after..].starts_with(b"<<") && text.get(separator.after + 2) != Some(&b'"') => {
            let after = scan::line_end(text, separator.after, 40);
            lines::next_line(search, name, Separator { tie: Tie::Element, after, ..separator })
        }
        _ if lines::phrase(search, name, separator.after, true) => true,
        _ => plain_value(search, name, separator, extent::past_tag(text, separator.after)),
    }
}

fn plain_value(search: &mut Search<'_>, name: Name, separator: Separator, at: usize) -> bool {
    let text = search.text;
    let found = match extent::quoted(text, at) {
        Some(value) => value,
        None if is_quote(text, at) => return false,
        None if let Some(value) = extent::braced(text, at).or_else(|| extent::angled(text, at)) => value,
        None => extent::bare(search, skip_list_marks(text, at), separator.encoded),
    };
    let shown = search.judged(found);
    if found.start >= found.end {
        return false;
    }
    let claim = Candidate::new(text, found.start, found.end, Claim::Assigned, "assign", label(name.kind) as usize);
    let claim = claim.named(name, setting(text, separator, found)).judged(shown);
    let end = match element_end(text, from_tag(text, separator), found.end) {
        Some(end) => end,
        None if name.is_phrase() && !found.quoted => lines::phrase_end(text, found.end),
        None => found.end,
    };
    if search.propose_to(&claim, end, "") == Verdict::Leave {
        return false;
    }
    more_items(search, name, found.end, end);
    // `password = "old" -> "new"`: a plan shows both.
    if found.quoted && text[end..].get(1..5) == Some(b" -> ") && separator.tie == Tie::Assign {
        plain_value(search, name, separator, end + 5);
    }
    true
}

/// Whether the separator is the end of an opening tag.
fn from_tag(text: &[u8], separator: Separator) -> bool {
    separator.tie == Tie::Element && text[..separator.after].trim_ascii_end().ends_with(b">")
}

/// `<secret>{prod 8Xk…}</secret>`: all words before the closing tag.
fn element_end(text: &[u8], tagged: bool, end: usize) -> Option<usize> {
    let rest = &text[end..scan::line_end(text, end, 512)];
    let close = memchr::memchr(b'<', rest).filter(|close| tagged && *close > 0 && rest[*close..].starts_with(b"</"))?;
    let inner = rest[..close].trim_ascii_end();
    inner.iter().any(u8::is_ascii_digit).then_some(end + inner.len())
}

/// `keys: ["a", "b"]`: the further items of a list.
fn more_items(search: &mut Search<'_>, name: Name, found_end: usize, end: usize) {
    let text = search.text;
    if !name.plural || found_end != end {
        return;
    }
    let mut at = end;
    for _ in 0..32 {
        let gap = text[at..].iter().take(24).take_while(|b| b.is_ascii_whitespace() || b"\"',\\".contains(b)).count();
        if !text[at..at + gap].contains(&b',') {
            return;
        }
        let item = extent::bare(search, at + gap, false);
        let rule = label(name.kind) as usize;
        if item.start >= item.end
            || search.propose(&Candidate::new(text, item.start, item.end, Claim::Item, "assign", rule)) != Verdict::Take
        {
            return;
        }
        at = item.end;
    }
}
