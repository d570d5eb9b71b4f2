//! `-- explain [FILE]`: what goes of each text of a file (or of standard input), and what was asked about and stays, and
//! which row of the policy said so. `%%` on a line of its own stands between two texts.

use std::fs;
use std::io::Read as _;

use redaction::{Finding, Redactor};

pub fn print(redactor: &Redactor, file: Option<&str>) {
    let mut texts = String::new();
    match file {
        Some(file) => texts = fs::read_to_string(file).expect("the file can be read"),
        None => drop(std::io::stdin().read_to_string(&mut texts).expect("standard input is text")),
    }
    for text in texts.split("\n%%\n").map(str::trim_end) {
        println!("{}", redactor.text(text).value);
        let (taken, left) = (redactor.explain(text), redactor.explain_kept(text));
        if taken.is_empty() && left.is_empty() {
            println!("    nobody asked: no detector proposes anything");
        }
        for finding in &taken {
            println!("    goes:  {}", said(text, finding));
        }
        for finding in &left {
            println!("    stays: {}", said(text, finding));
        }
        println!();
    }
}

fn said(text: &str, finding: &Finding) -> String {
    let Finding { range, rule, detector, row, why, facts, .. } = finding;
    let shown = text.get(range.clone()).unwrap_or("?");
    format!("{shown:?} as {rule}; {detector}: {row} ({why}) [{}]", facts.join("; "))
}
