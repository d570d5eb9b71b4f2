//! Spans of a call and of its stages, for whoever collects traces (OpenTelemetry). They are no part of the log, and cost next
//! to nothing where nobody collects them.
//!
//! What a span says is in this file: a method, a route, a status, an error code. Deliberately absent: ids of tenants, runs and
//! requests, and whatever a person wrote or is called. The log has the trace's id, and so leads from the one to the other.

use opentelemetry::{
    Context, SpanId, TraceFlags, TraceId,
    trace::{SpanContext, TraceContextExt as _, TraceState},
};
use tracing::{Level, Span, debug_span, field::Empty, span_enabled};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use crate::domain::ids::Traceparent;

/// Whose spans are for traces: the log leaves them out, and nothing else is exported.
pub const TARGET: &str = module_path!();

/// A part of a call that takes time of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The token is checked.
    Token,
    /// The provider is asked.
    Provider,
    /// The texts are redacted.
    Redaction,
    /// The request waits for its commit, and is committed.
    Store,
}

impl Stage {
    /// Its span.
    #[must_use]
    pub fn span(self) -> Span {
        match self {
            Self::Token => debug_span!("token"),
            Self::Provider => debug_span!("provider", otel.kind = "client"),
            Self::Redaction => debug_span!("redaction"),
            Self::Store => debug_span!("store", otel.kind = "client"),
        }
    }
}

/// Whether anybody collects them.
#[must_use]
pub fn is_collected() -> bool {
    span_enabled!(Level::DEBUG)
}

/// The span of a call (HTTP server spans of OpenTelemetry's semantic conventions), in its caller's trace where it named one.
#[must_use]
pub fn call(method: &'static str, route: &str, caller: Option<&Traceparent>) -> Span {
    let span = debug_span!(
        "call",
        otel.name = format!("{method} {route}"),
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = method,
        http.route = route,
        http.response.status_code = Empty,
        error.r#type = Empty,
    );
    if let Some(parent) = caller.filter(|_| !span.is_disabled()).and_then(context) {
        // It fails where nobody collects: the log of a test that takes everything is no collector.
        let _ = span.set_parent(parent);
    }
    span
}

/// What a call was answered.
pub fn answered(span: &Span, status: u16, code: Option<&'static str>) {
    span.record("http.response.status_code", status);
    if let Some(code) = code {
        span.record("error.type", code);
    }
    // A call that is refused is the caller's error (semantic conventions, HTTP server spans, "Status").
    if status >= 500 {
        span.record("otel.status_code", "ERROR");
    }
}

/// Where in a trace that is collected here a span is; nowhere, where nobody collects.
#[must_use]
pub fn traceparent(span: &Span) -> Option<Traceparent> {
    let context = span.context();
    let span = context.span();
    let here = span.span_context();
    if !here.is_valid() {
        return None;
    }
    let flags = here.trace_flags().to_u8();
    Traceparent::parse(&format!("00-{}-{}-{flags:02x}", here.trace_id(), here.span_id())).ok()
}

/// What whoever is asked next is told: that they are asked from here, or where nobody collects, what the caller said.
#[must_use]
pub fn outgoing(caller: Option<&Traceparent>) -> Option<Traceparent> {
    traceparent(&Span::current()).or_else(|| caller.cloned())
}

fn context(caller: &Traceparent) -> Option<Context> {
    let (parent, flags) = caller.parent_and_flags();
    let trace = TraceId::from_hex(caller.trace_id().as_str()).ok()?;
    let parent = SpanId::from_hex(parent).ok()?;
    let flags = TraceFlags::new(u8::from_str_radix(flags, 16).ok()?);
    let remote = SpanContext::new(trace, parent, flags, true, TraceState::NONE);
    Some(Context::new().with_remote_span_context(remote))
}
