//! libpq's own variables (PostgreSQL manual, section 34.15): what a database's address falls back to where it says
//! nothing.

use crate::store::LibpqDefaults;

/// Reads them, and where the home folder is.
#[expect(clippy::disallowed_methods, reason = "this is where they are read")]
pub(super) fn defaults() -> LibpqDefaults {
    LibpqDefaults::read(std::env::home_dir(), |name| std::env::var(name).ok())
}
