//! A file that is the same for everybody: from any origin, compressed, and sent again only when it has changed.

use std::io::Write as _;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{
        ACCESS_CONTROL_ALLOW_ORIGIN, AcceptEncoding, CACHE_CONTROL, CONTENT_ENCODING, ContentEncoding, ETag, Encoding,
        EntityTag, Header as _, IfNoneMatch, VARY,
    },
    web::Bytes,
};
use aws_lc_rs::digest::{SHA256, digest};
use flate2::{Compression, write::GzEncoder};

/// One file in two encodings, each with its own strong validator (RFC 9110, section 8.8.3.3).
#[derive(Debug, Clone)]
pub(super) struct FixedFile {
    content_type: &'static str,
    plain: Encoded,
    gzip: Option<Encoded>,
}

#[derive(Debug, Clone)]
struct Encoded {
    bytes: Bytes,
    tag: EntityTag,
}

impl Encoded {
    fn of(bytes: Vec<u8>) -> Self {
        // Half of a digest tells two versions of a file apart.
        let half = digest(&SHA256, &bytes).as_ref().first_chunk().copied().map(u128::from_be_bytes);
        let tag = EntityTag::new_strong(format!("{:032x}", half.unwrap_or_default()));
        Self { bytes: bytes.into(), tag }
    }
}

impl FixedFile {
    pub(super) fn new(content_type: &'static str, content: String) -> Self {
        let gzip = gzip(content.as_bytes()).map(Encoded::of);
        Self { content_type, plain: Encoded::of(content.into_bytes()), gzip }
    }

    /// 200 with the file, or 304 to who has it.
    pub(super) fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let gzip = self.gzip.as_ref().filter(|_| takes_gzip(request));
        let encoded = gzip.unwrap_or(&self.plain);
        let is_known = match IfNoneMatch::parse(request) {
            Ok(IfNoneMatch::Any) => true,
            Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|tag| tag.weak_eq(&encoded.tag)),
            Err(_) => false,
        };
        let mut answer = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        answer
            .insert_header(ETag(encoded.tag.clone()))
            .insert_header((VARY, "Accept-Encoding"))
            // It may be kept, and is asked for again: an update of the service is seen at once.
            .insert_header((CACHE_CONTROL, "no-cache"))
            .insert_header((ACCESS_CONTROL_ALLOW_ORIGIN, "*"));
        if is_known {
            return answer.finish();
        }
        if gzip.is_some() {
            answer.insert_header((CONTENT_ENCODING, ContentEncoding::Gzip));
        }
        answer.content_type(self.content_type).body(encoded.bytes.clone())
    }
}

fn takes_gzip(request: &HttpRequest) -> bool {
    let offered = [Encoding::gzip(), Encoding::identity()];
    AcceptEncoding::parse(request).is_ok_and(|accepted| accepted.negotiate(offered.iter()) == Some(Encoding::gzip()))
}

fn gzip(content: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).and_then(|()| encoder.finish()).ok()
}
