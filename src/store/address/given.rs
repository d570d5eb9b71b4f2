//! From what an address and its surroundings say, parameter by parameter, to finished types.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    time::Duration,
};

use sqlx::postgres::{PgConnectOptions, PgSslMode};

use super::{
    Address, LibpqDefaults, Pairs, Password, Server, Target, Tls,
    parameters::{self, Parameter, Rule},
    session,
};

/// The port of PostgreSQL where none is named.
const DEFAULT_PORT: u16 = 5432;

/// What an address and its surroundings say, by parameter.
#[derive(Default)]
pub(super) struct Given {
    values: HashMap<&'static str, String>,
    settings: Pairs,
}

impl Given {
    /// Takes the `number`th parameter of an address.
    pub(super) fn take(&mut self, number: usize, name: &str, value: String, hint: &str) -> Result<(), String> {
        // One setting at a time, as `options[search_path]=support`: the driver's own way to say `options`.
        if let Some(setting) = name.strip_prefix("options[").and_then(|name| name.strip_suffix(']')) {
            self.settings.push((setting.to_owned(), value));
            return Ok(());
        }
        let parameter = parameters::find(name)
            .ok_or_else(|| format!("its parameter number {number} is none that libpq knows: {hint}"))?;
        check(parameter, parameter.name, &value)?;
        self.values.insert(parameter.name, value);
        Ok(())
    }

    /// Fills in from the environment what the address does not say.
    pub(super) fn complete(&mut self, defaults: &LibpqDefaults) -> Result<(), String> {
        for parameter in &parameters::TABLE {
            let Some(variable) = parameter.variable else { continue };
            let Some(value) = defaults.variables.get(variable) else { continue };
            if !self.values.contains_key(parameter.name) {
                check(parameter, variable, value)?;
                self.values.insert(parameter.name, value.clone());
            }
        }
        Ok(())
    }

