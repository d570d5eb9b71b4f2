//! `serve`: the service.

use std::{net::TcpListener, sync::Arc, time::Duration};

use anyhow::{Context, bail};
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{
    notify::{self, Notifier},
    observe, token,
    wait::{self, Waited},
    welcome::{self, Pages},
};
use crate::{
    auth::{KeyStore, KeyWatch, Limits, Remote, development::DevelopmentKey},
    budget::Budget,
    causes::Causes,
    clock::{Clock, SystemClock},
    config::{DiagnosticsSource, Environment, KeySource, Serve, Settings},
    diagnostics::{DiagnosticsProvider, demo::Demo, file::Files, http::Platform, sql::Views},
    http::{
        connections::Connections,
        demo::DemoPages,
        docs::Docs,
        documents::Documents,
        server::{self, STOP_TIMEOUT, ServerHandle, Stopped},
        service::{Draining, REQUEST_TIMEOUT, Service},
    },
    intake::Intake,
    rate_limit::RateLimit,
    redaction::RedactionPool,
    store::{self, Cause, Migrated, Replication, Store, StoreError},
    telemetry,
};

/// How many files a process may usually have open, where nobody can tell.
const OPEN_FILES_USUAL: u64 = 1024;

/// How often the key set's file is looked at.
const KEY_FILE_INTERVAL: Duration = Duration::from_secs(2);

pub(super) async fn run(settings: &Settings) -> anyhow::Result<()> {
    // Every setting is read before anything is opened, so that a wrong one leaves no trace.
    let config = settings.for_serve()?;
    let traces = observe::traces(config.traces)?;
    let log = telemetry::start(config.environment, config.log.clone(), traces.as_ref());
    // The last spans go before the last lines, which may say that they could not be sent.
    let _traces = traces;
    let notifier = Notifier(config.service_manager);
    // From here on the signal no longer ends the process, not even while it starts or stops.
    let hangup = signal(SignalKind::hangup()).context("signals cannot be waited for")?;
    // Before the development key, which is made beside it.
    config.database.look_at_file()?;
    let budget = Budget::default();
    let provider = provider(config.diagnostics.clone(), &budget).await?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let mut keys = keys(&config.keys, &clock)?;
    tokio::spawn(read_keys_on_hangup(hangup, Arc::clone(&keys.store)));

    let database = &config.database;
    // From here on a signal is not lost, whether it comes during the wait, just after it, or as soon as it is ready.
    let signals = Signals::listen().context("signals cannot be waited for")?;
    let tell = |error: &StoreError| {
        let Cause { cause, sqlstate } = Cause::of(error);
        tracing::warn!(cause, sqlstate, error = %Causes(error), "waiting for the database");
        tokio::spawn(notifier.tell(notify::WAITING));
    };
    let Waited::Done(store) = wait::until(config.wait_for_database, tell, async || open(&config, &clock).await).await?
    else {
        tracing::info!("stopped before the database answered");
        return Ok(());
    };
    look_at_defences(config.environment, &store).await?;
    if let Some(weakness) = Replication::of(database).await?.and_then(|replication| replication.weakness()) {
        tracing::warn!(weakness, "the database keeps less than its standbys promise");
    }
    let token = keys.development.as_ref().map(|key| token::default_token(&config.expectations, key)).transpose()?;
    // Its pages show the built-in world, and its tokens are signed here.
    let demo = keys.development.take().filter(|_| matches!(config.diagnostics, DiagnosticsSource::Demo)).map(DemoPages);
    let has_demo = demo.is_some();
    let redactor = Arc::new(config.redactor.clone());
    let redaction = RedactionPool::new(Arc::clone(&redactor)).context("the system gives no threads")?;
    let service = Arc::new(Service {
        intake: Intake::new(provider, redaction, Arc::clone(&clock), store, budget),
        keys: Arc::clone(&keys.store),
        expectations: config.expectations.clone(),
        clock,
        redactor,
        cors_origins: config.cors_origins.clone(),
        docs: config.docs,
        documents: Documents::at(config.public_url.as_ref(), config.docs),
        request_timeout: REQUEST_TIMEOUT,
        rate_limit: config.rate_limit.and_then(RateLimit::new),
        connections: Arc::new(Connections::within(open_files())),
        demo,
        draining: Draining::default(),
        metrics: observe::metrics(config.metrics_listen, &log),
    });
    observe::listen(config.metrics_listen, &service)?;
    let cannot = || format!("SUPPORT_REQUESTS_LISTEN (--listen): cannot listen on {}", config.listen);
    let listener = TcpListener::bind(config.listen).with_context(cannot)?;
    let address = listener.local_addr()?;
    let running = server::start(listener, Arc::clone(&service))?;
    let facts = service.intake.store().facts();
    let keys_now = keys.store.current();
    let readiness = if keys_now.is_empty() { "listening, and ready as soon as there are keys" } else { "ready" };
    tracing::info!(
        %address,
        %database,
        version = env!("CARGO_PKG_VERSION"),
        schema = facts.schema_version,
        role = facts.role,
        chain = facts.chain,
        rule_set = service.redactor.version(),
        keys = keys_now.key_ids().join(" "),
        connections_max = service.connections.served_max(),
        "{readiness}"
    );
    notifier.tell(notify::READY).await;
    tokio::spawn(notifier.keep_telling(Arc::clone(&service)));
    if let Some(token) = token {
        let docs = config.docs != Docs::Off;
        welcome::print(address, Pages { demo: has_demo, docs }, &database.to_string(), &token);
    }
    let stopping = tokio::spawn(stop_on_signal(signals, running.handle(), service, config.shutdown_delay, notifier));
    running.await?;
    match stopping.await.context("the stop was interrupted")? {
        Stopped::Cleanly => tracing::info!("stopped"),
        Stopped::CuttingOff => bail!("stopped before everything was answered"),
    }
    Ok(())
}

