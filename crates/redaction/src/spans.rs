//! From what was decided to the text without it.

pub(crate) mod apply;
pub(crate) mod confine;
pub(crate) mod overlaps;
pub(crate) mod repeats;
