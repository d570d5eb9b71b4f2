//! Letters that look like others, and characters that cannot be seen.

use icu_properties::{CodePointSetData, props::DefaultIgnorableCodePoint};
use unicode_normalization::{UnicodeNormalization as _, char::compose};

use super::Seen;

/// Letters of other scripts that look like one of ours. A word that mixes them with ours is written to be overlooked.
const LOOK_ALIKES: &[(char, char)] = &[
    ('а', 'a'),
    ('с', 'c'),
    ('ԁ', 'd'),
    ('е', 'e'),
    ('һ', 'h'),
    ('і', 'i'),
    ('ј', 'j'),
    ('к', 'k'),
    ('о', 'o'),
    ('р', 'p'),
    ('ѕ', 's'),
    ('т', 't'),
    ('у', 'y'),
    ('х', 'x'),
    ('ԝ', 'w'),
    ('А', 'A'),
    ('В', 'B'),
    ('С', 'C'),
    ('Е', 'E'),
    ('К', 'K'),
    ('М', 'M'),
    ('Н', 'H'),
    ('О', 'O'),
    ('Р', 'P'),
    ('Ѕ', 'S'),
    ('Т', 'T'),
    ('Х', 'X'),
    ('ο', 'o'),
    ('α', 'a'),
    ('ρ', 'p'),
    ('ν', 'v'),
    ('ı', 'i'),
];

/// So far a word is looked at around one of its letters.
const WORD: usize = 32;

/// What a person sees of the character at `at`, where it is not the character itself. Nothing before `done` is looked
/// at.
pub(super) fn letter(text: &[u8], at: usize, done: usize) -> Option<Seen> {
    let character = first(&text[at..])?;
    let range = at..at + character.len_utf8();
    if CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character) {
        return Some(Seen::nothing(range));
    }
    match character {
        '\u{2028}' | '\u{2029}' => return Seen::character(range, '\n'),
        _ if character.is_whitespace() => return Seen::character(range, ' '),
        _ => {}
    }
    if let Some(base) = last(&text[done..at])
        && let Some(composed) = compose(base, character)
    {
        return Seen::character(at - base.len_utf8()..range.end, composed);
    }
    if let Some((_, ours)) = LOOK_ALIKES.iter().find(|(other, _)| *other == character) {
        return if stands_among_ours(text, &range) { Seen::character(range, *ours) } else { None };
    }
    let plain: Vec<char> = std::iter::once(character).nfkc().collect();
    let folded = plain.iter().all(|character| character.is_ascii_graphic() || *character == ' ');
    if folded { Seen::characters(range, &plain) } else { None }
}

/// A letter of ours stands in the same word.
fn stands_among_ours(text: &[u8], range: &std::ops::Range<usize>) -> bool {
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
