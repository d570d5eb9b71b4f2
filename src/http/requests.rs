//! The two endpoints: which URLs, who may call, what they get.

use actix_web::{
    HttpRequest, HttpResponse, Responder,
    body::BoxBody,
    http::header::CACHE_CONTROL,
    web::{self, Data, ServiceConfig},
};

use super::{
    answered::LogFacts,
    body::JsonBody,
    granted::{CreateSupportRequests, Granted},
    problem::Problem,
    request_id::OfRequest,
    server::only,
    service::Service,
    wire::{SupportRequestInput, SupportRequestReceipt},
};
use crate::{
    causes::Causes,
    domain::request::Submission,
    intake::{Receipt, Refusal},
};

/// From a tenant's dashboard.
pub const TENANT_PATH: &str = "/workspaces/{workspace}/tenants/{tenant}/support-requests";
/// From the detail page of an operation run.
pub const RUN_PATH: &str = "/workspaces/{workspace}/tenants/{tenant}/operation-runs/{run}/support-requests";

/// Puts both on the map: one handler, because they differ in the scope of the path alone.
pub(super) fn routes(config: &mut ServiceConfig) {
    for path in [TENANT_PATH, RUN_PATH] {
        config.service(only(path, "POST", web::post().to(create)));
    }
}

/// The text of an operation in the published document: its own part, then the rule that both share.
fn described(operation: &str) -> String {
    format!("{operation}\n\n{RETRY_RULE}")
}

/// When a request may be sent again. Programs are written after this: it is part of the contract.
const RETRY_RULE: &str = "\
**Trying again.** Every accepted call makes a fresh request and a fresh reference, however alike two calls are. On any
4xx, 500 or 503 nothing was stored, except for a 503 whose `code` is `outcome_unknown`. After that one, or after an
answer that got lost, the request may have been stored, and sending it again makes a second one; a person can spot
twins by their request ids. There is nothing to read back here, so there is no `Location`.";

/// The tenant's operation, for the document.
#[utoipa::path(post, path = TENANT_PATH, operation_id = "createTenantSupportRequest", tag = "Support requests",
    summary = "Ask for support about a tenant",
    description = described("\
Stores a support request from a tenant's dashboard and answers its reference. Needs `support_requests.create` in the
tenant. With `support_diagnostics.view`, and unless `include_diagnostics` is `false`, a redacted snapshot of the
tenant's diagnostics is attached; without it the request is stored with its canonical context only."),
    request_body(content = SupportRequestInput, content_type = "application/json"),
    responses((status = 201, description = "Stored, committed and durable, with its audit record.", body = SupportRequestReceipt)),
    security(("bearer" = [])))]
#[expect(dead_code, reason = "read by utoipa's macro, which documents one function a path")]
fn create_for_tenant() {}

/// The run's operation, for the document.
#[utoipa::path(post, path = RUN_PATH, operation_id = "createOperationRunSupportRequest", tag = "Support requests",
    summary = "Ask for support about an operation run",
    description = described("\
Stores a support request from the detail page of an operation run and answers its reference. Needs
`support_requests.create` in the run's tenant. With `support_diagnostics.view`, and unless `include_diagnostics` is
`false`, a redacted snapshot of the run's diagnostics is attached; without it the request is stored with its canonical
context only. A run of another tenant is not found."),
    request_body(content = SupportRequestInput, content_type = "application/json"),
    responses((status = 201, description = "Stored, committed and durable, with its audit record.", body = SupportRequestReceipt)),
    security(("bearer" = [])))]
#[expect(dead_code, reason = "read by utoipa's macro, which documents one function a path")]
fn create_for_run() {}

async fn create(
    granted: Granted<CreateSupportRequests>,
    JsonBody(report): JsonBody,
    OfRequest { request_id, traceparent }: OfRequest,
    service: Data<Service>,
) -> Result<Created, Problem> {
    let Granted { scope, creator, capabilities, token, .. } = granted;
    let submission = Submission { scope, creator, capabilities, token, report, request_id, traceparent };
    match service.intake.submit(submission).await {
        Ok(receipt) => Ok(Created(receipt)),
        Err(refusal) => Err(answer(&refusal)),
    }
}

/// Logs, once, what only the operator should know, and says the rest.
fn answer(refusal: &Refusal) -> Problem {
    if !matches!(refusal, Refusal::UnknownScope) {
        let error = Causes(refusal);
        tracing::warn!(%error, "a support request was not stored");
    }
    refusal.into()
}

/// 201, with the receipt.
struct Created(Receipt);

impl Responder for Created {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        LogFacts::stored(request, &self.0.reference, self.0.attachment.mode());
        HttpResponse::Created().insert_header((CACHE_CONTROL, "no-store")).json(SupportRequestReceipt::from(self.0))
    }
}
