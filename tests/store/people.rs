//! Requests of people with everything personal in them, and whoever erases them.

use std::sync::LazyLock;

use redaction::{Deadline, Redactor};
use serde_json::json;
use support_requests::{
    clock::{Clock, Stamp, SystemClock},
    domain::{
        bundle::Bundle,
        context::{Attachment, References},
        grants::{Capabilities, Creator},
        ids::{RequestId, TenantId, WorkspaceId},
        request::{CallerToken, DiagnosticsWish, Draft, Report, Scope, Severity, Subject, Submission},
        text::{ContactEmail, ContactName, Notes, Summary},
    },
    integrity::{Sealed, seal},
    redaction::{redact_draft, redact_operators_text},
    store::{Decision, Erased, Eraser, Remains, Rewriting, Selection, StoreError},
};

use crate::{
    harness::clock,
    support::database::{Database, RowTexts},
};

static REDACTOR: LazyLock<Redactor> = LazyLock::new(Redactor::builtin);

/// Who asks, about what, and every text of theirs.
#[derive(Clone)]
pub struct Person {
    pub workspace: &'static str,
    pub tenant: &'static str,
    pub subject: String,
    pub name: String,
    pub email: String,
    pub contact: String,
    pub summary: String,
    pub notes: String,
    pub tenant_name: String,
    pub diagnostics: String,
}

impl Person {
    pub fn called(subject: &str) -> Self {
        let text = |what: &str| format!("{what} of {subject}");
        Self {
            workspace: "acme",
            tenant: "contoso",
            subject: subject.to_owned(),
            name: text("Name"),
            email: format!("{subject}@example.org"),
            contact: text("Contact"),
            summary: text("Summary"),
            notes: text("Notes"),
            tenant_name: text("Tenant"),
            diagnostics: text("Diagnostics"),
        }
    }

    pub fn of(mut self, workspace: &'static str, tenant: &'static str) -> Self {
        (self.workspace, self.tenant) = (workspace, tenant);
        self
    }

    /// A request of theirs, of this moment.
    pub fn asks(&self) -> Sealed {
        self.asked(&Stamp::of(&SystemClock))
    }

    /// The same, at another time.
    pub fn asked(&self, stamp: &Stamp) -> Sealed {
        let scope = Scope {
            workspace: WorkspaceId::parse(self.workspace).unwrap(),
            tenant: TenantId::parse(self.tenant).unwrap(),
            subject: Subject::Tenant,
        };
        let at = "2026-01-31T09:00:00Z";
        let bundle =
            json!({"schema_version": 1, "generated_at": at, "sections": [], "notes": [self.diagnostics]}).to_string();
        let diagnostics = Some(Bundle::parse(&bundle).unwrap());
        let report = Report {
            severity: Severity::High,
            summary: Summary::parse(&self.summary).unwrap(),
            notes: Some(Notes::parse(&self.notes).unwrap()),
            contact_name: Some(ContactName::parse(&self.contact).unwrap()),
            contact_email: Some(ContactEmail::parse(&self.email).unwrap()),
            diagnostics: DiagnosticsWish::Attach,
        };
        let submission = Submission {
            scope,
            creator: Creator { subject: self.subject.clone(), name: Some(self.name.clone()) },
            capabilities: Capabilities::default(),
            token: CallerToken::new(String::new()),
            report,
            request_id: RequestId::from_ulid(SystemClock.ulid()),
            traceparent: None,
        };
        let said = json!({"tenant": {"name": self.tenant_name}}).to_string();
        let references = References::parse(&said, &submission.scope).unwrap();
        let attachment = Attachment::Attached;
        let draft = Draft { submission: &submission, references, attachment, diagnostics, dropped_keys: 0 };
        seal(redact_draft(&REDACTOR, draft, &Deadline::never()), stamp)
    }
}

/// Stores requests, and answers with their references.
pub async fn stored(database: &Database, requests: impl IntoIterator<Item = Sealed>) -> Vec<String> {
    let store = database.open_store(clock()).await;
    let requests: Vec<Sealed> = requests.into_iter().collect();
    let references = requests.iter().map(|request| request.record().reference.clone()).collect();
    futures_util::future::join_all(requests.into_iter().map(|request| store.append(request)))
        .await
        .into_iter()
        .for_each(|stored| stored.unwrap());
    store.close(std::time::Duration::from_secs(10)).await;
    references
}

pub fn decision(reason: &str, by: &str) -> Decision {
    Decision { reason: redact_operators_text(&REDACTOR, reason), by: redact_operators_text(&REDACTOR, by) }
}

/// A connection that may erase.
pub async fn eraser(database: &Database) -> Eraser {
    let url = support_requests::store::DatabaseUrl::parse(&database.owner_url()).unwrap();
    Eraser::open(&url, clock()).await.unwrap()
}

/// Erases as the owner, and clears up, as the command does.
pub async fn erase(database: &Database, selection: &Selection) -> Result<Erased, StoreError> {
    let mut eraser = eraser(database).await;
    let done = eraser.erase(selection, &decision("The law", "Officer"), |_| ()).await;
    if done.is_ok() {
        let remains = eraser.clear(Rewriting::Quick).await.unwrap();
        assert!(matches!(remains, Remains::Nothing | Remains::FreeSpace), "{remains:?}");
    }
    eraser.close().await;
    done
}

pub fn creator(subject: &str) -> Selection {
    Selection::Creator(subject.to_owned())
}

/// What is personal, in either table.
pub const PERSONAL: [&str; 9] = [
    "summary",
    "reproduction_notes",
    "contact_name",
    "contact_email",
    "creator_subject",
    "creator_name",
    "salt",
    "actor_subject",
    "actor_salt",
];

/// A row as an erasure leaves it.
pub fn emptied(row: &RowTexts) -> RowTexts {
    let mut row = row.clone();
    for column in PERSONAL {
        row.entry(column.to_owned()).and_modify(|value| *value = None);
    }
    if let Some(Some(context)) = row.get_mut("context") {
        let mut document: serde_json::Value = serde_json::from_str(context).unwrap();
        document.as_object_mut().unwrap().retain(|key, _| !["references", "diagnostics"].contains(&key.as_str()));
        *context = document.to_string();
    }
    row
}

/// A row with its JSON written as here.
pub fn plain(row: &RowTexts) -> RowTexts {
    let mut row = row.clone();
    for column in ["context", "details"] {
        if let Some(Some(json)) = row.get_mut(column) {
            *json = serde_json::from_str::<serde_json::Value>(json).unwrap().to_string();
        }
    }
    row
}
