//! The file that says how far an export has come: of each audit chain, the last link whose request was printed.
//!
//! A chain's links become visible in their order, so nothing that becomes visible late is behind the cursor, whatever
//! clocks did.

use std::path::Path;

use anyhow::{Context, bail};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{integrity::ChainEnd, private_file, store::Filter};

/// The version of the file.
const VERSION: u32 = 1;

/// How far an export has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cursor {
    version: u32,
    /// What was asked for, as a digest: addresses of people stay out of the file. With another filter, what it let
    /// through before would be missed.
    filter: String,
    /// One a chain, in the order of their names.
    pub(super) chains: Vec<ChainEnd>,
}

impl Cursor {
    /// Reads the file; where there is none, an export begins.
    pub(super) fn read(file: &Path, filter: &Filter) -> anyhow::Result<Self> {
        let filter = digest(filter)?;
        let text = match std::fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self { version: VERSION, filter, chains: Vec::new() });
            }
            Err(error) => return Err(error).context("the cursor file cannot be read"),
        };
        let cursor: Self = serde_json::from_str(&text)
            .context("the cursor file is not one that `export` wrote; name another, or remove it to begin anew")?;
        if cursor.version != VERSION {
            bail!("the cursor file is of another version than {VERSION}; remove it to begin anew");
        }
        if cursor.filter != filter {
            bail!("the cursor file belongs to an export with other filters; use a file for each");
        }
        Ok(cursor)
    }

    /// Puts the file in place of the one before, whole or not at all.
    pub(super) fn save(&self, file: &Path) -> anyhow::Result<()> {
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        private_file::replace(file, &text)
            .context("the cursor file could not be written; the next run begins where this one did")
    }
}

fn digest(filter: &Filter) -> anyhow::Result<String> {
    Ok(BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(serde_json::to_vec(filter)?)))
}
