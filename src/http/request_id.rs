//! The id of a request: the caller's where it is a sane one, else one made here, and then why.

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpMessage as _, HttpRequest,
    dev::{Payload, ServiceRequest},
    http::header::HeaderName,
    web::Data,
};

use super::{
    problem::{Kind, Problem},
    service::Service,
};
use crate::domain::ids::RequestId;

/// The header that carries the request id, both ways.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id that a request goes by here.
#[derive(Debug, Clone)]
pub(super) struct Assigned {
    /// The id.
    pub(super) id: RequestId,
    /// Why it is not the one that the caller sent, where one was sent: a word for the log, never the value.
    pub(super) replaced: Option<&'static str>,
}

impl Assigned {
    /// A caller's id that looks like a secret is replaced: it would be stored and logged.
    pub(super) fn to(request: &ServiceRequest) -> Self {
        let Some(service) = request.app_data::<Data<Service>>() else {
            return Self { id: RequestId::from_ulid(ulid::Ulid::nil()), replaced: None };
        };
        let made_here = |replaced| Self { id: RequestId::from_ulid(service.clock.ulid()), replaced };
        let Some(sent) = request.headers().get(&REQUEST_ID) else { return made_here(None) };
        match sent.to_str().ok().and_then(|sent| RequestId::parse(sent).ok()) {
            None => made_here(Some("malformed")),
            Some(sent) if service.redactor.text(sent.as_str()).taken.is_empty() => Self { id: sent, replaced: None },
            Some(_) => made_here(Some("looks_like_a_secret")),
        }
    }
}

/// The id of the request that a handler answers.
#[derive(Debug)]
pub(super) struct OfRequest(pub(super) RequestId);

impl FromRequest for OfRequest {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = request.extensions().get::<Assigned>().map(|assigned| Self(assigned.id.clone()));
        ready(id.ok_or_else(|| Kind::InternalError.into()))
    }
}
