//! Links that were there before: from files of saved heads, and from logs of the service, which says every few minutes
//! how far its chain reaches.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Heads;
use crate::integrity::{ChainEnd, LOGGED_HEAD};

/// A link that was there, by its number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Seen {
    pub(super) sequence: i64,
    pub(super) digest: String,
}

/// All links that are known to have been there.
#[derive(Debug, Clone, Default)]
pub struct Witness {
    chains: BTreeMap<String, Vec<Seen>>,
    /// How many there are.
    count: u64,
}

/// A line of the log in JSON.
#[derive(Deserialize)]
struct Line {
    message: String,
    chain: String,
    sequence: i64,
    digest: String,
}

impl Witness {
    /// What a file of saved heads says.
    #[must_use]
    pub fn of_heads(heads: &Heads) -> Self {
        let mut witness = Self::default();
        heads.heads.iter().cloned().for_each(|head| witness.add(head));
        witness.sort();
        witness
    }

    /// What a log of the service says: JSON lines or text, other lines among them.
    pub fn of_log(lines: impl Iterator<Item = impl AsRef<str>>) -> Self {
        let mut witness = Self::default();
        lines.filter_map(|line| logged(line.as_ref())).for_each(|head| witness.add(head));
        witness.sort();
        witness
    }

    fn add(&mut self, ChainEnd { chain, sequence, digest }: ChainEnd) {
        self.chains.entry(chain).or_default().push(Seen { sequence, digest });
    }

    fn sort(&mut self) {
        for seen in self.chains.values_mut() {
            seen.sort_unstable();
            seen.dedup();
        }
        self.count = self.chains.values().map(|seen| seen.len() as u64).sum();
    }

    /// How many links there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Those of one chain, by their numbers.
    pub(super) fn of_chain(&self, chain: &str) -> &[Seen] {
        self.chains.get(chain).map_or(&[], Vec::as_slice)
    }

    /// The chains that there are links of, in order, with the last one.
    pub(super) fn chains(&self) -> impl Iterator<Item = (&String, &Seen)> {
        self.chains.iter().filter_map(|(chain, seen)| Some((chain, seen.last()?)))
    }
}

/// A head in a line of a log.
fn logged(line: &str) -> Option<ChainEnd> {
    if !line.contains(LOGGED_HEAD) {
        return None;
    }
    if let Some(json) = line.find('{').map(|at| &line[at..])
        && let Ok(Line { message, chain, sequence, digest }) = serde_json::from_str(json)
    {
        return (message == LOGGED_HEAD).then_some(ChainEnd { chain, sequence, digest });
    }
    // As people read it: `… chain="…" sequence=7 digest="…"`.
    let field = |name: &str| {
        let behind = line.split_once(&format!(" {name}="))?.1;
        let value = behind.split(' ').next()?;
        Some(value.trim_matches('"').to_owned())
    };
    Some(ChainEnd { chain: field("chain")?, sequence: field("sequence")?.parse().ok()?, digest: field("digest")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_read_from_lines_of_either_form_and_nothing_else() {
        let json = format!(
            r#"{{"timestamp":"t","level":"INFO","message":"{LOGGED_HEAD}","chain":"C","sequence":7,"digest":"d","target":"x"}}"#
        );
        let behind_a_prefix = format!("Nov 30 host app[1]: {}", json.replace(":7,", ":8,"));
        let text = format!("2026-11-30T04:00:00Z  INFO {LOGGED_HEAD} chain=\"C\" sequence=9 digest=\"e\"");
        let other = r#"{"message":"answered","chain":"C","sequence":8,"digest":"d"}"#;
        let quoted = format!(r#"{{"message":"x {LOGGED_HEAD}","chain":"D","sequence":8,"digest":"d"}}"#);
        let lines = [&text, &behind_a_prefix, json.as_str(), &json, other, &quoted, "", LOGGED_HEAD];
        let witness = Witness::of_log(lines.into_iter());
        assert_eq!(witness.count(), 3);
        let numbers: Vec<i64> = witness.of_chain("C").iter().map(|seen| seen.sequence).collect();
        assert_eq!(numbers, [7, 8, 9]);
    }
}
