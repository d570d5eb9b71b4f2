//! Records to store, the built service to kill, and what must hold afterwards.

use std::{
    io::Read as _,
    process::{Child, Command, Stdio},
    sync::Arc,
};

use redaction::{Deadline, Redactor};
use serde_json::{Value, json};
use support_requests::{
    clock::{Clock, Stamp, SystemClock},
    domain::{
        context::{Attachment, References},
        grants::{Capabilities, Creator},
        ids::{RequestId, TenantId, WorkspaceId},
        request::{CallerToken, DiagnosticsWish, Draft, Report, Scope, Severity, Subject, Submission},
        text::Summary,
    },
    integrity::{Sealed, seal},
    redaction::redact_draft,
    store::{Archive, DatabaseUrl},
};
use tempfile::TempDir;

pub use crate::looking::verified;
use crate::support::{
    database::{Counts, Database},
    ready, tokens,
};

/// The clock that everything here runs on.
pub fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

/// A record that says `summary`, ready to be stored.
pub fn sealed(summary: &str) -> Sealed {
    sealed_at(summary, &Stamp::of(&SystemClock))
}

/// The same, with a reference of the test's choosing.
pub fn sealed_at(summary: &str, stamp: &Stamp) -> Sealed {
    sealed_with(summary, "", stamp)
}

/// The same, with a note of any length in its context.
pub fn sealed_with(summary: &str, note: &str, stamp: &Stamp) -> Sealed {
    static REDACTOR: std::sync::LazyLock<Redactor> = std::sync::LazyLock::new(Redactor::builtin);
    let scope = Scope {
        workspace: WorkspaceId::parse("acme").unwrap(),
        tenant: TenantId::parse("contoso").unwrap(),
        subject: Subject::Tenant,
    };
    let said = json!({"tenant": {"id": "contoso", "name": format!("Contoso {note}")}}).to_string();
    let report = Report {
        severity: Severity::High,
        summary: Summary::parse(summary).unwrap(),
        notes: None,
        contact_name: None,
        contact_email: None,
        diagnostics: DiagnosticsWish::LeaveOut,
    };
    let submission = Submission {
        scope,
        creator: Creator { subject: "u-1".to_owned(), name: Some("Ada".to_owned()) },
        capabilities: Capabilities::default(),
        token: CallerToken::new(String::new()),
        report,
        request_id: RequestId::from_ulid(SystemClock.ulid()),
        traceparent: None,
    };
    let references = References::parse(&said, &submission.scope).unwrap();
    let attachment = Attachment::CapabilityMissing;
    seal(
        redact_draft(
            &REDACTOR,
            Draft { submission: &submission, references, attachment, diagnostics: None, dropped_keys: 0 },
            &Deadline::never(),
        ),
        stamp,
    )
}

/// The whole database, as operators' commands open it.
pub async fn archive(database: &Database) -> Archive {
    Archive::open(&DatabaseUrl::parse(&database.url()).unwrap()).await.unwrap()
}

/// Everything that was answered is there, pairs are whole, and the chains hold.
pub async fn all_is_well(database: &Database, answered: &[String]) {
    let counts = database.counts().await;
    assert_eq!(counts, Counts::of(counts.requests), "a request without its audit record, or the other way round");
    let stored: std::collections::HashSet<String> = database
        .rows("support_requests")
        .await
        .into_iter()
        .filter_map(|mut row| row.remove("reference").flatten())
        .collect();
    for reference in answered {
        assert!(stored.contains(reference), "{reference} was answered and is lost");
    }
    let verified = verified(database, None).await.unwrap();
    assert_eq!(i64::try_from(verified.links).unwrap(), counts.requests);
}

/// The built binary, serving a database.
pub struct Service {
    child: Child,
    pub address: String,
    folder: TempDir,
    log: Arc<std::sync::Mutex<Vec<u8>>>,
}

impl Service {
    pub fn start(database: &Database) -> Self {
        Self::on(&database.url())
    }

    pub fn on(url: &str) -> Self {
        Self::with(|command| {
            command.args(["--database-url", url]);
        })
    }

    /// With arguments and variables of the test's own, the database among them.
    pub fn with(configure: impl FnOnce(&mut Command)) -> Self {
        Self::spawn(configure).unwrap_or_else(|said| panic!("the service ended: {said}"))
    }

    /// What a service says that refuses to start.
    pub fn refused(url: &str) -> String {
        let started = Self::spawn(|command| {
            command.args(["--database-url", url]);
        });
        started.err().expect("it does not start")
    }

