//! `export` and `show`, by the built binary, on both databases: nothing missed, nothing doubled, every digest reckoned.

mod broken;
mod cursors;
mod filters;
mod formats;
mod outputs;
mod overtaking;

use std::{
    path::Path,
    process::{Command, Output, Stdio},
    sync::Arc,
    time::Duration,
};

use redaction::{Deadline, Redactor};
use serde_json::{Value, json};
use support_requests::{
    clock::{Clock, FixedClock, Stamp, SystemClock},
    domain::{
        context::{Attachment, References},
        grants::{Capabilities, Creator},
        ids::{RequestId, TenantId, WorkspaceId},
        request::{CallerToken, DiagnosticsWish, Draft, Report, Scope, Severity, Subject, Submission},
        text::{ContactEmail, Notes, Summary},
    },
    integrity::{Sealed, seal},
    redaction::redact_draft,
};
use time::OffsetDateTime;

use crate::support::database::Database;

/// What a request of these tests says.
#[derive(Debug, Clone)]
pub struct Said {
    pub workspace: &'static str,
    pub tenant: &'static str,
    pub creator: &'static str,
    pub contact: Option<&'static str>,
    pub summary: String,
    pub notes: Option<String>,
}

impl Said {
    pub fn new(summary: &str) -> Self {
        Self {
            workspace: "acme",
            tenant: "contoso",
            creator: "u-1",
            contact: None,
            summary: summary.to_owned(),
            notes: None,
        }
    }

    /// Ready to be stored, with the time of a clock.
    pub fn sealed(&self, clock: &dyn Clock) -> Sealed {
        static REDACTOR: std::sync::LazyLock<Redactor> = std::sync::LazyLock::new(Redactor::builtin);
        let scope = Scope {
            workspace: WorkspaceId::parse(self.workspace).unwrap(),
            tenant: TenantId::parse(self.tenant).unwrap(),
            subject: Subject::Tenant,
        };
        let said = json!({"tenant": {"id": self.tenant, "name": "Contoso \u{202e}\u{2028}x"}}).to_string();
        let report = Report {
            severity: Severity::High,
            summary: Summary::parse(&self.summary).unwrap(),
            notes: self.notes.as_deref().map(|notes| Notes::parse(notes).unwrap()),
            contact_name: None,
            contact_email: self.contact.map(|address| ContactEmail::parse(address).unwrap()),
            diagnostics: DiagnosticsWish::LeaveOut,
        };
        let submission = Submission {
            scope,
            creator: Creator { subject: self.creator.to_owned(), name: Some("Ada".to_owned()) },
            capabilities: Capabilities::default(),
            token: CallerToken::new(String::new()),
            report,
            request_id: RequestId::from_ulid(clock.ulid()),
            traceparent: None,
        };
        let references = References::parse(&said, &submission.scope).unwrap();
        let attachment = Attachment::CapabilityMissing;
        let draft = Draft { submission: &submission, references, attachment, diagnostics: None, dropped_keys: 0 };
        seal(redact_draft(&REDACTOR, draft, &Deadline::never()), &Stamp::of(clock))
    }
}

/// A clock that stands so long before now.
pub fn ago(time: Duration) -> FixedClock {
    FixedClock::at(SystemClock.now() - time)
}

/// Stores requests of long ago, one a second, in a chain of their own; their references.
pub async fn stored(database: &Database, requests: &[Said]) -> Vec<String> {
    stored_since(database, requests, Duration::from_hours(1)).await
}

/// The same, the first of them so long ago.
pub async fn stored_since(database: &Database, requests: &[Said], since: Duration) -> Vec<String> {
    // A chain begins anew with a month: none ends between them.
    let end = |start: OffsetDateTime| start + Duration::from_secs(requests.len() as u64);
    let mut start = SystemClock.now() - since;
    while start.month() != end(start).month() {
        start -= Duration::from_secs(1);
    }
    let clock = Arc::new(FixedClock::at(start));
    let store = database.open_store(Arc::clone(&clock) as Arc<dyn Clock>).await;
    let mut references = Vec::new();
    for said in requests {
        let sealed = said.sealed(&*clock);
        references.push(sealed.record().reference.clone());
        store.append(sealed).await.unwrap();
        clock.advance(Duration::from_secs(1));
    }
    store.close(Duration::from_secs(10)).await;
    references
}

/// The binary with a command, on a database.
pub fn command(database: &Database, args: &[&str]) -> Command {
    let mut command = Command::new("timeout");
    command.args(["--kill-after=5", "90", env!("CARGO_BIN_EXE_support-requests")]).args(args).env_clear();
    command.env("SUPPORT_REQUESTS_DATABASE_URL", database.url()).stdin(Stdio::null());
    command.env("SUPPORT_REQUESTS_OWNER_DATABASE_URL", database.owner_url());
    command
}

/// What a command printed and said.
#[derive(Debug)]
pub struct Ran {
    pub status: Option<i32>,
    pub out: Vec<u8>,
    pub said: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        Self { status: output.status.code(), out: output.stdout, said: String::from_utf8(output.stderr).unwrap() }
    }

    /// Every line as a JSON object.
    pub fn lines(&self) -> Vec<Value> {
        let text = std::str::from_utf8(&self.out).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The references that were printed, in their order.
    pub fn references(&self) -> Vec<String> {
        self.lines().iter().map(|line| line["reference"].as_str().unwrap().to_owned()).collect()
    }

    /// Where the last line on standard error says to go on.
    pub fn after(&self) -> String {
        let last = self.said.lines().last().unwrap();
        last.strip_prefix("go on with --after ").unwrap_or_else(|| panic!("{}", self.said)).to_owned()
    }
}

/// Runs a command to its end.
pub fn run(database: &Database, args: &[&str]) -> Ran {
    Ran::of(command(database, args).output().unwrap())
}

/// Exports, which must succeed.
pub fn export(database: &Database, args: &[&str]) -> Ran {
    let ran = run(database, &[&["export"], args].concat());
    assert_eq!(ran.status, Some(0), "{args:?}: {}", ran.said);
    ran
}

/// Erases a request, as the owner.
pub fn erase(database: &Database, reference: &str) {
    let args = ["erase", "--reference", reference, "--reason", "They asked for it", "--by", "dpo", "--yes"];
    let ran = run(database, &args);
    assert_eq!(ran.status, Some(0), "{}", ran.said);
}

/// A path as an argument.
pub fn arg(path: &Path) -> &str {
    path.to_str().unwrap()
}
