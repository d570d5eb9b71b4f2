//! The rate of a creator's requests, said on every answer to one that got so far: `RateLimit` header fields for HTTP
//! (draft-ietf-httpapi-ratelimit-headers-10).

use std::{cell::Cell, rc::Rc, time::Duration};

use actix_web::{
    HttpMessage as _, HttpRequest,
    http::header::{HeaderMap, HeaderName, HeaderValue},
};

use super::{
    problem::{Kind, Problem},
    service::Service,
};
use crate::{
    domain::{grants::Creator, request::Scope},
    rate_limit::Standing,
};

/// What remains of the quota (section 4 of the draft).
pub const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// What the quota is (section 3 of the draft).
pub const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Where a request that is looked at twice, as [`super::expect`] does, keeps how it stood the first time.
#[derive(Debug, Clone, Default)]
pub(super) struct CountedOnce(Rc<Cell<Option<Standing>>>);

/// Counts a request of a caller who may make it.
///
/// # Errors
/// One too many, with the time to wait.
pub(super) fn count(request: &HttpRequest, service: &Service, scope: &Scope, creator: &Creator) -> Result<(), Problem> {
    let Some(limit) = &service.rate_limit else { return Ok(()) };
    let once = request.extensions().get::<CountedOnce>().cloned().unwrap_or_default();
    let standing = once.0.get().unwrap_or_else(|| limit.count(&scope.workspace, &creator.subject));
    once.0.set(Some(standing));
    request.extensions_mut().insert(standing);
    match standing.wait {
        None => Ok(()),
        Some(wait) => Err(Problem { retry_after: Some(seconds(wait)), ..Kind::TooManyRequests.into() }),
    }
}

/// Says on an answer how it stands, where the request was counted.
pub(super) fn tell(request: &HttpRequest, headers: &mut HeaderMap) {
    let Some(standing) = request.extensions().get::<Standing>().copied() else { return };
    for (name, value) in [(RATE_LIMIT, remaining(&standing)), (RATE_LIMIT_POLICY, policy(&standing))] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
}

fn policy(standing: &Standing) -> String {
    format!("\"creator\";q={};w={}", standing.rate.requests, standing.rate.window.as_secs())
}

/// The time is said where nothing remains: it is that of the next request, as the bucket fills evenly.
fn remaining(standing: &Standing) -> String {
    let wait = standing.wait.map(|wait| format!(";t={}", seconds(wait))).unwrap_or_default();
    format!("\"creator\";r={}{wait}", standing.remaining)
}

/// Whole seconds, so that who waits as long does not come too early.
fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_waits_as_long_as_is_said_does_not_come_too_early() {
        for (wait, said) in [(0, 0), (1, 1), (999_999_999, 1), (1_000_000_000, 1), (1_000_000_001, 2)] {
            assert_eq!(seconds(Duration::from_nanos(wait)), said);
        }
    }
}
