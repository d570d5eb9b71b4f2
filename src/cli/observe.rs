//! How `serve` lets itself be watched: numbers that are read, spans that are sent.

use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
};

use anyhow::Context;

use crate::{
    config::SendTraces,
    http::{
        metrics::{HttpMetrics, MetricsAt},
        scrapes,
        service::Service,
    },
    telemetry::{Log, Traces},
};

/// What sends spans, where a collector is named.
pub(super) fn traces(send: SendTraces) -> anyhow::Result<Option<Traces>> {
    match send {
        SendTraces::Nowhere => Ok(None),
        SendTraces::ToCollector => Traces::start().map(Some).context("spans cannot be sent as the OTEL_ variables say"),
    }
}

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
