//! Every error there is: one table. Nothing else in the crate knows a status code for a failure.
//!
//! Answers are RFC 9457 `application/problem+json`. Which party must act is in the class: 4xx the caller, 503 nobody
//! (wait and try again), 500 whoever runs the service. No error repeats anything that was sent.

use std::{borrow::Cow, fmt};

use actix_web::{
    HttpResponse, HttpResponseBuilder, ResponseError,
    http::{StatusCode, header},
};
use serde::Serialize;
use utoipa::ToSchema;

pub use super::problem_body::ProblemBody;
use crate::{domain::grants::Capability, intake::Refusal, redaction::PoolError, store::AppendError};

/// Makes the list of all kinds with their type, so that the table below cannot leave one out.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident,)+) => {
        /// What went wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Kind {
            $($(#[$doc])* $kind,)+
        }

        /// Every kind, in the order of the table.
        const KINDS: &[Kind] = &[$(Kind::$kind),+];
    };
}

kinds! {
    /// Something that no other line says.
    BadRequest,
    /// Not a JSON text.
    MalformedJson,
    /// No bearer token.
    MissingToken,
    /// A bearer token that is not accepted.
    InvalidToken,
    /// The token does not allow this in this tenant.
    MissingCapability,
    /// No such route, scope, or none that the caller belongs to.
    NotFound,
    /// Another method on a known route.
    MethodNotAllowed,
    /// The request took too long to arrive.
    RequestTimeout,
    /// More than 128 KiB.
    BodyTooLarge,
    /// Not `application/json`, or encoded.
    UnsupportedMediaType,
    /// Fields that break a rule.
    InvalidFields,
    /// More than the creator's rate allows.
    TooManyRequests,
    /// A fault of ours.
    InternalError,
    /// The provider could not say whether the scope exists.
    ContextUnavailable,
    /// The database is out of reach.
    StorageUnavailable,
    /// As much is waiting to be written as may.
    Overloaded,
    /// It may have been stored, or not.
    OutcomeUnknown,
    /// Not ready for requests.
    NotReady,
}

/// One line of the table.
pub struct Row {
    /// The error.
    pub kind: Kind,
    /// Its status.
    pub status: u16,
    /// Its stable, machine-readable name; also the end of its `type` URI and its anchor in `specs/errors.md`.
    pub code: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// What to do.
    pub detail: &'static str,
    /// Seconds to wait before trying again, where that helps.
    pub retry_after: Option<u8>,
}

