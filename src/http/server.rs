//! Routes and what is around them; listening; stopping without losing anybody's request.

use std::{io, net::TcpListener, sync::Arc, time::Duration};

use actix_cors::Cors;
pub use actix_web::dev::{Server, ServerHandle};
use actix_web::{
    App, HttpResponse, HttpServer, Resource, Route,
    http::header::{ALLOW, AUTHORIZATION, CONTENT_TYPE, HeaderValue, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE},
    middleware::{Condition, from_fn},
    web::{self, Data, ServiceConfig},
};
use tracing_actix_web::TracingLogger;
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::{
    finish::{REQUEST_ID, RequestSpan, finish},
    health, openapi,
    problem::{Kind, Problem},
    requests,
    service::{Connected, REQUEST_TIMEOUT, Service},
};

/// How long a stop waits for answers under way: longer than the longest.
const STOP_TIMEOUT: Duration = Duration::from_secs(25);

/// Starts answering on `listener`. The returned server must be awaited.
///
/// # Errors
/// When the listener cannot be used.
pub fn start(listener: TcpListener, service: Arc<Service>) -> io::Result<Server> {
    let service = Data::from(service);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(service.clone())
            .wrap(Condition::new(!service.cors_origins.is_empty(), cors(&service.cors_origins)))
            .wrap(from_fn(finish))
            .wrap(TracingLogger::<RequestSpan>::new())
            .configure(routes)
    });
    Ok(server
        .on_connect(|_, connection| _ = connection.insert(Connected::default()))
        .client_request_timeout(REQUEST_TIMEOUT)
        .client_disconnect_timeout(Duration::from_secs(1))
        .shutdown_timeout(STOP_TIMEOUT.as_secs())
        .disable_signals()
        .listen(listener)?
        .run())
}

/// Stops: says so for `shutdown_delay`, closes the door, answers what is under way, then lets the writer finish.
pub async fn stop(handle: ServerHandle, service: &Service, shutdown_delay: Duration) {
    service.draining.begin();
    tokio::time::sleep(shutdown_delay).await;
    let closed = tokio::time::Instant::now();
    handle.stop(true).await;
    let left = STOP_TIMEOUT.saturating_sub(closed.elapsed()).max(Duration::from_secs(1));
    service.intake.store().close(left).await;
}

fn routes(config: &mut ServiceConfig) {
    requests::routes(config);
    config
        .service(only("/livez", "GET, HEAD", get(health::livez)).route(web::head().to(health::livez)))
        .service(only("/readyz", "GET, HEAD", get(health::readyz)).route(web::head().to(health::readyz)))
        .service(only("/openapi.json", "GET, HEAD", get(document)).route(web::head().to(document)))
        .service(only("/docs", "GET, HEAD", get(to_docs)).route(web::head().to(to_docs)))
        .service(SwaggerUi::new("/docs/{_:.*}").config(swagger()))
        .service(refuse_methods(web::resource("/docs/{_:.*}"), "GET"))
        .default_service(web::to(|| async { Err::<HttpResponse, _>(Problem::from(Kind::NotFound)) }));
}

fn get<F, Args>(handler: F) -> Route
where
    F: actix_web::Handler<Args>,
    Args: actix_web::FromRequest + 'static,
    F::Output: actix_web::Responder + 'static,
{
    web::get().to(handler)
}

/// A resource that answers by `route` and says 405 to every other method.
pub(super) fn only(path: &str, allow: &'static str, route: Route) -> Resource {
    refuse_methods(web::resource(path).route(route), allow)
}

/// 405, and what is allowed (RFC 9110, section 15.5.6), to what no route of a resource takes.
fn refuse_methods(resource: Resource, allow: &'static str) -> Resource {
    resource.default_service(web::to(move || async move {
        let mut answer = Problem::from(Kind::MethodNotAllowed).unfinished();
        answer.headers_mut().insert(ALLOW, HeaderValue::from_static(allow));
        answer
    }))
}

async fn document() -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(openapi::json())
}

async fn to_docs() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((LOCATION, "docs/")).finish()
}

/// The document's address is relative, so that the page also works behind a path prefix; nothing is asked of anybody else.
fn swagger() -> Config<'static> {
    Config::from("../openapi.json").try_it_out_enabled(true).validator_url("none").display_request_duration(true)
}

fn cors(origins: &[String]) -> Cors {
    let cors = Cors::default()
        .allowed_methods(["GET", "POST"])
        .allowed_headers([AUTHORIZATION, CONTENT_TYPE, REQUEST_ID])
        .expose_headers([REQUEST_ID, RETRY_AFTER, WWW_AUTHENTICATE])
        .max_age(3600);
    origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}
