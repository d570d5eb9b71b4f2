//! The advisory locks of PostgreSQL that are ours: numbers without a meaning, each in one place, so that no two things share
//! one that must not.

/// Whoever changes the tables themselves: `migrate`, which grants, and `partition`.
pub(super) const SCHEMA: i64 = 7_235_472_036;

/// Whoever erases.
pub(super) const ERASING: i64 = 7_235_472_037;
