//! What a table takes of writers it did not learn from: learns as many as there are `PARTS`, each from all sets but those of one part, and
//! prints how many secrets of these would go and harmless texts change with more points than so many. Of the points alone, everywhere
//! in a text, without the rules. Run from the root of the project: `cargo run --release -p redaction-score --example cross`.

use std::ops::Range;

use redaction_score::train::{Text, scored, train};

#[path = "../tests/texts/mod.rs"]
mod texts;

const LEAST: [i32; 7] = [25, 40, 55, 70, 85, 100, 130];
/// The sets of sentences and mixed texts are dealt out to so many parts.
const PARTS: usize = 8;

type Shares = [(usize, usize); LEAST.len()];

fn main() {
    let sets = texts::sets();
    let is_asked = |file: &str| file.starts_with("sentences") || file.starts_with("mixed");
    let asked: Vec<&str> = sets.iter().map(|(file, _)| file.as_str()).filter(|file| is_asked(file)).collect();
    let mut sums: [Shares; 2] = Default::default();
    println!("{:<24} {}", "more points than", LEAST.map(|least| format!("{least:>11}")).concat());
    for part in 0..PARTS {
        let left_out: Vec<&str> = asked.iter().copied().skip(part).step_by(PARTS).collect();
        let learnt = sets.iter().filter(|(file, _)| !left_out.contains(&file.as_str()));
        let table = train(&learnt.flat_map(|(_, texts)| texts.clone()).collect::<Vec<_>>());
        for (file, own) in sets.iter().filter(|(file, _)| left_out.contains(&file.as_str())) {
            let found: Vec<_> = own.iter().map(|text| scored(&table, &text.text)).collect();
            let shares = LEAST.map(|least| share(own, &found, least));
            print(file, &shares);
            let sum = &mut sums[usize::from(file.starts_with("mixed"))];
            sum.iter_mut().zip(shares).for_each(|(sum, share)| *sum = (sum.0 + share.0, sum.1 + share.1));
        }
    }
    print("all sentences", &sums[0]);
    print("all mixed texts", &sums[1]);
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

fn print(name: &str, shares: &Shares) {
    let cells = shares.map(|(gone, changed)| format!("{:>11}", format!("{gone}/{changed}")));
    println!("{name:<24} {}", cells.concat());
}
