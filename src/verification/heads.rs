//! The newest link of every chain at some time, kept elsewhere: what finds a cut-off end.

use serde::{Deserialize, Serialize};

use crate::integrity::ChainEnd;

/// Saved heads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heads {
    /// [`Self::VERSION`].
    pub version: u32,
    /// How many rows `support_requests` had.
    pub support_requests: u64,
    /// How many rows `audit_events` had.
    pub audit_events: u64,
    /// One a chain.
    pub heads: Vec<ChainEnd>,
}

/// Why a file is not one of saved heads.
#[derive(Debug, thiserror::Error)]
pub enum NotHeads {
    /// It is something else.
    #[error("this is not a file of saved heads")]
    Other(#[from] serde_json::Error),
    /// Its version is unknown.
    #[error("the saved heads are of another version than {}", Heads::VERSION)]
    Version,
}

impl Heads {
    /// The version of the form that is written here, and of no other.
    pub const VERSION: u32 = 1;

    /// Reads a file's text.
    ///
    /// # Errors
    /// It is not one of saved heads.
    pub fn parse(text: &str) -> Result<Self, NotHeads> {
        let heads: Self = serde_json::from_str(text)?;
        if heads.version == Self::VERSION { Ok(heads) } else { Err(NotHeads::Version) }
    }

    /// A file's text.
    ///
    /// # Errors
    /// None: texts and numbers are always written.
    pub fn text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }
}
