//! From the text of each setting to its type. Where a setting is required depends on the environment.

use std::{
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    time::Duration,
};

use redaction::Redactor;
use tracing_subscriber::EnvFilter;

use super::{
    RuleSource, Settings, libpq,
    types::{self, Environment, SettingError},
};
use crate::{
    auth::TypRule,
    http::{
        cors::{AllowedOrigin, NotAnOrigin},
        docs::Docs,
        public_url::{PlainHttp, PublicUrl},
    },
    rate_limit::Rate,
    store::{DatabaseUrl, RuntimeRole, StoreError},
};

macro_rules! refuse {
    ($variable:literal, $flag:literal, $($problem:tt)+) => {
        SettingError {
            variable: concat!("SUPPORT_REQUESTS_", $variable),
            flag: Some($flag),
            problem: format!($($problem)+),
        }
    };
}
pub(super) use refuse;

/// Longest delay before the door closes: what is under way must be answered within the 25 s that the contract allows.
const SHUTDOWN_DELAY_MAX: Duration = Duration::from_secs(15);

/// Longest wait for a database at start.
const WAIT_FOR_DATABASE_MAX: Duration = Duration::from_hours(1);

impl Settings {
    pub(super) fn listen(&self) -> Result<SocketAddr, SettingError> {
        self.listen.parse().map_err(|_| {
            refuse!("LISTEN", "listen", "must be an IP address and a port, such as 127.0.0.1:8080 or [::]:8080")
        })
    }

    pub(super) fn metrics_listen(&self) -> Result<Option<SocketAddr>, SettingError> {
        let Some(address) = &self.metrics_listen else { return Ok(None) };
        let address = address.parse().map_err(|_| {
            refuse!("METRICS_LISTEN", "metrics-listen", "must be an IP address and a port, such as 127.0.0.1:9464")
        })?;
        match self.listen() {
            Ok(listen) if cannot_both_be_listened_on(listen, address) => Err(refuse!(
                "METRICS_LISTEN",
                "metrics-listen",
                "must be another address or port than SUPPORT_REQUESTS_LISTEN (--listen)"
            )),
            // That the other one cannot be read is told by itself.
            Ok(_) | Err(_) => Ok(Some(address)),
        }
    }

    pub(super) fn database(&self) -> Result<DatabaseUrl, SettingError> {
        let file = self.database_password_file()?;
        DatabaseUrl::parse_with(&self.database_url, &libpq::defaults(), file)
            .map_err(|error| refuse!("DATABASE_URL", "database-url", "{error}"))
    }

    /// As its owner where one is named.
    pub(super) fn owner_database(&self) -> Result<DatabaseUrl, SettingError> {
        let file = match &self.owner_database_password_file {
            None if self.owner_database_url.is_none() => return self.database(),
            None => None,
            Some(file) => Some(
                readable(file)
                    .map_err(|why| refuse!("OWNER_DATABASE_PASSWORD_FILE", "owner-database-password-file", "{why}"))?,
            ),
        };
        let url = self.owner_database_url.as_ref().unwrap_or(&self.database_url);
        DatabaseUrl::parse_with(url, &libpq::defaults(), file)
            .map_err(|error| refuse!("OWNER_DATABASE_URL", "owner-database-url", "{error}"))
    }

    fn database_password_file(&self) -> Result<Option<PathBuf>, SettingError> {
        let file = self.database_password_file.as_ref();
        file.map(|file| readable(file))
            .transpose()
            .map_err(|why| refuse!("DATABASE_PASSWORD_FILE", "database-password-file", "{why}"))
    }

    pub(super) fn runtime_role(&self) -> Result<RuntimeRole, SettingError> {
        RuntimeRole::parse(&self.runtime_role)
            .map_err(|error: StoreError| refuse!("RUNTIME_ROLE", "runtime-role", "{error}"))
    }

