#![doc = include_str!("../README.md")]
//!
//! # Inside
//!
//! The rooms stand below in their order: a room imports only from those above it, and within a room no two modules need
//! each other (a test holds both). Every secret is replaced in place by `[redacted:<rule>]`; everything else stays byte
//! for byte.
//!
//! Deliberately absent: a way to get the removed text, its length or a hash.

mod deadline; // when a search has to stop
mod byte_classes; // which classes of bytes a text has
mod json; //     values whose texts may be borrowed
mod lexicon; //  what words mean; knows no text
mod view; //     a text as a person reads it, with a map back to its bytes
mod text; //     lines, quotes, separators of one reading
mod facts; //    what can be said of a candidate, each by its name
mod search; //   what one search of one text knows, and who decides
mod detect; //   what stands where a secret could: proposes, decides nothing
mod policy; //   THE decision: one ordered table
mod rules; //    what a secret looks like, as data
mod spans; //    what was taken: merged, repeated, clipped to JSON
mod engine; //   one keyword pass, then the rules that it woke
mod explain; //  who decided, and why
mod apply; //    the text without its secrets
mod document; // the same for JSON

use std::sync::Arc;

use serde::Serialize;

pub use deadline::Deadline;
pub use explain::Finding;
pub use json::{Json, Members};
pub use policy::RowSummary;
pub use rules::rule_file::RuleFileError;
pub use rules::table::RuleSummary;
pub use text::shape::expand;

use engine::Engine;

/// The rule of the marker `[redacted:unread]`, which stands in for a text (or a key of a document) that was not read to
/// its end before the deadline. It is not in [`Redactor::rules`], because nothing in a text wakes it; no other rule may
/// have its id.
pub const UNREAD: &str = "unread";

/// Removes secrets; compiled once, cheap to clone, shared freely between threads.
#[derive(Clone, Debug)]
pub struct Redactor {
    engine: Arc<Engine>,
}

/// How often one rule took something out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Taken {
    /// The rule's id.
    pub rule: String,
    /// How many spans it took.
    pub count: u64,
}

/// A cleaned value and what was taken out of it, sorted by rule id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleaned<T> {
    /// The value without its secrets.
    pub value: T,
    /// What was taken; never the text itself.
    pub taken: Vec<Taken>,
}

/// How often one rule took something out of one place of a JSON document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct PointerTaken {
    /// RFC 6901 pointer into the cleaned document.
    pub pointer: String,
    /// The rule's id.
    pub rule: String,
    /// How many spans it took there.
    pub count: u64,
}

/// A cleaned JSON document and what was taken out of it, sorted by pointer and rule.
#[derive(Clone, Debug, PartialEq)]
pub struct CleanedJson<J = serde_json::Value> {
    /// The document without its secrets.
    pub value: J,
    /// What was taken; never the text itself.
    pub taken: Vec<PointerTaken>,
}

impl Redactor {
    /// The built-in rule table.
    #[must_use]
    pub fn builtin() -> Self {
        Self { engine: Arc::new(Engine::builtin()) }
    }

    /// The built-in table and the rules of an additional file (its text, JSON).
    ///
    /// # Errors
    ///
    /// When the file is not of the documented form, a pattern does not compile, an
    /// id is taken twice, or an example does not behave: the error names the rule.
    pub fn with_extra_rules(source: &str) -> Result<Self, RuleFileError> {
        let engine = Engine::with_file(rules::rule_file::parse(source)?)?;
        let redactor = Self { engine: Arc::new(engine) };
        rules::rule_file::check_examples(&redactor, source)?;
        Ok(redactor)
    }

    /// The rule-set version; an additional file's version is part of it.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.engine.version
    }

    /// Takes the secrets out of free text (which may itself be JSON).
    #[must_use]
    pub fn text(&self, input: &str) -> Cleaned<String> {
        self.text_until(input, &Deadline::never())
    }

    /// The same, but past the deadline the whole text is replaced by `[redacted:unread]` ([`UNREAD`]): a text that was
    /// not read to its end may hold anything.
    #[must_use]
    pub fn text_until(&self, input: &str, deadline: &Deadline) -> Cleaned<String> {
        apply::clean_or_unread(&self.engine, input, deadline)
    }

    /// Takes the secrets out of a JSON document: keys, values, name/value pairs.
    #[must_use]
    pub fn json(&self, value: serde_json::Value) -> CleanedJson {
        self.json_until(value, &Deadline::never())
    }

    /// The same, but every text and key that was not read to its end before the deadline is replaced whole by
    /// `[redacted:unread]` ([`UNREAD`]). Numbers, booleans and null stay, as does what was read.
    #[must_use]
    pub fn json_until(&self, value: serde_json::Value, deadline: &Deadline) -> CleanedJson {
        let CleanedJson { value, taken } = self.borrowed_json_until(value.into(), deadline);
        CleanedJson { value: value.into(), taken }
    }

    /// The same for a document whose texts may be borrowed: what stays in it is not copied.
    #[must_use]
    pub fn borrowed_json_until<'a>(&self, document: Json<'a>, deadline: &Deadline) -> CleanedJson<Json<'a>> {
        document::clean_json(&self.engine, document, deadline)
    }

    /// What [`Redactor::text`] would take, where; never the text itself.
    #[must_use]
    pub fn explain(&self, input: &str) -> Vec<Finding> {
        apply::explain(&self.engine, input)
    }

    /// What could have been a secret in `input` and stays, where, and why; never the text itself.
    #[must_use]
    pub fn explain_kept(&self, input: &str) -> Vec<Finding> {
        explain::left(&self.engine, input)
    }

    /// Every rule: its id, what it is for, its examples. For documentation and tests.
    #[must_use]
    pub fn rules(&self) -> Vec<RuleSummary> {
        self.engine.summaries()
    }

    /// Every row of the policy, in the order in which they are asked.
    #[must_use]
    pub fn policy(&self) -> Vec<RowSummary> {
        policy::ROWS.iter().map(RowSummary::from).collect()
    }
}
