//! Kept for good: the same stories on both databases, and attacks on what is stored.

#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "shared with the other test binaries; not everything is for this one")]
mod support;

mod addresses;
mod appending;
mod audits;
mod backups;
mod binary;
mod containers;
mod crash;
mod defences;
mod erasing;
mod erasing_attacks;
mod erasing_bytes;
mod erasing_search_paths;
mod erasing_statements;
mod erasing_under_way;
mod exporting;
mod faults;
mod files;
mod harness;
mod hidden;
mod immutability;
mod outages;
mod partition_drops;
mod partitions;
mod passwords;
mod people;
mod pgbouncer;
mod readiness;
mod resets;
mod restoring;
mod rotation;
mod schema;
mod schemas;
mod starting;
mod synchronous;
mod forging;
mod looking;
mod second_verifier;
mod several_servers;
mod since;
mod tampering;
mod tls;
mod verifying;
mod waiting;
