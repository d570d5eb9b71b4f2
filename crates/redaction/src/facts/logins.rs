//! What stands beside a user: in commands, URLs, cells.

use crate::facts::candidate::{Claim, Facts};
use crate::facts::values;
use crate::lexicon::names::classify;

/// `-u 1000:1000`, `-p 8080`: ids of users and ports.
pub(crate) fn is_figured(f: &Facts<'_, '_>) -> bool {
    let text = f.candidate.text;
    let figures = |shown: &[u8]| shown.iter().all(|b| b.is_ascii_digit() || *b == b':');
    match f.candidate.claim {
        Claim::Login => {
            let user = text[..f.candidate.start].iter().rev().take(40).take_while(|b| b.is_ascii_graphic()).count();
            figures(f.value()) && figures(&text[f.candidate.start - user..f.candidate.start])
        }
        _ => figures(f.value()) && f.shape.len < 6,
    }
}

/// `influx -password`, `mysql -port`: a flag of its own; the end of code in backticks.
pub(crate) fn is_other_flag(f: &Facts<'_, '_>) -> bool {
    #[rustfmt::skip]
    const ENDS: &[&[u8]] =
        &[b"assword", b"assphrase", b"asswd", b"ass", b"ath", b"ort", b"rint", b"rogress", b"arallel", b"rofile", b"roject"];
    f.candidate.text[..f.candidate.start].ends_with(b"p") && (ENDS.contains(&f.value()) || f.value().starts_with(b"`"))
}

/// `https://<token>:x-oauth-basic@host`, `-u <token>`
pub(crate) fn is_user(f: &Facts<'_, '_>) -> bool {
    f.shape.len >= 16 && values::looks_random(f.value())
        || f.candidate.announced && f.shape.len >= 12 && values::looks_chosen(f.value())
}

/// `usuario:contraseña@host`, `benutzer:passwort@host`: what belongs there, in words.
pub(crate) fn is_named(f: &Facts<'_, '_>) -> bool {
    f.shape.digit == 0 && classify(f.value()).is_some_and(|name| name.strong && f.shape.len <= name.term.len() + 4)
}

/// A rule of dashes, a sentence, what is escaped; SQL's nothing.
pub(crate) fn is_no_cell(f: &Facts<'_, '_>) -> bool {
    let shape = &f.shape;
    f.value().eq_ignore_ascii_case(b"null")
        || f.candidate.claim == Claim::Cell
            && (shape.lower + shape.upper + shape.digit < 2
                || shape.blank > 1
                || f.value().contains(&b'\\')
                || shape.digit == 0 && shape.symbol == 0 && shape.blank > 0)
}
