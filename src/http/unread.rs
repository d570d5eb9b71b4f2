//! The body of a request that is answered before all of it was read: thrown away, so that the client gets to the answer.
//!
//! Most clients write their whole request before they read. Where a connection is closed meanwhile they see a broken pipe
//! instead of the answer that says why. So the answer is sent at once, and then the rest of the body is read and dropped,
//! within the time that a request may take anyway and up to [`DISCARDED_MAX_BYTES`].

use std::{
    cell::RefCell,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, ready},
    time::Instant,
};

use actix_web::{
    HttpMessage as _,
    body::{BodySize, BoxBody, MessageBody},
    dev::{Payload, ServiceRequest},
    error::PayloadError,
    http::header::{CONTENT_LENGTH, TRANSFER_ENCODING},
    web::Bytes,
};
use futures_util::{Stream, StreamExt as _};
use tokio::time::Sleep;

/// Most that is thrown away after an answer, in bytes. None of it is kept, so this bounds the work, not the memory.
const DISCARDED_MAX_BYTES: usize = 64 * 1024 * 1024;

/// The body of a request, shared by the handler, which reads it, and by the answer, which throws away what is left.
#[derive(Clone)]
pub(super) struct SharedBody(Rc<RefCell<Body>>);

struct Body {
    payload: Payload,
    /// What is to come, where that was declared.
    left: Option<u64>,
    has_ended: bool,
}

impl SharedBody {
    /// Takes the place of the body of `request`; none where it has none.
    ///
    /// A body ends where its `Content-Length` says. actix-http does not look at that where a request also asks for
    /// `Upgrade: websocket`: it takes the rest of the connection for the body, and the request would wait for its end.
    pub(super) fn of(request: &mut ServiceRequest) -> Option<Self> {
        let payload = request.take_payload();
        if matches!(payload, Payload::None) {
            return None;
        }
        let headers = request.headers();
        let declared = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.trim().parse().ok());
        let left = if headers.contains_key(TRANSFER_ENCODING) { None } else { Some(declared.unwrap_or(0)) };
        let body = Self(Rc::new(RefCell::new(Body { payload, left, has_ended: left == Some(0) })));
        request.set_payload(Payload::Stream { payload: Box::pin(body.clone()) });
        Some(body)
    }

    /// The answer, followed by throwing away what is left of this body until `deadline`. Nothing of that is sent.
    pub(super) fn discard_after(self, answer: BoxBody, deadline: Instant) -> BoxBody {
        if self.0.borrow().has_ended || !matches!(answer.size(), BodySize::Sized(1..)) {
            return answer;
        }
        let deadline = Box::pin(tokio::time::sleep_until(deadline.into()));
        BoxBody::new(Discarding { answer: Some(answer), rest: self, left: DISCARDED_MAX_BYTES, deadline })
    }
}

impl Stream for SharedBody {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let body = &mut *self.0.borrow_mut();
        if body.has_ended {
            return Poll::Ready(None);
        }
        let mut next = ready!(body.payload.poll_next_unpin(cx));
        match (&mut next, &mut body.left) {
            (Some(Ok(chunk)), Some(left)) => {
                chunk.truncate(usize::try_from(*left).unwrap_or(usize::MAX));
                *left -= chunk.len() as u64;
                body.has_ended = *left == 0;
            }
            (Some(Ok(_)), None) => {}
            (None, Some(_)) => {
                body.has_ended = true;
                next = Some(Err(PayloadError::Incomplete(None)));
            }
            (Some(Err(_)) | None, _) => body.has_ended = true,
        }
        Poll::Ready(next)
    }
}

/// An answer's body that ends once the request's has.
struct Discarding {
    answer: Option<BoxBody>,
    rest: SharedBody,
    left: usize,
    deadline: Pin<Box<Sleep>>,
}

impl MessageBody for Discarding {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        self.answer.as_ref().map_or(BodySize::None, MessageBody::size)
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        if let Some(answer) = &mut self.answer {
            match ready!(Pin::new(answer).poll_next(cx)) {
                Some(chunk) => return Poll::Ready(Some(chunk)),
                None => self.answer = None,
            }
        }
        while self.deadline.as_mut().poll(cx).is_pending() {
            match ready!(self.rest.poll_next_unpin(cx)) {
                Some(Ok(chunk)) if chunk.len() <= self.left => self.left -= chunk.len(),
                _ => break,
            }
        }
        Poll::Ready(None)
    }
}
