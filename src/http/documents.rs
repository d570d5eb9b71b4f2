//! The published document as it is served, in both editions: it names where the service is.

use std::sync::{Arc, LazyLock};

use actix_web::{HttpRequest, HttpResponse, web::Data};

use super::{
    asset::{Asset, Caching},
    docs::Docs,
    openapi::{self, Edition, Location},
    public_url::PublicUrl,
    service::Service,
};

/// Pages of every origin may read them: they hold nothing that is anybody's.
const ANY_ORIGIN: &[(&str, &str)] = &[("access-control-allow-origin", "*")];

/// Both editions, made once.
#[derive(Debug, Clone)]
pub struct Documents {
    edition_3_1: Arc<Asset>,
    edition_3_0: Arc<Asset>,
}

impl Documents {
    /// Those of a service that callers reach at `public_url`, with such pages; where none is set, where the document came
    /// from.
    #[must_use]
    pub fn at(public_url: Option<&PublicUrl>, docs: Docs) -> Self {
        static BESIDE: LazyLock<Documents> = LazyLock::new(|| Documents::of(Location::BesideTheDocument));
        public_url.map_or_else(|| BESIDE.clone(), |url| Self::of(Location::At(url, docs)))
    }

    fn of(location: Location<'_>) -> Self {
        let file =
            |edition| Arc::new(Asset::of("application/json", Caching::Revalidated, openapi::text(edition, location)));
        Self { edition_3_1: file(Edition::V3_1), edition_3_0: file(Edition::V3_0) }
    }
}

pub(super) async fn edition_3_1(request: HttpRequest, service: Data<Service>) -> HttpResponse {
    service.documents.edition_3_1.answer(&request, ANY_ORIGIN)
}

pub(super) async fn edition_3_0(request: HttpRequest, service: Data<Service>) -> HttpResponse {
    service.documents.edition_3_0.answer(&request, ANY_ORIGIN)
}
