//! Lines, words, quotes and separators of one reading.

pub(crate) mod keywords;
pub(crate) mod pattern;
pub(crate) mod proof;
pub(crate) mod scan;
pub(crate) mod separator;
pub(crate) mod shape;
pub(crate) mod tags;
pub(crate) mod value;
