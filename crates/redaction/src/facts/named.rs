//! What a value must be for its kind of name, and for its kind of place.

use crate::facts::candidate::Facts;
use crate::facts::values;
use crate::lexicon::names::{Kind, is_file};
use crate::lexicon::roles::{Role, has, is_stop};
use crate::text::scan::{find, is_base64};
use crate::text::separator::Tie;

pub(crate) fn is_token(f: &Facts<'_, '_>) -> bool {
    !matches!(f.candidate.kind(), None | Some(Kind::Password | Kind::Code | Kind::Secret))
}

/// Made by a machine, and no id: keys of rows and records are. Tokens and sessions are figures of sixteen all day, the
/// secret id of a Vault role is a UUID.
pub(crate) fn is_weak_random(f: &Facts<'_, '_>) -> bool {
    let value = f.value();
    if !values::is_id(value) {
        return values::looks_random(value);
    }
    match f.candidate.kind() {
        Some(Kind::Session | Kind::Token) => f.shape.len >= 16 && f.shape.distinct >= 6 && f.shape.symbol == 0,
        _ => f.candidate.term() == "secretid" && f.shape.len == 36,
    }
}

/// `Fahrstuhl-Halle`, and nothing beside it: words with capitals that somebody joined, none of sentences.
pub(crate) fn is_joined(f: &Facts<'_, '_>) -> bool {
    let (words, shape) = (|| f.value().split(|b| b"-._&!+".contains(b)), &f.shape);
    let chosen = |word: &[u8]| word.len() > 2 && word[0].is_ascii_uppercase() && !is_stop(word);
    let joined = f.candidate.setting.alone && shape.digit == 0 && shape.upper > 1;
    joined && shape.upper == words().count() && words().all(chosen)
}

/// `--- PASS: TestRefresh`, `credentials: KeyError`
pub(crate) fn is_abbreviated(f: &Facts<'_, '_>) -> bool {
    f.shape.digit + f.shape.symbol == 0 && is_bare(f) && has(f.candidate.term().as_bytes(), Role::Abbreviation)
}

/// `"api_keys": "admins-only"`
pub(crate) fn is_role(f: &Facts<'_, '_>) -> bool {
    f.candidate.name.is_some_and(|name| name.plural && name.kind == Kind::Secret)
        && f.shape.digit + f.shape.upper == 0
        && f.shape.len < 24
}

/// `^9.0.2`, `8.1.0`, `0.20.5-3`, `1:4.13+dfsg1-1+b1`: what a package with a secret word in its name has. `12.5` may be a password.
pub(crate) fn is_version(f: &Facts<'_, '_>) -> bool {
    let value = f.value();
    let digits = &value[value.iter().take_while(|b| b"^~>=v".contains(b)).count()..];
    let dots = memchr::memchr_iter(b'.', digits).count();
    let package = digits.first().is_some_and(u8::is_ascii_digit)
        && digits.contains(&b'-')
        && (digits.contains(&b'+') || dots >= 2);
    let also = |b: &u8| *b == b'.' || package && (b.is_ascii_lowercase() || b":+~-".contains(b));
    dots > usize::from(!package && f.candidate.kind() == Some(Kind::Password))
        && digits.iter().all(|b| b.is_ascii_digit() || also(b))
}

/// `PWD=/home/bob`, `--lock`, `credentials: prod/db`, `Credential CORP\svc-print`, `<password>@host`; a git
/// signing key is named by its fingerprint.
pub(crate) fn is_reference(f: &Facts<'_, '_>) -> bool {
    let (value, term, setting) = (f.value(), f.candidate.term(), f.candidate.setting);
    (value.starts_with(b"-") || value.starts_with(b"./")) && !setting.quoted
        || value.starts_with(b"@") && setting.tie == Tie::Element
        || is_token(f) && value.starts_with(b"sha256:")
        || term == "pwd" && value.starts_with(b"/")
        || term == "signingkey" && values::is_id(value) && matches!(f.shape.len, 0..=18 | 40)
        || term.starts_with("cred") && value.contains(&b'/') && (f.shape.upper == 0 || find(value, b":/").is_some())
        || term.starts_with("cred") && !setting.quoted && value.contains(&b'\\')
}

