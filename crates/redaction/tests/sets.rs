//! The sets of texts in `tests/corpus`, and what becomes of each text: for the tests and for the bench.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use redaction::{Finding, Redactor};
use serde::Deserialize;
use serde_json::Value;

/// What `sets.json` says of a set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Described {
    /// The file in the folder.
    pub file: String,
    /// What the set is called in tables.
    pub name: String,
    /// Who wrote it, and what of.
    pub about: String,
    /// Whether somebody who writes rules had read it when it was measured first.
    pub first: First,
    /// What it has been used for since.
    pub since: Since,
}

/// How a set was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum First {
    /// Its texts were read before they were measured.
    Seen,
    /// It was measured before anybody read it.
    Unseen,
}

/// What a set is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Since {
    /// Its texts are read and rules are written after them: its figures are memory.
    Tuning,
    /// The same, but the scorer of sentences does not learn from it: what it shows is the readings' own.
    Mending,
    /// Its texts are never shown, and their verdicts are kept as hashes.
    Measuring,
}

/// One text, and the secret that must be gone (or nothing, when the text must stay).
pub struct Case {
    pub id: String,
    pub kind: String,
    pub text: String,
    pub secret: Option<String>,
}

/// A set of texts.
pub struct Set {
    pub described: Described,
    pub cases: Vec<Case>,
}

impl Set {
    /// Whether single texts may be printed.
    pub fn is_shown(&self) -> bool {
        self.described.since != Since::Measuring
    }

    /// The name of its file without the ending: how verdicts call it.
    pub fn stem(&self) -> &str {
        self.described.file.trim_end_matches(".jsonl")
    }
}

/// The folder of the sets.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

/// What `sets.json` says.
pub fn described() -> Vec<Described> {
    let text = fs::read_to_string(folder().join("sets.json")).expect("tests/corpus/sets.json can be read");
    serde_json::from_str(&text).expect("tests/corpus/sets.json is of the form that its README describes")
}

/// The `*.jsonl` files of the folder, sorted.
pub fn files() -> Vec<String> {
    let entries = fs::read_dir(folder()).expect("the folder of the sets can be read").flatten();
    let paths = entries.map(|entry| entry.path());
    let sets = paths.filter(|path| path.extension().is_some_and(|ending| ending == "jsonl"));
    let mut names: Vec<String> =
        sets.filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned())).collect();
    names.sort();
    names
}

/// Every set of the folder. One that nobody described is not shown: it may have been written for measuring.
pub fn all() -> Vec<Set> {
    let described = described();
    let unknown = |file: &str| Described {
        file: file.to_owned(),
        name: file.to_owned(),
        about: "not described".to_owned(),
        first: First::Unseen,
        since: Since::Measuring,
    };
    let set = |file: String| {
        let known = described.iter().find(|known| known.file == file).cloned();
        Set { described: known.unwrap_or_else(|| unknown(&file)), cases: cases(&folder().join(file)) }
    };
    files().into_iter().map(set).collect()
}

fn cases(path: &Path) -> Vec<Case> {
    let text = fs::read_to_string(path).expect("a set can be read");
    text.lines().enumerate().map(|(at, line)| case(at, line).unwrap_or_else(|| malformed(path, at))).collect()
}

fn malformed(path: &Path, at: usize) -> ! {
    panic!("{}:{} is not of the form that the README of the folder describes", path.display(), at + 1)
}

/// A text without an id of its own is called by its line.
fn case(at: usize, line: &str) -> Option<Case> {
    let line: Value = serde_json::from_str(line).ok()?;
    let text = |key: &str| line[key].as_str().map(str::to_owned);
    Some(Case {
        id: text("id").unwrap_or_else(|| (at + 1).to_string()),
        kind: text("kind").unwrap_or_default(),
        text: text("text")?,
        secret: text("secret"),
    })
}

/// What becomes of a text.
pub struct Verdict {
    /// What was taken, by which rule; in the order of the text.
    pub findings: Vec<Finding>,
    /// The text without it.
    pub left: String,
}

impl Verdict {
    /// Reads a text.
    pub fn of(redactor: &Redactor, text: &str) -> Self {
        let findings = redactor.explain(text);
        let mut left = String::new();
        let mut at = 0;
        for Finding { rule, range, .. } in &findings {
            // What a later search took may reach over what an earlier one did.
            if range.end > at || range.start > at {
                left.push_str(&text[at..range.start.max(at)]);
                left.extend(["[redacted:", rule, "]"]);
                at = range.end.max(at);
            }
        }
        left.push_str(&text[at..]);
        Self { findings, left }
    }

    /// Whether the secret is gone, or, without one, the text as it was.
    pub fn is_right(&self, case: &Case) -> bool {
        case.secret.as_ref().map_or(self.findings.is_empty(), |secret| !self.left.contains(secret.as_str()))
    }

    /// One line: `31-45 password, 60-72 token`, or a hash of it where the text must not be shown.
    pub fn line(&self, set: &Set, case: &Case) -> String {
        let spans =
            self.findings.iter().map(|found| format!("{}-{} {}", found.range.start, found.range.end, found.rule));
        let spans = spans.collect::<Vec<_>>().join(", ");
        if set.is_shown() { spans } else { format!("{:016x}", hash(&[&case.text, &spans])) }
    }

    /// For each finding the characters that are not the secret.
    pub fn over<'v>(&'v self, case: &'v Case) -> impl Iterator<Item = (&'v Finding, usize)> {
        let secrets = stretches(case);
        let mut counted = 0;
        self.findings.iter().map(move |finding| {
            let range = finding.range.start.max(counted)..finding.range.end.max(counted);
            counted = counted.max(finding.range.end);
            let is_secret = |at: usize| secrets.iter().any(|secret| secret.contains(&at));
            let taken = case.text[range.clone()].char_indices();
            (finding, taken.filter(|(at, _)| !is_secret(range.start + at)).count())
        })
    }
}

/// Where the secret of a text stands.
pub fn stretches(case: &Case) -> Vec<Range<usize>> {
    let Some(secret) = case.secret.as_deref().filter(|secret| !secret.is_empty()) else { return Vec::new() };
    case.text.match_indices(secret).map(|(at, found)| at..at + found.len()).collect()
}

/// FNV-1a: the same on every machine and with every compiler. Nobody is meant to be kept out by it, only from reading by accident.
fn hash(parts: &[&str]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

/// The file of what became of each text.
pub fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/verdicts.txt")
}

/// The line of a text in that file: `set id: verdict`.
pub fn golden_line(set: &Set, case: &Case, verdict: &Verdict) -> String {
    format!("{} {}: {}", set.stem(), case.id, verdict.line(set, case)).trim_end().to_owned()
}

/// A text with « and » around what a line of the file says was taken, and by which rules.
pub fn marked(text: &str, line: &str) -> String {
    let spans = line.split_once(": ").map_or("", |(_, spans)| spans);
    let ends = spans.split(", ").filter_map(|span| span.split(' ').next()?.split_once('-'));
    let mut marks: Vec<(usize, char)> = Vec::new();
    for (start, end) in ends.filter_map(|(start, end)| Some((start.parse().ok()?, end.parse().ok()?))) {
        marks.extend([(start, '«'), (end, '»')]);
    }
    marks.sort_unstable();
    let mut out = text.to_owned();
    for (at, mark) in marks.into_iter().rev().filter(|(at, _)| text.is_char_boundary(*at)) {
        out.insert(at, mark);
    }
    format!("{out:?} {spans}")
}
