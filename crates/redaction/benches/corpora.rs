//! Recall and harm for every corpus that is there.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use redaction::Redactor;
use serde_json::Value;

use crate::peers;

/// One text, and the secret that must be gone (or nothing, when the text must stay).
pub struct Case {
    pub text: String,
    pub secret: Option<String>,
    pub kind: String,
}

/// A corpus, by its name.
pub struct Corpus {
    pub name: &'static str,
    pub cases: Vec<Case>,
}

fn lines(path: &Path) -> Vec<Value> {
    let Ok(file) = File::open(path) else { return Vec::new() };
    let reader: Box<dyn BufRead> = if path.extension().is_some_and(|ending| ending == "gz") {
        Box::new(BufReader::new(GzDecoder::new(file)))
    } else {
        Box::new(BufReader::new(file))
    };
    reader.lines().map_while(Result::ok).filter_map(|line| serde_json::from_str(&line).ok()).collect()
}

pub fn load(name: &'static str, path: &Path) -> Corpus {
    let text = |line: &Value, key: &str| line[key].as_str().map(str::to_owned);
    let case = |line: Value| {
        Some(Case {
            text: text(&line, "text")?,
            secret: text(&line, "secret"),
            kind: text(&line, "kind").or_else(|| text(&line, "rule")).unwrap_or_default(),
        })
    };
    Corpus { name, cases: lines(path).into_iter().filter_map(case).collect() }
}

/// All corpora that are there.
pub fn all() -> Vec<Corpus> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut found = vec![
        load("own, tuning half", &own.join("tuning.jsonl")),
        load("own, tickets (tuning)", &own.join("tickets.jsonl")),
        load("own, reports (tuning)", &own.join("reports.jsonl")),
        load("own, neighbours (tuning)", &own.join("neighbours.jsonl")),
        load("own, held-out half", &own.join("held_out.jsonl")),
    ];
    match std::env::var_os("SUPPORT_REQUESTS_CORPORA").map(PathBuf::from) {
        Some(folder) => {
            found.push(load("gitleaks positives", &folder.join("gitleaks_pos.jsonl.gz")));
            found.push(load("gitleaks negatives (soft)", &folder.join("gitleaks_neg.jsonl.gz")));
        }
        None => println!("SUPPORT_REQUESTS_CORPORA is not set: public corpora are skipped"),
    }
    found.retain(|corpus| !corpus.cases.is_empty());
    found
}

/// Whether the text holds the secret no more.
fn gone(cleaned: &str, secret: &str) -> bool {
    !cleaned.contains(secret)
}

#[expect(clippy::cast_precision_loss, reason = "counts of a few thousand")]
pub fn percent(part: usize, whole: usize) -> String {
    if whole == 0 { "-".to_owned() } else { format!("{:.2} %", part as f64 * 100.0 / whole as f64) }
}

/// Prints the table.
pub fn print(redactor: &Redactor) {
    let corpora = all();
    println!(
        "{:<27} {:>9} {:>10} {:>9} {:>10} {:>24}",
        "corpus", "secrets", "gone", "harmless", "changed", "detect-secrets: found"
    );
    let found_by_peer = peers::detect_secrets(&corpora);
    let show = std::env::var("SHOW").unwrap_or_default();
    for (at, corpus) in corpora.iter().enumerate() {
        let cleaned: Vec<String> = corpus.cases.iter().map(|case| redactor.text(&case.text).value).collect();
        let (mut secrets, mut taken, mut harmless, mut harmed) = (0, 0, 0, 0);
        let visible = !show.is_empty() && corpus.name.contains(&show) && !corpus.name.contains("held-out");
        for (case, cleaned) in corpus.cases.iter().zip(&cleaned) {
            let fine = case.secret.as_ref().map_or(*cleaned == case.text, |secret| gone(cleaned, secret));
            if case.secret.is_some() {
                secrets += 1;
                taken += usize::from(fine);
            } else {
                harmless += 1;
                harmed += usize::from(!fine);
            }
            if visible && !fine {
                println!(
                    "  {} [{}] {:?}\n      -> {:?}",
                    if case.secret.is_some() { "MISSED" } else { "HARMED" },
                    case.kind,
                    case.text,
                    cleaned
                );
            }
        }
        let peer = found_by_peer.as_ref().map_or("-".to_owned(), |table| {
            format!("{} / {}", percent(table[at].0, secrets), percent(table[at].1, harmless))
        });
        println!(
            "{:<27} {secrets:>9} {:>10} {harmless:>9} {:>10} {peer:>24}",
            corpus.name,
            percent(taken, secrets),
            percent(harmed, harmless)
        );
    }
    println!();
}