/// `/etc/openvpn/login.txt`, `secret=prod/mail/relay`, `key.pem`
pub(crate) fn is_path(f: &Facts<'_, '_>) -> bool {
    let value = f.value();
    match f.candidate.kind() {
        Some(Kind::Password) => value.starts_with(b"/") && values::is_everyday(value, &f.shape),
        _ => is_file(value) || f.shape.digit + f.shape.upper == 0 && value.contains(&b'/'),
    }
}

/// `482 913`, `A1B2-C3D4`
pub(crate) fn is_code(f: &Facts<'_, '_>) -> bool {
    f.shape.digit >= 3 && f.value().iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b' '))
}

/// `pass=14 fail=2`, `max_tokens: 150000`, `rad_session_id=812334507`
pub(crate) fn is_count(f: &Facts<'_, '_>) -> bool {
    let session = f.candidate.kind() == Some(Kind::Session) && f.shape.len < 16;
    let few = f.shape.len < 3 || session || f.candidate.name.is_some_and(|name| name.plural);
    few && f.shape.digit == f.shape.len && !f.candidate.setting.quoted
}

/// `{...e,password:t}`, `this._pw=t`: what a minifier leaves of a name.
pub(crate) fn is_letter(f: &Facts<'_, '_>) -> bool {
    let setting = f.candidate.setting;
    f.value().len() == 1
        && f.value()[0].is_ascii_alphabetic()
        && !setting.quoted
        && matches!(setting.tie, Tie::Assign | Tie::Colon)
}

/// Nothing but the name speaks for it: no operator, no quotation marks.
pub(crate) fn is_bare(f: &Facts<'_, '_>) -> bool {
    matches!(f.candidate.setting.tie, Tie::Colon | Tie::Cell) && !f.candidate.setting.quoted
}

/// All that stands there, or hardly anything but a key.
pub(crate) fn is_alone(f: &Facts<'_, '_>) -> bool {
    f.candidate.setting.alone || values::looks_random(f.value())
}

/// Three figures and more, but no date, number or version; `glcbt-64` is only how one begins.
pub(crate) fn is_figured(f: &Facts<'_, '_>) -> bool {
    f.shape.digit > 2 && f.shape.len >= 4 && !values::is_measure(f.value(), &f.shape)
}

/// A figure, or long; nothing that people name all day.
pub(crate) fn is_keyish(f: &Facts<'_, '_>) -> bool {
    (f.shape.digit > 0 && f.shape.len >= 4 || f.shape.len >= 16) && !values::is_everyday(f.value(), &f.shape)
}

/// Behind `Authorization:` and behind the name of a scheme: the characters of a token, and a figure or enough of them.
pub(crate) fn is_credential(f: &Facts<'_, '_>) -> bool {
    f.shape.len >= 6 && (f.shape.digit > 0 || f.shape.len >= 20)
}

/// `Bearer …`, `Basic …`; announced: the scheme is Basic.
pub(crate) fn is_scheme_like(f: &Facts<'_, '_>) -> bool {
    f.shape.len >= 8
        && (f.shape.letters_and_digits() || f.shape.is_jumbled() || f.candidate.announced && f.shape.upper >= 2)
        && f.value().iter().all(|b| is_base64(*b) || b".~=:|%".contains(b))
}

/// A word, a measure or a small number under a name that means no secret.
pub(crate) fn is_preference(f: &Facts<'_, '_>) -> bool {
    let shape = &f.shape;
    let word = shape.digit == 0 && (shape.upper == 0 || shape.len < 8);
    f.candidate.name.is_none() && shape.len <= 12 && (word || values::is_measure(f.value(), shape))
}

/// `&code=…`, `?sig=…`
pub(crate) fn is_parameter(f: &Facts<'_, '_>) -> bool {
    let error = f.candidate.kind() == Some(Kind::Code) && f.shape.lower == 0;
    f.shape.len >= 8 && f.shape.letters_and_digits() && !error
}
