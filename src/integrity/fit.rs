//! Whether a row is what was written: its digests fit, and what is personal in it is all there or all erased.

use super::digests::{actor_digest, is_bare, link_digest, record_digests};
use crate::domain::record::{AuditRecord, Record};

/// Whether a request is what was written, or what its erasure left of that.
#[must_use]
pub fn record_fits(record: &Record) -> bool {
    let Some(digests) = record_digests(record) else { return false };
    if digests.record != record.record_digest {
        return false;
    }
    if let Some(digest) = digests.personal {
        return digest == record.personal_digest && record.summary.is_some() && record.creator_subject.is_some();
    }
    let personal = [
        &record.summary,
        &record.reproduction_notes,
        &record.contact_name,
        &record.contact_email,
        &record.creator_subject,
        &record.creator_name,
    ];
    personal.iter().all(|text| text.is_none()) && is_bare(&record.context)
}

/// Whether an audit record is what was written, or what an erasure left of that.
#[must_use]
pub fn link_fits(link: &AuditRecord) -> bool {
    let actor_fits = match actor_digest(link) {
        Some(digest) => digest == link.actor_digest && link.actor_subject.is_some(),
        None => link.actor_subject.is_none(),
    };
    actor_fits && link_digest(link) == link.digest
}
