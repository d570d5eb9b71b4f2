//! The rows of the policy, each by its own texts.

use crate::REDACTOR;

/// What is wrong with a text that must go: by this row, where it takes.
fn wrong_with_what_goes(id: &str, takes: bool, example: &str) -> Option<String> {
    let text = example.replace(['«', '»'], "");
    let secret = example.split('«').nth(1).and_then(|rest| rest.split('»').next()).unwrap_or_default();
    let start = example.find('«').unwrap_or_default();
    let found = REDACTOR.explain(&text);
    let of_secret: Vec<_> = found.iter().filter(|finding| finding.range.contains(&start)).collect();
    if secret.is_empty() || REDACTOR.text(&text).value.contains(secret) {
        return Some(format!("{id}: {text:?} stays; {:?}", REDACTOR.explain_kept(&text)));
    }
    let by_it = of_secret.iter().any(|finding| finding.row == id);
    (takes && !by_it).then(|| format!("{id}: {text:?} goes otherwise: {found:?}"))
}

/// What is wrong with a text that must stay: by this row, where it leaves.
fn wrong_with_what_stays(id: &str, takes: bool, text: &str) -> Option<String> {
    let cleaned = REDACTOR.text(text).value;
    if cleaned != text {
        return Some(format!("{id}: {text:?} became {cleaned:?}: {:?}", REDACTOR.explain(text)));
    }
    let left = REDACTOR.explain_kept(text);
    let by_it = left.iter().any(|finding| finding.row == id);
    (!takes && !by_it).then(|| format!("{id}: {text:?} stays otherwise: {left:?}"))
}

#[test]
fn every_row_of_the_policy_takes_and_leaves_its_own_texts() {
    let mut wrong = Vec::new();
    for row in REDACTOR.policy() {
        let shown = if row.takes { row.goes } else { row.stays };
        if shown.is_empty() {
            wrong.push(format!("{}: no text shows what it decides", row.id));
        }
        wrong.extend(row.goes.iter().filter_map(|text| wrong_with_what_goes(row.id, row.takes, text)));
        wrong.extend(row.stays.iter().filter_map(|text| wrong_with_what_stays(row.id, row.takes, text)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_policy_has_at_most_60_rows_and_each_its_own_name() {
    let mut ids: Vec<_> = REDACTOR.policy().iter().map(|row| row.id).collect();
    assert!((30..=60).contains(&ids.len()), "{} rows", ids.len());
    ids.sort_unstable();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "two rows have one name: {ids:?}");
}
