//! The drop-in form `<request-support>`, for pages of any origin (specs/clients.md). What is served is the source.

use std::sync::LazyLock;

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Path, ServiceConfig},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use sha2::{Digest as _, Sha256, Sha384};

use super::{
    asset::{Asset, Caching},
    problem::Problem,
    server::readable,
};

/// The file that a page names; it loads its texts from beside itself.
const MODULE: &str = "request-support.js";

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const JSON: &str = "application/json";
const TEXT: &str = "text/plain; charset=utf-8";

macro_rules! files {
    ($($name:literal: $content_type:expr,)+) => {
        [$(($name, $content_type, include_str!(concat!("../web/elements/", $name))),)+]
    };
}

/// Name, media type, content.
const FILES: [(&str, &str, &str); 9] = files! {
    "request-support.js": JAVASCRIPT,
    "request-support.de.json": JSON,
    "request-support.es.json": JSON,
    "request-support.fr.json": JSON,
    "request-support.it.json": JSON,
    "request-support.nl.json": JSON,
    "request-support.pt.json": JSON,
    "request-support.d.ts": TEXT,
    "custom-elements.json": JSON,
};

/// Any page may load them, also one that isolates itself (`Cross-Origin-Embedder-Policy`).
const FOR_ANY_PAGE: [(&str, &str); 2] =
    [("Access-Control-Allow-Origin", "*"), ("Cross-Origin-Resource-Policy", "cross-origin")];

/// How a page loads exactly this build's form.
#[derive(Debug, Clone)]
pub struct PinnedModule {
    /// The path below the service's address: another content has another one.
    pub path: String,
    /// What the browser compares with (Subresource Integrity).
    pub integrity: String,
}

impl PinnedModule {
    /// This build's.
    #[must_use]
    pub fn of_this_build() -> Self {
        let module = FILES.iter().find(|(name, ..)| *name == MODULE).map_or("", |(.., content)| content);
        Self {
            path: format!("/elements/{}/{MODULE}", Elements::version()),
            integrity: format!("sha384-{}", BASE64_STANDARD.encode(Sha384::digest(module))),
        }
    }

    /// The element that a page has in its head, where the service is at `base`.
    #[must_use]
    pub fn script(&self, base: &str) -> String {
        let (base, Self { path, integrity }) = (base.trim_end_matches('/'), self);
        format!(r#"<script type="module" src="{base}{path}" integrity="{integrity}" crossorigin="anonymous"></script>"#)
    }
}

/// Each file under both of its names.
struct Elements {
    current: Vec<(&'static str, Asset)>,
    pinned: Vec<(&'static str, Asset)>,
}

static ELEMENTS: LazyLock<Elements> = LazyLock::new(|| {
    let all = |caching| FILES.iter().map(move |(name, kind, text)| (*name, Asset::of(kind, caching, *text))).collect();
    Elements { current: all(Caching::Revalidated), pinned: all(Caching::Immutable) }
});

impl Elements {
    /// Of all files together, because the module loads others.
    fn version() -> &'static str {
        static VERSION: LazyLock<String> = LazyLock::new(|| {
            let files = ELEMENTS.current.iter();
            let digest = files.fold(Sha256::new(), |digest, (_, file)| digest.chain_update(file.fingerprint()));
            let beginning = digest.finalize().first_chunk().copied().map(u64::from_be_bytes);
            format!("{:016x}", beginning.unwrap_or_default())
        });
        &VERSION
    }
}

/// Puts them on the map.
pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(readable("/elements/{file}", current)).service(readable("/elements/{version}/{file}", pinned));
}

async fn current(file: Path<String>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    answer(&ELEMENTS.current, &file, &request)
}

/// Another build's version is not found: its files are not here.
async fn pinned(path: Path<(String, String)>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let (version, file) = path.into_inner();
    let files = if version == Elements::version() { ELEMENTS.pinned.as_slice() } else { &[] };
    answer(files, &file, &request)
}

fn answer(files: &[(&str, Asset)], name: &str, request: &HttpRequest) -> Result<HttpResponse, Problem> {
    let file = files.iter().find(|(known, _)| *known == name);
    file.map(|(_, asset)| asset.answer(request, &FOR_ANY_PAGE)).ok_or_else(|| Problem::not_found("no such file"))
}
