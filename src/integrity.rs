//! Tamper evidence: canonical JSON, the digest of a record, the links of the audit chain.
//!
//! Specified for other people's verifiers in `specs/integrity.md`; a second one, in Python, is run by the tests.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    clock::Stamp,
    domain::record::{AuditRecord, CREATED_EVENT, Record, StoredAuditRecord, StoredRecord},
    redact::{Content, Redacted},
};

/// What the first link of a chain has in place of the digest before it.
pub const NO_PREVIOUS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// SHA-256 over the canonical JSON (RFC 8785) of `value`, in lower-case hexadecimal.
///
/// Numbers are IEEE 754 doubles there; what a double cannot hold was turned into text on the way in.
#[must_use]
pub fn digest(value: &impl Serialize) -> String {
    // The types that come here are structs of texts and JSON values: they always serialize.
    let canonical = serde_json_canonicalizer::to_vec(value).unwrap_or_default();
    hex(&Sha256::digest(&canonical))
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|nibble| DIGITS[usize::from(nibble)] as char).collect()
}

/// A record that is complete, redacted and digested. The store takes nothing else, and only [`seal`] makes one.
#[derive(Debug, Clone)]
pub struct Sealed(StoredRecord);

impl Sealed {
    /// The row, ready to be written.
    #[must_use]
    pub fn row(&self) -> &StoredRecord {
        &self.0
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
    let record_digest = digest(&record);
    Sealed(StoredRecord { record, record_digest })
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
        let digest = digest(&link);
        let end = Self { chain: link.chain.clone(), sequence: link.sequence, digest: digest.clone() };
        (StoredAuditRecord { link, digest }, end)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_digest_does_not_depend_on_how_a_database_writes_the_same_json() {
        let stored: serde_json::Value = serde_json::from_str(r#"{"b":1.0,"a":[100,0.1,"é"]}"#).unwrap();
        assert_eq!(digest(&stored), digest(&json!({"a": [1e2, 0.1, "\u{e9}"], "b": 1})));
        assert_ne!(digest(&stored), digest(&json!({"a": [1e2, 0.2, "\u{e9}"], "b": 1})));
    }

    #[test]
    fn the_digest_is_plain_sha_256_of_canonical_json() {
        // printf '{"a":1}' | sha256sum
        assert_eq!(digest(&json!({"a": 1})), "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862");
    }
}
