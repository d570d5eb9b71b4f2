//! Floors for recall and harm, on the corpora that are there. Failures are never printed:
//! the held-out half is for measuring, not for tuning.

use crate::skipped::skipped;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use serde_json::Value;

use crate::REDACTOR;

fn lines(path: &Path) -> Vec<Value> {
    let Ok(file) = std::fs::File::open(path) else { return Vec::new() };
    let reader: Box<dyn BufRead> = match path.extension() {
        Some(ending) if ending == "gz" => Box::new(BufReader::new(GzDecoder::new(file))),
        _ => Box::new(BufReader::new(file)),
    };
    reader.lines().map_while(Result::ok).filter_map(|line| serde_json::from_str(&line).ok()).collect()
}

/// Shares, in per mille: secrets that are gone, harmless texts that changed.
pub fn shares(cases: &[Value]) -> (usize, usize) {
    let (mut secrets, mut gone, mut harmless, mut changed) = (0, 0, 0, 0);
    for case in cases {
        let text = case["text"].as_str().unwrap_or_default();
        let cleaned = REDACTOR.text(text).value;
        if let Some(secret) = case["secret"].as_str() {
            secrets += 1;
            gone += usize::from(!cleaned.contains(secret));
        } else {
            harmless += 1;
            changed += usize::from(cleaned != text);
        }
    }
    (gone * 1000 / usize::max(secrets, 1), changed * 1000 / usize::max(harmless, 1))
}

pub fn own(name: &str) -> Vec<Value> {
    lines(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(name))
}

#[test]
fn the_held_out_half_keeps_its_floor() {
    let cases = own("held_out.jsonl");
    assert!(!cases.is_empty(), "the project's own corpus is part of it");
    let (gone, changed) = shares(&cases);
    assert!(gone >= HELD_OUT_GONE && changed <= HELD_OUT_CHANGED, "gone {gone}, changed {changed} per mille");
}

#[test]
fn the_tuning_half_keeps_its_floor() {
    let (gone, changed) = shares(&own("tuning.jsonl"));
    assert!(gone >= 995 && changed <= 5, "gone {gone}, changed {changed} per mille");
}

#[test]
fn the_tickets_keep_their_floor() {
    let (gone, changed) = shares(&own("tickets.jsonl"));
    assert!(gone >= 980 && changed <= 2, "gone {gone}, changed {changed} per mille");
}

#[test]
fn the_reports_keep_their_floor() {
    let (gone, changed) = shares(&own("reports.jsonl"));
    assert!(gone >= 940 && changed <= 2, "gone {gone}, changed {changed} per mille");
}

#[test]
fn the_neighbours_of_the_tuning_half_keep_their_floor() {
    let (gone, changed) = shares(&own("neighbours.jsonl"));
    assert!(gone >= 985 && changed <= 1, "gone {gone}, changed {changed} per mille");
}

#[test]
fn the_public_positives_keep_their_floor() {
    let Some(folder) = std::env::var_os("SUPPORT_REQUESTS_CORPORA").map(PathBuf::from) else {
        skipped("SUPPORT_REQUESTS_CORPORA is not set");
        return;
    };
    let (gone, _) = shares(&lines(&folder.join("gitleaks_pos.jsonl.gz")));
    assert!(gone >= 998, "gone {gone} per mille");
}

const HELD_OUT_GONE: usize = 985;
const HELD_OUT_CHANGED: usize = 10;
