//! A request that is never stored: what is written, and rolled back, to find out whether a database takes writes again.

use serde_json::json;

use crate::{
    clock::{Clock, Stamp},
    domain::record::{Record, StoredRecord},
};

/// A row that both tables take.
pub(super) fn row(clock: &dyn Clock) -> StoredRecord {
    let stamp = Stamp::of(clock);
    let probe = || "probe".to_owned();
    let record = Record {
        reference: stamp.reference.to_string(),
        created_at: stamp.created_at,
        workspace_id: probe(),
        tenant_id: probe(),
        primary_context_type: "tenant".to_owned(),
        primary_context_id: probe(),
        severity: "low".to_owned(),
        summary: probe(),
        reproduction_notes: None,
        contact_name: None,
        contact_email: None,
        creator_subject: probe(),
        creator_name: None,
        attachment_mode: "canonical_context_only".to_owned(),
        attachment_reason: "not_requested".to_owned(),
        request_id: probe(),
        context: json!({}),
    };
    StoredRecord { record, record_digest: "0".repeat(64) }
}
