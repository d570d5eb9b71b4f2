//! Lines, words, quotes and separators of one reading.

pub(crate) mod extent;
pub(crate) mod heads;
pub(crate) mod keywords;
pub(crate) mod reading;
pub(crate) mod scan;
pub(crate) mod separator;
pub(crate) mod tags;
