//! Which rows of the policy decided how often in all corpora, and which facts did so alone.
//!
//! `cargo bench -p redaction -- rows`. A row that decides nothing, and a fact that is never alone, can go.

use std::collections::BTreeMap;

use redaction::{Finding, Redactor};

use crate::corpora;

/// Prints a line for each row, and one for each fact of a row that decided without another.
pub fn print(redactor: &Redactor) {
    let mut rows: BTreeMap<&str, usize> = BTreeMap::new();
    let mut alone: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for row in redactor.policy() {
        rows.insert(row.id, 0);
        alone.extend(row.any.iter().map(|fact| ((row.id, *fact), 0)));
    }
    let mut count = |finding: &Finding| {
        *rows.entry(finding.row).or_default() += 1;
        let mut one_of = finding.facts.iter().filter(|fact| alone.contains_key(&(finding.row, **fact)));
        if let (Some(fact), None) = (one_of.next().copied(), one_of.next()) {
            *alone.entry((finding.row, fact)).or_default() += 1;
        }
    };
    for read in &corpora::all(redactor) {
        for case in &read.set.cases {
            redactor.explain(&case.text).iter().for_each(&mut count);
            redactor.explain_kept(&case.text).iter().for_each(&mut count);
        }
    }
    for (row, times) in rows {
        println!("{times:>8}  {row}");
        for ((_, fact), times) in alone.iter().filter(|((of, _), _)| *of == row) {
            println!("{times:>18}  {fact}");
        }
    }
}
