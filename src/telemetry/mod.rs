//! Where log lines go: standard error, one line an event; JSON in production, readable in development.
//!
//! Nobody who logs ever waits for whoever reads the log: see [`lines`].

mod lines;
mod panics;

use std::io::{IsTerminal, stderr};

use tracing_subscriber::{EnvFilter, filter::Directive, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::{config::Environment, http::FRAMEWORK_LOG_TARGET};
pub use lines::{Log, say_last};

/// Starts logging, of panics too. What is logged is written as long as the returned value is kept.
#[must_use = "the last lines are written when it is dropped"]
pub fn start(environment: Environment, filter: EnvFilter) -> Log {
    let (log, writer) = lines::start(stderr(), environment);
    let registry = tracing_subscriber::registry().with(without_clients_nonsense(filter));
    let started = match environment {
        Environment::Production => {
            let layer = fmt::layer().json().flatten_event(true).with_span_list(false).with_writer(writer);
            registry.with(layer).try_init()
        }
        Environment::Development => registry
            .with(fmt::layer().with_ansi(stderr().is_terminal()).with_target(false).with_writer(writer))
            .try_init(),
    };
    // Somebody who embeds the service may have started their own logging; theirs stays.
    if started.is_ok() {
        panics::log(log.metrics().panics.clone());
    }
    log
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
