//! Every setting, once: flag, environment variable, default, meaning. Read as text, turned into the finished types that a
//! command works with before anything starts; whatever is wrong or missing is told together.
//!
//! Values are never repeated in an error, paths of files excepted: some of them hold passwords.

mod commands; //    what each command needs, finished
mod diagnostics; // where references and diagnostics come from
mod doctor; //      what `doctor` needs, as far as it can be read
mod keys; //        where the keys come from, and where the grants stand
mod libpq; //       what a database's address falls back to
mod otel; //        OpenTelemetry's own variables
mod read; //        from the text of each setting to its type
mod service_manager; // what systemd says to a service that it starts
mod types;

use std::path::PathBuf;

use clap::Args;

pub use commands::{Migrate, OwnerCommand, RuleSource, Serve, Tokens};
pub use doctor::{Doctor, OwnerDatabase};
pub use otel::SendTraces;
pub use service_manager::ServiceManager;
pub use types::{DiagnosticsSource, Environment, KeySource, Refused, SettingError};

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

    /// Address to answer `GET /metrics` on, and nothing else; where it is not set, that is on the address above.
    #[arg(long, env = "SUPPORT_REQUESTS_METRICS_LISTEN", value_name = "ADDRESS:PORT", global = true)]
    metrics_listen: Option<String>,

    /// Where requests are stored: `sqlite://FILE`; or PostgreSQL as the runtime role, in every form that libpq takes,
    /// such as `postgres://USER@HOST1,HOST2/DATABASE?target_session_attrs=read-write`. libpq's `PG*` variables fill
    /// in the rest.
    #[arg(
        long,
        env = "SUPPORT_REQUESTS_DATABASE_URL",
        default_value = "sqlite://support-requests.db",
        value_name = "URL",
        hide_env_values = true,
        global = true
    )]
    database_url: String,

    /// A file that holds the runtime role's password and nothing else; read again for each connection.
    #[arg(long, env = "SUPPORT_REQUESTS_DATABASE_PASSWORD_FILE", value_name = "FILE", global = true)]
    database_password_file: Option<PathBuf>,

    /// The same PostgreSQL database as its owner, for `migrate`, `erase`, `partition` and `verify --accept` only.
    #[arg(
        long,
        env = "SUPPORT_REQUESTS_OWNER_DATABASE_URL",
        value_name = "URL",
        hide_env_values = true,
        global = true
    )]
    owner_database_url: Option<String>,

    /// A file that holds the owner's password and nothing else.
    #[arg(long, env = "SUPPORT_REQUESTS_OWNER_DATABASE_PASSWORD_FILE", value_name = "FILE", global = true)]
    owner_database_password_file: Option<PathBuf>,

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

    /// The platform's key set (JWKS): a file, read again when it changes; an `https://` URL, fetched again as its
    /// `Cache-Control` says; or `discover`, to find that URL in the metadata of the issuer. In development, a key made on the
    /// first start.
    #[arg(long, env = "SUPPORT_REQUESTS_JWKS", value_name = "SOURCE", global = true)]
    jwks: Option<String>,

    /// A proxy on the way to the key set, `http://HOST:PORT`. The proxies of the environment are not used.
    #[arg(long, env = "SUPPORT_REQUESTS_JWKS_PROXY", value_name = "URL", hide_env_values = true, global = true)]
    jwks_proxy: Option<String>,

    /// The `iss` of the platform's tokens. [development: `https://platform.example`]
    #[arg(long, env = "SUPPORT_REQUESTS_ISSUER", value_name = "URL", global = true)]
    issuer: Option<String>,

    /// The `aud` that a token must name. [development: support-requests]
    #[arg(long, env = "SUPPORT_REQUESTS_AUDIENCE", value_name = "NAME", global = true)]
    audience: Option<String>,

    /// The claim that holds the grants: its name, or an RFC 6901 pointer such as `/ext/support`.
    #[arg(
        long,
        env = "SUPPORT_REQUESTS_GRANTS_CLAIM",
        default_value = "workspaces",
        value_name = "CLAIM",
        global = true
    )]
    grants_claim: String,

    /// Which `typ` a token may have: `any` (at+jwt, JWT or none) or `at+jwt` only.
    #[arg(long, env = "SUPPORT_REQUESTS_TOKEN_TYPE", default_value = "any", value_name = "TYPE", global = true)]
    token_type: String,

    /// Where references and diagnostics come from: `demo` (a small built-in world), `file:DIR`, `sql:URL` (two views in
    /// the platform's PostgreSQL) or `https://BASE` (the platform itself; in development also `http://` on this machine).
    /// [development: demo]
    #[arg(long, env = "SUPPORT_REQUESTS_DIAGNOSTICS", value_name = "SOURCE", hide_env_values = true, global = true)]
    diagnostics: Option<String>,

    /// A proxy on the way to the platform (`http://HOST:PORT`). Those of the environment are not used.
    #[arg(long, env = "SUPPORT_REQUESTS_DIAGNOSTICS_PROXY", value_name = "URL", hide_env_values = true, global = true)]
    diagnostics_proxy: Option<String>,

    /// Certificates (PEM) of the authority that the platform's certificate must be from, in place of the system's.
    #[arg(long, env = "SUPPORT_REQUESTS_DIAGNOSTICS_CA_FILE", value_name = "FILE", global = true)]
    diagnostics_ca_file: Option<PathBuf>,

    /// A client certificate (PEM, with its chain) to show to the platform.
    #[arg(long, env = "SUPPORT_REQUESTS_DIAGNOSTICS_CLIENT_CERT_FILE", value_name = "FILE", global = true)]
    diagnostics_client_cert_file: Option<PathBuf>,

    /// The client certificate's private key (PEM).
    #[arg(long, env = "SUPPORT_REQUESTS_DIAGNOSTICS_CLIENT_KEY_FILE", value_name = "FILE", global = true)]
    diagnostics_client_key_file: Option<PathBuf>,

    /// A file of additional redaction rules (specs/redaction.md says how it looks).
    #[arg(long, env = "SUPPORT_REQUESTS_REDACTION_RULES", value_name = "FILE", global = true)]
    redaction_rules: Option<PathBuf>,

    /// Origins whose pages may call the service, separated by commas: `https://admin.example`, or
    /// `https://*.admin.example` for every subdomain.
    #[arg(long, env = "SUPPORT_REQUESTS_CORS_ORIGINS", default_value = "", value_name = "ORIGINS", global = true)]
    cors_origins: String,

    /// The pages for people, `/docs/` (Swagger UI) and `/docs/errors`: `on` or `off`.
    #[arg(long, env = "SUPPORT_REQUESTS_DOCS", default_value = "on", value_name = "ON|OFF", global = true)]
    docs: String,
    /// Where callers reach the service, with the path that a proxy adds: `https://platform.example/support`. The served
    /// document and the pages name it; without it, the address that they came from.
    #[arg(long, env = "SUPPORT_REQUESTS_PUBLIC_URL", value_name = "URL", global = true)]
    public_url: Option<String>,

    /// How many requests one creator may make in one workspace, in each instance: such as `30/min`, `5/s`, `500/h`, or `off`.
    #[arg(long, env = "SUPPORT_REQUESTS_RATE_LIMIT", default_value = "30/min", value_name = "RATE", global = true)]
    rate_limit: String,

    /// What is logged: a level, or tracing directives such as `support_requests=debug`.
    #[arg(long, env = "SUPPORT_REQUESTS_LOG", default_value = "info", value_name = "FILTER", global = true)]
    log: String,

    /// How long `/readyz` says 503 before the door closes, so that a load balancer can notice. [production: 5s, development: 0s]
    #[arg(long, env = "SUPPORT_REQUESTS_SHUTDOWN_DELAY", value_name = "DURATION", global = true)]
    shutdown_delay: Option<String>,

    /// How long `serve` and `migrate` wait at start for a database that does not answer yet, such as `60s`.
    #[arg(
        long,
        env = "SUPPORT_REQUESTS_WAIT_FOR_DATABASE",
        default_value = "0s",
        value_name = "DURATION",
        global = true
    )]
    wait_for_database: String,
}