    /// The value of a parameter that is there and not empty.
    fn value(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    fn path(&self, name: &str) -> Option<PathBuf> {
        self.value(name).map(PathBuf::from)
    }

    pub(super) fn finish(
        mut self,
        defaults: &LibpqDefaults,
        password_file: Option<PathBuf>,
    ) -> Result<Address, String> {
        let tls = self.tls()?;
        let servers = self.servers(tls.mode)?;
        // Like libpq, the name that the operating system knows this process by.
        let user = self
            .value("user")
            .map_or_else(|| PgConnectOptions::new_without_pgpass().get_username().to_owned(), str::to_owned);
        if let Some(options) = self.value("options") {
            let mut settings = session::read(options)?;
            settings.append(&mut self.settings);
            self.settings = settings;
        }
        let application = self.value("application_name").or_else(|| self.value("fallback_application_name"));
        Ok(Address {
            servers,
            database: self.value("dbname").unwrap_or(&user).to_owned(),
            user,
            password: self.password(defaults, password_file)?,
            application_name: application.unwrap_or("support-requests").to_owned(),
            tls,
            target: match self.value("target_session_attrs") {
                Some("read-write") => Target::ReadWrite,
                Some("primary") => Target::Primary,
                _ => Target::Any,
            },
            connect_timeout: self.connect_timeout()?,
            settings: self.settings,
        })
    }

    /// Hosts, addresses and ports are lists that go together, as in libpq.
    fn servers(&self, mode: PgSslMode) -> Result<Vec<Server>, String> {
        let list = |name: &str| self.value(name).map(|text| text.split(',').map(str::trim).collect::<Vec<_>>());
        let (hosts, addresses, ports) = (list("host"), list("hostaddr"), list("port"));
        let count = hosts.as_ref().or(addresses.as_ref()).map_or(1, Vec::len);
        if addresses.as_ref().is_some_and(|addresses| addresses.len() != count) {
            return Err("host and hostaddr must name as many servers as each other".to_owned());
        }
        let ports = ports.unwrap_or_else(|| vec![""]);
        if ports.len() != 1 && ports.len() != count {
            return Err("port must be one for all servers, or one for each".to_owned());
        }
        if matches!(mode, PgSslMode::VerifyFull) && addresses.is_some() {
            return Err(
                "hostaddr does not go with sslmode=verify-full, which looks for the name that it connects to in the \
                 certificate: name the server in host alone"
                    .to_owned(),
            );
        }
        let server = |index: usize| {
            let address = addresses.as_ref().map_or("", |addresses| addresses[index]);
            let address = match address {
                "" => None,
                address => Some(address.parse().map_err(|_| "hostaddr must be an IP address".to_owned())?),
            };
            let port = match ports[index % ports.len()] {
                "" => DEFAULT_PORT,
                port => port.parse().ok().filter(|port| *port > 0).ok_or("a port must be a number from 1 to 65535")?,
            };
            Ok(Server { host: hosts.as_ref().map_or("", |hosts| hosts[index]).to_owned(), address, port })
        };
        (0..count).map(server).collect()
    }

    fn tls(&self) -> Result<Tls, String> {
        let (root, certificate, key) = (self.path("sslrootcert"), self.path("sslcert"), self.path("sslkey"));
        if root.as_deref() == Some(Path::new("system")) {
            return Err("sslrootcert=system is not supported: name a file, such as \
                 /etc/ssl/certs/ca-certificates.crt, with sslmode=verify-full"
                .to_owned());
        }
        if certificate.is_some() != key.is_some() {
            return Err("sslcert and sslkey must be given together".to_owned());
        }
        let mode = match self.value("sslmode").unwrap_or("prefer") {
            "disable" => PgSslMode::Disable,
            "allow" => PgSslMode::Allow,
            "prefer" => PgSslMode::Prefer,
            // For libpq too, whoever names a certificate authority wants it asked.
            "require" if root.is_some() => PgSslMode::VerifyCa,
            "require" => PgSslMode::Require,
            "verify-ca" => PgSslMode::VerifyCa,
            "verify-full" => PgSslMode::VerifyFull,
            _ => return Err("sslmode must be disable, allow, prefer, require, verify-ca or verify-full".to_owned()),
        };
        Ok(Tls { mode, root, certificate, key })
    }

    /// The most particular source wins.
    fn password(&self, defaults: &LibpqDefaults, file: Option<PathBuf>) -> Result<Password, String> {
        let in_the_environment = defaults.variables.get("PGPASSWORD").map(String::as_str);
        match (file, self.value("password")) {
            (Some(_), Some(given)) if Some(given) != in_the_environment => {
                Err("there is a password in it, and a file for the password is set too: leave one of them out"
                    .to_owned())
            }
            (Some(file), _) => Ok(Password::File(file)),
            (None, Some(given)) => Ok(Password::Given(given.to_owned())),
            (None, None) => Ok(match (self.path("passfile"), &defaults.home) {
                (Some(file), _) => Password::PassFile(file),
                (None, Some(home)) => Password::UsualPassFile(home.join(".pgpass")),
                (None, None) => Password::None,
            }),
        }
    }

    fn connect_timeout(&self) -> Result<Option<Duration>, String> {
        let Some(text) = self.value("connect_timeout") else { return Ok(None) };
        let seconds: i32 = text.trim().parse().map_err(|_| "connect_timeout must be a number of seconds")?;
        // As in libpq: nothing or less is no limit, and one second is two.
        Ok(u64::try_from(seconds)
            .ok()
            .filter(|seconds| *seconds > 0)
            .map(|seconds| Duration::from_secs(seconds.max(2))))
    }
}

/// Refuses what the table refuses. `called` is the parameter's name or its variable's.
fn check(parameter: &Parameter, called: &str, value: &str) -> Result<(), String> {
    match parameter.rule {
        Rule::Only(values, reason) if !value.is_empty() && !values.contains(&value) => {
            Err(format!("its {called} cannot be followed: {reason}"))
        }
        Rule::Refused(reason) if !value.is_empty() => Err(format!("its {called} cannot be followed: {reason}")),
        Rule::Followed | Rule::Ignored | Rule::Only(..) | Rule::Refused(_) => Ok(()),
    }
}
