//! Every setting, once: flag, environment variable, default, meaning. Read as text, turned into types before anything starts.
//!
//! Values are never repeated in an error, paths of files excepted: some of them hold passwords.

mod types;

use std::path::PathBuf;

use clap::Args;
use tracing_subscriber::EnvFilter;

pub use types::{DiagnosticsSource, Environment, KeySource, SettingError};

use crate::{
    auth::TypRule,
    store::{DatabaseUrl, RuntimeRole, StoreError},
};

/// The settings as they were given.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Settings")]
pub struct Settings {
    /// Address to listen on.
    #[arg(
        long,
        env = "SUPPORT_REQUESTS_LISTEN",
        default_value = "127.0.0.1:8080",
        value_name = "ADDRESS:PORT",
        global = true
    )]
    listen: String,

    /// Where requests are stored: `sqlite://FILE`, or `postgres://USER@HOST/DATABASE` as the runtime role.
    #[arg(
        long,
        env = "SUPPORT_REQUESTS_DATABASE_URL",
        default_value = "sqlite://support-requests.db",
        value_name = "URL",
        hide_env_values = true,
        global = true
    )]
    database_url: String,

    /// The same PostgreSQL database as its owner, for `migrate` only.
    #[arg(
        long,
        env = "SUPPORT_REQUESTS_OWNER_DATABASE_URL",
        value_name = "URL",
        hide_env_values = true,
        global = true
    )]
    owner_database_url: Option<String>,

    /// The PostgreSQL role that the service runs as; `migrate` makes it when it is missing.
    #[arg(
        long,
        env = "SUPPORT_REQUESTS_RUNTIME_ROLE",
        default_value = "support_requests_app",
        value_name = "ROLE",
        global = true
    )]
    runtime_role: String,

    /// `development` (conveniences for the first run) or `production` (none of them).
    #[arg(
        long,
        env = "SUPPORT_REQUESTS_ENVIRONMENT",
        default_value = "development",
        value_name = "NAME",
        global = true
    )]
    environment: String,

    /// The platform's key set (JWKS), a file; read again when it changes. In development, a key made on the first start.
    #[arg(long, env = "SUPPORT_REQUESTS_JWKS", value_name = "FILE", global = true)]
    jwks: Option<String>,

    /// The `iss` of the platform's tokens. [development: `https://platform.example`]
    #[arg(long, env = "SUPPORT_REQUESTS_ISSUER", value_name = "URL", global = true)]
    issuer: Option<String>,

    /// The `aud` that a token must name. [development: support-requests]
    #[arg(long, env = "SUPPORT_REQUESTS_AUDIENCE", value_name = "NAME", global = true)]
    audience: Option<String>,

    /// Which `typ` a token may have: `any` (at+jwt, JWT or none) or `at+jwt` only.
    #[arg(long, env = "SUPPORT_REQUESTS_TOKEN_TYPE", default_value = "any", value_name = "TYPE", global = true)]
    token_type: String,

    /// Where references and diagnostics come from: `demo` (a small built-in world) or `file:DIR`. [development: demo]
    #[arg(long, env = "SUPPORT_REQUESTS_DIAGNOSTICS", value_name = "SOURCE", global = true)]
    diagnostics: Option<String>,

    /// A file of additional redaction rules (specs/redaction.md says how it looks).
    #[arg(long, env = "SUPPORT_REQUESTS_REDACTION_RULES", value_name = "FILE", global = true)]
    redaction_rules: Option<PathBuf>,

    /// Origins whose pages may call the service, separated by commas, such as `https://admin.example`.
    #[arg(long, env = "SUPPORT_REQUESTS_CORS_ORIGINS", default_value = "", value_name = "ORIGINS", global = true)]
    cors_origins: String,

    /// What is logged: a level, or tracing directives such as `support_requests=debug`.
    #[arg(long, env = "SUPPORT_REQUESTS_LOG", default_value = "info", value_name = "FILTER", global = true)]
    log: String,
}

macro_rules! refuse {
    ($variable:literal, $flag:literal, $($problem:tt)+) => {
        SettingError { variable: concat!("SUPPORT_REQUESTS_", $variable), flag: $flag, problem: format!($($problem)+) }
    };
}

impl Settings {
    /// Where to listen.
    ///
    /// # Errors
    /// Anything but an IP address and a port.
    pub fn listen(&self) -> Result<std::net::SocketAddr, SettingError> {
        self.listen.parse().map_err(|_| {
            refuse!("LISTEN", "listen", "must be an IP address and a port, such as 127.0.0.1:8080 or [::]:8080")
        })
    }

    /// The database, as the service uses it.
    ///
    /// # Errors
    /// Anything but a database URL.
    pub fn database(&self) -> Result<DatabaseUrl, SettingError> {
        DatabaseUrl::parse(&self.database_url).map_err(|error| refuse!("DATABASE_URL", "database-url", "{error}"))
    }

    /// The database, as `migrate` uses it: as its owner where one is named.
    ///
    /// # Errors
    /// Anything but a database URL.
    pub fn owner_database(&self) -> Result<DatabaseUrl, SettingError> {
        match &self.owner_database_url {
            None => self.database(),
            Some(url) => {
                DatabaseUrl::parse(url).map_err(|error| refuse!("OWNER_DATABASE_URL", "owner-database-url", "{error}"))
            }
        }
    }

    /// The PostgreSQL role that the service runs as.
    ///
    /// # Errors
    /// A name that would need quoting.
    pub fn runtime_role(&self) -> Result<RuntimeRole, SettingError> {
        RuntimeRole::parse(&self.runtime_role)
            .map_err(|error: StoreError| refuse!("RUNTIME_ROLE", "runtime-role", "{error}"))
    }

