//! `--accept`: somebody decides that ends of chains are gone, and the archive itself says so from then on.

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};
use serde_json::json;

use crate::{
    clock::SystemClock,
    config::{Deciding, Settings},
    domain::record::{CUT_EVENT, RESTORED_EVENT},
    integrity::canonical,
    redact::Deadline,
    store::{Decided, append_event},
    verification::AcceptedCut,
};

/// Longest `--reason` and `--by`.
const TEXT_MAX: usize = 1000;

#[derive(Debug, Args)]
pub(super) struct Acceptance {
    /// When all that is wrong is that chains end before the heads of --against: put on record, in the archive, that this is right
    #[arg(long, value_enum, value_name = "WHAT", requires_all = ["against", "reason", "by"])]
    accept: Option<Accept>,
    /// Why
    #[arg(long, value_name = "TEXT", requires = "accept")]
    reason: Option<String>,
    /// Who decided it
    #[arg(long, value_name = "NAME", requires = "accept")]
    by: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Accept {
    /// A backup was restored: what was stored after it is gone
    Restore,
    /// Ends of chains were cut off
    Cut,
}

/// A decision, before it is known how far it reaches.
pub(super) struct Decision {
    accept: Accept,
    reason: String,
    by: String,
    settings: Deciding,
}

impl Acceptance {
    /// What is to be accepted, ready to be put on record; none where nothing is.
    pub(super) fn read(&self, settings: &Settings) -> anyhow::Result<Option<Decision>> {
        let (Some(accept), Some(reason), Some(by)) = (self.accept, &self.reason, &self.by) else { return Ok(None) };
        let settings = settings.for_deciding()?;
        let redacted = |text: &str, flag: &str| {
            let text = text.trim();
            if text.is_empty() || text.chars().count() > TEXT_MAX || text.chars().any(char::is_control) {
                bail!("{flag} must be one line of 1 to {TEXT_MAX} characters");
            }
            Ok(settings.redactor.text_until(text, &Deadline::never()).value)
        };
        let (reason, by) = (redacted(reason, "--reason")?, redacted(by, "--by")?);
        Ok(Some(Decision { accept, reason, by, settings }))
    }
}

impl Decision {
    /// Puts on record that these chains end where they do.
    pub(super) async fn put_on_record(&self, cuts: &[AcceptedCut]) -> anyhow::Result<()> {
        let event = match self.accept {
            Accept::Restore => RESTORED_EVENT,
            Accept::Cut => CUT_EVENT,
        };
        let details = canonical(&json!({ "reason": self.reason, "chains": cuts }));
        append_event(&self.settings.database, &SystemClock, Decided { event, details: &details, by: &self.by })
            .await
            .context("the decision could not be put on record")
    }
}
