//! What becomes of a text, and why: `echo 'seen key-…' | cargo run -qp redaction --example explain [FILE]`.
//!
//! Printed is what goes, what was asked about and stays, and which row of the policy said so. Between two texts stands `%%`
//! on a line of its own: each is read by itself, for what is taken once goes wherever it stands again.

use std::{env, fs, io};

use redaction::{Finding, Redactor};

fn main() -> io::Result<()> {
    let texts = env::args().nth(1).map_or_else(|| io::read_to_string(io::stdin()), fs::read_to_string)?;
    let redactor = Redactor::builtin();
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
    Ok(())
}

fn said(text: &str, finding: &Finding) -> String {
    let Finding { range, rule, detector, row, why, facts, .. } = finding;
    let shown = text.get(range.clone()).unwrap_or("?");
    format!("{shown:?} as {rule}; {detector}: {row} ({why}) [{}]", facts.join("; "))
}
