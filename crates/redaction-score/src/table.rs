//! The weights: how usual letters are after each other, and what each part of a candidate is worth.

use crate::hash::{fold, mix};
use crate::parts::Part;

/// The length of the table in bytes: 256 KiB.
pub const SIZE: usize = 256 * 1024;
/// Letters and what is none.
pub const LETTERS: usize = 27;
/// Where the weights begin: behind the habits of letters.
pub const HABITS: usize = LETTERS * LETTERS;
pub const SLOTS: usize = SIZE - HABITS;

/// A part as a number of 32 bits.
#[inline]
pub fn key(part: Part, value: u64) -> u64 {
    mix(value ^ ((part as u64 + 1) << 56)) >> 32
}

/// Where the weight of the part with this number stands, counted from the first weight.
#[inline]
pub fn slot(key: u64) -> usize {
    usize::try_from((key * SLOTS as u64) >> 32).unwrap_or(0)
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
    i32::from(table[HABITS + slot(key(part, value))].cast_signed())
}
