//! Patterns over bytes.

use regex::bytes::{Captures, Regex, RegexBuilder};

/// Compiles a pattern over bytes, without Unicode classes (they make the automata large).
pub(crate) fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern).unicode(false).size_limit(1 << 20).dfa_size_limit(1 << 20).build()
}

/// What stands between `¦¦` are patterns of one rule, each looked for by itself. `HEAD¦[^\n]¦80¦TAIL` is the same as
/// `HEAD[^\n]{0,80}?TAIL`, but an automaton that counts how far off each head is has a state of its own for nearly every
/// byte of a text full of heads: head and tail are looked for by themselves, and no byte twice.
#[derive(Debug)]
pub(crate) struct Pattern {
    gap: Option<(Regex, Regex, usize)>,
    tail: Regex,
    /// The number of the secret's group.
    pub group: usize,
}

impl Pattern {
    /// Those of a row of the table.
    pub(crate) fn all(patterns: &str) -> Result<Vec<Self>, regex::Error> {
        let pattern = |pattern: &str| {
            let parts: Vec<&str> = pattern.split('¦').collect();
            let [head, over, most, tail] = parts[..] else { return Self::one(pattern) };
            let most = most.parse().map_err(|_| regex::Error::Syntax(format!("no length of a gap: {most}")))?;
            Ok(Self { gap: Some((compile(head)?, compile(&format!("{over}*"))?, most)), ..Self::one(tail)? })
        };
        patterns.split("¦¦").map(pattern).collect()
    }

    /// As it stands: in a rule file, `¦` is a character as any other.
    pub(crate) fn one(pattern: &str) -> Result<Self, regex::Error> {
        let tail = compile(pattern)?;
        let group = tail.capture_names().position(|name| name == Some("secret")).unwrap_or(0);
        Ok(Self { gap: None, tail, group })
    }

    /// The first that begins at `at` or behind it; before `next` no tail does.
    pub(crate) fn find<'t>(&self, text: &'t [u8], mut at: usize, next: &mut usize) -> Option<Captures<'t>> {
        let Some((head, over, most)) = &self.gap else { return self.tail.captures_at(text, at) };
        while let Some(found) = head.find_at(text, at) {
            at = found.end();
            if *next < at {
                *next = self.tail.find_at(text, at)?.start();
            }
            let reached = || over.find_at(&text[..*next], at).map_or(at, |over| over.end());
            if *next - at <= *most && reached() == *next {
                return self.tail.captures_at(text, *next);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_read_as_an_automaton_would() {
        let gapped = &Pattern::all(r"(?i)pin¦[^\n]¦8¦ (?P<secret>\d{4})").expect("a pattern")[0];
        let plain = compile(r"(?i)pin[^\n]{0,8}? (?P<secret>\d{4})").expect("a pattern");
        for text in [
            "pin 4711",
            "PIN is: 4711 4712",
            "pin pin pin is 4711",
            "pin, which is 4711",
            "pin\n 4711",
            "pin, which pin is 4711 and pin 12 pin 4713",
            "4711 pin",
        ] {
            let (mut at, mut next, mut found) = (0, 0, Vec::new());
            while let Some(groups) = gapped.find(text.as_bytes(), at, &mut next) {
                let secret = groups.get(gapped.group).expect("it has the group").range();
                at = secret.end;
                found.push(secret);
            }
            let plain: Vec<_> = plain.captures_iter(text.as_bytes()).map(|groups| groups["secret"].to_vec()).collect();
            let found: Vec<_> = found.into_iter().map(|range| text.as_bytes()[range].to_vec()).collect();
            assert_eq!(found, plain, "{text:?}");
        }
    }
}
