//! Cutting a foreign JSON document down to what is declared, while it is read, and counting what was left behind.

mod read;
mod shape;
#[cfg(test)]
mod tests;

use std::fmt::Display;

pub use read::{Kept, read};
pub use shape::{Absent, Member, Shape};

/// Why a document did not fit. Never holds any of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ShapeFault {
    /// No JSON (RFC 8259), or deeper than 127 levels.
    #[error("it is not JSON")]
    NotJson,
    /// Something else where an object was declared.
    #[error("something else stands where an object was declared")]
    NotAnObject,
    /// Something else where a list was declared.
    #[error("something else stands where a list was declared")]
    NotAList,
    /// Something else where a text was declared.
    #[error("something else stands where a text was declared")]
    NotAText,
    /// A list or an object where a single value was declared.
    #[error("a list or an object stands where a single value was declared")]
    NotAScalar,
    /// A required key is missing.
    #[error("a required key is missing")]
    Missing,
    /// A schema version that this build does not know.
    #[error("the schema version is not 1")]
    UnknownVersion,
    /// A time that is not RFC 3339.
    #[error("a time is not RFC 3339")]
    NotATime,
    /// More bytes than allowed.
    #[error("the document is too large")]
    TooLarge,
    /// The document is about something else than what was asked for.
    #[error("the document speaks of another scope than the one asked for")]
    AnotherScope,
}

/// What did not fit, and where. The pointer is made of declared keys and positions, so it holds nothing of the document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{fault}, at '{pointer}'")]
pub struct Misfit {
    /// RFC 6901; empty for the document as a whole.
    pub pointer: String,
    /// Why.
    pub fault: ShapeFault,
}

impl From<ShapeFault> for Misfit {
    fn from(fault: ShapeFault) -> Self {
        Self { pointer: String::new(), fault }
    }
}

impl Misfit {
    /// The same, seen from one level further up, where `key` leads to it. Keys that are declared need no escaping.
    #[must_use]
    pub fn below(mut self, key: impl Display) -> Self {
        self.pointer.insert_str(0, &format!("/{key}"));
        self
    }
}
