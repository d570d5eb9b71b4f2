//! What ties the two tables together: a sum over each. Every created audit record adds a keyed digest of what it says of
//! its request, every request of the same of itself; where the sums are equal, so are the rows, in whatever order, each as
//! often. The key is random, so nobody can have prepared others that add up.

use sha2::{Digest as _, Sha256};

use crate::domain::record::{AuditRecord, Record};

/// What stands for who it was where that is erased. No subject: it is no text.
const ERASED: Option<&str> = None;

/// A sum of digests, each as two numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sum([u128; 2]);

impl Sum {
    fn add(&mut self, digest: &[u8; 32]) {
        for (sum, half) in self.0.iter_mut().zip(digest.chunks_exact(16)) {
            *sum = sum.wrapping_add(half.try_into().map(u128::from_le_bytes).unwrap_or_default());
        }
    }

    fn append(&mut self, other: Self) {
        for (sum, more) in self.0.iter_mut().zip(other.0) {
            *sum = sum.wrapping_add(more);
        }
    }
}

/// The sums of one table.
#[derive(Debug, Clone)]
pub(super) struct Tally {
    key: [u8; 32],
    buffer: Vec<u8>,
    created: Sum,
    erased: Sum,
}

impl Tally {
    pub(super) fn new(key: [u8; 32]) -> Self {
        Self { key, buffer: Vec::new(), created: Sum::default(), erased: Sum::default() }
    }

    /// Adds what another walk over the same table found.
    pub(super) fn append(&mut self, other: &Self) {
        self.created.append(other.created);
        self.erased.append(other.erased);
    }

    /// Whether both tables say the same.
    pub(super) fn agrees(&self, other: &Self) -> bool {
        self.created == other.created && self.erased == other.erased
    }

    /// The audit record of a creation.
    pub(super) fn add_created(&mut self, link: &AuditRecord) {
        let parts = shared_columns_of_link(link);
        let digest = self.digest(&parts, [Some(&link.occurred_at), link.actor_subject.as_deref().or(ERASED)]);
        self.created.add(&digest);
    }

    /// The audit record of an erasure.
    pub(super) fn add_erasure(&mut self, link: &AuditRecord) {
        let digest = self.digest(&shared_columns_of_link(link), [ERASED, ERASED]);
        self.erased.add(&digest);
    }

    /// A request.
    pub(super) fn add_request(&mut self, record: &Record) {
        let parts = shared_columns_of_record(record);
        let digest = self.digest(&parts, [Some(&record.created_at), record.creator_subject.as_deref().or(ERASED)]);
        self.created.add(&digest);
    }

    /// A request that is erased.
    pub(super) fn add_erased_request(&mut self, record: &Record) {
        let digest = self.digest(&shared_columns_of_record(record), [ERASED, ERASED]);
        self.erased.add(&digest);
    }

    fn digest(&mut self, shared: &[Option<&str>; 10], own: [Option<&str>; 2]) -> [u8; 32] {
        self.buffer.clear();
        self.buffer.extend_from_slice(&self.key);
        for part in shared.iter().chain(&own) {
            // With its length, so that nothing can move from one part to the next.
            let length = part.map_or(u64::MAX, |text| text.len() as u64);
            self.buffer.extend_from_slice(&length.to_le_bytes());
            self.buffer.extend_from_slice(part.unwrap_or_default().as_bytes());
        }
        Sha256::digest(&self.buffer).into()
    }
}

fn shared_columns_of_link(link: &AuditRecord) -> [Option<&str>; 10] {
    [
        link.reference.as_deref(),
        Some(&link.workspace_id),
        link.tenant_id.as_deref(),
        link.primary_context_type.as_deref(),
        link.primary_context_id.as_deref(),
        link.severity.as_deref(),
        link.attachment_mode.as_deref(),
        link.attachment_reason.as_deref(),
        link.request_id.as_deref(),
        link.record_digest.as_deref(),
    ]
}

fn shared_columns_of_record(record: &Record) -> [Option<&str>; 10] {
    [
        Some(&record.reference),
        Some(&record.workspace_id),
        Some(&record.tenant_id),
        Some(&record.primary_context_type),
        Some(&record.primary_context_id),
        Some(&record.severity),
        Some(&record.attachment_mode),
        Some(&record.attachment_reason),
        Some(&record.request_id),
        Some(&record.record_digest),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_depends_on_each_part_and_its_place_but_not_on_the_order_of_rows() {
        let sum = |rows: &[[Option<&str>; 2]]| {
            let mut tally = Tally::new([7; 32]);
            for row in rows {
                let digest = tally.digest(&[None; 10], *row);
                tally.created.add(&digest);
            }
            tally.created
        };
        let (one, other) = ([Some("ab"), Some("c")], [Some("x"), None]);
        assert_eq!(sum(&[one, other]), sum(&[other, one]));
        for differs in [
            &[one][..],
            &[one, one, other],
            &[one, one, one, other],
            &[[Some("a"), Some("bc")], other],
            &[one, [Some("x"), Some("")]],
        ] {
            assert_ne!(sum(&[one, other]), sum(differs), "{differs:?}");
        }
        let half = |place: usize| [sum(&[one]), sum(&[other])].map(|sum| sum.0[place]);
        assert!(half(0)[0] != half(0)[1] && half(1)[0] != half(1)[1], "all of a digest counts");
        let digest = |key| Tally::new([key; 32]).digest(&[None; 10], one);
        assert_ne!(digest(7), digest(8), "nobody can tell without the key");
    }
}
