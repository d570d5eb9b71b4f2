//! Around every answer: the request id, the body of a problem, the log line.

use std::time::Instant;

use actix_web::{
    Error, HttpMessage, HttpRequest, ResponseError as _,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        ConnectionType, Method, StatusCode,
        header::{CONTENT_TYPE, HeaderName, HeaderValue, X_CONTENT_TYPE_OPTIONS},
    },
    middleware::Next,
    web::Data,
};
use tracing::Span;
use tracing_actix_web::RootSpanBuilder;

use super::{
    problem::{Problem, ProblemBody},
    service::Service,
};
use crate::domain::{ids::RequestId, request::Scope};

/// The header that carries the request id, both ways.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What the log line of a request says beside the obvious. Nothing that a person wrote.
#[derive(Debug, Default)]
pub(super) struct LogFacts {
    workspace: Option<String>,
    tenant: Option<String>,
    reference: Option<String>,
    mode: Option<&'static str>,
}

impl LogFacts {
    /// The scope, once the caller turned out to belong to it: before that, the path may hold anything.
    pub(super) fn scope(request: &HttpRequest, scope: &Scope) {
        let (workspace, tenant) = (Some(scope.workspace.to_string()), Some(scope.tenant.to_string()));
        request.extensions_mut().insert(Self { workspace, tenant, ..Self::default() });
    }

    /// What became of the request.
    pub(super) fn stored(request: &HttpRequest, reference: &str, mode: &'static str) {
        if let Some(facts) = request.extensions_mut().get_mut::<Self>() {
            facts.reference = Some(reference.to_owned());
            facts.mode = Some(mode);
        }
    }
}

/// Opens the span of a request, which carries its id: the caller's if it is a sane one, else one made here.
/// A caller's id that looks like a secret is not sane: it would be stored and logged.
pub(super) struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let id = request_id(request);
        let span = tracing::info_span!("request", request_id = id.as_str());
        request.extensions_mut().insert(id);
        span
    }

    fn on_request_end<B: MessageBody>(_: Span, _: &Result<ServiceResponse<B>, Error>) {}
}

fn request_id(request: &ServiceRequest) -> RequestId {
    let service = request.app_data::<Data<Service>>();
    let sent = request.headers().get(&REQUEST_ID).and_then(|value| RequestId::parse(value.to_str().ok()?).ok());
    match (sent, service) {
        (Some(sent), Some(service)) if service.redactor.text(sent.as_str()).taken.is_empty() => sent,
        (_, Some(service)) => RequestId::from_ulid(service.clock.ulid()),
        (_, None) => RequestId::from_ulid(ulid::Ulid::nil()),
    }
}

/// The middleware.
pub(super) async fn finish(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let method = request.method().clone();
    let draining = request.app_data::<Data<Service>>().is_some_and(|service| service.draining.has_begun());
    let mut response = next.call(request).await?.map_into_boxed_body();
    let id = response.request().extensions().get::<RequestId>().cloned();
    if let Some(id) = &id {
        response = write_problem(response, id);
        if let Ok(value) = HeaderValue::from_str(id.as_str()) {
            response.headers_mut().insert(REQUEST_ID, value);
        }
    }
    response.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Draining: a keep-alive client would otherwise lose its next request. Not found: whether the connection stays open
    // would tell a caller whose body was not read (they do not belong) from one whose body was (it does not exist).
    if draining || response.status() == StatusCode::NOT_FOUND {
        response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    log(&method, &response, started);
    Ok(response)
}

/// Gives every error its body: ours, and those that the framework answers with none or with a text.
fn write_problem(response: ServiceResponse, id: &RequestId) -> ServiceResponse {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let problem = response.response().extensions().get::<Problem>().cloned();
    let problem = problem.unwrap_or_else(|| Problem::of_status(status));
    // A problem is texts and numbers: it always serializes.
    let body = serde_json::to_vec(&ProblemBody::of(&problem, id.as_str())).unwrap_or_default();
    let (request, answer) = response.into_parts();
    let mut answer = answer.set_body(BoxBody::new(body));
    *answer.status_mut() = problem.status_code();
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    ServiceResponse::new(request, answer)
}

/// One line a request.
fn log(method: &Method, response: &ServiceResponse, started: Instant) {
    let request = response.request();
    let extensions = request.extensions();
    let unknown = LogFacts::default();
    let facts = extensions.get::<LogFacts>().unwrap_or(&unknown);
    let code = response.response().extensions().get::<Problem>().map(|problem| problem.kind.row().code);
    tracing::info!(
        request_id = extensions.get::<RequestId>().map(RequestId::as_str),
        method = method.as_str(),
        // The pattern, not the path: that may hold anything.
        route = request.match_pattern(),
        workspace = facts.workspace,
        tenant = facts.tenant,
        reference = facts.reference,
        mode = facts.mode,
        status = response.status().as_u16(),
        code,
        milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        "answered"
    );
}
