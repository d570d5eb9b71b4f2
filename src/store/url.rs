//! Which database: read from its address into finished types.

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

use sqlx::sqlite::SqliteConnectOptions;

use super::{
    StoreError,
    address::{Address, LibpqDefaults},
    sqlite_file,
};

/// Where the data is: `sqlite://FILE`, or a PostgreSQL database in either form that libpq takes. Printed without user,
/// password and parameters.
#[derive(Clone)]
pub struct DatabaseUrl(Kind);

#[derive(Clone)]
pub(super) enum Kind {
    Sqlite(SqliteConnectOptions),
    Postgres(Address),
}

impl DatabaseUrl {
    /// Reads an address that says everything by itself.
    ///
    /// # Errors
    /// Says what is wrong, never what was given: it may hold a password.
    pub fn parse(text: &str) -> Result<Self, StoreError> {
        Self::parse_with(text, &LibpqDefaults::default(), None)
    }

    /// Reads an address; what it leaves out comes from `defaults`, and the password from `password_file` where there is
    /// one (PostgreSQL only).
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn parse_with(
        text: &str,
        defaults: &LibpqDefaults,
        password_file: Option<PathBuf>,
    ) -> Result<Self, StoreError> {
        // A variable that was filled from a file often ends with its line break.
        let text = text.trim();
        if text.starts_with("sqlite:") {
            return sqlite(text).map(|options| Self(Kind::Sqlite(options)));
        }
        if Address::is_one(text) {
            let address = Address::parse(text, defaults, password_file).map_err(StoreError::Url)?;
            return Ok(Self(Kind::Postgres(address)));
        }
        let forms = "must be sqlite://FILE, postgres://USER@HOST/DATABASE, or host=… dbname=… as libpq takes it";
        Err(StoreError::Url(forms.to_owned()))
    }

    /// The file, where the database is one.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match &self.0 {
            Kind::Sqlite(options) => Some(options.get_filename()),
            Kind::Postgres(_) => None,
        }
    }

    /// Looks whether the file and its folder can be used, where the database is a file.
    ///
    /// # Errors
    /// Says which of them is in the way, whose it is, and what to do.
    pub fn look_at_file(&self) -> Result<(), StoreError> {
        self.file().map_or(Ok(()), |file| sqlite_file::usable(file).map_err(StoreError::File))
    }

    pub(super) fn kind(&self) -> &Kind {
        &self.0
    }
}

/// The driver takes three parameters and repeats a fourth in its error, which is not passed on.
fn sqlite(text: &str) -> Result<SqliteConnectOptions, StoreError> {
    let unusable = "not a usable sqlite URL: sqlite://FILE, with ?mode=ro, rw or rwc at most; \
        percent-encode `?`, `#` and `%` in the file's name";
    let options = SqliteConnectOptions::from_str(text).map_err(|_| StoreError::Url(unusable.to_owned()))?;
    if options.get_filename().as_os_str().is_empty() || text.contains(":memory:") || text.contains("mode=memory") {
        let needed = "an sqlite URL must name a file, as in sqlite://support-requests.db";
        return Err(StoreError::Url(needed.to_owned()));
    }
    Ok(options)
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Sqlite(options) => write!(f, "sqlite://{}", options.get_filename().display()),
            Kind::Postgres(address) => {
                let servers: Vec<String> = address.servers.iter().map(ToString::to_string).collect();
                write!(f, "postgres://{}/{}", servers.join(","), address.database)
            }
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
