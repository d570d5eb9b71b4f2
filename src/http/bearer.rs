//! The bearer token of a request, and every reason for which one is refused.

use actix_web::http::header::{AUTHORIZATION, HeaderMap};

use super::problem::{Kind, Problem};
use crate::auth::TokenFault;

/// Why nobody is let in. Holds nothing of the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenRefusal {
    /// There is none.
    Missing,
    /// There are several `Authorization` headers.
    Several,
    /// What there is does not look like `Bearer TOKEN`.
    MalformedHeader,
    /// It is not accepted.
    Fault(TokenFault),
}

impl TokenRefusal {
    /// Every [`reason`](Self::reason).
    pub(super) fn reasons() -> impl Iterator<Item = &'static str> {
        let of_the_header = [Self::Missing, Self::Several, Self::MalformedHeader].map(Self::reason);
        of_the_header.into_iter().chain(TokenFault::KINDS.map(TokenFault::reason))
    }

    /// One word of a closed list, for metrics.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Several => "several_headers",
            Self::MalformedHeader => "malformed_authorization",
            Self::Fault(fault) => fault.reason(),
        }
    }
}

impl From<TokenRefusal> for Problem {
    fn from(refusal: TokenRefusal) -> Self {
        match refusal {
            TokenRefusal::Missing => Kind::MissingToken.into(),
            TokenRefusal::Several => Self::invalid_token("Send one Authorization header only."),
            TokenRefusal::MalformedHeader => {
                Self::invalid_token("Send 'Authorization: Bearer', one space, and the token.")
            }
            TokenRefusal::Fault(fault) => Self::invalid_token(fault.description()),
        }
    }
}

/// RFC 6750, section 2.1. Tokens in the query or the body are not looked at.
pub(super) fn bearer(headers: &HeaderMap) -> Result<&str, TokenRefusal> {
    let mut values = headers.get_all(AUTHORIZATION);
    let value = values.next().ok_or(TokenRefusal::Missing)?;
    if values.next().is_some() {
        return Err(TokenRefusal::Several);
    }
    // A header has no control characters but tabs, so ASCII is what can be read of it; this looks at many bytes at a time.
    let value = std::str::from_utf8(value.as_bytes()).ok().filter(|value| value.is_ascii());
    let value = value.ok_or(TokenRefusal::MalformedHeader)?;
    let (scheme, token) = value.split_once(' ').ok_or(TokenRefusal::MalformedHeader)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(token.trim_matches(' ')) } else { Err(TokenRefusal::Missing) }
}
