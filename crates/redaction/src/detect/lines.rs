//! Values of several lines or words, and those that stand on the lines below their name.

use std::ops::Range;

use crate::detect::extent;
use crate::facts::candidate::{Candidate, Claim, Setting};
use crate::facts::label::{Label, label};
use crate::facts::matches::Looks;
use crate::facts::place::setting;
use crate::facts::verdict::Verdict;
use crate::lexicon::names::{Kind, Name};
use crate::lexicon::roles::{Role, has, is_stop};
use crate::search::Search;
use crate::text::scan::{self, skip_blanks, skip_list_marks};
use crate::text::separator::{Separator, Tie};
use crate::text::value::Value;

/// How many words may stand between a name and what states its value, and how many bytes they have.
const STATING: usize = 6;
const STATED: usize = 60;
/// "I typed `plumtree-2209` as the password": so many bytes before a name count as beside it.
const BEFORE_NAME: usize = 24;

/// `key: |` and the indented lines below.
pub(crate) fn block_scalar(search: &mut Search<'_>, from: usize, name: Name, at: usize) -> bool {
    let text = search.text;
    let header = scan::line_end(text, at, 8);
    let is_header = text[at + 1..header].iter().all(|byte| byte.is_ascii_digit() || b"-+ \r".contains(byte));
    if !is_header || text.get(header) != Some(&b'\n') || !(name.strong || name.kind == Kind::Password) {
        return false;
    }
    let blanks = |line: usize| text[line..].iter().take(200).take_while(|byte| **byte == b' ').count();
    let indent = blanks(scan::line_start(text, from, 200));
    let start = scan::skip_lines(text, header);
    let mut end = header;
    while text.get(end) == Some(&b'\n') {
        let stop = scan::line_end(text, end + 1, 8192);
        if blanks(end + 1) <= indent && !text[end + 1..stop].trim_ascii().is_empty() {
            break;
        }
        end = stop;
    }
    let end = start + text[start.min(end)..end].trim_ascii_end().len();
    if start < end {
        search.propose(&Candidate::new(text, start, end, Claim::Entry, "block", label(name.kind) as usize));
    }
    true
}

/// What stands alone on the line behind that which ends at `at`.
fn below(search: &mut Search<'_>, at: usize) -> Option<Value> {
    let text = search.text;
    let value = extent::value(search, skip_list_marks(text, scan::skip_lines(text, at)));
    let after = skip_blanks(text, value.end + usize::from(value.quoted), 40);
    let is_alone =
        text.get(after).is_none_or(|byte| b"\n\r<\\\"`".contains(byte) || b",)".contains(byte) && value.quoted);
    (is_alone && value.start < value.end).then_some(value)
}

/// The value stands alone on the next line.
pub(crate) fn next_line(search: &mut Search<'_>, name: Name, separator: Separator) {
    let text = search.text;
    let Some(value) = below(search, separator.after) else { return };
    // `DB_PASSWORD=` at the end of a line is empty.
    let is_empty = separator.tie == Tie::Assign && !value.quoted;
    if !is_empty {
        let rule = label(name.kind) as usize;
        let candidate = Candidate::new(text, value.start, value.end, Claim::Below, "lines", rule);
        search.propose(&candidate.named(name, Setting { alone: true, ..setting(text, separator, value) }));
    }
}

/// "passphrase: blue kettle runs over nine hills": a passphrase without quotes, whole.
pub(crate) fn phrase(search: &mut Search<'_>, name: Name, at: usize) -> bool {
    if !name.is_phrase() {
        return false;
    }
    let line = &search.text[at..scan::line_end(search.text, at, 160)];
    let letter = |byte: &&u8| byte.is_ascii_alphabetic() || **byte >= 0x80 || matches!(byte, b' ' | b'-');
    let shown = line[..line.iter().take_while(letter).count()].trim_ascii_end();
    let words = || shown.split(|byte| *byte == b' ').filter(|word| !word.is_empty());
    let (count, stops) = (words().count(), words().filter(|word| is_stop(word)).count());
    let fits = (4..=14).contains(&count) && stops * 3 <= count && !words().next().is_some_and(is_stop);
    if fits {
        search.take(label(name.kind), at, at + shown.len(), "");
    }
    fits
}

