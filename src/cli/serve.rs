//! `serve`: the service.

use std::{net::TcpListener, sync::Arc, time::Duration};

use anyhow::{Context, bail};
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{
    token,
    wait::{self, Waited},
};
use crate::{
    auth::{FileWatch, KeyStore, development::DevelopmentKey},
    causes::Causes,
    clock::{Clock, SystemClock},
    config::{DiagnosticsSource, Environment, KeySource, Serve, Settings},
    diagnostics::{DiagnosticsProvider, demo::Demo, file::Files},
    http::{
        server::{self, ServerHandle},
        service::{Draining, REQUEST_TIMEOUT, Service},
    },
    intake::Intake,
    store::{self, Migrated, Store, StoreError},
    telemetry,
};

/// How often the key set's file is looked at.
const KEY_FILE_INTERVAL: Duration = Duration::from_secs(2);

pub(super) async fn run(settings: &Settings) -> anyhow::Result<()> {
    // Every setting is read before anything is opened, so that a wrong one leaves no trace.
    let config = settings.for_serve()?;
    telemetry::start(config.environment, config.log.clone());
    // Before the development key, which is made beside it.
    config.database.look_at_file()?;
    let provider = provider(&config.diagnostics)?;
    let keys = keys(&config.keys)?;

    let database = &config.database;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    // From here on a signal is not lost, whether it comes during the wait, just after it, or as soon as it is ready.
    let signals = Signals::listen().context("signals cannot be waited for")?;
    let tell = |error: &StoreError| tracing::warn!(error = %Causes(error), "waiting for the database");
    let Waited::Done(store) = wait::until(config.wait_for_database, tell, async || open(&config, &clock).await).await?
    else {
        tracing::info!("stopped before the database answered");
        return Ok(());
    };
    look_at_defences(config.environment, &store).await?;
    let redactor = Arc::new(config.redactor.clone());
    let service = Arc::new(Service {
        intake: Intake::new(provider, Arc::clone(&redactor), Arc::clone(&clock), store),
        keys: Arc::clone(&keys.store),
        expectations: config.expectations.clone(),
        clock,
        redactor,
        cors_origins: config.cors_origins.clone(),
        request_timeout: REQUEST_TIMEOUT,
        draining: Draining::default(),
    });
    let listener = TcpListener::bind(config.listen).with_context(|| format!("cannot listen on {}", config.listen))?;
    let address = listener.local_addr()?;
    let running = server::start(listener, Arc::clone(&service))?;
    tracing::info!(%address, %database, "ready");
    if let Some(key) = &keys.development {
        welcome(address, &database.to_string(), &token::default_token(&config.expectations, key)?);
    }
    let stopping = tokio::spawn(stop_on_signal(signals, running.handle(), service, config.shutdown_delay));
    running.await?;
    stopping.await.context("the stop was interrupted")?;
    tracing::info!("stopped");
    Ok(())
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

fn provider(source: &DiagnosticsSource) -> anyhow::Result<Arc<dyn DiagnosticsProvider>> {
    Ok(match source {
        DiagnosticsSource::Demo => Arc::new(Demo),
        DiagnosticsSource::Files(folder) => Arc::new(
            Files::open(folder).context("SUPPORT_REQUESTS_DIAGNOSTICS (--diagnostics): the folder cannot be opened")?,
        ),
    })
}

/// The keys, and what goes with where they come from.
struct Keys {
    store: Arc<KeyStore>,
    /// Looks at the file as long as it is kept.
    _watch: Option<FileWatch>,
    development: Option<DevelopmentKey>,
}

fn keys(source: &KeySource) -> anyhow::Result<Keys> {
    match source {
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

/// What an init system and a keyboard say to stop a program.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }
}

async fn stop_on_signal(mut signals: Signals, handle: ServerHandle, service: Arc<Service>, shutdown_delay: Duration) {
    tokio::select! {
        _ = signals.terminate.recv() => {}
        _ = signals.interrupt.recv() => {}
    }
    tracing::info!("stopping: no new connections; what is under way is finished");
    server::stop(handle, &service, shutdown_delay).await;
}

/// What a person needs on the first run, on standard output.
fn welcome(address: std::net::SocketAddr, database: &str, token: &str) {
    let address = super::healthcheck::callable(address);
    println!(
        "\nSupport Requests is ready.

  Open      http://{address}/docs/   (press 'Authorize' and paste the token below)
  Document  http://{address}/openapi.json
  Data      {database}

  A development token, good for 12 hours (another: `support-requests token`):

TOKEN={token}

  A first support request:

curl -sS http://{address}/workspaces/acme/tenants/contoso/support-requests \\
  -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' \\
  -d '{{\"summary\": \"Policies are not synchronised\", \"severity\": \"high\"}}'

  Stop with Ctrl-C.
"
    );
}
