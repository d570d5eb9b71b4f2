//! Which pages of other origins may call, and what a browser is told of it (the Fetch standard's CORS protocol).

use std::fmt;

use actix_cors::Cors;
use actix_web::http::header::{LINK, RETRY_AFTER, WWW_AUTHENTICATE};
use url::{Host, Url};

use super::{
    rate_limited::{RATE_LIMIT, RATE_LIMIT_POLICY},
    request_id::REQUEST_ID,
};

/// Origins whose pages may call: one, or every subdomain of a host. Kept as browsers write an origin, so that it can be
/// compared with what they send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedOrigin {
    scheme: String,
    host: String,
    /// None for the scheme's own.
    port: Option<u16>,
    every_subdomain: bool,
}

/// Why a text is not an origin that a browser could ever send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotAnOrigin(&'static str);

impl AllowedOrigin {
    /// Reads `https://admin.example`, with a port where it is not the scheme's own, or `https://*.admin.example`. Case, the
    /// scheme's own port, one slash at the end, and a name in other letters (which browsers write in Punycode) are put as
    /// browsers put them (WHATWG URL; RFC 6454, section 6.2).
    ///
    /// # Errors
    /// What can never match, with the reason.
    pub fn parse(text: &str) -> Result<Self, NotAnOrigin> {
        let refused = |why| Err(NotAnOrigin(why));
        // Said before the address is read: a reader as lenient as a browser would make something of each of these.
        if text == "*" || text.eq_ignore_ascii_case("null") {
            return refused("'*' and 'null' would let every page in");
        }
        if text.chars().any(|char| char.is_whitespace() || char.is_control() || "\\%,'\"<>".contains(char)) {
            return refused("an origin has no blanks, quotation marks, backslashes or percent signs");
        }
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) if ["http", "https"].contains(&scheme.to_ascii_lowercase().as_str()) => (scheme, rest),
            _ => return refused("an origin begins with https:// or http://"),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.contains('@') {
            return refused("an origin has no user name and no password");
        }
        if rest.contains(['/', '?', '#']) {
            return refused("an origin ends with the host or the port: no path, no query, no fragment");
        }
        let (every_subdomain, named) = match rest.strip_prefix("*.") {
            Some(parent) => (true, parent),
            None => (false, rest),
        };
        if named.contains('*') {
            return refused("'*' stands only at the beginning, for every subdomain: https://*.admin.example");
        }
        Self::read(&format!("{scheme}://{named}"), every_subdomain)
    }

    fn read(address: &str, every_subdomain: bool) -> Result<Self, NotAnOrigin> {
        let refused = |why| Err(NotAnOrigin(why));
        let url = match Url::parse(address) {
            Ok(url) => url,
            Err(url::ParseError::InvalidPort) => return refused("the port is not a number from 1 to 65535"),
            Err(_) => return refused("the host is neither a name nor an address"),
        };
        if url.port() == Some(0) || address.ends_with(':') {
            return refused("the port is not a number from 1 to 65535");
        }
        match url.host() {
            Some(Host::Domain(name)) if name.split('.').any(str::is_empty) => refused("a part of the host is empty"),
            Some(Host::Ipv4(_) | Host::Ipv6(_)) if every_subdomain => refused("an address has no subdomains"),
            None => refused("the host is missing"),
            Some(host) => {
                Ok(Self { scheme: url.scheme().to_owned(), host: host.to_string(), port: url.port(), every_subdomain })
            }
        }
    }

    /// Whether a browser that sends this `Origin` shows a page that may call.
    #[must_use]
    pub fn allows(&self, origin: &str) -> bool {
        let origin = origin.to_ascii_lowercase();
        let rest = origin.strip_prefix(self.scheme.as_str()).and_then(|rest| rest.strip_prefix("://"));
        let host = rest.and_then(|rest| match self.port {
            Some(port) => rest.strip_suffix(&format!(":{port}")),
            None => Some(rest),
        });
        match (host, self.every_subdomain) {
            (Some(host), false) => host == self.host,
            (Some(host), true) => host
                .strip_suffix(self.host.as_str())
                .and_then(|above| above.strip_suffix('.'))
                .is_some_and(|labels| labels.split('.').all(is_label)),
            (None, _) => false,
        }
    }
}

