//! `Expect: 100-continue` (RFC 9110, section 10.1.1): the service says that it wants the body when it does, not before.
//!
//! actix-http says `100 Continue` before a request is looked at, unless a service of ours decides. This one lets the
//! application itself decide: it gets the request with a body that nobody has sent yet. Where it answers, that is the
//! answer, and `100 Continue` is never said. Where it asks for the body instead, all that is checked before a body was
//! checked, the question is dropped, and the request starts anew with the body that the client now sends.

use std::{
    cell::Cell,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

use actix_http::{BoxedPayloadStream, HttpMessage as _, Request, Response};
use actix_service::Service;
use actix_web::{
    Error,
    body::{BoxBody, MessageBody},
    dev::{Payload, ServiceResponse},
    error::PayloadError,
    web::Bytes,
};
use futures_util::Stream;

use super::rate_limited::CountedOnce;

/// The request, if `application` wants its body; otherwise the answer.
///
/// # Errors
/// The answer of the application, which did not need the body for it.
pub(super) async fn wants_body<S, B>(application: Rc<S>, request: Request) -> Result<Request, Response<BoxBody>>
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody + 'static,
{
    let wanted = Rc::new(Cell::new(false));
    let unsent: BoxedPayloadStream = Box::pin(Unsent(Rc::clone(&wanted)));
    let mut question = Request::with_payload(Payload::Stream { payload: unsent });
    *question.head_mut() = request.head().clone();
    let counted = CountedOnce::default();
    question.extensions_mut().insert(counted.clone());
    request.extensions_mut().insert(counted);
    let mut answer = std::pin::pin!(application.call(question));
    std::future::poll_fn(move |cx| match answer.as_mut().poll(cx) {
        Poll::Ready(Ok(answer)) => Poll::Ready(Err(Response::from(answer).map_into_boxed_body())),
        Poll::Ready(Err(error)) => Poll::Ready(Err(error.error_response().into())),
        Poll::Pending if wanted.get() => Poll::Ready(Ok(())),
        Poll::Pending => Poll::Pending,
    })
    .await?;
    Ok(request)
}

/// A body that is not there yet, and knows whether somebody has looked for it.
struct Unsent(Rc<Cell<bool>>);

impl Stream for Unsent {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.set(true);
        Poll::Pending
    }
}
