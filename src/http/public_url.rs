//! Where callers reach the service: what the served document and the pages say.

use std::fmt;

use url::{Host, Url};

/// Where plain HTTP will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlainHttp {
    /// Nowhere.
    Never,
    /// On this machine: for development.
    OnLoopback,
}

/// An origin and perhaps a path, never ending in a slash, so that a path can follow it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(String);

/// Why a text is not where callers could reach the service. Repeats nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAPublicUrl {
    /// Something else.
    #[error("is not a URL such as https://platform.example/support")]
    NotAUrl,
    /// Tokens would be sent in the clear.
    #[error("must begin with https:// (or, in development, http:// on this machine): tokens are sent there")]
    NotHttps,
    /// Everybody reads it.
    #[error("must not hold a user name or a password: everybody can read it")]
    Credentials,
    /// Paths follow it.
    #[error("must have no query and no fragment: paths follow it")]
    QueryOrFragment,
}

impl PublicUrl {
    /// Reads one; a slash at the end does not matter.
    ///
    /// # Errors
    /// Says what is wrong, never what was given.
    pub fn parse(text: &str, plain: PlainHttp) -> Result<Self, NotAPublicUrl> {
        let url = Url::parse(text).map_err(|_| NotAPublicUrl::NotAUrl)?;
        let host = url.host().ok_or(NotAPublicUrl::NotAUrl)?;
        match (url.scheme(), plain) {
            ("https", _) => {}
            ("http", PlainHttp::OnLoopback) if is_loopback(&host) => {}
            ("http", _) => return Err(NotAPublicUrl::NotHttps),
            _ => return Err(NotAPublicUrl::NotAUrl),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(NotAPublicUrl::Credentials);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(NotAPublicUrl::QueryOrFragment);
        }
        Ok(Self(url.as_str().trim_end_matches('/').to_owned()))
    }
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_kept_so_that_a_path_can_follow_it() {
        for (given, kept) in [
            ("https://support.example", "https://support.example"),
            ("https://support.example/", "https://support.example"),
            ("https://Platform.example:443/Support/", "https://platform.example/Support"),
            ("https://platform.example:8443/a/b", "https://platform.example:8443/a/b"),
            ("http://127.0.0.1:8080/support", "http://127.0.0.1:8080/support"),
            ("http://localhost", "http://localhost"),
            ("http://[::1]:1", "http://[::1]:1"),
        ] {
            assert_eq!(PublicUrl::parse(given, PlainHttp::OnLoopback).unwrap().to_string(), kept);
        }
    }

    #[test]
    fn what_callers_could_not_use_is_refused_with_the_reason() {
        for (given, why) in [
            ("", NotAPublicUrl::NotAUrl),
            ("support.example", NotAPublicUrl::NotAUrl),
            ("/support", NotAPublicUrl::NotAUrl),
            ("ftp://support.example", NotAPublicUrl::NotAUrl),
            ("http://support.example", NotAPublicUrl::NotHttps),
            ("http://localhost.example", NotAPublicUrl::NotHttps),
            ("https://a@support.example", NotAPublicUrl::Credentials),
            ("https://:b@support.example", NotAPublicUrl::Credentials),
            ("https://support.example?x", NotAPublicUrl::QueryOrFragment),
            ("https://support.example/#", NotAPublicUrl::QueryOrFragment),
        ] {
            assert_eq!(PublicUrl::parse(given, PlainHttp::OnLoopback), Err(why), "{given}");
        }
        let plain = PublicUrl::parse("http://127.0.0.1:8080", PlainHttp::Never);
        assert_eq!(plain, Err(NotAPublicUrl::NotHttps), "production");
    }
}
