//! What somebody decided about the archive as a whole, as it is on record in the archive itself: restores, cuts, dropped
//! partitions. Never an edited file of heads.

use serde::{Deserialize, Serialize};

use crate::{
    domain::record::{AuditRecord, DROPPED_EVENT},
    integrity::link_fits,
    store::{Links, Reader, StoreError},
};

/// The end of a chain that is gone by decision.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AcceptedCut {
    /// The chain.
    pub chain: String,
    /// The last number that is there; 0 where none is.
    pub kept: i64,
    /// The number of the last link that is known to have been there.
    pub until: i64,
}

/// How far a decision reaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Reach {
    /// Ends of chains are gone.
    Cut {
        /// Which.
        chains: Vec<AcceptedCut>,
    },
    /// What is older is gone.
    Dropped {
        /// Requests with a smaller reference.
        references_before: String,
        /// Chains with a smaller name.
        chains_before: String,
    },
}

/// A decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// `archive.restored`, `archive.cut` or `archive.partition_dropped`.
    pub event: String,
    /// When it was put on record.
    pub occurred_at: String,
    /// By whom.
    pub by: Option<String>,
    /// Why.
    pub reason: String,
    /// The chain that it is on record in.
    pub chain: String,
    /// And the link.
    pub sequence: i64,
    /// How far it reaches.
    #[serde(flatten)]
    pub reach: Reach,
}

/// `details` of such a record.
#[derive(Deserialize)]
struct Details {
    reason: String,
    chains: Option<Vec<AcceptedCut>>,
    references_before: Option<String>,
    chains_before: Option<String>,
}

/// All decisions, and what they mean together.
#[derive(Debug, Clone, Default)]
pub(super) struct Decisions {
    pub(super) all: Vec<Decision>,
    /// Requests with a smaller reference are gone.
    pub(super) references_before: String,
    /// Chains with a smaller name are gone.
    pub(super) chains_before: String,
}

impl Decisions {
    /// Asks for them. Those that are not what was written are none; the walk finds them.
    pub(super) async fn read(reader: &mut Reader) -> Result<Self, StoreError> {
        let mut read = Self::default();
        let each = |link: Result<AuditRecord, _>| {
            if let Some(decision) = link.ok().filter(link_fits).as_ref().and_then(decision) {
                read.add(decision);
            }
            std::ops::ControlFlow::Continue(())
        };
        reader.links(Links::AboutTheArchive, each).await?;
        read.all.sort_by(|a, b| (&a.chain, a.sequence).cmp(&(&b.chain, b.sequence)));
        Ok(read)
    }

    fn add(&mut self, decision: Decision) {
        if let Reach::Dropped { references_before, chains_before } = &decision.reach {
            self.references_before = references_before.clone().max(std::mem::take(&mut self.references_before));
            self.chains_before = chains_before.clone().max(std::mem::take(&mut self.chains_before));
        }
        self.all.push(decision);
    }

    /// Whether it was decided that a chain ends where it does.
    pub(super) fn accepts(&self, cut: &AcceptedCut) -> bool {
        let is_dropped = cut.kept == 0 && cut.chain < self.chains_before;
        is_dropped || self.all.iter().any(|decision| decision.names(cut))
    }
}

impl Decision {
    fn names(&self, cut: &AcceptedCut) -> bool {
        let Reach::Cut { chains } = &self.reach else { return false };
        chains.iter().any(|known| known.chain == cut.chain && known.kept == cut.kept && cut.until <= known.until)
    }
}

/// What a record about the archive says; none where it says nothing that is understood.
pub(super) fn decision(link: &AuditRecord) -> Option<Decision> {
    let details: Details = serde_json::from_str(link.details.as_deref()?).ok()?;
    let reach = if link.event == DROPPED_EVENT {
        Reach::Dropped { references_before: details.references_before?, chains_before: details.chains_before? }
    } else {
        Reach::Cut { chains: details.chains? }
    };
    Some(Decision {
        event: link.event.clone(),
        occurred_at: link.occurred_at.clone(),
        by: link.actor_subject.clone(),
        reason: details.reason,
        chain: link.chain.clone(),
        sequence: link.sequence,
        reach,
    })
}
