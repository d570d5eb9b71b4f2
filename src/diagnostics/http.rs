//! The platform itself, asked over HTTP: `GET BASE/workspaces/{w}/tenants/{t}/support-diagnostics`, with the caller's own
//! token, so that the platform decides again. One call gives references and bundle.
//!
//! Deliberately absent: redirects (a token goes to the platform and nowhere else), a proxy that was not asked for,
//! compressed bodies, a second try. What the platform says reaches neither the caller nor the log, beyond its status and the kind of a failure.

mod base;
mod body;
mod document;
mod fault;

use std::{sync::Arc, time::Duration};

pub use reqwest::Client;
use reqwest::{
    Certificate, Identity, Proxy, Response,
    header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue},
    redirect::Policy,
};
use tokio::{
    sync::Semaphore,
    time::{Instant, timeout, timeout_at},
};

pub use self::base::{Base, NotABase, Plain};
use self::{body::Body, document::Document, fault::Fault};
use super::{
    Answer, BundleAnswer, CircuitState, DiagnosticsProvider, ProviderFailure, Question, Said,
    breaker::{Breaker, Change},
};
use crate::{
    auth::ProxyUrl,
    budget::{Budget, Exhausted, TREES, weight_of_json},
    domain::request::Scope,
};

/// Calls to the platform at the same time: as many connections, at most.
const CALLS_MAX: usize = 128;

/// Connections that are kept for the next call.
const IDLE_MAX: usize = 16;

/// How long they are kept: less than the five seconds after which common servers close theirs, so that a call does not meet
/// a connection that is just being closed.
const IDLE_TIMEOUT: Duration = Duration::from_secs(4);

/// How long one address of the platform's name may take, so that there is time left for its next.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// How long a platform may take to answer anything at all: what it is given for an answer that counts.
const REACH_TIMEOUT: Duration = Duration::from_secs(2);

/// The platform.
#[derive(Debug)]
pub struct Platform {
    base: Base,
    client: Client,
    calls: Semaphore,
    breaker: Breaker,
    budget: Budget,
}

/// Whom TLS trusts, who we are to the other side, and what is on the way there.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    proxy: Option<ProxyUrl>,
    authorities: Option<Vec<Certificate>>,
    identity: Option<Identity>,
}

impl Trust {
    /// These authorities (PEM) in place of the system's.
    ///
    /// # Errors
    /// There is no certificate in it.
    pub fn with_authorities(mut self, pem: &[u8]) -> Result<Self, &'static str> {
        let authorities = Certificate::from_pem_bundle(pem).ok().filter(|found| !found.is_empty());
        self.authorities = Some(authorities.ok_or("holds no certificate in PEM form")?);
        Ok(self)
    }

    /// This certificate, with its chain, and its key (both PEM).
    ///
    /// # Errors
    /// They are not there, or unreadable.
    pub fn with_identity(mut self, certificate: &[u8], key: &[u8]) -> Result<Self, &'static str> {
        let identity = Identity::from_pem(&[certificate, b"\n", key].concat());
        self.identity = Some(identity.map_err(|_| "and its key must be a certificate and a private key in PEM form")?);
        Ok(self)
    }

    /// Through this proxy, which sees an `https://` platform's name and nothing of what is said.
    #[must_use]
    pub fn through(mut self, proxy: ProxyUrl) -> Self {
        self.proxy = Some(proxy);
        self
    }

    /// A client for the platform.
    ///
    /// # Errors
    /// Something of it cannot be used together: a key that is another certificate's.
    pub fn client(self) -> Result<Client, reqwest::Error> {
        let mut builder = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .referer(false)
            .http1_only()
            .pool_max_idle_per_host(IDLE_MAX)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .connect_timeout(CONNECT_TIMEOUT)
            .user_agent(concat!("support-requests/", env!("CARGO_PKG_VERSION")));
        if let Some(proxy) = self.proxy {
            builder = builder.proxy(Proxy::all(proxy.url())?);
        }
        if let Some(authorities) = self.authorities {
            builder = builder.tls_certs_only(authorities);
        }
        if let Some(identity) = self.identity {
            builder = builder.identity(identity);
        }
        builder.build()
    }
}

impl Platform {
    /// A provider that asks the platform at `base`, and reserves memory for what it reads.
    #[must_use]
    pub fn new(base: Base, client: Client, budget: Budget) -> Self {
        Self { base, client, calls: Semaphore::new(CALLS_MAX), breaker: Breaker::default(), budget }
    }

    /// Gives the circuit another time than five seconds to stay open.
    #[must_use]
    pub fn with_open_time(mut self, open_time: Duration) -> Self {
        self.breaker = Breaker::with_open_time(open_time);
        self
    }

