//! Comma-separated values, for spreadsheets: every cell quoted, none a formula, none longer than a spreadsheet takes.
//! What is decided here, and why, is in specs/decisions/0010-csv-formula-guard.md.

use std::borrow::Cow;

use csv::{QuoteStyle, WriterBuilder};

use crate::{
    cli::printed::Printed,
    domain::{record::Value, text::is_invisible},
};

/// What says to Excel that the text is UTF-8.
pub(super) const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Most that a cell of Excel holds, in UTF-16 code units.
const CELL_MAX: usize = 32_767;

/// Rows as text, and how many of their cells had to be shortened.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pub(super) text: Vec<u8>,
    pub(super) shortened: usize,
}

/// The first line.
///
/// # Errors
/// None in memory.
pub(super) fn header() -> csv::Result<Vec<u8>> {
    let mut csv = WriterBuilder::new().quote_style(QuoteStyle::Always).from_writer(Vec::new());
    csv.write_record(Printed::columns().map(|column| column.name))?;
    csv.into_inner().map_err(|error| error.into_error().into())
}

/// A line for each.
///
/// # Errors
/// None in memory.
pub(super) fn lines(rows: &[Printed]) -> csv::Result<Lines> {
    let mut csv = WriterBuilder::new().quote_style(QuoteStyle::Always).from_writer(Vec::new());
    let mut shortened = 0;
    for row in rows {
        for value in row.values() {
            let cell = match value {
                Value::Text(text) | Value::Json(text) => text_cell(text, &mut shortened),
                Value::Number(number) => Cow::Owned(number.to_string()),
                Value::Null => Cow::Borrowed(""),
            };
            csv.write_field(&*cell)?;
        }
        csv.write_record(None::<&[u8]>)?;
    }
    let text = csv.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(Lines { text, shortened })
}

fn text_cell<'a>(text: &'a str, shortened: &mut usize) -> Cow<'a, str> {
    let cell = no_formula(text);
    match short(&cell) {
        Some(short) => {
            *shortened += 1;
            Cow::Owned(short)
        }
        None => cell,
    }
}

/// What a formula may begin with, also in the forms that a spreadsheet reads as the same (Unicode's compatibility
/// characters), and the minus sign.
fn is_sign(c: char) -> bool {
    matches!(
        c,
        '=' | '+'
            | '-'
            | '@'
            | '＝'
            | '＋'
            | '－'
            | '＠'
            | '﹦'
            | '﹢'
            | '﹣'
            | '﹫'
            | '⁼'
            | '₌'
            | '⁺'
            | '₊'
            | '﬩'
    ) || matches!(c, '⁻' | '₋' | '−')
}