    fn spawn(configure: impl FnOnce(&mut Command)) -> Result<Self, String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("keys.json"), tokens::jwks()).unwrap();
        let expected = tokens::expectations();
        let mut command = Command::new(env!("CARGO_BIN_EXE_support-requests"));
        let own = format!(
            "--listen 127.0.0.1:0 --jwks keys.json --diagnostics demo --rate-limit off --issuer {} --audience {}",
            expected.issuer, expected.audience
        );
        command.args(own.split(' ')).current_dir(folder.path()).env_clear();
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        configure(&mut command);
        let mut child = command.spawn().unwrap();
        let (mut rest, said, address) = match ready::wait_or_end(child.stderr.take().unwrap()) {
            Ok(ready) => ready,
            Err(said) => {
                assert!(!child.wait().unwrap().success(), "it ended, and says that all is well: {said}");
                return Err(said);
            }
        };
        // The log is read on, or the service would stop at a full pipe.
        let log = Arc::new(std::sync::Mutex::new(said.into_bytes()));
        let kept = Arc::clone(&log);
        std::thread::spawn(move || {
            let mut piece = [0; 4096];
            while let Ok(read @ 1..) = rest.read(&mut piece) {
                kept.lock().unwrap().extend_from_slice(&piece[..read]);
            }
        });
        Ok(Self { child, address, folder, log })
    }

    /// What it logged so far.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&self.log.lock().unwrap()).into_owned()
    }

    /// Tells it to stop, and does not wait for that.
    pub fn terminate(&self) {
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
    }

    pub fn url(&self) -> String {
        format!("http://{}/workspaces/acme/tenants/contoso/support-requests", self.address)
    }

    pub fn kill9(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        drop(self.folder);
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    pub fn stop(mut self) {
        self.terminate();
        assert!(self.child.wait().unwrap().success());
    }
}

/// A token that may create.
pub fn token() -> String {
    tokens::Token::at(SystemClock.now())
        .workspace("acme")
        .tenant("*", &["support_requests.create", "support_diagnostics.view"])
        .sign()
}

/// What became of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Created(String),
    Refused(u16, String),
    /// No answer: the connection broke.
    Lost,
}

/// Asks for support once.
pub async fn ask(client: &reqwest::Client, url: &str, token: &str) -> Answer {
    let sent = client.post(url).bearer_auth(token).json(&json!({"summary": "It fails under load"})).send().await;
    let Ok(response) = sent else { return Answer::Lost };
    let status = response.status().as_u16();
    let Ok(body) = response.json::<Value>().await else { return Answer::Lost };
    match body["reference"].as_str() {
        Some(reference) if status == 201 => Answer::Created(reference.to_owned()),
        _ => Answer::Refused(status, body["code"].as_str().unwrap_or_default().to_owned()),
    }
}

/// Asks for support from several clients at once until told to stop; every answer there was.
pub struct Load {
    stop: Arc<std::sync::atomic::AtomicBool>,
    clients: Vec<tokio::task::JoinHandle<Vec<Answer>>>,
}

impl Load {
    pub fn start(url: &str, clients: usize) -> Self {
        let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
        let (client, token) = (reqwest::Client::builder().no_proxy().build().unwrap(), token());
        let clients = (0..clients).map(|_| {
            let (client, stop, url, token) = (client.clone(), Arc::clone(&stop), url.to_owned(), token.clone());
            tokio::spawn(async move {
                let mut answers = Vec::new();
                while !stop.load(std::sync::atomic::Ordering::Acquire) {
                    let answer = ask(&client, &url, &token).await;
                    if answer == Answer::Lost {
                        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
                    }
                    answers.push(answer);
                }
                answers
            })
        });
        Self { stop: Arc::clone(&stop), clients: clients.collect() }
    }

    pub async fn stop(self) -> Vec<Answer> {
        self.stop.store(true, std::sync::atomic::Ordering::Release);
        let mut answers = Vec::new();
        for client in self.clients {
            answers.extend(client.await.unwrap());
        }
        answers
    }
}

/// The references among answers.
pub fn references(answers: &[Answer]) -> Vec<String> {
    answers
        .iter()
        .filter_map(|answer| match answer {
            Answer::Created(reference) => Some(reference.clone()),
            _ => None,
        })
        .collect()
}

/// Numbers that look random and are the same every time, so that a failure can be seen again.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `sides` (`SplitMix64`).
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % sides as u64).unwrap()
    }
}
