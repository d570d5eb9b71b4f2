//! What code, forms and packages put where a secret could stand.

use crate::facts::values::{Shape, is_sentence, is_stop_word, looks_random};
use crate::lexicon::names::{Kind, Name, classify};

/// `^9.0.2`, `8.1.0`: what a package with a secret word in its name has.
pub(super) fn is_version(value: &[u8]) -> bool {
    let digits = value
        .strip_prefix(b"^")
        .or_else(|| value.strip_prefix(b"~"))
        .or_else(|| value.strip_prefix(b">="))
        .or_else(|| value.strip_prefix(b"v"))
        .unwrap_or(value);
    // `1:4.13+dfsg1-1+b1`, `0.20.5-3`
    let packaged = digits.first().is_some_and(u8::is_ascii_digit)
        && digits.contains(&b'.')
        && digits.iter().all(|b| b.is_ascii_digit() || b".:+~-".contains(b) || b"dfsgubntrcpelab".contains(b))
        && digits.iter().filter(|b| b.is_ascii_alphabetic()).count() <= 8;
    digits.contains(&b'.') && digits.iter().all(|b| b.is_ascii_digit() || *b == b'.')
        || packaged && digits.iter().any(|b| b"-+".contains(b))
        || value.starts_with(b"workspace:")
}

/// `password = newPassword`, `token: authToken`: a variable named after what it holds.
pub(super) fn names_another(value: &[u8]) -> bool {
    let long =
        |name: Name| name.term.len() >= 5 && !name.term.ends_with("pass") && !name.term.ends_with("pw") && name.strong;
    value.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-' | b'>'))
        && classify(value).is_some_and(long)
}

/// The value is nothing but a word for a secret.
pub(super) fn is_whole(value: &[u8], name: Name) -> bool {
    // `ClientSecret = "client_secret"`, `private_key = "privateKey"`
    let bare = value.iter().filter(|b| !matches!(**b, b'_' | b'-'));
    if bare.clone().count() == name.term.len()
        && bare.zip(name.term.as_bytes()).all(|(one, other)| one.eq_ignore_ascii_case(other))
        && value.iter().skip(1).any(|b| matches!(b, b'_' | b'-') || b.is_ascii_uppercase())
        && value.iter().any(u8::is_ascii_lowercase)
    {
        return true;
    }
    name.kind == Kind::Password && value.len() <= name.term.len() + 2
}

/// `pw[:-1]`, `bytes([41])`, `getpw($who)`: code, not a value.
pub(super) fn is_call_like(value: &[u8]) -> bool {
    let name = value.iter().take_while(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'.')).count();
    name >= 2 && matches!(value.get(name), Some(b'(' | b'['))
}

/// `Get-Credential`, `ConvertTo-SecureString`: a command of PowerShell.
pub(super) fn is_cmdlet(value: &[u8]) -> bool {
    let mut parts = value.split(|b| *b == b'-');
    let word = |part: Option<&[u8]>| {
        part.is_some_and(|part| {
            part.first().is_some_and(u8::is_ascii_uppercase) && part.iter().all(u8::is_ascii_alphabetic)
        })
    };
    word(parts.next()) && word(parts.next()) && parts.next().is_none()
}

/// Passwords so common that they are words of a sentence as well.
pub(super) fn is_famous(value: &[u8]) -> bool {
    ["secret", "default", "custom", "standard", "manual", "temporary"]
        .iter()
        .any(|word| value.eq_ignore_ascii_case(word.as_bytes()))
}

/// A quoted value of several words: a passphrase goes, a message stays.
pub(super) fn quoted_words(name: Name, value: &[u8]) -> bool {
    let first = value.split(|b| *b == b' ').next().unwrap_or_default();
    let last = value[value.len() - 1];
    let message = is_stop_word(first) || matches!(last, b'.' | b'?' | b':') || value.len() > 120;
    // `"senha": "Digite sua senha"`: what a form says.
    if value.split(|b| *b == b' ').any(|word| classify(word).is_some_and(|name| name.strong && name.term.len() >= 5)) {
        return false;
    }
    let inner = value.split(|b| *b == b' ').filter(|word| is_stop_word(word)).count();
    let capital = first.first().is_some_and(u8::is_ascii_uppercase) && is_sentence(value) && inner > 0;
    match name.kind {
        Kind::Password => !message && !capital && inner < 2,
        Kind::Code => value.iter().all(|b| b.is_ascii_digit() || matches!(b, b' ' | b'-')),
        // Salts of PHP: every character there is, blanks among them.
        _ if value.len() >= 32 && Shape::of(value).symbol >= 6 && Shape::of(value).digit >= 3 => true,
        _ => !message && !is_sentence(value) && value.split(|b| *b == b' ').any(looks_random),
    }
}

/// Letters and the marks that captions have: `_vergessen`, `oublié\u{a0}?`, `anzeigen/ausblenden`.
pub(super) fn is_caption(value: &[u8]) -> bool {
    value.iter().all(|b| b.is_ascii_alphabetic() || *b >= 0x80 || b"_/-?!&;:.~".contains(b))
        && !value[..value.len() - 1].contains(&b'!')
}
