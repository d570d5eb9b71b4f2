//! `--accept`: somebody decides that ends of chains are gone, and the archive itself says so from then on.

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use serde_json::json;

use crate::{
    cli::decision,
    clock::SystemClock,
    config::{OwnerCommand, Settings},
    domain::record::{CUT_EVENT, RESTORED_EVENT},
    store::{ArchiveEvent, DatabaseUrl, Decision, append_event},
    verification::AcceptedCut,
};

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
pub(super) struct Pending {
    event: &'static str,
    decision: Decision,
    database: DatabaseUrl,
}

impl Acceptance {
    /// What is to be accepted, ready to be put on record; none where nothing is.
    pub(super) fn read(&self, settings: &Settings) -> anyhow::Result<Option<Pending>> {
        let event = match self.accept {
            None => return Ok(None),
            Some(Accept::Restore) => RESTORED_EVENT,
            Some(Accept::Cut) => CUT_EVENT,
        };
        let OwnerCommand { database, rules } = settings.for_owner_command()?;
        let decision = decision::read(&rules.compiled(), self.reason.as_deref(), self.by.as_deref())?;
        Ok(Some(Pending { event, decision, database }))
    }
}

impl Pending {
    /// Puts on record that these chains end where they do.
    pub(super) async fn put_on_record(&self, cuts: &[AcceptedCut]) -> anyhow::Result<()> {
        let event = ArchiveEvent { name: self.event, reach: json!({ "chains": cuts }), decision: &self.decision };
        append_event(&self.database, &SystemClock, &event).await.context("the decision could not be put on record")
    }
}
