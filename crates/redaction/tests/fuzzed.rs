//! Texts that nobody thought of, drawn from the rules' own words, repeated and changed: their time and their memory grow with
//! their length and nothing else.
//!
//! The draws are the same in every run; `cargo bench -p redaction -- fuzz --seed N` draws others and looks for the worst. No clock
//! is asked: what counts is the ratio of this thread's processor time for texts of one kind.

use std::fs;
use std::hint::black_box;
use std::process::Command;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use crate::REDACTOR;
use crate::draw::{Dice, Seed, Urn};
use crate::skipped::skipped;

/// Where the draws begin.
const SEED: u64 = 20_261_130;
/// So many texts are drawn, and each is changed once.
const DRAWN: usize = 30;
/// Twice and four times the text.
const LENGTHS: [usize; 3] = [4_000, 8_000, 16_000];
/// Twice the text costs at most so much more.
const MOST: f64 = 2.5;
/// The length of a bundle.
const BUNDLE: usize = 240_000;
/// What reading a text may take of memory, for each of its bytes.
const PER_BYTE: usize = 96;
/// And what any text may take.
const AT_LEAST: usize = 8 << 20;

/// Named for the other process.
const INSIDE: &str = "REDACTION_TEST_MEMORY";

/// `REDACTION_FUZZ=seed,count` draws others.
fn seeds() -> Vec<Seed> {
    let other = std::env::var("REDACTION_FUZZ").ok();
    let other = other.as_deref().and_then(|other| other.split_once(','));
    let other = other.and_then(|(seed, count)| Some((seed.parse().ok()?, count.parse().ok()?)));
    let (seed, count) = other.unwrap_or((SEED, DRAWN));
    let urn = Urn::of(&REDACTOR);
    let mut dice = Dice::new(seed);
    let pair = |_| {
        let seed = urn.draw(&mut dice);
        let changed = urn.change(&seed, &mut dice);
        [seed, changed]
    };
    (0..count).flat_map(pair).collect()
}

fn once(text: &str) -> Duration {
    let on_cpu = || Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default();
    let started = on_cpu();
    black_box(REDACTOR.text(black_box(text)));
    on_cpu().saturating_sub(started)
}

/// How much longer each length takes than the one before, by the shortest of so many runs.
fn growth(texts: &[String], runs: usize) -> Vec<f64> {
    let mut least = [Duration::MAX; LENGTHS.len()];
    for _ in 0..runs {
        for (least, text) in least.iter_mut().zip(texts) {
            *least = once(text).min(*least);
        }
    }
    least.windows(2).map(|pair| pair[1].as_secs_f64() / pair[0].as_secs_f64().max(1e-9)).collect()
}

/// A bound inside (a block, a number of searches) is a step at one length. What is read again and again grows at every one.
fn grows(growth: &[f64]) -> bool {
    growth.iter().all(|ratio| *ratio > MOST)
}

#[test]
fn twice_the_text_costs_at_most_two_and_a_half_times_as_much_whatever_was_drawn() {
    let mut wrong = Vec::new();
    for seed in seeds() {
        let texts = LENGTHS.map(|length| seed.text(length));
        // A machine that is busy with something else makes single runs longer, never shorter.
        if [1, 3, 9].into_iter().all(|runs| grows(&growth(&texts, runs))) {
            wrong.push(format!("{seed:?}: {:.2?}", growth(&texts, 9)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The most memory that this process ever had, in bytes.
fn peak() -> Option<usize> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.trim().parse::<usize>().ok()? * 1024)
}

#[test]
fn a_bundle_takes_memory_for_its_length_and_no_more() {
    if peak().is_none() {
        return skipped("the system does not tell how much memory a process had");
    }
    // Other tests of this process have memory of their own.
    let this = std::env::current_exe().expect("the test knows its own file");
    let name = "fuzzed::a_bundle_takes_memory_for_its_length_and_no_more";
    if std::env::var_os(INSIDE).is_none() {
        let run = Command::new(this).args(["--exact", name, "--test-threads=1"]).env(INSIDE, "1").output();
        let run = run.expect("the test can run itself");
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
        return;
    }
    black_box(REDACTOR.text("password=hunter2"));
    let dense = "password=hunter2Winter, 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\n".repeat(BUNDLE / 64);
    let drawn = seeds().into_iter().step_by(6).map(|seed| seed.text(BUNDLE));
    for text in drawn.chain([dense]) {
        let before = peak().unwrap_or_default();
        black_box(REDACTOR.text(black_box(&text)));
        let took = peak().unwrap_or_default().saturating_sub(before);
        let most = AT_LEAST + PER_BYTE * text.len();
        assert!(took <= most, "{took} bytes of memory for {} of {:?}", text.len(), text.get(..80));
    }
}
