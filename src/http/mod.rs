//! The service over HTTP. [`server`] is the whole of it; [`requests`] says which URLs there are and who may call them.
//!
//! Deliberately absent: any route that reads, lists, updates or removes support requests, or shows diagnostics.

pub mod service; //  what handlers share
pub mod server; //   routes, middleware, listening
pub mod stop; //     the door closes, nobody's request is lost
pub mod connections; // how many at once
pub mod cors; //     pages of other origins
pub mod requests; // the two endpoints
pub mod wire; //     what goes over the wire, as published
pub mod openapi; //  the published document
pub mod elements; // the drop-in form, as it is served
pub mod demo; //     a platform that uses it, in development
pub mod documents; // as it is served
pub mod public_url; // where callers reach the service
pub mod problem; //  every error, one table
pub mod docs; //     the pages for people
mod asset; //        a file that a browser loads: gzip, ETag, caching
pub mod metrics; //  what is counted and measured, and who gets to read it
pub mod scrapes; //  a listener for that alone
mod answered; //     the log line of each request
mod bearer; //       the token, and why one is refused
mod body; //         media type, size, time
mod expect; //       100 Continue, once the caller has been let in
mod json_text; //    from bytes to JSON
mod fields; //       from JSON to a checked report, all faults at once
mod finish; //       around every answer: problem body, headers, what is left of the request
mod granted; //      token, scope, capability, rate: before anything else is looked at
mod health; //       livez, readyz
mod help; //         where an error is explained
mod problem_body; // and how it is sent
mod rate_limited; // too many of one creator's
mod request_id; //   the caller's or one of our own
mod traced; //       the span of a call
mod turned_away; //  503 to connections for which there is no place
mod unread; //       what is left of a body once it is answered

/// Whose log lines are the web framework's: what it cannot read of a client's request it calls an error. [`server`] tells
/// how connections end.
pub const FRAMEWORK_LOG_TARGET: &str = "actix_http";