    pub(super) fn environment(&self) -> Result<Environment, SettingError> {
        match self.environment.as_str() {
            "development" => Ok(Environment::Development),
            "production" => Ok(Environment::Production),
            _ => Err(refuse!("ENVIRONMENT", "environment", "must be development or production")),
        }
    }

    /// The file of the development key: next to the database where that is a file.
    pub(super) fn development_key(&self) -> PathBuf {
        // A URL that cannot be read is told by whoever needs the database.
        let database = self.database().ok();
        let file = database.as_ref().and_then(DatabaseUrl::file);
        let beside = file.map_or_else(|| PathBuf::from("support-requests"), Path::to_path_buf);
        beside.with_extension("development-key.json")
    }

    pub(super) fn issuer(&self, environment: Environment) -> Result<String, SettingError> {
        match (self.issuer.as_deref(), environment) {
            (Some(""), _) => Err(refuse!("ISSUER", "issuer", "must not be empty")),
            (Some(issuer), _) => Ok(issuer.to_owned()),
            (None, Environment::Development) => Ok("https://platform.example".to_owned()),
            (None, Environment::Production) => {
                Err(refuse!("ISSUER", "issuer", "is required in production: the iss of the platform's tokens"))
            }
        }
    }

    pub(super) fn audience(&self, environment: Environment) -> Result<String, SettingError> {
        match (self.audience.as_deref(), environment) {
            (Some(""), _) => Err(refuse!("AUDIENCE", "audience", "must not be empty")),
            (Some(audience), _) => Ok(audience.to_owned()),
            (None, Environment::Development) => Ok("support-requests".to_owned()),
            (None, Environment::Production) => {
                Err(refuse!("AUDIENCE", "audience", "is required in production: the aud that tokens name"))
            }
        }
    }

    pub(super) fn token_type(&self) -> Result<TypRule, SettingError> {
        match self.token_type.as_str() {
            "any" => Ok(TypRule::AnyAllowed),
            "at+jwt" => Ok(TypRule::OnlyAtJwt),
            _ => Err(refuse!("TOKEN_TYPE", "token-type", "must be any or at+jwt")),
        }
    }

    /// The built-in redaction rules, and those of the file that is set.
    pub(super) fn redactor(&self) -> Result<Redactor, SettingError> {
        self.rules().map(RuleSource::compiled)
    }

    /// The same, compiled only as far as it must be to know that they are right.
    pub(super) fn rules(&self) -> Result<RuleSource, SettingError> {
        let Some(file) = &self.redaction_rules else { return Ok(RuleSource::BuiltIn) };
        let rules = std::fs::read_to_string(file).map_err(|error| {
            refuse!("REDACTION_RULES", "redaction-rules", "the file cannot be read ({})", error.kind())
        })?;
        let compiled = Redactor::with_extra_rules(&rules);
        compiled
            .map(|redactor| RuleSource::Compiled(Box::new(redactor)))
            .map_err(|error| refuse!("REDACTION_RULES", "redaction-rules", "{error}"))
    }

    pub(super) fn cors_origins(&self) -> Result<Vec<AllowedOrigin>, SettingError> {
        let origins = self.cors_origins.split(',').map(str::trim).filter(|origin| !origin.is_empty());
        let numbered = origins.enumerate().map(|(index, origin)| (index + 1, AllowedOrigin::parse(origin)));
        let refused = |number: usize, why: NotAnOrigin| {
            refuse!("CORS_ORIGINS", "cors-origins", "origin {number} of the list: {why}")
        };
        numbered.map(|(number, origin)| origin.map_err(|why| refused(number, why))).collect()
    }

    /// Where the tokens are the service's own, the pages say how to make one.
    pub(super) fn docs(&self, environment: Environment) -> Result<Docs, SettingError> {
        match (self.docs.as_str(), environment, &self.jwks) {
            ("on", Environment::Development, None) => Ok(Docs::Development),
            ("on", ..) => Ok(Docs::Production),
            ("off", ..) => Ok(Docs::Off),
            _ => Err(refuse!("DOCS", "docs", "must be on or off")),
        }
    }

