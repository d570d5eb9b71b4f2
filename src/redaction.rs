//! The proof that something went through redaction, and the one way to get it.
//!
//! Which texts there are is decided here; what a secret looks like, in `crates/redaction`.

mod pool;
mod texts;

use redaction::{Deadline, Json, PointerTaken, Redactor};

pub use pool::{DraftSource, PoolError, REDACTION_TIMEOUT, RedactionPool};
use texts::{Place, Texts};

use crate::{
    canonical,
    domain::{
        context::Attachment,
        ids::{RequestId, TraceId},
        request::{Draft, Scope, Severity},
    },
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
    pub context: canonical::Object,
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
pub fn redact_draft(redactor: &Redactor, draft: Draft<'_>, deadline: &Deadline) -> Redacted<Content> {
    let Draft { submission, references, attachment, diagnostics, dropped_keys } = draft;
    let report = &submission.report;
    let mut found = object([("references", references.into_json())]);
    if let (Json::Object(found), Some(bundle)) = (&mut found, diagnostics) {
        // By name.
        found.insert(0, ("diagnostics".into(), bundle.into_json()));
    }
    let mut texts = Texts::default();
    texts.add(Place::Summary, Some(report.summary.as_str().into()));
    texts.add(Place::ContactName, report.contact_name.as_ref().map(|name| name.as_str().into()));
    texts.add(Place::Notes, report.notes.as_ref().map(|notes| notes.as_str().into()));
    texts.add(Place::CreatorName, submission.creator.name.as_deref().map(Json::from));
    texts.add(Place::Context, Some(found));
    let mut cleaned = texts.clean(redactor, deadline);
    let found = cleaned.value(Place::Context);
    let scope = &submission.scope;
    Redacted(Content {
        scope: scope.clone(),
        creator_subject: submission.creator.subject.clone(),
        creator_name: cleaned.text(Place::CreatorName),
        severity: report.severity,
        summary: cleaned.text(Place::Summary).unwrap_or_default(),
        reproduction_notes: cleaned.text(Place::Notes),
        contact_name: cleaned.text(Place::ContactName),
        contact_email: report.contact_email.as_ref().map(|email| email.as_str().to_owned()),
        attachment,
        context: context(found, scope, attachment, manifest(redactor, &cleaned.taken, dropped_keys)),
        request_id: submission.request_id.clone(),
        trace_id: submission.traceparent.as_ref().map(|traceparent| traceparent.trace_id().clone()),
        own_text: cleaned.of(&[Place::Summary, Place::ContactName, Place::Notes]),
        taken: cleaned.taken,
    })
}

/// The stored context: what was found, and what is to be said about it.
fn context(found: Json<'_>, scope: &Scope, attachment: Attachment, manifest: Json<'_>) -> canonical::Object {
    let mut members = match found {
        Json::Object(members) => members,
        _ => Vec::new(),
    };
    members.reserve(4);
    let primary_context = [("id", scope.primary_context_id().into()), ("type", scope.primary_context_type().into())];
    let attachment = [("mode", attachment.mode().into()), ("reason", attachment.reason().into())];
    members.push(("attachment".into(), object(attachment)));
    members.push(("primary_context".into(), object(primary_context)));
    members.push(("redaction".into(), manifest));
    members.push(("schema_version".into(), Json::Number(1.into())));
    members.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    canonical::Object::of(&Json::Object(members))
}

/// What was done to the texts.
fn manifest<'a>(redactor: &'a Redactor, taken: &'a [PointerTaken], dropped_keys: u64) -> Json<'a> {
    let taken = taken.iter().map(|PointerTaken { pointer, rule, count }| {
        object([
            ("count", Json::Number((*count).into())),
            ("pointer", pointer.as_str().into()),
            ("rule", rule.as_str().into()),
        ])
    });
    object([
        ("dropped_keys", Json::Number(dropped_keys.into())),
        ("rule_set", redactor.version().into()),
        ("taken", Json::List(taken.collect())),
    ])
}

/// An object of members that stand in the order of their names.
fn object<'a, const N: usize>(members: [(&'static str, Json<'a>); N]) -> Json<'a> {
    Json::Object(members.into_iter().map(|(name, value)| (name.into(), value)).collect())
}

#[cfg(test)]
mod tests {
    use redaction::{Deadline, Json, Redactor};

    use super::texts::{Place, Texts};

    #[test]
    fn a_secret_of_one_text_goes_from_every_other_and_each_is_told_by_its_field() {
        let mut texts = Texts::default();
        texts.add(Place::Summary, Some("it was Zug%2BGleis9%21 there".into()));
        texts.add(Place::Notes, Some("password=Zug+Gleis9!".into()));
        let context = serde_json::json!({"references": {"id": "Zug+Gleis9!"}});
        texts.add(Place::Context, Some(Json::from(&context)));
        let mut cleaned = texts.clean(&Redactor::builtin(), &Deadline::never());
        assert_eq!(cleaned.text(Place::Summary).as_deref(), Some("it was [redacted:stated-secret] there"));
        assert_eq!(cleaned.text(Place::Notes).as_deref(), Some("password=[redacted:password]"));
        assert_eq!(cleaned.text(Place::ContactName), None);
        let context = serde_json::Value::from(cleaned.value(Place::Context));
        assert_eq!(context["references"]["id"], "[redacted:stated-secret]");
        let pointers: Vec<&str> = cleaned.taken.iter().map(|taken| taken.pointer.as_str()).collect();
        assert_eq!(pointers, ["/summary", "/reproduction_notes", "/context/references/id"]);
        assert_eq!(cleaned.of(&[Place::Notes])[0].pointer, "/reproduction_notes");
    }
}
