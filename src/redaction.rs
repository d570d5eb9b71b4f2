//! The proof that something went through redaction, and the one way to get it.
//!
//! Which texts there are is decided here; what a secret looks like, in `crates/redaction`.

mod pool;

use redaction::{Deadline, PointerTaken, Redactor, Taken};
use serde_json::{Value, json};

pub use pool::{PoolError, REDACTION_TIMEOUT, RedactionPool};

use crate::domain::{
    context::Attachment,
    ids::{RequestId, TraceId},
    request::{Draft, Report, Scope, Severity},
};

/// Something that holds no secret that the rules know. Only this room can make one, and nothing else can be stored.
#[derive(Debug, Clone)]
pub struct Redacted<T>(T);

impl<T> Redacted<T> {
    /// The redacted thing.
    #[must_use]
    pub fn get(&self) -> &T {
        &self.0
    }

    /// The redacted thing, for good.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.0
    }
}

/// Everything of a support request but its reference, its time and its digest, ready to be stored.
#[derive(Debug, Clone)]
pub struct Content {
    /// About what.
    pub scope: Scope,
    /// The token's `sub`, kept as it is: it names who asked.
    pub creator_subject: String,
    /// The token's `name`.
    pub creator_name: Option<String>,
    /// How bad it is.
    pub severity: Severity,
    /// What happened.
    pub summary: String,
    /// How to see it again.
    pub reproduction_notes: Option<String>,
    /// Whom to ask back.
    pub contact_name: Option<String>,
    /// Where to answer, kept as it is: it was given on purpose.
    pub contact_email: Option<String>,
    /// Whether diagnostics are attached.
    pub attachment: Attachment,
    /// The stored context, `schema_version` 1.
    pub context: Value,
    /// Which HTTP request it was.
    pub request_id: RequestId,
    /// Which trace of the caller's it belongs to.
    pub trace_id: Option<TraceId>,
    /// What was taken out of the caller's own text, for the answer.
    pub own_text: Vec<PointerTaken>,
    /// What was taken out of all of it.
    pub taken: Vec<PointerTaken>,
}

/// Takes the secrets out of a text that an operator gives a command, to be stored.
#[must_use]
pub fn redact_operators_text(redactor: &Redactor, text: &str) -> Redacted<String> {
    Redacted(redactor.text(text).value)
}

/// Redacts everything of a draft that is stored as text, and builds the context document with its manifest.
/// What was not read to its end before the deadline is replaced whole; what the caller wrote is read first.
#[must_use]
pub fn redact_draft(redactor: &Redactor, draft: Draft, deadline: &Deadline) -> Redacted<Content> {
    let Draft { submission, references, attachment, diagnostics, dropped_keys } = draft;
    let Report { severity, summary, notes, contact_name, contact_email, diagnostics: _ } = submission.report;
    let mut own_text = Vec::new();
    let read = |pointer: &str, text: &str, taken: &mut Vec<_>| redact_field(redactor, pointer, text, deadline, taken);
    let summary = read("/summary", summary.as_str(), &mut own_text);
    let contact_name = contact_name.map(|name| read("/contact_name", name.as_str(), &mut own_text));
    let reproduction_notes = notes.map(|notes| read("/reproduction_notes", notes.as_str(), &mut own_text));
    let mut taken = own_text.clone();
    let creator_name = submission.creator.name.map(|name| read("/creator_name", &name, &mut taken));

    let mut found = json!({ "references": references.into_json() });
    if let Some(bundle) = diagnostics {
        found["diagnostics"] = bundle.into_json();
    }
    let mut cleaned = redactor.json_until(found, deadline);
    for mut item in cleaned.taken {
        item.pointer.insert_str(0, "/context");
        taken.push(item);
    }
    let scope = &submission.scope;
    let context = &mut cleaned.value;
    context["schema_version"] = 1.into();
    context["primary_context"] = json!({"type": scope.primary_context_type(), "id": scope.primary_context_id()});
    context["attachment"] = json!({"mode": attachment.mode(), "reason": attachment.reason()});
    context["redaction"] = json!({"rule_set": redactor.version(), "taken": taken, "dropped_keys": dropped_keys});

    Redacted(Content {
        scope: submission.scope,
        creator_subject: submission.creator.subject,
        creator_name,
        severity,
        summary,
        reproduction_notes,
        contact_name,
        contact_email: contact_email.map(|email| email.as_str().to_owned()),
        attachment,
        context: cleaned.value,
        request_id: submission.request_id,
        trace_id: submission.traceparent.map(|traceparent| traceparent.trace_id().clone()),
        own_text,
        taken,
    })
}

fn redact_field(
    redactor: &Redactor,
    pointer: &str,
    text: &str,
    deadline: &Deadline,
    taken: &mut Vec<PointerTaken>,
) -> String {
    let cleaned = redactor.text_until(text, deadline);
    taken.extend(cleaned.taken.into_iter().map(|Taken { rule, count }| PointerTaken {
        pointer: pointer.to_owned(),
        rule,
        count,
    }));
    cleaned.value
}
