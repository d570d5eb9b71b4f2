//! Routes and what is around them; listening; stopping without losing anybody's request.

use std::{
    future::Future,
    io,
    net::TcpListener,
    pin::Pin,
    rc::Rc,
    sync::Arc,
    task::{Context, Poll},
    thread,
    time::Duration,
};

use actix_http::{HttpService, Request, error::DispatchError};
use actix_service::{Service as _, ServiceFactory, apply_fn_factory, fn_factory, fn_service, map_config};
use actix_web::{
    App, Error, HttpResponse, Resource, Route,
    body::MessageBody,
    dev::{AppConfig, ServiceResponse},
    http::header::{ALLOW, HeaderValue},
    middleware::{Condition, from_fn},
    rt::net::TcpStream,
    web::{self, Data, ServiceConfig},
};
use tracing_actix_web::TracingLogger;

pub use super::stop::{STOP_TIMEOUT, ServerHandle, Stopped, stop};
use super::{
    connections::Connected,
    cors, demo, docs, documents, elements, expect,
    finish::{RequestSpan, finish},
    health,
    metrics::{self, MetricsAt},
    problem::{Kind, Problem},
    requests,
    service::{REQUEST_TIMEOUT, Service},
    turned_away,
};

/// How long a connection is read on after its last answer, where its client still sends.
const LINGER: Duration = Duration::from_secs(1);

/// The running service. Must be awaited.
#[must_use = "it does nothing unless it is awaited"]
pub struct Server {
    running: actix_server::Server,
    handle: ServerHandle,
}

impl Server {
    /// What stops it.
    #[must_use]
    pub fn handle(&self) -> ServerHandle {
        self.handle.clone()
    }
}

impl Future for Server {
    type Output = io::Result<()>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.running).poll(cx)
    }
}

/// Starts answering on `listener`. The returned server must be awaited.
///
/// # Errors
/// When the listener cannot be used.
pub fn start(listener: TcpListener, service: Arc<Service>) -> io::Result<Server> {
    let door = listener.try_clone()?;
    let workers = thread::available_parallelism().map_or(2, usize::from);
    let open_max = service.connections.open_max();
    let running = actix_server::Server::build()
        .workers(workers)
        .max_concurrent_connections(open_max.div_ceil(workers))
        .disable_signals()
        .listen("http", listener, move || connections(Data::from(Arc::clone(&service))))?
        .run();
    let handle = ServerHandle::new(running.handle(), door);
    Ok(Server { running, handle })
}

/// What becomes of a connection: HTTP/1.1 where there is a place for it, else 503.
fn connections(
    service: Data<Service>,
) -> impl ServiceFactory<TcpStream, Config = (), Response = (), Error = DispatchError> {
    apply_fn_factory(http(&service), move |stream: TcpStream, http| {
        let (service, place) = (service.clone(), service.connections.admit());
        let served = if place.is_some() { Ok(http.call(stream)) } else { Err(stream) };
        async move {
            match served {
                Ok(served) => served.await.unwrap_or_else(|error| tell(&error)),
                Err(stream) => {
                    service.connections.turned_away();
                    turned_away::answer(stream, &service).await;
                }
            }
            drop(place);
            Ok(())
        }
    })
}

/// Why a connection ended. What a client did is not a fault of the service, and the text may be the client's own.
fn tell(error: &DispatchError) {
    match error {
        DispatchError::Service(_) | DispatchError::Body(_) | DispatchError::InternalError => {
            tracing::error!("a connection ended by a fault of the service");
        }
        DispatchError::Parse(_) => tracing::debug!("a connection ended: what came was no HTTP"),
        _ => tracing::debug!("a connection ended before its time"),
    }
}

fn http(
    service: &Data<Service>,
) -> impl ServiceFactory<TcpStream, Config = (), Response = (), Error = DispatchError, InitError = ()> + use<> {
    let (asked, connections) = (service.clone(), Arc::clone(&service.connections));
    let expect = fn_factory(move || {
        let application = application(&asked).new_service(());
        async move {
            let application = Rc::new(application.await?);
            Ok::<_, ()>(fn_service(move |request: Request| expect::wants_body(Rc::clone(&application), request)))
        }
    });
    HttpService::build()
        .client_request_timeout(REQUEST_TIMEOUT)
        .client_disconnect_timeout(LINGER)
        .on_connect_ext(move |_: &TcpStream, connection| {
            connection.insert(Connected::new(Arc::clone(&connections)));
        })
        .expect(expect)
        .h1(application(service))
        .tcp()
}

/// Everything from a request to its answer.
fn application(
    service: &Data<Service>,
) -> impl ServiceFactory<
    Request,
    Config = (),
    Response = ServiceResponse<impl MessageBody + use<>>,
    Error = Error,
    InitError = (),
    Future: 'static,
> + use<> {
    let application = App::new()
        .app_data(service.clone())
        .wrap(Condition::new(!service.cors_origins.is_empty(), cors::middleware(&service.cors_origins)))
        .wrap(from_fn(finish))
        .wrap(TracingLogger::<RequestSpan>::new())
        .configure(|config| match service.metrics.at {
            MetricsAt::MainListener => metrics::route(config),
            MetricsAt::OwnListener => {}
        })
        .configure(|config| routes(config, service));
    map_config(application, |()| AppConfig::default())
}

fn routes(config: &mut ServiceConfig, service: &Service) {
    requests::routes(config);
    elements::routes(config);
    if service.demo.is_some() {
        demo::routes(config);
    }
    config
        .service(readable("/livez", health::livez))
        .service(readable("/readyz", health::readyz))
        .service(readable("/openapi.json", documents::edition_3_1))
        .service(readable("/openapi-3.0.json", documents::edition_3_0))
        .configure(|config| docs::routes(config, service.docs))
        .default_service(web::to(no_such_route));
}

pub(super) async fn no_such_route() -> Result<HttpResponse, Problem> {
    Err(Problem::not_found("no such route"))
}

/// A resource that can be got, and asked for its head (RFC 9110, section 9.1: who supports the one supports the other).
pub(super) fn readable<F, Args>(path: &str, handler: F) -> Resource
where
    F: actix_web::Handler<Args> + Clone,
    Args: actix_web::FromRequest + 'static,
    F::Output: actix_web::Responder + 'static,
{
    only(path, "GET, HEAD", web::get().to(handler.clone())).route(web::head().to(handler))
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
