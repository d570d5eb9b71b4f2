//! What the text around a candidate says of it.

use crate::facts::candidate::{Claim, Facts, Setting};
use crate::facts::usage;
use crate::text::scan;
use crate::text::separator::{Separator, Tie};
use crate::text::value::Value;

/// Only a value that stands beside its name has such a place.
fn is_assigned(f: &Facts<'_, '_>) -> bool {
    f.candidate.claim == Claim::Assigned
}

fn tie(f: &Facts<'_, '_>) -> Tie {
    f.candidate.setting.tie
}

/// "``password``, ``path``", `['app_id', 'password', 'tenant_id']`
pub(crate) fn is_listed(f: &Facts<'_, '_>) -> bool {
    let text = f.candidate.text;
    is_assigned(f)
        && tie(f) == Tie::Comma
        && (text[..f.candidate.start].ends_with(b"`") || usage::is_list(text, f.candidate.tied_at()))
}

pub(crate) fn is_sealed(f: &Facts<'_, '_>) -> bool {
    is_assigned(f) && usage::is_sealed(f.candidate.text, f.candidate.found())
}

pub(crate) fn is_of_manager(f: &Facts<'_, '_>) -> bool {
    is_assigned(f) && f.candidate.term() == "secret" && usage::is_of_manager(f.candidate.text, f.candidate.tied_at())
}

pub(crate) fn is_api_key(f: &Facts<'_, '_>) -> bool {
    let candidate = f.candidate;
    is_assigned(f)
        && candidate
            .name
            .zip(candidate.separator)
            .is_some_and(|(name, separator)| usage::is_api_key(candidate.text, name, separator, candidate.found()))
}

/// Names of code, members, fields of log lines, variables of a shell for databases.
pub(crate) fn is_source(f: &Facts<'_, '_>) -> bool {
    let candidate = f.candidate;
    if !is_assigned(f) {
        return false;
    }
    let (text, found) = (candidate.text, candidate.found());
    // `:'new_password'`: a variable of psql.
    let quote = candidate.start.saturating_sub(1);
    let variable = found.quoted && quote >= 2 && text[quote - 1] == b':' && text[quote - 2].is_ascii_whitespace();
    !found.quoted && usage::is_constant(text, tie(f), found)
        || usage::is_member(text, tie(f), found)
        || usage::is_field(tie(f), found.quoted, candidate.value)
        || variable
}

pub(crate) fn is_usage(f: &Facts<'_, '_>) -> bool {
    is_assigned(f)
        && f.candidate
            .separator
            .is_some_and(|separator| usage::is_usage(f.candidate.text, separator, f.candidate.found()))
}

/// `sk_test_...`
pub(crate) fn is_cut(f: &Facts<'_, '_>) -> bool {
    let rest = &f.candidate.text[f.candidate.end..];
    is_assigned(f)
        && f.candidate.end - f.candidate.start < 16
        && (rest.starts_with(b"...") || rest.starts_with("\u{2026}".as_bytes()))
}

/// Letters without quotation marks.
fn is_plain(f: &Facts<'_, '_>) -> bool {
    !f.candidate.setting.quoted && f.candidate.value.iter().all(|b| b.is_ascii_alphabetic() || *b == b'_' || *b >= 0x80)
}

/// `senha != confirmacao`: two variables.
pub(crate) fn is_compared(f: &Facts<'_, '_>) -> bool {
    is_assigned(f) && is_plain(f) && f.candidate.text[..f.candidate.tied_at()].trim_ascii_end().ends_with(b"!=")
}

/// `=[maskiert]`
pub(crate) fn is_masked(f: &Facts<'_, '_>) -> bool {
    is_assigned(f)
        && f.candidate.text[..f.candidate.start].ends_with(b"[")
        && is_plain(f)
        && usage::is_words_to_bracket(&f.candidate.text[f.candidate.end..])
}

/// How a value stands, seen from its tie and what follows it.
pub(crate) fn setting(text: &[u8], separator: Separator, value: Value) -> Setting {
    let next = scan::skip_blanks(text, value.end, 40);
    let rest = text.get(next);
    let blank = next > value.end;
    let alone = match rest {
        None
        | Some(
            b'\n' | b'\r' | b',' | b';' | b'|' | b')' | b']' | b'}' | b'\\' | b'<' | b'"' | b'\'' | b'&' | b'`' | b'*',
        ) => true,
        Some(b'#' | b'/' | b'(' | b'-') => blank,
        Some(b'.' | b':' | b'!' | b'?') => text.get(next + 1).is_none_or(u8::is_ascii_whitespace),
        _ => blank && usage::followed_by_pair(text, next),
    };
    // `Don't`
    let alone =
        alone && !(text.get(value.end) == Some(&b'\'') && text.get(value.end + 1).is_some_and(u8::is_ascii_alphabetic));
    Setting { tie: separator.tie, quoted: value.quoted, spaced: separator.spaced, alone }
}
