//! Where `serve` lets its numbers be read.

use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
};

use anyhow::Context;

use crate::{
    http::{
        metrics::{HttpMetrics, MetricsAt},
        scrapes,
        service::Service,
    },
    telemetry::Log,
};

/// What answering counts, with what the log counts.
pub(super) fn metrics(own: Option<SocketAddr>, log: &Log) -> HttpMetrics {
    let at = if own.is_some() { MetricsAt::OwnListener } else { MetricsAt::MainListener };
    HttpMetrics::new(at, log.metrics().clone())
}

/// Starts the listener for scrapes, where there is to be one.
pub(super) fn listen(own: Option<SocketAddr>, service: &Arc<Service>) -> anyhow::Result<()> {
    let Some(address) = own else { return Ok(()) };
    let cannot = || format!("SUPPORT_REQUESTS_METRICS_LISTEN (--metrics-listen): cannot listen on {address}");
    let listener = TcpListener::bind(address).with_context(cannot)?;
    let address = listener.local_addr()?;
    scrapes::listen(listener, Arc::clone(service)).with_context(cannot)?;
    tracing::info!(%address, "scrapes are answered on a listener of their own");
    Ok(())
}
