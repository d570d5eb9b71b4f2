//! The texts of a document in which nothing is found: it has many twice, and each walk meets all of them.

use std::collections::HashSet;
use std::hash::BuildHasher as _;

use foldhash::quality::RandomState;

/// Their hashes, which differ from process to process: nobody knows which text would be taken for one of them.
#[derive(Default)]
pub(crate) struct Clean(HashSet<u64, RandomState>);

impl Clean {
    pub(crate) fn has(&self, text: &str) -> bool {
        self.0.contains(&self.0.hasher().hash_one(text))
    }

    pub(crate) fn note(&mut self, text: &str) {
        self.0.insert(self.0.hasher().hash_one(text));
    }
}