/// How many files this process may have open, connections included, once the limit is as high as it may set it.
pub(super) fn open_files() -> u64 {
    let raised = rlimit::increase_nofile_limit(u64::MAX);
    raised.or_else(|_| rlimit::Resource::NOFILE.get_soft()).unwrap_or(OPEN_FILES_USUAL)
}

/// Opens the database. A file is brought up to date first.
async fn open(config: &Serve, clock: &Arc<dyn Clock>) -> Result<Store, StoreError> {
    if config.database.file().is_some()
        && let Migrated::Newer { schema, build } = store::migrate(&config.database, &config.runtime_role).await?
    {
        tracing::warn!(schema, build, "the database's schema is newer than this build");
    }
    Store::open(&config.database, Arc::clone(clock)).await
}

/// Refuses to run weakened in production; says so elsewhere.
async fn look_at_defences(environment: Environment, store: &Store) -> anyhow::Result<()> {
    let weaknesses = store.weaknesses().await?;
    if weaknesses.is_empty() {
        return Ok(());
    }
    if environment == Environment::Production {
        bail!("the database does not defend what is stored: {}", weaknesses.join("; "));
    }
    for weakness in weaknesses {
        tracing::warn!(weakness, "the database does not defend what is stored; production would not start");
    }
    Ok(())
}

pub(super) async fn provider(
    source: DiagnosticsSource,
    budget: &Budget,
) -> anyhow::Result<Arc<dyn DiagnosticsProvider>> {
    const SETTING: &str = "SUPPORT_REQUESTS_DIAGNOSTICS (--diagnostics)";
    let budget = budget.clone();
    Ok(match source {
        DiagnosticsSource::Demo => Arc::new(Demo),
        DiagnosticsSource::Files(folder) => {
            Arc::new(Files::open(&folder, budget).with_context(|| format!("{SETTING}: the folder cannot be opened"))?)
        }
        DiagnosticsSource::Views(database) => Arc::new(Views::open(database, budget).await.context(SETTING)?),
        DiagnosticsSource::Platform(base, client) => Arc::new(Platform::new(base, client, budget)),
    })
}

/// The keys, and what goes with where they come from.
struct Keys {
    store: Arc<KeyStore>,
    /// Looks after the file, or the issuer, as long as it is kept.
    _watch: Option<KeyWatch>,
    development: Option<DevelopmentKey>,
}

fn keys(source: &KeySource, clock: &Arc<dyn Clock>) -> anyhow::Result<Keys> {
    match source {
        KeySource::Remote { at, proxy } => {
            let remote = Remote::new((**at).clone(), proxy.clone(), Limits::default(), Arc::clone(clock));
            let keys = KeyStore::remote(remote);
            let watch = keys.keep_fetching();
            Ok(Keys { store: keys, _watch: Some(watch), development: None })
        }
        KeySource::File(file) => {
            let keys = KeyStore::from_file(file).context("SUPPORT_REQUESTS_JWKS (--jwks)")?;
            let watch = keys.watch_file(KEY_FILE_INTERVAL);
            Ok(Keys { store: keys, _watch: Some(watch), development: None })
        }
        KeySource::Development(file) => {
            let key = DevelopmentKey::load_or_create(file).context("the development key cannot be used")?;
            Ok(Keys { store: KeyStore::fixed(key.key_set()?), _watch: None, development: Some(key) })
        }
    }
}

/// SIGHUP: what operators send a service that is to read its files again.
async fn read_keys_on_hangup(mut hangup: Signal, keys: Arc<KeyStore>) {
    while hangup.recv().await.is_some() {
        tracing::info!("SIGHUP: the keys are read again");
        keys.reread_and_tell().await;
    }
}

/// What an init system and a keyboard say to stop a program.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Until one of them comes.
    async fn any(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

async fn stop_on_signal(
    mut signals: Signals,
    handle: ServerHandle,
    service: Arc<Service>,
    shutdown_delay: Duration,
    notifier: Notifier,
) -> Stopped {
    signals.any().await;
    tracing::info!(?shutdown_delay, "stopping: not ready any more; what comes is answered until the door is closed");
    end_whatever_happens();
    tokio::spawn(notifier.tell(notify::STOPPING));
    tokio::select! {
        stopped = server::stop(handle.clone(), &service, shutdown_delay) => stopped,
        // Whoever says it twice does not want to wait for a load balancer.
        () = signals.any() => {
            tracing::info!("stopping at once: asked again");
            server::stop(handle, &service, Duration::ZERO).await
        }
    }
}

/// The last resort: a thread that ends the process where the stop does not, whatever it is that hangs.
fn end_whatever_happens() {
    let watching = std::thread::Builder::new().name("last resort".to_owned()).spawn(|| {
        std::thread::sleep(STOP_TIMEOUT + Duration::from_millis(500));
        std::process::exit(1);
    });
    if let Err(error) = watching {
        tracing::warn!(%error, "nothing ends the process should the stop hang");
    }
}
