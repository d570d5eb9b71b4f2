//! `p a s s w o r d`: a blank behind each letter, as programs show UTF-16 that they take for single bytes, and as
//! people write what shall be read letter by letter.

use super::written::{Map, Writer};

/// Fewer letters in a row are a list.
const LETTERS: usize = 8;

/// The text with such letters closed up; `None` where there are none.
pub(super) fn close(text: &[u8]) -> Option<(Vec<u8>, Map)> {
    let mut writer: Option<Writer<'_>> = None;
    let (mut at, mut done) = (0, 0);
    // Of a run of so many letters, one probe of six bytes falls inside.
    while let Some([first, second, third, fourth, ..]) = text.get(at..at + 6) {
        let (here, there) = (at, at + 1);
        at += LETTERS;
        let probe = match (*first == b' ' && *third == b' ', *second == b' ' && *fourth == b' ') {
            (true, _) => there,
            (_, true) => here,
            _ => continue,
        };
        if !alternates(text, probe) {
            continue;
        }
        let (start, end) = run(text, probe, done);
        at = at.max(end);
        done = end;
        let letters = (start..end).step_by(2).filter(|at| text[*at] != b' ').count();
        if letters >= LETTERS {
            let writer = writer.get_or_insert_with(|| Writer::new(text));
            (start + 1..end).step_by(2).for_each(|blank| writer.skip(&(blank..blank + 1)));
        }
    }
    writer.and_then(Writer::finish)
}

/// A letter, a blank, a letter, a blank, a letter.
fn alternates(text: &[u8], at: usize) -> bool {
    matches!(text[at..], [a, b' ', b, b' ', c, ..] if [a, b, c].iter().all(u8::is_ascii_graphic))
}

/// The run around `at`, not further back than `floor`: from a letter to behind the blank that follows the last one. Two
/// blanks stand for one, three are another column.
fn run(text: &[u8], at: usize, floor: usize) -> (usize, usize) {
    let letter = |at: usize| text[at].is_ascii_graphic() || matches!(text[at], b' ' | b'\r' | b'\n');
    let pair = |at: usize| letter(at) && text[at + 1] == b' ';
    let wide = |at: usize| text[at] == b' ' && text[at + 2..].first() == Some(&b' ');
    let mut start = at;
    while start >= floor + 2 && pair(start - 2) && !wide(start - 2) {
        start -= 2;
    }
    let mut end = at;
    while end + 1 < text.len() && pair(end) && !wide(end) {
        end += 2;
    }
    // A letter at the end of the text or the line has no blank behind it.
    if text.get(end).is_some_and(u8::is_ascii_graphic) { (start, end + 1) } else { (start, end) }
}
