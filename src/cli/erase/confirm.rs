//! Asking once more before something goes for good.

use std::io::{IsTerminal as _, Write as _, stderr, stdin};

use anyhow::bail;

use super::described;
use crate::store::Erasable;

/// Asks on the terminal; the answer is the number, or yes.
///
/// # Errors
/// Another answer, or nobody to ask.
pub(super) fn ask(found: &Erasable) -> anyhow::Result<()> {
    if !stdin().is_terminal() {
        bail!("this would erase {}, and nobody can be asked here: add --yes to do it", described(found));
    }
    eprint!("This erases {}, for good. Type {} or yes to do it: ", described(found), found.requests);
    stderr().flush()?;
    let mut answer = String::new();
    stdin().read_line(&mut answer)?;
    if is_yes(&answer, found.requests) {
        return Ok(());
    }
    bail!("nothing was changed")
}

fn is_yes(answer: &str, requests: u64) -> bool {
    let answer = answer.trim();
    answer.eq_ignore_ascii_case("yes") || answer == requests.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_number_or_yes_is_a_yes() {
        assert!(is_yes("12\n", 12) && is_yes(" Yes\n", 12));
        assert!(!is_yes("\n", 12) && !is_yes("y", 12) && !is_yes("1", 12) && !is_yes("no", 12));
    }
}
