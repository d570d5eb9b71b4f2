//! What can be said of a value by itself.

pub(crate) mod matches;
pub(crate) mod usage;
pub(crate) mod values;
