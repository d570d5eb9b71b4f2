//! What the text beside a candidate says of it.

use crate::facts::candidate::{Claim, Facts, Setting};
use crate::lexicon::names::classify;
use crate::lexicon::roles::{Role, has};
use crate::lexicon::things::{DENIAL, names_object};
use crate::text::scan::{self, skip_blanks};
use crate::text::separator::{Separator, Tie};
use crate::text::value::Value;

/// `"format": "password", "minLength": 8`: what follows is the next name. `['pass', 'word'].join('')`, `:'variable'`
/// of SQL, `password: Zeroizing<String>`: code.
pub(crate) fn is_member(f: &Facts<'_, '_>) -> bool {
    let (text, end, setting) = (f.candidate.text, f.candidate.end, f.candidate.setting);
    let closing = text[end..].iter().take(6).take_while(|b| b"\\\"'".contains(b)).count();
    let next = skip_blanks(text, end + closing, 4);
    let key = || setting.tie == Tie::Comma && (text.get(next) == Some(&b':') || text[next..].starts_with(b"].join("));
    let variable = || text[..f.candidate.start.saturating_sub(1)].ends_with(b" :");
    let generic = || {
        f.shape.lower + f.shape.upper == f.shape.len
            && f.value()[0].is_ascii_uppercase()
            && matches!(text[end..], [b'<', b'A'..=b'Z', ..])
    };
    f.candidate.claim == Claim::Assigned
        && if setting.quoted { key() || variable() } else { setting.tie == Tie::Colon && generic() }
}

/// `sk_test_...`
pub(crate) fn is_cut(f: &Facts<'_, '_>) -> bool {
    let rest = &f.candidate.text[f.candidate.end..];
    f.candidate.claim == Claim::Assigned
        && f.candidate.end - f.candidate.start < 16
        && (rest.starts_with(b"...") || rest.starts_with("\u{2026}".as_bytes()))
}

/// `=[maskiert]`, `: [AWS SECRET KEY]`
pub(crate) fn is_masked(f: &Facts<'_, '_>) -> bool {
    let letters = |value: &[u8]| value.iter().all(|b| b.is_ascii_alphabetic() || *b == b'_' || *b >= 0x80);
    f.candidate.text[..f.candidate.start].ends_with(b"[") && !f.candidate.setting.quoted && letters(f.value())
}

/// `exec: "docker-credential-desktop": executable file not found`
pub(crate) fn is_caption(f: &Facts<'_, '_>) -> bool {
    let setting = f.candidate.setting;
    setting.tie == Tie::Entry && !setting.quoted && !setting.alone && f.shape.lower + f.shape.upper == f.shape.len
}

/// Longer values were taken for what they are, not for where they stand.
const LONGEST: usize = 200;

/// "Last 5 characters of installed product key: 6VVFR", `Commit: 003cb64f…`, `PASS tests/a.py::test_b`,
/// `level=warn secret=smtp-relay`
pub(crate) fn is_denied(f: &Facts<'_, '_>) -> bool {
    let (text, start, end) = (f.candidate.text, f.candidate.start, f.candidate.end);
    if end - start > LONGEST {
        return false;
    }
    let before = &text[scan::line_start(text, start, 80)..start];
    let before = before.rsplit(|b| *b == b';').next().unwrap_or_default();
    let object = before.ends_with(b"secret=") && text[start..end].iter().all(|b| b.is_ascii_lowercase() || *b == b'-');
    DENIAL.is_match(before)
        || scan::find(&text[start..end], b"::test").is_some()
        || object && scan::find(before, b"level=").is_some()
}

/// `pass=212 fail=3`, `"pass": "212", "fail": "3"`, and below `suite;pass;fail`: so many passed, so many failed.
pub(crate) fn is_tallied(f: &Facts<'_, '_>) -> bool {
    if f.shape.digit != f.shape.len || f.shape.len > 5 {
        return false;
    }
    let (text, start, end) = (f.candidate.text, f.candidate.start, f.candidate.end);
    let words = |line| <[u8]>::split(line, |b: &u8| !b.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    // A cell does not know its name; the heading has both.
    if matches!(f.candidate.claim, Claim::Cell | Claim::Aligned) {
        let says = |line, word: &[u8]| words(line).any(|other| other.eq_ignore_ascii_case(word));
        let above = &text[start.saturating_sub(4096)..start];
        return above.split(|b| *b == b'\n').any(|line| says(line, b"pass") && says(line, b"fail"));
    }
    // `pass=4711 fail` tells of a login: what failed is counted as well.
    let mut beside = words(&text[scan::line_start(text, start, 40)..text.len().min(end + 40)]);
    f.candidate.term() == "pass"
        && beside.any(|word| word.eq_ignore_ascii_case(b"fail"))
        && beside.next().is_some_and(|count| count.iter().all(u8::is_ascii_digit))
}

/// "das Passwort für Einkauf2", "le mot de passe pour la Compta2": what the password opens, if it is no more than a name.
/// `existingSecret: pg-App01`, `{{ vault_become_pass2 }}`: what an object or a variable is called.
pub(crate) fn is_opened(f: &Facts<'_, '_>) -> bool {
    let (text, value) = (f.candidate.text, f.value());
    let before = &text[scan::line_start(text, f.candidate.start, 80)..f.candidate.start];
    // `--set smtp.existingSecret=smtp-App2`: a stretch of a sentence may begin in front of the name.
    let tied = memchr::memchr(b'=', value).map_or(before, |tie| &value[..tie]);
    let mut words = before.split(|b| *b == b' ').rev().skip(1).skip_while(|word| has(word, Role::Article));
    names_object(tied)
        || before.ends_with(b"{{ ")
        || f.shape.symbol == 0
            && words.next().is_some_and(|word| has(word, Role::Purpose))
            && words.next().and_then(classify).is_some_and(|name| name.strong)
}

/// How a value stands, seen from its tie and what follows it.
pub(crate) fn setting(text: &[u8], separator: Separator, value: Value) -> Setting {
    let next = skip_blanks(text, value.end, 40);
    let blank = next > value.end;
    let alone = match text.get(next) {
        None => true,
        Some(byte) if b"\n\r,;|)]}\\<\"'`*".contains(byte) => true,
        Some(b'#' | b'/' | b'(' | b'-') => blank,
        Some(b'&') => !blank,
        Some(b'.' | b':' | b'!' | b'?') => text.get(next + 1).is_none_or(u8::is_ascii_whitespace),
        _ => false,
    };
    Setting { tie: separator.tie, quoted: value.quoted, spaced: separator.spaced, alone }
}
