//! Rows as the driver has them, until there are enough.

use futures_util::{Stream, StreamExt as _};
use sqlx::{Row as _, postgres::PgRow, sqlite::SqliteRow};

use super::super::{
    StoreError,
    packed::{self, Marker},
    rows::{TextRow, document, read_leniently},
};
use crate::{
    domain::record::{Column, Kind, Part, Record},
    integrity::is_canonical,
};

/// Most rows of a page. A power of two, as all numbers of rows are that are asked for: each is a statement of its own.
const ROWS_MAX: usize = 1024;
/// Rows of a first page.
pub(super) const ROWS_FIRST: usize = 128;
/// A page ends when so much is in it.
pub(super) const PAGE_BYTES: usize = 512 * 1024;
/// What a row takes beside its long texts, about.
const ROW_BYTES: usize = 2048;
/// Rows that are taken from the driver at once, where so many are there.
const READY_ROWS: usize = 64;

/// Rows as they were read, not yet taken apart.
pub struct Page {
    pub(super) rows: Rows,
    pub(super) bytes: usize,
}

pub(super) enum Rows {
    Packed { rows: Vec<SqliteRow>, marker: Marker, erased: Vec<String> },
    Sqlite(Vec<SqliteRow>),
    Postgres(Vec<PgRow>),
}

/// A stored request as far as it can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// What there is. A cell that cannot be read is empty here.
    pub record: Record,
    /// The first column that is known not to hold what was written into it.
    pub unreadable: Option<&'static str>,
}

impl Stored {
    /// Whether its context is another text than was written is not known yet: reckoning the digests tells, and this does
    /// where they do not fit. What cannot be printed as it is becomes what it means, or nothing.
    pub fn look_at_context(&mut self) {
        if self.unreadable.is_none() && !is_canonical(&self.record.context) {
            self.unreadable = Some("context");
            self.record.context = document(&self.record.context);
        }
    }
}

impl Page {
    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many rows are in it.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.rows {
            Rows::Packed { rows, .. } | Rows::Sqlite(rows) => rows.len(),
            Rows::Postgres(rows) => rows.len(),
        }
    }

    /// How many rows the next page may have, going by those of this one; never many more than there were wanted of this.
    #[must_use]
    pub fn next_rows(&self, wanted: usize) -> usize {
        let fit = (PAGE_BYTES * self.len().max(1) / self.bytes.max(1)).clamp(1, ROWS_MAX);
        (1 << fit.ilog2()).min(wanted * 4)
    }

    /// The key of its last row.
    pub(super) fn end(&self) -> Option<(Option<String>, Option<String>)> {
        fn key(row: &impl TextRow) -> (Option<String>, Option<String>) {
            (text(row, "reference"), text(row, "workspace_id"))
        }
        match &self.rows {
            Rows::Packed { rows, marker, .. } => rows.last().map(|row| key(&unpacked(row, marker))),
            Rows::Sqlite(rows) => rows.last().map(key),
            Rows::Postgres(rows) => rows.last().map(key),
        }
    }

    /// Takes the rows apart, which is most of the work.
    #[must_use]
    pub fn read(&self) -> Vec<Stored> {
        match &self.rows {
            Rows::Packed { rows, marker, .. } => rows.iter().map(|row| stored(&unpacked(row, marker))).collect(),
            Rows::Sqlite(rows) => rows.iter().map(stored).collect(),
            Rows::Postgres(rows) => rows.iter().map(stored).collect(),
        }
    }

    /// The references of what was erased.
    #[must_use]
    pub fn erased(&self) -> Vec<String> {
        match &self.rows {
            Rows::Packed { erased, .. } => erased.clone(),
            Rows::Sqlite(rows) => rows.iter().filter_map(erased).collect(),
            Rows::Postgres(rows) => rows.iter().filter_map(erased).collect(),
        }
    }
}

fn stored(row: &impl TextRow) -> Stored {
    let (record, unreadable) = read_leniently(row);
    Stored { record, unreadable }
}

/// Where a column stands in every list.
fn place(name: &str) -> usize {
    Record::COLUMNS.iter().position(|column| column.name == name).unwrap_or_default()
}

fn text(row: &impl TextRow, name: &str) -> Option<String> {
    let index = place(name);
    row.cell(index, &Record::COLUMNS[index]).ok().flatten()
}

fn erased(row: &impl TextRow) -> Option<String> {
    if text(row, "salt").is_some() { None } else { text(row, "reference") }
}

/// Takes rows until enough is there. What is still on its way is thrown away.
pub(super) async fn enough<R>(
    rows: impl Stream<Item = Result<R, sqlx::Error>> + Unpin,
    length: impl Fn(&R) -> usize,
    most: usize,
) -> Result<(Vec<R>, usize), StoreError> {
    let (mut taken, mut bytes) = (Vec::new(), 0);
    let mut rows = rows.ready_chunks(READY_ROWS);
    while bytes < most {
        let Some(ready) = rows.next().await else { break };
        for row in ready {
            if bytes < most {
                let row = row?;
                bytes += ROW_BYTES + length(&row);
                taken.push(row);
            }
        }
    }
    Ok((taken, bytes))
}

/// How long the texts of a row are that may be long.
pub(super) fn long_texts(row: &impl TextRow) -> usize {
    ["context", "reproduction_notes"].iter().filter_map(|name| row.text(place(name))).map(str::len).sum()
}

/// All of a row that is one value.
pub(super) fn packed_bytes(row: &SqliteRow) -> &[u8] {
    row.try_get(0).unwrap_or_default()
}

/// Rows that are one value each; none where one of them does not come apart.
pub(super) fn come_apart(rows: Vec<SqliteRow>, marker: Marker) -> Option<Rows> {
    let salt = place("salt");
    let mut gone = Vec::new();
    for row in &rows {
        let mut cells = [None; Record::WIDTH];
        if !packed::split(packed_bytes(row), &marker, &mut cells) {
            return None;
        }
        if cells[salt].is_none() {
            gone.extend(erased(&Unpacked(cells)));
        }
    }
    Some(Rows::Packed { rows, marker, erased: gone })
}

fn unpacked<'a>(row: &'a SqliteRow, marker: &Marker) -> Unpacked<'a> {
    let mut cells = [None; Record::WIDTH];
    packed::split(packed_bytes(row), marker, &mut cells);
    Unpacked(cells)
}

/// The cells of a row that was one value.
struct Unpacked<'a>([Option<&'a [u8]>; Record::WIDTH]);

impl TextRow for Unpacked<'_> {
    fn cell(&self, index: usize, column: &Column) -> Result<Option<String>, StoreError> {
        let Some(cell) = self.0[index] else { return Ok(None) };
        let text = std::str::from_utf8(cell).map_err(|_| StoreError::Unreadable(column.name))?;
        // As to the context, see `Stored::look_at_context`.
        if column.kind == Kind::Json && column.part != Part::Mixed && !is_canonical(text) {
            return Err(StoreError::Unreadable(column.name));
        }
        Ok(Some(text.to_owned()))
    }

    fn text(&self, index: usize) -> Option<&str> {
        std::str::from_utf8(self.0[index]?).ok()
    }
}
