//! Values that stand on the lines below their name.

use crate::facts::candidate::{Candidate, Claim, Setting};
use crate::facts::label::Label;
use crate::facts::label::label;
use crate::facts::place::setting;
use crate::facts::values::{self, Shape, is_id, looks_chosen};
use crate::facts::verdict::Verdict;
use crate::lexicon::names::{self, Kind, Name};
use crate::lexicon::stating::{is_article, is_kind, is_stating};
use crate::text::scan::skip_list_marks;

use crate::detect::extent;
use crate::search::Search;
use crate::text::scan::{self, skip_blanks};
use crate::text::separator::{Separator, Tie};

/// `key: |` and the indented lines below.
pub(crate) fn block_scalar(search: &mut Search<'_>, from: usize, name: Name, at: usize) -> bool {
    let text = search.text;
    let header = scan::line_end(text, at, 8);
    let plain = text[at + 1..header].iter().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b' ' | b'\r'));
    if !plain || text.get(header) != Some(&b'\n') || !(name.strong || name.kind == Kind::Password) {
        return false;
    }
    let line = scan::line_start(text, from, 200);
    let indent = text[line..from].iter().take_while(|b| **b == b' ').count();
    let start = scan::skip_lines(text, header);
    let mut end = header;
    while end < text.len() {
        let next = end + 1;
        let blanks = text[next..].iter().take(200).take_while(|b| **b == b' ').count();
        let stop = scan::line_end(text, next, 8192);
        if blanks <= indent && stop > next + blanks {
            break;
        }
        end = stop;
        if text.get(end) != Some(&b'\n') {
            break;
        }
    }
    while end > start && text[end - 1].is_ascii_whitespace() {
        end -= 1;
    }
    if start < end {
        search.propose(&Candidate::new(text, start, end, Claim::Entry, "block", label(name.kind) as usize));
    }
    true
}

/// The value stands alone on the next line.
pub(crate) fn next_line(search: &mut Search<'_>, name: Name, separator: Separator) -> bool {
    if matches!(separator.tie, Tie::Flag | Tie::Cell) {
        return false;
    }
    let at = scan::skip_lines(search.text, separator.after);
    lone_value(search, name, separator, at)
}

fn lone_value(search: &mut Search<'_>, name: Name, separator: Separator, at: usize) -> bool {
    let text = search.text;
    let at = skip_list_marks(text, at);
    if at >= text.len() {
        return false;
    }
    let value = extent::quoted(text, at).unwrap_or_else(|| extent::bare(search, at, false));
    let after = skip_blanks(text, value.end + usize::from(value.quoted), 40);
    let over = matches!(text.get(after), None | Some(b'\n' | b'\r' | b'<' | b'\\' | b'"' | b',' | b'`'));
    // "Sorry, passwords do not match"
    let over = over && !(text.get(after) == Some(&b',') && !value.quoted && text.get(after + 1) == Some(&b' '));
    let shown = &text[value.start..value.end];
    let named = shown.iter().take_while(|b| scan::is_token(**b) || **b == b'.').count();
    let pair = matches!(shown.get(named), Some(b'=')) && shown.len() <= named + 2
        || (named > 2 && shown.get(named) == Some(&b'=') && names::classify(&shown[..named]).is_some());
    // `DB_PASSWORD=` at the end of a line is empty.
    let empty = separator.tie == Tie::Assign && !value.quoted;
    let names_another = pair
        || separator.tie == Tie::Element
            && shown.iter().position(|b| !b.is_ascii_alphabetic()).is_some_and(|at| at > 1 && shown[at] == b'=')
        || empty
        || matches!(text.get(value.end), Some(b':' | b'='))
        || text[value.start..value.end].contains(&b'=') && !name.strong;
    if !over || names_another || value.start >= value.end {
        return false;
    }
    let setting = Setting { alone: true, ..setting(text, separator, value) };
    let sure = separator.tie == Tie::Element
        || value.quoted
        || looks_chosen(shown)
        || values::looks_random(shown)
        || name.kind == Kind::Code;
    // "Please input password:" asks at a terminal, and what comes below is what the program says.
    if !sure && (name.kind != Kind::Password || is_prompt(text, separator)) {
        return false;
    }
    let claim = Candidate::new(text, value.start, value.end, Claim::Below, "lines", label(name.kind) as usize);
    search.propose(&claim.named(name, setting)) == Verdict::Take
}

/// The line asks, and a line before it is a command.
fn is_prompt(text: &[u8], separator: Separator) -> bool {
    let start = scan::line_start(text, separator.after, 80);
    // `redis-cli -h cache --askpass ping`
    let flags =
        |line: &[u8]| line.first().is_some_and(u8::is_ascii_lowercase) && memchr::memmem::find(line, b" --").is_some();
    let command =
        |line: &[u8]| [&b"$ "[..], b"# ", b"> ", b"PS "].iter().any(|mark| line.starts_with(mark)) || flags(line);
    if !text[start.saturating_sub(400)..start].split(|b| *b == b'\n').any(command) {
        return false;
    }
    let line = &text[start..separator.after];
    [
        "please", "enter ", "input ", "type ", "retype", "repeat ", "new ", "confirm", "current ", "geben ", "saisi",
        "introdu", "inseri", "voer ",
    ]
    .iter()
    .any(|word| scan::contains_word(line, word.as_bytes()))
}

