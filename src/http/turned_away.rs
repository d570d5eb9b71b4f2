//! What a connection gets for which there is no place: 503 at once, without a look at what it asks.

use std::{sync::LazyLock, time::Duration};

use actix_web::{
    ResponseError as _,
    http::header::{LINK, RETRY_AFTER},
    rt::net::TcpStream,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    time::timeout,
};

use super::{
    help,
    problem::{Kind, Problem, ProblemBody},
    service::Service,
};
use crate::domain::ids::RequestId;

/// How long the first bytes of a request are waited for: an answer to a question that was not asked confuses some clients.
const REQUEST_WAIT: Duration = Duration::from_millis(100);

/// How long what is still being sent is read and dropped, so that the client gets to the answer.
const LINGER: Duration = Duration::from_secs(1);

/// Answers and closes. Takes just over a second at most, so that its place is soon free for the next one.
pub(super) async fn answer(mut stream: TcpStream, service: &Service) {
    let mut dropped = [0; 4096];
    let asked = timeout(REQUEST_WAIT, stream.read(&mut dropped)).await;
    let help = asked.as_ref().ok().and_then(|read| help(service, &dropped[..*read.as_ref().ok()?]));
    let id = RequestId::from_ulid(service.clock.ulid());
    let exchange = async {
        stream.write_all(&overloaded(&id, &help.unwrap_or_default())).await?;
        stream.shutdown().await?;
        // Who has sent nothing is still sending nothing.
        while asked.is_ok() && stream.read(&mut dropped).await? > 0 {}
        std::io::Result::Ok(())
    };
    // Whoever is gone needs no answer.
    let _ = timeout(LINGER, exchange).await;
}

/// The header that leads to what is said of this error: of the request's first line, all that it takes is how deep the
/// path is.
fn help(service: &Service, beginning: &[u8]) -> Option<String> {
    let first_line = beginning.split(|byte| *byte == b'\r').next()?;
    let target = std::str::from_utf8(first_line).ok()?.split(' ').nth(1)?;
    let path = target.split(['?', '#']).next()?;
    let link = help::link(service.docs, path, Kind::Overloaded)?;
    Some(format!("{LINK}: {}\r\n", link.to_str().ok()?))
}

/// The answer, byte by byte: there is no request yet that a framework could answer.
fn overloaded(id: &RequestId, help: &str) -> Vec<u8> {
    static PROBLEM: LazyLock<Problem> = LazyLock::new(|| Kind::Overloaded.into());
    // A problem is texts and numbers: it always serializes.
    let body = serde_json::to_string(&ProblemBody::of(&PROBLEM, id.as_str())).unwrap_or_default();
    let (status, seconds) = (PROBLEM.status_code(), Kind::Overloaded.row().retry_after.unwrap_or(1));
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-type: application/problem+json\r\ncontent-length: {length}\r\n\
         cache-control: no-store\r\n{help}{RETRY_AFTER}: {seconds}\r\nx-content-type-options: nosniff\r\n\
         x-request-id: {id}\r\n\r\n{body}"
    )
    .into_bytes()
}
