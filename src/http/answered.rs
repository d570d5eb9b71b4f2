//! The one line that the log has for each request.

use std::time::Instant;

use actix_web::{
    HttpMessage as _, HttpRequest,
    dev::{RequestHead, ServiceResponse},
    http::{
        Method,
        header::{ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderName, ORIGIN},
    },
    web::Data,
};

use super::{
    metrics::METRICS_PATH,
    problem::{Kind, Problem},
    request_id::Assigned,
    service::Service,
    traced::TraceOfRequest,
};
use crate::domain::request::Scope;

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

/// What the log says of a browser's question that was refused, so that whoever runs the service can see which origin to
/// name. It is the page's own, and anybody can send it: bounded, in visible ASCII, and without what looks like a secret.
#[derive(Debug, Default)]
struct Preflight {
    origin: Option<String>,
    method: Option<&'static str>,
    headers: Option<String>,
}

/// Longest text of a refused preflight that is logged, in characters.
const PREFLIGHT_TEXT_MAX: usize = 200;

impl Preflight {
    fn refused(head: &RequestHead, service: Option<&Data<Service>>) -> Self {
        let asked = head.headers.get(ACCESS_CONTROL_REQUEST_METHOD);
        let (Some(asked), Some(service), true) = (asked, service, head.method == Method::OPTIONS) else {
            return Self::default();
        };
        let printable = |name: HeaderName| {
            let sent = head.headers.get(name)?.as_bytes().iter().take(PREFLIGHT_TEXT_MAX);
            let visible =
                sent.map(|byte| if byte.is_ascii_graphic() || *byte == b' ' { char::from(*byte) } else { '?' });
            Some(service.redactor.text(&visible.collect::<String>()).value)
        };
        Self {
            origin: printable(ORIGIN),
            method: Some(Method::from_bytes(asked.as_bytes()).map_or("other", |method| method_name(&method))),
            headers: printable(ACCESS_CONTROL_REQUEST_HEADERS),
        }
    }
}

/// A method's name, if it is one of HTTP's own (RFC 9110, section 9; RFC 5789): others may hold anything.
pub(super) fn method_name(method: &Method) -> &'static str {
    let known = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];
    known.into_iter().find(|known| *known == method.as_str()).unwrap_or("other")
}

/// Logs an answer: below INFO where it is a probe's and all is well.
pub(super) fn log(response: &ServiceResponse, started: Instant) {
    let (request, status) = (response.request(), response.status());
    let extensions = request.extensions();
    let unknown = LogFacts::default();
    let facts = extensions.get::<LogFacts>().unwrap_or(&unknown);
    let assigned = extensions.get::<Assigned>();
    let failed = status.is_client_error() || status.is_server_error();
    let answer_extensions = response.response().extensions();
    let problem = answer_extensions.get::<Problem>();
    let cause = |kind| problem.filter(|problem| problem.kind == kind).and_then(|problem| problem.cause);
    let preflight = if failed { Preflight::refused(request.head(), request.app_data()) } else { Preflight::default() };
    // The pattern, not the path: that may hold anything.
    let route = request.match_pattern();
    let took = started.elapsed();
    if let Some(service) = request.app_data::<Data<Service>>() {
        service.metrics.answered(request.method(), route.as_deref(), problem.map(|problem| problem.kind), took);
    }
    macro_rules! answered {
        ($level:expr) => {
            tracing::event!(
                $level,
                request_id = assigned.map(|assigned| assigned.id.as_str()),
                trace_id = extensions.get::<TraceOfRequest>().map(|trace| trace.0.as_str()),
                request_id_replaced = assigned.and_then(|assigned| assigned.replaced),
                method = method_name(request.method()),
                route,
                workspace = facts.workspace,
                tenant = facts.tenant,
                reference = facts.reference,
                mode = facts.mode,
                status = status.as_u16(),
                code = problem.map(|problem| problem.kind.row().code),
                token_fault = cause(Kind::InvalidToken),
                not_found = cause(Kind::NotFound),
                preflight_origin = preflight.origin,
                preflight_method = preflight.method,
                preflight_headers = preflight.headers,
                milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
                "answered"
            )
        };
    }
    // Every few seconds, from everything that watches: they would hide the rest.
    let is_probe = matches!(route.as_deref(), Some("/livez" | "/readyz" | METRICS_PATH));
    if is_probe && !failed { answered!(tracing::Level::DEBUG) } else { answered!(tracing::Level::INFO) }
}
