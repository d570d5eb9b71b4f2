//! The body of a create: media type, size, time, JSON, fields, in this order.

use std::{pin::Pin, time::Duration};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE},
    web::{BytesMut, Data},
};
use futures_util::StreamExt;

use super::{
    fields,
    finish::time_left,
    json_text::Document,
    problem::{Kind, Problem},
    service::Service,
};
use crate::domain::request::Report;

/// Largest body that is taken, in bytes. Every field fits at its limit however its characters are escaped: twelve bytes
/// a character (`\ud83d\ude00`), 126,888 for the texts, and some 500 for names that are escaped as well.
pub const BODY_MAX_BYTES: usize = 128 * 1024;

/// A checked report. Declared after `Granted` in every handler, so that only a caller who may create learns about it.
#[derive(Debug)]
pub struct JsonBody(pub Report);

impl FromRequest for JsonBody {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let timeout = time_left(request);
        let service = request.app_data::<Data<Service>>().cloned();
        let acceptable = media_type(request).and_then(|()| declared_size(request));
        let payload = payload.take();
        Box::pin(async move {
            let size = acceptable?;
            let service = service.ok_or(Kind::InternalError)?;
            let _memory = service.intake.budget().try_reserve(size).map_err(|_| Kind::Overloaded)?;
            let bytes = read(payload, timeout).await?;
            fields::report(Document::parse(&bytes)?, &service.redactor).map(Self).map_err(Problem::fields)
        })
    }
}

/// RFC 8259 gives the media type no parameters, so those that do not change what the bytes mean are passed over.
fn media_type(request: &HttpRequest) -> Result<(), Problem> {
    let headers = request.headers();
    let mut encodings =
        headers.get_all(CONTENT_ENCODING).flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    let unpacked = encodings.all(|coding| {
        let coding = coding.trim_ascii();
        coding.is_empty() || coding.eq_ignore_ascii_case(b"identity")
    });
    let mut types = headers.get_all(CONTENT_TYPE);
    match (types.next(), types.next()) {
        (Some(declared), None) if unpacked && is_json(declared.to_str().unwrap_or_default()) => Ok(()),
        _ => Err(Kind::UnsupportedMediaType.into()),
    }
}

fn is_json(declared: &str) -> bool {
    let mut quoted = false;
    let mut parts = declared.split(|c| {
        quoted ^= c == '"';
        c == ';' && !quoted
    });
    let essence = parts.next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
        && parts.all(|parameter| match parameter.split_once('=') {
            Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => is_utf8_or_ascii(value),
            _ => true,
        })
}

/// Whether a charset is UTF-8 or its subset ASCII, by the names and aliases that IANA lists and without the marks
/// between, which people write as they like. An empty one says nothing.
fn is_utf8_or_ascii(charset: &str) -> bool {
    let name = charset.replace(['-', '_', '.', ':', ' ', '"', '\''], "");
    let known = ["", "utf8", "csutf8", "usascii", "ascii", "csascii", "ansix341968", "iso646us", "isoir6", "cp367"];
    known.contains(&name.to_ascii_lowercase().as_str())
}

/// How much memory to have ready for the body: as much as it says it has, or the most that is taken where it says nothing.
fn declared_size(request: &HttpRequest) -> Result<usize, Problem> {
    let declared = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let Some(declared) = declared else { return Ok(BODY_MAX_BYTES) };
    usize::try_from(declared).ok().filter(|bytes| *bytes <= BODY_MAX_BYTES).ok_or_else(|| Kind::BodyTooLarge.into())
}

async fn read(mut payload: Payload, timeout: Duration) -> Result<BytesMut, Problem> {
    let whole = async {
        let mut bytes = BytesMut::new();
        while let Some(chunk) = payload.next().await {
            // A body that ends too early or is badly chunked: there is nothing to be read in it.
            let chunk = chunk.map_err(|_| Kind::MalformedJson)?;
            if bytes.len() + chunk.len() > BODY_MAX_BYTES {
                return Err(Problem::from(Kind::BodyTooLarge));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    };
    tokio::time::timeout(timeout, whole).await.unwrap_or_else(|_| Err(Kind::RequestTimeout.into()))
}
