//! Lines that were folded at a width, joined again.
//!
//! A terminal breaks a long line anywhere, a mail program puts `> ` in front, an encoder ends each line at the same
//! width. Joined are two lines only where one token seems to go on: the lines of prose stay apart.

use std::ops::Range;

use crate::byte_classes::ByteClasses;

use super::rows;
use super::written::{Map, Seen, Writer};

/// A shorter end of a line is a word, not the beginning of a token.
const SHORTEST_TAIL: usize = 8;
/// No screen is narrower, and lines that begin with so many equal bytes are of a list.
const NARROWEST: usize = 20;
const SHARED: usize = 3;
/// More lines of one width are a list.
const LONGEST_RUN: usize = 12;
/// So many more bytes has a line that is as wide, at most.
const ACCENTS: usize = 8;
/// Something was taken here.
const MARKER: &[u8] = b"[redacted:";
/// Longer runs are not judged to their other end.
const JUDGED: usize = 64;

/// One line: where it begins, its content without quoting, indentation and line end, and what is beside it.
#[derive(Clone, Copy)]
pub(super) struct Line {
    pub start: usize,
    pub from: usize,
    pub to: usize,
    /// Where the next line begins.
    pub next: usize,
    /// How many `>` stand in front.
    pub quoted: usize,
}

impl Line {
    fn at(text: &[u8], start: usize) -> Self {
        let newline = memchr::memchr(b'\n', &text[start..]).map_or(text.len(), |found| start + found);
        let to = if newline > start && text[newline - 1] == b'\r' { newline - 1 } else { newline };
        let marks = text[start..to].iter().take_while(|byte| matches!(byte, b'>' | b' ' | b'\t' | b'|')).count();
        let quoted = text[start..start + marks].iter().filter(|byte| matches!(byte, b'>' | b'|')).count();
        Self { start, from: start + marks, to, next: (newline + 1).min(text.len()), quoted }
    }

    /// In characters.
    fn is_as_wide(self, text: &[u8], other: Self) -> bool {
        let width = |line: Self| text[line.start..line.to].iter().filter(|byte| **byte & 0xC0 != 0x80).count();
        (self.to - self.start).abs_diff(other.to - other.start) <= ACCENTS && width(self) == width(other)
    }

    pub(super) fn content(self, text: &[u8]) -> &[u8] {
        &text[self.from..self.to]
    }
}

/// The text with its folded lines joined; `None` where there are none.
pub(super) fn unfold(text: &[u8]) -> Option<(Vec<u8>, Map)> {
    memchr::memchr(b'\n', text)?;
    let mut writer = Writer::new(text);
    // So many lines before this one are as long.
    let (mut line, mut run) = (Line::at(text, 0), 0);
    while line.next < text.len() {
        let next = Line::at(text, line.next);
        let alike = line.is_as_wide(text, next);
        let seen = continued(text, line, next)
            .or_else(|| fold(text, line, next).map(Seen::nothing))
            .or_else(|| rows::cell(text, line, next))
            .or_else(|| wrapped(text, run, alike, line, next).map(Seen::nothing))
            .or_else(|| rows::number(text, line, next).map(Seen::nothing));
        if let Some(seen) = seen {
            writer.replace(&seen);
        }
        // How wide a line was of which something was taken, and how many lines, nobody knows: a list goes on behind it.
        let was_other = |line: Line| memchr::memmem::find(line.content(text), MARKER).is_some();
        let marked = was_other(line) || was_other(next);
        run = if marked { LONGEST_RUN + 1 } else { (run + 1) * usize::from(alike) };
        line = next;
    }
    writer.finish()
}

/// The end of a line that a screen broke at its width, anywhere: it is as long as those beside it, three of them or two
/// with a blank at the break, and the next is no longer.
fn wrapped(text: &[u8], run: usize, alike: bool, line: Line, next: Line) -> Option<Range<usize>> {
    let fits = next.from < next.to && (alike || next.to - next.start < line.to - line.start);
    if !alike && run == 0
        || run > LONGEST_RUN
        || !fits
        || line.to - line.start < NARROWEST
        || b"|+>".contains(&text[line.start])
    {
        return None;
    }
    let behind = || alike && next.next < text.len() && next.is_as_wide(text, Line::at(text, next.next));
    let beside = run + usize::from(alike) + usize::from(behind());
    let blank = text[line.to - 1] == b' ' || matches!(text[next.start..], [b' ', letter, ..] if letter != b' ');
    let is_wrapped = (beside >= 2 || beside == 1 && blank)
        && text[line.start..].iter().zip(&text[next.start..]).take_while(|(one, other)| one == other).count() < SHARED;
    is_wrapped.then_some(line.to..next.start)
}

