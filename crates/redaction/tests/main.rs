//! The redaction room, from outside: rules by their examples, properties, names, corpora.

#![expect(clippy::disallowed_methods, reason = "where the public test data is, and what a benchmark is told")]

mod corpora;
mod deadline;
mod examples;
mod extra_rules;
mod filtering;
mod growth;
mod keys;
mod properties;
#[path = "../../../tests/support/skipped.rs"]
mod skipped;
mod structure;

use std::sync::LazyLock;

use redaction::Redactor;

/// Compiled once for all tests.
static REDACTOR: LazyLock<Redactor> = LazyLock::new(Redactor::builtin);
