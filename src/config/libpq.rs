//! libpq's own variables (PostgreSQL manual, section 34.15): what a database's address falls back to where it says
//! nothing.

use std::path::PathBuf;

use crate::store::LibpqDefaults;

/// Reads them, and where the home folder is.
#[expect(clippy::disallowed_methods, reason = "this is where they are read")]
pub(super) fn defaults() -> LibpqDefaults {
    LibpqDefaults::read(home(), |name| std::env::var(name).ok())
}

/// Where `.pgpass` is.
pub(super) fn home() -> Option<PathBuf> {
    std::env::home_dir()
}
