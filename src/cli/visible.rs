//! Texts that can be printed anywhere: nothing in them moves a cursor, begins a line or turns the writing direction.

use std::fmt::Write as _;

use crate::domain::text::is_invisible;

/// Whether a character may do something to a terminal or a page other than being seen there: control characters,
/// separators of lines and paragraphs, what turns the writing direction, and everything else that cannot be seen and is
/// no white space.
fn is_tricky(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') || (is_invisible(c) && !c.is_whitespace())
}

/// What joins and varies letters and emoji: it stays within the character that it belongs to.
fn is_part_of_a_letter(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// A text for people to read.
pub(super) fn harmless(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\t' => ' ',
            c if is_tricky(c) && !is_part_of_a_letter(c) => '\u{FFFD}',
            c => c,
        })
        .collect()
}

/// Appends JSON with such characters escaped. It means the same: outside its texts JSON has none of them but line feeds
/// and blanks, which stay.
pub(super) fn append_json(out: &mut String, json: &str) {
    let mut units = [0; 2];
    let (mut copied, mut at) = (0, 0);
    while let Some(c) = beyond_plain(&json[at..]).and_then(|found| {
        at += found;
        json[at..].chars().next()
    }) {
        let end = at + c.len_utf8();
        if is_tricky(c) {
            out.push_str(&json[copied..at]);
            for unit in c.encode_utf16(&mut units) {
                // Writing to a string does not fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
            copied = end;
        }
        at = end;
    }
    out.push_str(&json[copied..]);
}

/// Appends a text as JSON, with such characters escaped.
pub(super) fn append_text(out: &mut String, text: &str) {
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
    // All are looked at: that takes fewer steps than stopping at one.
    if text.bytes().fold(0, |found, byte| found | u8::from(!is_plain(byte))) == 0 {
        out.extend(["\"", text, "\""]);
    } else {
        // A text always serializes.
        append_json(out, &serde_json::to_string(text).unwrap_or_default());
    }
}

/// Where the first character is that is DELETE or no ASCII. Most texts have none, so they are looked through in strides.
fn beyond_plain(text: &str) -> Option<usize> {
    const DELETE: u8 = 0x7f;
    const STRIDE: usize = 64;
    let strides = text.as_bytes().chunks(STRIDE);
    let plain =
        strides.take_while(|stride| stride.iter().fold(0, |found, byte| found | u8::from(*byte >= DELETE)) == 0);
    let begin = plain.count() * STRIDE;
    let rest = text.as_bytes().get(begin..)?;
    Some(begin + rest.iter().position(|byte| *byte >= DELETE)?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TRICKY: [char; 16] = [
        '\u{0}',
        '\u{7}',
        '\u{1b}',
        '\u{7f}',
        '\u{80}',
        '\u{85}',
        '\u{9b}',
        '\u{ad}',
        '\u{200b}',
        '\u{200d}',
        '\u{202e}',
        '\u{2028}',
        '\u{2029}',
        '\u{2066}',
        '\u{feff}',
        '\u{e0041}',
    ];

    proptest! {
        #[test]
        fn json_is_the_same_value_with_everything_escaped_that_moves_a_terminal_or_a_line(
            text in proptest::collection::vec(
                prop_oneof![any::<char>(), proptest::sample::select(TRICKY.to_vec())], 0..40)
        ) {
            let text: String = text.into_iter().collect();
            let json = serde_json::to_string(&serde_json::json!({ text.clone(): [text, 1.5] })).unwrap();
            let mut printed = String::new();
            append_json(&mut printed, &json);
            prop_assert!(!printed.contains(TRICKY) && !printed.chars().any(is_tricky), "{}", printed.escape_unicode());
            let (printed, json): (serde_json::Value, serde_json::Value) =
                (serde_json::from_str(&printed).unwrap(), serde_json::from_str(&json).unwrap());
            prop_assert_eq!(printed, json);
            for text in [text.clone(), text.chars().filter(char::is_ascii).collect(), "plain text ".repeat(20) + &text] {
                let mut printed = String::new();
                append_text(&mut printed, &text);
                prop_assert!(!printed.contains(TRICKY) && !printed.chars().any(is_tricky), "{}", printed.escape_unicode());
                prop_assert_eq!(serde_json::from_str::<String>(&printed).unwrap(), text);
            }
        }
    }

    #[test]
    fn people_see_letters_with_their_joiners_and_a_mark_for_what_would_move_the_page() {
        for c in TRICKY {
            let expected = if c == '\u{200d}' { c } else { '\u{fffd}' };
            assert_eq!(harmless(&format!("a{c}b")), format!("a{expected}b"));
        }
        assert_eq!(harmless("ok \u{2764}\u{fe0f} Müller\u{a0}AG\t."), "ok \u{2764}\u{fe0f} Müller\u{a0}AG .");
    }
}
