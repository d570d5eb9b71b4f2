//! What is asked of the place of a candidate: what stands directly beside it, where it stands in its line, and what
//! line that is.

use crate::hash::{Hash, bucket, join};
use crate::parts::{Candidate, Part};
use crate::words::{DIGIT, LOWER, UPPER, class};

/// What stands directly beside it, where it stands in its line, and what line that is.
pub fn line(candidate: &Candidate<'_>, kind: u64, see: &mut impl FnMut(Part, u64)) {
    let (text, words) = (candidate.text, candidate.words);
    let (start, end) = (candidate.start(), candidate.end());
    let left_from = candidate.first.checked_sub(1).map_or(start.saturating_sub(3), |at| words[at].end);
    let right_to = words.get(candidate.last).map_or(text.len().min(end + 3), |word| word.start);
    let left = gap(&text[left_from.max(start.saturating_sub(6))..start]);
    let right = gap(&text[end..right_to.min(end + 6)]);
    see(Part::Gap, left);
    see(Part::Gap, 1 + right);
    see(Part::Gap, join(left, right));
    see(Part::GapLook, join(left, kind));
    see(Part::GapLook, join(1 + right, kind));
    let head = &text[start.saturating_sub(REACH)..start];
    let before = memchr::memrchr(b'\n', head).map_or(head.len(), |at| head.len() - at - 1);
    let tail = &text[end..text.len().min(end + REACH)];
    let after = memchr::memchr(b'\n', tail).unwrap_or(tail.len());
    let line = &text[start - before..end + after];
    let seen = Seen::of(line);
    let share = |part: usize| (part * 16 / line.len().max(1)) as u64;
    see(Part::Line, join(share(seen.digits), 1));
    see(Part::Line, join(share(seen.marks), 2));
    see(Part::Line, join(share(seen.letters), 3));
    let quarter = |length: usize| bucket(length / 8);
    see(Part::Line, join(quarter(before), 4));
    see(Part::Line, join(quarter(after), 5));
    see(Part::Line, join(join(u64::from(before == 0), u64::from(after <= 1)), kind));
    see(Part::Line, join(u64::from(class(line[0])), 6 + 10 * u64::from(line.ends_with(b"."))));
    for number in 0..SIGNS.len() as u64 {
        if seen.signs >> number & 1 == 1 {
            see(Part::Line, join(number, 7));
        }
    }
}

/// So many bytes of a line are read on each side.
const REACH: usize = 160;
/// What lines of code and markup have.
const SIGNS: &[u8; 7] = b"={;\\[</";
/// What a byte adds to three counts of ten bits each, and above them its sign.
static ADDED: [u64; 256] = {
    let mut added = [1 << MARKS; 256];
    let mut at = 0_usize;
    while at < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "it is below 256")]
        let byte = at as u8;
        match class(byte) {
            LOWER | UPPER => added[at] = 1 << LETTERS,
            DIGIT => added[at] = 1 << DIGITS,
            _ if byte.is_ascii_whitespace() => added[at] = 0,
            _ => {}
        }
        at += 1;
    }
    let mut number = 0;
    while number < SIGNS.len() {
        added[SIGNS[number] as usize] |= 1 << number << ABOVE;
        number += 1;
    }
    added
};
const LETTERS: u32 = 0;
const DIGITS: u32 = 10;
const MARKS: u32 = 20;
const ABOVE: u32 = 32;
/// So many bytes fit into a count.
const COUNTED: usize = 1023;

/// What a line has.
#[derive(Default)]
struct Seen {
    letters: usize,
    digits: usize,
    marks: usize,
    signs: u64,
}

impl Seen {
    fn of(line: &[u8]) -> Self {
        let mut seen = Self::default();
        for chunk in line.chunks(COUNTED) {
            let (mut sum, mut signs) = (0, 0);
            for byte in chunk {
                let added = ADDED[usize::from(*byte)];
                sum += added & u64::from(u32::MAX);
                signs |= added;
            }
            let count = |from: u32| usize::try_from(sum >> from & 1023).unwrap_or(0);
            seen.letters += count(LETTERS);
            seen.digits += count(DIGITS);
            seen.marks += count(MARKS);
            seen.signs |= signs >> ABOVE;
        }
        seen
    }
}

fn gap(bytes: &[u8]) -> u64 {
    let mut hash = Hash::new();
    for &byte in bytes {
        hash.see(if byte == b'\t' { b' ' } else { byte });
    }
    u64::from(hash.short())
}
