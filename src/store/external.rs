//! A PostgreSQL database that is somebody else's, and is only read from: how to get in.

use std::{fmt, path::PathBuf};

use sqlx::PgConnection;

use super::{
    ConnectError,
    address::{Address, LibpqDefaults},
    connect::{self, Session},
};

/// Where it is. Printed without user, password and parameters.
#[derive(Clone)]
pub struct ExternalDatabaseUrl(Address);

impl ExternalDatabaseUrl {
    /// Reads an address in either form that libpq takes. It says everything by itself, because libpq's variables are about
    /// the service's own database; only `.pgpass` in the `home` folder is looked at for the password.
    ///
    /// # Errors
    /// Says what is wrong, never what was given: it may hold a password.
    pub fn parse(text: &str, home: Option<PathBuf>) -> Result<Self, String> {
        if !Address::is_one(text) {
            return Err("must be postgres://USER@HOST/DATABASE, or host=… dbname=… as libpq takes it".to_owned());
        }
        Address::parse(text, &LibpqDefaults::read(home, |_| None), None).map(Self)
    }

    /// A connection, within the time that a request may wait for one. Nothing is set for its session: a pool in front
    /// might hand it to somebody else.
    ///
    /// # Errors
    /// Names each server with the reason why it would not do.
    pub async fn connect(&self) -> Result<PgConnection, ConnectError> {
        connect::connect_plainly(&self.0, Session::External).await
    }

    /// What the address wants set for a session (`options`): names and values.
    #[must_use]
    pub fn settings(&self) -> &[(String, String)] {
        &self.0.settings
    }
}

impl fmt::Display for ExternalDatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let servers: Vec<String> = self.0.servers.iter().map(ToString::to_string).collect();
        write!(f, "postgres://{}/{}", servers.join(","), self.0.database)
    }
}

impl fmt::Debug for ExternalDatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
