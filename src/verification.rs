//! Walks every audit chain and recomputes everything. Specified in `specs/integrity.md`.
//!
//! Rows are never changed, so what is read page by page is as good as one snapshot: what is added meanwhile comes at the
//! ends of chains.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::{
    domain::record::{AuditRecord, CREATED_EVENT, ERASED_EVENT, Record},
    integrity::{ChainEnd, NO_PREVIOUS, actor_digest, link_digest, record_digests},
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
        let references: Vec<&str> = links.iter().filter_map(|link| link.reference.as_deref()).collect();
        let records = archive.records_of(&references).await.map_err(unreadable(&chain, sequence))?;
        let records: HashMap<&str, &Record> =
            records.iter().map(|record| (record.reference.as_str(), record)).collect();
        for link in &links {
            let record = link.reference.as_deref().and_then(|reference| records.get(reference).copied());
            walk.step(link, record).map_err(VerificationError::Broken)?;
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
    fn step(&mut self, link: &AuditRecord, record: Option<&Record>) -> Result<(), Fault> {
        let about = link.reference.as_deref().unwrap_or("the archive");
        let fault =
            |problem| Fault { record: format!("{about} (chain {}, link {})", link.chain, link.sequence), problem };
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
        let actor = actor_digest(link);
        if link_digest(link) != link.digest || actor.is_some_and(|digest| digest != link.actor_digest) {
            return Err(fault("its audit record was changed"));
        }
        if link.reference.is_some() {
            let record = record.ok_or_else(|| fault("its support request is missing"))?;
            let fits = record_digests(record).is_some_and(|digests| {
                digests.record == record.record_digest
                    && digests.personal.is_none_or(|digest| digest == record.personal_digest)
                    && (record.salt.is_some() == (digests_are_whole(record)))
            });
            if !fits {
                return Err(fault("its support request was changed"));
            }
            if !belong_together(link, record) {
                return Err(fault("its audit record and its support request do not belong together"));
            }
        }
        let end = ChainEnd { chain: link.chain.clone(), sequence: link.sequence, digest: link.digest.clone() };
        if let Some(head) = self.expected.get(link.chain.as_str())
            && head.sequence == link.sequence
        {
            if head.digest != link.digest {
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

/// Whether nothing is missing of what is personal.
fn digests_are_whole(record: &Record) -> bool {
    record.summary.is_some() && record.creator_subject.is_some()
}

/// Whether an audit record says of a request what the request says of itself.
fn belong_together(a: &AuditRecord, r: &Record) -> bool {
    let same = |audit: &Option<String>, record: &String| audit.as_ref() == Some(record);
    let is_consistent = match a.event.as_str() {
        CREATED_EVENT => a.occurred_at == r.created_at && a.actor_subject == r.creator_subject,
        ERASED_EVENT => r.is_erased(),
        _ => false,
    };
    is_consistent
        && a.workspace_id == r.workspace_id
        && same(&a.record_digest, &r.record_digest)
        && same(&a.request_id, &r.request_id)
        && same(&a.tenant_id, &r.tenant_id)
        && same(&a.severity, &r.severity)
        && same(&a.primary_context_type, &r.primary_context_type)
        && same(&a.primary_context_id, &r.primary_context_id)
        && same(&a.attachment_mode, &r.attachment_mode)
        && same(&a.attachment_reason, &r.attachment_reason)
}
