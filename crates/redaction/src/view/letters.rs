//! Letters that look like others, and characters that cannot be seen.

use std::ops::Range;

use icu_properties::{CodePointSetData, props::DefaultIgnorableCodePoint};
use unicode_normalization::{UnicodeNormalization as _, char::compose};

use crate::lexicon::lists::LOOK_ALIKES;

use super::written::Seen;

/// So far a word is looked at around one of its letters.
const WORD: usize = 32;

/// What a person sees of the character at `at`, where it is not the character itself. Nothing before `done` is looked
/// at.
pub(super) fn letter(text: &[u8], at: usize, done: usize) -> Option<Seen> {
    let character = first(&text[at..])?;
    let range = at..at + character.len_utf8();
    if is_invisible(character) {
        return Some(Seen::nothing(range));
    }
    match character {
        '\u{2028}' | '\u{2029}' => return Seen::character(range, '\n'),
        // What stands for bytes that could not be read.
        '\u{fffd}' => return Some(Seen::nothing(range)),
        '\u{2013}' | '\u{2014}' => return dash(text, range),
        // A hyphen, and the frame of a table: lines across, upright ones, and where they meet.
        '\u{2010}' | '\u{2011}' | '\u{2212}' | '\u{2500}' | '\u{2501}' | '\u{2504}' | '\u{2505}' | '\u{2550}' => {
            return Seen::character(range, '-');
        }
        '\u{2502}' | '\u{2503}' | '\u{2506}' | '\u{2507}' | '\u{2551}' => return Seen::character(range, '|'),
        '\u{250c}'..='\u{2570}' => return Seen::character(range, '+'),
        _ if character.is_whitespace() => return Seen::character(range, ' '),
        _ => {}
    }
    if let Some(base) = last(&text[done..at])
        && let Some(composed) = compose(base, character)
    {
        return Seen::character(at - base.len_utf8()..range.end, composed);
    }
    if let Ok(found) = LOOK_ALIKES.binary_search_by_key(&character, |(other, _)| *other) {
        return if stands_among_ours(text, &range) { Seen::character(range, LOOK_ALIKES[found].1) } else { None };
    }
    let plain: Vec<char> = std::iter::once(character).nfkc().collect();
    let folded = plain.iter().all(|character| character.is_ascii_graphic() || *character == ' ');
    if folded { Seen::characters(range, &plain) } else { None }
}

/// What shows nothing wherever it stands.
pub(super) fn is_invisible(character: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character)
}

/// `—user`, `–p`: a word processor's dash in front of an option.
fn dash(text: &[u8], range: Range<usize>) -> Option<Seen> {
    let is_dash = |bytes: &[u8]| matches!(bytes, [0xe2, 0x80, 0x93 | 0x94]);
    let before = &text[..range.start];
    let doubled =
        is_dash(&before[before.len().saturating_sub(3)..]) || text.get(range.end..range.end + 3).is_some_and(is_dash);
    if doubled {
        return Seen::character(range, '-');
    }
    let alone = before.last().is_none_or(u8::is_ascii_whitespace);
    let letters = text[range.end..].iter().take(2).take_while(|byte| byte.is_ascii_alphabetic()).count();
    match (alone, letters) {
        (true, 1) => Seen::character(range, '-'),
        (true, 2..) => Seen::characters(range, &['-', '-']),
        _ => None,
    }
}

/// A letter of ours stands in the same word.
fn stands_among_ours(text: &[u8], range: &Range<usize>) -> bool {
    let in_word = |byte: &&u8| byte.is_ascii_alphabetic() || **byte >= 0x80;
    let before = text[..range.start].iter().rev().take(WORD).take_while(in_word);
    let after = text[range.end..].iter().take(WORD).take_while(in_word);
    before.chain(after).any(u8::is_ascii_alphabetic)
}

/// The character that the bytes begin with.
fn first(bytes: &[u8]) -> Option<char> {
    let chunk = bytes[..bytes.len().min(4)].utf8_chunks().next()?;
    chunk.valid().chars().next()
}

/// The character that the bytes end with.
fn last(bytes: &[u8]) -> Option<char> {
    let tail = &bytes[bytes.len().saturating_sub(4)..];
    (0..tail.len()).rev().find_map(|from| {
        let character = first(&tail[from..])?;
        (character.len_utf8() == tail.len() - from).then_some(character)
    })
}

#[cfg(test)]
mod tests {
    use crate::lexicon::lists::LOOK_ALIKES;

    #[test]
    fn letters_that_look_like_ours_are_in_order() {
        assert!(LOOK_ALIKES.is_sorted_by_key(|(other, _)| *other));
    }
}
