//! Erasing what is personal, and finding out afterwards when, by whom and why. One audit record each, which is what
//! erases in the database (migrations); see specs/decisions/0014-erasable-by-commitment.md.

mod found;
mod selection;

pub use found::Erasure;
pub use selection::Selection;
