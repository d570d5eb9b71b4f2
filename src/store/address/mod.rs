//! Where a PostgreSQL database is and how to get in: an address in either form that libpq takes, completed from libpq's
//! environment variables, read into finished types.
//!
//! It is read here and not by the driver: the driver knows one host only, and logs what it does not understand, value
//! and all. No error here repeats a part of an address: what looks like a parameter may be a piece of a password.

mod given; //      from texts to finished types
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

use sqlx::postgres::PgSslMode;

use self::given::Given;
pub(super) use self::password::Password;

/// Names and values, as they stand in an address.
type Pairs = Vec<(String, String)>;

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
        let mut given = Given::default();
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
