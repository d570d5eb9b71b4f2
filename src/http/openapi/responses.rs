//! The named responses of the document: one for each status of a failure, and the headers that answers carry.

use serde_json::json;
use utoipa::openapi::{Content, Header, Object, Ref, RefOr, Response, Type};

use super::examples;
use crate::http::problem::TABLE;

/// The name of the reusable response of a status.
pub(super) fn name(status: u16) -> &'static str {
    match status {
        400 => "BadRequest",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "NotFound",
        405 => "MethodNotAllowed",
        408 => "RequestTimeout",
        413 => "ContentTooLarge",
        415 => "UnsupportedMediaType",
        422 => "UnprocessableContent",
        429 => "TooManyRequests",
        503 => "ServiceUnavailable",
        _ => "InternalServerError",
    }
}

/// A reusable error response: every code of its status, each with an example.
pub(super) fn error(status: u16) -> Response {
    let rows = || TABLE.iter().filter(|row| row.status == status);
    let described: Vec<String> = rows().map(|row| format!("`{}`: {}. {}", row.code, row.title, row.detail)).collect();
    let mut content = Content::new(Some(Ref::from_schema_name("Problem")));
    for row in rows() {
        content.examples.insert(row.code.to_owned(), examples::problem(row).into());
    }
    let mut response = Response::new(described.join("\n\n"));
    response.content.insert("application/problem+json".to_owned(), content.into());
    response.headers.insert("X-Request-Id".to_owned(), request_id().into());
    response.headers.insert("Link".to_owned(), help(status).into());
    for (on, name, what, example) in [
        (
            401,
            "WWW-Authenticate",
            "The challenge, with `error` as in RFC 6750.",
            "Bearer realm=\"support-requests\", error=\"invalid_token\"",
        ),
        (
            403,
            "WWW-Authenticate",
            "The challenge, with the missing capability as `scope`.",
            "Bearer error=\"insufficient_scope\"",
        ),
        (405, "Allow", "The methods that there are.", "POST"),
        (429, "Retry-After", "Seconds to wait.", "2"),
        (503, "Retry-After", "Seconds to wait.", "5"),
    ] {
        if on == status {
            response.headers.insert(name.to_owned(), header(what, example).into());
        }
    }
    // What comes before the rate says nothing of it, and a 404 never does.
    match status {
        429 => response.headers.extend(rate_limit("\"creator\";r=0;t=2")),
        400 | 408 | 413 | 415 | 422 | 500 | 503 => response.headers.extend(rate_limit("\"creator\";r=28")),
        _ => {}
    }
    response
}

/// What a request of a creator says of their rate, where there is one.
pub(super) fn rate_limit(remaining: &str) -> [(String, RefOr<Header>); 2] {
    let what = "What remains of your rate in this workspace, as in draft-ietf-httpapi-ratelimit-headers: `r` requests, and \
                where that is 0, `t` seconds until the next. Absent where no rate is set, and where the \
                request was refused before it was counted.";
    let policy = "The rate: `q` requests in `w` seconds. Absent as `RateLimit` is.";
    [("RateLimit", what, remaining), ("RateLimit-Policy", policy, "\"creator\";q=30;w=60")]
        .map(|(name, what, example)| (name.to_owned(), header(what, example).into()))
}

pub(super) fn request_id() -> Header {
    header("The id of this request: the caller's if it was a sane one, else made here.", "01KG9X6M3ZQ0V4T8R2N5B7C1D9")
}

fn help(status: u16) -> Header {
    let what = "With `rel=\"help\"`, where the error is explained: the section of its code, relative to the address that \
                was called. Absent where the pages under `/docs/` are switched off.";
    let code = TABLE.iter().find(|row| row.status == status).map_or("", |row| row.code);
    header(what, &format!("<../../../../docs/errors#{code}>; rel=\"help\""))
}

pub(super) fn header(what: &str, example: &str) -> Header {
    let mut header = Header::new(Object::with_type(Type::String));
    header.description = Some(what.to_owned());
    header.example = Some(json!(example));
    header
}
