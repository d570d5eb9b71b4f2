//! What a person can see of a text, by the properties that Unicode gives its characters.

use icu_properties::{
    CodePointMapData, CodePointMapDataBorrowed, CodePointSetData, CodePointSetDataBorrowed,
    props::{DefaultIgnorableCodePoint, GeneralCategory, PrependedConcatenationMark},
};

const DEFAULT_IGNORABLE: CodePointSetDataBorrowed<'static> = CodePointSetData::new::<DefaultIgnorableCodePoint>();
const PREPENDED: CodePointSetDataBorrowed<'static> = CodePointSetData::new::<PrependedConcatenationMark>();
const CATEGORY: CodePointMapDataBorrowed<'static, GeneralCategory> = CodePointMapData::<GeneralCategory>::new();

/// Graphic characters whose picture is empty, which no property of Unicode says: BRAILLE PATTERN BLANK,
/// KHITAN SMALL SCRIPT FILLER, MUSICAL SYMBOL NULL NOTEHEAD.
const EMPTY_PICTURES: [char; 3] = ['\u{2800}', '\u{16FE4}', '\u{1D159}'];

/// Whether nothing can be seen in a text: it is empty, or holds nothing but characters that leave no mark.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.chars().all(is_invisible)
}

/// Whether a character leaves no mark where it stands alone: white space, default-ignorable code points (zero-width
/// characters, fillers, variation selectors, tags; Unicode, `DerivedCoreProperties.txt`), the other format characters
/// but for those that are drawn around what follows them, and a few empty pictures. Control characters that are no
/// white space do not count: a text shows U+FFFD for them.
#[must_use]
pub fn is_invisible(character: char) -> bool {
    let format = || CATEGORY.get(character) == GeneralCategory::Format && !PREPENDED.contains(character);
    character.is_whitespace()
        || DEFAULT_IGNORABLE.contains(character)
        || EMPTY_PICTURES.contains(&character)
        || format()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_characters_that_leave_no_mark_is_blank() {
        for blank in [
            "",
            " ",
            "\t\r\n",
            "\u{b}\u{c}\u{85}",
            "\u{a0}",
            "\u{3000}",
            "\u{2028}\u{2029}",
            "\u{200b}",
            "\u{200d}",
            "\u{ad}",
            "\u{34f}",
            "\u{61c}",
            "\u{115f}\u{1160}",
            "\u{17b4}",
            "\u{180e}",
            "\u{202e}",
            "\u{2060}\u{feff}",
            "\u{2065}",
            "\u{2800}",
            "\u{3164}",
            "\u{fe0f}",
            "\u{ffa0}",
            "\u{fff9}\u{fffb}",
            "\u{13430}",
            "\u{16fe4}",
            "\u{1d159}",
            "\u{1d173}",
            "\u{e0041}\u{e007f}",
            "\u{e0100}",
        ] {
            assert!(is_blank(blank), "{}", blank.escape_unicode());
        }
    }

    #[test]
    fn a_text_with_one_character_that_is_drawn_is_not_blank() {
        for seen in [
            "x",
            ".",
            "\u{200b}x\u{200b}",
            "\u{2764}\u{fe0f}",
            "\u{fffd}",
            "\u{fffc}",
            "\u{301}",
            "\u{600}",
            "\u{70f}",
            "\0",
            "\u{1b}",
        ] {
            assert!(!is_blank(seen), "{}", seen.escape_unicode());
        }
    }
}
