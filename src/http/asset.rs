//! A file that a browser loads: compressed once, fetched once, revalidated after that (RFC 9111, RFC 9110 section 13).

use std::{
    io::{Read as _, Write as _},
    sync::OnceLock,
};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{
        AcceptEncoding, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, Encoding, EntityTag, Header as _,
        IfNoneMatch, VARY,
    },
    web::Bytes,
};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use sha2::{Digest as _, Sha256};

/// How long a browser may use a file without asking again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Caching {
    /// For a year: another content has another name.
    Immutable,
    /// Not at all: it asks each time, and mostly hears that nothing has changed.
    Revalidated,
}

impl Caching {
    fn directives(self) -> &'static str {
        match self {
            Self::Immutable => "public, max-age=31536000, immutable",
            Self::Revalidated => "no-cache",
        }
    }
}

/// A file that a browser loads.
#[derive(Debug)]
pub(super) struct Asset {
    content_type: &'static str,
    caching: Caching,
    gzip: Bytes,
    identity: OnceLock<Bytes>,
    fingerprint: String,
}

impl Asset {
    /// Of a file as it is.
    pub(super) fn of(content_type: &'static str, caching: Caching, content: impl Into<Bytes>) -> Self {
        let content = content.into();
        let asset = Self::of_gzip(content_type, caching, compress(&content));
        // It is empty: the asset was made just now.
        let _ = asset.identity.set(content);
        asset
    }

    /// Of a file that is in gzip already.
    pub(super) fn of_gzip(content_type: &'static str, caching: Caching, gzip: impl Into<Bytes>) -> Self {
        let gzip = gzip.into();
        let beginning = Sha256::digest(&gzip).first_chunk().copied().map(u64::from_be_bytes);
        let fingerprint = format!("{:016x}", beginning.unwrap_or_default());
        Self { content_type, caching, gzip, identity: OnceLock::new(), fingerprint }
    }

    /// A few characters that no other content has.
    pub(super) fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The file as this request wants it, or that the browser has it already. `headers` go with either.
    pub(super) fn answer(&self, request: &HttpRequest, headers: &[(&'static str, &'static str)]) -> HttpResponse {
        let in_gzip = takes_gzip(request);
        // Two encodings are two representations, and a strong tag names one of them.
        let tag = format!("{}{}", self.fingerprint, if in_gzip { "-gzip" } else { "" });
        let tag = EntityTag::new_strong(tag);
        let is_known = match IfNoneMatch::parse(request) {
            Ok(IfNoneMatch::Any) => true,
            Ok(IfNoneMatch::Items(known)) => known.iter().any(|known| known.weak_eq(&tag)),
            Err(_) => false,
        };
        let mut answer = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        answer.insert_header((ETAG, tag)).insert_header((VARY, "Accept-Encoding"));
        answer.insert_header((CACHE_CONTROL, self.caching.directives()));
        for header in headers {
            answer.insert_header(*header);
        }
        if is_known {
            return answer.finish();
        }
        answer.insert_header((CONTENT_TYPE, self.content_type));
        if in_gzip {
            answer.insert_header((CONTENT_ENCODING, "gzip")).body(self.gzip.clone())
        } else {
            answer.body(self.identity.get_or_init(|| decompress(&self.gzip).into()).clone())
        }
    }
}

fn takes_gzip(request: &HttpRequest) -> bool {
    let Ok(accepted) = AcceptEncoding::parse(request) else { return false };
    accepted.negotiate([Encoding::gzip(), Encoding::identity()].iter()) == Some(Encoding::gzip())
}

/// Writing to memory and reading from it do not fail.
fn compress(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).and_then(|()| encoder.finish()).unwrap_or_default()
}

fn decompress(gzip: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    GzDecoder::new(gzip).read_to_end(&mut content).map(|_| content).unwrap_or_default()
}
