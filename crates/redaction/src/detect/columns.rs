//! Tables in text: a heading that means a secret, and the cells below it.

use std::ops::Range;

use crate::detect::extent;
use crate::facts::candidate::{Candidate, Claim};
use crate::facts::label::label;
use crate::facts::verdict::Verdict;
use crate::lexicon::letters::starts_with_ignoring_case;
use crate::lexicon::names::{Kind, Name, classify};
use crate::lexicon::roles::{Role, has};
use crate::search::{Columns, Heading, Rows, Search};
use crate::text::scan::{line_end, line_start, skip_lines};

/// Rows that are read below a heading.
const ROWS: usize = 200;
/// Longer lines are no heading.
const LINE: usize = 400;
/// A longer row is cut off.
const ROW: usize = 4096;
/// A longer cell heads no column.
const HEAD: usize = 40;

/// The name stands in the heading of a table: proposes the cells below, of all its secret columns.
pub(crate) fn heading(search: &mut Search<'_>, from: usize, to: usize) -> bool {
    let text = search.text;
    if from < search.read.no_heading {
        return false;
    }
    let line = || line_start(text, from, LINE)..line_end(text, to, LINE);
    let Some((line, columns)) = columns(text, from..to, line) else { return false };
    search.read.no_heading = line.end;
    let below = text.len().min(line.end + 1);
    let heads = cells(text, line.clone(), columns);
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b" _-./*".contains(byte) || *byte >= 0x80;
    // `db-password   Opaque   1   3d2h`: a row with a number heads no column.
    let is_number = |head: &Range<usize>| !head.is_empty() && text[head.clone()].iter().all(u8::is_ascii_digit);
    let is_plain = |head: &Range<usize>| head.len() <= HEAD && text[head.clone()].iter().all(plain) && !is_number(head);
    // A row of Markdown is a heading when a rule is drawn below it.
    let is_row = text[line].trim_ascii_start().starts_with(b"|") && !is_rule(&text[below..line_end(text, below, ROW)]);
    // A name and nothing beside it is a row of names and values.
    let is_lone = heads.len() == 2 && heads.iter().any(Range::is_empty);
    if is_row || is_lone || heads.len() < 2 || !heads.iter().all(is_plain) {
        return false;
    }
    let rules: Vec<Option<usize>> = heads.into_iter().map(|head| column(&text[head])).collect();
    rules.iter().any(Option::is_some) && rows(search, below, (columns, rules))
}

/// Proposes the cells of the rows from `start` on that have as many as the heading; whether one went. Rows that a heading
/// like it further up has read are not read again.
fn rows(search: &mut Search<'_>, start: usize, heading: Heading) -> bool {
    let text = search.text;
    let mut read = search.read.tables.remove(&heading).unwrap_or_default();
    if read.next < start {
        read = Rows { next: start, ..Rows::default() };
    }
    let last = read.starts.partition_point(|row| *row < start) + ROWS;
    while read.starts.len() < last && read.next < text.len() {
        let row = read.next..line_end(text, read.next, ROW);
        if !is_rule(&text[row.clone()]) && !cells_below(search, row.clone(), &heading, &mut read.took) {
            break;
        }
        read.starts.push(row.start);
        read.next = row.end + 1;
    }
    let took = read.took >= start;
    search.read.tables.insert(heading, read);
    took
}

/// Proposes the cells of a row; whether it has as many as the heading.
fn cells_below(search: &mut Search<'_>, row: Range<usize>, (columns, rules): &Heading, took: &mut usize) -> bool {
    let claim = if *columns == Columns::Aligned { Claim::Aligned } else { Claim::Cell };
    let cells = cells(search.text, row, *columns);
    if cells.len() != rules.len() {
        return false;
    }
    for (cell, rule) in cells.into_iter().zip(rules) {
        let Some(rule) = rule.filter(|_| !cell.is_empty()) else { continue };
        let candidate = Candidate::new(search.text, cell.start, cell.end, claim, "columns", rule);
        if search.propose(&candidate) == Verdict::Take {
            *took = cell.start;
        }
    }
    true
}

/// `clave` in a heading means the password, whatever it means elsewhere.
fn column(head: &[u8]) -> Option<usize> {
    let name = classify(head).filter(|name| name.strong || name.kind == Kind::Password)?;
    Some(label(name.kind) as usize)
}

/// The line and what makes its columns, when the name in it is a whole cell.
fn columns(text: &[u8], name: Range<usize>, line: impl Fn() -> Range<usize>) -> Option<(Range<usize>, Columns)> {
    let cell = with_words(text, name);
    let (before, after) = (&text[..cell.start], &text[cell.end..]);
    let soft = |byte: &&u8| b" \"'`*".contains(byte);
    let left = before.iter().rev().take(6).take_while(soft).count();
    let right = after.iter().take(24).take_while(soft).count();
    let ends = |byte: Option<&u8>| byte.is_none_or(|byte| b",;|\t\n\r".contains(byte));
    if ends(before.iter().rev().nth(left)) && ends(after.get(right)) {
        let line = line();
        let mark = [b';', b',', b'\t', b'|'].into_iter().find(|mark| text[line.clone()].contains(mark))?;
        return Some((line, Columns::Marked(mark)));
    }
    let is_edge = |byte: Option<&u8>| byte.is_none_or(|byte| matches!(byte, b'\n' | b'\r'));
    let gap = (before.ends_with(b"  "), after.starts_with(b"  "));
    let apart = (gap.0 || is_edge(before.last())) && (gap.1 || is_edge(after.first()));
    (apart && (gap.0 || gap.1)).then(|| (line(), Columns::Aligned))
}

