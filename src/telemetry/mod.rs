//! Where log lines go: standard error, one line an event; JSON in production, readable in development.
//!
//! Nobody who logs ever waits for whoever reads the log: see [`lines`].

mod json;
mod lines;
mod panics;
mod traces;

use std::io::{IsTerminal, stderr};

use tracing_subscriber::{
    EnvFilter, Layer, Registry,
    filter::{Directive, filter_fn},
    fmt,
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

use crate::{config::Environment, http::FRAMEWORK_LOG_TARGET, trace};
pub use lines::{Log, say_last};
pub use traces::Traces;

/// Starts logging, of panics too, and sends spans where there is somebody to send them to. What is logged is written as long
/// as the returned value is kept.
#[must_use = "the last lines are written when it is dropped"]
pub fn start(environment: Environment, filter: EnvFilter, traces: Option<&Traces>) -> Log {
    let (log, writer) = lines::start(stderr(), environment);
    let lines: Box<dyn Layer<Registry> + Send + Sync> = match environment {
        Environment::Production => fmt::layer().json().event_format(json::JsonLines::new()).with_writer(writer).boxed(),
        Environment::Development => {
            fmt::layer().with_ansi(stderr().is_terminal()).with_target(false).with_writer(writer).boxed()
        }
    };
    let filter = without_spans_for_traces(without_clients_nonsense(filter));
    let started = match traces {
        // One filter for all, so that what is not logged costs nothing.
        None => tracing_subscriber::registry().with(lines).with(filter).try_init(),
        Some(traces) => {
            let spans = tracing_opentelemetry::layer().with_tracer(traces.tracer());
            let spans =
                spans.with_location(false).with_threads(false).with_tracked_inactivity(false).with_target(false);
            let lines = lines.with_filter(filter);
            tracing_subscriber::registry().with(lines).with(spans.with_filter(filter_fn(traces::is_sent))).try_init()
        }
    };
    // Somebody who embeds the service may have started their own logging; theirs stays.
    if started.is_ok() {
        panics::log(log.metrics().panics.clone());
    }
    log
}

/// Spans of [`trace`] hold nothing that a log line should: its own span has the request's id.
fn without_spans_for_traces(filter: EnvFilter) -> EnvFilter {
    match format!("{}=off", trace::TARGET).parse() {
        Ok(off) => filter.add_directive(off),
        Err(_) => filter,
    }
}

/// The framework logs what it cannot read as an error, although it is the client's. The room `http` tells how connections
/// end; whoever asks for the framework's own lines gets them.
fn without_clients_nonsense(filter: EnvFilter) -> EnvFilter {
    if filter.to_string().contains(FRAMEWORK_LOG_TARGET) {
        return filter;
    }
    let quiet: Result<Directive, _> = format!("{FRAMEWORK_LOG_TARGET}=off").parse();
    match quiet {
        Ok(quiet) => filter.add_directive(quiet),
        Err(_) => filter,
    }
}