    async fn ask(&self, about: &Question<'_>) -> Result<Answer, Unanswered> {
        let _call = timeout_at(about.until, self.calls.acquire()).await.map_err(|_| Fault::Busy)?;
        let request = self.client.get(self.base.question(about.scope, about.include)).headers(headers(about)?);
        let response = timeout_at(about.until, request.send()).await.map_err(|_| Fault::Late)?;
        let response = response.map_err(|error| Fault::of(&error))?;
        match response.status().as_u16() {
            200 => {}
            404 => return Ok(Answer::Unknown),
            status => return Err(Fault::Status(status).into()),
        }
        look_at_form(&response)?;
        let body = body::read(response, &self.budget, about.until).await?;
        // Before the trees are made, because they may be a hundred times as large as their text.
        let memory = Arc::new(self.budget.reserve(TREES * weight_of_json(&body.bytes)).await?);
        let said = |said: Said| said.within(Arc::clone(&memory));
        let document = Document::read(&body.bytes);
        let Some(references) = document.references else { return Err(unproven(body, document.fault).into()) };
        let bundle = match (body.fault, document.fault, document.bundle) {
            _ if !about.include.bundle() => BundleAnswer::None,
            (Some(fault @ Fault::TooLarge), ..) => BundleAnswer::Unusable(fault.to_string().into()),
            (Some(fault), ..) => BundleAnswer::Failed(failure(fault)),
            (None, Some(fault), _) => BundleAnswer::Unusable(fault.into()),
            (None, None, Some(bundle)) => BundleAnswer::Known(said(bundle)),
            (None, None, None) => BundleAnswer::None,
        };
        Ok(Answer::Known { references: said(references), bundle })
    }
}

#[async_trait::async_trait]
impl DiagnosticsProvider for Platform {
    async fn answer(&self, about: &Question<'_>) -> Result<Answer, ProviderFailure> {
        let call = self.breaker.enter(Instant::now()).ok_or_else(|| failure(Fault::CircuitOpen))?;
        match self.ask(about).await {
            Ok(answer) => {
                call.succeeded().log(&self.base);
                Ok(answer)
            }
            Err(Unanswered::Fault(fault)) => {
                let change = match &fault {
                    // Nobody was asked.
                    Fault::Busy => Change::Nothing,
                    fault if fault.is_of_the_platform() => call.failed(Instant::now()),
                    _ => call.succeeded(),
                };
                change.log(&self.base);
                Err(failure(fault))
            }
            Err(Unanswered::NoMemory(exhausted)) => {
                Err(ProviderFailure::because("there is no memory for what the platform says", exhausted))
            }
        }
    }

    /// Any answer will do, to a question without a token: that there is one says that the name, the way and the
    /// certificate are right.
    async fn reach(&self) -> Result<(), ProviderFailure> {
        let answer = timeout(REACH_TIMEOUT, self.client.get(self.base.url()).send()).await;
        match answer {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(ProviderFailure::because("the platform cannot be reached", Fault::of(&error))),
            Err(_) => Err(ProviderFailure::because("the platform cannot be reached", Fault::Late)),
        }
    }

    fn origin(&self, scope: &Scope) -> Option<String> {
        Some(self.base.of(scope).into())
    }

    fn circuit(&self) -> Option<CircuitState> {
        Some(self.breaker.state())
    }
}

/// Why there is no answer.
enum Unanswered {
    Fault(Fault),
    NoMemory(Exhausted),
}

impl From<Fault> for Unanswered {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Exhausted> for Unanswered {
    fn from(exhausted: Exhausted) -> Self {
        Self::NoMemory(exhausted)
    }
}

fn failure(fault: Fault) -> ProviderFailure {
    ProviderFailure::because("the platform gave no answer that can be used", fault)
}

fn unproven(body: Body, unreadable: Option<String>) -> Fault {
    body.fault.or(unreadable.map(Fault::Unreadable)).unwrap_or(Fault::NoReferences)
}

fn headers(about: &Question<'_>) -> Result<HeaderMap, Fault> {
    let value = |text: String| HeaderValue::from_str(&text).map_err(|_| Fault::Broken);
    let mut token = value(format!("Bearer {}", about.token.expose()))?;
    token.set_sensitive(true);
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, token);
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    headers.insert("x-request-id", value(about.request_id.to_string())?);
    if let Some(traceparent) = about.traceparent {
        headers.insert("traceparent", value(traceparent.to_string())?);
    }
    Ok(headers)
}

/// A page that something in between shows to everybody is HTML, and is not read.
fn look_at_form(response: &Response) -> Result<(), Fault> {
    let header = |name| response.headers().get(name).map(|value| value.to_str().unwrap_or("?").trim());
    let essence = header(CONTENT_TYPE).unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(Fault::NotJson);
    }
    match header(CONTENT_ENCODING) {
        None | Some("" | "identity") => Ok(()),
        Some(_) => Err(Fault::Compressed),
    }
}
