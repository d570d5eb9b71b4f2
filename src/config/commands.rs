//! What each command needs, finished. Each is read whole: all wrong and missing settings of a command are told at once.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use redaction::Redactor;
use tracing_subscriber::EnvFilter;

use super::{
    SendTraces, ServiceManager, Settings, service_manager,
    types::{DiagnosticsSource, Environment, KeySource, Refused, SettingError},
};
use crate::{
    auth::Expectations,
    http::{cors::AllowedOrigin, docs::Docs, public_url::PublicUrl},
    rate_limit::Rate,
    store::{DatabaseUrl, RuntimeRole},
};

/// What `serve` needs.
pub struct Serve {
    /// Where the service runs.
    pub environment: Environment,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where to answer scrapes, if not there.
    pub metrics_listen: Option<SocketAddr>,
    /// The database, as the service uses it.
    pub database: DatabaseUrl,
    /// The PostgreSQL role that the service runs as.
    pub runtime_role: RuntimeRole,
    /// How long to wait at start for a database that does not answer yet.
    pub wait_for_database: Duration,
    /// Where the keys come from.
    pub keys: KeySource,
    /// What a token must say.
    pub expectations: Expectations,
    /// Where references and diagnostics come from.
    pub diagnostics: DiagnosticsSource,
    /// The redaction rules.
    pub redactor: Redactor,
    /// Origins whose pages may call the service.
    pub cors_origins: Vec<AllowedOrigin>,
    /// The pages for people.
    pub docs: Docs,
    /// Where callers reach the service, where that is known.
    pub public_url: Option<PublicUrl>,
    /// How many requests one creator may make in one workspace; none where nobody is limited.
    pub rate_limit: Option<Rate>,
    /// How long `/readyz` says 503 before the door closes.
    pub shutdown_delay: Duration,
    /// What is logged.
    pub log: EnvFilter,
    /// Whether spans are sent to a collector.
    pub traces: SendTraces,
    /// Who started the service and wants to hear how it is.
    pub service_manager: Option<ServiceManager>,
}

/// What `migrate` needs.
pub struct Migrate {
    /// The database, as its owner where one is named.
    pub database: DatabaseUrl,
    /// The PostgreSQL role that the service runs as.
    pub runtime_role: RuntimeRole,
    /// How long to wait for a database that does not answer yet.
    pub wait_for_database: Duration,
}

/// What putting an operator's decision on record needs.
pub struct OwnerCommand {
    /// The database, as its owner where one is named.
    pub database: DatabaseUrl,
    /// The redaction rules: reasons and names go through them.
    pub rules: RuleSource,
}

/// Redaction rules that may have to be compiled yet, which takes a sixth of a second.
pub enum RuleSource {
    /// The ones of the program, which are known to be right.
    BuiltIn,
    /// With those of a file: compiling them is how it is found out whether they are right.
    Compiled(Box<Redactor>),
}

impl RuleSource {
    /// The rules, compiled.
    #[must_use]
    pub fn compiled(self) -> Redactor {
        match self {
            Self::BuiltIn => Redactor::builtin(),
            Self::Compiled(redactor) => *redactor,
        }
    }
}

/// What making a development token needs.
pub struct Tokens {
    /// Where it runs: production refuses development tokens.
    pub environment: Environment,
    /// The file of the development key.
    pub development_key: PathBuf,
    /// Whose tokens, and for whom.
    pub expectations: Expectations,
}

