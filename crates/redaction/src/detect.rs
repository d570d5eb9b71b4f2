//! What stands where a secret could.

pub(crate) mod assign;
pub(crate) mod bearers;
pub(crate) mod blocks;
pub(crate) mod columns;
pub(crate) mod commands;
pub(crate) mod containers;
pub(crate) mod extent;
pub(crate) mod format;
pub(crate) mod headers;
pub(crate) mod kubernetes;
pub(crate) mod lines;
pub(crate) mod pairs;
pub(crate) mod reading;
pub(crate) mod recovery;
pub(crate) mod sentences;
pub(crate) mod urls;
pub(crate) mod vendors;