/// The table, in the order of the statuses.
#[rustfmt::skip]
pub const TABLE: [Row; KINDS.len()] = [
    Row { kind: Kind::BadRequest, status: 400, code: "bad_request", title: "The request cannot be understood", retry_after: None,
        detail: "Check the request line and the headers; a browser's preflight names an origin or a method that is not allowed." },
    Row { kind: Kind::MalformedJson, status: 400, code: "malformed_json", title: "The body is not JSON", retry_after: None,
        detail: "Send one JSON object, in UTF-8." },
    Row { kind: Kind::MissingToken, status: 401, code: "missing_token", title: "A bearer token is needed", retry_after: None,
        detail: "Send the header 'Authorization: Bearer <token>' with a token of your platform." },
    Row { kind: Kind::InvalidToken, status: 401, code: "invalid_token", title: "The bearer token is not accepted", retry_after: None,
        detail: "Get a fresh token for this service from your platform and send it in the Authorization header." },
    Row { kind: Kind::MissingCapability, status: 403, code: "missing_capability", title: "The token does not allow this", retry_after: None,
        detail: "Ask for the capability 'support_requests.create' in this tenant." },
    Row { kind: Kind::NotFound, status: 404, code: "not_found", title: "There is nothing here", retry_after: None,
        detail: "Either it does not exist or you do not belong to it: check the workspace, the tenant and the run in the path." },
    Row { kind: Kind::MethodNotAllowed, status: 405, code: "method_not_allowed", title: "The method is not allowed here", retry_after: None,
        detail: "Use a method that the Allow header names." },
    Row { kind: Kind::RequestTimeout, status: 408, code: "request_timeout", title: "The request took too long to arrive", retry_after: None,
        detail: "Send the whole request within 10 seconds. Nothing was stored." },
    Row { kind: Kind::BodyTooLarge, status: 413, code: "body_too_large", title: "The body is too large", retry_after: None,
        detail: "Send at most 131072 bytes." },
    Row { kind: Kind::UnsupportedMediaType, status: 415, code: "unsupported_media_type", title: "The body must be JSON", retry_after: None,
        detail: "Send 'Content-Type: application/json', in UTF-8, without a Content-Encoding." },
    Row { kind: Kind::InvalidFields, status: 422, code: "invalid_fields", title: "Some fields break a rule", retry_after: None,
        detail: "Correct what 'errors' names and send the request again. Nothing was stored." },
    Row { kind: Kind::TooManyRequests, status: 429, code: "too_many_requests", title: "Too many requests", retry_after: None,
        detail: "You have sent more than the rate that RateLimit-Policy names. Nothing was stored; try again after the seconds in Retry-After." },
    Row { kind: Kind::InternalError, status: 500, code: "internal_error", title: "The service failed", retry_after: None,
        detail: "Nothing was stored. Quote the request id to whoever runs this service." },
    Row { kind: Kind::ContextUnavailable, status: 503, code: "context_unavailable", title: "The context cannot be looked up", retry_after: Some(5),
        detail: "Whether this tenant or run exists could not be found out. Nothing was stored; try again later." },
    Row { kind: Kind::StorageUnavailable, status: 503, code: "storage_unavailable", title: "The storage is out of reach", retry_after: Some(5),
        detail: "Nothing was stored; try again later." },
    Row { kind: Kind::Overloaded, status: 503, code: "overloaded", title: "Too much is waiting", retry_after: Some(1),
        detail: "Nothing was stored; try again later." },
    Row { kind: Kind::OutcomeUnknown, status: 503, code: "outcome_unknown", title: "It is not known whether the request was stored", retry_after: Some(10),
        detail: "The storage went away during the commit. The request may have been stored; sending it again may make a second one. Quote the request id when you ask." },
    Row { kind: Kind::NotReady, status: 503, code: "not_ready", title: "The service is not ready", retry_after: Some(5),
        detail: "It is stopping, or without its database or the keys of its issuer. Nothing was stored; try again later." },
];

/// The line of each kind stands at its place.
const _: () = {
    let mut place = 0;
    while place < TABLE.len() {
        assert!(KINDS[place] as usize == place && TABLE[place].kind as usize == place, "a line is at another place");
        place += 1;
    }
};

impl Kind {
    /// Its line of the table.
    #[must_use]
    pub fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }
}

/// The start of every `type` URI; `specs/errors.md` explains each under the anchor of its code.
pub const TYPE_PREFIX: &str = "urn:support-requests:problem:";

/// One fault of one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldProblem {
    /// Where: an RFC 6901 pointer into the body; empty for the body itself.
    #[schema(example = "/summary")]
    pub pointer: Cow<'static, str>,
    /// Which rule, machine-readable: `required`, `wrong_type`, `blank`, `too_long`, `invalid_email`,
    /// `unknown_value`, `unknown_field`, `duplicate_field`. Tolerate codes that a later version adds.
    #[schema(example = "too_long")]
    pub code: &'static str,
    /// What to do.
    #[schema(example = "Use at most 200 characters.")]
    pub detail: String,
}

/// An error on its way to the caller. The body is written by `finish`, which knows the request id.
#[derive(Debug, Clone)]
pub struct Problem {
    /// Which one.
    pub kind: Kind,
    /// Why, for the log: of a fixed list, and never answered.
    pub cause: Option<&'static str>,
    /// What to do, where there is more to say than the table does.
    pub detail: Cow<'static, str>,
    /// The faults of `invalid_fields`.
    pub errors: Vec<FieldProblem>,
    /// Seconds to wait, where it is not the table's to say.
    pub retry_after: Option<u64>,
}

