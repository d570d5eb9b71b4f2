//! Which addresses keys may be fetched from. Whoever can change the keys on their way decides who may do what, so it is
//! https, or this machine itself where somebody is developing.

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

/// Why keys are not fetched from an address. Holds nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAKeyUrl {
    /// Something else.
    #[error("is not a URL")]
    NotAUrl,
    /// Anybody on the way could change the keys.
    #[error("must begin with https:// (or, in development, be http:// on 127.0.0.1, [::1] or localhost)")]
    NotHttps,
    /// It would be in the log.
    #[error("must not hold a user name or a password")]
    Credentials,
    /// An issuer has none (`OpenID` Connect Discovery section 2, RFC 8414 section 2).
    #[error("must have no query and no fragment")]
    QueryOrFragment,
}

/// The address of a key set.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyUrl(Url);

impl KeyUrl {
    /// # Errors
    /// It is none to fetch keys from.
    pub fn parse(text: &str, plain: PlainHttp) -> Result<Self, NotAKeyUrl> {
        let url = Url::parse(text).map_err(|_| NotAKeyUrl::NotAUrl)?;
        let is_safe = match (url.scheme(), plain) {
            ("https", _) => true,
            ("http", PlainHttp::OnLoopback) => is_loopback(&url),
            _ => false,
        };
        if !is_safe {
            return Err(NotAKeyUrl::NotHttps);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(NotAKeyUrl::Credentials);
        }
        Ok(Self(url))
    }

    pub(super) fn url(&self) -> Url {
        self.0.clone()
    }

    pub(super) fn is_secure(&self) -> bool {
        self.0.scheme() == "https"
    }
}

/// Without the query, which may hold what is nobody's business.
impl fmt::Display for KeyUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.0.origin().ascii_serialization(), self.0.path())
    }
}

impl fmt::Debug for KeyUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyUrl({self})")
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// An issuer that publishes its metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerUrl {
    issuer: String,
    openid: KeyUrl,
    oauth: KeyUrl,
    plain: PlainHttp,
}

impl IssuerUrl {
    /// # Errors
    /// Nothing can be discovered from it.
    pub fn parse(issuer: &str, plain: PlainHttp) -> Result<Self, NotAKeyUrl> {
        let KeyUrl(mut url) = KeyUrl::parse(issuer, plain)?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err(NotAKeyUrl::QueryOrFragment);
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{path}/.well-known/openid-configuration"));
        let openid = KeyUrl(url.clone());
        url.set_path(&format!("/.well-known/oauth-authorization-server{path}"));
        Ok(Self { issuer: issuer.to_owned(), openid, oauth: KeyUrl(url), plain })
    }

    /// The issuer as it was given, and as its metadata must name it.
    pub(super) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Behind the issuer (`OpenID` Connect Discovery section 4), and in front of its path (RFC 8414 section 3.1).
    pub(super) fn well_known(&self) -> [&KeyUrl; 2] {
        [&self.openid, &self.oauth]
    }

    /// What holds for the issuer holds for the address that it names.
    pub(super) fn plain(&self) -> PlainHttp {
        self.plain
    }
}

/// A proxy on the way to the issuer. May hold a password.
#[derive(Clone, PartialEq, Eq)]
pub struct ProxyUrl(Url);

impl ProxyUrl {
    /// `http://HOST:PORT` or `https://HOST:PORT`, with user name and password where the proxy wants them.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let is_proxy = matches!(url.scheme(), "http" | "https") && url.path() == "/" && url.query().is_none();
        is_proxy.then_some(Self(url))
    }

    /// The address, user name and password included.
    pub(crate) fn url(&self) -> Url {
        self.0.clone()
    }
}

impl fmt::Debug for ProxyUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProxyUrl(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_by_https_or_in_development_from_this_machine() {
        for good in ["https://issuer.example/keys", "https://issuer.example:8443/keys?p=policy", "https://10.0.0.1/k"] {
            assert!(KeyUrl::parse(good, PlainHttp::Never).is_ok(), "{good}");
        }
        for local in ["http://127.0.0.1:9/k", "http://[::1]/k", "http://localhost:8080/k", "http://127.8.8.8/"] {
            assert!(KeyUrl::parse(local, PlainHttp::OnLoopback).is_ok(), "{local}");
            assert_eq!(KeyUrl::parse(local, PlainHttp::Never), Err(NotAKeyUrl::NotHttps), "{local}");
        }
        for (bad, why) in [
            ("issuer.example/keys", NotAKeyUrl::NotAUrl),
            ("https://", NotAKeyUrl::NotAUrl),
            ("http://issuer.example/keys", NotAKeyUrl::NotHttps),
            ("http://127.0.0.1.issuer.example/keys", NotAKeyUrl::NotHttps),
            ("http://localhost.issuer.example/keys", NotAKeyUrl::NotHttps),
            ("file:///etc/keys.json", NotAKeyUrl::NotHttps),
            ("https://user@issuer.example/keys", NotAKeyUrl::Credentials),
            ("https://:secret@issuer.example/keys", NotAKeyUrl::Credentials),
        ] {
            assert_eq!(KeyUrl::parse(bad, PlainHttp::OnLoopback), Err(why), "{bad}");
        }
    }

    #[test]
    fn what_is_printed_of_an_address_has_no_query() {
        let url = KeyUrl::parse("https://issuer.example:8443/keys?canary=1", PlainHttp::Never).unwrap();
        assert_eq!(
            format!("{url} {url:?}"),
            "https://issuer.example:8443/keys KeyUrl(https://issuer.example:8443/keys)"
        );
        let proxy = ProxyUrl::parse("http://canary:canary@proxy.example:3128").unwrap();
        assert!(!format!("{proxy:?}").contains("canary"));
    }

    #[test]
    fn the_metadata_of_an_issuer_stand_where_both_specifications_say() {
        for (issuer, openid, oauth) in [
            ("https://i.example", "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"),
            ("https://i.example/", "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"),
            (
                "https://i.example/a/b",
                "/a/b/.well-known/openid-configuration",
                "/.well-known/oauth-authorization-server/a/b",
            ),
            (
                "https://i.example/a/",
                "/a/.well-known/openid-configuration",
                "/.well-known/oauth-authorization-server/a",
            ),
        ] {
            let url = IssuerUrl::parse(issuer, PlainHttp::Never).unwrap();
            assert_eq!(url.well_known().map(|url| url.0.path().to_owned()), [openid, oauth], "{issuer}");
            assert_eq!(url.issuer(), issuer);
        }
        for issuer in ["https://i.example/?a=b", "https://i.example/#a"] {
            assert_eq!(IssuerUrl::parse(issuer, PlainHttp::Never), Err(NotAKeyUrl::QueryOrFragment), "{issuer}");
        }
    }
}
