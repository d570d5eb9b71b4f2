//! What the text around a candidate says is no secret after all, whatever it looks like.

use std::ops::Range;

use crate::facts::candidate::Facts;
use crate::facts::values::starts_with_ignoring_case;
use crate::text::scan;

/// Longer values were taken for what they are, not for where they stand.
const LONGEST: usize = 200;

pub(crate) fn is_denied(f: &Facts<'_, '_>) -> bool {
    let (text, span) = (f.candidate.text, f.candidate.start..f.candidate.end);
    span.len() <= LONGEST
        && (is_sealed(text, span.start)
            || is_tail(text, &span)
            || is_checksum(text, &span)
            || is_commit(text, &span)
            || is_test_or_link(&text[span.clone()])
            || is_days(text, &span)
            || is_default_name(text, span.start)
            || is_field_of_log(text, &span))
}

/// `secure: v1:LFjc0GGkWW2o4YFb:wkX7…`: encrypted by Pulumi.
fn is_sealed(text: &[u8], start: usize) -> bool {
    if start == 0 || text[start - 1] != b':' {
        return false;
    }
    let before = &text[scan::line_start(text, start, 60)..start];
    scan::find(before, b"secure: v1:").is_some()
}

/// "Last 5 characters of installed product key: 6VVFR": not enough of it to be one.
fn is_tail(text: &[u8], span: &Range<usize>) -> bool {
    const LAST: &[&str] = &["last ", "letzte", "derni", "\u{fa}ltim", "ultim", "laatste"];
    const LETTERS: &[&str] = &[
        "character",
        "digit",
        "zeichen",
        "ziffern",
        "stellen",
        "chiffres",
        "caract",
        "cifre",
        "cijfers",
        "d\u{ed}gitos",
        "tekens",
    ];
    if span.end - span.start > 8 || !text[..span.start].trim_ascii_end().ends_with(b":") {
        return false;
    }
    let before = &text[scan::line_start(text, span.start, 80)..span.start];
    let says = |words: &[&str]| words.iter().any(|word| scan::contains_word(before, word.as_bytes()));
    says(LAST) && says(LETTERS)
}

/// `SecureToken: 66e883af…` among the checksums of pods, `"key": "…", "expired_ts": 1693526400000` of a server: ids.
fn is_checksum(text: &[u8], span: &Range<usize>) -> bool {
    let shown = &text[span.start..span.end];
    let after = &text[span.end..text.len().min(span.end + 40)];
    let hex = matches!(shown.len(), 32 | 40 | 64) && shown.iter().all(u8::is_ascii_hexdigit);
    let around = &text[span.start.saturating_sub(1200)..text.len().min(span.end + 1200)];
    after.contains(&b'_') && scan::find(after, b"expired_ts").is_some()
        || hex && scan::find(around, b"CHECKSUM").is_some() && scan::find(around, b"PODFILE").is_some()
}

/// `process.env.SECRET_NAME ?? "badge-printer/smtp"`: what it is called when nobody says otherwise.
fn is_default_name(text: &[u8], start: usize) -> bool {
    let before = &text[start.saturating_sub(40)..start];
    let marks = before.iter().rev().take_while(|b| b"\"'`|?,( ".contains(b)).count();
    marks > 2 && before[..before.len() - marks].ends_with(b"_NAME")
}

/// `PASS tests/test_policy.py::test_password_min_length`, `[Security](#v62-password-security)`
fn is_test_or_link(shown: &[u8]) -> bool {
    shown.iter().any(|byte| matches!(byte, b':' | b']'))
        && (scan::find(shown, b"::test").is_some() || scan::find(shown, b"](").is_some())
}

/// "Nombre maximum de jours entre les changements de mot de passe : 99999"
fn is_days(text: &[u8], span: &Range<usize>) -> bool {
    const DAYS: &[&str] = &["jours", "days", " tage", "d\u{ed}as", "giorni", "dias", "dagen"];
    let shown = &text[span.start..span.end];
    if shown.len() > 5 || !shown.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let before = &text[scan::line_start(text, span.start, 120)..span.start];
    DAYS.iter().any(|word| scan::contains_word(before, word.as_bytes()))
}

/// `Commit:      003cb64f…`
fn is_commit(text: &[u8], span: &Range<usize>) -> bool {
    let shown = &text[span.start..span.end];
    if shown.len() != 40 || !shown.iter().all(u8::is_ascii_hexdigit) {
        return false;
    }
    let before = text[scan::line_start(text, span.start, 60)..span.start].trim_ascii_start();
    ["commit", "revision", "sha:", "head:"].iter().any(|word| starts_with_ignoring_case(before, word.as_bytes()))
}

/// `level=warn msg="secret nearly expired" secret=smtp-relay days_left=6`: the name of an object.
fn is_field_of_log(text: &[u8], span: &Range<usize>) -> bool {
    let shown = &text[span.start..span.end];
    let named =
        shown.contains(&b'-') && shown.iter().all(|b| b.is_ascii_lowercase() || *b == b'-') && shown.len() <= 40;
    if !named || !text[..span.start].ends_with(b"secret=") {
        return false;
    }
    let line = &text[scan::line_start(text, span.start, 300)..scan::line_end(text, span.end, 200)];
    [&b"level="[..], b"msg=", b"namespace="].iter().any(|field| scan::find(line, field).is_some())
}
