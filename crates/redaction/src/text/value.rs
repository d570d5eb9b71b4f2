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

impl Value {
    /// As much of it as is judged.
    pub(crate) fn head<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        self.first(text, JUDGED)
    }

    /// Its first bytes, at most `most`.
    pub(crate) fn first<'t>(&self, text: &'t [u8], most: usize) -> &'t [u8] {
        &text[self.start..self.end.min(self.start + most)]
    }
}
