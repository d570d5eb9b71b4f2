//! The service over HTTP. [`server`] is the whole of it; [`requests`] says which URLs there are and who may call them.
//!
//! Deliberately absent: any route that reads, lists, updates or removes support requests, or shows diagnostics.

pub mod service; //  what handlers share
pub mod server; //   routes, middleware, listening, stopping
pub mod requests; // the two endpoints
pub mod wire; //     what goes over the wire, as published
pub mod openapi; //  the published document
pub mod problem; //  every error, one table
mod body; //         media type, size, time
mod json_text; //    from bytes to JSON
mod fields; //       from JSON to a checked report, all faults at once
mod finish; //       request id, log line and problem body: around every answer
mod granted; //      token, scope, capability: before anything else is looked at
mod health; //       livez, readyz