impl Problem {
    /// The error with a detail of its own.
    #[must_use]
    pub fn because(kind: Kind, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, cause: None, detail: detail.into(), errors: Vec::new(), retry_after: None }
    }

    /// A bearer token that is not accepted. That the cause is answered tells nobody anything but about their own token.
    #[must_use]
    pub fn invalid_token(fault: &'static str) -> Self {
        Self { cause: Some(fault), ..Self::because(Kind::InvalidToken, fault) }
    }

    /// Nothing is there, or nothing for this caller: all of these look alike but in the log.
    #[must_use]
    pub fn not_found(cause: &'static str) -> Self {
        Self { cause: Some(cause), ..Kind::NotFound.into() }
    }

    /// No token can be judged yet, good or not.
    #[must_use]
    pub fn no_keys() -> Self {
        Self { cause: Some("no keys yet"), ..Kind::NotReady.into() }
    }

    /// All faults of the fields.
    #[must_use]
    pub fn fields(errors: Vec<FieldProblem>) -> Self {
        Self { errors, ..Kind::InvalidFields.into() }
    }

    /// The error that stands for a status that the framework chose.
    #[must_use]
    pub fn of_status(status: StatusCode) -> Self {
        let listed = TABLE.iter().find(|row| row.status == status.as_u16()).map(|row| row.kind);
        let kind = if status.is_client_error() { Kind::BadRequest } else { Kind::InternalError };
        listed.unwrap_or(kind).into()
    }

    /// The answer without its body, and this problem with it for `finish` to write.
    pub(super) fn unfinished(self) -> HttpResponse {
        let row = self.kind.row();
        let mut response = HttpResponseBuilder::new(self.status_code());
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        if let Some(seconds) = self.retry_after.or(row.retry_after.map(u64::from)) {
            response.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        if let Some(challenge) = self.challenge() {
            response.insert_header((header::WWW_AUTHENTICATE, challenge));
        }
        let mut response = response.finish();
        response.extensions_mut().insert(self);
        response
    }

    /// RFC 6750, section 3: no `error` where no token was sent. Details are ours, without quotes or backslashes.
    fn challenge(&self) -> Option<String> {
        match self.kind {
            Kind::MissingToken => Some("Bearer realm=\"support-requests\"".to_owned()),
            Kind::InvalidToken => Some(format!(
                "Bearer realm=\"support-requests\", error=\"invalid_token\", error_description=\"{}\"",
                self.detail
            )),
            Kind::MissingCapability => Some(format!(
                "Bearer realm=\"support-requests\", error=\"insufficient_scope\", scope=\"{}\"",
                Capability::CreateSupportRequests.as_str()
            )),
            _ => None,
        }
    }
}

impl From<Kind> for Problem {
    fn from(kind: Kind) -> Self {
        Self::because(kind, kind.row().detail)
    }
}

impl From<&Refusal> for Problem {
    fn from(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::UnknownScope => return Self::not_found("unknown to the provider"),
            Refusal::ContextUnavailable(_) => Kind::ContextUnavailable,
            Refusal::Overloaded(_)
            | Refusal::NotRedacted(PoolError::Overloaded)
            | Refusal::NotStored(AppendError::Overloaded) => Kind::Overloaded,
            Refusal::NotStored(AppendError::Unavailable) => Kind::StorageUnavailable,
            Refusal::NotStored(AppendError::OutcomeUnknown) => Kind::OutcomeUnknown,
            Refusal::NotRedacted(PoolError::BrokeOff) | Refusal::NotStored(AppendError::Refused) => Kind::InternalError,
        }
        .into()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.row().title)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.kind.row().status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        self.clone().unfinished()
    }
}
