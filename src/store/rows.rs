//! The columns, once: their order here is the order in every statement.

use sqlx::{ColumnIndex, Decode, Row, Type};

use super::StoreError;
use crate::domain::record::{Record, StoredAuditRecord, StoredRecord};

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

/// A `SELECT` list that reads every column of `support_requests` back as text.
pub(super) const SQLITE_RECORD: &str = record_columns!();
/// The same on `PostgreSQL`: times in the form they were written in (with all six decimals where somebody changed the
/// last three), JSON as text.
pub(super) const POSTGRES_RECORD: &str = "reference, \
     regexp_replace(to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US'), '000$', '') || 'Z' AS created_at, \
     workspace_id, tenant_id, primary_context_type, primary_context_id, severity, summary, reproduction_notes, \
     contact_name, contact_email, creator_subject, creator_name, attachment_mode, attachment_reason, request_id, \
     context::text AS context, record_digest";

/// Reads a row that was selected with one of the lists above.
pub(super) fn read_record<'r, R>(row: &'r R) -> Result<StoredRecord, StoreError>
where
    R: Row,
    &'static str: ColumnIndex<R>,
    String: Decode<'r, R::Database> + Type<R::Database>,
    Option<String>: Decode<'r, R::Database> + Type<R::Database>,
{
    let text = |column: &'static str| row.try_get::<String, _>(column).map_err(|_| StoreError::Unreadable(column));
    let maybe = |column: &'static str| row.try_get::<Option<String>, _>(column).map_err(|_| StoreError::Unreadable(column));
    let record = Record {
        reference: text("reference")?,
        created_at: text("created_at")?,
        workspace_id: text("workspace_id")?,
        tenant_id: text("tenant_id")?,
        primary_context_type: text("primary_context_type")?,
        primary_context_id: text("primary_context_id")?,
        severity: text("severity")?,
        summary: text("summary")?,
        reproduction_notes: maybe("reproduction_notes")?,
        contact_name: maybe("contact_name")?,
        contact_email: maybe("contact_email")?,
        creator_subject: text("creator_subject")?,
        creator_name: maybe("creator_name")?,
        attachment_mode: text("attachment_mode")?,
        attachment_reason: text("attachment_reason")?,
        request_id: text("request_id")?,
        context: serde_json::from_str(&text("context")?).map_err(|_| StoreError::Unreadable("context"))?,
    };
    Ok(StoredRecord { record, record_digest: text("record_digest")? })
}
