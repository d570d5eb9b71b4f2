//! What each text of every corpus becomes, and which texts become something else than another build made of them.
//!
//! `cargo bench -p redaction -- verdicts FILE` writes the file; `-- changed FILE` prints the texts that this build
//! treats
//! otherwise. Of the held-out half only a hash is kept and only a number is printed, so that nobody tunes to it.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use redaction::Redactor;
use serde_json::{Value, json};

use crate::corpora::{self, Corpus};

/// Where a text is, and what became of it.
fn verdict(corpus: &Corpus, at: usize, cleaned: &str) -> (String, String) {
    let place = format!("{} {at}", corpus.name);
    if !corpus.name.contains("held-out") {
        return (place, cleaned.to_owned());
    }
    let mut hasher = DefaultHasher::new();
    cleaned.hash(&mut hasher);
    (place, format!("{:016x}", hasher.finish()))
}

fn each(redactor: &Redactor, mut then: impl FnMut(&Corpus, &str, String, String)) {
    for corpus in &corpora::all() {
        for (at, case) in corpus.cases.iter().enumerate() {
            let (place, verdict) = verdict(corpus, at, &redactor.text(&case.text).value);
            then(corpus, &case.text, place, verdict);
        }
    }
}

/// Writes the verdicts of this build.
pub fn write(redactor: &Redactor, file: &str) {
    let mut out = String::new();
    each(redactor, |_, _, place, verdict| {
        let _ = writeln!(out, "{}", json!([place, verdict]));
    });
    std::fs::write(file, out).expect("the file can be written");
}

/// Prints the texts that another build, whose verdicts the file holds, made something else of.
pub fn changed(redactor: &Redactor, file: &str) {
    let before = std::fs::read_to_string(file).expect("the file of another build's verdicts can be read");
    let before: HashMap<String, String> = before
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|pair| Some((pair[0].as_str()?.to_owned(), pair[1].as_str()?.to_owned())))
        .collect();
    let (mut compared, mut changed, mut held_out) = (0, 0, 0);
    each(redactor, |corpus, text, place, now| {
        let Some(before) = before.get(&place) else { return };
        compared += 1;
        if *before == now {
            return;
        }
        changed += 1;
        if corpus.name.contains("held-out") {
            held_out += 1;
        } else {
            println!("{place}\n  text   {text:?}\n  before {before:?}\n  now    {now:?}\n");
        }
    });
    println!("{changed} of {compared} texts changed, {held_out} of them in the held-out half");
}
