//! What can be said of a candidate: how it looks, what it says, what stands around it. Each fact has a name (`list`)
//! and is worked out once.

pub(crate) mod candidate;
pub(crate) mod encoded;
pub(crate) mod known;
pub(crate) mod label;
pub(crate) mod list;
pub(crate) mod matches;
pub(crate) mod named;
pub(crate) mod place;
pub(crate) mod said;
pub(crate) mod usage;
pub(crate) mod values;
pub(crate) mod verdict;