/// A part of a host's name as browsers write it: nothing that would end the host.
fn is_label(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

impl fmt::Display for AllowedOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let any = if self.every_subdomain { "*." } else { "" };
        write!(f, "{}://{any}{}", self.scheme, self.host)?;
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

/// The middleware. Any header may be sent: tracing libraries add theirs to every call, and one that is not read does no
/// harm. No cookies: nothing here reads one.
pub(super) fn middleware(origins: &[AllowedOrigin]) -> Cors {
    let origins = origins.to_vec();
    Cors::default()
        .allowed_origin_fn(move |origin, _| {
            origin.to_str().is_ok_and(|origin| origins.iter().any(|allowed| allowed.allows(origin)))
        })
        .allowed_methods(["GET", "POST"])
        .allow_any_header()
        .expose_headers([REQUEST_ID, LINK, RETRY_AFTER, WWW_AUTHENTICATE, RATE_LIMIT, RATE_LIMIT_POLICY])
        .max_age(3600)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_kept_as_browsers_write_it() {
        for (set, sent) in [
            ("https://admin.example", "https://admin.example"),
            ("HTTPS://Admin.Example", "https://admin.example"),
            ("https://admin.example:443", "https://admin.example"),
            ("http://admin.example:80", "http://admin.example"),
            ("https://admin.example/", "https://admin.example"),
            ("https://admin.example:8443", "https://admin.example:8443"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("https://müller.example", "https://xn--mller-kva.example"),
            ("https://MÜLLER.example", "https://xn--mller-kva.example"),
            ("http://[::1]:3000", "http://[::1]:3000"),
            ("http://127.0.0.1:5173", "http://127.0.0.1:5173"),
        ] {
            let allowed = AllowedOrigin::parse(set).unwrap_or_else(|error| panic!("{set}: {error}"));
            assert_eq!(allowed.to_string(), sent);
            assert!(allowed.allows(sent) && allowed.allows(&sent.to_uppercase()), "{set}");
            for other in [&format!("{sent}.evil.example"), "null", "", &format!("{sent}1"), &format!("x{sent}")] {
                assert!(!allowed.allows(other), "{set} lets {other} in");
            }
        }
    }

    #[test]
    fn a_star_stands_for_every_subdomain_and_not_for_the_host_itself() {
        let allowed = AllowedOrigin::parse("https://*.Admin.example:8443").unwrap();
        for good in ["https://a.admin.example:8443", "https://a.b.admin.example:8443"] {
            assert!(allowed.allows(good), "{good}");
        }
        for bad in [
            "https://admin.example:8443",
            "https://eviladmin.example:8443",
            "https://.admin.example:8443",
            "https://a..admin.example:8443",
            "https://a.admin.example",
            "https://a.admin.example:84430",
            "http://a.admin.example:8443",
            "https://evil.example/.admin.example:8443",
            "https://evil.example#.admin.example:8443",
            "https://user@evil.example:1.admin.example:8443",
            "https://a.admin.example:8443.evil.example",
        ] {
            assert!(!allowed.allows(bad), "{bad}");
        }
    }

    #[test]
    fn what_can_never_match_is_refused_with_the_reason() {
        for (bad, why) in [
            ("*", "every page"),
            ("null", "every page"),
            ("admin.example", "begins with"),
            ("ftp://admin.example", "begins with"),
            ("https:admin.example", "begins with"),
            ("https://", "host"),
            ("https://admin.example/app", "no path"),
            ("https://admin.example//", "no path"),
            ("https://admin.example?x", "no path"),
            ("https://admin.example#x", "no path"),
            ("https://user@admin.example", "no user name"),
            ("https://user:pw@admin.example", "no user name"),
            ("https://*", "only at the beginning"),
            ("https://a.*.example", "only at the beginning"),
            ("https://*admin.example", "only at the beginning"),
            ("https://*.*.example", "only at the beginning"),
            ("https://*.", "host"),
            ("https://*.127.0.0.1", "no subdomains"),
            ("https://admin..example", "empty"),
            ("https://.admin.example", "empty"),
            ("https://admin.example:", "port"),
            ("https://admin.example:0", "port"),
            ("https://admin.example:65536", "port"),
            ("https://admin.example:http", "port"),
            ("https://admin%2eexample", "percent"),
            ("https://admin.example\\app", "backslashes"),
            ("https://admin example", "blanks"),
        ] {
            let refused = AllowedOrigin::parse(bad).expect_err(bad).to_string();
            assert!(refused.contains(why), "{bad}: {refused}");
        }
    }
}