/// A name with the words that say which one it is: "Initial password", "Contraseña inicial".
fn with_words(text: &[u8], name: Range<usize>) -> Range<usize> {
    let letter = |byte: &&u8| byte.is_ascii_alphanumeric();
    let of_value = |word: &[u8]| if has(word, Role::OfValue) { word.len() + 1 } else { 0 };
    let before = text[..name.start].strip_suffix(b" ").unwrap_or_default();
    let first = before.iter().rev().take(HEAD).take_while(letter).count();
    let behind = text[name.end..].strip_prefix(b" ").unwrap_or_default();
    let last = behind.iter().take(HEAD).take_while(letter).count();
    name.start - of_value(&before[before.len() - first..])..name.end + of_value(&behind[..last])
}

/// `+----+------+`, `|:---|---:|`
fn is_rule(row: &[u8]) -> bool {
    row.starts_with(b"+") || row.iter().all(|byte| b"-+|:= \r\t".contains(byte)) && !row.is_empty()
}

/// The cells of a line, without blanks, quotation marks and emphasis around them.
fn cells(text: &[u8], line: Range<usize>, columns: Columns) -> Vec<Range<usize>> {
    let row = &text[line.clone()];
    // A mark inside quotation marks ends no cell (RFC 4180, section 2); those that nobody closes are letters.
    let quotes = memchr::memchr_iter(b'"', row).count().is_multiple_of(2);
    // Where blanks stand around bars, one in a word belongs to it.
    let framed = memchr::memmem::find(row, b" | ").is_some();
    let in_word =
        |at: usize| framed && at > 0 && row[at - 1] > b' ' && row.get(at + 1).is_some_and(|byte| *byte > b' ');
    let (mut cells, mut from, mut inside) = (Vec::new(), 0, false);
    for (at, byte) in row.iter().enumerate() {
        inside ^= quotes && *byte == b'"';
        let ends = match columns {
            Columns::Marked(mark) => *byte == mark && !inside && !row[..at].ends_with(b"\\") && !in_word(at),
            Columns::Aligned => *byte == b' ' && row[at..].starts_with(b"  "),
        };
        if ends {
            cells.push(from..at);
            from = at + 1;
        }
    }
    cells.push(from..row.len());
    let edge = |byte: &&u8| byte.is_ascii_whitespace() || b"\"'`*".contains(byte);
    let trimmed = |cell: Range<usize>| {
        let start = cell.start + row[cell.clone()].iter().take_while(edge).count();
        let end = cell.end - row[start..cell.end].iter().rev().take_while(edge).count();
        line.start + start..line.start + end
    };
    cells.into_iter().map(trimmed).filter(|cell| columns != Columns::Aligned || !cell.is_empty()).collect()
}

/// `INSERT INTO users (name, password) VALUES ('bob', 'x')`: proposes the value at the name's place of each row.
pub(crate) fn insert(search: &mut Search<'_>, from: usize, to: usize, name: Name) -> bool {
    let text = search.text;
    if !matches!(text.get(to), Some(b',' | b')' | b'`' | b'"' | b' ')) {
        return false;
    }
    let floor = from.saturating_sub(LINE);
    let Some(open) = memchr::memrchr(b'(', &text[floor..from]) else { return false };
    let Some(close) = memchr::memchr(b')', &text[to..text.len().min(to + LINE)]) else { return false };
    let values = skip_lines(text, to + close + 1);
    if !starts_with_ignoring_case(&text[values..], b"values") {
        return false;
    }
    let place = memchr::memchr_iter(b',', &text[floor + open..from]).count();
    let end = line_end(text, values, ROW);
    let mut at = values;
    while let Some(row) = memchr::memchr(b'(', &text[at..end]) {
        at += row + 1;
        for number in 0..=place {
            at = skip_lines(text, at);
            let value = extent::quoted(text, at).unwrap_or_else(|| {
                let length = text[at..end.max(at)].iter().position(|byte| matches!(byte, b',' | b')'));
                extent::Value { start: at, end: length.map_or(end.max(at), |length| at + length), quoted: false }
            });
            at = (value.end + usize::from(value.quoted)).min(text.len());
            if number == place {
                let rule = label(name.kind) as usize;
                // `NULL` is none, `'null'` may be one.
                let claim = if value.quoted { Claim::Entry } else { Claim::Cell };
                search.propose(&Candidate::new(text, value.start, value.end, claim, "insert", rule));
            }
            at += usize::from(text.get(at) == Some(&b','));
        }
        at = at.min(end);
    }
    true
}
