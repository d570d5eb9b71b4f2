//! Lines that were folded at a width, joined again.
//!
//! A terminal breaks a long line anywhere, a mail program puts `> ` in front, an encoder ends each line at the same
//! width.
//! Joined are two lines only where one token seems to go on: the lines of prose stay apart.

use super::{Map, Writer};

/// A shorter end of a line is a word, not the beginning of a token.
const SHORTEST_TAIL: usize = 8;
/// How wide terminals and mail programs make a line, in characters, where only one line was broken.
const WIDTHS: [usize; 11] = [60, 64, 72, 76, 78, 80, 100, 120, 132, 160, 200];
/// Longer runs are not judged to their other end.
const JUDGED: usize = 64;

/// One line: where it begins, its content without quoting, indentation and line end, and what is beside it.
#[derive(Clone, Copy)]
struct Line {
    start: usize,
    from: usize,
    to: usize,
    /// Where the next line begins.
    next: usize,
    /// How many `>` stand in front.
    quoted: usize,
}

impl Line {
    fn at(text: &[u8], start: usize) -> Self {
        let newline = memchr::memchr(b'\n', &text[start..]).map_or(text.len(), |found| start + found);
        let to = if newline > start && text[newline - 1] == b'\r' { newline - 1 } else { newline };
        let marks = text[start..to].iter().take_while(|byte| matches!(byte, b'>' | b' ' | b'\t' | b'|')).count();
        let quoted = text[start..start + marks].iter().filter(|byte| matches!(byte, b'>' | b'|')).count();
        Self { start, from: start + marks, to, next: (newline + 1).min(text.len()), quoted }
    }

    fn content(self, text: &[u8]) -> &[u8] {
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
    let mut paragraph = Paragraph::default();
    let mut line = Line::at(text, 0);
    while line.next < text.len() {
        let next = Line::at(text, line.next);
        paragraph.reach(text, line);
        if let Some(end) = end_before_fold(text, line, next, paragraph.widest) {
            writer.skip(&(end..next.from));
            joined = true;
        }
        line = next;
    }
    if joined { writer.finish() } else { None }
}

/// The lines between two empty ones, and the widest of them: what a terminal of that width would show.
#[derive(Default)]
struct Paragraph {
    end: usize,
    widest: usize,
}

impl Paragraph {
    fn reach(&mut self, text: &[u8], line: Line) {
        if line.start < self.end {
            return;
        }
        self.widest = 0;
        let mut line = line;
        loop {
            self.widest = self.widest.max(line.width(text));
            self.end = line.next.max(line.start + 1);
            if line.from == line.to || line.next >= text.len() {
                return;
            }
            line = Line::at(text, line.next);
        }
    }
}

/// Where `line` ends, a mark of continuation not counted, if what it ends with goes on in `next`.
fn end_before_fold(text: &[u8], line: Line, next: Line, widest: usize) -> Option<usize> {
    let (content, after) = (line.content(text), next.content(text));
    if line.quoted != next.quoted || after.is_empty() {
        return None;
    }
    let mark = content.last().filter(|byte| matches!(byte, b'\\' | b'='));
    let end = line.to - usize::from(mark.is_some());
    let (tail, head) = (tail(&text[line.from..end]), head(after));
    let whole = head.len() == after.len();
    let goes_on = if head.len() < SHORTEST_TAIL { whole && !head.is_empty() && !is_word(head) } else { is_token(head) };
    if tail.len() < SHORTEST_TAIL || !is_token(tail) || !goes_on || begins_anew(after, head) {
        return None;
    }
    let (width, next_width) = (line.width(text), next.width(text));
    // Whole lines of one width, the last one shorter.
    let block = !content.contains(&b' ') && whole && width >= next_width;
    let usual = WIDTHS.contains(&width) || WIDTHS.contains(&content.len());
    let screen = width == widest && next_width <= width && (next_width == width || usual);
    (mark == Some(&b'\\') || block || screen).then_some(end)
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
fn in_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_+/.~%".contains(&byte)
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
fn is_token(run: &[u8]) -> bool {
    let run = &run[..run.len().min(JUDGED)];
    let has = |of: fn(&u8) -> bool| run.iter().any(of);
    let turns = run.windows(2).filter(|two| two[0].is_ascii_lowercase() && two[1].is_ascii_uppercase()).count();
    !run.starts_with(b"-----") && (has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic) || turns >= 2)
}
