//! What a value must be for its kind of name: passwords go easily, tokens and keys have to look like some.

use crate::facts::candidate::Facts;
use crate::facts::said::is_directive;
use crate::facts::values;
use crate::lexicon::names::Kind;
use crate::text::separator::Tie;

pub(crate) fn is_token(f: &Facts<'_, '_>) -> bool {
    !matches!(f.candidate.kind(), None | Some(Kind::Password | Kind::Code | Kind::Secret))
}

/// Most facts are `"key": "started_at"`.
pub(crate) fn is_too_short(f: &Facts<'_, '_>) -> bool {
    f.shape.len < if f.candidate.kind() == Some(Kind::Password) { 5 } else { 12 }
}

pub(crate) fn is_weak_hex(f: &Facts<'_, '_>) -> bool {
    matches!(f.candidate.kind(), Some(Kind::Session | Kind::Token))
        && f.shape.len >= 16
        && f.shape.distinct >= 6
        && f.value().iter().all(u8::is_ascii_hexdigit)
}

/// Keys of caches, rows and records are hashes and ids as well; the secret id of a Vault role is a UUID.
pub(crate) fn is_weak_random(f: &Facts<'_, '_>) -> bool {
    let value = f.value();
    match f.candidate.term() {
        "secretid" => f.shape.len == 36 && values::is_id(value),
        "key" => {
            f.shape.len >= 16
                && memchr::memchr_iter(b':', value).count() < 2
                && !values::is_id(value)
                && values::looks_random(value)
        }
        _ => !values::is_id(value) && values::looks_random(value),
    }
}

/// `pass: 12, fail: 3` counts; `pw` and `pass` also abbreviate other things.
pub(crate) fn is_abbreviated(f: &Facts<'_, '_>) -> bool {
    let short = matches!(f.candidate.term(), "pass" | "pw" | "ww" | "cred" | "creds" | "credential" | "credentials");
    let plain = f.shape.digit == 0 && f.shape.symbol == 0;
    short && (plain || f.shape.digit == f.shape.len && f.shape.len < 5)
}

/// Nothing else could follow the name here.
pub(crate) fn is_bound(f: &Facts<'_, '_>) -> bool {
    let setting = f.candidate.setting;
    matches!(setting.tie, Tie::Assign | Tie::Entry | Tie::Flag | Tie::Element)
        || setting.tie == Tie::Colon
            && setting.quoted
            && !setting.spaced
            && f.shape.digit < f.shape.len
            && f.candidate.term().starts_with('p')
}

/// `| password | v |`: all that the cell holds, and not only letters.
pub(crate) fn is_given(f: &Facts<'_, '_>) -> bool {
    let setting = f.candidate.setting;
    let plain = f.shape.digit == 0 && f.shape.symbol == 0;
    setting.alone
        && (setting.tie == Tie::Colon
            || setting.tie == Tie::Cell && (!plain || setting.quoted || is_directive(f.candidate.term())))
}

/// `482 913`, `A1B2-C3D4`
pub(crate) fn is_code(f: &Facts<'_, '_>) -> bool {
    let shape = &f.shape;
    let grouped = f.value().iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b' '));
    grouped
        && shape.len <= 64
        && ((shape.digit >= 3 && shape.digit == shape.len - shape.symbol - shape.blank)
            || (shape.digit >= 2 && shape.len >= 6))
}

pub(crate) fn is_bare(f: &Facts<'_, '_>) -> bool {
    matches!(f.candidate.setting.tie, Tie::Colon | Tie::Cell) && !f.candidate.setting.quoted
}

pub(crate) fn is_key_alone(f: &Facts<'_, '_>) -> bool {
    let (value, shape) = (f.value(), &f.shape);
    (shape.digit > 0 || shape.len >= 16)
        && (f.candidate.setting.alone || values::looks_random(value))
        && !values::is_everyday(value, shape)
}

pub(crate) fn is_long_number(f: &Facts<'_, '_>) -> bool {
    f.shape.len >= 12 || f.shape.len >= 6 && !matches!(f.candidate.setting.tie, Tie::Colon | Tie::Cell)
}

pub(crate) fn is_token_alone(f: &Facts<'_, '_>) -> bool {
    let (value, shape) = (f.value(), &f.shape);
    shape.len >= 6
        && shape.digit > 0
        && (f.candidate.setting.alone || values::looks_random(value))
        && !crate::facts::everyday::is_time(f)
        || shape.len >= 20 && !values::is_everyday(value, shape)
}

pub(crate) fn is_token_like(f: &Facts<'_, '_>) -> bool {
    let (value, shape) = (f.value(), &f.shape);
    let everyday = || values::is_everyday(value, shape);
    let plain = shape.digit == 0 && (shape.symbol == 0 || everyday());
    shape.len >= 4 && (!plain || shape.len >= 16 && !everyday())
}

/// `&code=…`, `?sig=…`
pub(crate) fn is_parameter(f: &Facts<'_, '_>) -> bool {
    let shape = &f.shape;
    match f.candidate.kind() {
        Some(Kind::Code) => shape.len >= 20 || shape.len >= 8 && shape.letters_and_digits() && shape.lower != 0,
        _ => shape.len >= 8 && shape.letters_and_digits(),
    }
}