impl Settings {
    /// What `serve` needs.
    ///
    /// # Errors
    /// Every setting of it that is wrong or missing.
    pub fn for_serve(&self) -> Result<Serve, Refused> {
        let mut wrong = Wrong::default();
        let environment = wrong.environment(self);
        let listen = wrong.unless(self.listen());
        let metrics_listen = wrong.unless(self.metrics_listen());
        let database = wrong.unless(self.database());
        let runtime_role = wrong.unless(self.runtime_role());
        let wait_for_database = wrong.unless(self.wait_for_database());
        let keys = wrong.unless(self.keys(environment));
        let expectations = wrong.expectations(self, environment);
        let diagnostics = wrong.unless(self.diagnostics(environment));
        let redactor = wrong.unless(self.redactor());
        let cors_origins = wrong.unless(self.cors_origins());
        let docs = wrong.unless(self.docs(environment));
        let public_url = wrong.unless(self.public_url(environment));
        let rate_limit = wrong.unless(self.rate_limit());
        let shutdown_delay = wrong.unless(self.shutdown_delay(environment));
        let log = wrong.unless(self.log_filter());
        let traces = wrong.unless(SendTraces::from_environment());
        wrong.or_else(|| {
            Some(Serve {
                environment,
                listen: listen?,
                metrics_listen: metrics_listen?,
                database: database?,
                runtime_role: runtime_role?,
                wait_for_database: wait_for_database?,
                keys: keys?,
                expectations: expectations?,
                diagnostics: diagnostics?,
                redactor: redactor?,
                cors_origins: cors_origins?,
                docs: docs?,
                public_url: public_url?,
                rate_limit: rate_limit?,
                shutdown_delay: shutdown_delay?,
                log: log?,
                traces: traces?,
                service_manager: service_manager::from_environment(),
            })
        })
    }

    /// What `migrate` needs.
    ///
    /// # Errors
    /// Every setting of it that is wrong.
    pub fn for_migrate(&self) -> Result<Migrate, Refused> {
        let mut wrong = Wrong::default();
        let database = wrong.unless(self.owner_database());
        let runtime_role = wrong.unless(self.runtime_role());
        let wait_for_database = wrong.unless(self.wait_for_database());
        wrong.or_else(|| {
            Some(Migrate { database: database?, runtime_role: runtime_role?, wait_for_database: wait_for_database? })
        })
    }

    /// What putting an operator's decision on record needs.
    ///
    /// # Errors
    /// Every setting of it that is wrong.
    pub fn for_owner_command(&self) -> Result<OwnerCommand, Refused> {
        let mut wrong = Wrong::default();
        let database = wrong.unless(self.owner_database());
        let rules = wrong.unless(self.rules());
        wrong.or_else(|| Some(OwnerCommand { database: database?, rules: rules? }))
    }

    /// What making a development token needs.
    ///
    /// # Errors
    /// Every setting of it that is wrong or missing.
    pub fn for_tokens(&self) -> Result<Tokens, Refused> {
        let mut wrong = Wrong::default();
        let environment = wrong.environment(self);
        wrong.unless(self.database());
        let expectations = wrong.expectations(self, Environment::Development);
        let development_key = self.development_key();
        wrong.or_else(|| Some(Tokens { environment, development_key, expectations: expectations? }))
    }

    /// The database, for commands that read what is stored.
    ///
    /// # Errors
    /// Anything but a database URL.
    pub fn for_reading(&self) -> Result<DatabaseUrl, Refused> {
        self.database().map_err(Refused::from)
    }

    /// The redaction rules, for `redact`.
    ///
    /// # Errors
    /// A file of rules that cannot be read or used.
    pub fn for_redaction(&self) -> Result<Redactor, Refused> {
        self.redactor().map_err(Refused::from)
    }

    /// Where the service listens, for `healthcheck`.
    ///
    /// # Errors
    /// Anything but an IP address and a port.
    pub fn for_health_check(&self) -> Result<SocketAddr, Refused> {
        self.listen().map_err(Refused::from)
    }
}

/// Collects what is wrong while the rest is read on.
#[derive(Default)]
struct Wrong(Vec<SettingError>);

impl Wrong {
    fn unless<T>(&mut self, read: Result<T, SettingError>) -> Option<T> {
        read.map_err(|error| self.0.push(error)).ok()
    }

    /// Where it is neither of the two, what production requires is not asked for on top.
    fn environment(&mut self, settings: &Settings) -> Environment {
        self.unless(settings.environment()).unwrap_or(Environment::Development)
    }

    fn expectations(&mut self, settings: &Settings, environment: Environment) -> Option<Expectations> {
        let issuer = self.unless(settings.issuer(environment));
        let audience = self.unless(settings.audience(environment));
        let typ = self.unless(settings.token_type());
        let grants = self.unless(settings.grants_claim());
        Some(Expectations { issuer: issuer?, audience: audience?, typ: typ?, grants: grants? })
    }

    /// What was read, if nothing was wrong.
    fn or_else<T>(self, read: impl FnOnce() -> Option<T>) -> Result<T, Refused> {
        match read() {
            Some(read) if self.0.is_empty() => Ok(read),
            _ => Err(Refused(self.0)),
        }
    }
}
