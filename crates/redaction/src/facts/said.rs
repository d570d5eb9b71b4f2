//! What a value says, read as words.

use crate::facts::candidate::{Claim, Facts};
use crate::facts::values::{self, Shape, is_sentence, looks_random};
use crate::lexicon::names::{Kind, Name, classify};
use crate::text::separator::Tie;

/// Yes and no.
const ANSWERS: &[&str] =
    &["yes", "no", "ja", "nein", "nee", "oui", "non", "si", "s\u{ed}", "sim", "n\u{e3}o", "on", "off", "true"];

/// A plain word, perhaps with the mark that ends its sentence.
pub(crate) fn is_stop_word(f: &Facts<'_, '_>) -> bool {
    let value = f.value();
    let said = value.trim_ascii_end().strip_suffix(b"!").or_else(|| value.strip_suffix(b"?")).unwrap_or(value);
    values::is_stop_word(if f.candidate.name.is_some() { said } else { value })
}

/// `Kennwort_wechsel=nein`: whether there is one.
pub(crate) fn is_answer(f: &Facts<'_, '_>) -> bool {
    let told = |name: Name| name.tail || name.kind == Kind::Password || f.candidate.claim == Claim::Cell;
    f.shape.len <= 4
        && f.candidate.name.is_none_or(told)
        && ANSWERS.iter().any(|answer| f.value().eq_ignore_ascii_case(answer.as_bytes()))
}

/// `required|confirmed|min:12`: what a form asks for.
pub(crate) fn is_asked(f: &Facts<'_, '_>) -> bool {
    ["required|", "nullable|", "sometimes|", "string|"].iter().any(|rule| f.value().starts_with(rule.as_bytes()))
}

/// `"password": "Contraseña"`, `acceso.contrasena=Contraseña`, `ClientSecret = "client_secret"`,
/// `apikey.copia=Copia la chiave`
pub(crate) fn is_translation(f: &Facts<'_, '_>) -> bool {
    let (value, shape, setting) = (f.value(), &f.shape, f.candidate.setting);
    let shown = (setting.quoted || setting.tie == Tie::Element) && shape.symbol <= 1;
    let last = value[value.len() - 1].is_ascii_digit();
    let listed = setting.tie == Tie::Comma && (shape.digit == 0 || shape.digit == 1 && shape.symbol > 0 && last);
    if shape.digit > 0 && !listed {
        return false;
    }
    let begun = f.candidate.kind() == Some(Kind::Secret)
        && setting.tie == Tie::Assign
        && !setting.quoted
        && !setting.alone
        && shape.symbol == 0
        && value[0].is_ascii_uppercase()
        && shape.upper == 1;
    let foreign = value.iter().any(|b| *b >= 0x80);
    begun
        || (shown || listed || foreign)
            && classify(value).is_some_and(|name| setting.tie == Tie::Comma || is_whole(value, name))
}