/// A shell's line that goes on behind `\`, `^` or a backtick, with what stands between the two: a blank where one was
/// written, nothing inside a word.
fn continued(text: &[u8], line: Line, next: Line) -> Option<Seen> {
    let content = line.content(text);
    let (mark, before) = content.split_last()?;
    let indented = text[next.start..next.to].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let from = next.start + indented;
    if !matches!(mark, b'\\' | b'^' | b'`') || from == next.to {
        return None;
    }
    let blanks = before.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let to = line.to - 1 - blanks;
    match before.last()? {
        b' ' | b'\t' => Seen::character(to..from, ' '),
        // In a quoted text of TOML or of a shell.
        b'"' | b'\'' if *mark == b'\\' => Some(Seen::nothing(to..from)),
        byte if *mark == b'\\'
            && (in_token(*byte) || b"=:".contains(byte))
            && in_token(text[from])
            && line.quoted == next.quoted =>
        {
            Some(Seen::nothing(to..next.from))
        }
        _ => None,
    }
}

/// What stands between the two lines, what is in front of the second one included, if the token that the first ends with
/// goes on in the second, and the first is no shorter.
fn fold(text: &[u8], line: Line, next: Line) -> Option<Range<usize>> {
    // The mark of a line that goes on in quoted-printable.
    let end = line.to - usize::from(line.content(text).ends_with(b"="));
    let is_cut = |tail: &[u8]| tail.len() >= SHORTEST_TAIL && is_token(tail);
    if line.to - line.start < next.to - next.start || !is_cut(tail(&text[line.from..end])) {
        return None;
    }
    let (_, next) = rows::beside(text, line, next)?;
    let after = next.content(text);
    let head = head(after);
    let is_rest = head.len() == after.len() && !head.is_empty() && !is_word(head);
    let goes_on = if head.len() < SHORTEST_TAIL { is_rest } else { is_token(head) };
    (goes_on && !begins_anew(after, head)).then_some(end..next.from)
}

/// `NAME=value`, `Header: value`, `2026-11-30T08:42:15Z`: no token goes on so.
fn begins_anew(content: &[u8], head: &[u8]) -> bool {
    let is_named = matches!(content.get(head.len()), Some(b':' | b'=' | b'"' | b'(' | b'['));
    let padding = content[head.len()..].iter().all(|byte| *byte == b'=');
    is_named && !padding
}

/// What may stand in a token or a path.
pub(super) fn in_token(byte: u8) -> bool {
    ByteClasses::is(byte, ByteClasses::BASE64) || matches!(byte, b'.' | b'~' | b'%')
}

fn tail(content: &[u8]) -> &[u8] {
    let length = content.iter().rev().take(JUDGED).take_while(|byte| in_token(**byte)).count();
    &content[content.len() - length..]
}

/// The run that the content begins with, and what fills up base64 behind it.
fn head(content: &[u8]) -> &[u8] {
    let length = content.iter().take_while(|byte| in_token(**byte)).count();
    let padding = content[length..].iter().take(2).take_while(|byte| **byte == b'=').count();
    if length + padding == content.len() { content } else { &content[..length] }
}

/// `thanks`, `Thanks`, `END`
fn is_word(run: &[u8]) -> bool {
    let rest = &run[1..];
    run[0].is_ascii_alphabetic() && (rest.iter().all(u8::is_ascii_lowercase) || run.iter().all(u8::is_ascii_uppercase))
}

/// No word: digits among letters, or capitals among small ones.
pub(super) fn is_token(run: &[u8]) -> bool {
    let run = &run[..run.len().min(JUDGED)];
    let has = |of: fn(&u8) -> bool| run.iter().any(of);
    let turns = run.windows(2).filter(|two| two[0].is_ascii_lowercase() && two[1].is_ascii_uppercase()).count();
    !run.starts_with(b"-----") && (has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic) || turns >= 2)
}
