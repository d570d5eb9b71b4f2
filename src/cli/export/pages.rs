//! What is exported, batch by batch: by reference, or by what came to the audit chains since a cursor.

use std::collections::{BTreeMap, HashMap, HashSet};

use anyhow::bail;

use super::decided::kept;
use crate::{
    cli::{output::say, printed::Printed},
    domain::record::CREATED_EVENT,
    integrity::ChainEnd,
    store::{Archive, Erasure, Filter, Page, Position},
};

/// Most requests of a batch that follows a chain.
const LINKS_MAX: usize = 128;

/// Rows as they were read, and what belongs to them.
pub(super) struct Batch {
    page: Page,
    erasures: HashMap<String, Erasure>,
    /// The references in the order in which they are to be printed, where rows come in no order.
    order: Option<Vec<String>>,
    /// Those of them that must be there.
    expected: Vec<String>,
}

/// A batch, taken apart and reckoned.
pub(super) struct Checked {
    pub(super) rows: Vec<Printed>,
    /// Of which requests there is an audit record, and nothing else.
    pub(super) missing: Vec<String>,
}

impl Batch {
    /// The work that another core does.
    pub(super) fn check(self) -> Checked {
        let print = |stored: crate::store::Stored| {
            let erasure = self.erasures.get(&stored.record.reference);
            Printed::new(stored, erasure)
        };
        let rows = self.page.read();
        let there: HashSet<String> = rows.iter().map(|row| row.record.reference.clone()).collect();
        let missing = self.expected.into_iter().filter(|reference| !there.contains(reference)).collect();
        let rows = match self.order {
            None => rows.into_iter().map(print).collect(),
            Some(order) => {
                let mut found: HashMap<String, Vec<_>> = HashMap::new();
                for row in rows {
                    found.entry(row.record.reference.clone()).or_default().push(row);
                }
                let wanted = order.iter().flat_map(|reference| found.get(reference).cloned().unwrap_or_default());
                wanted.map(print).collect()
            }
        };
        Checked { rows, missing }
    }
}

/// Where the batches come from.
pub(super) enum Source {
    /// Every request that a filter lets through, oldest first.
    References {
        /// Which.
        filter: Filter,
        /// Behind which reference to go on.
        position: Position,
    },
    /// What came to the chains.
    Chains(Chains),
}

impl Source {
    /// The next batch; none at the end.
    pub(super) async fn next(&mut self, archive: &Archive) -> anyhow::Result<Option<Batch>> {
        match self {
            Self::References { filter, position } => {
                let (page, next) = archive.page(filter, position).await?;
                *position = next;
                if page.is_empty() {
                    return Ok(None);
                }
                batch(archive, page, None, Vec::new()).await.map(Some)
            }
            Self::Chains(chains) => chains.next(archive).await,
        }
    }

    /// How far the chains were followed.
    pub(super) fn into_chains(self) -> Vec<ChainEnd> {
        match self {
            Self::References { .. } => Vec::new(),
            Self::Chains(chains) => chains.done,
        }
    }
}

async fn batch(
    archive: &Archive,
    page: Page,
    order: Option<Vec<String>>,
    expected: Vec<String>,
) -> anyhow::Result<Batch> {
    let erased = page.erased();
    let erased: Vec<&str> = erased.iter().map(String::as_str).collect();
    let erasures = if erased.is_empty() { HashMap::new() } else { archive.erasures_of(&erased).await? };
    Ok(Batch { page, erasures, order, expected })
}

/// A walk along the audit chains, from where the last one ended.
pub(super) struct Chains {
    filter: Filter,
    /// Where chains that were not visited yet ended last time.
    known: BTreeMap<String, ChainEnd>,
    /// Which chain is followed, and how far.
    at: Option<ChainEnd>,
    done: Vec<ChainEnd>,
    rows: usize,
}

impl Chains {
    pub(super) fn from(filter: Filter, ends: Vec<ChainEnd>) -> Self {
        let known = ends.into_iter().map(|end| (end.chain.clone(), end)).collect();
        Self { filter, known, at: None, done: Vec::new(), rows: LINKS_MAX / 4 }
    }

    async fn next(&mut self, archive: &Archive) -> anyhow::Result<Option<Batch>> {
        loop {
            let Some(end) = &mut self.at else {
                if self.go_to_next_chain(archive).await? {
                    continue;
                }
                return Ok(None);
            };
            // From the last link on that was printed, which must still be what it was.
            let mut links = archive.links_of(&end.chain, end.sequence.max(1), self.rows + 1).await?;
            if end.sequence > 0 {
                match links.first() {
                    Some(link) if link.sequence == end.sequence && link.digest == end.digest => drop(links.remove(0)),
                    _ => {
                        *end = go_back(archive, end).await?;
                        continue;
                    }
                }
            }
            let Some(last) = links.last() else {
                self.done.extend(self.at.take());
                continue;
            };
            *end = ChainEnd { chain: last.chain.clone(), sequence: last.sequence, digest: last.digest.clone() };
            let created = links.iter().filter(|link| link.event == CREATED_EVENT);
            let created: Vec<String> = created.filter_map(|link| link.reference.clone()).collect();
            // An erasure is a link too: what was erased is printed once more, so that copies can follow.
            let order: Vec<String> = links.into_iter().filter_map(|link| link.reference).collect();
            let page = archive.page_of(&self.filter, &order).await?;
            self.rows = page.next_rows(self.rows).min(LINKS_MAX);
            // Whether a filter kept it out or it is gone cannot be told.
            let expected = if self.filter == Filter::default() { created } else { Vec::new() };
            return batch(archive, page, Some(order), expected).await.map(Some);
        }
    }

    async fn go_to_next_chain(&mut self, archive: &Archive) -> anyhow::Result<bool> {
        let last = self.done.last().map_or("", |end| end.chain.as_str());
        let next = archive.chain_after(last).await?;
        let passed = |known: &String| next.as_ref().is_none_or(|next| known < next);
        while let Some(gone) = self.known.first_entry().filter(|known| passed(known.key())) {
            go_back(archive, &gone.remove()).await?;
        }
        let Some(chain) = next else { return Ok(false) };
        let begin = ChainEnd { chain: chain.clone(), sequence: 0, digest: String::new() };
        self.at = Some(self.known.remove(&chain).unwrap_or(begin));
        Ok(true)
    }
}

/// The link that is the last one of a chain by decision.
///
/// # Errors
/// Nobody decided that the chain should be shorter than what was exported of it.
async fn go_back(archive: &Archive, end: &ChainEnd) -> anyhow::Result<ChainEnd> {
    let kept = kept(end, &archive.decisions().await?);
    let last = match kept {
        Some(0) => Some(String::new()),
        Some(kept) => archive.links_of(&end.chain, kept, 1).await?.pop().map(|link| link.digest),
        None => None,
    };
    let (Some(sequence), Some(digest)) = (kept, last) else {
        bail!(
            "the cursor is at link {} of the audit chain {}, and that link is not in this database: it was restored from \
             a backup or cut off, or it is another database. What was exported is more than what is here. Find out with \
             `verify`. Where it was meant to be so, put it on record with `verify --accept`, and this goes on; \
             otherwise export into a new copy, with a new cursor file",
            end.sequence,
            end.chain
        );
    };
    say(&format!(
        "links {} to {} of the audit chain {} were exported and are gone from the database, by a decision on record",
        sequence + 1,
        end.sequence,
        end.chain
    ));
    Ok(ChainEnd { chain: end.chain.clone(), sequence, digest })
}
