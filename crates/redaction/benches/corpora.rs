//! Recall, harm and over-redaction for every set that is there, and which rules take more than the secret.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use redaction::Redactor;
use serde_json::Value;

use crate::figures::{Read, Row, percent};
use crate::peers;
use crate::sets::{self, Case, Described, First, Set, Since, Verdict};

/// A set outside of the project, compressed or not: those of the folder that `SUPPORT_REQUESTS_CORPORA` names are.
pub fn public(name: &str, path: &Path) -> Set {
    let about = path.display().to_string();
    let file = path.file_name().map(|file| file.to_string_lossy().into_owned()).unwrap_or_default();
    let described = Described { file, name: name.to_owned(), about, first: First::Seen, since: Since::Tuning };
    let Ok(file) = File::open(path) else { return Set { described, cases: Vec::new() } };
    let is_compressed = path.extension().is_some_and(|ending| ending == "gz");
    let reader: Box<dyn std::io::Read> = if is_compressed { Box::new(GzDecoder::new(file)) } else { Box::new(file) };
    let lines = BufReader::new(reader).lines().map_while(Result::ok).enumerate();
    let case = |(at, line): (usize, String)| {
        let line: Value = serde_json::from_str(&line).ok()?;
        let text = |key: &str| line[key].as_str().map(str::to_owned);
        Some(Case {
            id: at.to_string(),
            kind: text("kind").or_else(|| text("rule")).unwrap_or_default(),
            text: text("text")?,
            secret: text("secret"),
        })
    };
    Set { described, cases: lines.filter_map(case).collect() }
}

/// Reads every text of a set.
pub fn read(redactor: &Redactor, set: Set) -> Read {
    let verdicts = set.cases.iter().map(|case| Verdict::of(redactor, &case.text)).collect();
    Read { set, verdicts }
}

/// The sets of the project.
pub fn own(redactor: &Redactor) -> Vec<Read> {
    sets::all().into_iter().map(|set| read(redactor, set)).collect()
}

/// All sets that are there.
pub fn all(redactor: &Redactor) -> Vec<Read> {
    let mut found = own(redactor);
    match std::env::var_os("SUPPORT_REQUESTS_CORPORA").map(PathBuf::from) {
        Some(folder) => {
            for (name, file) in [("gitleaks positives", "pos"), ("gitleaks negatives (soft)", "neg")] {
                found.push(read(redactor, public(name, &folder.join(format!("gitleaks_{file}.jsonl.gz")))));
            }
        }
        None => println!("SUPPORT_REQUESTS_CORPORA is not set: public corpora are skipped"),
    }
    found.retain(|read| !read.set.cases.is_empty());
    found
}

/// Prints the table.
pub fn print(redactor: &Redactor) {
    let all = all(redactor);
    println!(
        "{:<32} {:>8} {:>9} {:>9} {:>9} {:>18} {:>24}",
        "set", "secrets", "gone", "harmless", "changed", "over: texts, chars", "detect-secrets: found"
    );
    let found_by_peer = peers::detect_secrets(&all);
    let show = std::env::var("SHOW").unwrap_or_default();
    for (at, read) in all.iter().enumerate() {
        if !show.is_empty() && read.set.described.name.contains(&show) && read.set.is_shown() {
            failures(read);
        }
        if show == "about" {
            println!("  {}", read.set.described.about);
        }
        let row = Row::of(read);
        let peer = found_by_peer.as_ref().map_or("-".to_owned(), |table| {
            format!("{} / {}", percent(table[at].0, row.secrets), percent(table[at].1, row.harmless))
        });
        println!(
            "{:<32} {:>8} {:>9} {:>9} {:>9} {:>9}{:>9} {peer:>24}",
            read.set.described.name,
            row.secrets,
            percent(row.gone, row.secrets),
            row.harmless,
            percent(row.changed, row.harmless),
            percent(row.touched, row.secrets),
            percent(row.over, row.around),
        );
    }
    println!();
}

/// Prints the texts that a set is not to be proud of.
fn failures(read: &Read) {
    for (case, verdict) in read.each().filter(|(case, verdict)| !verdict.is_right(case)) {
        let what = if case.secret.is_some() { "MISSED" } else { "HARMED" };
        println!("  {what} {} [{}] {:?}\n      -> {:?}", case.id, case.kind, case.text, verdict.left);
    }
}

/// How much one rule took that is not the secret.
#[derive(Default)]
struct Greed {
    characters: usize,
    texts: usize,
    /// Texts that hold no secret.
    harmless: usize,
    example: String,
}

/// Prints who took what is not the secret: characters beside a secret, and texts without one. `SHOW=rule` prints each text of that rule.
pub fn over(redactor: &Redactor) {
    let mut by_rule: BTreeMap<String, Greed> = BTreeMap::new();
    let show = std::env::var("SHOW").unwrap_or_default();
    let all = own(redactor);
    for read in &all {
        for (case, verdict) in read.each() {
            for (finding, characters) in verdict.over(case).filter(|(_, characters)| *characters > 0) {
                let greed = by_rule.entry(who(finding)).or_default();
                greed.characters += if case.secret.is_some() { characters } else { 0 };
                *(if case.secret.is_some() { &mut greed.texts } else { &mut greed.harmless }) += 1;
                if !read.set.is_shown() {
                    continue;
                }
                let taken: String = case.text[finding.range.clone()].chars().take(60).collect();
                if finding.rule == show {
                    println!("  {} {}: {taken:?} of {:?}", read.set.stem(), case.id, case.text);
                }
                if greed.example.is_empty() {
                    greed.example = format!("{} {}: {taken:?}", read.set.stem(), case.id);
                }
            }
        }
    }
    let mut rows: Vec<_> = by_rule.into_iter().collect();
    rows.sort_by_key(|(rule, greed)| (std::cmp::Reverse(greed.characters + greed.harmless), rule.clone()));
    println!("{:<40} {:>10} {:>8} {:>9}  for example", "rule", "characters", "texts", "harmless");
    for (rule, greed) in rows {
        println!("{rule:<40} {:>10} {:>8} {:>9}  {}", greed.characters, greed.texts, greed.harmless, greed.example);
    }
}

/// Who took it: the rule, and the row of the table of decisions where the finding names one.
fn who(finding: &redaction::Finding) -> String {
    let row = serde_json::to_value(finding).ok().and_then(|fields| fields["row"].as_str().map(str::to_owned));
    row.map_or_else(|| finding.rule.clone(), |row| format!("{}, {row}", finding.rule))
}
