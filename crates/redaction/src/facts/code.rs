//! What programs put where a secret could stand.

use crate::facts::candidate::Facts;
use crate::facts::values;
use crate::lexicon::names::{Name, classify, is_camel};
use crate::text::scan;
use crate::text::separator::Tie;

fn quoted(f: &Facts<'_, '_>) -> bool {
    f.candidate.setting.quoted
}

/// `pw[:-1]`, `bytes([41])`, `getpw($who)`, `query.token?.trim()`, `Get-Credential`
pub(crate) fn is_code(f: &Facts<'_, '_>) -> bool {
    let (value, setting) = (f.value(), f.candidate.setting);
    if scan::find(value, b"?.").is_some() {
        return true;
    }
    if quoted(f) {
        return false;
    }
    // `password=blue_sky.rain` may be one: without blanks around, only what calls or has a path is code.
    let built = value.contains(&b'(') || scan::find(value, b"::").is_some();
    let bound = setting.tie == Tie::Assign && !setting.spaced;
    let code = || values::is_code(value) && (built || !bound && (is_camel(value) || !value.contains(&b'.')));
    is_call(value) || code() || setting.spaced && is_cmdlet(value.strip_prefix(b"(").unwrap_or(value))
}

fn is_call(value: &[u8]) -> bool {
    let name = value.iter().take_while(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'.')).count();
    name >= 2 && matches!(value.get(name), Some(b'(' | b'['))
}

/// `Get-Credential`, `ConvertTo-SecureString`: a command of PowerShell.
fn is_cmdlet(value: &[u8]) -> bool {
    let mut parts = value.split(|b| *b == b'-');
    let word = |part: Option<&[u8]>| {
        part.is_some_and(|part| {
            part.first().is_some_and(u8::is_ascii_uppercase) && part.iter().all(u8::is_ascii_alphabetic)
        })
    };
    word(parts.next()) && word(parts.next()) && parts.next().is_none()
}

/// `{...e,password:t}`: what a minifier leaves of a name.
pub(crate) fn is_name(f: &Facts<'_, '_>) -> bool {
    let value = f.value();
    value.len() == 1 && !quoted(f) && f.candidate.setting.tie == Tie::Colon && value[0].is_ascii_lowercase()
}

/// `password = newPassword`, `token: authToken`, `password || password.length`: named after what it holds.
pub(crate) fn is_variable(f: &Facts<'_, '_>) -> bool {
    let value = f.value();
    if quoted(f) {
        return false;
    }
    let first = value.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    let member = value.get(first) == Some(&b'.') && value[first + 1..].iter().all(u8::is_ascii_alphabetic);
    if member && value.len() > first + 1 && classify(&value[..first]).is_some_and(|name| name.strong) {
        return true;
    }
    let long =
        |name: Name| name.term.len() >= 5 && !name.term.ends_with("pass") && !name.term.ends_with("pw") && name.strong;
    f.shape.digit == 0
        && !matches!(f.candidate.setting.tie, Tie::Flag | Tie::Element)
        && value.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-' | b'>'))
        && classify(value).is_some_and(long)
}

/// `secret="ci/builder-token-x7k2p"`, `--secret id=npmrc`: what a key is called.
pub(crate) fn is_label(f: &Facts<'_, '_>) -> bool {
    let value = f.value();
    let object = f.shape.upper == 0
        && memchr::memchr_iter(b'/', value).count() == 1
        && value.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'/' | b'.'))
        && ["token", "secret", "cred", "key", "pass"].iter().any(|word| scan::find(value, word.as_bytes()).is_some());
    object || f.candidate.setting.tie == Tie::Flag && value.starts_with(b"id=")
}
