//! Tamper evidence: the digests of a record, the links of the audit chain.
//!
//! What is personal goes into the digests as a salted commitment, so that it can be erased and everything still fits.
//! Specified for other people's verifiers in `specs/integrity.md`; a second one, in Python, is run by the tests.

mod digests;
mod fit;
mod rewrite;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use digests::hex;
pub use digests::{NO_PREVIOUS, RecordDigests, actor_digest, link_digest, record_digests};
pub use fit::{link_fits, record_fits};
pub use rewrite::{canonical_of_jsonb, is_canonical};

pub use crate::canonical::{canonical, text as canonical_text};
use crate::{
    clock::{Salt, Stamp},
    domain::record::{AuditRecord, CREATED_EVENT, Record},
    redaction::{Content, Redacted},
};

/// A record that is complete, redacted and digested. The store takes nothing else, and only [`seal`] makes one.
#[derive(Debug, Clone)]
pub struct Sealed {
    record: Record,
    actor: Actor,
    trace_id: Option<String>,
}

impl Sealed {
    /// The row, ready to be written.
    #[must_use]
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// Its audit record as the next link after `end`, and the chain's new end.
    #[must_use]
    pub fn link(&self, end: &ChainEnd) -> (AuditRecord, ChainEnd) {
        let event = Event {
            name: CREATED_EVENT,
            occurred_at: &self.record.created_at,
            about: Some(&self.record),
            trace_id: self.trace_id.as_deref(),
            details: None,
        };
        end.link(&event, &self.actor)
    }
}

/// Completes redacted content with its reference and time, and digests the whole.
#[must_use]
pub fn seal(content: Redacted<Content>, stamp: &Stamp) -> Sealed {
    let content = content.into_inner();
    let actor = Actor::new(content.creator_subject.clone(), stamp.actor_salt);
    let trace_id = content.trace_id.map(|id| id.to_string());
    let record = Record {
        reference: stamp.reference.to_string(),
        created_at: stamp.created_at.clone(),
        workspace_id: content.scope.workspace.to_string(),
        tenant_id: content.scope.tenant.to_string(),
        primary_context_type: content.scope.primary_context_type().to_owned(),
        primary_context_id: content.scope.primary_context_id().to_owned(),
        severity: content.severity.as_str().to_owned(),
        attachment_mode: content.attachment.mode().to_owned(),
        attachment_reason: content.attachment.reason().to_owned(),
        request_id: content.request_id.to_string(),
        summary: Some(content.summary),
        reproduction_notes: content.reproduction_notes,
        contact_name: content.contact_name,
        contact_email: content.contact_email,
        creator_subject: Some(content.creator_subject),
        creator_name: content.creator_name,
        context: String::new(),
        salt: Some(hex(&stamp.salt)),
        personal_digest: String::new(),
        record_digest: String::new(),
    };
    Sealed { record: digests::complete(record, content.context), actor, trace_id }
}

/// Who did something, with the salt of the commitment to it.
#[derive(Debug, Clone)]
pub struct Actor {
    subject: String,
    salt: String,
}

impl Actor {
    /// Whoever it is.
    #[must_use]
    pub fn new(subject: String, salt: Salt) -> Self {
        Self { subject, salt: hex(&salt) }
    }
}

/// What an audit record is made of, beside its place in a chain and who did it.
#[derive(Debug, Clone, Copy)]
pub struct Event<'a> {
    /// What happened.
    pub name: &'a str,
    /// When: RFC 3339, UTC, milliseconds.
    pub occurred_at: &'a str,
    /// The support request that it happened to; none where it concerns the archive as a whole.
    pub about: Option<&'a Record>,
    /// The W3C trace id.
    pub trace_id: Option<&'a str>,
    /// What else is to be said: canonical JSON.
    pub details: Option<&'a str>,
}

/// What the service logs of the end of its chain, word for word: `verify --against` takes such a log as a witness.
pub const LOGGED_HEAD: &str = "the audit chain reaches to this link";

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

    /// An audit record of `event` as the next link, and the chain's new end.
    #[must_use]
    pub fn link(&self, event: &Event, actor: &Actor) -> (AuditRecord, Self) {
        let of = |field: fn(&Record) -> &String| event.about.map(|record| field(record).clone());
        let mut link = AuditRecord {
            chain: self.chain.clone(),
            sequence: self.sequence + 1,
            previous: self.digest.clone(),
            event: event.name.to_owned(),
            occurred_at: event.occurred_at.to_owned(),
            workspace_id: of(|record| &record.workspace_id).unwrap_or_default(),
            tenant_id: of(|record| &record.tenant_id),
            reference: of(|record| &record.reference),
            primary_context_type: of(|record| &record.primary_context_type),
            primary_context_id: of(|record| &record.primary_context_id),
            severity: of(|record| &record.severity),
            attachment_mode: of(|record| &record.attachment_mode),
            attachment_reason: of(|record| &record.attachment_reason),
            request_id: of(|record| &record.request_id),
            record_digest: of(|record| &record.record_digest),
            trace_id: event.trace_id.map(str::to_owned),
            details: event.details.map(str::to_owned),
            actor_subject: Some(actor.subject.clone()),
            actor_salt: Some(actor.salt.clone()),
            actor_digest: String::new(),
            digest: String::new(),
        };
        link.actor_digest = actor_digest(&link).unwrap_or_default();
        link.digest = link_digest(&link);
        let end = Self { chain: link.chain.clone(), sequence: link.sequence, digest: link.digest.clone() };
        (link, end)
    }
}
