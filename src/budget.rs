//! Memory that requests under way may take, in all: whoever gets none in time is told `overloaded`.
//!
//! A diagnostic bundle of 256 KiB of JSON can be 20 MiB as a tree of values, and 64 callers at once were seen to take
//! 557 MiB. So whoever is about to make something large out of something small reserves memory for it first, waits a
//! little where there is none, and holds the reservation as long as the thing lives.

use std::{sync::Arc, time::Duration};

use serde_json::Value;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Memory of all requests between their headers and their commit, in bytes.
pub const BUDGET_BYTES: usize = 128 * 1024 * 1024;

/// Trees of values that a bundle is at the same time, at most: as the provider said it, where its size has to be found out;
/// what the schema keeps of it; what becomes of that while it is redacted; the list of what was taken, which may name every
/// text. What it takes as text is less than they are reckoned at.
pub const TREES: usize = 4;

/// How long anybody waits for memory, at most.
const TIMEOUT: Duration = Duration::from_secs(1);

/// Bounds the memory of what is under way. Cheap to clone; clones share one budget.
#[derive(Debug, Clone)]
pub struct Budget {
    kib: Arc<Semaphore>,
    total: usize,
}

/// A part of the budget; given back when dropped.
#[derive(Debug)]
pub struct Reservation(OwnedSemaphorePermit);

/// There was no memory in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the requests under way take as much memory as they may")]
pub struct Exhausted;

impl Default for Budget {
    fn default() -> Self {
        Self::new(BUDGET_BYTES)
    }
}

impl Budget {
    /// A budget of so many bytes.
    #[must_use]
    pub fn new(bytes: usize) -> Self {
        let total = (bytes / 1024).min(Semaphore::MAX_PERMITS);
        Self { kib: Arc::new(Semaphore::new(total)), total }
    }

    /// Reserves so many bytes, or the whole budget where it is smaller; waits a second at most, in the order of asking.
    ///
    /// # Errors
    /// There was no memory in time.
    pub async fn reserve(&self, bytes: usize) -> Result<Reservation, Exhausted> {
        let permit = Arc::clone(&self.kib).acquire_many_owned(self.permits(bytes));
        match tokio::time::timeout(TIMEOUT, permit).await {
            Ok(Ok(permit)) => Ok(Reservation(permit)),
            Ok(Err(_)) | Err(_) => Err(Exhausted),
        }
    }

    /// The same without waiting.
    ///
    /// # Errors
    /// There is no memory.
    pub fn try_reserve(&self, bytes: usize) -> Result<Reservation, Exhausted> {
        let permit = Arc::clone(&self.kib).try_acquire_many_owned(self.permits(bytes));
        permit.map(Reservation).map_err(|_| Exhausted)
    }

    /// How many bytes there are in all.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.total * 1024
    }

    /// How many bytes are reserved now.
    #[must_use]
    pub fn reserved_bytes(&self) -> usize {
        self.total.saturating_sub(self.kib.available_permits()) * 1024
    }

    fn permits(&self, bytes: usize) -> u32 {
        u32::try_from(bytes.div_ceil(1024).min(self.total)).unwrap_or(u32::MAX)
    }
}

impl Reservation {
    /// Gives back all but `bytes`. More than was reserved is never taken.
    pub fn shrink_to(&mut self, bytes: usize) {
        let surplus = self.0.num_permits().saturating_sub(bytes.div_ceil(1024));
        drop(self.0.split(surplus));
    }
}

/// What an allocator adds to a short text, and rounds it up to.
const TEXT: usize = 16;
/// A node of a B-tree map of texts and values: room for eleven of each, however few there are.
const NODE: usize = 11 * (size_of::<String>() + size_of::<Value>()) + TEXT;
/// Members that a node of a larger map holds at least.
const NODE_MEMBERS: usize = 5;

/// Bytes that the tree of a JSON text will take on the heap, without reading it: roughly, and rather too many than too
/// few. What is read today borrows its texts and has no maps, and takes less.
#[must_use]
pub fn weight_of_json(text: &[u8]) -> usize {
    let count = |wanted: u8| memchr::memchr_iter(wanted, text).count();
    let (objects, members, items) = (count(b'{'), count(b':'), count(b',') + count(b'['));
    // A map's first node comes with its first member, the others with every fifth.
    let nodes = objects.min(members) + members / NODE_MEMBERS;
    text.len() + nodes * NODE + members * 2 * TEXT + (items + objects) * (size_of::<Value>() + TEXT)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Bytes that a tree of values takes on the heap: roughly, and rather too many than too few.
    fn weight(value: &Value) -> usize {
        match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => 0,
            Value::String(text) => text.len() + TEXT,
            Value::Array(items) => items.iter().map(|item| size_of::<Value>() + weight(item)).sum(),
            Value::Object(members) => {
                let nodes = members.len().div_ceil(NODE_MEMBERS) * NODE;
                members.iter().map(|(key, item)| key.len() + TEXT + weight(item)).sum::<usize>() + nodes
            }
        }
    }

    #[tokio::test]
    async fn what_is_given_back_can_be_reserved_by_others_and_what_is_not_cannot() {
        let budget = Budget::new(100 * 1024);
        let mut first = budget.reserve(60 * 1024).await.expect("there is room for one");
        assert!(budget.try_reserve(60 * 1024).is_err(), "there is no room for two of this size");
        first.shrink_to(40 * 1024 + 1);
        assert!(budget.try_reserve(60 * 1024).is_err());
        first.shrink_to(40 * 1024);
        let second = budget.try_reserve(60 * 1024).expect("the rest was given back");
        drop((first, second));
        assert_eq!(budget.kib.available_permits(), 100);
        assert!(budget.reserve(usize::MAX).await.is_ok(), "more than there is means all there is");
    }

    #[test]
    fn a_text_is_never_reckoned_lighter_than_its_tree() {
        let facts: Vec<Value> = (0..200).map(|n| json!({"key": "k", "label": "L", "value": n})).collect();
        let wide: Value = (0..200).map(|n| (n.to_string(), json!([n]))).collect::<serde_json::Map<_, _>>().into();
        for value in
            [json!({}), json!([{}, {}]), json!({"a": {"b": {"c": 1}}}), json!(["x".repeat(9000)]), json!(facts), wide]
        {
            let text = value.to_string();
            assert!(weight_of_json(text.as_bytes()) >= weight(&value), "{text}");
        }
        assert!(weight(&json!({"a": 1})) > 600, "a small object weighs what it takes, not what its JSON says");
    }
}
