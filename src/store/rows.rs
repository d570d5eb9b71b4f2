//! The columns, once: their order here is the order in every statement.

use serde_json::Value;
use sqlx::Row;

use super::StoreError;
use crate::{
    domain::record::{AuditRecord, Record, StoredAuditRecord, StoredRecord},
    integrity::canonical,
};

/// The columns of `support_requests`, in the order of [`record_texts`].
macro_rules! record_columns {
    () => {
        "reference, created_at, workspace_id, tenant_id, primary_context_type, primary_context_id, severity, summary, \
         reproduction_notes, contact_name, contact_email, creator_subject, creator_name, attachment_mode, \
         attachment_reason, request_id, context, record_digest"
    };
}
pub(super) use record_columns;

/// The columns of `audit_events` that are texts, in the order of [`audit_texts`]; `sequence` comes on its own.
macro_rules! audit_columns {
    () => {
        "chain, previous, event, occurred_at, actor_subject, actor_name, workspace_id, tenant_id, reference, \
         primary_context_type, primary_context_id, severity, attachment_mode, attachment_reason, request_id, \
         record_digest, digest"
    };
}
pub(super) use audit_columns;

/// How many columns [`record_texts`] gives.
pub(super) const RECORD_COLUMNS: usize = 18;
/// How many columns [`audit_texts`] gives.
pub(super) const AUDIT_COLUMNS: usize = 17;

/// A row's columns as texts, `context` as JSON.
pub(super) fn record_texts<'a>(row: &'a StoredRecord, context: &'a str) -> [Option<&'a str>; RECORD_COLUMNS] {
    let r = &row.record;
    [
        Some(&r.reference),
        Some(&r.created_at),
        Some(&r.workspace_id),
        Some(&r.tenant_id),
        Some(&r.primary_context_type),
        Some(&r.primary_context_id),
        Some(&r.severity),
        Some(&r.summary),
        r.reproduction_notes.as_deref(),
        r.contact_name.as_deref(),
        r.contact_email.as_deref(),
        Some(&r.creator_subject),
        r.creator_name.as_deref(),
        Some(&r.attachment_mode),
        Some(&r.attachment_reason),
        Some(&r.request_id),
        Some(context),
        Some(&row.record_digest),
    ]
}

/// An audit row's text columns.
pub(super) fn audit_texts(row: &StoredAuditRecord) -> [Option<&str>; AUDIT_COLUMNS] {
    let a = &row.link;
    [
        Some(&a.chain),
        Some(&a.previous),
        Some(&a.event),
        Some(&a.occurred_at),
        Some(&a.actor_subject),
        a.actor_name.as_deref(),
        Some(&a.workspace_id),
        Some(&a.tenant_id),
        Some(&a.reference),
        Some(&a.primary_context_type),
        Some(&a.primary_context_id),
        Some(&a.severity),
        Some(&a.attachment_mode),
        Some(&a.attachment_reason),
        Some(&a.request_id),
        Some(&a.record_digest),
        Some(&row.digest),
    ]
}

