//! The published document as it is served, in both editions: it names where the service is.

use std::sync::LazyLock;

use actix_web::{HttpRequest, HttpResponse, web::Data};

use super::{
    fixed_file::FixedFile,
    openapi::{self, Edition, Location},
    public_url::PublicUrl,
    service::Service,
};

/// Both editions, made once.
#[derive(Debug, Clone)]
pub struct Documents {
    edition_3_1: FixedFile,
    edition_3_0: FixedFile,
}

impl Documents {
    /// Those of a service that callers reach at `public_url`; where none is set, where the document came from.
    #[must_use]
    pub fn at(public_url: Option<&PublicUrl>) -> Self {
        static BESIDE: LazyLock<Documents> = LazyLock::new(|| Documents::of(Location::BesideTheDocument));
        public_url.map_or_else(|| BESIDE.clone(), |url| Self::of(Location::At(url)))
    }

    fn of(location: Location<'_>) -> Self {
        let file = |edition| FixedFile::new("application/json", openapi::text(edition, location));
        Self { edition_3_1: file(Edition::V3_1), edition_3_0: file(Edition::V3_0) }
    }
}

pub(super) async fn edition_3_1(request: HttpRequest, service: Data<Service>) -> HttpResponse {
    service.documents.edition_3_1.answer(&request)
}

pub(super) async fn edition_3_0(request: HttpRequest, service: Data<Service>) -> HttpResponse {
    service.documents.edition_3_0.answer(&request)
}
