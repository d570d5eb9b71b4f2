//! Lines that were folded at a width, joined again.
//!
//! A terminal breaks a long line anywhere, a mail program puts `> ` in front, an encoder ends each line at the same
//! width. Joined are two lines only where one token seems to go on: the lines of prose stay apart.

use std::ops::Range;

use super::rows;
use super::written::{Map, Seen, Writer};

/// A shorter end of a line is a word, not the beginning of a token.
const SHORTEST_TAIL: usize = 8;
/// How wide terminals and mail programs make a line, in characters, where only one line was broken.
const WIDTHS: [usize; 11] = [60, 64, 72, 76, 78, 80, 100, 120, 132, 160, 200];
/// Longer runs are not judged to their other end.
const JUDGED: usize = 64;

/// So long is the end of a line that a machine made, wherever it was broken ...
const MADE_BY_MACHINE: usize = 16;
/// ... in a line that may be as wide as a screen, in characters.
const NARROWEST: usize = 60;

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

    pub(super) fn content(self, text: &[u8]) -> &[u8] {
        &text[self.from..self.to]
    }

    /// In characters, about: as wide as it is on a screen.
    fn width(self, text: &[u8]) -> usize {
        text[self.start..self.to].iter().filter(|byte| **byte & 0xC0 != 0x80).count()
    }
}

/// The text with its folded lines joined; `None` where there are none.
pub(super) fn unfold(text: &[u8]) -> Option<(Vec<u8>, Map)> {
    memchr::memchr(b'\n', text)?;
    let mut writer = Writer::new(text);
    let mut joined = false;
    let mut line = Line::at(text, 0);
    let mut paragraph = Paragraph { first: line, widest: None };
    // Two lines of this width were joined last.
    let mut block = 0;
    while line.next < text.len() {
        let next = Line::at(text, line.next);
        let fold = fold(text, line, next, &mut paragraph, block == line.to - line.from);
        block = if fold.is_some() { line.to - line.from } else { 0 };
        let seen = continued(text, line, next)
            .or_else(|| fold.map(Seen::nothing))
            .or_else(|| rows::cell(text, line, next))
            .or_else(|| rows::number(text, line, next).map(Seen::nothing));
        if let Some(seen) = seen {
            writer.replace(&seen);
            joined = true;
        }
        if line.from == line.to {
            paragraph = Paragraph { first: next, widest: None };
        }
        line = next;
    }
    if joined { writer.finish() } else { None }
}

/// The lines between two empty ones, and the widest of them: what a terminal of that width would show.
struct Paragraph {
    first: Line,
    widest: Option<usize>,
}

impl Paragraph {
    fn widest(&mut self, text: &[u8]) -> usize {
        *self.widest.get_or_insert_with(|| {
            let (mut line, mut widest) = (self.first, 0);
            loop {
                widest = widest.max(line.width(text));
                if line.from == line.to || line.next >= text.len() {
                    return widest;
                }
                line = Line::at(text, line.next);
            }
        })
    }
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

/// What stands between the two lines, a mark of continuation and what is in front of the second one included, if what
/// the first ends with goes on in the second. `further`: the line was joined with one of its width before.
fn fold(text: &[u8], line: Line, next: Line, paragraph: &mut Paragraph, further: bool) -> Option<Range<usize>> {
    let content = line.content(text);
    let mark = content.last().filter(|byte| matches!(byte, b'\\' | b'=' | b' '));
    let end = line.to - usize::from(mark.is_some());
    if !text[line.from..end].last_chunk::<SHORTEST_TAIL>().is_some_and(|last| last.iter().all(|byte| in_token(*byte))) {
        return None;
    }
    let tail = tail(&text[line.from..end]);
    let further = further && (tail.len() == content.len() || tail.len() == JUDGED);
    if !is_token(tail) && !further {
        return None;
    }
    let (line, next) = rows::beside(text, line, next)?;
    let (content, after) = (&text[line.from..end], next.content(text));
    let head = head(after);
    let whole = head.len() == after.len();
    let short = head.len() < SHORTEST_TAIL;
    let goes_on = if short { whole && !head.is_empty() && !is_word(head) } else { is_token(head) || further && whole };
    if !goes_on || begins_anew(after, head) {
        return None;
    }
    let (width, next_width) = (line.width(text), next.width(text));
    // Whole lines of one width, the last one shorter.
    let block = !content.contains(&b' ') && whole && width >= next_width;
    let usual = WIDTHS.contains(&width) || WIDTHS.contains(&content.len());
    let made = width >= NARROWEST && is_made_by_machine(tail) && next.from == next.start;
    let mut screen =
        || next_width <= width && (next_width == width || usual || made) && width == paragraph.widest(text);
    (mark == Some(&b'\\') || block || screen()).then_some(end..next.from)
}

/// Small and capital letters and digits among each other.
fn is_made_by_machine(run: &[u8]) -> bool {
    if run.len() < MADE_BY_MACHINE {
        return false;
    }
    let has = |of: fn(&u8) -> bool| run.iter().filter(|byte| of(byte)).count() >= 2;
    has(u8::is_ascii_digit) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase)
}

/// `NAME=value`, `Header: value`, `2026-11-30T08:42:15Z`: no token goes on so.
fn begins_anew(content: &[u8], head: &[u8]) -> bool {
    let is_named = matches!(content.get(head.len()), Some(b':' | b'=' | b'"' | b'(' | b'['));
    let padding = content[head.len()..].iter().all(|byte| *byte == b'=');
    let digit = |at: usize| head.get(at).is_some_and(u8::is_ascii_digit);
    let is_date = [0, 1, 2, 3, 5, 6].into_iter().all(digit) && head[4] == b'-' && head.get(7) == Some(&b'-');
    is_named && !padding || is_date
}

/// What may stand in a token or a path.
#[inline]
pub(super) fn in_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'+' | b'/' | b'.' | b'~' | b'%')
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
