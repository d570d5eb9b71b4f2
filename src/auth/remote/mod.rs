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
pub use fetch::FetchError;
pub use limits::Limits;
pub use refresh::{FetchFacts, Remote};

/// Where an issuer's keys are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublishedAt {
    /// At this URL.
    Url(KeyUrl),
    /// Where the issuer's metadata say.
    Discovered(IssuerUrl),
}
