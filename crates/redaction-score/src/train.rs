//! Learns the table from texts: a logistic regression, the same to the byte on every machine.
//!
//! Only additions, multiplications, divisions and square roots of IEEE 754 are used, each in a fixed order, and no
//! function of a mathematics library.

use std::ops::Range;

use crate::hash::{fold, mix};
use crate::look::Look;
use crate::parts::{Candidate, parts};
use crate::table::{BITS, BUCKET, EMPTY, ENTRY, HABITS, LARGEST, LETTERS, SIZE, bucket, entry, habit, key, letter};
use crate::words::words;

/// A text to learn from.
#[derive(Clone, Debug)]
pub struct Text {
    /// As somebody wrote it.
    pub text: String,
    /// What must be gone, or nothing.
    pub secret: Option<String>,
}

/// How often every text is learnt from.
const ROUNDS: u64 = 6;
/// How far a weight moves at first.
const RATE: f32 = 0.1;
/// How strongly weights are drawn to nothing.
const DECAY: f32 = 0.001;
/// What a word beside a secret counts against others.
const BESIDE: f32 = 0.5;
/// The largest weight of the table.
const HEAVIEST: f32 = 3.0;
/// A part that fewer texts have is not learnt: it says nothing of other texts.
const TEXTS: u16 = 2;
/// So many tables are learnt, each from the texts in another order; what is kept is between them.
const TABLES: u16 = 4;

/// The texts once more with their numbers, each with a secret of another one that looks alike: it is the place that counts, not the word.
fn exchanged(texts: &[Text]) -> Vec<(usize, Text)> {
    let look = |text: &&Text| {
        let secret =
            text.secret.as_deref().filter(|secret| !secret.is_empty() && !secret.contains(char::is_whitespace))?;
        Some((Look::of(secret.as_bytes()).kind, secret.to_owned()))
    };
    let mut by_look: Vec<Vec<String>> = vec![Vec::new(); 32];
    for (kind, secret) in texts.iter().filter_map(|text| look(&text)) {
        by_look[usize::from(kind)].push(secret);
    }
    let exchange = |(number, text): (usize, &Text)| {
        let (kind, secret) = look(&text)?;
        let others = &by_look[usize::from(kind)];
        let other = &others[usize::try_from(mix(number as u64) % others.len() as u64).unwrap_or(0)];
        Some((number, Text { text: text.text.replace(&secret, other), secret: Some(other.clone()) }))
    };
    texts.iter().enumerate().filter_map(exchange).collect()
}

/// A part that is learnt.
struct Known {
    key: u32,
    /// How many texts have it.
    texts: f32,
    weight: f32,
}

struct Example {
    /// Which text it is of.
    text: usize,
    parts: Range<usize>,
    weight: f32,
    secret: bool,
}

/// The table that the texts teach: [`crate::SIZE`] bytes, the same for the same texts on every machine.
#[must_use]
pub fn train(texts: &[Text]) -> Vec<u8> {
    let mut table = vec![0; SIZE];
    habits(texts, &mut table);
    let (mut keys, mut examples) = (Vec::new(), Vec::new());
    let exchanged = exchanged(texts);
    for text in texts.iter().enumerate().chain(exchanged.iter().map(|(number, text)| (*number, text))) {
        learn_from(text, &table, &mut keys, &mut examples);
    }
    let (mut known, parts) = common(&keys, &mut examples);
    for order in 0..TABLES {
        let weights = descend(&parts, known.len(), &examples, u64::from(order));
        for (known, weight) in known.iter_mut().zip(weights) {
            known.weight += weight / f32::from(TABLES);
        }
    }
    fill(&mut table, &known);
    table
}

/// Writes the weights: into each bucket those of its parts that decide most, by how much they weigh and how many texts have them.
fn fill(table: &mut [u8], known: &[Known]) {
    let mut known: Vec<&Known> = known.iter().filter(|known| steps(known.weight) != 0).collect();
    known.sort_unstable_by(|one, other| {
        let decides = |known: &Known| known.weight.abs() * known.texts.sqrt();
        bucket(one.key)
            .cmp(&bucket(other.key))
            .then(decides(other).total_cmp(&decides(one)))
            .then(one.key.cmp(&other.key))
    });
    for empty in table[HABITS..].chunks_exact_mut(ENTRY) {
        empty.copy_from_slice(&EMPTY.to_le_bytes());
    }
    for own in known.chunk_by(|one, other| bucket(one.key) == bucket(other.key)) {
        let places = table[bucket(own[0].key)..][..BUCKET].chunks_exact_mut(ENTRY);
        for (known, place) in own.iter().zip(places) {
            place.copy_from_slice(&entry(known.key, steps(known.weight)).to_le_bytes());
        }
    }
}

/// Everything in `text` that may be a secret, and its points by `table`: for measuring what another table would take.
#[must_use]
pub fn scored(table: &[u8], text: &str) -> Vec<(Range<usize>, i32)> {
    let (mut all, mut found, bytes) = (Vec::new(), Vec::new(), text.as_bytes());
    words(bytes, 0..bytes.len(), &mut all);
    crate::candidates(
        bytes,
        &all,
        &(0..bytes.len()),
        |_| true,
        |candidate, look| {
            found.push((candidate.range(), crate::points(table, &candidate, look)));
        },
    );
    found
}

#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "both are small")]
fn steps(weight: f32) -> i32 {
    let scaled = weight * LARGEST as f32 / HEAVIEST;
    (scaled + 0.5_f32.copysign(scaled)) as i32
}

