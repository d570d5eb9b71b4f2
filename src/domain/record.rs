//! A support request as it stands in the database for good, and the audit record that goes with it.
//!
//! Both are plain texts, column by column: what is verified must be readable also after somebody broke it.

use serde::Serialize;
use serde_json::Value;

/// One row of `support_requests`. The field names are the column names; serialized, it is what the digest is over
/// and what `show --json` prints, so a pointer such as `/context/diagnostics/notes/0` leads somewhere.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Record {
    /// `SR-<ULID>`.
    pub reference: String,
    /// RFC 3339, UTC, milliseconds: the reference's own time.
    pub created_at: String,
    /// The workspace.
    pub workspace_id: String,
    /// The tenant.
    pub tenant_id: String,
    /// `tenant` or `operation_run`.
    pub primary_context_type: String,
    /// The tenant's or the run's id.
    pub primary_context_id: String,
    /// `low`, `normal`, `high`, `blocking`.
    pub severity: String,
    /// What happened, redacted.
    pub summary: String,
    /// How to see it again, redacted.
    pub reproduction_notes: Option<String>,
    /// Whom to ask back, redacted.
    pub contact_name: Option<String>,
    /// Where to answer.
    pub contact_email: Option<String>,
    /// The token's `sub`.
    pub creator_subject: String,
    /// The token's `name`, redacted.
    pub creator_name: Option<String>,
    /// `diagnostic_snapshot_attached` or `canonical_context_only`.
    pub attachment_mode: String,
    /// Why.
    pub attachment_reason: String,
    /// Which HTTP request it was.
    pub request_id: String,
    /// The stored context, `schema_version` 1.
    pub context: Value,
}

/// A row of `support_requests` with the digest that was stored beside it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StoredRecord {
    /// Every column but the digest.
    #[serde(flatten)]
    pub record: Record,
    /// SHA-256 over the record's canonical JSON, in lower-case hexadecimal.
    pub record_digest: String,
}

/// The one kind of audit record there is.
pub const CREATED_EVENT: &str = "support_request.created";

/// One row of `audit_events` without its `digest`: what the digest is over. Nothing of what the person wrote is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditRecord {
    /// The chain: one a writer, named by the ULID of its start.
    pub chain: String,
    /// 1 for a chain's first link, then one more each.
    pub sequence: i64,
    /// The digest of the link before; 64 zeros before the first.
    pub previous: String,
    /// `support_request.created`.
    pub event: String,
    /// When: the record's `created_at`.
    pub occurred_at: String,
    /// Who: the token's `sub`.
    pub actor_subject: String,
    /// Who, for people: the token's `name`, redacted.
    pub actor_name: Option<String>,
    /// The workspace.
    pub workspace_id: String,
    /// The tenant.
    pub tenant_id: String,
    /// The support request.
    pub reference: String,
    /// `tenant` or `operation_run`.
    pub primary_context_type: String,
    /// The tenant's or the run's id.
    pub primary_context_id: String,
    /// The request's severity.
    pub severity: String,
    /// The request's attachment mode.
    pub attachment_mode: String,
    /// The request's attachment reason.
    pub attachment_reason: String,
    /// Which HTTP request it was.
    pub request_id: String,
    /// The digest of the request's record, which ties the two together.
    pub record_digest: String,
}

/// A row of `audit_events`, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoredAuditRecord {
    /// Every column but the digest.
    #[serde(flatten)]
    pub link: AuditRecord,
    /// SHA-256 over the link's canonical JSON, in lower-case hexadecimal.
    pub digest: String,
}
