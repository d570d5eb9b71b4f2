//! Kept for good: the same stories on both databases, and attacks on what is stored.

#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "shared with the other test binaries; not everything is for this one")]
mod support;

mod appending;
mod containers;
mod crash;
mod defences;
mod files;
mod harness;
mod immutability;
mod outages;
mod readiness;
mod resets;
mod restoring;
mod schema;
mod starting;
mod second_verifier;
mod tampering;
mod tls;
