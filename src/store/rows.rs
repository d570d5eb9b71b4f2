//! Rows on their way to and from a database. Which columns there are, and in which order, says `domain::record` alone;
//! here is how each database writes what a column holds.

use std::sync::LazyLock;

use sqlx::Row;
use time::OffsetDateTime;

use super::StoreError;
use crate::{
    clock::rfc3339_exact,
    domain::record::{AuditRecord, Column, Kind, Part, Record, Unreadable, Value},
    integrity::{canonical, canonical_of_jsonb, is_canonical},
};

/// Names of columns, separated by commas.
pub(super) fn names(columns: &[Column]) -> String {
    list(columns, |column| column.name.to_owned())
}

/// A list of something about each column, separated by commas.
pub(super) fn list(columns: &[Column], each: impl FnMut(&Column) -> String) -> String {
    columns.iter().map(each).collect::<Vec<_>>().join(", ")
}

/// What reads a column back as text, on SQLite.
pub(super) fn sqlite_text(column: &Column) -> String {
    match column.kind {
        Kind::Number => format!("CAST({} AS TEXT)", column.name),
        Kind::Text | Kind::Label | Kind::Time | Kind::Json => column.name.to_owned(),
    }
}

/// The same on PostgreSQL, but for times: the server takes longer to write one than all the rest of a row.
pub(super) fn postgres_text(column: &Column) -> String {
    match column.kind {
        Kind::Text | Kind::Time => column.name.to_owned(),
        Kind::Label | Kind::Number | Kind::Json => format!("{}::text", column.name),
    }
}

/// Reads whole records, on SQLite.
pub(super) static SQLITE_RECORD: LazyLock<String> = LazyLock::new(|| list(Record::COLUMNS, sqlite_text));
/// Reads whole records, on PostgreSQL.
pub(super) static POSTGRES_RECORD: LazyLock<String> = LazyLock::new(|| list(Record::COLUMNS, postgres_text));
/// Reads whole audit records, on SQLite.
pub(super) static SQLITE_AUDIT: LazyLock<String> = LazyLock::new(|| list(AuditRecord::COLUMNS, sqlite_text));
/// Reads whole audit records, on PostgreSQL.
pub(super) static POSTGRES_AUDIT: LazyLock<String> = LazyLock::new(|| list(AuditRecord::COLUMNS, postgres_text));

/// The values of a group's rows, ready to be bound.
pub(super) struct Rows<'a> {
    /// `support_requests`, one array a row.
    pub(super) records: Vec<[Value<'a>; Record::WIDTH]>,
    /// `audit_events`, one array a row.
    pub(super) events: Vec<[Value<'a>; AuditRecord::WIDTH]>,
}

impl<'a> Rows<'a> {
    pub(super) fn of(records: impl Iterator<Item = &'a Record>, events: &'a [AuditRecord]) -> Self {
        Self {
            records: records.map(Record::values).collect(),
            events: events.iter().map(AuditRecord::values).collect(),
        }
    }

    /// How long all the texts are.
    pub(super) fn bytes(&self) -> usize {
        let values = self.records.iter().flatten().chain(self.events.iter().flatten());
        values.map(|value| value.text().map_or(8, str::len)).sum()
    }
}

/// A row that was selected with one of the lists above, from either database.
pub(super) trait TextRow {
    /// A cell, as it was digested when it was written; where it reads otherwise now, that is told.
    fn cell(&self, index: usize, column: &Column) -> Result<Option<String>, StoreError>;

    /// A cell's text as the database has it, where it is one.
    fn text(&self, index: usize) -> Option<&str>;
}

impl TextRow for sqlx::sqlite::SqliteRow {
    fn cell(&self, index: usize, column: &Column) -> Result<Option<String>, StoreError> {
        let cell: Option<String> = self.try_get(index).map_err(|_| StoreError::Unreadable(column.name))?;
        // The database keeps the text, so it must still be the canonical one: two members of one name, say, read
        // differently with every reader.
        match (column.kind, &cell) {
            (Kind::Json, Some(text)) if !is_canonical(text) => Err(StoreError::Unreadable(column.name)),
            _ => Ok(cell),
        }
    }

    fn text(&self, index: usize) -> Option<&str> {
        self.try_get(index).ok().flatten()
    }
}

impl TextRow for sqlx::postgres::PgRow {
    fn cell(&self, index: usize, column: &Column) -> Result<Option<String>, StoreError> {
        let unreadable = || StoreError::Unreadable(column.name);
        if column.kind == Kind::Time {
            let time: Option<OffsetDateTime> = self.try_get(index).map_err(|_| unreadable())?;
            return Ok(time.map(rfc3339_exact));
        }
        let cell: Option<String> = self.try_get(index).map_err(|_| unreadable())?;
        match (cell, column.kind) {
            (Some(text), Kind::Json) => canonical_of_jsonb(&text).map(Some).ok_or_else(unreadable),
            (cell, _) => Ok(cell),
        }
    }

    fn text(&self, index: usize) -> Option<&str> {
        self.try_get(index).ok().flatten()
    }
}

impl From<Unreadable> for StoreError {
    fn from(Unreadable(column): Unreadable) -> Self {
        Self::Unreadable(column)
    }
}

/// Reads a row that was selected with one of the record lists.
pub(super) fn read_record(row: &impl TextRow) -> Result<Record, StoreError> {
    Record::read(|index, column| row.cell(index, column))
}

/// The same of a row that may be broken: what can be read of it, and the first column that cannot. Where nothing can be
/// read stands nothing.
pub(super) fn read_leniently(row: &impl TextRow) -> (Record, Option<&'static str>) {
    let mut broken = None;
    let record = Record::read::<Unreadable>(|index, column| {
        let is_required = !matches!(column.part, Part::Personal | Part::Salt);
        let rest = || match column.kind {
            Kind::Json => document(row.text(index).unwrap_or_default()),
            _ => row.text(index).unwrap_or_default().to_owned(),
        };
        Ok(match row.cell(index, column) {
            Ok(Some(text)) => Some(text),
            Ok(None) if !is_required => None,
            Ok(None) | Err(_) => {
                broken = broken.or(Some(column.name));
                is_required.then(rest)
            }
        })
    });
    // Nothing that is required is missing now.
    record.map_or_else(|Unreadable(column)| (Record::default(), Some(column)), |record| (record, broken))
}

/// What a text means, as canonical JSON; the empty object where it is no document at all.
pub(super) fn document(text: &str) -> String {
    serde_json::from_str(text).map_or("{}".to_owned(), |json| canonical(&json))
}

/// Reads a row that was selected with one of the audit lists.
pub(super) fn read_audit(row: &impl TextRow) -> Result<AuditRecord, StoreError> {
    AuditRecord::read(|index, column| row.cell(index, column))
}
