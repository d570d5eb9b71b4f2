//! Patterns over bytes.

use regex::bytes::{Regex, RegexBuilder};

/// Compiles a pattern over bytes, without Unicode classes (they make the automata large).
pub(crate) fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern).unicode(false).size_limit(1 << 20).dfa_size_limit(1 << 20).build()
}
