//! What becomes of a text that was pasted from a terminal, a log or a web page.
//!
//! Terminal escape sequences are taken out, white space around the text is trimmed, and control characters become
//! U+FFFD, which also keeps NUL away from databases that refuse it. Nothing else is changed.

use std::{borrow::Cow, sync::LazyLock};

use regex::Regex;

/// Escape sequences as ECMA-48 defines them. A string that does not end on its line loses its introducer only, so that
/// nothing of what follows is lost with it. The 8-bit introducer of a control sequence counts where parameters follow:
/// elsewhere it is a quotation mark of Windows-1252 that was decoded wrongly.
static ESCAPE_SEQUENCES: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"(?x)
          \x1B \[ [0-?]* [\x20-/]* [@-~]                        # control sequence (5.4)
        | \x{9B} [0-?]+ [@-~]                                   # control sequence, 8-bit introducer
        | (?: \x1B [PX\]^_] | [\x{90}\x{98}\x{9D}-\x{9F}] )     # control string (5.6): DCS, SOS, OSC, PM, APC
          [^\p{Cc}]* (?: \x1B \\ | \x{9C} | \x07 )              # BEL ends it too, as xterm has it
        | \x1B [\x20-/]* [0-~]                                  # escape sequence (5.3; ECMA-35, 13.2)
    ";
    Regex::new(pattern).unwrap_or_else(|error| unreachable!("a constant pattern: {error}"))
});

/// A text of several lines: line breaks (CR, LF) and tabs are kept.
#[must_use]
pub fn lines(text: &str) -> String {
    if is_plain(text) {
        return text.trim().to_owned();
    }
    let kept = |c: char| if c.is_control() && !is_break_or_tab(c) { char::REPLACEMENT_CHARACTER } else { c };
    uncoloured(text).trim().chars().map(kept).collect()
}

/// A text of one line: a run of line breaks and tabs is one blank.
#[must_use]
pub fn one_line(text: &str) -> String {
    if is_plain(text) {
        return text.trim().to_owned();
    }
    let text = uncoloured(text);
    let mut line = String::with_capacity(text.len());
    let mut in_run = false;
    for character in text.trim().chars() {
        match character {
            c if is_break_or_tab(c) => {
                if !in_run {
                    line.push(' ');
                }
            }
            c if c.is_control() => line.push(char::REPLACEMENT_CHARACTER),
            c => line.push(c),
        }
        in_run = is_break_or_tab(character);
    }
    line
}

/// Whether a text holds nothing that anything becomes of: ASCII without control characters.
fn is_plain(text: &str) -> bool {
    // All are looked at: that takes fewer steps than stopping at one.
    text.bytes().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~'))
}

fn uncoloured(text: &str) -> Cow<'_, str> {
    ESCAPE_SEQUENCES.replace_all(text, "")
}

/// CR, LF, the line and the paragraph separator, and the tab. The other control characters that some call line breaks
/// (VT, FF, NEL) reach a text by mistake more often than by intent.
fn is_break_or_tab(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_go_and_the_text_around_them_stays() {
        for (pasted, expected) in [
            ("\u{1b}[31mERROR\u{1b}[0m sync", "ERROR sync"),
            ("\u{1b}[1;38;5;196mred\u{1b}[m", "red"),
            ("\u{1b}[38:2::255:0:0mred", "red"),
            ("\u{1b}[?25lbusy\u{1b}[2K\u{1b}[1 q", "busy"),
            ("\u{1b}]0;title\u{7}prompt", "prompt"),
            ("\u{1b}]8;;https://a.example\u{1b}\\link\u{1b}]8;;\u{1b}\\!", "link!"),
            ("\u{1b}P1$r0m\u{1b}\\a\u{1b}^pm\u{1b}\\b\u{1b}_apc\u{1b}\\c\u{1b}Xsos\u{1b}\\d", "abcd"),
            ("\u{1b}(B\u{1b}[m\u{1b}7\u{1b}=x\u{1b}c", "x"),
            ("\u{9b}31mred\u{9b}0m", "red"),
            ("\u{9d}0;Title ä\u{9c}x\u{90}q\u{9c}y\u{9f}z\u{9c}", "xy"),
            ("größe \u{1b}[1m✓ 山\u{1b}[22m", "größe ✓ 山"),
        ] {
            assert_eq!(lines(pasted), expected, "{}", pasted.escape_debug());
            assert_eq!(one_line(pasted), expected, "{}", pasted.escape_debug());
        }
    }

    #[test]
    fn what_does_not_end_takes_nothing_along() {
        for (pasted, expected) in [
            ("\u{1b}]0;title and the rest", "0;title and the rest"),
            ("\u{1b}]0;one\ntwo\u{7}", "0;one\ntwo\u{fffd}"),
            ("\u{1b}P never ends", "never ends"),
            ("\u{1b}[31", "31"),
            ("\u{1b}[31ü", "31ü"),
            ("end \u{1b}", "end \u{fffd}"),
            ("\u{1b}\u{1b}[0m[31m", "\u{fffd}[31m"),
            ("\u{9d}0;title", "\u{fffd}0;title"),
            ("\u{9b}Zitat\u{9b}", "\u{fffd}Zitat\u{fffd}"),
        ] {
            assert_eq!(lines(pasted), expected, "{}", pasted.escape_debug());
        }
    }

    #[test]
    fn many_introducers_without_an_end_are_read_once() {
        for introducer in ["\u{1b}]", "\u{9d}", "\u{1b}P", "\u{9b}1;", "\u{1b}[", "\u{1b} "] {
            let text = introducer.repeat(1_000_000 / introducer.len());
            assert!(!lines(&text).contains('\u{1b}'));
        }
    }

    #[test]
    fn text_that_only_tells_of_escape_sequences_stays() {
        for text in ["\\u001b[31mred", "^[[31mred", "[31mred", "\\033[0m", "#[fg=red]", "a[0]; b]0;c"] {
            assert_eq!(lines(text), text);
            assert_eq!(one_line(text), text);
        }
    }

    #[test]
    fn one_line_has_a_blank_for_a_run_of_line_breaks_and_tabs() {
        assert_eq!(one_line(" a\r\n\t\n\tb\u{2028}\u{2029}c  d \n"), "a b c  d");
        assert_eq!(one_line("a \n b"), "a   b");
        assert_eq!(one_line("a\n\u{1b}[0m\nb"), "a b");
        assert_eq!(lines("\n a\r\n\t\n\tb\u{2028}c \n"), "a\r\n\t\n\tb\u{2028}c");
    }

    #[test]
    fn every_other_control_character_becomes_a_replacement_character() {
        for control in ('\0'..='\u{9f}').filter(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{1b}')) {
            let text = format!("a{control}é");
            assert_eq!(lines(&text), "a\u{fffd}é", "{control:?}");
            assert_eq!(one_line(&text), "a\u{fffd}é", "{control:?}");
        }
    }
}