/// The value is nothing but a word for a secret.
fn is_whole(value: &[u8], name: Name) -> bool {
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

/// Names that only configuration files have: whatever follows them is the value.
pub(crate) fn is_directive(term: &str) -> bool {
    matches!(term, "requirepass" | "masterauth" | "bindpw" | "rootpw" | "userpw" | "dbpw" | "authpass" | "passwd")
}

/// `Passwort _vergessen`, `Mot de passe oublié ?`, `Contraseña FTP/SSH`: what a form or a menu says. `exec:
/// "docker-credential-desktop": executable file not found`
pub(crate) fn is_caption(f: &Facts<'_, '_>) -> bool {
    let (value, setting) = (f.value(), f.candidate.setting);
    let letters = |also: &[u8]| value.iter().all(|b| b.is_ascii_alphabetic() || *b >= 0x80 || also.contains(b));
    let caption = || letters(b"_/-?!&;:.~") && !value[..value.len() - 1].contains(&b'!');
    match setting.tie {
        Tie::Cell => {
            memchr::memchr_iter(b'|', value).count() >= 2
                && value.iter().all(|b| b.is_ascii_alphabetic() || b"|-_)".contains(b))
                || value.contains(&b'|') && value.iter().all(|b| b.is_ascii_lowercase() || *b == b'|')
                || !setting.quoted && !is_directive(f.candidate.term()) && caption()
        }
        Tie::Entry => !setting.quoted && !setting.alone && f.shape.digit == 0 && f.shape.symbol == 0,
        // `<em>Note that password</em> carefully! It is`
        Tie::Element => !setting.quoted && !setting.alone && value.ends_with(b"!") && caption(),
        _ => false,
    }
}

/// `"changecredentials-submit": "Remover credenciais"`
pub(crate) fn is_title(f: &Facts<'_, '_>) -> bool {
    let value = f.value();
    f.shape.blank > 0
        && f.candidate.name.is_some_and(|name| name.tail)
        && (value[0].is_ascii_uppercase() || value[0] >= 0xC3)
        && f.shape.digit == 0
        && !value.iter().any(|b| b"!@#$%^&*+=".contains(b))
}

/// `"api_keys": "admins-only"`
pub(crate) fn is_role(f: &Facts<'_, '_>) -> bool {
    f.candidate.name.is_some_and(|name| name.plural && name.kind == Kind::Secret)
        && f.shape.digit == 0
        && f.shape.upper == 0
        && f.shape.len < 24
}

/// Passwords so common that they are words of a sentence as well.
pub(crate) fn is_famous(f: &Facts<'_, '_>) -> bool {
    ["secret", "default", "custom", "standard", "manual", "temporary"]
        .iter()
        .any(|word| f.value().eq_ignore_ascii_case(word.as_bytes()))
}

/// `--passphrase 'Lighter than 40 Kilos?'`, `password='Ebb and Fl0w'`: whatever the words say.
pub(crate) fn is_quoted_phrase(f: &Facts<'_, '_>) -> bool {
    let setting = f.candidate.setting;
    setting.quoted
        && f.shape.blank > 0
        && f.candidate.kind() == Some(Kind::Password)
        && (setting.tie == Tie::Flag
            || setting.tie == Tie::Assign && !setting.spaced && f.shape.digit > 0 && f.shape.len < 60)
}

/// Several words: a passphrase goes, a message stays.
pub(crate) fn is_passphrase(f: &Facts<'_, '_>) -> bool {
    let value = f.value();
    let Some(name) = f.candidate.name else { return false };
    let first = value.split(|b| *b == b' ').next().unwrap_or_default();
    let last = value[value.len() - 1];
    let message = values::is_stop_word(first) || matches!(last, b'.' | b'?' | b':') || value.len() > 120;
    // `"senha": "Digite sua senha"`: what a form says.
    if value.split(|b| *b == b' ').any(|word| classify(word).is_some_and(|name| name.strong && name.term.len() >= 5)) {
        return false;
    }
    let inner = value.split(|b| *b == b' ').filter(|word| values::is_stop_word(word)).count();
    let capital = first.first().is_some_and(u8::is_ascii_uppercase) && is_sentence(value) && inner > 0;
    match name.kind {
        Kind::Password => !message && !capital && inner < 2,
        Kind::Code => value.iter().all(|b| b.is_ascii_digit() || matches!(b, b' ' | b'-')),
        // Salts of PHP: every character there is, blanks among them.
        _ if value.len() >= 32 && f.shape.symbol >= 6 && f.shape.digit >= 3 => true,
        _ => !message && !is_sentence(value) && value.split(|b| *b == b' ').any(looks_random),
    }
}

/// `token=glcbt-64`: how it begins.
pub(crate) fn is_begun(f: &Facts<'_, '_>) -> bool {
    let Shape { len, digit, symbol, upper, turns, .. } = f.shape;
    len <= 8 && digit <= 2 && symbol == 1 && upper == 0 && turns <= 1 && !f.candidate.setting.quoted
}
