//! Tamper evidence: canonical JSON, the digest of a record, the links of the audit chain.
//!
//! Specified for other people's verifiers in `specs/integrity.md`; a second one, in Python, is run by the tests.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

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
    use Member::{Json, Maybe, Text};
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
    use Member::{Maybe, Number, Text};
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

/// A member of a canonical object.
enum Member<'a> {
    Text(&'a str),
    Maybe(Option<&'a str>),
    /// Below 2⁵³, so that a double holds it: a chain would take millennia to get there.
    Number(i64),
    /// Canonical already.
    Json(&'a str),
}

/// Digests an object whose members are given in canonical order. Written straight down because this is done twice a
/// request: the library sorts and copies what is in order here. The tests hold it against the library.
fn digest(members: &[(&str, Member)]) -> String {
    let mut json = Vec::with_capacity(4096);
    for (name, member) in members {
        json.push(if json.is_empty() { b'{' } else { b',' });
        text(&mut json, name);
        json.push(b':');
        match member {
            Member::Text(value) | Member::Maybe(Some(value)) => text(&mut json, value),
            Member::Maybe(None) => json.extend_from_slice(b"null"),
            Member::Number(value) => json.extend_from_slice(value.to_string().as_bytes()),
            Member::Json(value) => json.extend_from_slice(value.as_bytes()),
        }
    }
    json.push(b'}');
    hex(&Sha256::digest(&json))
}

/// `serde_json` escapes texts as RFC 8785, section 3.2.2.2 wants them.
fn text(json: &mut Vec<u8>, value: &str) {
    // Writing a text to memory does not fail.
    let _ = serde_json::to_writer(json, value);
}

/// The canonical JSON (RFC 8785) of `value`.
///
/// Without fractions and with ASCII keys, what `serde_json` writes of its sorted maps is canonical; the library, which
/// takes several times as long, does the rest.
#[must_use]
pub fn canonical(value: &Value) -> String {
    let written =
        if is_plain(value) { serde_json::to_string(value) } else { serde_json_canonicalizer::to_string(value) };
    // A JSON value always serializes.
    written.unwrap_or_default()
}

fn is_plain(value: &Value) -> bool {
    const EXACT: u64 = 1 << 53;
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => true,
        Value::Number(number) => number.as_i64().is_some_and(|number| number.unsigned_abs() < EXACT),
        Value::Array(items) => items.iter().all(is_plain),
        Value::Object(members) => members.iter().all(|(key, value)| key.is_ascii() && is_plain(value)),
    }
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|nibble| DIGITS[usize::from(nibble)] as char).collect()
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn by_the_library(value: &impl Serialize) -> String {
        hex(&Sha256::digest(serde_json_canonicalizer::to_vec(value).unwrap()))
    }

    fn record(text: &str, context: Value) -> Record {
        let text = || text.to_owned();
        Record {
            reference: text(),
            created_at: text(),
            workspace_id: text(),
            tenant_id: text(),
            primary_context_type: text(),
            primary_context_id: text(),
            severity: text(),
            summary: text(),
            reproduction_notes: Some(text()),
            contact_name: None,
            contact_email: Some(text()),
            creator_subject: text(),
            creator_name: None,
            attachment_mode: text(),
            attachment_reason: text(),
            request_id: text(),
            context,
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_straight_down_is_what_the_library_writes(text: String, context in any_json(), sequence in 1..1_i64 << 53) {
            prop_assert_eq!(canonical(&context), serde_json_canonicalizer::to_string(&context).unwrap());
            let record = record(&text, context);
            prop_assert_eq!(record_digest(&record), by_the_library(&record));
            let stored = StoredRecord { record, record_digest: text };
            let end = ChainEnd { chain: "c".to_owned(), sequence: sequence - 1, digest: NO_PREVIOUS.to_owned() };
            let (audit, _) = end.link(&stored);
            prop_assert_eq!(&audit.digest, &by_the_library(&audit.link));
        }
    }

    #[test]
    fn the_digest_does_not_depend_on_how_a_database_writes_the_same_json() {
        let stored: Value = serde_json::from_str(r#"{"b":1.0,"a":[100,0.1,"\u00e9"]}"#).unwrap();
        assert_eq!(canonical(&stored), canonical(&json!({"a": [1e2, 0.1, "\u{e9}"], "b": 1})));
    }

    #[test]
    fn the_digest_is_plain_sha_256_of_canonical_json() {
        // printf '{"a":1}' | sha256sum
        let known = "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862";
        assert_eq!(digest(&[("a", Member::Number(1))]), known);
    }
}
