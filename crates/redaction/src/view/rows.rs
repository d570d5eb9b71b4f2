//! What stands in front of a line and around a cell: numbers of an editor, marks of a diff, the frame of a table.

use std::ops::Range;

use super::folded::{Line, in_token};
use super::written::Seen;

/// Nobody puts more in front of a line, in bytes.
const GUTTER: usize = 80;
/// So many digits in front of two lines are a time.
const TIME: usize = 8;
/// What frames a row; other lines were read as this one.
const FRAME: u8 = b'|';
/// Wider tables have no cell that was broken, in columns.
const COLUMNS: usize = 12;

/// Both lines without what stands in front of each of them; `None` where that differs.
pub(super) fn beside(text: &[u8], line: Line, next: Line) -> Option<(Line, Line)> {
    let gutter = gutter(&text[line.start..line.to], &text[next.start..next.to]);
    if gutter > line.from - line.start {
        let behind = |line: Line| {
            let blanks = text[line.start + gutter..line.to].iter().take_while(|byte| **byte == b' ').count();
            Line { from: line.start + gutter + blanks, ..line }
        };
        return Some((behind(line), behind(next)));
    }
    (line.quoted == next.quoted).then_some((line, next))
}

/// How many bytes stand in front of both lines that belong to neither: `  12 \u{2502} `, `+`, `web_1  | `, a time: up to
/// the last blank of what they have in common, digits apart, behind a mark or so many digits.
fn gutter(line: &[u8], next: &[u8]) -> usize {
    let both = line.iter().zip(next).take(GUTTER);
    let is_shared = |(one, other): &(&u8, &u8)| one == other || one.is_ascii_digit() && other.is_ascii_digit();
    let shared = &line[..both.take_while(is_shared).count()];
    let Some(last) = shared.iter().rposition(|byte| matches!(byte, b' ' | b'\t')) else {
        return usize::from(matches!(shared, [b'+' | b'-', ..]));
    };
    let front = &shared[..last];
    let is_mark = |mark: &u8| b"|:]>#*/;+-".contains(mark);
    let digits = front.iter().filter(|byte| byte.is_ascii_digit()).count();
    if front.trim_ascii_end().last().is_some_and(is_mark) || digits >= TIME { last + 1 } else { 0 }
}

/// The number in front of `next`, when it is the one that follows the number in front of `line`.
pub(super) fn number(text: &[u8], line: Line, next: Line) -> Option<Range<usize>> {
    let (first, _) = numbered(&text[line.start..line.to])?;
    let (second, content) = numbered(&text[next.start..next.to])?;
    (second == first + 1).then_some(next.start..next.start + content)
}

/// The number that a line begins with, and where what it numbers begins: `  7\t`, ` 12 | `, `3: `, `>>4  `.
fn numbered(line: &[u8]) -> Option<(u32, usize)> {
    let blanks = |from: usize| from + line[from..].iter().take_while(|byte| **byte == b' ').count();
    let start = line.iter().take(7).take_while(|byte| matches!(byte, b' ' | b'>' | b'*')).count();
    let end = start + line[start..].iter().take(7).take_while(|byte| byte.is_ascii_digit()).count();
    let number = std::str::from_utf8(&line[start..end]).ok()?.parse().ok()?;
    let mark = blanks(end);
    let content = match line.get(mark)? {
        b'\t' | &FRAME => mark + 1,
        b':' if mark == end => mark + 1,
        // An editor sets its numbers to the right.
        _ if mark > end && start > 0 => end,
        _ => return None,
    };
    Some((number, content + usize::from(line.get(content) == Some(&b' '))))
}

/// A cell that a table shows in two rows: what stands between its halves, when nothing else does.
pub(super) fn cell(text: &[u8], line: Line, next: Line) -> Option<Seen> {
    let (upper, lower) = (&text[line.start..line.to], &text[next.start..next.to]);
    if !framed(upper) || lower.trim_ascii().last() != Some(&FRAME) {
        return None;
    }
    let (above, below) = (cells(upper), cells(lower));
    let last = |cells: &[(usize, usize)]| cells.iter().rposition(|(from, to)| from < to);
    let column = last(&below)?;
    let alone = below[..column].iter().all(|(from, to)| from == to);
    if above.len() != below.len() || last(&above) != Some(column) || !alone {
        return None;
    }
    let (upper_end, lower_start) = (above[column].1, below[column].0);
    let room = upper[upper_end..].iter().take_while(|byte| **byte == b' ').count();
    let last = upper[upper_end - 1];
    let full = (room <= 1 && in_token(last) || b"-_".contains(&last)) && in_token(lower[lower_start]);
    let between = line.start + upper_end..next.start + lower_start;
    match (full, column) {
        (true, _) => Some(Seen::nothing(between)),
        (false, 0) => None,
        (false, _) => Seen::character(between, ' '),
    }
}

/// Whether a row begins and ends with its frame.
fn framed(row: &[u8]) -> bool {
    let row = row.trim_ascii();
    row.len() > 8 && row.first() == Some(&FRAME) && row.last() == Some(&FRAME)
}

/// Where the content of each cell begins and ends.
fn cells(row: &[u8]) -> Vec<(usize, usize)> {
    let borders: Vec<usize> = memchr::memchr_iter(FRAME, row).take(COLUMNS + 1).collect();
    let content = |pair: &[usize]| {
        let inside = &row[pair[0] + 1..pair[1]];
        let from = pair[0] + 1 + (inside.len() - inside.trim_ascii_start().len());
        (from, (from + inside.trim_ascii().len()).max(from))
    };
    borders.windows(2).map(content).collect()
}
