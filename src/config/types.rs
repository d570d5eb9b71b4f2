//! What some settings are turned into.

use std::{fmt, path::PathBuf, time::Duration};

use crate::{
    auth::{ProxyUrl, PublishedAt},
    diagnostics::http::{Base, Client},
    store::ExternalDatabaseUrl,
};

/// A setting that cannot be used. Names it both ways; never repeats its value.
#[derive(Debug, thiserror::Error)]
pub struct SettingError {
    pub(super) variable: &'static str,
    /// None for variables that are not ours to have flags for.
    pub(super) flag: Option<&'static str>,
    pub(super) problem: String,
}

impl SettingError {
    /// Where to set it right.
    #[must_use]
    pub fn advice(&self) -> String {
        match self.flag {
            Some(flag) => {
                format!("correct {} (--{flag}); `support-requests help doctor` says what it takes", self.variable)
            }
            None => format!("correct {}", self.variable),
        }
    }
}

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.variable)?;
        if let Some(flag) = self.flag {
            write!(f, " (--{flag})")?;
        }
        write!(f, ": {}", self.problem)
    }
}

/// Every setting that keeps a command from running, a line each.
#[derive(Debug)]
pub struct Refused(pub(super) Vec<SettingError>);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [only] = self.0.as_slice() {
            return write!(f, "{only}");
        }
        write!(f, "{} settings cannot be used:", self.0.len())?;
        self.0.iter().try_for_each(|error| write!(f, "\n  {error}"))
    }
}

impl std::error::Error for Refused {}

impl From<SettingError> for Refused {
    fn from(error: SettingError) -> Self {
        Self(vec![error])
    }
}

/// Where the service runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// Conveniences for the first run.
    Development,
    /// None of them.
    Production,
}

/// Where the keys come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySource {
    /// A key made here on the first start, in this file.
    Development(PathBuf),
    /// The platform's key set, in this file.
    File(PathBuf),
    /// The platform's key set, where its issuer publishes it.
    Remote {
        /// Where that is.
        at: Box<PublishedAt>,
        /// A proxy on the way.
        proxy: Option<ProxyUrl>,
    },
}

/// Where references and diagnostics come from.
#[derive(Debug, Clone)]
pub enum DiagnosticsSource {
    /// The built-in world.
    Demo,
    /// A folder of JSON files.
    Files(PathBuf),
    /// Two views in the platform's database.
    Views(ExternalDatabaseUrl),
    /// The platform itself, and a client that trusts it.
    Platform(Base, Client),
}

/// A time as people write it (`5s`, `500ms`, `1m 30s`, `0`), `max` at most.
pub(super) fn duration(text: &str, max: Duration) -> Option<Duration> {
    humantime::parse_duration(text).ok().filter(|time| *time <= max)
}
