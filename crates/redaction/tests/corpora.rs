//! Floors for recall and harm, what became of each text, and the table in the specification, on the sets in `tests/corpus`.
//! Texts of sets for measuring are never printed: nobody is to tune to them.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use flate2::read::GzDecoder;
use serde_json::Value;

use crate::REDACTOR;
use crate::figures::{self, Read, Row};
use crate::sets::{self, Case, Set, Verdict};
use crate::skipped::skipped;

/// Every set, read once for all tests.
static READ: LazyLock<Vec<Read>> = LazyLock::new(|| {
    let read = |set: Set| {
        let verdicts = set.cases.iter().map(|case| Verdict::of(&REDACTOR, &case.text)).collect();
        Read { set, verdicts }
    };
    sets::all().into_iter().map(read).collect()
});

/// So many differences are printed.
const PRINTED: usize = 25;

/// Shares, in per mille: secrets that are gone, harmless texts that changed.
pub fn shares(file: &str) -> (usize, usize) {
    let read = READ.iter().find(|read| read.set.described.file == file).expect("the set is there");
    let row = Row::of(read);
    (row.gone * 1000 / row.secrets.max(1), row.changed * 1000 / row.harmless.max(1))
}

#[test]
fn every_set_is_described_and_every_description_has_its_set() {
    let described: Vec<String> = sets::described().into_iter().map(|set| set.file).collect();
    let files = sets::files();
    assert!(!files.is_empty());
    for file in &files {
        assert!(described.contains(file), "{file}: say in tests/corpus/sets.json what it is (README.md beside it)");
    }
    for file in &described {
        assert!(files.contains(file), "{file} is described and not there");
    }
    for set in sets::all() {
        let mut ids: Vec<&str> = set.cases.iter().map(|case| case.id.as_str()).collect();
        ids.sort_unstable();
        assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "{}: an id is there twice", set.described.file);
        let stands = |case: &&Case| case.secret.is_some() && sets::stretches(case).is_empty();
        assert!(!set.cases.iter().any(|case| stands(&case)), "{}: a secret is not in its text", set.described.file);
        assert!(!set.described.name.is_empty() && !set.described.about.is_empty());
    }
}

#[test]
fn the_held_out_half_keeps_its_floor() {
    let (gone, changed) = shares("held_out.jsonl");
    assert!(gone >= HELD_OUT_GONE && changed <= HELD_OUT_CHANGED, "gone {gone}, changed {changed} per mille");
}

#[test]
fn the_tuning_half_keeps_its_floor() {
    let (gone, changed) = shares("tuning.jsonl");
    assert!(gone >= 995 && changed <= 5, "gone {gone}, changed {changed} per mille");
}

#[test]
fn the_tickets_keep_their_floor() {
    let (gone, changed) = shares("tickets.jsonl");
    assert!(gone >= 980 && changed <= 2, "gone {gone}, changed {changed} per mille");
}

#[test]
fn the_reports_keep_their_floor() {
    let (gone, changed) = shares("reports.jsonl");
    assert!(gone >= 940 && changed <= 2, "gone {gone}, changed {changed} per mille");
}

#[test]
fn the_neighbours_of_the_tuning_half_keep_their_floor() {
    let (gone, changed) = shares("neighbours.jsonl");
    assert!(gone >= 985 && changed <= 1, "gone {gone}, changed {changed} per mille");
}

#[test]
fn every_text_becomes_what_was_accepted() {
    let golden = fs::read_to_string(sets::golden()).unwrap_or_default();
    assert!(!golden.is_empty(), "{} is not there. {ACCEPT}", sets::golden().display());
    let mut before: HashMap<&str, &str> = HashMap::new();
    before.extend(golden.lines().filter_map(|line| Some((line.split_once(':')?.0, line))));
    let (mut shown, mut counted, mut hidden) = (Vec::new(), 0, 0);
    for read in READ.iter() {
        for (case, verdict) in read.each() {
            let now = sets::golden_line(&read.set, case, verdict);
            let key = now.split_once(':').map_or("", |(key, _)| key);
            let accepted = before.remove(key);
            if accepted == Some(now.as_str()) {
                continue;
            }
            counted += 1;
            if !read.set.is_shown() {
                hidden += 1;
            } else if shown.len() < PRINTED {
                let was = accepted.map_or("(not there)".to_owned(), |line| sets::marked(&case.text, line));
                shown.push(format!(
                    "{key} [{}]\n  accepted {was}\n  now      {}",
                    case.kind,
                    sets::marked(&case.text, &now)
                ));
            }
        }
    }
    let gone = before.len();
    let texts = shown.join("\n");
    assert!(
        counted + gone == 0,
        "{counted} texts become something else, {hidden} of them in sets that are not shown; {gone} are no longer there.\n{texts}\n{ACCEPT}"
    );
}

#[test]
fn the_specification_shows_the_figures_of_these_rules() {
    let text = fs::read_to_string(figures::specification()).expect("the specification can be read");
    let expected =
        figures::replaced(&text, &figures::table(&READ)).expect("the specification has a place for the table");
    assert!(text == expected, "the table is of other rules. {ACCEPT}\n{}", figures::table(&READ));
}

#[test]
fn the_public_positives_keep_their_floor() {
    let Some(folder) = std::env::var_os("SUPPORT_REQUESTS_CORPORA").map(PathBuf::from) else {
        skipped("SUPPORT_REQUESTS_CORPORA is not set");
        return;
    };
    let cases = public(&folder.join("gitleaks_pos.jsonl.gz"));
    let gone = |(text, secret): &&(String, String)| !REDACTOR.text(text).value.contains(secret);
    let share = cases.iter().filter(gone).count() * 1000 / cases.len().max(1);
    assert!(share >= 998, "gone {share} per mille");
}

/// The texts of a public set and their secrets.
fn public(path: &Path) -> Vec<(String, String)> {
    let Ok(file) = fs::File::open(path) else { return Vec::new() };
    let lines = BufReader::new(GzDecoder::new(file)).lines().map_while(Result::ok);
    let values = lines.filter_map(|line| serde_json::from_str::<Value>(&line).ok());
    values.filter_map(|line| Some((line["text"].as_str()?.to_owned(), line["secret"].as_str()?.to_owned()))).collect()
}

const HELD_OUT_GONE: usize = 985;
const HELD_OUT_CHANGED: usize = 10;
const ACCEPT: &str = "`cargo bench -p redaction --profile dev --bench redaction -- changed` prints all that changed; if it is meant, \
    `-- verdicts` in place of `-- changed` writes tests/verdicts.txt and the table of specs/redaction.md anew.";
