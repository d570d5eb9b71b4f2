//! What each text of every set becomes, and which texts become something else than was accepted or than another build made of them.
//!
//! `cargo bench -p redaction -- changed` prints the texts that this build treats otherwise than `tests/verdicts.txt` says, and
//! `-- verdicts` accepts them: it writes that file and the table of the specification. With a FILE behind them both work on
//! that file instead, for comparing two builds. Of sets for measuring only a hash is kept and only a number is printed.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;

use redaction::Redactor;

use crate::corpora;
use crate::figures::{self, Read};
use crate::sets;

fn lines(all: &[Read]) -> impl Iterator<Item = String> {
    all.iter().flat_map(|read| read.each().map(move |(case, verdict)| sets::golden_line(&read.set, case, verdict)))
}

/// Writes the verdicts of this build; without a file also the table of the specification.
pub fn write(redactor: &Redactor, file: Option<&str>) {
    let all = if file.is_some() { corpora::all(redactor) } else { corpora::own(redactor) };
    let text: String = lines(&all).map(|line| line + "\n").collect();
    fs::write(file.map_or_else(sets::golden, PathBuf::from), text).expect("the file can be written");
    if file.is_none() {
        let path = figures::specification();
        let text = fs::read_to_string(&path).expect("the specification can be read");
        let text =
            figures::replaced(&text, &figures::table(&all)).expect("the specification has a place for the table");
        fs::write(path, text).expect("the specification can be written");
    }
}

/// Prints the texts that the file says something else of.
pub fn changed(redactor: &Redactor, file: Option<&str>) {
    let path = file.map_or_else(sets::golden, PathBuf::from);
    let before = fs::read_to_string(path).expect("the file of verdicts can be read");
    let before: HashMap<&str, &str> = before.lines().filter_map(|line| Some((line.split_once(':')?.0, line))).collect();
    let (mut compared, mut changed, mut hidden) = (0, 0, 0);
    for read in corpora::all(redactor) {
        for (case, verdict) in read.each() {
            let now = sets::golden_line(&read.set, case, verdict);
            let key = now.split_once(':').map_or("", |(key, _)| key);
            let Some(accepted) = before.get(key) else { continue };
            compared += 1;
            if *accepted == now {
                continue;
            }
            changed += 1;
            if read.set.is_shown() {
                let [was, now] = [accepted, now.as_str()].map(|line| sets::marked(&case.text, line));
                println!("{key}\n  before {was}\n  now    {now}\n");
            } else {
                hidden += 1;
            }
        }
    }
    println!("{changed} of {compared} texts changed, {hidden} of them in sets that are not shown");
}
