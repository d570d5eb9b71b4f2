//! What is asked of the place of a candidate: what stands directly beside it, where it stands in its line, and what line
//! that is.

use crate::hash::Hash;
use crate::parts::{Candidate, Part, bucket, join};
use crate::words::class;

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
    let reach = 160;
    let from = text[start.saturating_sub(reach)..start].iter().rposition(|b| *b == b'\n');
    let before = from.map_or(start.min(reach), |at| start.min(reach) - at - 1);
    let after =
        text[end..text.len().min(end + reach)].iter().position(|b| *b == b'\n').unwrap_or(reach.min(text.len() - end));
    let line = &text[start - before..end + after];
    let letters = count(line, |byte| byte.is_ascii_alphabetic() || byte >= 0x80);
    let digits = count(line, |byte| byte.is_ascii_digit());
    let marks = line.len() - letters - digits - count(line, |byte| byte.is_ascii_whitespace());
    let share = |part: usize| (part * 16 / line.len().max(1)) as u64;
    see(Part::Line, join(share(digits), 1));
    see(Part::Line, join(share(marks), 2));
    see(Part::Line, join(share(letters), 3));
    let quarter = |length: usize| bucket(length / 8);
    see(Part::Line, join(quarter(before), 4));
    see(Part::Line, join(quarter(after), 5));
    see(Part::Line, join(join(u64::from(before == 0), u64::from(after <= 1)), kind));
    see(Part::Line, join(u64::from(class(line[0])), 6 + 10 * u64::from(line.ends_with(b"."))));
    for (number, sign) in b"={;\\[</".iter().enumerate() {
        if count(line, |byte| byte == *sign) > 0 {
            see(Part::Line, join(number as u64, 7));
        }
    }
}

/// How many bytes are such; without a branch, so that many are asked at once.
fn count(line: &[u8], is_such: impl Fn(u8) -> bool) -> usize {
    let chunks = line.chunks(usize::from(u8::MAX));
    chunks.map(|chunk| usize::from(chunk.iter().map(|byte| u8::from(is_such(*byte))).sum::<u8>())).sum()
}

fn gap(bytes: &[u8]) -> u64 {
    let mut hash = Hash::new();
    for &byte in bytes {
        hash.see(if byte == b'\t' { b' ' } else { byte });
    }
    u64::from(hash.short())
}