    /// Where the service runs.
    ///
    /// # Errors
    /// Another word than the two.
    pub fn environment(&self) -> Result<Environment, SettingError> {
        match self.environment.as_str() {
            "development" => Ok(Environment::Development),
            "production" => Ok(Environment::Production),
            _ => Err(refuse!("ENVIRONMENT", "environment", "must be development or production")),
        }
    }

    /// Where the keys come from.
    ///
    /// # Errors
    /// None named in production, or a source that this build does not read.
    pub fn keys(&self) -> Result<KeySource, SettingError> {
        match (&self.jwks, self.environment()?) {
            (None, Environment::Production) => {
                Err(refuse!("JWKS", "jwks", "is required in production: the platform's key set, as a file"))
            }
            (None, Environment::Development) => Ok(KeySource::Development(self.development_key()?)),
            (Some(url), _) if url.contains("://") => Err(refuse!("JWKS", "jwks", "must be the path of a file")),
            (Some(file), _) => Ok(KeySource::File(file.into())),
        }
    }

    /// The file of the development key: next to the database where that is a file.
    ///
    /// # Errors
    /// Anything but a database URL.
    pub fn development_key(&self) -> Result<PathBuf, SettingError> {
        let database = self.database()?;
        let beside = database.file().map_or_else(|| PathBuf::from("support-requests"), std::path::Path::to_path_buf);
        Ok(beside.with_extension("development-key.json"))
    }

    /// The `iss` of the platform's tokens.
    ///
    /// # Errors
    /// None named in production, or an empty one.
    pub fn issuer(&self) -> Result<String, SettingError> {
        match (self.issuer.as_deref(), self.environment()?) {
            (Some(""), _) => Err(refuse!("ISSUER", "issuer", "must not be empty")),
            (Some(issuer), _) => Ok(issuer.to_owned()),
            (None, Environment::Development) => Ok("https://platform.example".to_owned()),
            (None, Environment::Production) => {
                Err(refuse!("ISSUER", "issuer", "is required in production: the iss of the platform's tokens"))
            }
        }
    }

    /// The `aud` that a token must name.
    ///
    /// # Errors
    /// None named in production, or an empty one.
    pub fn audience(&self) -> Result<String, SettingError> {
        match (self.audience.as_deref(), self.environment()?) {
            (Some(""), _) => Err(refuse!("AUDIENCE", "audience", "must not be empty")),
            (Some(audience), _) => Ok(audience.to_owned()),
            (None, Environment::Development) => Ok("support-requests".to_owned()),
            (None, Environment::Production) => {
                Err(refuse!("AUDIENCE", "audience", "is required in production: the aud that tokens name"))
            }
        }
    }

    /// Which `typ` a token may have.
    ///
    /// # Errors
    /// Another word than the two.
    pub fn token_type(&self) -> Result<TypRule, SettingError> {
        match self.token_type.as_str() {
            "any" => Ok(TypRule::AnyAllowed),
            "at+jwt" => Ok(TypRule::OnlyAtJwt),
            _ => Err(refuse!("TOKEN_TYPE", "token-type", "must be any or at+jwt")),
        }
    }

    /// Where references and diagnostics come from.
    ///
    /// # Errors
    /// None named in production, the demo there, or a source that there is not.
    pub fn diagnostics(&self) -> Result<DiagnosticsSource, SettingError> {
        let production = self.environment()? == Environment::Production;
        match self.diagnostics.as_deref() {
            None if production => Err(refuse!("DIAGNOSTICS", "diagnostics", "is required in production: file:DIR")),
            Some("demo") if production => {
                Err(refuse!("DIAGNOSTICS", "diagnostics", "the demo world is refused in production: use file:DIR"))
            }
            None | Some("demo") => Ok(DiagnosticsSource::Demo),
            Some(source) => match source.strip_prefix("file:") {
                Some(folder) if !folder.is_empty() => Ok(DiagnosticsSource::Files(folder.into())),
                _ => Err(refuse!("DIAGNOSTICS", "diagnostics", "must be demo or file:DIR")),
            },
        }
    }

    /// The text of the file of additional redaction rules.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn redaction_rules(&self) -> Result<Option<String>, SettingError> {
        let read = |file: &PathBuf| {
            std::fs::read_to_string(file).map_err(|error| {
                refuse!("REDACTION_RULES", "redaction-rules", "the file cannot be read ({})", error.kind())
            })
        };
        self.redaction_rules.as_ref().map(read).transpose()
    }

    /// The error of a file of additional redaction rules that was read but is not usable.
    #[must_use]
    pub fn unusable_rules(problem: &dyn std::error::Error) -> SettingError {
        refuse!("REDACTION_RULES", "redaction-rules", "{problem}")
    }

    /// Origins whose pages may call the service.
    ///
    /// # Errors
    /// Anything but `scheme://host[:port]`; in particular `*`.
    pub fn cors_origins(&self) -> Result<Vec<String>, SettingError> {
        let origins = self.cors_origins.split(',').map(str::trim).filter(|origin| !origin.is_empty());
        let refused = || {
            refuse!(
                "CORS_ORIGINS",
                "cors-origins",
                "must be origins such as https://admin.example, separated by commas, without a path"
            )
        };
        origins.map(|origin| types::is_origin(origin).then(|| origin.to_owned()).ok_or_else(refused)).collect()
    }

    /// What is logged.
    ///
    /// # Errors
    /// A filter that cannot be read.
    pub fn log_filter(&self) -> Result<EnvFilter, SettingError> {
        self.log.parse().map_err(|_| {
            refuse!("LOG", "log", "must be a level (error, warn, info, debug, trace) or tracing directives")
        })
    }
}
