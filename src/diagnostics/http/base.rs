//! Where the platform is: an origin and perhaps a path, out of which the address of each question is made.

use std::{fmt, net::IpAddr};

use url::{Host, Url};

use crate::{
    diagnostics::Include,
    domain::request::{Scope, Subject},
};

/// The address that questions begin with. Holds no secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base(Url);

/// Whether plain HTTP to this machine is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plain {
    /// To addresses of this machine: for development.
    OnLoopback,
    /// Never.
    Refused,
}

/// Why a text is not taken as an address. Repeats nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotABase {
    /// No URL with a host.
    #[error("is not a URL such as https://platform.example/internal")]
    NotAUrl,
    /// `http://` in production.
    #[error("must begin with https://: tokens are sent there")]
    Plain,
    /// `http://` to another machine.
    #[error("may begin with http:// for this machine only (localhost, 127.0.0.1, [::1]): tokens are sent there")]
    PlainElsewhere,
    /// `user:password@`.
    #[error("must not name a user: the caller's token is forwarded, and a client certificate can be set")]
    UserInfo,
    /// `?…`
    #[error("must not have a query: the service adds its own")]
    Query,
    /// `#…`
    #[error("must not have a fragment: it is never sent")]
    Fragment,
}

impl Base {
    /// Reads one.
    ///
    /// # Errors
    /// Says what is wrong, never what was given.
    pub fn parse(text: &str, plain: Plain) -> Result<Self, NotABase> {
        let url = Url::parse(text).map_err(|_| NotABase::NotAUrl)?;
        let host = url.host().ok_or(NotABase::NotAUrl)?;
        match (url.scheme(), plain) {
            ("https", _) => {}
            ("http", Plain::Refused) => return Err(NotABase::Plain),
            ("http", Plain::OnLoopback) if is_loopback(&host) => {}
            ("http", Plain::OnLoopback) => return Err(NotABase::PlainElsewhere),
            _ => return Err(NotABase::NotAUrl),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(NotABase::UserInfo);
        }
        if url.query().is_some() {
            return Err(NotABase::Query);
        }
        if url.fragment().is_some() {
            return Err(NotABase::Fragment);
        }
        Ok(Self(url))
    }

    /// Whether it is spoken to without TLS.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.0.scheme() == "http"
    }

    /// The address itself.
    pub(super) fn url(&self) -> Url {
        self.0.clone()
    }

    /// The address of what there is about a scope, without saying what is wanted.
    #[must_use]
    pub fn of(&self, scope: &Scope) -> Url {
        let mut url = self.0.clone();
        // A URL that has a host has segments.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(["workspaces", scope.workspace.as_str(), "tenants", scope.tenant.as_str()]);
            if let Subject::Run(run) = &scope.subject {
                segments.extend(["operation-runs", run.as_str()]);
            }
            segments.push("support-diagnostics");
        }
        url
    }

    /// The address of a question.
    #[must_use]
    pub fn question(&self, scope: &Scope, include: Include) -> Url {
        let mut url = self.of(scope);
        url.set_query(Some(match include {
            Include::References => "include=references",
            Include::ReferencesAndBundle => "include=references,bundle",
        }));
        url
    }
}

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => IpAddr::from(*address).is_loopback(),
        Host::Ipv6(address) => IpAddr::from(*address).is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{RunId, TenantId, WorkspaceId};

    #[test]
    fn questions_are_asked_below_the_base_with_or_without_a_path_of_its_own() {
        let mut scope = Scope {
            workspace: WorkspaceId::parse("acme").unwrap(),
            tenant: TenantId::parse("a.b_c-d").unwrap(),
            subject: Subject::Tenant,
        };
        let tenant = "workspaces/acme/tenants/a.b_c-d/support-diagnostics?include=references,bundle";
        for (base, address) in [
            ("https://platform.example", "https://platform.example/"),
            ("https://platform.example/", "https://platform.example/"),
            ("HTTPS://Platform.Example:443/api/v2", "https://platform.example/api/v2/"),
            ("https://platform.example:8443/api/v2/", "https://platform.example:8443/api/v2/"),
        ] {
            let base = Base::parse(base, Plain::Refused).unwrap();
            assert_eq!(base.question(&scope, Include::ReferencesAndBundle).as_str(), format!("{address}{tenant}"));
        }
        scope.subject = Subject::Run(RunId::parse("run-1042").unwrap());
        let base = Base::parse("https://platform.example", Plain::Refused).unwrap();
        let run = "/workspaces/acme/tenants/a.b_c-d/operation-runs/run-1042/support-diagnostics?include=references";
        assert_eq!(base.question(&scope, Include::References).as_str(), format!("https://platform.example{run}"));
    }

    #[test]
    fn a_base_that_would_send_tokens_in_the_open_or_says_too_much_is_refused_with_the_reason() {
        for (text, why) in [
            ("https://u:secret@platform.example", NotABase::UserInfo),
            ("https://u@platform.example", NotABase::UserInfo),
            ("https://platform.example/?x=1", NotABase::Query),
            ("https://platform.example/?", NotABase::Query),
            ("https://platform.example/#top", NotABase::Fragment),
            ("http://platform.example", NotABase::PlainElsewhere),
            ("http://127.0.0.1.platform.example", NotABase::PlainElsewhere),
            ("http://0.0.0.0", NotABase::PlainElsewhere),
            ("https://", NotABase::NotAUrl),
            ("ftp://platform.example", NotABase::NotAUrl),
            ("platform.example", NotABase::NotAUrl),
        ] {
            assert_eq!(Base::parse(text, Plain::OnLoopback), Err(why), "{text}");
        }
        for here in ["http://localhost:3000", "http://127.0.0.1:3000/x", "http://127.9.9.9", "http://[::1]:3000"] {
            assert!(Base::parse(here, Plain::OnLoopback).is_ok(), "{here}");
            assert_eq!(Base::parse(here, Plain::Refused), Err(NotABase::Plain), "{here}");
        }
    }
}
