//! Token, scope, capability, rate, in this order and before anything else of a request is looked at.

use std::{
    future::{Ready, ready},
    marker::PhantomData,
    time::Instant,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};

use super::{
    answered::LogFacts,
    bearer::{TokenRefusal, bearer},
    problem::{Kind, Problem},
    rate_limited,
    service::Service,
};
use crate::{
    auth::{Claims, TokenFault, verify},
    domain::{
        grants::{Capabilities, Capability, Creator},
        ids::{RunId, TenantId, WorkspaceId},
        request::{CallerToken, Scope, Subject},
    },
    trace::Stage,
};

/// A capability that an endpoint asks for.
pub trait Needs {
    /// Which one.
    const CAPABILITY: Capability;
}

/// `support_requests.create`.
#[derive(Debug)]
pub struct CreateSupportRequests;

impl Needs for CreateSupportRequests {
    const CAPABILITY: Capability = Capability::CreateSupportRequests;
}

/// The proof that the caller has capability `C` in the scope of the path. Always a handler's first argument: extractors
/// are polled in order, and this one is ready at once, so that nothing of the body is judged before the caller is.
#[derive(Debug)]
pub struct Granted<C> {
    /// The scope of the path.
    pub scope: Scope,
    /// Who calls.
    pub creator: Creator,
    /// What they may do there.
    pub capabilities: Capabilities,
    /// Their token.
    pub token: CallerToken,
    capability: PhantomData<C>,
}

impl<C: Needs> FromRequest for Granted<C> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(grant(request))
    }
}

fn grant<C: Needs>(request: &HttpRequest) -> Result<Granted<C>, Problem> {
    let service = request.app_data::<Data<Service>>().ok_or(Kind::InternalError)?;
    let refuse = |refusal| {
        service.metrics.refused(refusal);
        Problem::from(refusal)
    };
    let token = bearer(request.headers()).map_err(refuse)?;
    let claims = claims(service, token)?.map_err(TokenRefusal::Fault).map_err(refuse)?;
    let scope = scope(request).ok_or_else(|| Problem::not_found("malformed id"))?;
    let capabilities = claims.grants.within(&scope.workspace, &scope.tenant);
    let capabilities = capabilities.ok_or_else(|| Problem::not_found("no entry"))?;
    LogFacts::scope(request, &scope);
    if !capabilities.allow(C::CAPABILITY) {
        let detail = format!("Ask for the capability '{}' in this tenant.", C::CAPABILITY.as_str());
        return Err(Problem::because(Kind::MissingCapability, detail));
    }
    rate_limited::count(request, service, &scope, &claims.creator)?;
    let token = CallerToken::new(token.to_owned());
    Ok(Granted { scope, creator: claims.creator, capabilities, token, capability: PhantomData })
}

/// What a token says, or what is wrong with it.
///
/// # Errors
/// There are no keys yet: it cannot be judged.
fn claims(service: &Service, token: &str) -> Result<Result<Claims, TokenFault>, Problem> {
    let keys = service.keys.current();
    if keys.is_empty() {
        return Err(Problem::no_keys());
    }
    let began = Instant::now();
    let verify = || verify(&keys, &service.expectations, service.clock.now(), token);
    let claims = Stage::Token.span().in_scope(verify);
    service.metrics.verified(began.elapsed());
    if claims.as_ref().is_err_and(|fault| fault.is_about_the_key()) {
        service.keys.fetch_soon();
    }
    Ok(claims)
}

/// The scope that the path names; `None` where an id is not one, which must look like one that does not exist.
fn scope(request: &HttpRequest) -> Option<Scope> {
    let path = request.match_info();
    let subject = match path.get("run") {
        Some(run) => Subject::Run(RunId::parse(run).ok()?),
        None => Subject::Tenant,
    };
    Some(Scope {
        workspace: WorkspaceId::parse(path.get("workspace")?).ok()?,
        tenant: TenantId::parse(path.get("tenant")?).ok()?,
        subject,
    })
}
