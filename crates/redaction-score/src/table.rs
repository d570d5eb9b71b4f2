//! The weights: how usual letters are after each other, and what each part of a candidate is worth.
//!
//! The table has the parts that weigh most, four in a bucket, each told from the others by ten bits of its number. What it does not
//! have is worth nothing, whatever else there is: no part gets the weight of another one.

use crate::hash::{fold, mix};
use crate::parts::Part;

/// The length of the table in bytes: 256 KiB.
pub const SIZE: usize = 256 * 1024;
/// Letters and what is none.
pub const LETTERS: usize = 27;
/// Where the weights begin: behind the habits of letters.
pub const HABITS: usize = (LETTERS * LETTERS).next_multiple_of(BUCKET);
/// A part's number has so many bits: those that say its bucket and those that tell it from others there.
pub const BITS: u32 = 25;
/// Bytes of a bucket, and of an entry: ten bits of a part's number above six bits of its weight.
pub const BUCKET: usize = 8;
pub const ENTRY: usize = 2;
const BUCKETS: usize = (SIZE - HABITS) / BUCKET;
/// An entry that no part has: a weight of nothing. Weights count from here.
pub const EMPTY: u16 = 32;
/// The largest weight of an entry, and what one of its steps is worth in points.
pub const LARGEST: i32 = 31;
const STEP: i32 = 4;
/// One in each of the four entries of a bucket.
const EACH: u64 = 0x0001_0001_0001_0001;
/// All bits of each but the highest.
const HIDDEN: u64 = 0x7FFF * EACH;
/// The weight's bits.
const WEIGHT: u16 = 63;

/// A part as a number of [`BITS`] bits.
#[inline]
pub fn key(part: Part, value: u64) -> u32 {
    (mix(value ^ ((part as u64 + 1) << 56)) >> (64 - BITS)) as u32
}

/// Where the bucket of the part with this number begins.
#[inline]
pub fn bucket(key: u32) -> usize {
    HABITS + ((key as usize * BUCKETS) >> BITS) * BUCKET
}

/// An entry of its bucket, with a weight of up to [`LARGEST`] steps.
pub fn entry(key: u32, steps: i32) -> u16 {
    let weight = i32::from(EMPTY) + steps.clamp(-LARGEST, LARGEST);
    told(key) | u16::try_from(weight).unwrap_or(EMPTY)
}

/// What tells a part from others of its bucket, above the weight.
#[inline]
fn told(key: u32) -> u16 {
    u16::try_from(key & 1023).unwrap_or(0) << WEIGHT.count_ones()
}

/// The number of a letter, 0 for everything else.
pub fn letter(byte: u8) -> usize {
    if byte.is_ascii_lowercase() { usize::from(byte - b'a') + 1 } else { 0 }
}

/// How usual the letters of a word are after each other, from 0 to 15, by the habits in `table` (logarithms in eighths);
/// 99 where it has hardly any.
pub fn habit(table: &[u8], word: &[u8]) -> u64 {
    let (mut sum, mut pairs, mut previous, mut at) = (0_u64, 0_u64, 0, 0);
    while at < word.len() && pairs < 32 {
        let (byte, length) = fold(word, at);
        let next = letter(byte);
        if next > 0 || previous > 0 {
            sum += u64::from(table[previous * LETTERS + next]);
            pairs += 1;
        }
        previous = next;
        at += length;
    }
    if pairs < 3 { 99 } else { sum / pairs / 8 }
}

/// What a part is worth.
#[inline]
pub fn weight(table: &[u8], part: Part, value: u64) -> i32 {
    let key = key(part, value);
    let bucket = &table[bucket(key)..][..BUCKET];
    let all = u64::from_le_bytes(bucket.first_chunk().copied().unwrap_or_default());
    // All four entries at once and without a branch, which would be guessed wrong for every third part: whether the bits
    // above a weight differ, then the highest bit of those where nothing does.
    let other = (all ^ (u64::from(told(key)) * EACH)) & (u64::from(!WEIGHT) * EACH);
    let same = !(((other & HIDDEN) + HIDDEN) | other) & !HIDDEN;
    let weights = all & (same >> 15).wrapping_mul(u64::from(WEIGHT));
    let sum = weights.wrapping_mul(EACH) >> 48;
    let found = (same >> 15).wrapping_mul(EACH) >> 48;
    (sum as i32 - i32::from(EMPTY) * found as i32) * STEP
}
