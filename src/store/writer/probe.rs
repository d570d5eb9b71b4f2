//! A request that is never stored: what is written, and rolled back, to find out whether a database takes writes again.

use crate::{
    clock::{Clock, Stamp},
    domain::record::{AuditRecord, CREATED_EVENT, Record},
    integrity::{Actor, ChainEnd, Event},
};

/// Rows that both tables take.
pub(super) fn rows(clock: &dyn Clock) -> (Record, AuditRecord) {
    let stamp = Stamp::of(clock);
    let probe = || "probe".to_owned();
    let digest = || "0".repeat(64);
    let record = Record {
        reference: stamp.reference.to_string(),
        created_at: stamp.created_at,
        workspace_id: probe(),
        tenant_id: probe(),
        primary_context_type: "tenant".to_owned(),
        primary_context_id: probe(),
        severity: "low".to_owned(),
        attachment_mode: "canonical_context_only".to_owned(),
        attachment_reason: "not_requested".to_owned(),
        request_id: probe(),
        summary: Some(probe()),
        reproduction_notes: None,
        contact_name: None,
        contact_email: None,
        creator_subject: Some(probe()),
        creator_name: None,
        context: "{}".to_owned(),
        salt: Some(digest()),
        personal_digest: digest(),
        record_digest: digest(),
    };
    let event = Event {
        name: CREATED_EVENT,
        occurred_at: &record.created_at,
        about: Some(&record),
        trace_id: None,
        details: None,
    };
    let (event, _) = ChainEnd::start(clock.ulid()).link(&event, &Actor::new(probe(), stamp.actor_salt));
    (record, event)
}
