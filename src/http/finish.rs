//! Around every answer: the request id, the body of a problem, what is left of the request, the log line.

use std::time::{Duration, Instant};

use actix_web::{
    Error, HttpMessage, HttpRequest, ResponseError as _,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        ConnectionType, StatusCode,
        header::{CONTENT_TYPE, HeaderValue, LINK, X_CONTENT_TYPE_OPTIONS},
    },
    middleware::Next,
    web::Data,
};
use tracing::{Instrument as _, Span, field::Empty};
use tracing_actix_web::RootSpanBuilder;

use super::{
    answered,
    connections::Connected,
    docs::Docs,
    help,
    problem::{Problem, ProblemBody},
    rate_limited,
    request_id::{Assigned, REQUEST_ID},
    service::{REQUEST_TIMEOUT, Service},
    traced,
    unread::SharedBody,
};

/// Opens the span that a request has in the log, which carries its id and that of its trace.
pub(super) struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let assigned = Assigned::to(request);
        let span = tracing::info_span!("request", request_id = assigned.id.as_str(), trace_id = Empty);
        request.extensions_mut().insert(assigned);
        span
    }

    fn on_request_end<B: MessageBody>(_: Span, _: &Result<ServiceResponse<B>, Error>) {}
}

/// By when a request must be whole.
#[derive(Debug, Clone, Copy)]
struct Deadline(Instant);

/// What is left of the time within which a request must be whole.
pub(super) fn time_left(request: &HttpRequest) -> Duration {
    let deadline = request.extensions().get::<Deadline>().copied();
    deadline.map_or(REQUEST_TIMEOUT, |Deadline(end)| end.saturating_duration_since(Instant::now()))
}

/// The middleware.
pub(super) async fn finish(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let service = request.app_data::<Data<Service>>().cloned();
    let timeout = service.as_ref().map_or(REQUEST_TIMEOUT, |service| service.request_timeout);
    let connected = request.conn_data::<Connected>();
    let deadline = connected.map_or(started + timeout, |connected| connected.request_begins(timeout));
    request.extensions_mut().insert(Deadline(deadline));
    let body = SharedBody::of(&mut request);

    let span = traced::call(&request);
    let mut response = next.call(request).instrument(span.clone()).await?.map_into_boxed_body();
    let assigned = response.request().extensions().get::<Assigned>().cloned();
    if let Some(Assigned { id, .. }) = &assigned {
        let docs = service.as_ref().map_or(Docs::Off, |service| service.docs);
        response = write_problem(response, id.as_str(), docs);
        if let Ok(value) = HeaderValue::from_str(id.as_str()) {
            response.headers_mut().insert(REQUEST_ID, value);
        }
    }
    let request = response.request().clone();
    // Not found: only who belongs there was counted, and the answer must not tell whether the caller does.
    if response.status() != StatusCode::NOT_FOUND {
        rate_limited::tell(&request, response.headers_mut());
    }
    response.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Draining: a keep-alive client would otherwise lose its next request. Not found: whether the connection stays open
    // would tell a caller whose body was not read (they do not belong) from one whose body was (it does not exist).
    let draining = service.is_some_and(|service| service.draining.has_begun());
    if draining || response.status() == StatusCode::NOT_FOUND {
        response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    } else if let Some(connected) = response.request().conn_data::<Connected>() {
        connected.is_kept();
    }
    if let Some(body) = body {
        response = response.map_body(|_, answer| body.discard_after(answer, deadline));
    }
    traced::answered(&span, &response);
    answered::log(&response, started);
    Ok(response)
}

/// Gives every error its body: ours, and those that the framework answers with none or with a text.
fn write_problem(response: ServiceResponse, id: &str, docs: Docs) -> ServiceResponse {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let problem = response.response().extensions().get::<Problem>().cloned();
    let problem = problem.unwrap_or_else(|| Problem::of_status(status));
    // A problem is texts and numbers: it always serializes.
    let body = serde_json::to_vec(&ProblemBody::of(&problem, id)).unwrap_or_default();
    let (request, answer) = response.into_parts();
    let mut answer = answer.set_body(BoxBody::new(body));
    *answer.status_mut() = problem.status_code();
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if let Some(help) = help::link(docs, request.uri().path(), problem.kind) {
        answer.headers_mut().insert(LINK, help);
    }
    answer.extensions_mut().insert(problem);
    ServiceResponse::new(request, answer)
}
