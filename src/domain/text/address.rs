//! What counts as an e-mail address: one pattern, which the service goes by and the OpenAPI document publishes.

use std::sync::LazyLock;

use regex::Regex;

use super::visible::is_invisible;

/// What may stand around an address and means nothing: what cannot be seen, as far as it is in the Basic Multilingual
/// Plane (`is_invisible`, held to it by a test). By number, because every dialect of regular expressions has sets of
/// its own; without what is beyond, because some cannot say it. The byte order mark stands between its two neighbours,
/// which nothing is assigned to: source code that is generated with this pattern in it must not hold the mark.
const UNSEEN: &str = concat!(
    r"\u0009-\u000d\u0020\u0085\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f",
    r"\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufefe-\uff00\uffa0\ufff0-\ufffb",
);

/// A terminal escape sequence: control sequence, control string, or one of the others (see `pasted`).
const ESCAPE: &str = concat!(
    r"\u001b\[[0-?]*[ -\/]*[@-~]|\u009b[0-?]+[@-~]",
    r"|(?:\u001b[PX\]^_]|[\u0090\u0098\u009d-\u009f])[^\u0000-\u001f\u007f-\u009f]*(?:\u001b\\|\u009c|\u0007)",
    r"|\u001b[ -\/]*[0-OQ-WYZ\\`a-~]",
);

/// Characters beyond ASCII (RFC 6531), the same before and behind the @.
const INTERNATIONAL: &str = concat!(
    r"\u00a1-\u00ac\u00ae-\u1fff\u2c00-\u2fff\u3001-\ud7ff",
    r"\uf900-\ufdcf\ufdf0-\ufdff\ufe20-\ufefd\uff01-\uffef",
);

/// The pattern of a text that holds an address, or none, as published. The address is its only group.
pub static EMAIL_PATTERN: LazyLock<String> = LazyLock::new(|| {
    let around = format!("(?:[{UNSEEN}]|{ESCAPE})*");
    // As HTML's <input type=email> has it (the living standard, 4.10.5.1.5), with the lengths of RFC 5321, 4.5.3.1.
    let local = format!(r"[A-Za-z0-9.!#$%&'*+\/=?^_`{{|}}~{INTERNATIONAL}-]{{1,64}}");
    let label = format!("[A-Za-z0-9{INTERNATIONAL}](?:[A-Za-z0-9{INTERNATIONAL}-]{{0,61}}[A-Za-z0-9{INTERNATIONAL}])?");
    for_every_dialect(&format!(r"^{around}(?:({local}@{label}(?:\.{label})*){around})?$"))
});

/// A pattern with each `\uXXXX` as every dialect reads it: up to U+00FF by its two digits, what is beyond as the
/// character itself. PCRE knows no `\u`: a client in PHP that held an address to such a pattern would refuse every one. And readers of
/// YAML, which some read the document as, refuse control characters that stand for themselves.
fn for_every_dialect(pattern: &str) -> String {
    let mut parts = pattern.split(r"\u");
    let mut written = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_at(4);
        let character = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32).unwrap_or_default();
        if character <= '\u{ff}' {
            written.push_str(r"\x");
            written.push_str(&digits[2..]);
        } else {
            written.push(character);
        }
        written.push_str(rest);
    }
    written
}

static EMAIL: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(&EMAIL_PATTERN).unwrap_or_else(|error| unreachable!("a constant pattern: {error}")));

/// The address in a text, without what stands around it; empty where there is nothing; `None` where there is something
/// else.
pub(super) fn find(text: &str) -> Option<&str> {
    let text = text.trim_matches(is_invisible);
    // Nothing of this can stand around an address, so the text is one or has none: to find out takes a tenth of the time.
    if text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return EMAIL.is_match(text).then_some(text);
    }
    let found = EMAIL.captures(text)?;
    Some(found.get(1).map_or("", |address| address.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pattern_knows_what_cannot_be_seen() {
        let unseen = Regex::new(&format!("^[{UNSEEN}]$")).unwrap();
        for character in '\0'..='\u{ffff}' {
            let text = character.to_string();
            let is_neighbour = matches!(character, '\u{fefe}' | '\u{ff00}');
            assert_eq!(unseen.is_match(&text), is_invisible(character) || is_neighbour, "{}", text.escape_unicode());
        }
    }

    #[test]
    fn the_pattern_is_written_so_that_every_dialect_reads_it() {
        assert_eq!(for_every_dialect(r"^[\u0009-\u000d\u00a0-\ud7ff]\.$"), "^[\\x09-\\x0d\\xa0-\u{d7ff}]\\.$");
        assert!(!EMAIL_PATTERN.contains(r"\u") && !EMAIL_PATTERN.contains('\u{feff}'));
    }

    #[test]
    fn an_address_may_be_international_before_and_behind_the_at() {
        for address in [
            "ada@acme.example",
            "x+y@example.com",
            "o'hara@example.co.uk",
            "ada@müller.example",
            "jörg@müller.example",
            "jörg@acme.example",
            "用户@例え.jp",
            "δοκιμή@παράδειγμα.gr",
            "अजय@डाटा.भारत",
            "a@localhost",
            "_@a-b.example",
        ] {
            assert_eq!(find(address), Some(address));
            for around in
                [" ", "\t", "\r\n", "\u{a0}", "\u{200b}\u{feff}", "\u{e0001}", "\u{1b}[1m", "\u{1b}(B", "\u{9b}0m"]
            {
                assert_eq!(find(&format!("{around}{address}{around}")), Some(address), "{}", around.escape_unicode());
            }
            assert_eq!(find(&format!("\u{1b}]8;;mailto:{address}\u{1b}\\{address}\u{1b}]8;;\u{7}")), Some(address));
        }
    }

    #[test]
    fn what_is_no_address_is_none() {
        for other in [
            "a",
            "a@",
            "@b",
            "a b@c.d",
            "a@b@c.d",
            "<a@b.c>",
            "a@-b.c",
            "a@b-.c",
            "a@b..c",
            "a@b.",
            "a@[127.0.0.1]",
            "\"a b\"@c.d",
            "a@b.c\nBcc: x@y.z",
            "a@b\0.c",
            "\0a@b.c",
            "a\u{1b}[1mb@c.d",
            "a@b\u{fffd}.c",
            "a@b\u{200b}.c",
            "a@b.c, d@e.f",
            "mailto:a@b.c",
        ] {
            assert_eq!(find(other), None, "{}", other.escape_debug());
        }
        assert_eq!(find(&format!("{}@b.c", "x".repeat(65))), None);
        assert_eq!(find(&format!("a@{}.c", "x".repeat(64))), None);
    }

    #[test]
    fn nothing_is_found_where_nothing_stands() {
        for blank in ["", " ", "\t\u{a0}\u{200b}", "\u{e0001}", "\u{1b}[0m"] {
            assert_eq!(find(blank), Some(""));
        }
    }
}
