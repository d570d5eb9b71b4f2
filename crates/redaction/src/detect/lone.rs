//! Words that hardly are anything but a password, wherever they stand in a sentence: nothing announces them.
//!
//! "We put you on 7Hdu#Gl2x&Rn until you are back": capitals, small letters, digits and marks that names do not have,
//! between words of a sentence.

use crate::detect::answers::message;
use crate::detect::vicinity::trimmed;
use crate::engine::Label;
use crate::facts::values::{Suspicion, is_placeholder, suspicion};
use crate::search::Search;
use crate::text::scan::{line_end, line_start};

/// Longer words are encoded, or no words.
const LONGEST: usize = 40;
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
            if from < to && is_password(&text[from..to]) && is_said(text, start, stop) && !search.in_marker(from) {
                search.take(Label::StatedSecret, from, to);
            }
        }
    }
}

fn is_password(word: &[u8]) -> bool {
    (8..=LONGEST).contains(&word.len())
        && (word[1..word.len() - 1].iter().any(|b| b"!#$&*^~@?".contains(b)) || is_leet(word))
        && !is_written(word)
        && !is_placeholder(word)
        && (is_scrambled(word) || suspicion(word) == Suspicion::Sure && is_varied(word))
}

/// `B4rry-needs-in!`: digits stand for letters, and the mark ends it.
fn is_leet(word: &[u8]) -> bool {
    word.ends_with(b"!")
        && word[word.len() - 2].is_ascii_lowercase()
        && word
            .windows(3)
            .any(|three| three[0].is_ascii_alphabetic() && three[1].is_ascii_digit() && three[2].is_ascii_lowercase())
}

/// Small letters, capitals and digits.
fn is_varied(word: &[u8]) -> bool {
    let has = |class: fn(&u8) -> bool| word.iter().any(class);
    has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_digit)
}

/// `Don&#39;t`, `%1$s-Datei`, `a%2Fb`, `End-User_[^9]`, `[doc@faq1-11]`, `[C@1b6d3586`, `5*time.Second`, `nt!KiPageFault`: what
/// texts for machines, formats, notes and code are made of.
fn is_written(word: &[u8]) -> bool {
    let pair = |found: fn(u8, u8) -> bool| word.windows(2).any(|two| found(two[0], two[1]));
    let entity =
        memchr::memchr(b'&', word).is_some_and(|at| word[at..].contains(&b';') || word[at + 1..].starts_with(b"#"));
    let conversion = word.windows(3).any(|three| {
        three[0] == b'%'
            && (three[1] == b'%'
                || three[1..].iter().all(u8::is_ascii_hexdigit)
                || three[1].is_ascii_digit() && three[2] == b'$'
                || three[1..].iter().all(u8::is_ascii_uppercase))
    });
    let note =
        pair(|one, two| matches!((one, two), (b'[', b'^') | (b']', b'(') | (b'-', b'#') | (b'*', b'*') | (b'&', b'&')));
    let object = memchr::memchr(b'@', word)
        .is_some_and(|at| at <= 1 && word[at + 1..].iter().all(u8::is_ascii_hexdigit) || word[..at].ends_with(b"doc"));
    let dotted =
        word.windows(3).any(|three| three[0].is_ascii_lowercase() && three[1] == b'.' && three[2].is_ascii_uppercase());
    entity
        || conversion
        || note
        || object
        || dotted && word.contains(&b'*')
        || word.starts_with(b"0x")
        || word.starts_with(b"nt!")
}

/// Letters of both sizes, digits and marks that change places all the time.
fn is_scrambled(word: &[u8]) -> bool {
    let class = |byte: u8| match byte {
        b'a'..=b'z' => Some(0),
        b'A'..=b'Z' => Some(1),
        b'0'..=b'9' => Some(2),
        b'!' | b'#' | b'$' | b'%' | b'&' | b'*' | b'^' | b'~' | b'@' | b'?' | b'(' | b')' | b'{' | b'}' | b'['
        | b']' => Some(3),
        b'-' | b'_' | b'.' | b'+' | b'=' | b'/' | b',' | b';' | b':' => Some(4),
        _ => None,
    };
    let mut counts = [0_usize; 5];
    let (mut turns, mut run, mut longest, mut last) = (0, 0, 0, 9);
    for &byte in word {
        let Some(class) = class(byte) else { return false };
        counts[class] += 1;
        run = if class == last { run + 1 } else { 1 };
        turns += usize::from(class != last);
        longest = longest.max(run);
        last = class;
    }
    counts[..4].iter().all(|count| *count > 0)
        && counts[4] <= 2
        && longest <= 4
        && turns >= 6 + usize::from(counts[3] == 1)
        && turns * 2 >= word.len()
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
