//! Walks every audit chain and recomputes everything. Specified in `specs/integrity.md`.
//!
//! Rows are never changed, so what is read page by page is as good as one snapshot: what is added meanwhile comes at the
//! ends of chains.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::{
    domain::record::{CREATED_EVENT, StoredAuditRecord, StoredRecord},
    integrity::{ChainEnd, NO_PREVIOUS, link_digest, record_digest},
    store::{Archive, StoreError},
};

/// The newest link of every chain at some time, kept elsewhere: what finds a cut-off end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heads {
    /// 1.
    pub version: u32,
    /// One a chain.
    pub heads: Vec<ChainEnd>,
}

/// What was verified, where all of it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// How many links, and so how many requests.
    pub links: u64,
    /// The newest link of every chain.
    pub heads: Heads,
}

/// Why a verification did not end well.
#[derive(Debug, thiserror::Error)]
pub enum VerificationError {
    /// Something was changed, removed, inserted or reordered. This is the first of it.
    #[error("{0}")]
    Broken(Fault),
    /// The database could not be read.
    #[error("the database could not be read")]
    Unread(#[from] StoreError),
}

/// The first broken record, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The record: a reference, or a chain and a number.
    pub record: String,
    /// What is wrong.
    pub problem: &'static str,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.record, self.problem)
    }
}

/// Verifies everything in `archive`, and that the chains still reach as far as `against` says.
/// `progress` is called with the number of links verified so far.
///
/// # Errors
/// The first fault, or a database that cannot be read.
pub async fn verify(
    archive: &Archive,
    against: Option<&Heads>,
    mut progress: impl FnMut(u64),
) -> Result<Verified, VerificationError> {
    let mut walk = Walk::new(against);
    loop {
        let (chain, sequence) = walk.position();
        let links = archive.links(&chain, sequence).await.map_err(unreadable(&chain, sequence))?;
        if links.is_empty() {
            break;
        }
        let references: Vec<&str> = links.iter().map(|link| link.link.reference.as_str()).collect();
        let records = archive.records_of(&references).await.map_err(unreadable(&chain, sequence))?;
        let records: HashMap<&str, &StoredRecord> =
            records.iter().map(|record| (record.record.reference.as_str(), record)).collect();
        for link in &links {
            walk.step(link, records.get(link.link.reference.as_str()).copied()).map_err(VerificationError::Broken)?;
        }
        progress(walk.links);
    }
    walk.all_heads_were_met().map_err(VerificationError::Broken)?;
    if let Some(record) = archive.first_without_audit().await? {
        return Err(broken(record, "this request has no audit record"));
    }
    if let Some(record) = archive.first_twin().await? {
        return Err(broken(record, "this reference stands there twice"));
    }
    Ok(Verified { links: walk.links, heads: Heads { version: 1, heads: walk.ends } })
}

fn broken(record: String, problem: &'static str) -> VerificationError {
    VerificationError::Broken(Fault { record, problem })
}

/// A row that cannot be read back was changed, too.
fn unreadable(chain: &str, sequence: i64) -> impl Fn(StoreError) -> VerificationError + use<> {
    let place =
        if chain.is_empty() { "the first page".to_owned() } else { format!("chain {chain}, after link {sequence}") };
    move |error| match error {
        StoreError::Unreadable(_) => {
            broken(place.clone(), "a record there cannot be read: a column is not what was written")
        }
        other => VerificationError::Unread(other),
    }
}

/// Where the walk is, and what it still expects.
struct Walk<'a> {
    ends: Vec<ChainEnd>,
    links: u64,
    /// Heads that were not met yet, by chain.
    expected: BTreeMap<&'a str, &'a ChainEnd>,
}

impl<'a> Walk<'a> {
    fn new(against: Option<&'a Heads>) -> Self {
        let expected =
            against.into_iter().flat_map(|heads| &heads.heads).map(|head| (head.chain.as_str(), head)).collect();
        Self { ends: Vec::new(), links: 0, expected }
    }

    fn position(&self) -> (String, i64) {
        self.ends.last().map_or((String::new(), 0), |end| (end.chain.clone(), end.sequence))
    }

    /// Verifies one link and the record that it speaks of.
    fn step(&mut self, stored: &StoredAuditRecord, record: Option<&StoredRecord>) -> Result<(), Fault> {
        let link = &stored.link;
        let fault = |problem| Fault {
            record: format!("{} (chain {}, link {})", link.reference, link.chain, link.sequence),
            problem,
        };
        let (sequence, previous) = match self.ends.last() {
            Some(end) if end.chain == link.chain => (end.sequence + 1, end.digest.as_str()),
            _ => (1, NO_PREVIOUS),
        };
        if link.sequence != sequence {
            return Err(fault("the link before it is missing"));
        }
        if link.previous != previous {
            return Err(fault("it does not hang on the link before it"));
        }
        if link_digest(link) != stored.digest {
            return Err(fault("its audit record was changed"));
        }
        let record = record.ok_or_else(|| fault("its support request is missing"))?;
        if record_digest(&record.record) != record.record_digest {
            return Err(fault("its support request was changed"));
        }
        if !belong_together(stored, record) {
            return Err(fault("its audit record and its support request do not belong together"));
        }
        let end = ChainEnd { chain: link.chain.clone(), sequence: link.sequence, digest: stored.digest.clone() };
        if let Some(head) = self.expected.get(link.chain.as_str())
            && head.sequence == link.sequence
        {
            if head.digest != stored.digest {
                return Err(fault("it is not the link that was there when the heads were saved"));
            }
            self.expected.remove(link.chain.as_str());
        }
        match self.ends.last_mut() {
            Some(last) if last.chain == end.chain => *last = end,
            _ => self.ends.push(end),
        }
        self.links += 1;
        Ok(())
    }

    fn all_heads_were_met(&self) -> Result<(), Fault> {
        match self.expected.values().next() {
            None => Ok(()),
            Some(head) => Err(Fault {
                record: format!("chain {}, link {}", head.chain, head.sequence),
                problem: "the chain was cut off: this link was there when the heads were saved",
            }),
        }
    }
}

/// Whether an audit record says of a request what the request says of itself.
fn belong_together(audit: &StoredAuditRecord, stored: &StoredRecord) -> bool {
    let (a, r) = (&audit.link, &stored.record);
    a.event == CREATED_EVENT
        && a.record_digest == stored.record_digest
        && (&a.reference, &a.occurred_at, &a.request_id) == (&r.reference, &r.created_at, &r.request_id)
        && (&a.actor_subject, &a.actor_name) == (&r.creator_subject, &r.creator_name)
        && (&a.workspace_id, &a.tenant_id, &a.severity) == (&r.workspace_id, &r.tenant_id, &r.severity)
        && (&a.primary_context_type, &a.primary_context_id) == (&r.primary_context_type, &r.primary_context_id)
        && (&a.attachment_mode, &a.attachment_reason) == (&r.attachment_mode, &r.attachment_reason)
}
