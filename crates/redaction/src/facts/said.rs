//! What a value says, read as words or as code.

use crate::facts::candidate::Facts;
use crate::facts::values;
use crate::lexicon::names::{Kind, classify};
use crate::lexicon::roles::{Role, has, is_stop};
use crate::lexicon::things::begins_cmdlet;
use crate::text::separator::Tie;

/// A plain word, perhaps with the mark that ends its sentence.
pub(crate) fn is_stop_word(f: &Facts<'_, '_>) -> bool {
    let value = f.value();
    let said = value.trim_ascii_end().strip_suffix(b"!").or_else(|| value.strip_suffix(b"?")).unwrap_or(value);
    is_stop(if f.candidate.name.is_some() { said } else { value })
}

/// `"password": "Contraseña"`, `"password", "token"`, `(password|passwd)`: the value is nothing but a word for
/// a secret.
pub(crate) fn is_translation(f: &Facts<'_, '_>) -> bool {
    let (value, setting) = (f.value(), f.candidate.setting);
    let first = value.split(|b| *b == b'|').next().unwrap_or_default();
    f.shape.digit == 0
        && (setting.quoted || matches!(setting.tie, Tie::Comma | Tie::Cell | Tie::Flag) || !value.is_ascii())
        && classify(first).is_some_and(|name| setting.tie == Tie::Comma || first.len() <= name.term.len() + 2)
}

/// Words, and no figure among them, or one of sentences, a caption or where it is kept: `KeePass Eintrag 14`.
pub(crate) fn is_prose(f: &Facts<'_, '_>) -> bool {
    let is_said = |word: &[u8]| is_stop(word) || word.ends_with(b":") || has(word, Role::Standard);
    f.shape.blank > 0
        && (f.shape.digit == 0 && (f.shape.symbol == 0 || f.shape.blank > 1)
            || f.shape.blank > 1 && f.value().split(|b| *b == b' ').any(is_said))
}

/// Several words: a passphrase goes, a message stays.
pub(crate) fn is_passphrase(f: &Facts<'_, '_>) -> bool {
    let value = f.value();
    let words = || value.split(|b| *b == b' ');
    let names = |word: &[u8]| classify(word).is_some_and(|name| name.strong && name.term.len() >= 5);
    // `"senha": "Digite sua senha"`: what a form says.
    let first = words().next().is_some_and(is_stop);
    let behind = &f.candidate.text[f.candidate.end..];
    !first
        && !words().any(names)
        && match f.candidate.kind() {
            // `the password – “three words, two numbers” – is given to you`: what it is made of.
            Some(Kind::Password)
                if f.shape.digit == 0 && matches!(behind, [0xe2, 0x80, _, b' ', 0xe2, 0x80, 0x93 | 0x94, ..]) =>
            {
                false
            }
            Some(Kind::Password) => {
                let most = usize::from(!value[0].is_ascii_uppercase());
                // A date and a time are words of figures.
                f.shape.lower + f.shape.upper > 0
                    && !value.ends_with(b".")
                    && words().filter(|word| is_stop(word)).count() <= most
            }
            Some(Kind::Code) => f.shape.digit + f.shape.symbol + f.shape.blank == f.shape.len,
            // Salts of PHP: every character there is, blanks among them.
            _ => words().any(values::looks_random) || f.shape.len >= 32 && f.shape.symbol >= 6,
        }
}

/// `bytes([41])`, `getpw($who)`, `Get-Credential`, `PKCS12::Store`
pub(crate) fn is_code(f: &Facts<'_, '_>) -> bool {
    let (value, setting) = (f.value(), f.candidate.setting);
    let name = value.iter().take_while(|b| b.is_ascii_alphabetic() || b"_.?".contains(b)).count();
    let name = name + value[name..].iter().take_while(|b| b.is_ascii_digit() && value[..name].contains(&b'.')).count();
    // `Kunde[n]-Kartei~3`: a word goes on behind its bracket.
    let goes_on = |rest: &[u8]| {
        let close = rest.iter().position(|b| matches!(b, b')' | b']')).map_or(rest.len(), |at| at + 1);
        matches!(rest.get(close..), Some([b'-', next, ..] | [next, ..]) if next.is_ascii_alphabetic())
    };
    let call = name > 0 && matches!(value.get(name), Some(b'(' | b'[')) && !goes_on(&value[name..]);
    !setting.quoted && (call || values::is_code(value) || setting.spaced && begins_cmdlet(value))
}

/// `password = newPassword`, `token: authToken`: named after what it holds.
pub(crate) fn is_variable(f: &Facts<'_, '_>) -> bool {
    let (value, setting) = (f.value(), f.candidate.setting);
    f.shape.digit == 0
        && !setting.quoted
        && !matches!(setting.tie, Tie::Flag | Tie::Element)
        && value.iter().all(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'.' | b'-' | b'>'))
        && classify(value).is_some_and(|name| name.strong && name.term.len() >= 5)
}
