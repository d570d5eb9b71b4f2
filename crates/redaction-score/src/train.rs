//! Learns the table from texts: a logistic regression, the same to the byte on every machine.
//!
//! Only additions, multiplications, divisions and square roots of IEEE 754 are used, each in a fixed order, and no
//! function of a mathematics library.

use std::ops::Range;

use crate::hash::{fold, mix};
use crate::look::Look;
use crate::parts::{Candidate, parts};
use crate::table::{HABITS, LETTERS, SIZE, SLOTS, habit, letter, slot};
use crate::words::words;

/// A text to learn from.
#[derive(Clone, Debug)]
pub struct Text {
    /// As somebody wrote it.
    pub text: String,
    /// What must be gone, or nothing.
    pub secret: Option<String>,
}

/// How the table is learnt.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How often every text is learnt from.
    pub rounds: usize,
    /// How far a weight moves at first.
    pub rate: f32,
    /// How strongly weights are drawn to nothing.
    pub decay: f32,
    /// What a missed secret counts against a harmless word.
    pub secret: f32,
    /// What a word beside a secret counts.
    pub beside: f32,
    /// The largest weight of the table.
    pub largest: f32,
}

/// How often each text is told with another secret.
const TURNS: u64 = 1;

/// The texts once more, each with a secret of another one that looks alike: it is the place that counts, not the word.
fn exchanged(texts: &[Text]) -> Vec<Text> {
    let look = |text: &&Text| {
        let secret =
            text.secret.as_deref().filter(|secret| !secret.is_empty() && !secret.contains(char::is_whitespace))?;
        Some((Look::of(secret.as_bytes()).kind, secret.to_owned()))
    };
    let mut by_look: Vec<Vec<String>> = vec![Vec::new(); 32];
    let mut made = Vec::new();
    for (kind, secret) in texts.iter().filter_map(|text| look(&text)) {
        by_look[usize::from(kind)].push(secret);
    }
    for (number, text) in texts.iter().enumerate() {
        let Some((kind, secret)) = look(&text) else { continue };
        let others = &by_look[usize::from(kind)];
        for turn in 0..TURNS {
            let pick = usize::try_from(mix(number as u64 * TURNS + turn) % others.len() as u64).unwrap_or(0);
            made.push(Text { text: text.text.replace(&secret, &others[pick]), secret: Some(others[pick].clone()) });
        }
    }
    made
}

struct Example {
    slots: Range<usize>,
    weight: f32,
    secret: bool,
}

/// The table that the texts teach: [`crate::SIZE`] bytes, the same for the same texts on every machine.
#[must_use]
pub fn train(texts: &[Text], settings: &Settings) -> Vec<u8> {
    let mut table = vec![0; SIZE];
    habits(texts, &mut table);
    let (mut slots, mut examples) = (Vec::new(), Vec::new());
    for text in texts {
        learn_from(text, settings, &table, &mut slots, &mut examples);
    }
    for text in exchanged(texts) {
        learn_from(&text, settings, &table, &mut slots, &mut examples);
    }
    let weights = descend(&slots, &examples, settings);
    for (slot, weight) in table[HABITS..].iter_mut().zip(&weights) {
        *slot = quantised(*weight, settings.largest);
    }
    table
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was brought between the bounds")]
fn quantised(weight: f32, largest: f32) -> u8 {
    let scaled = weight * 127.0 / largest;
    let rounded = if scaled < 0.0 { scaled - 0.5 } else { scaled + 0.5 };
    (rounded.clamp(-127.0, 127.0) as i8) as u8
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

fn learn_from(text: &Text, settings: &Settings, table: &[u8], slots: &mut Vec<u32>, examples: &mut Vec<Example>) {
    let bytes = text.text.as_bytes();
    let secrets: Vec<Range<usize>> =
        text.secret.as_ref().filter(|secret| !secret.is_empty()).map_or_else(Vec::new, |secret| {
            text.text.match_indices(secret.as_str()).map(|(at, found)| at..at + found.len()).collect()
        });
    let whole = 0..bytes.len();
    let mut all = Vec::new();
    words(bytes, whole.clone(), &mut all);
    let mut learn = |candidate: Candidate<'_>, look: &Look| {
        let (start, end) = (candidate.start(), candidate.end());
        let touched = secrets.iter().find(|secret| start < secret.end && secret.start < end);
        let secret = match touched {
            Some(secret) => {
                let shared = end.min(secret.end) - start.max(secret.start);
                // A piece of a phrase is neither.
                if shared * 2 <= secret.len() || shared * 3 < end - start {
                    return;
                }
                true
            }
            None => false,
        };
        let mut weight = if secret { settings.secret } else { 1.0 };
        if !secret && text.secret.is_some() {
            weight = settings.beside;
        }
        let from = slots.len();
        let usual = habit(table, &bytes[start..end]);
        parts(&candidate, look, usual, &mut |part, value| {
            slots.push(u32::try_from(slot(part, value)).unwrap_or(0));
        });
        examples.push(Example { slots: from..slots.len(), weight, secret });
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

/// Gradient descent whose steps shrink with what a weight has already moved (`AdaGrad`).
fn descend(slots: &[u32], examples: &[Example], settings: &Settings) -> Vec<f32> {
    let mut weights = vec![0.0_f32; SLOTS];
    let mut moved = vec![1e-3_f32; SLOTS];
    let mut order: Vec<usize> = (0..examples.len()).collect();
    for round in 0..settings.rounds {
        order.sort_unstable_by_key(|at| mix(*at as u64 ^ ((round as u64 + 1) << 40)));
        for &at in &order {
            let example = &examples[at];
            let own = &slots[example.slots.clone()];
            let sum: f32 = own.iter().map(|slot| weights[*slot as usize]).sum();
            let error = (logistic(sum) - if example.secret { 1.0 } else { 0.0 }) * example.weight;
            if error.abs() < 1e-3 {
                continue;
            }
            for slot in own {
                let slot = *slot as usize;
                let step = error + settings.decay * weights[slot];
                moved[slot] += step * step;
                weights[slot] -= settings.rate * step / moved[slot].sqrt();
            }
        }
    }
    weights
}

impl Default for Settings {
    /// Those of the table.
    fn default() -> Self {
        Self { rounds: 6, rate: 0.1, decay: 0.001, secret: 1.0, beside: 0.5, largest: 3.0 }
    }
}