    pub(super) fn public_url(&self, environment: Environment) -> Result<Option<PublicUrl>, SettingError> {
        let plain = match environment {
            Environment::Development => PlainHttp::OnLoopback,
            Environment::Production => PlainHttp::Never,
        };
        let url = self.public_url.as_deref().map(|url| PublicUrl::parse(url, plain));
        url.transpose().map_err(|why| refuse!("PUBLIC_URL", "public-url", "{why}"))
    }

    pub(super) fn rate_limit(&self) -> Result<Option<Rate>, SettingError> {
        Rate::parse(&self.rate_limit).map_err(|error| refuse!("RATE_LIMIT", "rate-limit", "{error}"))
    }

    pub(super) fn log_filter(&self) -> Result<EnvFilter, SettingError> {
        self.log.parse().map_err(|_| {
            refuse!("LOG", "log", "must be a level (error, warn, info, debug, trace) or tracing directives")
        })
    }

    pub(super) fn shutdown_delay(&self, environment: Environment) -> Result<Duration, SettingError> {
        let default = if environment == Environment::Production { "5s" } else { "0s" };
        types::duration(self.shutdown_delay.as_deref().unwrap_or(default), SHUTDOWN_DELAY_MAX).ok_or_else(|| {
            refuse!("SHUTDOWN_DELAY", "shutdown-delay", "must be a time such as 5s or 500ms, 15s at most")
        })
    }

    pub(super) fn wait_for_database(&self) -> Result<Duration, SettingError> {
        types::duration(&self.wait_for_database, WAIT_FOR_DATABASE_MAX)
            .ok_or_else(|| refuse!("WAIT_FOR_DATABASE", "wait-for-database", "must be a time such as 60s, 1h at most"))
    }
}

/// Whether one of them takes the other's place: the same port, on the same address or on all of this machine's. Port 0 is
/// another one each time.
fn cannot_both_be_listened_on(one: SocketAddr, other: SocketAddr) -> bool {
    let (here, there) = (one.ip().to_canonical(), other.ip().to_canonical());
    // `[::]` is all of IPv4's too, unless the system was told otherwise.
    let takes = |all: IpAddr, other: IpAddr| all.is_unspecified() && (all.is_ipv6() || other.is_ipv4());
    one.port() != 0 && one.port() == other.port() && (here == there || takes(here, there) || takes(there, here))
}

/// The same path, after a look at what is there.
pub(super) fn readable(file: &Path) -> Result<PathBuf, String> {
    match std::fs::read_to_string(file) {
        Ok(text) if text.trim().is_empty() => Err(format!("the file {} is empty", file.display())),
        Ok(_) => Ok(file.to_owned()),
        Err(error) => Err(format!("the file {} cannot be read: {error}", file.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::cannot_both_be_listened_on;

    #[test]
    fn two_listeners_need_two_ports_or_two_addresses_of_which_none_is_all() {
        let clash = |one: &str, other: &str| {
            let [one, other] = [one, other].map(|address| address.parse().unwrap());
            assert_eq!(cannot_both_be_listened_on(one, other), cannot_both_be_listened_on(other, one));
            cannot_both_be_listened_on(one, other)
        };
        for (one, other) in [
            ("127.0.0.1:80", "127.0.0.1:80"),
            ("0.0.0.0:80", "127.0.0.1:80"),
            ("[::]:80", "127.0.0.1:80"),
            ("[::]:80", "0.0.0.0:80"),
            ("[::]:80", "[::1]:80"),
            ("[::ffff:127.0.0.1]:80", "127.0.0.1:80"),
        ] {
            assert!(clash(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("127.0.0.1:80", "127.0.0.1:81"),
            ("127.0.0.1:0", "127.0.0.1:0"),
            ("127.0.0.1:80", "127.0.0.2:80"),
            ("127.0.0.1:80", "[::1]:80"),
            ("0.0.0.0:80", "[::1]:80"),
        ] {
            assert!(!clash(one, other), "{one} {other}");
        }
    }
}
