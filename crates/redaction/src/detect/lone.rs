//! Words that hardly are anything but a password, wherever they stand in a sentence: nothing announces them.
//!
//! "We put you on 7Hdu#Gl2x&Rn until you are back": capitals, small letters, digits and marks that names do not have,
//! between words of a sentence.

use crate::detect::answers::message;
use crate::detect::vicinity::trimmed;
use crate::facts::candidate::{Candidate, Claim};
use crate::facts::label::Label;
use crate::facts::machine::LONGEST_WORD as LONGEST;
use crate::search::Search;
use crate::text::scan::{line_end, line_start};

/// The words on each side that say whether this is a sentence.
const NEIGHBOURS: usize = 4;
/// … and their length.
const REACH: usize = 80;

/// Takes the words of sentences that look like nothing but a password.
pub(crate) fn words(search: &mut Search<'_>) {
    let text = search.text;
    for marks in [*b"!#$", *b"%&*", *b"^~@", *b"?+("] {
        let mut end = 0;
        for at in memchr::memchr3_iter(marks[0], marks[1], marks[2], text) {
            if at < end {
                continue;
            }
            if search.is_late() {
                return;
            }
            let floor = at.saturating_sub(LONGEST + 8);
            let ceiling = text.len().min(at + LONGEST + 8);
            let start = text[floor..at].iter().rposition(u8::is_ascii_whitespace).map(|blank| floor + blank + 1);
            let stop = text[at..ceiling].iter().position(u8::is_ascii_whitespace).map(|blank| at + blank);
            end = stop.unwrap_or(ceiling);
            let (Some(start), Some(stop)) =
                (start.or((floor == 0).then_some(0)), stop.or((ceiling == text.len()).then_some(ceiling)))
            else {
                continue;
            };
            let (from, to) = trimmed(text, start, stop);
            if from < to && !search.in_marker(from) && is_said(text, start, stop) {
                let rule = Label::StatedSecret as usize;
                search.propose(&Candidate::new(text, from, to, Claim::Lone, "lone", rule));
            }
        }
    }
}

/// Words of a sentence stand around it.
pub(crate) fn is_said(text: &[u8], start: usize, stop: usize) -> bool {
    // `[14:03] Olli: Gr@uBr0t-55`
    let line = line_start(text, start, REACH);
    if line < start
        && message(text, line) == Some(start)
        && text[stop..line_end(text, stop, REACH)].trim_ascii().is_empty()
    {
        return true;
    }
    let before = &text[line..start];
    let after = &text[stop..line_end(text, stop, REACH)];
    let blank = |b: &u8| b.is_ascii_whitespace();
    let words = |word: &&[u8]| is_plain(word);
    let before = before.rsplit(blank).filter(|word| !word.is_empty()).take(NEIGHBOURS).filter(words).count();
    let after = after.split(blank).filter(|word| !word.is_empty()).take(NEIGHBOURS).filter(words).count();
    before + after >= 3 || before >= 2
}

/// Letters, and perhaps a comma or a full stop behind them.
fn is_plain(word: &[u8]) -> bool {
    let ends = word.iter().rev().take_while(|b| b",.;:!?".contains(b)).count();
    let letters = &word[..word.len() - ends.min(1)];
    letters.len() >= 2
        && letters[1..].iter().all(|b| b.is_ascii_lowercase() || *b >= 0x80 || *b == b'\'')
        && (letters[0].is_ascii_alphabetic() || letters[0] >= 0x80)
}
