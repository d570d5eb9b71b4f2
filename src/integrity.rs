//! Tamper evidence: canonical JSON, the digest of a record, the links of the audit chain.
//!
//! Specified for other people's verifiers in `specs/integrity.md`; a second one, in Python, is run by the tests.

mod canonical;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use canonical::canonical;
use canonical::digest;

use crate::{
    clock::Stamp,
    domain::record::{AuditRecord, CREATED_EVENT, Record, StoredAuditRecord, StoredRecord},
    redact::{Content, Redacted},
};

/// What the first link of a chain has in place of the digest before it.
pub const NO_PREVIOUS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The digest of a record: SHA-256 over its canonical JSON (RFC 8785), in lower-case hexadecimal.
#[must_use]
pub fn record_digest(record: &Record) -> String {
    record_digest_with(record, &canonical(&record.context))
}

/// The same, where the context's canonical form is there already.
fn record_digest_with(r: &Record, context: &str) -> String {
    use canonical::Member::{Json, Maybe, Text};
    digest(&[
        ("attachment_mode", Text(&r.attachment_mode)),
        ("attachment_reason", Text(&r.attachment_reason)),
        ("contact_email", Maybe(r.contact_email.as_deref())),
        ("contact_name", Maybe(r.contact_name.as_deref())),
        ("context", Json(context)),
        ("created_at", Text(&r.created_at)),
        ("creator_name", Maybe(r.creator_name.as_deref())),
        ("creator_subject", Text(&r.creator_subject)),
        ("primary_context_id", Text(&r.primary_context_id)),
        ("primary_context_type", Text(&r.primary_context_type)),
        ("reference", Text(&r.reference)),
        ("reproduction_notes", Maybe(r.reproduction_notes.as_deref())),
        ("request_id", Text(&r.request_id)),
        ("severity", Text(&r.severity)),
        ("summary", Text(&r.summary)),
        ("tenant_id", Text(&r.tenant_id)),
        ("workspace_id", Text(&r.workspace_id)),
    ])
}

/// The digest of an audit record: SHA-256 over its canonical JSON (RFC 8785), in lower-case hexadecimal.
#[must_use]
pub fn link_digest(a: &AuditRecord) -> String {
    use canonical::Member::{Maybe, Number, Text};
    digest(&[
        ("actor_name", Maybe(a.actor_name.as_deref())),
        ("actor_subject", Text(&a.actor_subject)),
        ("attachment_mode", Text(&a.attachment_mode)),
        ("attachment_reason", Text(&a.attachment_reason)),
        ("chain", Text(&a.chain)),
        ("event", Text(&a.event)),
        ("occurred_at", Text(&a.occurred_at)),
        ("previous", Text(&a.previous)),
        ("primary_context_id", Text(&a.primary_context_id)),
        ("primary_context_type", Text(&a.primary_context_type)),
        ("record_digest", Text(&a.record_digest)),
        ("reference", Text(&a.reference)),
        ("request_id", Text(&a.request_id)),
        ("sequence", Number(a.sequence)),
        ("severity", Text(&a.severity)),
        ("tenant_id", Text(&a.tenant_id)),
        ("workspace_id", Text(&a.workspace_id)),
    ])
}

/// A record that is complete, redacted and digested. The store takes nothing else, and only [`seal`] makes one.
#[derive(Debug, Clone)]
pub struct Sealed {
    row: StoredRecord,
    context: String,
}

impl Sealed {
    /// The row's context as text: canonical, as it was digested.
    #[must_use]
    pub fn context(&self) -> &str {
        &self.context
    }

    /// The row, ready to be written.
    #[must_use]
    pub fn row(&self) -> &StoredRecord {
        &self.row
    }
}

/// Completes redacted content with its reference and time, and digests the whole.
#[must_use]
pub fn seal(content: Redacted<Content>, stamp: &Stamp) -> Sealed {
    let content = content.into_inner();
    let record = Record {
        reference: stamp.reference.to_string(),
        created_at: stamp.created_at.clone(),
        workspace_id: content.scope.workspace.to_string(),
        tenant_id: content.scope.tenant.to_string(),
        primary_context_type: content.scope.primary_context_type().to_owned(),
        primary_context_id: content.scope.primary_context_id().to_owned(),
        severity: content.severity.as_str().to_owned(),
        summary: content.summary,
        reproduction_notes: content.reproduction_notes,
        contact_name: content.contact_name,
        contact_email: content.contact_email,
        creator_subject: content.creator_subject,
        creator_name: content.creator_name,
        attachment_mode: content.attachment.mode().to_owned(),
        attachment_reason: content.attachment.reason().to_owned(),
        request_id: content.request_id.to_string(),
        context: content.context,
    };
    let canonical_context = canonical(&record.context);
    let record_digest = record_digest_with(&record, &canonical_context);
    Sealed { row: StoredRecord { record, record_digest }, context: canonical_context }
}

/// The end of one writer's chain: what the next link hangs on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainEnd {
    /// The chain's name.
    pub chain: String,
    /// The last link's number; 0 before the first.
    pub sequence: i64,
    /// The last link's digest.
    pub digest: String,
}

impl ChainEnd {
    /// A chain without a link yet.
    #[must_use]
    pub fn start(chain: ulid::Ulid) -> Self {
        Self { chain: chain.to_string(), sequence: 0, digest: NO_PREVIOUS.to_owned() }
    }

    /// The audit record of `row` as the next link, and the chain's new end.
    #[must_use]
    pub fn link(&self, row: &StoredRecord) -> (StoredAuditRecord, Self) {
        let record = &row.record;
        let link = AuditRecord {
            chain: self.chain.clone(),
            sequence: self.sequence + 1,
            previous: self.digest.clone(),
            event: CREATED_EVENT.to_owned(),
            occurred_at: record.created_at.clone(),
            actor_subject: record.creator_subject.clone(),
            actor_name: record.creator_name.clone(),
            workspace_id: record.workspace_id.clone(),
            tenant_id: record.tenant_id.clone(),
            reference: record.reference.clone(),
            primary_context_type: record.primary_context_type.clone(),
            primary_context_id: record.primary_context_id.clone(),
            severity: record.severity.clone(),
            attachment_mode: record.attachment_mode.clone(),
            attachment_reason: record.attachment_reason.clone(),
            request_id: record.request_id.clone(),
            record_digest: row.record_digest.clone(),
        };
        let digest = link_digest(&link);
        let end = Self { chain: link.chain.clone(), sequence: link.sequence, digest: digest.clone() };
        (StoredAuditRecord { link, digest }, end)
    }
}
