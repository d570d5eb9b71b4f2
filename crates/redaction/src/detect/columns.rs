//! Tables in text: a heading that means a secret, and the cells below it.

use crate::detect::assign;
use crate::facts::values::{Shape, is_placeholder, is_stop_word, looks_chosen};
use crate::lexicon::names::{Kind, Name, classify};
use crate::policy::is_answer;
use crate::search::Search;
use crate::text::scan::line_start;

/// Rows that are read below a heading.
const ROWS: usize = 200;
/// Longer lines are no heading.
const LINE: usize = 400;

/// The name stands in the heading of a table: takes the cells below, of all its secret columns.
pub(crate) fn heading(search: &mut Search<'_>, from: usize, to: usize) -> bool {
    let text = search.text;
    if from < search.no_heading {
        return false;
    }
    if !between_marks(text, from, to) {
        return between_gaps(text, from, to) && aligned(search, from, to);
    }
    let start = line_start(text, from, LINE);
    let end = crate::text::scan::line_end(text, to, LINE);
    search.no_heading = end;
    if start < search.table_end {
        return false;
    }
    let line = &text[start..end];
    let Some(mark) = [b';', b',', b'\t', b'|']
        .into_iter()
        .find(|mark| line.contains(mark) && !line.contains(&b'=') && !line.contains(&b':'))
    else {
        return false;
    };
    // ` token | character varying(64) | not null`: a table that tells how tables are made.
    let types =
        [&b"varchar"[..], b"character varying", b"char(", b"integer", b"bigint", b"timestamp", b"not null", b"boolean"];
    if types.iter().any(|kind| crate::text::scan::contains_word(line, kind)) {
        return false;
    }
    let plain = |cell: &[u8]| {
        cell.len() <= 40 && cell.iter().all(|b| b.is_ascii_alphanumeric() || b" _-.\"'*/()`".contains(b) || *b >= 0x80)
    };
    if !line.split(|b| *b == mark).all(plain) {
        return false;
    }
    // A row of Markdown is a heading when a rule is drawn below it.
    if line.trim_ascii_start().starts_with(b"|")
        && !is_rule(&text[text.len().min(end + 1)..crate::text::scan::line_end(text, text.len().min(end + 1), 4096)])
    {
        return false;
    }
    // `"password",`: an item of a list of one a line.
    if mark != b'|' && line.split(|b| *b == mark).filter(|cell| !cell.trim_ascii().is_empty()).count() < 2 {
        return false;
    }
    let names: Vec<Option<Name>> = line
        .split(|b| *b == mark)
        .map(|cell| classify(cell.trim_ascii()).filter(is_column).filter(|_| !is_number(cell)))
        .collect();
    let mut at = end + 1;
    for _ in 0..ROWS {
        if at >= text.len() {
            break;
        }
        let stop = crate::text::scan::line_end(text, at, 4096);
        let row = &text[at..stop];
        if is_rule(row) {
            at = stop + 1;
            continue;
        }
        if split(row, mark).count() != names.len() {
            break;
        }
        search.table_end = stop;
        cells(search, at, stop, mark, &names);
        at = stop + 1;
    }
    search.table_end > start
}

/// `+----+------+`, `|:---|---:|`
fn is_rule(row: &[u8]) -> bool {
    row.starts_with(b"+") || row.iter().all(|b| b"-+|:= \r\t".contains(b)) && !row.is_empty()
}

/// `PW-07`: the number of a requirement.
fn is_number(cell: &[u8]) -> bool {
    let cell = cell.trim_ascii();
    let tail = cell.rsplit(|b| *b == b'-').next().unwrap_or_default();
    tail.len() < cell.len() && tail.iter().all(u8::is_ascii_digit)
}

/// `clave` in a heading means the password, whatever it means elsewhere.
fn is_column(name: &Name) -> bool {
    name.strong || name.kind == Kind::Password
}

/// Only a mark, a quote or the line's edge stands on both sides of the name.
fn between_marks(text: &[u8], from: usize, to: usize) -> bool {
    let soft = |b: &u8| matches!(b, b' ' | b'"' | b'\'' | b'`' | b'*');
    let left = from - text[from.saturating_sub(6)..from].iter().rev().take_while(|b| soft(b)).count();
    let right = to + text[to..].iter().take(24).take_while(|b| soft(b)).count();
    let mark = |b: Option<&u8>| b.is_none_or(|b| matches!(b, b',' | b';' | b'|' | b'\t' | b'\n' | b'\r'));
    mark(left.checked_sub(1).map(|at| &text[at])) && mark(text.get(right))
}

/// Two blanks at least, or the line's edge, stand on both sides of the name.
fn between_gaps(text: &[u8], from: usize, to: usize) -> bool {
    let left = from == 0 || text[from - 1] == b'\n' || text[..from].ends_with(b"  ");
    let rest = &text[to..];
    let right = rest.first().is_none_or(|b| matches!(b, b'\n' | b'\r')) || rest.starts_with(b"  ");
    left && right && (text[..from].ends_with(b"  ") || rest.starts_with(b"  "))
}

