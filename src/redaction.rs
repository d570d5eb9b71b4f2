//! The proof that something went through redaction, and the one way to get it.
//!
//! Which texts there are is decided here; what a secret looks like, in `crates/redaction`.

mod pool;
mod texts;

use redaction::{Deadline, PointerTaken, Redactor};
use serde_json::{Value, json};

pub use pool::{PoolError, REDACTION_TIMEOUT, RedactionPool};
use texts::{Place, Texts};

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
/// It is one document: what is found in one text of it goes from every other. What was not read to its end before the
/// deadline is replaced whole; what the caller wrote is read first.
#[must_use]
pub fn redact_draft(redactor: &Redactor, draft: Draft, deadline: &Deadline) -> Redacted<Content> {
    let Draft { submission, references, attachment, diagnostics, dropped_keys } = draft;
    let Report { severity, summary, notes, contact_name, contact_email, diagnostics: _ } = submission.report;
    let mut found = json!({ "references": references.into_json() });
    if let Some(bundle) = diagnostics {
        found["diagnostics"] = bundle.into_json();
    }
    let mut texts = Texts::default();
    texts.add(Place::Summary, Some(summary.as_str().into()));
    texts.add(Place::ContactName, contact_name.map(|name| name.as_str().into()));
    texts.add(Place::Notes, notes.map(|notes| notes.as_str().into()));
    texts.add(Place::CreatorName, submission.creator.name.map(Value::from));
    texts.add(Place::Context, Some(found));
    let mut cleaned = texts.clean(redactor, deadline);

    let scope = &submission.scope;
    let mut context = cleaned.value(Place::Context);
    context["schema_version"] = 1.into();
    context["primary_context"] = json!({"type": scope.primary_context_type(), "id": scope.primary_context_id()});
    context["attachment"] = json!({"mode": attachment.mode(), "reason": attachment.reason()});
    context["redaction"] =
        json!({"rule_set": redactor.version(), "taken": cleaned.taken, "dropped_keys": dropped_keys});

    Redacted(Content {
        scope: submission.scope,
        creator_subject: submission.creator.subject,
        creator_name: cleaned.text(Place::CreatorName),
        severity,
        summary: cleaned.text(Place::Summary).unwrap_or_default(),
        reproduction_notes: cleaned.text(Place::Notes),
        contact_name: cleaned.text(Place::ContactName),
        contact_email: contact_email.map(|email| email.as_str().to_owned()),
        attachment,
        context,
        request_id: submission.request_id,
        trace_id: submission.traceparent.map(|traceparent| traceparent.trace_id().clone()),
        own_text: cleaned.of(&[Place::Summary, Place::ContactName, Place::Notes]),
        taken: cleaned.taken,
    })
}

#[cfg(test)]
mod tests {
    use redaction::{Deadline, Redactor};

    use super::texts::{Place, Texts};

    #[test]
    fn a_secret_of_one_text_goes_from_every_other_and_each_is_told_by_its_field() {
        let mut texts = Texts::default();
        texts.add(Place::Summary, Some("it was Zug%2BGleis9%21 there".into()));
        texts.add(Place::Notes, Some("password=Zug+Gleis9!".into()));
        texts.add(Place::Context, Some(serde_json::json!({"references": {"id": "Zug+Gleis9!"}})));
        let mut cleaned = texts.clean(&Redactor::builtin(), &Deadline::never());
        assert_eq!(cleaned.text(Place::Summary).as_deref(), Some("it was [redacted:stated-secret] there"));
        assert_eq!(cleaned.text(Place::Notes).as_deref(), Some("password=[redacted:password]"));
        assert_eq!(cleaned.text(Place::ContactName), None);
        assert_eq!(cleaned.value(Place::Context)["references"]["id"], "[redacted:stated-secret]");
        let pointers: Vec<&str> = cleaned.taken.iter().map(|taken| taken.pointer.as_str()).collect();
        assert_eq!(pointers, ["/summary", "/reproduction_notes", "/context/references/id"]);
        assert_eq!(cleaned.of(&[Place::Notes])[0].pointer, "/reproduction_notes");
    }
}
