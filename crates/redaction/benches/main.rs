//! Prints how much the redaction takes, what it harms, and how fast it is. Asserts nothing.
//!
//! `SUPPORT_REQUESTS_CORPORA` names the folder of public test data (skipped without it).
//! `SHOW=tuning` or `SHOW=gitleaks` also prints single failures; those of the held-out half
//! are never printed, so that nobody tunes to them.

#![expect(clippy::disallowed_methods, reason = "what a benchmark is told by its own variables")]

mod corpora;
#[path = "../tests/draw.rs"]
mod draw;
#[path = "../tests/figures.rs"]
mod figures;
mod files;
mod fuzz;
mod names;
mod ordinary;
mod peers;
mod rows;
#[path = "../tests/sets.rs"]
mod sets;
mod speed;
mod verdicts;

use redaction::Redactor;

/// The number behind `flag` on the command line.
fn number(flag: &str, default: u64) -> u64 {
    let value = std::env::args().skip_while(|argument| argument != flag).nth(1);
    value.and_then(|value| value.parse().ok()).unwrap_or(default)
}

fn main() {
    let started = std::time::Instant::now();
    let redactor = Redactor::builtin();
    println!(
        "rule set {}, {} rules, compiled in {:.0} ms\n",
        redactor.version(),
        redactor.rules().len(),
        started.elapsed().as_secs_f64() * 1e3
    );
    // `cargo bench -p redaction -- fuzz --seconds 60 --seed 1`, `-- fuzz --sweep`
    if std::env::args().any(|argument| argument == "fuzz") {
        return fuzz::print(
            &redactor,
            number("--seconds", 20),
            number("--seed", 1),
            std::env::args().any(|a| a == "--sweep"),
        );
    }
    // `cargo bench -p redaction -- sets FILE…`
    if std::env::args().any(|argument| argument == "sets") {
        let files = std::env::args().skip_while(|argument| argument != "sets").skip(1);
        return files::print(&redactor, files.filter(|argument| argument != "--bench"));
    }
    // `cargo bench -p redaction -- verdicts [FILE]`, `-- changed [FILE]`, `-- over`, `-- rows`
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let (command, file) = (arguments.next(), arguments.next());
    let times = arguments.next().and_then(|times| times.parse().ok()).unwrap_or(1);
    match command.as_deref() {
        Some("verdicts") => return verdicts::write(&redactor, file.as_deref()),
        Some("changed") => return verdicts::changed(&redactor, file.as_deref()),
        Some("rows") => return rows::print(&redactor),
        Some("over") => return corpora::over(&redactor),
        // `-- read FILE TIMES [FIRST]`: for programs that count instructions
        Some("read") => {
            // What was read before has filled the memory of the patterns, as in a program that runs for long.
            arguments.next().inspect(|first| speed::read(&redactor, first, 1));
            return speed::read(&redactor, &file.unwrap_or_default(), times);
        }
        _ => {}
    }
    let only = std::env::var("ONLY").unwrap_or_default();
    if only != "speed" {
        corpora::print(&redactor);
        names::print(&redactor);
        ordinary::print(&redactor);
    }
    if only != "recall" {
        speed::print(&redactor);
    }
}
