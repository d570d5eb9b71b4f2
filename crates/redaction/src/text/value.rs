//! A value in a text, and how much of it is judged.

/// Values are judged by their first bytes; what follows does not change the verdict.
pub(crate) const JUDGED: usize = 256;

/// A stretch of text that is a value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Value {
    pub start: usize,
    pub end: usize,
    pub quoted: bool,
}
