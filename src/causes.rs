//! An error with everything that caused it, in one line, for the log. Formatters of log lines show the error alone.

use std::{error::Error, fmt};

/// Prints an error and its causes, each once: some errors repeat their cause in their own words.
pub struct Causes<'a>(pub &'a dyn Error);

impl fmt::Display for Causes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut said = self.0.to_string();
        f.write_str(&said)?;
        let mut next = self.0.source();
        while let Some(cause) = next {
            let text = cause.to_string();
            if !said.contains(&text) {
                write!(f, ": {text}")?;
                said.push_str(&text);
            }
            next = cause.source();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{0}")]
    struct Said(&'static str, #[source] Option<Box<dyn Error>>);

    #[test]
    fn every_cause_is_named_once() {
        let innermost = Said("the disk is full", None);
        let repeating = Said("writing failed: the disk is full", Some(innermost.into()));
        let outermost = Said("it was not stored", Some(repeating.into()));
        assert_eq!(Causes(&outermost).to_string(), "it was not stored: writing failed: the disk is full");
    }
}
