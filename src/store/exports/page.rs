//! Rows as the driver has them, until there are enough.

use futures_util::{Stream, TryStreamExt as _};
use sqlx::{postgres::PgRow, sqlite::SqliteRow};

use super::super::{
    StoreError,
    rows::{TextRow, read_leniently},
};
use crate::domain::record::Record;

/// Most rows of a page. A power of two, as all numbers of rows are that are asked for: each is a statement of its own.
const ROWS_MAX: usize = 1024;
/// Rows of a first page.
pub(super) const ROWS_FIRST: usize = 128;
/// A page ends when so much is in it.
pub(super) const PAGE_BYTES: usize = 512 * 1024;
/// What a row takes beside its long texts, about.
const ROW_BYTES: usize = 2048;

/// Rows as they were read, not yet taken apart.
pub struct Page {
    pub(super) rows: Rows,
    pub(super) bytes: usize,
}

pub(super) enum Rows {
    Sqlite(Vec<SqliteRow>),
    Postgres(Vec<PgRow>),
}

/// A stored request as far as it can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// What there is. A cell that cannot be read is empty here.
    pub record: Record,
    /// The first column that does not hold what was written into it.
    pub unreadable: Option<&'static str>,
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
            Rows::Sqlite(rows) => rows.len(),
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
            Rows::Sqlite(rows) => rows.last().map(key),
            Rows::Postgres(rows) => rows.last().map(key),
        }
    }

    /// Takes the rows apart, which is most of the work.
    #[must_use]
    pub fn read(&self) -> Vec<Stored> {
        match &self.rows {
            Rows::Sqlite(rows) => rows.iter().map(stored).collect(),
            Rows::Postgres(rows) => rows.iter().map(stored).collect(),
        }
    }

    /// The references of what was erased.
    #[must_use]
    pub fn erased(&self) -> Vec<String> {
        match &self.rows {
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

/// Takes rows until enough is there. What is still on its way is thrown away by the driver.
pub(super) async fn enough<R: TextRow>(
    mut rows: impl Stream<Item = Result<R, sqlx::Error>> + Unpin,
    most: usize,
) -> Result<(Vec<R>, usize), StoreError> {
    let (mut taken, mut bytes) = (Vec::new(), 0);
    while bytes < most {
        let Some(row) = rows.try_next().await? else { break };
        let long = ["context", "reproduction_notes"].map(|name| row.text(place(name)).map_or(0, str::len));
        bytes += ROW_BYTES + long.iter().sum::<usize>();
        taken.push(row);
    }
    Ok((taken, bytes))
}
