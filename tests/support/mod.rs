//! What several test binaries share: databases that are thrown away, tokens, the log.
//!
//! Included with `#[path = "../support/mod.rs"] mod support;`. A binary that does not use all of it says so there:
//! `#[expect(dead_code, reason = "…")]`.

pub mod cluster;
pub mod database;
pub mod issuer;
pub mod logs;
pub mod postgres;
pub mod ready;
pub mod scrape;
pub mod settings;
pub mod skipped;
pub mod tokens;
