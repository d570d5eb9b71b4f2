//! The variables that tests look at, once.

/// The URL of a server to use instead of one of our own; it connects as a superuser.
pub const POSTGRES_URL: &str = "SUPPORT_REQUESTS_TEST_POSTGRES_URL";
/// Set to `1`: tests that need `PostgreSQL` fail where there is none, instead of being skipped.
pub const REQUIRE_POSTGRES: &str = "SUPPORT_REQUESTS_REQUIRE_POSTGRES";
/// The folder of the public test data (its README says what is in it).
pub const CORPORA: &str = "SUPPORT_REQUESTS_CORPORA";

/// The value of a variable that is set and not empty.
#[expect(clippy::disallowed_methods, reason = "settings of the tests, not of the service")]
pub fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The folders that commands are looked for in.
#[expect(clippy::disallowed_methods, reason = "the search path is nobody's setting")]
pub fn search_path() -> Vec<std::path::PathBuf> {
    std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default()
}
