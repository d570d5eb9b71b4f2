//! What `doctor` needs: the settings of `serve` and of the owner's commands, each by itself, so that a wrong one hides
//! no other.

use std::{net::SocketAddr, path::PathBuf};

use super::{
    Settings,
    types::{DiagnosticsSource, Environment, KeySource, SettingError},
};
use crate::{http::cors::AllowedOrigin, store::DatabaseUrl};

/// The settings, as far as they can be read.
pub struct Doctor {
    /// What is wrong: what `serve` would refuse, and the owner's address.
    pub wrong: Vec<SettingError>,
    /// Where the service runs.
    pub environment: Option<Environment>,
    /// Where to listen.
    pub listen: Option<SocketAddr>,
    /// Where to answer scrapes, if not there.
    pub metrics_listen: Option<Option<SocketAddr>>,
    /// The database, as the service uses it.
    pub database: Option<DatabaseUrl>,
    /// The database as its owner.
    pub owner_database: OwnerDatabase,
    /// Where the keys come from.
    pub keys: Option<KeySource>,
    /// Where references and diagnostics come from.
    pub diagnostics: Option<DiagnosticsSource>,
    /// Whether that is reached by the system's root certificates.
    pub platform_needs_roots: bool,
    /// Origins whose pages may call the service.
    pub cors_origins: Option<Vec<AllowedOrigin>>,
    /// Files that hold secrets: the setting that names them, and the file.
    pub secret_files: Vec<(&'static str, PathBuf)>,
}

/// The database as its owner.
pub enum OwnerDatabase {
    /// Nobody named one: this is where `serve` runs, which needs none.
    NotNamed,
    /// It is named, and cannot be read.
    Refused,
    /// It is named.
    Named(Box<DatabaseUrl>),
}

impl Settings {
    /// What `doctor` needs. Whatever is wrong is part of it.
    #[must_use]
    pub fn for_doctor(&self) -> Doctor {
        // The one list of what start refuses.
        let mut wrong = self.for_serve().err().map_or_else(Vec::new, |refused| refused.0);
        let owner_database = match self.owner_database() {
            _ if self.owner_database_url.is_none() && self.owner_database_password_file.is_none() => {
                OwnerDatabase::NotNamed
            }
            Ok(url) => OwnerDatabase::Named(Box::new(url)),
            Err(error) => {
                wrong.push(error);
                OwnerDatabase::Refused
            }
        };
        let environment = self.environment();
        // As for `serve`: where it is neither of the two, what production requires is not asked for on top.
        let assumed = *environment.as_ref().unwrap_or(&Environment::Development);
        let diagnostics = self.diagnostics(assumed).ok();
        let is_secure = matches!(&diagnostics, Some(DiagnosticsSource::Platform(base, _)) if !base.is_plain());
        Doctor {
            environment: environment.ok(),
            listen: self.listen().ok(),
            metrics_listen: self.metrics_listen().ok(),
            database: self.database().ok(),
            owner_database,
            keys: self.keys(assumed).ok(),
            platform_needs_roots: is_secure && self.diagnostics_ca_file.is_none(),
            diagnostics,
            cors_origins: self.cors_origins().ok(),
            secret_files: self.secret_files(),
            wrong,
        }
    }

    fn secret_files(&self) -> Vec<(&'static str, PathBuf)> {
        [
            ("SUPPORT_REQUESTS_DATABASE_PASSWORD_FILE", &self.database_password_file),
            ("SUPPORT_REQUESTS_OWNER_DATABASE_PASSWORD_FILE", &self.owner_database_password_file),
            ("SUPPORT_REQUESTS_DIAGNOSTICS_CLIENT_KEY_FILE", &self.diagnostics_client_key_file),
        ]
        .into_iter()
        .filter_map(|(setting, file)| Some((setting, file.clone()?)))
        .collect()
    }
}
