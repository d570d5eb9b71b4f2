//! Spans on their way to a collector, by OTLP over HTTP (protobuf). What is not said in `config/otel.rs` the SDK reads itself,
//! as OpenTelemetry's own pages say.
//!
//! Who makes a span never waits: it goes into a queue of bounded length, from which a thread of the SDK's own sends; what does
//! not fit is dropped. A collector that does not answer costs a stop at most [`LAST_SPANS_TIMEOUT`].

use std::time::Duration;

use opentelemetry::{Key, KeyValue, trace::TracerProvider as _};
use opentelemetry_otlp::{ExporterBuildError, SpanExporter};
use opentelemetry_sdk::{
    Resource,
    trace::{SdkTracer, SdkTracerProvider},
};
use tracing::Metadata;

use crate::trace;

/// What the service is called where `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` do not say.
const SERVICE_NAME: &str = "support-requests";

/// How long the last spans may take to be sent at the end.
const LAST_SPANS_TIMEOUT: Duration = Duration::from_secs(1);

/// What sends spans. Dropped at the end, it sends the last ones, for a second at most.
#[derive(Debug)]
pub struct Traces(SdkTracerProvider);

impl Traces {
    /// Sends to where the environment says.
    ///
    /// # Errors
    /// Something that the environment says cannot be used.
    pub fn start() -> Result<Self, ExporterBuildError> {
        let exporter = SpanExporter::builder().with_http().build()?;
        let provider = SdkTracerProvider::builder().with_resource(resource()).with_batch_exporter(exporter);
        Ok(Self(provider.build()))
    }

    pub(super) fn tracer(&self) -> SdkTracer {
        self.0.tracer(env!("CARGO_PKG_NAME"))
    }
}

impl Drop for Traces {
    fn drop(&mut self) {
        // What could not be sent by then is lost, as it would be in any other moment.
        let _ = self.0.shutdown_with_timeout(LAST_SPANS_TIMEOUT);
    }
}

/// What is sent: never an event, which is the log's.
pub(super) fn is_sent(metadata: &Metadata<'_>) -> bool {
    metadata.is_span() && metadata.target() == trace::TARGET
}

fn resource() -> Resource {
    let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
    let resource = Resource::builder().with_attribute(version.clone()).build();
    let is_named = |name: opentelemetry::Value| !name.as_str().starts_with("unknown_service");
    if resource.get(&Key::new("service.name")).is_some_and(is_named) {
        return resource;
    }
    Resource::builder().with_attribute(version).with_service_name(SERVICE_NAME).build()
}
