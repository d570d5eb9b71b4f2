//! Keys that an issuer publishes: fetched in the background, never while a request waits.
//!
//! ```text
//! address    which URLs will do: https, or this machine itself in development
//! lifetime   how long an answer may be used (Cache-Control)
//! fetch      one answer, bounded in time and size; discovery: which URL the issuer names
//! limits     how often, how long, how much
//! refresh    when to fetch, and what came of it
//! ```
//!
//! Deliberately absent: redirects, cookies, a cache on disk, `x5c` and `x5u` of the set, any call on the request path.

mod address;
mod discovery;
mod fetch;
mod lifetime;
mod limits;
mod refresh;

pub use address::{IssuerUrl, KeyUrl, NotAKeyUrl, PlainHttp, ProxyUrl};
pub use fetch::{FetchError, look_at_tls_roots};
pub use limits::Limits;
pub use refresh::{FetchFacts, Remote, fetch_once};

/// Where an issuer's keys are. Printed without what may be secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublishedAt {
    /// At this URL.
    Url(KeyUrl),
    /// Where the issuer's metadata say.
    Discovered(IssuerUrl),
}

impl std::fmt::Display for PublishedAt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Url(url) => write!(f, "{url}"),
            Self::Discovered(issuer) => write!(f, "discovered from {}", issuer.issuer()),
        }
    }
}

impl PublishedAt {
    /// Whether it is reached through TLS, and so by the system's root certificates.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        match self {
            Self::Url(url) => url.is_secure(),
            Self::Discovered(issuer) => issuer.well_known()[0].is_secure(),
        }
    }
}
