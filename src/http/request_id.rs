//! The id of a request: the caller's where it is a sane one, else one made here, and then why.

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpMessage as _, HttpRequest,
    dev::{Payload, ServiceRequest},
    http::header::{HeaderMap, HeaderName},
    web::Data,
};

use super::{
    problem::{Kind, Problem},
    service::Service,
};
use crate::domain::ids::{RequestId, Traceparent};

/// The header that carries the request id, both ways.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id that a request goes by here.
#[derive(Debug, Clone)]
pub(super) struct Assigned {
    /// The id.
    pub(super) id: RequestId,
    /// Why it is not the one that the caller sent, where one was sent: a word for the log, never the value.
    pub(super) replaced: Option<&'static str>,
    /// The trace that the caller says it belongs to.
    pub(super) traceparent: Option<Traceparent>,
}

impl Assigned {
    /// A caller's id that looks like a secret is replaced: it would be stored and logged.
    pub(super) fn to(request: &ServiceRequest) -> Self {
        let traceparent = traceparent(request.headers());
        let Some(service) = request.app_data::<Data<Service>>() else {
            return Self { id: RequestId::from_ulid(ulid::Ulid::nil()), replaced: None, traceparent };
        };
        let (id, replaced) = Self::choose(request, service);
        Self { id, replaced, traceparent }
    }

    fn choose(request: &ServiceRequest, service: &Service) -> (RequestId, Option<&'static str>) {
        let made_here = |replaced| (RequestId::from_ulid(service.clock.ulid()), replaced);
        let Some(sent) = request.headers().get(&REQUEST_ID) else { return made_here(None) };
        match sent.to_str().ok().and_then(|sent| RequestId::parse(sent).ok()) {
            None => made_here(Some("malformed")),
            Some(sent) if service.redactor.text(sent.as_str()).taken.is_empty() => (sent, None),
            Some(_) => made_here(Some("looks_like_a_secret")),
        }
    }
}

/// Which request it is that a handler answers, here and in the caller's traces.
#[derive(Debug)]
pub(super) struct OfRequest {
    pub(super) request_id: RequestId,
    pub(super) traceparent: Option<Traceparent>,
}

impl FromRequest for OfRequest {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let assigned = request.extensions().get::<Assigned>().cloned();
        let known = assigned.map(|Assigned { id, traceparent, .. }| Self { request_id: id, traceparent });
        ready(known.ok_or_else(|| Kind::InternalError.into()))
    }
}

/// The trace that the caller says it belongs to: one header of the standard form, else none.
fn traceparent(headers: &HeaderMap) -> Option<Traceparent> {
    let mut sent = headers.get_all("traceparent");
    let only = sent.next().filter(|_| sent.next().is_none())?;
    Traceparent::parse(only.to_str().ok()?).ok()
}
