//! The front door: real HTTP over real sockets, on both databases, at both endpoints.
//!
//! `harness` checks after every test what must hold whatever the test is about; see [`harness::App::finish`].

#[expect(dead_code, reason = "shared with other test binaries, which use the rest")]
#[path = "../support/mod.rs"]
mod support;

mod access;
mod agreement;
mod bodies;
mod browsers;
mod contract;
mod corpora;
mod diagnostics;
mod disconnects;
mod docs;
mod documents;
mod early_answers;
mod elements;
mod examples;
mod fields;
mod file_provider;
mod file_switches;
mod harness;
mod http_platform;
mod http_provider;
mod http_provider_limits;
mod http_provider_tls;
mod keys;
mod load;
mod metrics;
mod not_found;
mod order;
mod outages;
mod rate_limit;
mod redaction;
mod request_ids;
mod schema;
mod sql_provider;
mod sql_provider_alone;
mod sql_provider_circuit;
mod shutdown;
mod submit;
mod surroundings;
mod texts;
mod unusable_facts;
