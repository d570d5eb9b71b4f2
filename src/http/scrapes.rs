//! A listener for scrapes and nothing else, for whoever keeps numbers apart from what callers reach.

use std::{io, net::TcpListener, sync::Arc};

use actix_web::{
    App, HttpServer,
    middleware::from_fn,
    web::{self, Data},
};
use tracing_actix_web::TracingLogger;

use super::{
    finish::{RequestSpan, finish},
    metrics,
    server::no_such_route,
    service::Service,
};

/// Most connections at once: a scraper has one. They are among the files of the service's own (`connections`).
const CONNECTIONS_MAX: usize = 16;

/// Answers scrapes on `listener` as long as the process lives, also while the service stops.
///
/// # Errors
/// When the listener cannot be used.
pub fn listen(listener: TcpListener, service: Arc<Service>) -> io::Result<()> {
    let service = Data::from(service);
    let application = move || {
        App::new()
            .app_data(service.clone())
            .wrap(from_fn(finish))
            .wrap(TracingLogger::<RequestSpan>::new())
            .configure(metrics::route)
            .default_service(web::to(no_such_route))
    };
    let server = HttpServer::new(application).workers(1).max_connections(CONNECTIONS_MAX).disable_signals();
    let running = server.listen(listener)?.run();
    tokio::spawn(async move {
        if let Err(error) = running.await {
            tracing::error!(%error, "scrapes are no longer answered");
        }
    });
    Ok(())
}
