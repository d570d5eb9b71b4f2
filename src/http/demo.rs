//! The demo: a small admin platform whose pages use the form as an integrator would. In development only.
//!
//! It stands in for the platform's own backend too: its pages get their token here, for the demo's world and no other.

use std::{sync::LazyLock, time::Duration};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, LOCATION},
    web::{self, Data, Path, ServiceConfig},
};
use serde::Serialize;

use super::{
    asset::{Asset, Caching},
    docs::Docs,
    problem::{Kind, Problem},
    server::{only, readable},
    service::Service,
};
use crate::{
    auth::development::{DevelopmentKey, DevelopmentToken},
    causes::Causes,
    domain::grants::Capability,
};

/// What signs the demo's tokens. Where there is none, there is no demo.
pub struct DemoPages(pub DevelopmentKey);

/// So short that a page that is left open sees a refresh.
const TOKEN_LIFETIME: Duration = Duration::from_mins(10);

/// Nothing from anybody else, no inline code, no HTML made of texts.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

const HEADERS: [(&str, &str); 2] = [("Content-Security-Policy", POLICY), ("Referrer-Policy", "no-referrer")];

type Files = Vec<(&'static str, Asset)>;

/// Its files; where there are pages for people, the demo's lead to them.
fn files(docs: Docs) -> &'static Files {
    static ALONE: LazyLock<Files> = LazyLock::new(|| made(""));
    static WITH_DOCS: LazyLock<Files> = LazyLock::new(|| made(include_str!("../web/demo/developers.html")));
    if docs == Docs::Off { &ALONE } else { &WITH_DOCS }
}

fn made(developers: &str) -> Files {
    const HTML: &str = "text/html; charset=utf-8";
    [
        ("", HTML, include_str!("../web/demo/index.html")),
        ("run.html", HTML, include_str!("../web/demo/run.html")),
        ("demo.css", "text/css; charset=utf-8", include_str!("../web/demo/demo.css")),
        ("demo.js", "text/javascript; charset=utf-8", include_str!("../web/demo/demo.js")),
        ("icon.svg", "image/svg+xml", include_str!("../web/demo/icon.svg")),
    ]
    .map(|(name, content_type, content)| {
        let content = content.replace("{{developers}}", developers);
        (name, Asset::of(content_type, Caching::Revalidated, content))
    })
    .into()
}

/// Puts its pages on the map.
pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(readable("/demo", to_demo))
        .service(only("/demo/token", "POST", web::post().to(token)))
        .service(readable("/demo/{file:[^/]*}", file));
}

async fn to_demo() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((LOCATION, "demo/")).finish()
}

async fn file(name: Path<String>, request: HttpRequest, service: Data<Service>) -> Result<HttpResponse, Problem> {
    let file = files(service.docs).iter().find(|(known, _)| *known == name.as_str());
    file.map(|(_, asset)| asset.answer(&request, &HEADERS)).ok_or_else(|| Problem::not_found("no such file"))
}

/// What a platform's backend answers to its own pages.
#[derive(Serialize)]
struct Token {
    token: String,
}

async fn token(service: Data<Service>) -> Result<HttpResponse, Problem> {
    let Some(DemoPages(key)) = &service.demo else { return Err(Problem::not_found("no demo")) };
    let both = [Capability::CreateSupportRequests, Capability::ViewDiagnostics].map(|c| c.as_str().to_owned());
    let token = DevelopmentToken {
        subject: "ada.fischer".to_owned(),
        name: "Ada Fischer".to_owned(),
        workspace: "acme".to_owned(),
        tenants: ["contoso", "fabrikam"].map(str::to_owned).into(),
        capabilities: both.into(),
        lifetime: TOKEN_LIFETIME,
    };
    let token = token.sign(key, &service.expectations, service.clock.now()).map_err(|error| {
        tracing::error!(error = %Causes(&error), "the demo's token could not be signed");
        Problem::from(Kind::InternalError)
    })?;
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(Token { token }))
}
