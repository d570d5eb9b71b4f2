//! The span of a call of the two endpoints, and which trace the log says that a request belongs to.

use actix_web::{HttpMessage as _, dev::ServiceRequest, dev::ServiceResponse};
use tracing::Span;

use super::{
    answered::method_name,
    problem::Problem,
    request_id::Assigned,
    requests::{RUN_PATH, TENANT_PATH},
};
use crate::trace;

/// The trace that a request belongs to: its caller's, or one that began here because somebody collects them.
#[derive(Debug, Clone)]
pub(super) struct TraceOfRequest(pub(super) String);

/// The span of a call. Its trace is noted for the log.
pub(super) fn call(request: &ServiceRequest) -> Span {
    let caller = request.extensions().get::<Assigned>().and_then(|assigned| assigned.traceparent.clone());
    let route = trace::is_collected().then(|| request.match_pattern()).flatten();
    let route = [TENANT_PATH, RUN_PATH].into_iter().find(|path| route.as_deref() == Some(path));
    let span =
        route.map_or_else(Span::none, |route| trace::call(method_name(request.method()), route, caller.as_ref()));
    let here = if caller.is_some() { caller } else { trace::traceparent(&span) };
    if let Some(here) = here {
        let id = here.trace_id().to_string();
        Span::current().record("trace_id", &id);
        request.extensions_mut().insert(TraceOfRequest(id));
    }
    span
}

/// What became of it.
pub(super) fn answered(span: &Span, response: &ServiceResponse) {
    let problem = response.response().extensions().get::<Problem>().map(|problem| problem.kind.row().code);
    trace::answered(span, response.status().as_u16(), problem);
}
