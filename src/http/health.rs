//! Is the process alive, and should it get requests?

use actix_web::{HttpResponse, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    problem::{Kind, Problem},
    service::Service,
};

/// The answer of a health check that found nothing wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// `ok`.
    #[schema(example = "ok")]
    pub status: &'static str,
}

/// Whether the process runs
///
/// Says nothing about the database: a process that waits for one should not be restarted.
#[utoipa::path(get, path = "/livez", operation_id = "getLiveness", tag = "Health",
    responses((status = 200, description = "The process runs.", body = Health)))]
pub async fn livez() -> HttpResponse {
    HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(Health { status: "ok" })
}

/// Whether requests should be sent here
///
/// 503 while the service is stopping, has no keys yet, or its database would not take a request.
#[utoipa::path(get, path = "/readyz", operation_id = "getReadiness", tag = "Health",
    responses((status = 200, description = "Requests are welcome.", body = Health)))]
pub async fn readyz(service: Data<Service>) -> Result<HttpResponse, Problem> {
    if service.draining.has_begun() || service.keys.current().is_empty() {
        return Err(Kind::NotReady.into());
    }
    // Why not is in the log already, once.
    if !service.intake.store().takes_writes() {
        return Err(Kind::NotReady.into());
    }
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(Health { status: "ok" }))
}
