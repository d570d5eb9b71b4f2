//! Looks for texts that cost too much: draws them from the rules' own words, keeps the worst and changes them.
//!
//! `cargo bench -p redaction -- fuzz --seconds 120 --seed 7`. The same seed draws the same texts as long as the times
//! that it measures lead it to the same ones; what it found stands in the table as it can be built again.
//! With `--sweep` it reads every keyword by itself, again and again, in place of what it draws.

use std::hint::black_box;
use std::time::{Duration, Instant};

use redaction::{Deadline, Redactor};
use rustix::time::{ClockId, clock_gettime};

use crate::draw::{Dice, Seed, Urn};

/// The length of the caller's longest text, in bytes here.
const TEXT: usize = 10_000;
/// The length of a note of a bundle, and of a whole bundle.
const NOTE: usize = 32 * 1024;
const BUNDLE: usize = 256 * 1024;
/// So many of the worst are kept, changed and printed.
const KEPT: usize = 24;
/// Pieces that share so many bytes are of one kind.
const KIN: usize = 6;
/// No text is read longer than this.
const LONGEST: Duration = Duration::from_secs(4);

struct Found {
    seed: Seed,
    /// The time of [`TEXT`].
    took: Duration,
    growth: f64,
}

impl Found {
    /// What is wrong with it: slow texts first, then those that grow.
    fn score(&self) -> f64 {
        self.took.as_secs_f64() * self.growth.max(1.0).powi(2)
    }
}

/// What this thread has spent on a processor: other work on the machine is not the text's.
fn on_cpu() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default()
}

fn once(redactor: &Redactor, text: &str) -> Duration {
    let started = on_cpu();
    black_box(redactor.text_until(black_box(text), &Deadline::at(Instant::now() + LONGEST)));
    on_cpu().saturating_sub(started)
}

/// The shortest of several runs: what the machine did besides is not the text's.
fn time(redactor: &Redactor, text: &str) -> Duration {
    let first = once(redactor, text);
    let more = if first < Duration::from_millis(300) { 4 } else { 1 };
    (0..more).map(|_| once(redactor, text)).fold(first, Duration::min)
}

fn ratio(long: Duration, short: Duration) -> f64 {
    long.as_secs_f64() / short.as_secs_f64().max(1e-9)
}

fn measure(redactor: &Redactor, seed: Seed) -> Found {
    let took = time(redactor, &seed.text(TEXT));
    let growth = ratio(took, time(redactor, &seed.text(TEXT / 2)));
    Found { seed, took, growth }
}

/// How long after its deadline the longest step ended.
fn lateness(redactor: &Redactor, text: &str, whole: Duration) -> Duration {
    let late = |part: u32| {
        let deadline = Instant::now() + whole * part / 8;
        black_box(redactor.text_until(black_box(text), &Deadline::at(deadline)));
        Instant::now().saturating_duration_since(deadline)
    };
    // The shortest of three is the text's, what is more the machine's. The last parts may end in time.
    (0..6).filter_map(|part| (0..3).map(|_| late(part)).min()).max().unwrap_or_default()
}

fn shortened(seed: &Seed) -> String {
    let mark = if seed.numbered { " +n" } else { "" };
    let head = if seed.head.is_empty() { String::new() } else { format!("{:?} then ", seed.head) };
    let all = format!("{head}{:?}{mark}", seed.piece);
    all.chars().take(450).collect()
}

/// Looks for `seconds`, then prints the worst first.
pub fn print(redactor: &Redactor, seconds: u64, seed: u64, sweeps: bool) {
    let urn = Urn::of(redactor);
    if sweeps {
        return sweep(redactor, &urn);
    }
    let mut dice = Dice::new(seed);
    let mut worst: Vec<Found> = Vec::new();
    let mut drawn = 0_u64;
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(seconds) {
        let seed = match dice.below(2) {
            1 if !worst.is_empty() => urn.change(&worst[dice.below(worst.len())].seed, &mut dice),
            _ => urn.draw(&mut dice),
        };
        drawn += 1;
        // A short look first; most texts cost nothing.
        let least = if worst.len() < KEPT { 0.0 } else { worst.last().map_or(0.0, Found::score) / 4.0 };
        if once(redactor, &seed.text(TEXT / 2)).as_secs_f64() * 2.0 < least / 4.0 {
            continue;
        }
        let found = measure(redactor, seed);
        if worst.iter().any(|known| known.seed == found.seed) {
            continue;
        }
        // One of a kind: what grew out of another takes its place.
        let kin = |known: &Found| is_kin(&known.seed, &found.seed);
        match worst.iter().position(kin) {
            Some(at) if worst[at].score() < found.score() => worst[at] = found,
            Some(_) => continue,
            None => worst.push(found),
        }
        worst.sort_by(|one, other| other.score().total_cmp(&one.score()));
        worst.truncate(KEPT);
    }
    println!(
        "seed {seed}, {drawn} texts in {seconds} s; ms of processor time; x: from 5 to 10 KB, from 128 to 256 KiB; late: behind the deadline"
    );
    table(redactor, worst);
}

/// Every keyword by itself, again and again, with what may stand between.
fn alone(urn: &Urn) -> impl Iterator<Item = Seed> {
    let mut keywords: Vec<&String> = urn.keywords.iter().collect();
    keywords.sort_unstable();
    keywords.dedup();
    let [plain, numbered] = [false, true];
    let joints = [(" ", plain), ("%", numbered), ("\n", numbered), (": ", numbered), (" \"", numbered)];
    let seed = |keyword: &str, joint: &str, numbered| Seed {
        head: String::new(),
        piece: format!("{keyword}{joint}"),
        numbered,
    };
    keywords.into_iter().flat_map(move |keyword| joints.map(|(joint, numbered)| seed(keyword, joint, numbered)))
}

/// Every keyword by itself, the worst first.
fn sweep(redactor: &Redactor, urn: &Urn) {
    let mut worst: Vec<Found> = Vec::new();
    for seed in alone(urn) {
        let least =
            if worst.len() < KEPT { Duration::ZERO } else { worst.last().map_or(Duration::ZERO, |found| found.took) };
        if once(redactor, &seed.text(TEXT)) > least {
            worst.push(measure(redactor, seed));
            worst.sort_by_key(|found| std::cmp::Reverse(found.took));
            worst.truncate(KEPT);
        }
    }
    println!("each keyword by itself; ms of processor time");
    table(redactor, worst);
}

/// Whether two pieces have a stretch in common.
fn is_kin(one: &Seed, other: &Seed) -> bool {
    let shared = |part: &[u8]| other.piece.as_bytes().windows(KIN).any(|window| window == part);
    one.piece == other.piece || one.piece.as_bytes().windows(KIN).any(shared)
}

fn table(redactor: &Redactor, mut worst: Vec<Found>) {
    println!("{:>9} {:>6} {:>9} {:>9} {:>6} {:>9}  piece", "10 KB", "x", "32 KiB", "256 KiB", "x", "late");
    worst.sort_by_key(|found| std::cmp::Reverse(found.took));
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    for Found { seed, took, growth } in worst {
        let bundle = time(redactor, &seed.text(BUNDLE));
        let half = time(redactor, &seed.text(BUNDLE / 2));
        let late = lateness(redactor, &seed.text(BUNDLE), bundle);
        println!(
            "{:>9.2} {growth:>6.2} {:>9.2} {:>9.1} {:>6.2} {:>9.2}  {}",
            ms(took),
            ms(time(redactor, &seed.text(NOTE))),
            ms(bundle),
            ratio(bundle, half),
            ms(late),
            shortened(&seed)
        );
    }
}
