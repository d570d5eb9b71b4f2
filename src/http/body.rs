//! The body of a create: media type, size, time, JSON, fields, in this order.

use std::{pin::Pin, time::Duration};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE},
    web::BytesMut,
};
use futures_util::StreamExt;
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};
use serde_json::Value;

use super::{
    fields,
    finish::time_left,
    problem::{Kind, Problem},
};
use crate::domain::request::Report;

/// Largest body that is taken, in bytes.
pub const BODY_MAX_BYTES: usize = 64 * 1024;

/// A checked report. Declared after `Granted` in every handler, so that only a caller who may create learns about it.
#[derive(Debug)]
pub struct JsonBody(pub Report);

impl FromRequest for JsonBody {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let timeout = time_left(request);
        let acceptable = media_type(request).and_then(|()| declared_size(request));
        let payload = payload.take();
        Box::pin(async move {
            acceptable?;
            let bytes = read(payload, timeout).await?;
            fields::report(parse(&bytes)?).map(Self).map_err(Problem::fields)
        })
    }
}

/// RFC 8259 gives the media type no parameters; `charset=utf-8` says nothing new and is common.
fn media_type(request: &HttpRequest) -> Result<(), Problem> {
    let headers = request.headers();
    let encoded = headers.get_all(CONTENT_ENCODING).any(|value| !value.as_bytes().eq_ignore_ascii_case(b"identity"));
    let mut types = headers.get_all(CONTENT_TYPE);
    let (Some(declared), None, false) = (types.next(), types.next(), encoded) else {
        return Err(Kind::UnsupportedMediaType.into());
    };
    let mut parts = declared.to_str().unwrap_or_default().split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"));
    let in_utf8 = parts.all(|parameter| match parameter.split_once('=') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => {
            value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    });
    if is_json && in_utf8 { Ok(()) } else { Err(Kind::UnsupportedMediaType.into()) }
}

fn declared_size(request: &HttpRequest) -> Result<(), Problem> {
    let declared = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    match declared {
        Some(bytes) if bytes > BODY_MAX_BYTES as u64 => Err(Kind::BodyTooLarge.into()),
        _ => Ok(()),
    }
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

/// A JSON text as far as this service cares: the members of an object, in order and with repetitions, or something else.
pub(super) enum Document {
    Object(Vec<(String, Value)>),
    Other,
}

fn parse(bytes: &[u8]) -> Result<Document, Problem> {
    // The whole text first: a parser that skips a value may not look at its bytes.
    let text = std::str::from_utf8(bytes).map_err(|_| Kind::MalformedJson)?;
    serde_json::from_str(text).map_err(|error| {
        let place = format!(
            "The JSON breaks off or is wrong at line {}, column {}. {}",
            error.line(),
            error.column(),
            Kind::MalformedJson.row().detail
        );
        Problem::because(Kind::MalformedJson, place)
    })
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Document;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a JSON text")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Document, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Document::Object(members))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Document, A::Error> {
                while items.next_element::<Value>()?.is_some() {}
                Ok(Document::Other)
            }

            fn visit_bool<E>(self, _: bool) -> Result<Document, E> {
                Ok(Document::Other)
            }

            fn visit_i64<E>(self, _: i64) -> Result<Document, E> {
                Ok(Document::Other)
            }

            fn visit_u64<E>(self, _: u64) -> Result<Document, E> {
                Ok(Document::Other)
            }

            fn visit_f64<E>(self, _: f64) -> Result<Document, E> {
                Ok(Document::Other)
            }

            fn visit_str<E>(self, _: &str) -> Result<Document, E> {
                Ok(Document::Other)
            }

            fn visit_unit<E>(self) -> Result<Document, E> {
                Ok(Document::Other)
            }
        }

        deserializer.deserialize_any(Members)
    }
}
