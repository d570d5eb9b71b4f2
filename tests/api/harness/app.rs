//! The running service.

use std::{
    net::{SocketAddr, TcpListener},
    sync::{
        Arc, LazyLock, Mutex,
        atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use support_requests::{
    auth::KeyStore,
    budget::Budget,
    clock::{Clock, FixedClock},
    diagnostics::DiagnosticsProvider,
    http::{
        cors::AllowedOrigin,
        docs::Docs,
        documents::Documents,
        metrics::HttpMetrics,
        public_url::{PlainHttp, PublicUrl},
        server::{self, ServerHandle},
        service::{Draining, REQUEST_TIMEOUT, Service},
    },
    intake::{Intake, PROVIDER_TIMEOUT},
    rate_limit::{Rate, RateLimit},
    redaction::{REDACTION_TIMEOUT, RedactionPool},
};
use tokio::task::JoinHandle;

use super::{Answer, CREATE, Call, Counts, Database, Endpoint, NOW, Token, VIEW, World};
use crate::support::{logs, tokens};

/// What is set before the service starts.
pub struct Builder {
    world: Arc<World>,
    provider: Option<Arc<dyn DiagnosticsProvider>>,
    clock: Arc<dyn Clock>,
    keys: Arc<KeyStore>,
    cors_origins: Vec<AllowedOrigin>,
    docs: Docs,
    public_url: Option<PublicUrl>,
    request_timeout: Duration,
    rate: Option<Rate>,
    provider_timeout: Duration,
    redaction_timeout: Duration,
    budget: Budget,
}

/// A running service, its database and its platform.
pub struct App {
    pub database: Database,
    pub world: Arc<World>,
    pub clock: Arc<dyn Clock>,
    pub address: SocketAddr,
    pub service: Arc<Service>,
    pub handle: ServerHandle,
    pub(super) client: reqwest::Client,
    running: JoinHandle<std::io::Result<()>>,
    pub(super) log: logs::Mark,
    number: u32,
    secrets: Mutex<Vec<String>>,
    stored: AtomicI64,
    unseen: AtomicBool,
    is_finished: bool,
}

impl Builder {
    /// Another platform than the scripted one.
    pub fn provider(mut self, provider: impl DiagnosticsProvider) -> Self {
        self.provider = Some(Arc::new(provider));
        self
    }

    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    pub fn keys(mut self, keys: Arc<KeyStore>) -> Self {
        self.keys = keys;
        self
    }

    pub fn cors(mut self, origins: &[&str]) -> Self {
        self.cors_origins = origins.iter().map(|origin| AllowedOrigin::parse(origin).unwrap()).collect();
        self
    }

    pub fn docs(mut self, docs: Docs) -> Self {
        self.docs = docs;
        self
    }

    pub fn public_url(mut self, url: &str) -> Self {
        self.public_url = Some(PublicUrl::parse(url, PlainHttp::Never).unwrap());
        self
    }

    pub fn request_timeout(mut self, timeout: Duration) -> Self {
        self.request_timeout = timeout;
        self
    }

    /// Nobody is limited otherwise: tests ask more often than people.
    pub fn rate(mut self, rate: &str) -> Self {
        self.rate = Rate::parse(rate).unwrap();
        self
    }

    pub fn provider_timeout(mut self, timeout: Duration) -> Self {
        self.provider_timeout = timeout;
        self
    }

    pub fn redaction_timeout(mut self, timeout: Duration) -> Self {
        self.redaction_timeout = timeout;
        self
    }

    pub fn budget(mut self, budget: Budget) -> Self {
        self.budget = budget;
        self
    }

    pub async fn start(self, database: Database) -> App {
        /// Compiled once: that takes longer than most tests.
        static REDACTOR: LazyLock<Arc<redaction::Redactor>> =
            LazyLock::new(|| Arc::new(redaction::Redactor::builtin()));
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        let log = logs::mark();
        let store = database.open_store(Arc::clone(&self.clock)).await;
        let redaction = RedactionPool::new(Arc::clone(&REDACTOR)).unwrap().with_timeout(self.redaction_timeout);
        let provider = self.provider.unwrap_or_else(|| Arc::clone(&self.world) as _);
        let intake = Intake::new(provider, redaction, Arc::clone(&self.clock), store, self.budget);
        let service = Arc::new(Service {
            intake: intake.with_provider_timeout(self.provider_timeout),
            keys: self.keys,
            expectations: tokens::expectations(),
            clock: Arc::clone(&self.clock),
            redactor: Arc::clone(&REDACTOR),
            cors_origins: self.cors_origins,
            docs: self.docs,
            documents: Documents::at(self.public_url.as_ref(), self.docs),
            request_timeout: self.request_timeout,
            rate_limit: self.rate.and_then(RateLimit::new),
            connections: Arc::default(),
            demo: None,
            draining: Draining::default(),
            metrics: HttpMetrics::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = server::start(listener, Arc::clone(&service)).unwrap();
        App {
            database,
            world: self.world,
            clock: self.clock,
            address,
            service,
            handle: server.handle(),
            client: super::call::client(),
            running: tokio::spawn(server),
            log,
            number: NUMBER.fetch_add(1, Ordering::Relaxed),
            secrets: Mutex::default(),
            stored: AtomicI64::new(0),
            unseen: AtomicBool::new(false),
            is_finished: false,
        }
    }
}

impl App {
    pub fn build() -> Builder {
        Builder {
            world: Arc::default(),
            provider: None,
            clock: Arc::new(FixedClock::at(NOW)),
            keys: tokens::key_store(),
            cors_origins: Vec::new(),
            docs: Docs::Development,
            public_url: None,
            request_timeout: REQUEST_TIMEOUT,
            rate: None,
            provider_timeout: PROVIDER_TIMEOUT,
            redaction_timeout: REDACTION_TIMEOUT,
            budget: Budget::default(),
        }
    }

    /// The service as it usually is.
    pub async fn start(database: Database) -> Self {
        Self::build().start(database).await
    }

    /// A good call.
    pub fn create(&self, endpoint: Endpoint) -> Call<'_> {
        Call::new(self, endpoint.home())
    }

    /// A call of any path.
    pub fn get(&self, path: &str) -> Call<'_> {
        Call::new(self, path.to_owned()).method(reqwest::Method::GET).no_token().no_content_type().bytes("")
    }

    /// A token that may do everything in every tenant of `acme`.
    pub fn token(&self) -> String {
        self.token_of(&self.granting("*", &[CREATE, VIEW]))
    }

    /// A token under construction that grants this in a tenant of `acme`.
    pub fn granting(&self, tenant: &str, capabilities: &[&str]) -> Token {
        Token::at(self.clock.now()).tenant(tenant, capabilities)
    }

    /// Signs a token, and sees to it that nobody logs it.
    pub fn token_of(&self, token: &Token) -> String {
        let token = token.sign();
        self.keep_secret(&token);
        token
    }

    /// A report with something recognizable in every text. None of it may be logged or come back in an answer.
    pub fn report(&self) -> Value {
        json!({
            "severity": "high",
            "summary": format!("The synchronisation stopped, {}", self.canary("summary")),
            "reproduction_notes": format!("1. Open the run.\n2. See {}", self.canary("notes")),
            "contact_name": format!("Ada {}", self.canary("name")),
            "contact_email": format!("{}@acme.example", self.canary("email")),
        })
    }

    /// A word of this test only, of letters (others may be passwords), which must be in no log line and in no answer.
    pub fn canary(&self, what: &str) -> String {
        let number: String = self.number.to_string().bytes().map(|digit| char::from(digit - b'0' + b'a')).collect();
        let canary = format!("canary{number}{what}");
        self.keep_secret(&canary);
        canary
    }

    /// From now on this must be in no log line and in no answer. Of a token, its signature alone as well.
    pub fn keep_secret(&self, secret: &str) {
        let end = secret.rsplit('.').next().filter(|end| end.len() > 40);
        let mut secrets = self.secrets.lock().unwrap();
        for secret in [Some(secret), end].into_iter().flatten() {
            if secret.len() > 5 && !secrets.iter().any(|known| known == secret) {
                secrets.push(secret.to_owned());
            }
        }
    }

    /// Takes note of an answer, and checks what holds for every one.
    #[track_caller]
    pub fn received(&self, answer: &Answer) {
        if answer.status == 201 {
            self.stored.fetch_add(1, Ordering::SeqCst);
        }
        answer.check(&self.secrets.lock().unwrap());
    }

    /// From now on rows may be there whose answer nobody waited for; each still has its audit record.
    pub fn allow_unseen(&self) {
        self.unseen.store(true, Ordering::SeqCst);
    }

    /// # Panics
    /// Unless exactly what was answered 201 so far is stored.
    #[track_caller]
    pub fn assert_nothing_new(&self) -> impl Future<Output = ()> {
        let expected = Counts::of(self.stored.load(Ordering::SeqCst));
        async move { assert_eq!(self.database.counts().await, expected, "rows without a 201, or the other way round") }
    }

    /// Stops the service, and checks what holds after every test: what was answered 201 is stored and nothing else is;
    /// every row has its audit record and the digest that it should have; no secret and no token was logged.
    pub async fn finish(mut self) {
        self.is_finished = true;
        self.handle.abort().await;
        (&mut self.running).await.unwrap().unwrap();
        self.service.intake.store().close(Duration::from_secs(10)).await;
        if self.unseen.load(Ordering::SeqCst) {
            let (counts, stored) = (self.database.counts().await, self.stored.load(Ordering::SeqCst));
            assert!(counts.requests == counts.events && counts.requests >= stored, "{counts:?}, {stored} answered");
        } else {
            self.assert_nothing_new().await;
        }
        super::pairs::check(&self).await;
        logs::assert_absent(self.log, &self.secrets.lock().unwrap());
    }
}

impl Drop for App {
    fn drop(&mut self) {
        assert!(self.is_finished || std::thread::panicking(), "end the test with app.finish().await: it checks more");
    }
}
