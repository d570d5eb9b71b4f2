//! A panic is counted, and one log line. It says where, and nothing of what the message says: that may hold what was sent.

use crate::metrics::Counter;

/// Replaces the hook that prints to standard error, which would wait for whoever reads it.
///
/// One panic is known that a client can cause. A header name of 65,536 bytes passes `httparse`, which has no limit, and is
/// refused by `http::HeaderName::from_bytes` (hyperium/http#432: an error since #433), whose result the web framework
/// unwraps (`MessageType::set_headers` in `src/h1/decoder.rs` of actix-http, versions up to 3.20; actix/actix-web#4164
/// speaks of the same line). tokio catches it at the edge of the connection's task: it costs that connection and nothing
/// else, which is why panics must never abort.
pub(super) fn log(panics: Counter) {
    std::panic::set_hook(Box::new(move |panic| {
        panics.inc();
        let location = panic.location().map(ToString::to_string);
        tracing::error!(parent: None, location, "a task panicked");
    }));
}
