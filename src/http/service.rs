//! What handlers share.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use redaction::Redactor;

use super::{
    connections::Connections, cors::AllowedOrigin, demo::DemoPages, docs::Docs, documents::Documents,
    metrics::HttpMetrics,
};

use crate::{
    auth::{Expectations, KeyStore},
    clock::Clock,
    intake::Intake,
    rate_limit::RateLimit,
};

/// How long a request may take to arrive whole.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// Everything a handler needs, put together by whoever starts the service.
pub struct Service {
    /// The use case.
    pub intake: Intake,
    /// The keys that tokens are signed with.
    pub keys: Arc<KeyStore>,
    /// What a token must say.
    pub expectations: Expectations,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// The rules that also decide whether a caller's request id may be kept.
    pub redactor: Arc<Redactor>,
    /// Origins whose pages may call this service.
    pub cors_origins: Vec<AllowedOrigin>,
    /// The pages for people.
    pub docs: Docs,
    /// The published document, for where callers reach the service.
    pub documents: Documents,
    /// How many requests one creator may make in one workspace; none where nobody is limited.
    pub rate_limit: Option<RateLimit>,
    /// How many connections are served at once.
    pub connections: Arc<Connections>,
    /// How long a request may take to arrive whole.
    pub request_timeout: Duration,
    /// The demo, where it is served.
    pub demo: Option<DemoPages>,
    /// Whether the service is going down.
    pub draining: Draining,
    /// What answering counts and measures, and where all such numbers are to be had.
    pub metrics: HttpMetrics,
}

/// Whether requests should be sent here, or why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readiness {
    /// They should.
    Ready,
    /// It is going down.
    Draining,
    /// There are no keys yet.
    NoKeys,
    /// The database takes no writes.
    NoWrites,
}

impl Service {
    /// Whether requests should be sent here. Asking costs nothing and waits for nobody.
    #[must_use]
    pub fn readiness(&self) -> Readiness {
        if self.draining.has_begun() {
            Readiness::Draining
        } else if self.keys.current().is_empty() {
            Readiness::NoKeys
        } else if self.intake.store().takes_writes() {
            Readiness::Ready
        } else {
            Readiness::NoWrites
        }
    }
}

/// Whether the service is going down; shared by everybody who must know.
#[derive(Debug, Clone, Default)]
pub struct Draining(Arc<AtomicBool>);

impl Draining {
    /// From now on `/readyz` says 503 and answers ask clients to close their connection.
    pub fn begin(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether it has begun.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}
