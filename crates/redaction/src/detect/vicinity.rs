//! Passwords, codes and keys near a word that means them, in whatever sentence.
//!
//! Two things are weighed: how much a word looks like a secret ([`crate::facts::values::suspicion`]), and what stands
//! around it:
//! a verb of typing, "with", "is", quotation marks, the name itself ([`place::Lead`]). The less of one, the more of the
//! other it takes.

mod codes;
mod fits;
mod phrases;
mod place;
mod roles;
mod words;

pub(crate) use words::{Words, next, trimmed};

use std::cell::OnceCell;

use crate::detect::lone::is_said;
use crate::facts::label::Label;
use crate::facts::values::Suspicion;
use crate::lexicon::names::{Kind, Name};
use crate::search::Search;
use crate::text::scan;
use place::{Lead, Row};
use words::{Word, grouped_digits};

/// So far from the name a word is still in the same thought.
const REACH: usize = 200;
/// So many lines further on one may stand.
const LINES: usize = 3;

/// A name and the words around it.
struct Around<'t> {
    text: &'t [u8],
    from: usize,
    to: usize,
    name: Name,
    /// Found out when it is asked for.
    wireless: OnceCell<bool>,
}

/// Takes the words around the name `from..to` that are what it means.
pub(crate) fn words(search: &mut Search<'_>, from: usize, to: usize, name: Name) {
    let text = search.text;
    let part_of_path = |at: Option<&u8>| at == Some(&b'/');
    let Some(group) = group(name.kind) else { return };
    if part_of_path(text.get(to)) || from > 0 && part_of_path(text.get(from - 1)) {
        return;
    }
    Around { text, from, to, name, wireless: OnceCell::new() }.take(search, group);
}

/// Whether a word says that something else is named next: `user`, `version`.
pub(crate) fn is_other(word: &[u8]) -> bool {
    roles::Roles::of(word).are(roles::Roles::OTHERS)
}

/// Something that is opened with a password was named, not the password: takes what can hardly be anything else.
pub(crate) fn unnamed(search: &mut Search<'_>, start: usize, end: usize, kind: Kind) {
    let name = Name { kind, strong: false, plural: false, tail: false, term: "" };
    let group = if kind == Kind::Code { 4 } else { 3 };
    if start >= search.vicinity_end[group] {
        let (from, to) = scan::name_around(search.text, start, end);
        Around { text: search.text, from, to, name, wireless: OnceCell::new() }.take(search, group);
    }
}

/// The kinds of names that are looked for apart from each other.
fn group(kind: Kind) -> Option<usize> {
    match kind {
        Kind::Password => Some(0),
        Kind::Secret | Kind::Token => Some(1),
        Kind::Code => Some(CODES),
        _ => None,
    }
}

const CODES: usize = 2;

impl Around<'_> {
    fn take(&self, search: &mut Search<'_>, group: usize) {
        let text = self.text;
        let (start, end) = self.window();
        let start = start.max(search.vicinity_end[group]);
        // Every name of another line looks at the next lines with its own eyes; of one line, only the first does.
        let line = scan::line_end(text, self.to, REACH);
        let end = if line == search.vicinity_line[group] { end.min(line) } else { end };
        search.vicinity_line[group] = line;
        if start >= end {
            return;
        }
        search.vicinity_end[group] = end.min(line);
        if group == 0 {
            self.quoted_phrases(search, start, end);
            if self.name.is_phrase() {
                self.spoken_phrase(search, end);
            }
        }
        let mut words = std::mem::take(&mut search.words);
        let (row, first) = words.between(text, start, end);
        let (mut last, mut before) = (None, None);
        let mut at = start;
        for (number, word) in row.iter().enumerate() {
            if word.is_empty() {
                // A dash or an arrow introduces what follows, a colon alone does not.
                if !matches!(&text[word.from..word.raw_end], b":" | b"=") {
                    (last, before) = (before, Some(*word));
                }
                continue;
            }
            if number >= first && word.from >= at && self.may_be(word) {
                let to = if self.name.kind == Kind::Code || self.name.term == "passcode" {
                    grouped_digits(text, word.from, word.to)
                } else {
                    word.to
                };
                if self.is_it(search, &Row { last, before, from: word.from, to }, word.level) {
                    search.take(Label::StatedSecret, word.from, to);
                }
                at = to;
            }
            (last, before) = (before, Some(*word));
        }
        search.words = words;
    }

    /// Nothing that the name means looks otherwise; most words are turned away here.
    fn may_be(&self, word: &Word) -> bool {
        let length = word.to - word.from;
        match self.name.kind {
            Kind::Password if self.name.term == "passcode" => word.digit || word.level > Suspicion::None,
            Kind::Password => word.level > Suspicion::None,
            Kind::Code => word.digit || word.level >= Suspicion::Marked,
            _ => word.level > Suspicion::None || word.digit && (length >= 16 || length == 6),
        }
    }

    fn is_it(&self, search: &Search<'_>, row: &Row, level: Suspicion) -> bool {
        let here = row.from < self.to && row.to > self.from;
        // `"userlogin-helplink2": "…"`
        let key = self.text[row.to..].starts_with(b"\":") || self.text[row.to..].starts_with(b"\" :");
        // "serials 28114902, 28114903, 28114907": one number of many.
        let number = |run: &[u8]| run.len() > 6 && run[..6].iter().all(u8::is_ascii_digit);
        let listed = number(&self.text[row.from..row.to])
            && (self.text[row.to..].strip_prefix(b", ").is_some_and(number)
                || self.text[..row.from]
                    .strip_suffix(b", ")
                    .is_some_and(|before| before.last().is_some_and(u8::is_ascii_digit)));
        // `FortiGate-60F # diagnose`: a prompt. "– Coffre-fort : 318 comptes": what something is called.
        let rest = &self.text[row.to..];
        let prompt = rest.starts_with(b" # ") || rest.starts_with(b" $ ");
        let heading = level < Suspicion::Sure
            && [&b": "[..], b" : ", b"\" : ", "\u{a0}: ".as_bytes()].iter().any(|colon| rest.starts_with(colon));
        if here || key || listed || prompt || heading || search.in_marker(row.from) {
            return false;
        }
        let mut place = self.place(row);
        place.said = level == Suspicion::Marked && is_said(self.text, row.from, row.to);
        // "Kunde: 518 337" answers; "user: bob" does not.
        let answers = place.beyond && place.lead == Lead::Alone && (self.name.kind == Kind::Code || self.asks());
        (answers || !row.is_other(self.text, place.lead, level == Suspicion::Sure))
            && self.fits(&self.text[row.from..row.to], level, place)
    }

    /// The name's line and some more, cut at blanks.
    fn window(&self) -> (usize, usize) {
        let (text, from, to) = (self.text, self.from, self.to);
        let floor = from.saturating_sub(REACH);
        let line = memchr::memrchr_iter(b'\n', &text[floor..from]).nth(LINES - 1);
        let start = line.map_or(floor, |found| floor + found + 1);
        let start = if start == floor && floor > 0 { blank_after(text, start, from) } else { start };
        let ceiling = text.len().min(to + REACH);
        let end = memchr::memchr_iter(b'\n', &text[to..ceiling]).nth(LINES).map_or(ceiling, |found| to + found);
        let end = if end == ceiling { blank_after(text, end, text.len().min(end + 64)) } else { end };
        (start, end)
    }
}

fn blank_after(text: &[u8], at: usize, limit: usize) -> usize {
    text[at..limit].iter().position(u8::is_ascii_whitespace).map_or(limit, |found| at + found)
}
