//! The words of a stretch of text, each read once however many names look at it.

use super::roles::Roles;
use crate::facts::values::{Suspicion, suspicion};

/// A word without the punctuation around it; or a run of punctuation, which is empty.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word {
    pub(super) from: usize,
    pub(super) to: usize,
    /// Where the run ends that it was read from.
    pub(super) raw_end: usize,
    pub(super) roles: Roles,
    /// How much it looks like a password.
    pub(super) level: Suspicion,
    /// It holds a digit.
    pub(super) digit: bool,
}

impl Word {
    pub(super) fn is_empty(&self) -> bool {
        self.from >= self.to
    }

    fn read(text: &[u8], raw: usize, raw_end: usize) -> Self {
        let (from, to) = trimmed(text, raw, raw_end);
        if from >= to {
            return Self {
                from: raw,
                to: raw,
                raw_end,
                roles: Roles::of(&text[raw..raw_end]),
                level: Suspicion::None,
                digit: false,
            };
        }
        let shown = &text[from..to];
        let digit = shown.iter().any(u8::is_ascii_digit);
        // Most words are plain, and a plain word is no password that anybody could tell.
        let marked = digit
            || shown.iter().any(u8::is_ascii_punctuation)
            || shown.iter().filter(|b| b.is_ascii_uppercase()).count() >= 3;
        // `[Security](#v62-password-security)`: a link.
        let link = memchr::memmem::find(&text[raw..raw_end], b"](").is_some();
        let level = if marked && !link { suspicion(shown) } else { Suspicion::None };
        Self { from, to, raw_end, roles: Roles::of(shown), level, digit }
    }
}

/// The words of the stretch that was read last.
#[derive(Debug, Default)]
pub(crate) struct Words {
    read: Vec<Word>,
    from: usize,
    to: usize,
}

impl Words {
    /// The words that begin in `start..end`, and up to two before them.
    pub(super) fn between(&mut self, text: &[u8], start: usize, end: usize) -> (&[Word], usize) {
        if start < self.from || start > self.to {
            self.read.clear();
            (self.from, self.to) = (start, start);
        }
        while self.to < end {
            let Some((raw, raw_end)) = next(text, self.to, end) else {
                self.to = end;
                break;
            };
            self.read.push(Word::read(text, raw, raw_end));
            self.to = raw_end;
        }
        let first = self.read.partition_point(|word| word.raw_end <= start);
        let last = self.read.partition_point(|word| word.from < end);
        let before = first.saturating_sub(2);
        (&self.read[before..last.max(before)], first - before)
    }
}

/// The next run without blanks, tags and line marks.
pub(crate) fn next(text: &[u8], from: usize, end: usize) -> Option<(usize, usize)> {
    let mut from = from;
    // `<em>`, `</td>`: a tag is no word.
    while let Some(open) = text[from..end].iter().position(|b| !b.is_ascii_whitespace()).map(|at| from + at) {
        let tag = text[open] == b'<' && text.get(open + 1).is_some_and(|b| b.is_ascii_alphabetic() || *b == b'/');
        let close = if tag { memchr::memchr(b'>', &text[open..end.min(open + 80)]) } else { None };
        match close {
            Some(close) => from = open + close + 1,
            None => break,
        }
    }
    let edge = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'<' | b'>');
    let first = from + text[from..end].iter().position(|b| !edge(b))?;
    let length = text[first..end].iter().position(edge).unwrap_or(end - first);
    Some((first, first + length))
}

/// Without the punctuation around it.
pub(crate) fn trimmed(text: &[u8], mut from: usize, mut to: usize) -> (usize, usize) {
    loop {
        let run = &text[from..to];
        let (Some(first), Some(last)) = (run.first(), run.last()) else { break };
        if b"\"'`([{,:;*_|=>-@".contains(first) {
            from += 1;
        } else if b"\"'`)]},:;.?|/".contains(last) {
            to -= 1;
        } else if let Some(length) = quote(run) {
            from += length;
        } else if *last >= 0x80
            && run.len() > 1
            && (quote(&run[run.len() - 2..]) == Some(2) || run.len() > 2 && quote(&run[run.len() - 3..]) == Some(3))
        {
            to -= if quote(&run[run.len() - 2..]) == Some(2) { 2 } else { 3 };
        } else if *first == b'\\' || *last == b'\\' {
            return (from, from);
        } else {
            break;
        }
    }
    // `**New resource**:`, `Forgot password?**`
    if to - from > 3 && text[from..to].ends_with(b"**") {
        to -= 2;
        while to > from && b".?!:,".contains(&text[to - 1]) && !text[from..to].iter().any(u8::is_ascii_digit) {
            to -= 1;
        }
    }
    // `**x**!`
    let bold =
        to - from > 3 && from > 0 && text[from - 1] == b'*' && b"!?".contains(&text[to - 1]) && text[to - 2] == b'*';
    to -= usize::from(bold);
    // `**x**`
    while to > from && text[to - 1] == b'*' && from > 0 && text[from - 1] == b'*' {
        to -= 1;
    }
    (from, to)
}

/// The length of the quotation mark, the dots or the blank of several bytes that `run` begins with.
fn quote(run: &[u8]) -> Option<usize> {
    match run {
        [0xE2, 0x80, 0x98..=0x9E | 0xA6, ..] => Some(3),
        [0xC2, 0xAB | 0xBB | 0xA0, ..] => Some(2),
        _ => None,
    }
}

/// `418 062`, `47 19 82`: groups of digits are one number. Where it ends.
pub(super) fn grouped_digits(text: &[u8], first: usize, stop: usize) -> usize {
    let run =
        |at: usize, length: usize| text.get(at..at + length).is_some_and(|run| run.iter().all(u8::is_ascii_digit));
    let blank = |at: usize| text.get(at) == Some(&b' ');
    let end = match stop - first {
        2 if run(first, 2) && blank(stop) && run(stop + 1, 2) && blank(stop + 3) && run(stop + 4, 2) => stop + 6,
        3 if run(first, 3) && blank(stop) && run(stop + 1, 3) => stop + 4,
        _ => return stop,
    };
    if text.get(end).is_none_or(|b| !b.is_ascii_alphanumeric()) { end } else { stop }
}
