//! Where log lines go: standard error, one line an event; JSON in production, readable in development.

use std::io::{IsTerminal, stderr};

use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::config::Environment;

/// Starts logging.
pub fn start(environment: Environment, filter: EnvFilter) {
    let registry = tracing_subscriber::registry().with(filter);
    let started = match environment {
        Environment::Production => {
            let layer = fmt::layer().json().flatten_event(true).with_span_list(false).with_writer(stderr);
            registry.with(layer).try_init()
        }
        Environment::Development => registry
            .with(fmt::layer().with_ansi(stderr().is_terminal()).with_target(false).with_writer(stderr))
            .try_init(),
    };
    // Somebody who embeds the service may have started their own logging; theirs stays.
    drop(started);
}