/// Columns of a group's rows, ready to be bound.
pub(super) struct Rows<'a> {
    /// `support_requests`, one array a row.
    pub(super) records: Vec<[Option<&'a str>; RECORD_COLUMNS]>,
    /// `audit_events` without its number, one array a row.
    pub(super) events: Vec<[Option<&'a str>; AUDIT_COLUMNS]>,
    /// `audit_events.sequence`, one a row, ascending without gaps.
    pub(super) sequences: Vec<i64>,
}

impl<'a> Rows<'a> {
    pub(super) fn of(
        records: impl Iterator<Item = (&'a StoredRecord, &'a str)>,
        events: &'a [StoredAuditRecord],
    ) -> Self {
        Self {
            records: records.map(|(row, context)| record_texts(row, context)).collect(),
            events: events.iter().map(audit_texts).collect(),
            sequences: events.iter().map(|event| event.link.sequence).collect(),
        }
    }

    /// How long all the texts are.
    pub(super) fn bytes(&self) -> usize {
        let texts = self.records.iter().flatten().chain(self.events.iter().flatten());
        texts.map(|text| text.map_or(0, str::len)).sum()
    }
}

/// A `SELECT` list that reads every column of `support_requests` back as text, in the same order.
pub(super) const SQLITE_RECORD: &str = record_columns!();
/// The same on PostgreSQL: times in the form they were written in (with all six decimals where somebody changed the
/// last three), JSON as text.
pub(super) const POSTGRES_RECORD: &str = "reference, \
     regexp_replace(to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US'), '000$', '') || 'Z', \
     workspace_id, tenant_id, primary_context_type, primary_context_id, severity, summary, reproduction_notes, \
     contact_name, contact_email, creator_subject, creator_name, attachment_mode, attachment_reason, request_id, \
     context::text, record_digest";

/// A `SELECT` list that reads every column of `audit_events` back, the number last.
pub(super) const SQLITE_AUDIT: &str = concat!(audit_columns!(), ", sequence");
/// The same on PostgreSQL.
pub(super) const POSTGRES_AUDIT: &str = "chain, previous, event, \
     regexp_replace(to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US'), '000$', '') || 'Z', \
     actor_subject, actor_name, workspace_id, tenant_id, reference, primary_context_type, primary_context_id, severity, \
     attachment_mode, attachment_reason, request_id, record_digest, digest, sequence";

/// A row whose texts can be read by position, from either database.
pub(super) trait TextRow {
    /// A text that is never null.
    fn text(&self, index: usize, column: &'static str) -> Result<String, StoreError>;
    /// A text that may be null.
    fn maybe(&self, index: usize, column: &'static str) -> Result<Option<String>, StoreError>;
    /// The context document. Where the database keeps its text, that must still be the canonical one: two members of one
    /// name, say, read differently with every reader.
    fn context(&self, index: usize) -> Result<Value, StoreError>;
    /// A number.
    fn number(&self, index: usize, column: &'static str) -> Result<i64, StoreError>;
}

macro_rules! text_row {
    ($row:ty, $as_written:expr) => {
        impl TextRow for $row {
            fn text(&self, index: usize, column: &'static str) -> Result<String, StoreError> {
                self.try_get(index).map_err(|_| StoreError::Unreadable(column))
            }

            fn maybe(&self, index: usize, column: &'static str) -> Result<Option<String>, StoreError> {
                self.try_get(index).map_err(|_| StoreError::Unreadable(column))
            }

            fn context(&self, index: usize) -> Result<Value, StoreError> {
                let text = self.text(index, "context")?;
                let value = serde_json::from_str(&text).map_err(|_| StoreError::Unreadable("context"))?;
                let as_written: fn(&str, &Value) -> bool = $as_written;
                if as_written(&text, &value) { Ok(value) } else { Err(StoreError::Unreadable("context")) }
            }

            fn number(&self, index: usize, column: &'static str) -> Result<i64, StoreError> {
                self.try_get(index).map_err(|_| StoreError::Unreadable(column))
            }
        }
    };
}
text_row!(sqlx::sqlite::SqliteRow, |text, value| canonical(value) == text);
text_row!(sqlx::postgres::PgRow, |_, _| true);

/// Reads a row that was selected with one of the record lists above.
pub(super) fn read_record(row: &impl TextRow) -> Result<StoredRecord, StoreError> {
    let record = Record {
        reference: row.text(0, "reference")?,
        created_at: row.text(1, "created_at")?,
        workspace_id: row.text(2, "workspace_id")?,
        tenant_id: row.text(3, "tenant_id")?,
        primary_context_type: row.text(4, "primary_context_type")?,
        primary_context_id: row.text(5, "primary_context_id")?,
        severity: row.text(6, "severity")?,
        summary: row.text(7, "summary")?,
        reproduction_notes: row.maybe(8, "reproduction_notes")?,
        contact_name: row.maybe(9, "contact_name")?,
        contact_email: row.maybe(10, "contact_email")?,
        creator_subject: row.text(11, "creator_subject")?,
        creator_name: row.maybe(12, "creator_name")?,
        attachment_mode: row.text(13, "attachment_mode")?,
        attachment_reason: row.text(14, "attachment_reason")?,
        request_id: row.text(15, "request_id")?,
        context: row.context(16)?,
    };
    Ok(StoredRecord { record, record_digest: row.text(17, "record_digest")? })
}

/// Reads a row that was selected with one of the audit lists above.
pub(super) fn read_audit(row: &impl TextRow) -> Result<StoredAuditRecord, StoreError> {
    let link = AuditRecord {
        chain: row.text(0, "chain")?,
        sequence: row.number(17, "sequence")?,
        previous: row.text(1, "previous")?,
        event: row.text(2, "event")?,
        occurred_at: row.text(3, "occurred_at")?,
        actor_subject: row.text(4, "actor_subject")?,
        actor_name: row.maybe(5, "actor_name")?,
        workspace_id: row.text(6, "workspace_id")?,
        tenant_id: row.text(7, "tenant_id")?,
        reference: row.text(8, "reference")?,
        primary_context_type: row.text(9, "primary_context_type")?,
        primary_context_id: row.text(10, "primary_context_id")?,
        severity: row.text(11, "severity")?,
        attachment_mode: row.text(12, "attachment_mode")?,
        attachment_reason: row.text(13, "attachment_reason")?,
        request_id: row.text(14, "request_id")?,
        record_digest: row.text(15, "record_digest")?,
    };
    Ok(StoredAuditRecord { link, digest: row.text(16, "digest")? })
}
