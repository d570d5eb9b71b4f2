//! Where a PostgreSQL database is and how to get in: an address in either form that libpq takes, completed from libpq's
//! environment variables, read into finished types.
//!
//! It is read here and not by the driver: the driver knows one host only, and logs what it does not understand, value and
//! all. No error here repeats a part of an address: what looks like a parameter may be a piece of a password.

mod keywords; //   the form `host=… port=…`
mod parameters; // every parameter there is, and what becomes of it
mod password; //   where the password comes from, and reading it
mod session; //    `options`: what is set for a session
#[cfg(test)]
mod tests;
mod uri; //        the form `postgres://…`

use std::{
    collections::HashMap,
    fmt,
    net::IpAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use sqlx::postgres::{PgConnectOptions, PgSslMode};

use self::parameters::{Parameter, Rule};
pub(super) use self::password::Password;

/// Names and values, as they stand in an address.
type Pairs = Vec<(String, String)>;

/// The port of PostgreSQL where none is named.
const DEFAULT_PORT: u16 = 5432;

/// What an address falls back to where it says nothing: libpq's environment variables, and the home folder, where
/// `.pgpass` is.
#[derive(Clone, Default)]
pub struct LibpqDefaults {
    variables: HashMap<&'static str, String>,
    home: Option<PathBuf>,
}

impl LibpqDefaults {
    /// Asks for each variable that libpq knows.
    pub fn read(home: Option<PathBuf>, mut variable: impl FnMut(&'static str) -> Option<String>) -> Self {
        let names = parameters::TABLE.iter().filter_map(|parameter| parameter.variable);
        // libpq takes an empty variable for an empty value, which for nearly all of them means none.
        let variables =
            names.filter_map(|name| Some((name, variable(name).filter(|value| !value.is_empty())?))).collect();
        Self { variables, home }
    }
}

/// One of the servers of an address.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Server {
    /// A name, an IP address, or the folder of a socket; empty: wherever PostgreSQL usually listens on this machine.
    pub(super) host: String,
    /// The IP address to connect to instead of asking for the name's.
    pub(super) address: Option<IpAddr>,
    pub(super) port: u16,
}

impl Server {
    /// The folder of its socket, where it is one.
    pub(super) fn socket(&self) -> Option<&Path> {
        (self.address.is_none() && self.host.starts_with('/')).then(|| Path::new(&self.host))
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, address, port } = self;
        match address {
            Some(address) if host.is_empty() && address.is_ipv6() => write!(f, "[{address}]:{port}"),
            Some(address) if host.is_empty() => write!(f, "{address}:{port}"),
            _ if host.is_empty() => write!(f, "localhost:{port}"),
            _ if host.contains(':') => write!(f, "[{host}]:{port}"),
            _ => write!(f, "{host}:{port}"),
        }
    }
}

/// Which server is the right one (`target_session_attrs`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// Nothing is asked for. Among several servers one that takes writes is preferred all the same.
    Any,
    /// One that takes writes.
    ReadWrite,
    /// One that is no standby.
    Primary,
}

/// TLS, as libpq names it.
#[derive(Clone)]
pub(super) struct Tls {
    pub(super) mode: PgSslMode,
    pub(super) root: Option<PathBuf>,
    pub(super) certificate: Option<PathBuf>,
    pub(super) key: Option<PathBuf>,
}

/// A PostgreSQL database, as it was asked for.
#[derive(Clone)]
pub(super) struct Address {
    /// In the order in which they are tried; at least one.
    pub(super) servers: Vec<Server>,
    pub(super) user: String,
    pub(super) database: String,
    pub(super) password: Password,
    pub(super) application_name: String,
    /// What is set for a session (`options`): name and value.
    pub(super) settings: Pairs,
    pub(super) tls: Tls,
    pub(super) target: Target,
    /// For operators' commands, and each server. The service has its own, shorter one.
    pub(super) connect_timeout: Option<Duration>,
}

impl Address {
    /// Whether a text is one, in either form.
    pub(super) fn is_one(text: &str) -> bool {
        behind_scheme(text).is_some() || text.contains('=')
    }

    /// Reads one. `password_file` holds the password and nothing else.
    ///
    /// # Errors
    /// Says what is wrong and what to do, never what was given.
    pub(super) fn parse(text: &str, defaults: &LibpqDefaults, password_file: Option<PathBuf>) -> Result<Self, String> {
        let (pairs, hint) = match behind_scheme(text) {
            Some(rest) => (uri::read(rest)?, uri::ENCODE),
            None => (keywords::read(text)?, keywords::QUOTE),
        };
        let mut given = Given { values: HashMap::new(), settings: Vec::new() };
        for (index, (name, value)) in pairs.into_iter().enumerate() {
            given.take(index + 1, &name, value, hint)?;
        }
        given.complete(defaults)?;
        given.finish(defaults, password_file)
    }
}

fn behind_scheme(text: &str) -> Option<&str> {
    ["postgres://", "postgresql://"].iter().find_map(|scheme| text.strip_prefix(scheme))
}

/// What an address and its surroundings say, by parameter.
struct Given {
    values: HashMap<&'static str, String>,
    settings: Pairs,
}

impl Given {
    /// Takes the `number`th parameter of an address.
    fn take(&mut self, number: usize, name: &str, value: String, hint: &str) -> Result<(), String> {
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
    fn complete(&mut self, defaults: &LibpqDefaults) -> Result<(), String> {
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

    fn finish(mut self, defaults: &LibpqDefaults, password_file: Option<PathBuf>) -> Result<Address, String> {
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
