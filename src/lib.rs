//! Takes in support requests for admin platforms that look after many customer tenants.
//!
//! The rooms, in dependency order: a room imports only from the ones above it.

pub mod domain; //       what a support request is; imports nothing of ours
pub mod causes; //       an error with everything that caused it, for the log
pub mod metrics; //      what rooms count and measure, written down for Prometheus
pub mod trace; //        spans of a call, for whoever collects traces
pub mod text_file; //    the text of a file that somebody else wrote
pub mod private_file; // a file that only its owner may read, written whole
pub mod clock; //        time, and the ids made of it
pub mod auth; //         key set, token verification; knows nothing of HTTP
pub mod canonical; //    canonical JSON (RFC 8785)
pub mod redaction; //    the proof that something went through the rules (crates/redaction)
pub mod budget; //      memory that requests under way may take, in all
pub mod rate_limit; //   how many requests one creator may make
pub mod integrity; //    record digest, chain links
pub mod store; //        kept for good, in either database
pub mod diagnostics; //  where the facts about a scope come from
pub mod verification; // walks every chain and recomputes everything
pub mod intake; //       THE use case: submission in, stored request out
pub mod http; //         the service: routes, answers, published document
pub mod config; //       every setting once (main and cli only)
pub mod telemetry; //    where log lines go (main and cli only)
pub mod cli; //          the commands
