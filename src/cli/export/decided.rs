//! What somebody decided about the audit chains: restores, cuts and dropped partitions are on record, and a cursor goes
//! on behind them.

use serde::Deserialize;

use crate::{domain::record::AuditRecord, integrity::ChainEnd, verification::AcceptedCut};

/// The details of `archive.restored` and `archive.cut`, and of `archive.partition_dropped`: one of the two members.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Details {
    chains: Vec<AcceptedCut>,
    chains_before: Option<String>,
}

/// Up to which link a chain is still there, where it was decided that this link of it is not; 0 where nothing of it is.
pub(super) fn kept(end: &ChainEnd, decisions: &[AuditRecord]) -> Option<i64> {
    let details = decisions.iter().filter_map(|event| serde_json::from_str::<Details>(event.details.as_deref()?).ok());
    let mut kept = None;
    for details in details {
        let dropped = details.chains_before.is_some_and(|before| end.chain < before).then_some(0);
        let about = |cut: &&AcceptedCut| cut.chain == end.chain && cut.kept < end.sequence && end.sequence <= cut.until;
        let cut = details.chains.iter().find(about).map(|cut| cut.kept);
        // Several may have been made, one after the other; the least is what is left.
        kept = [kept, dropped, cut].into_iter().flatten().min();
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decision(details: &str) -> AuditRecord {
        AuditRecord { details: Some(details.to_owned()), ..AuditRecord::default() }
    }

    #[test]
    fn a_cursor_goes_back_only_as_far_as_somebody_decided() {
        let end = ChainEnd { chain: "B".to_owned(), sequence: 7, digest: String::new() };
        let cut = |kept, until| {
            decision(&format!(r#"{{"reason":"r","chains":[{{"chain":"B","kept":{kept},"until":{until}}}]}}"#))
        };
        let dropped = |before: &str| {
            decision(&format!(r#"{{"reason":"r","references_before":"SR-1","chains_before":"{before}"}}"#))
        };
        assert_eq!(kept(&end, &[]), None);
        assert_eq!(kept(&end, &[cut(5, 7)]), Some(5));
        assert_eq!(kept(&end, &[cut(5, 6)]), None, "the link that was exported is not among those that are gone");
        assert_eq!(kept(&end, &[cut(7, 9)]), None);
        assert_eq!(kept(&end, &[dropped("B"), dropped("A")]), None);
        assert_eq!(kept(&end, &[cut(5, 7), dropped("C"), cut(3, 9)]), Some(0));
        assert_eq!(kept(&end, &[decision("{}"), decision("no JSON")]), None);
    }
}
