//! The pages for people under `/docs/`: Swagger UI, and what each error means. Their files are in `src/web/docs/`.
//!
//! Every address in them is relative, so that they also work behind a path prefix; they ask nobody but this service for
//! anything.

mod catalogue; // specs/errors.md as a page

use std::sync::{Arc, LazyLock};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::LOCATION,
    web::{Data, Path, ServiceConfig},
};
use utoipa_swagger_ui::Config;

use super::{
    asset::{Asset, Caching},
    problem::Problem,
    server::readable,
    service::Service,
};

/// Whether there are pages, and to whom they speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Docs {
    /// There are none.
    Off,
    /// To whoever tries the service out, which signs its own tokens: how to make one. `/` leads there.
    Development,
    /// To whoever uses a platform's service: the platform issues the tokens.
    Production,
}

/// The pages and what they load.
struct Pages {
    index: Asset,
    errors: Asset,
    /// By names that change with their content.
    files: Vec<(String, Asset)>,
}

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// What a page may do: load what is here, and nothing else. Nothing inline is run, and nobody may frame it.
const PAGE_HEADERS: [(&str, &str); 2] = [
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("Referrer-Policy", "no-referrer"),
];

impl Pages {
    /// Made once a process, when somebody first looks.
    fn of(docs: Docs, has_demo: bool) -> Option<&'static Self> {
        static DEVELOPMENT: LazyLock<Pages> = LazyLock::new(|| Pages::with(Pages::DEVELOPMENT, ""));
        static WITH_DEMO: LazyLock<Pages> =
            LazyLock::new(|| Pages::with(Pages::DEVELOPMENT, include_str!("../web/docs/demo.html")));
        static PRODUCTION: LazyLock<Pages> =
            LazyLock::new(|| Pages::with(include_str!("../web/docs/production.html"), ""));
        match docs {
            Docs::Off => None,
            Docs::Development if has_demo => Some(&WITH_DEMO),
            Docs::Development => Some(&DEVELOPMENT),
            Docs::Production => Some(&PRODUCTION),
        }
    }

    const DEVELOPMENT: &str = include_str!("../web/docs/development.html");

    fn with(about_tokens: &str, to_demo: &str) -> Self {
        let own = |content_type, text: &'static str| Asset::of(content_type, Caching::Immutable, text);
        let named = [
            ("page", "css", own(CSS, include_str!("../web/docs/page.css"))),
            ("start", "js", own(JAVASCRIPT, include_str!("../web/docs/start.js"))),
            ("swagger-ui", "css", swagger_ui("swagger-ui.css", CSS)),
            ("swagger-ui-bundle", "js", swagger_ui("swagger-ui-bundle.js", JAVASCRIPT)),
        ];
        let mut index = include_str!("../web/docs/index.html")
            .replace("{{about tokens}}", about_tokens)
            .replace("{{demo}}", to_demo);
        let mut errors = include_str!("../web/docs/errors.html").replace("{{errors}}", &catalogue::html());
        let mut files = Vec::new();
        for (stem, extension, asset) in named {
            let name = format!("{stem}.{}.{extension}", asset.fingerprint());
            for page in [&mut index, &mut errors] {
                *page = page.replace(&format!("{{{{{stem}.{extension}}}}}"), &name);
            }
            files.push((name, asset));
        }
        let page = |text: String| Asset::of(HTML, Caching::Revalidated, text);
        Self { index: page(index), errors: page(errors), files }
    }
}

/// A file of Swagger UI, compressed when this was built.
fn swagger_ui(name: &str, content_type: &'static str) -> Asset {
    // It is there: a test loads each. Only a file that we do not use is made of the configuration.
    let file = utoipa_swagger_ui::serve(name, Arc::new(Config::from(""))).ok().flatten();
    match file {
        Some(file) if file.gzpipped => Asset::of_gzip(content_type, Caching::Immutable, file.bytes.into_owned()),
        Some(file) => Asset::of(content_type, Caching::Immutable, file.bytes.into_owned()),
        None => Asset::of(content_type, Caching::Immutable, ""),
    }
}

/// Puts the pages on the map, and what leads to them.
pub(super) fn routes(config: &mut ServiceConfig, docs: Docs) {
    if docs == Docs::Development {
        config.service(readable("/", to_docs_for_now));
    }
    if docs != Docs::Off {
        config
            .service(readable("/docs", to_docs))
            .service(readable("/docs/", index))
            .service(readable("/docs/errors", errors))
            .service(readable("/docs/{file}", file));
    }
}

/// Not for good: a browser remembers that, and this address may be another program's tomorrow.
async fn to_docs_for_now() -> HttpResponse {
    HttpResponse::TemporaryRedirect().insert_header((LOCATION, "docs/")).finish()
}

async fn to_docs() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((LOCATION, "docs/")).finish()
}

async fn index(request: HttpRequest, service: Data<Service>) -> Result<HttpResponse, Problem> {
    Ok(pages(&service)?.index.answer(&request, &PAGE_HEADERS))
}

async fn errors(request: HttpRequest, service: Data<Service>) -> Result<HttpResponse, Problem> {
    Ok(pages(&service)?.errors.answer(&request, &PAGE_HEADERS))
}

async fn file(request: HttpRequest, name: Path<String>, service: Data<Service>) -> Result<HttpResponse, Problem> {
    let file = pages(&service)?.files.iter().find(|(known, _)| *known == *name);
    let (_, asset) = file.ok_or_else(|| Problem::not_found("no such route"))?;
    Ok(asset.answer(&request, &[]))
}

fn pages(service: &Service) -> Result<&'static Pages, Problem> {
    Pages::of(service.docs, service.demo.is_some()).ok_or_else(|| Problem::not_found("no such route"))
}
