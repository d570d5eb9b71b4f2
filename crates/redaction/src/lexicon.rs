//! What words mean.

pub(crate) mod cores;
pub(crate) mod heads;
pub(crate) mod letters;
pub(crate) mod names;
pub(crate) mod stating;
pub(crate) mod stops;
pub(crate) mod things;
pub(crate) mod vendor_names;
pub(crate) mod words;
