//! The redaction room, from outside: rules by their examples, properties, names, corpora.

#![expect(clippy::disallowed_methods, reason = "where the public test data is, and what a benchmark is told")]

mod corpora;
mod deadline;
mod draw;
mod dressed;
mod dressed_in_pieces;
mod dressed_lines;
mod dressed_programs;
mod dressed_shown;
mod examples;
mod extra_rules;
mod figures;
mod fuzzed;
mod growth;
mod keys;
mod lists;
mod policy;
mod properties;
mod sets;
#[path = "../../../tests/support/skipped.rs"]
mod skipped;
mod structure;

use std::sync::LazyLock;

use redaction::Redactor;

/// Compiled once for all tests.
static REDACTOR: LazyLock<Redactor> = LazyLock::new(Redactor::builtin);

/// `bytes` in base64.
fn encoded(bytes: &[u8]) -> String {
    base64::Engine::encode(&base64::engine::general_purpose::STANDARD, bytes)
}

/// `bytes` in gzip, in base64.
fn packed(bytes: &[u8]) -> String {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut gzip, bytes).expect("it goes to memory");
    encoded(&gzip.finish().expect("it goes to memory"))
}