/// Behind a name and no separator: a value in quotation marks (`private_key 'q8Zt…'`, `the password for it is "x"`) and
/// a phrase behind what states it ("the passphrase for the disk is seven purple otters dance").
/// What else stands beside the name of a password needs fewer points.
pub(crate) fn stated(search: &mut Search<'_>, from: usize, to: usize, name: Name) {
    let text = search.text;
    let limit = scan::line_end(text, to, STATED);
    if name.strong && matches!(name.kind, Kind::Password | Kind::Secret) {
        search.named.push(from.saturating_sub(BEFORE_NAME)..limit);
    }
    let mut at = skip_blanks(text, to, 4);
    if is_label(text, from, at) && name.strong {
        return labelled(search, at);
    }
    // Directly behind the name, or behind what states it; a mark without a blank in front ends what stands before it.
    let (mut follows, mut states) = (at > to, false);
    for place in 0..STATING {
        if follows && let Some(value) = extent::quoted(text, at) {
            return quoted(search, name, &value, states);
        }
        let word = text[at..limit.max(at)].iter().take_while(|byte| !byte.is_ascii_whitespace()).count();
        let asked = text[at..at + word].strip_suffix(b":");
        let shown = asked.unwrap_or(&text[at..at + word]);
        at = skip_blanks(text, at + word, 4);
        if has(shown, Role::Denial) {
            return;
        }
        states = has(shown, Role::States);
        follows = states;
        // `Enter passphrase for key 'id_rsa': four grey herons wait`: what a program says begins with a capital.
        let typed = place > 1 && asked.is_some() && text.get(at).is_some_and(u8::is_ascii_lowercase);
        if word == 0
            || (states || typed) && phrase(search, name, at)
            || has(shown, Role::Copula) && plainly_stated(search, name, to..at)
        {
            return;
        }
    }
}

/// A value in quotation marks, behind a name or what states it.
fn quoted(search: &mut Search<'_>, name: Name, value: &Value, states: bool) {
    let rule = Label::StatedSecret as usize;
    let candidate = Candidate::new(search.text, value.start, value.end, Claim::Pattern, "lines", rule);
    search.propose(&match name.kind {
        Kind::Password if states => Candidate { claim: Claim::Beside, ..candidate.named(name, Setting::WHOLE) },
        _ => candidate.asking(Looks::Random),
    });
}

/// "my password is Summer24": the plainest sentence, whatever points it has. Where one ends between, it says it of something else.
fn plainly_stated(search: &mut Search<'_>, name: Name, between: Range<usize>) -> bool {
    let (text, at) = (search.text, between.end);
    let goes_on = !text[between].iter().any(|byte| b",;()?!\n".contains(byte));
    if !goes_on || !name.strong || !matches!(name.kind, Kind::Password | Kind::Code) || at == text.len() {
        return false;
    }
    let value = extent::bare(search, at, false);
    let shown = text[at..value.end].trim_ascii_end().strip_suffix(b"?").map_or(value.end - at, <[u8]>::len);
    let mut end = at + shown + text[at + shown..].iter().take_while(|byte| **byte == b'*').count();
    // "725 406"
    let is_group = |rest: &[u8]| matches!(rest, [b' ', b'0'..=b'9', b'0'..=b'9', ..]);
    while name.kind == Kind::Code && is_group(&text[end..]) {
        end += 1 + text[end + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    }
    let rule = if name.kind == Kind::Code { label(name.kind) } else { Label::StatedSecret } as usize;
    let candidate = Candidate::new(text, at, end, Claim::Beside, "lines", rule);
    let setting = Setting { tie: Tie::Colon, quoted: false, spaced: true, alone: false };
    at < end && search.propose(&candidate.named(name, setting)) == Verdict::Take
}

/// "Contraseña actual: Marmitako-Bermeo", "3. PIN für Rückfragen: 61834": a form says behind the name which one it asks
/// for; a person, a place or a time may follow instead ("Password sent to: …").
pub(crate) fn asking(text: &[u8], from: usize, to: usize, name: Name) -> Option<Separator> {
    let is_mark = |b: &u8| !b.is_ascii_alphanumeric() && *b < 0x80;
    let words = |part| <[u8]>::split(part, is_mark).filter(|word| !word.is_empty());
    let line = &text[to..scan::line_end(text, to, STATED)];
    let label = &line[..memchr::memchr(b':', line)?];
    let after = skip_blanks(text, to + label.len() + 1, 40);
    let before = &text[scan::line_start(text, from, 24)..from];
    let plain = |word: &[u8]| has(word, Role::OfValue) || word.iter().all(u8::is_ascii_digit);
    let asks = (name.strong || name.kind == Kind::Password)
        && label.starts_with(b" ")
        && (label.len() + 2..line.len()).contains(&(after - to))
        && before.rsplit(|b| *b == b'.').next().is_some_and(|sentence| words(sentence).all(plain))
        && words(label).next().is_some_and(|word| has(word, Role::Which))
        && !words(label).next_back().is_some_and(|word| has(word, Role::Whose));
    asks.then(|| Separator::plain(Tie::Colon, after))
}

/// A page that was copied has each label on a line of its own: "Usuario\nmlopez\nContraseña\nCeniza661.luz".
fn is_label(text: &[u8], from: usize, to: usize) -> bool {
    matches!(text.get(to), Some(b'\n' | b'\r')) && text[scan::line_start(text, from, 8)..from].trim_ascii().is_empty()
}

/// The value below a label.
fn labelled(search: &mut Search<'_>, to: usize) {
    if let Some(value) = below(search, to) {
        let rule = Label::StatedSecret as usize;
        let candidate = Candidate::new(search.text, value.start, value.end, Claim::Pattern, "lines", rule);
        search.propose(&candidate.asking(Looks::Suspected));
    }
}
