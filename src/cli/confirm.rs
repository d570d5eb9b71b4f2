//! Asking once more before something goes for good.

use std::io::{IsTerminal as _, Write as _, stderr, stdin};

use anyhow::bail;

/// Asks on the terminal whether to do `what`; the answer is yes, or the number of what it does it to.
///
/// # Errors
/// Another answer, or nobody to ask.
pub(super) fn ask(what: &str, number: Option<u64>) -> anyhow::Result<()> {
    if !stdin().is_terminal() {
        bail!("this would {what}, and nobody can be asked here: add --yes to do it");
    }
    let answers = number.map(|number| format!("{number} or ")).unwrap_or_default();
    write!(stderr(), "This would {what}, for good. Type {answers}yes to do it: ")?;
    stderr().flush()?;
    let mut answer = String::new();
    stdin().read_line(&mut answer)?;
    if is_yes(&answer, number) {
        return Ok(());
    }
    bail!("nothing was changed")
}

fn is_yes(answer: &str, number: Option<u64>) -> bool {
    let answer = answer.trim();
    answer.eq_ignore_ascii_case("yes") || number.is_some_and(|number| answer == number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_number_or_yes_is_a_yes() {
        let twelve = Some(12);
        assert!(is_yes("12\n", twelve) && is_yes(" Yes\n", twelve) && is_yes("yes", None));
        assert!(!is_yes("\n", twelve) && !is_yes("y", twelve) && !is_yes("1", twelve) && !is_yes("no", twelve));
        assert!(!is_yes("12", None));
    }
}