/// A table whose columns are aligned with blanks.
fn aligned(search: &mut Search<'_>, from: usize, to: usize) -> bool {
    let text = search.text;
    let start = line_start(text, from, LINE);
    let end = crate::text::scan::line_end(text, to, LINE);
    search.no_heading = end;
    let heading = gaps(text, start, end);
    if text[start..end].iter().any(u8::is_ascii_digit) {
        return false;
    }
    let names: Vec<Option<Name>> =
        heading.iter().map(|cell| classify(&text[cell.0..cell.1]).filter(is_column)).collect();
    let mut at = end + 1;
    let mut took = false;
    for _ in 0..if heading.len() > 1 { ROWS } else { 0 } {
        if at >= text.len() {
            break;
        }
        let stop = crate::text::scan::line_end(text, at, LINE);
        let row = gaps(text, at, stop);
        if row.len() != names.len() {
            break;
        }
        for (cell, name) in row.iter().zip(&names) {
            let Some(name) = name.filter(|_| looks_chosen(&text[cell.0..cell.1])) else { continue };
            search.take(assign::label(name.kind), cell.0, cell.1);
            took = true;
        }
        at = stop + 1;
    }
    took
}

/// The cells of a line: what two blanks or more hold apart.
fn gaps(text: &[u8], start: usize, end: usize) -> Vec<(usize, usize)> {
    let mut cells = Vec::new();
    let mut at = start;
    while let Some(first) = text[at..end].iter().position(|b| !b.is_ascii_whitespace()).map(|more| at + more) {
        let last = memchr::memmem::find(&text[first..end], b"  ").map_or(end, |more| first + more);
        cells.push((first, last - text[first..last].iter().rev().take_while(|b| b.is_ascii_whitespace()).count()));
        at = last;
    }
    cells
}

fn cells(search: &mut Search<'_>, start: usize, stop: usize, mark: u8, names: &[Option<Name>]) {
    let text = search.text;
    let mut at = start;
    for (cell, name) in split(&text[start..stop], mark).zip(names) {
        let edge = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'`' | b'*');
        let from = at + cell.iter().take_while(|b| edge(b)).count();
        let to = at + cell.len() - cell.iter().rev().take_while(|b| edge(b)).count();
        at += cell.len() + 1;
        let Some(name) = name else { continue };
        if from >= to {
            continue;
        }
        let shown = &text[from..to];
        let shape = Shape::of(shown);
        // A rule of dashes, a mask, a word such as "required", a sentence.
        let value = shape.lower + shape.upper + shape.digit >= 2
            && !is_placeholder(shown)
            && !is_stop_word(shown)
            && !is_answer(shown)
            && shape.blank <= 1;
        if value && (shape.digit > 0 || shape.symbol > 0 || shape.blank == 0) && !shown.contains(&b'\\') {
            search.take(assign::label(name.kind), from, to);
        }
    }
}

/// The cells of a row; a mark inside quotation marks ends none (RFC 4180, section 2).
fn split(row: &[u8], mark: u8) -> impl Iterator<Item = &[u8]> {
    // Quotation marks that nobody closes are letters.
    let quoted = memchr::memchr_iter(b'"', row).count().is_multiple_of(2);
    let mut inside = false;
    row.split(move |b| {
        inside ^= quoted && *b == b'"';
        *b == mark && !inside
    })
}

/// `INSERT INTO users (name, password) VALUES ('bob', 'x')`: takes the value at the name's place.
pub(crate) fn insert(search: &mut Search<'_>, from: usize, to: usize, name: Name) -> bool {
    let text = search.text;
    let floor = from.saturating_sub(LINE);
    let Some(open) = memchr::memrchr(b'(', &text[floor..from]).map(|at| floor + at) else { return false };
    let ahead = &text[to..text.len().min(to + LINE)];
    let Some(close) = memchr::memchr(b')', ahead) else { return false };
    let gap = ahead[close + 1..].iter().take_while(|b| b.is_ascii_whitespace()).count();
    let values = close + 1 + gap;
    if !crate::facts::values::starts_with_ignoring_case(&ahead[values..], b"values") {
        return false;
    }
    let place = memchr::memchr_iter(b',', &text[open..from]).count();
    let mut at = to + values + 6;
    let end = crate::text::scan::line_end(text, at, 4096);
    let mut took = false;
    while let Some(row) = memchr::memchr(b'(', &text[at..end]).map(|found| at + found + 1) {
        let (start, stop, after) = item(text, row, end, place);
        let shown = &text[start..stop];
        if start < stop && !is_placeholder(shown) && !shown.eq_ignore_ascii_case(b"null") {
            search.take(assign::label(name.kind), start, stop);
            took = true;
        }
        at = memchr::memchr(b')', &text[after..end]).map_or(end, |found| after + found + 1);
    }
    took
}

/// The item at a place of a list of quoted or bare items: start, end, where to read on.
fn item(text: &[u8], from: usize, end: usize, place: usize) -> (usize, usize, usize) {
    let mut at = from;
    for number in 0..=place {
        while at < end && (text[at].is_ascii_whitespace() || text[at] == b',') {
            at += 1;
        }
        let quote = text[at..end].first().copied().filter(|b| matches!(b, b'\'' | b'"'));
        let start = at + usize::from(quote.is_some());
        let stop = text[start..end]
            .iter()
            .position(|b| quote.map_or(matches!(b, b',' | b')'), |quote| *b == quote))
            .map_or(end, |found| start + found);
        at = (stop + usize::from(quote.is_some())).min(end);
        if number == place {
            return (start, stop, at);
        }
    }
    (at, at, at)
}