/// A passphrase without quotes runs on while words do.
pub(crate) fn phrase_end(text: &[u8], end: usize) -> usize {
    let line = scan::line_end(text, end, 200);
    let more = text[end..line]
        .iter()
        .take_while(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b' ' | b'-'))
        .count();
    let mut end = end + more;
    while text[end - 1] == b' ' {
        end -= 1;
    }
    end
}

/// "passphrase: blue kettle runs over nine hills": a passphrase without quotes, whole. Where no colon `tied` it to the
/// name, the sentence must not say what it is not.
pub(crate) fn phrase(search: &mut Search<'_>, name: Name, at: usize, tied: bool) -> bool {
    let text = search.text;
    if !name.is_phrase() {
        return false;
    }
    let line = scan::line_end(text, at, 160);
    let letter = |b: &u8| b.is_ascii_alphabetic() || *b >= 0x80 || matches!(b, b' ' | b'-');
    let end = at + text[at..line].iter().take_while(|b| letter(b)).count();
    let shown = text[at..end].trim_ascii_end();
    let words: Vec<&[u8]> = shown.split(|b| *b == b' ').filter(|word| !word.is_empty()).collect();
    let stops = words.iter().filter(|word| values::is_stop_word(word)).count();
    let fits = (4..=14).contains(&words.len())
        && (tied || !is_denied(&text[scan::line_start(text, at, 24)..at]))
        && stops * 3 <= words.len()
        && (tied || !values::is_stop_word(words[0]) && !is_article(words[0]))
        && !shown.starts_with(b"[");
    if fits {
        search.take(label(name.kind), at, at + shown.len());
    }
    fits
}

/// "não é", "is not", "n'est pas"
fn is_denied(before: &[u8]) -> bool {
    let mut words = before.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).rev();
    words.by_ref().take(2).any(|word| {
        ["not", "isn't", "nicht", "niet", "pas", "no", "non", "n\u{e3}o", "never", "nie", "nunca", "jamais", "mai"]
            .iter()
            .any(|denial| denial.as_bytes() == word)
    })
}

/// "here is the password" and a line with nothing else than the password.
pub(crate) fn told_below(search: &mut Search<'_>, to: usize, name: Name) -> bool {
    let text = search.text;
    let mut line = skip_blanks(text, to, 8);
    for please in ["pls", "please", "bitte", "svp", "plz"] {
        line += if text[line..].starts_with(please.as_bytes()) { please.len() } else { 0 };
    }
    // "Password is:"
    let word = text[line..].iter().take(10).position(|b| b.is_ascii_whitespace() || *b == b':').unwrap_or(0);
    let said = &text[line..line + word];
    if is_stating(said) || is_kind(said) {
        line += word;
    }
    line += usize::from(matches!(text.get(line), Some(b'.' | b'!' | b':' | b',' | b'?')));
    if !(name.strong || name.kind == Kind::Password)
        || !matches!(text.get(line), Some(b'\n' | b'\r'))
        || !matches!(name.kind, Kind::Password | Kind::Token | Kind::Secret)
    {
        return false;
    }
    let start = scan::skip_lines(text, line);
    let end = scan::line_end(text, start, 120).max(start);
    // A chat repeats who speaks.
    let by = |b: &u8| b.is_ascii_alphanumeric() || b" _[]():.-".contains(b) || *b >= 0x80;
    let speaker =
        memchr::memmem::find(&text[start..end], b": ").filter(|at| *at <= 32 && text[start..start + at].iter().all(by));
    let start = speaker.map_or(start, |at| start + at + 2);
    let from = start + (end - start - text[start..end].trim_ascii_start().len());
    // "it's Maple_Leaf9"
    let stated =
        text[from..end].iter().position(|b| *b == b' ').filter(|length| is_stating(&text[from..from + length]));
    let from = from + stated.map_or(0, |length| length + 1);
    let shown = text[from..end].trim_ascii();
    let inner = shown.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\""));
    let from = from + usize::from(inner.is_some());
    let shown = inner.unwrap_or(shown);
    let shape = Shape::of(shown);
    let plain = !shown.is_empty() && shape.blank == 0 && !shown.iter().any(|b| b"\"\\=(<>{}".contains(b));
    // `Xarope:Mel7`, but not `user:4471:token`
    let colons = memchr::memchr_iter(b':', shown).count();
    let plain = plain && (colons == 0 || colons == 1 && shape.upper > 0 && shape.digit > 0);
    let fits = plain && !is_id(shown) && looks_chosen(shown) && obvious(shown, &shape) && !search.in_marker(from);
    if fits {
        search.take(Label::StatedSecret, from, from + shown.len());
    }
    fits
}

/// Nothing states it, so it must hardly be anything else.
fn obvious(shown: &[u8], shape: &Shape) -> bool {
    let symbol = shown.iter().any(|b| b"!@#$%^&*+=?~".contains(b));
    (shape.digit > 0 && shape.lower + shape.upper >= 3 && shown[0].is_ascii_alphanumeric())
        || (symbol && shape.digit > 0)
}