/// Where a spreadsheet may begin a new cell within a text, quoted or not: where it takes another separator than the
/// comma, quotes count for nothing behind the first comma.
fn begins_another(c: char) -> bool {
    matches!(c, ';' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// OWASP, CSV injection: a spreadsheet runs a text that begins like a formula, and callers write these texts. So
/// wherever a cell might begin, an apostrophe is put before what looks like a formula to somebody who does not see
/// invisible characters and quotes.
fn no_formula(text: &str) -> Cow<'_, str> {
    let looks_like_one = |rest: &str| rest.chars().find(|c| !is_invisible(*c) && *c != '"').is_some_and(is_sign);
    let mut guarded = String::new();
    let mut copied = 0;
    let mut guard_at = |at: usize| {
        guarded.push_str(&text[copied..at]);
        guarded.push('\'');
        copied = at;
    };
    // OWASP names these as beginnings of their own.
    if text.starts_with(['\t', '\r', '\n']) || looks_like_one(text) {
        guard_at(0);
    }
    for (at, c) in text.char_indices().filter(|(_, c)| begins_another(*c)) {
        let next = at + c.len_utf8();
        // Only the last of several in a row begins one in which something stands.
        let begins_nothing = text[next..].chars().next().is_none_or(begins_another);
        if !begins_nothing && looks_like_one(&text[next..]) {
            guard_at(next);
        }
    }
    if copied == 0 && guarded.is_empty() {
        return Cow::Borrowed(text);
    }
    guarded.push_str(&text[copied..]);
    Cow::Owned(guarded)
}

/// A text that is too long for a cell, cut, with a note in its place.
fn short(text: &str) -> Option<String> {
    // A UTF-8 text has no more UTF-16 units than bytes.
    if text.len() <= CELL_MAX {
        return None;
    }
    let units = text.encode_utf16().count();
    if units <= CELL_MAX {
        return None;
    }
    let note = format!(" [shortened: {} characters in all; JSON Lines has the whole]", text.chars().count());
    let mut left = CELL_MAX - note.len();
    let kept: String = text
        .chars()
        .take_while(|c| {
            let fits = left >= c.len_utf16();
            left = left.saturating_sub(c.len_utf16());
            fits
        })
        .collect();
    Some(kept + &note)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        domain::record::{Record, Unreadable},
        store::Stored,
    };

    #[test]
    fn whatever_a_spreadsheet_might_run_is_guarded_whatever_stands_before_it() {
        for (text, guarded) in [
            ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
            ("-1-1", "'-1-1"),
            ("+49 170 1", "'+49 170 1"),
            ("@SUM(1)", "'@SUM(1)"),
            ("\n=1+1", "'\n'=1+1"),
            (" =1+1", "' =1+1"),
            ("\u{a0}=1+1", "'\u{a0}=1+1"),
            ("\u{200b}\u{feff}=1+1", "'\u{200b}\u{feff}=1+1"),
            ("＝1+1", "'＝1+1"),
            ("－1", "'－1"),
            ("﹦1", "'﹦1"),
            ("−1", "'−1"),
            ("\"=1+1\"", "'\"=1+1\""),
            ("\tx", "'\tx"),
            ("\rx", "'\rx"),
            ("x\n=1+1", "x\n'=1+1"),
            ("x\r\n=1+1", "x\r\n'=1+1"),
            ("x\n\n - y", "x\n\n' - y"),
            ("x;=1+1", "x;'=1+1"),
            ("x;\"=1+1", "x;'\"=1+1"),
            ("x\t@y", "x\t'@y"),
        ] {
            assert_eq!(no_formula(text), guarded, "{text:?}");
        }
    }

    #[test]
    fn every_column_is_guarded_request_ids_and_labels_too() {
        let record = Record::read::<Unreadable>(|_, _| Ok(Some("=1+1".to_owned()))).unwrap();
        let lines = lines(&[Printed::new(Stored { record, unreadable: None }, None)]).unwrap();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&*lines.text);
        let row = reader.records().next().unwrap().unwrap();
        // The context is a document, and printed as one.
        let guarded = row.iter().take(Record::WIDTH).filter(|cell| *cell == "'=1+1").count();
        assert_eq!(guarded, Record::WIDTH - 1, "{row:?}");
    }

    #[test]
    fn what_no_spreadsheet_would_run_stays_as_it_is() {
        for text in
            ["", "plain = text", "a-b", "x; y", "line\nline", "{\"a\":\"=1\"}", "'=1", "2026-01-31", "\u{200b}x"]
        {
            assert_eq!(no_formula(text), text);
        }
    }

    #[test]
    fn a_cell_that_is_too_long_for_a_spreadsheet_is_cut_with_a_note_and_counted() {
        let mut shortened = 0;
        let fits = "x".repeat(CELL_MAX);
        assert_eq!(text_cell(&fits, &mut shortened), fits);
        // As many letters as fit would be fewer units than characters of two units each.
        for long in ["x".repeat(CELL_MAX + 1), "ü".repeat(CELL_MAX + 1), "\u{1F600}".repeat(CELL_MAX / 2 + 1)] {
            let cell = text_cell(&long, &mut shortened).into_owned();
            let units = cell.encode_utf16().count();
            assert!((CELL_MAX - 1..=CELL_MAX).contains(&units), "{units}");
            assert!(cell.ends_with(&format!(
                " [shortened: {} characters in all; JSON Lines has the whole]",
                long.chars().count()
            )));
        }
        assert_eq!(text_cell(&"ü".repeat(CELL_MAX), &mut shortened).encode_utf16().count(), CELL_MAX);
        assert_eq!(shortened, 3);
    }

    proptest! {
        #[test]
        fn no_piece_of_a_guarded_text_begins_like_a_formula(text in "[=+@;\"' \\n\\r\\t\u{200b}＝x-]{0,12}") {
            let guarded = no_formula(&text).into_owned();
            for piece in guarded.split(begins_another) {
                let first = piece.chars().find(|c| !is_invisible(*c) && *c != '"');
                prop_assert!(!first.is_some_and(is_sign), "{text:?} became {guarded:?}");
            }
            let without = |text: &str| text.replace('\'', "");
            prop_assert_eq!(without(&guarded), without(&text));
        }
    }
}
