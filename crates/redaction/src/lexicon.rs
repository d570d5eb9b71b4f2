//! What words mean. Lists of words stand in this room alone.

pub(crate) mod commands;
pub(crate) mod cores;
pub(crate) mod heads;
pub(crate) mod letters;
pub(crate) mod lists;
pub(crate) mod members;
pub(crate) mod names;
pub(crate) mod roles;
mod stops;
pub(crate) mod things;
pub(crate) mod vendor_names;
pub(crate) mod words;