/// How often letters follow each other in harmless texts, as eight times the logarithm to the base of two, from below.
fn habits(texts: &[Text], table: &mut [u8]) {
    let mut counts = vec![0_u64; HABITS];
    for text in texts.iter().filter(|text| text.secret.is_none()) {
        let bytes = text.text.as_bytes();
        let (mut previous, mut at) = (0, 0);
        while at < bytes.len() {
            let (byte, length) = fold(bytes, at);
            let next = letter(byte);
            counts[previous * LETTERS + next] += 1;
            previous = next;
            at += length;
        }
    }
    for first in 0..LETTERS {
        let row = &counts[first * LETTERS..(first + 1) * LETTERS];
        let whole = row.iter().sum::<u64>() + 1;
        for (second, count) in row.iter().enumerate() {
            // 0 to 16 bits of how rare it is, in eighths; the usual is large.
            let share = ((count + 1) << 16) / whole;
            let bits = u64::from(share.max(1).ilog2());
            let more = (share << 3 >> bits) & 7;
            table[first * LETTERS + second] = u8::try_from((bits * 8 + more).min(127)).unwrap_or(127);
        }
    }
}

/// The parts that enough texts have, and the examples' parts as places among them.
fn common(keys: &[u32], examples: &mut [Example]) -> (Vec<Known>, Vec<u32>) {
    // The last text that has a part, from 1, and how many have it.
    let mut seen = vec![(0_u32, 0_u16); 1 << BITS];
    for example in examples.iter() {
        let text = u32::try_from(example.text + 1).unwrap_or(u32::MAX);
        for key in &keys[example.parts.clone()] {
            let (last, count) = &mut seen[*key as usize];
            if *last != text {
                (*last, *count) = (text, count.saturating_add(1));
            }
        }
    }
    let mut known = Vec::new();
    for (key, (place, texts)) in (0..).zip(&mut seen).filter(|(_, (_, texts))| *texts >= TEXTS) {
        *place = u32::try_from(known.len()).unwrap_or(u32::MAX);
        known.push(Known { key, texts: f32::from(*texts), weight: 0.0 });
    }
    let mut places = Vec::new();
    for example in examples {
        let from = places.len();
        let own = keys[example.parts.clone()].iter().map(|key| seen[*key as usize]);
        places.extend(own.filter(|(_, texts)| *texts >= TEXTS).map(|(place, _)| place));
        example.parts = from..places.len();
    }
    (known, places)
}

/// Whether a candidate is one of the secrets; nothing for a piece of a phrase, which is neither.
fn is_secret(candidate: Range<usize>, secrets: &[Range<usize>]) -> Option<bool> {
    let touched = secrets.iter().find(|secret| candidate.start < secret.end && secret.start < candidate.end);
    let Some(secret) = touched else { return Some(false) };
    let shared = candidate.end.min(secret.end) - candidate.start.max(secret.start);
    (shared * 2 > secret.len() && shared * 3 >= candidate.len()).then_some(true)
}

fn learn_from((number, text): (usize, &Text), table: &[u8], keys: &mut Vec<u32>, examples: &mut Vec<Example>) {
    let bytes = text.text.as_bytes();
    let secret = text.secret.as_deref().filter(|secret| !secret.is_empty());
    let found = secret.into_iter().flat_map(|secret| text.text.match_indices(secret));
    let secrets: Vec<Range<usize>> = found.map(|(at, found)| at..at + found.len()).collect();
    let whole = 0..bytes.len();
    let mut all = Vec::new();
    words(bytes, whole.clone(), &mut all);
    let mut learn = |candidate: Candidate<'_>, look: &Look| {
        let (start, end) = (candidate.start(), candidate.end());
        let Some(secret) = is_secret(start..end, &secrets) else { return };
        let weight = if !secret && text.secret.is_some() { BESIDE } else { 1.0 };
        let from = keys.len();
        let usual = habit(table, &bytes[start..end]);
        parts(&candidate, look, usual, &mut |part, value| {
            keys.push(key(part, value));
        });
        examples.push(Example { text: number, parts: from..keys.len(), weight, secret });
    };
    crate::candidates(bytes, &all, &whole, |_| true, &mut learn);
}

/// `1 / (1 + e^-x)`, by halving and squaring: no function of a library.
fn logistic(x: f32) -> f32 {
    let x = x.clamp(-15.0, 15.0);
    // e^(x/1024) by its first terms, squared ten times.
    let small = x / 1024.0;
    let mut power = 1.0 + small + small * small / 2.0 + small * small * small / 6.0;
    for _ in 0..10 {
        power *= power;
    }
    power / (1.0 + power)
}

/// Gradient descent whose steps shrink with what a weight has already moved (`AdaGrad`); which of the orders of the
/// examples it is.
fn descend(parts: &[u32], count: usize, examples: &[Example], order: u64) -> Vec<f32> {
    let mut weights = vec![0.0_f32; count];
    let mut moved = vec![1e-3_f32; count];
    let mut turns: Vec<usize> = (0..examples.len()).collect();
    for round in 0..ROUNDS {
        turns.sort_unstable_by_key(|at| mix(*at as u64 ^ ((order * 64 + round + 1) << 40)));
        for &at in &turns {
            let example = &examples[at];
            let own = &parts[example.parts.clone()];
            let sum: f32 = own.iter().map(|slot| weights[*slot as usize]).sum();
            let error = (logistic(sum) - if example.secret { 1.0 } else { 0.0 }) * example.weight;
            if error.abs() < 1e-3 {
                continue;
            }
            for slot in own.iter().map(|slot| *slot as usize) {
                let step = error + DECAY * weights[slot];
                moved[slot] += step * step;
                weights[slot] -= RATE * step / moved[slot].sqrt();
            }
        }
    }
    weights
}
