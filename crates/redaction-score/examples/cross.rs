//! What a table takes of a writer it did not learn from: learns one for each set of sentences or mixed texts from all the others,
//! and prints how many secrets would go and harmless texts change with more points than so many. Of the points alone, everywhere in
//! a text, without the rules. Run from the root of the project: `cargo run --release -p redaction-score --example cross`.

use std::ops::Range;

use redaction_score::train::{Text, scored, train};

#[path = "../tests/texts/mod.rs"]
mod texts;

const LEAST: [i32; 7] = [25, 40, 55, 70, 85, 100, 130];

fn main() {
    let sets = texts::sets();
    let mut sums = vec![(0, 0); LEAST.len()];
    println!("{:<20} {}", "more points than", LEAST.map(|least| format!("{least:>9}")).concat());
    for (file, own) in sets.iter().filter(|(file, _)| file.starts_with("sentences") || file.starts_with("mixed")) {
        let others: Vec<Text> =
            sets.iter().filter(|(other, _)| other != file).flat_map(|(_, texts)| texts.clone()).collect();
        let table = train(&others);
        let found: Vec<_> = own.iter().map(|text| scored(&table, &text.text)).collect();
        let shares = LEAST.map(|least| share(own, &found, least));
        print(file, &shares);
        if file.starts_with("sentences") {
            sums.iter_mut().zip(shares).for_each(|(sum, share)| *sum = (sum.0 + share.0, sum.1 + share.1));
        }
    }
    print("sentences in all", &sums);
}

/// Texts whose secret is touched, and harmless ones that are.
fn share(texts: &[Text], found: &[Vec<(Range<usize>, i32)>], least: i32) -> (usize, usize) {
    let mut share = (0, 0);
    for (text, found) in texts.iter().zip(found) {
        let taken = || found.iter().filter(|(_, points)| *points > least).map(|(range, _)| range);
        let Some(secret) = text.secret.as_deref() else {
            share.1 += usize::from(taken().next().is_some());
            continue;
        };
        let mut places = text.text.match_indices(secret).map(|(at, found)| at..at + found.len());
        let is_touched = |place: Range<usize>| taken().any(|range| range.start < place.end && place.start < range.end);
        share.0 += usize::from(places.all(is_touched));
    }
    share
}

fn print(name: &str, shares: &[(usize, usize)]) {
    let cells: Vec<_> = shares.iter().map(|(gone, changed)| format!("{:>9}", format!("{gone}/{changed}"))).collect();
    println!("{name:<20} {}", cells.concat());
}
