//! A platform behind a socket, made by hand: it answers as scripted, or as no decent server would, and takes notes.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use support_requests::{
    budget::Budget,
    diagnostics::http::{Base, Plain, Platform, Trust},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpListener,
    sync::Semaphore,
};
use tokio_rustls::TlsAcceptor;

use crate::harness::{App, Builder, bundle};

/// What the platform does with a question that it has read.
#[derive(Debug, Clone)]
pub enum Act {
    /// Whatever is asked for, of the scopes that there are: `acme`'s `contoso` with `run-1042`, and `fabrikam`.
    Usual,
    /// A status, header lines, and a body of declared length.
    Says(u16, &'static str, Vec<u8>),
    /// These bytes, and then the connection is closed.
    Writes(Vec<u8>),
    /// These bytes, and then nothing, for ever.
    Stays(Vec<u8>),
    /// These bytes, and then this again and again, as long as anybody reads.
    Repeats(Vec<u8>, Vec<u8>),
    /// These bytes, and then spaces, one at a time with pauses.
    Drips(Vec<u8>),
    /// The usual, once the test opens the gate; at once for scopes of other tenants than this one.
    Waits(&'static str),
}

/// An answer in JSON.
pub fn says(status: u16, body: impl AsRef<[u8]>) -> Act {
    Act::Says(status, "Content-Type: application/json\r\n", body.as_ref().to_vec())
}

/// The head of an answer in JSON, of undeclared length, and what it begins with.
pub fn begun(body: impl AsRef<[u8]>) -> Vec<u8> {
    [b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n", body.as_ref()].concat()
}

pub struct FakePlatform {
    pub base: String,
    act: Mutex<Act>,
    questions: Mutex<Vec<String>>,
    connections: AtomicUsize,
    open: AtomicUsize,
    gate: Semaphore,
}

impl FakePlatform {
    pub async fn start() -> Arc<Self> {
        Self::start_with(None).await
    }

    /// One that speaks TLS, as `localhost`.
    pub async fn start_with(tls: Option<TlsAcceptor>) -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let base =
            if tls.is_some() { format!("https://localhost:{port}") } else { format!("http://127.0.0.1:{port}/api") };
        let platform = Arc::new(Self {
            base,
            act: Mutex::new(Act::Usual),
            questions: Mutex::default(),
            connections: AtomicUsize::new(0),
            open: AtomicUsize::new(0),
            gate: Semaphore::new(0),
        });
        let serving = Arc::clone(&platform);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (serving, tls) = (Arc::clone(&serving), tls.clone());
                tokio::spawn(async move {
                    serving.connections.fetch_add(1, Ordering::SeqCst);
                    serving.open.fetch_add(1, Ordering::SeqCst);
                    match tls {
                        None => serving.serve(stream).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                serving.serve(stream).await;
                            }
                        }
                    }
                    serving.open.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        platform
    }

    /// The service with this platform behind it, and the memory that it may take.
    pub fn app(&self, trust: Trust, open_time: Duration) -> (Builder, Budget) {
        let (base, budget) = (Base::parse(&self.base, Plain::OnLoopback).unwrap(), Budget::default());
        let provider = Platform::new(base, trust.client().unwrap(), budget.clone()).with_open_time(open_time);
        (App::logged().provider(provider).budget(budget.clone()), budget)
    }

    pub fn acts(&self, act: Act) {
        *self.act.lock().unwrap() = act;
    }

    /// The heads of the questions so far.
    pub fn questions(&self) -> Vec<String> {
        self.questions.lock().unwrap().clone()
    }

    pub fn asked(&self) -> usize {
        self.questions.lock().unwrap().len()
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub fn open_connections(&self) -> usize {
        self.open.load(Ordering::SeqCst)
    }

    pub fn open_gate(&self) {
        self.gate.add_permits(Semaphore::MAX_PERMITS / 2);
    }

    pub async fn until_asked(&self, times: usize) {
        while self.asked() < times {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Question after question, as long as answers leave the connection open.
    async fn serve(&self, mut stream: impl AsyncRead + AsyncWrite + Unpin) {
        while let Some(head) = read_head(&mut stream).await {
            self.questions.lock().unwrap().push(head.clone());
            let act = self.act.lock().unwrap().clone();
            let done = match act {
                Act::Usual => stream.write_all(&usual(&head)).await.is_err(),
                Act::Waits(tenant) => {
                    if head.contains(tenant) {
                        let _ = self.gate.acquire().await;
                    }
                    stream.write_all(&usual(&head)).await.is_err()
                }
                Act::Says(status, headers, body) => stream.write_all(&answer(status, headers, &body)).await.is_err(),
                Act::Writes(bytes) => {
                    let _ = stream.write_all(&bytes).await;
                    true
                }
                Act::Stays(bytes) => {
                    let _ = stream.write_all(&bytes).await;
                    until_closed(&mut stream).await
                }
                Act::Repeats(bytes, again) => {
                    let _ = stream.write_all(&bytes).await;
                    while stream.write_all(&again).await.is_ok() {}
                    true
                }
                Act::Drips(bytes) => {
                    let _ = stream.write_all(&bytes).await;
                    while stream.write_all(b" ").await.is_ok() && stream.flush().await.is_ok() {
                        tokio::time::sleep(Duration::from_millis(10)).await;
                    }
                    true
                }
            };
            if done {
                let _ = stream.shutdown().await;
                return;
            }
        }
    }
}

async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    String::from_utf8(head).ok()
}

async fn until_closed(stream: &mut (impl AsyncRead + Unpin)) -> bool {
    while stream.read_u8().await.is_ok() {}
    true
}

fn answer(status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status} Whatever\r\n{headers}Content-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// `{"references": …, "bundle": …}`, as much of it as is asked for.
fn usual(head: &str) -> Vec<u8> {
    let path = head.split(' ').nth(1).unwrap_or_default();
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let names: Vec<&str> = path.trim_start_matches("/api").split('/').skip(1).collect();
    let tenant = match names.as_slice() {
        ["workspaces", "acme", "tenants", tenant @ ("contoso" | "fabrikam"), "support-diagnostics"] => tenant,
        ["workspaces", "acme", "tenants", "contoso", "operation-runs", "run-1042", "support-diagnostics"] => "contoso",
        _ => return answer(404, "Content-Type: text/plain\r\n", b"no such thing"),
    };
    let mut said = json!({"references": {"tenant": {"id": tenant, "name": "A tenant"}}});
    if query == "include=references,bundle" {
        said["bundle"] = bundle();
    }
    answer(200, "Content-Type: application/json; charset=utf-8\r\n", said.to_string().as_bytes())
}

/// Text of a whole answer about a scope: references first.
pub fn whole(references: &Value, bundle: &Value) -> String {
    format!("{{\"references\": {references}, \"bundle\": {bundle}}}")
}
