//! An ordinary call of one of the two endpoints, good unless something about it is changed.

use std::time::Duration;

use reqwest::Method;
use serde_json::Value;
use support_requests::http::requests::{RUN_PATH, TENANT_PATH};

use super::{Answer, App};

/// How long a test waits for an answer: many times what the contract allows, so that only a hang is ever noticed.
pub(super) const ANSWER_TIMEOUT: Duration = Duration::from_mins(2);

/// The two ways to create a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endpoint {
    Tenant,
    Run,
}

impl Endpoint {
    pub const BOTH: [Self; 2] = [Self::Tenant, Self::Run];

    /// The path in the published document.
    pub fn template(self) -> &'static str {
        match self {
            Self::Tenant => TENANT_PATH,
            Self::Run => RUN_PATH,
        }
    }

    /// The path of a scope; a tenant's has no run.
    pub fn path(self, workspace: &str, tenant: &str, run: &str) -> String {
        self.template().replace("{workspace}", workspace).replace("{tenant}", tenant).replace("{run}", run)
    }

    /// The path of a scope that exists and that [`App::token`] belongs to.
    pub fn home(self) -> String {
        self.path("acme", "contoso", "run-1042")
    }

    pub fn primary_context(self) -> (&'static str, &'static str) {
        match self {
            Self::Tenant => ("tenant", "contoso"),
            Self::Run => ("operation_run", "run-1042"),
        }
    }
}

/// A call under construction.
pub struct Call<'a> {
    app: &'a App,
    method: Method,
    path: String,
    token: Option<String>,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl<'a> Call<'a> {
    pub(super) fn new(app: &'a App, path: String) -> Self {
        let headers = vec![("content-type", "application/json".to_owned())];
        let body = app.report().to_string().into_bytes();
        Self { app, method: Method::POST, path, token: Some(app.token()), headers, body }
    }

    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    pub fn method(mut self, method: Method) -> Self {
        self.method = method;
        self
    }

    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    pub fn no_token(mut self) -> Self {
        self.token = None;
        self
    }

    /// Sets a header, in place of one of that name.
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.into()));
        self
    }

    pub fn no_content_type(mut self) -> Self {
        self.headers.retain(|(known, _)| *known != "content-type");
        self
    }

    pub fn body(self, body: &Value) -> Self {
        self.bytes(body.to_string())
    }

    pub fn bytes(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// The good report with one field changed; `null` is sent as `null`.
    pub fn field(self, name: &str, value: Value) -> Self {
        let mut report = self.app.report();
        report[name] = value;
        self.body(&report)
    }

    pub async fn send(self) -> Answer {
        let mut request = self.app.client.request(self.method, format!("http://{}{}", self.app.address, self.path));
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        if let Some(token) = &self.token {
            self.app.keep_secret(token);
            request = request.bearer_auth(token);
        }
        let answer = request.body(self.body).send().await.expect("there is an answer");
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let answer = Answer { status, headers, bytes: answer.bytes().await.unwrap().to_vec() };
        self.app.received(&answer);
        answer
    }
}

/// A client that takes answers as they are, and gives up on one that does not come rather than hang for ever.
/// A connection each: one that is kept may be closed, for having been idle, at the very moment of its next use.
pub(super) fn client() -> reqwest::Client {
    let client =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().pool_max_idle_per_host(0);
    client.timeout(ANSWER_TIMEOUT).build().unwrap()
}
