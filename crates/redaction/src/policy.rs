//! Does this value, tied to this name in this way, go?

pub(crate) mod refused;
mod kinds;
mod words;

use kinds::{code, password, secret, token, weak};
use words::{is_call_like, is_cmdlet, is_famous, is_version, is_whole, names_another, quoted_words};

use crate::facts::values::{Shape, is_code, is_everyday, is_measure, is_placeholder, is_standard, is_stop_word};
use crate::lexicon::names::{Kind, Name, classify, is_camel};
use crate::search::JUDGED;
use crate::text::separator::Tie;

/// How a value stands behind its name.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "facts about a place in a text, each independent of the others")]
pub(crate) struct Setting {
    pub tie: Tie,
    pub quoted: bool,
    /// Blanks before the operator: more likely code or prose.
    pub spaced: bool,
    /// Nothing but punctuation follows on the line, or a delimiter does.
    pub alone: bool,
    /// `;` or `)` follows: a statement of a programming language.
    pub statement: bool,
}

/// The decision.
pub(crate) fn goes(name: Name, value: &[u8], setting: Setting) -> bool {
    let value = &value[..value.len().min(JUDGED)];
    // `password="password="`: the next name. Quotation marks that nobody closes make many of these.
    if setting.quoted
        && value.len() > 1
        && value.ends_with(b"=")
        && value[..value.len() - 1].iter().all(|b| b.is_ascii_lowercase() || *b == b'_')
    {
        return false;
    }
    let shape = Shape::of(value);
    // Most facts are `"key": "started_at"`.
    if !name.strong && shape.len < if name.kind == Kind::Password { 5 } else { 12 } {
        return false;
    }
    // `{...e,password:t}`
    if value.len() == 1 && !setting.quoted && setting.tie == Tie::Colon && value[0].is_ascii_lowercase() {
        return false;
    }
    if is_placeholder(value) || (value.len() < 2 && !matches!(name.kind, Kind::Password)) {
        return false;
    }
    if !name.strong {
        return weak(name, value, &shape);
    }
    // `--passphrase 'Lighter than 40 Kilos?'`, `password='Ebb and Fl0w'`: whatever the words say.
    if setting.quoted
        && shape.blank > 0
        && name.kind == Kind::Password
        && (setting.tie == Tie::Flag
            || setting.tie == Tie::Assign && !setting.spaced && shape.digit > 0 && value.len() < 60)
    {
        return true;
    }
    if is_elsewhere(name, value, &shape, setting) {
        return false;
    }
    if is_stop_word(value.trim_ascii_end().strip_suffix(b"!").or_else(|| value.strip_suffix(b"?")).unwrap_or(value)) {
        return setting.tie == Tie::Assign
            && !setting.spaced
            && matches!(name.kind, Kind::Password)
            && is_famous(value);
    }
    // `"changecredentials-submit": "Remover credenciais"`: a translation.
    let titled = value[0].is_ascii_uppercase() || value[0] >= 0xC3;
    if shape.blank > 0 && name.tail && titled && shape.digit == 0 && !value.iter().any(|b| b"!@#$%^&*+=".contains(b)) {
        return false;
    }
    if shape.blank > 0 {
        return quoted_words(name, value);
    }
    if is_said(name, value, &shape, setting) {
        return false;
    }
    match name.kind {
        Kind::Password => password(name, value, &shape, setting),
        Kind::Code => code(&shape, value),
        Kind::Secret => secret(name, value, &shape, setting),
        Kind::Token | Kind::Session | Kind::Auth | Kind::Cookie | Kind::Signature => {
            token(name, value, &shape, setting)
        }
    }
}

/// Yes and no.
const ANSWERS: &[&str] =
    &["yes", "no", "ja", "nein", "nee", "oui", "non", "si", "s\u{ed}", "sim", "n\u{e3}o", "on", "off", "true"];

/// `ja`, `no`: whether there is one.
pub(crate) fn is_answer(value: &[u8]) -> bool {
    ANSWERS.iter().any(|answer| value.eq_ignore_ascii_case(answer.as_bytes()))
}

/// What stands behind such names all day: measures, options, places, types, calls, standards, versions.
fn is_elsewhere(name: Name, value: &[u8], shape: &Shape, setting: Setting) -> bool {
    // `{cipher}a793…`, `v1:LFjc…:wkX7…`: encrypted. `prompt for credentials:i:1`: the type of a setting. `query.token?.trim()`,
    // `required|confirmed|min:12`: code, and what a form asks for.
    let sealed =
        value.starts_with(b"{cipher}") || value.starts_with(b"v1:") && memchr::memchr_iter(b':', value).count() == 2;
    let typed = shape.len <= 4 && matches!(value, [b'i' | b'b', b':', b'0'..=b'9', ..]);
    let asked = value.contains(&b'|')
        && ["required|", "nullable|", "sometimes|", "string|"].iter().any(|rule| value.starts_with(rule.as_bytes()));
    // `[storage.mysql.password]: ../storage/mysql.md#password`
    let relative = value.starts_with(b"../");
    if sealed || typed || asked || relative || memchr::memmem::find(value, b"?.").is_some() {
        return true;
    }
    // `reset_password_after = 6.hours`
    if name.tail && !setting.quoted && (is_measure(value, shape) || shape.digit == shape.len && shape.len < 5) {
        return true;
    }
    // `Kennwort_wechsel=nein`
    if (name.tail || name.kind == Kind::Password) && shape.len <= 4 && is_answer(value) {
        return true;
    }
    // `acceso.contrasena=Contraseña`: a translation.
    if value.iter().any(|b| *b >= 0x80)
        && shape.digit == 0
        && classify(value).is_some_and(|other| is_whole(value, other))
    {
        return true;
    }
    // `"api_keys": "admins-only"`
    if name.plural && name.kind == Kind::Secret && shape.digit == 0 && shape.upper == 0 && shape.len < 24 {
        return true;
    }
    // `rootpw --lock`, `PWD=/home/bob`
    if value.starts_with(b"--") && !setting.quoted
        || name.term == "pwd" && value.starts_with(b"/") && matches!(setting.tie, Tie::Assign | Tie::Entry)
    {
        return true;
    }
    if value.ends_with(b"EXAMPLEKEY")
        || setting.tie == Tie::Comma
            && (shape.digit == 0 || shape.digit == 1 && shape.symbol > 0 && value[shape.len - 1].is_ascii_digit())
            && classify(value).is_some()
    {
        return true;
    }
    // `password=blue_sky.rain` may be one: without blanks around, only what calls or has a path is code.
    let built = value.contains(&b'(') || memchr::memmem::find(value, b"::").is_some();
    let bound = setting.tie == Tie::Assign && !setting.spaced;
    let code = is_code(value) && (built || !bound && (is_camel(value) || !value.contains(&b'.')));
    if !setting.quoted && (is_call_like(value) || code) {
        return true;
    }
    if is_standard(value) {
        return true;
    }
    if setting.tie == Tie::Comma && !setting.quoted
        || is_version(value)
            && (name.kind != Kind::Password
                || value.contains(&b'-')
                || value.contains(&b'+')
                || memchr::memchr_iter(b'.', value).count() >= 2)
    {
        return true;
    }
    false
}

/// A word for the secret itself, a member or a variable called like it, what else is called so.
fn is_said(name: Name, value: &[u8], shape: &Shape, setting: Setting) -> bool {
    // `"password": "Contraseña"`: a translation.
    if (setting.quoted || setting.tie == Tie::Element)
        && shape.digit == 0
        && shape.symbol <= 1
        && classify(value).is_some_and(|other| is_whole(value, other))
    {
        return true;
    }
    // `password || password.length`: a member of a variable.
    let first = value.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    let member = value.get(first) == Some(&b'.') && value[first + 1..].iter().all(u8::is_ascii_alphabetic);
    if !setting.quoted && member && value.len() > first + 1 && classify(&value[..first]).is_some_and(|name| name.strong)
    {
        return true;
    }
    // A git signing key is named by its fingerprint, a credential by where it lies.
    if name.term == "signingkey" && is_id(value) && (shape.len <= 18 || shape.len == 40)
        || name.term.starts_with("cred") && value.contains(&b'/') && shape.upper == 0 && is_everyday(value, shape)
    {
        return true;
    }
    if !setting.quoted && setting.spaced && is_cmdlet(value.strip_prefix(b"(").unwrap_or(value)) {
        return true;
    }
    if !setting.quoted && shape.digit == 0 && names_another(value) && !matches!(setting.tie, Tie::Flag | Tie::Element) {
        return true;
    }
    false
}

/// UUIDs, ULIDs and digests: what ids are made of.
pub(crate) fn is_id(value: &[u8]) -> bool {
    let value = value.strip_prefix(b"sha256:").unwrap_or(value);
    let value = value.strip_prefix(b"0x").unwrap_or(value);
    let hex = value.iter().all(|b| b.is_ascii_hexdigit() || *b == b'-');
    // `SM370843c0921495cec26efcbefb81e4bf`: a message at Twilio.
    if value.len() == 34
        && value[..2].iter().all(u8::is_ascii_uppercase)
        && value[2..].iter().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(b))
    {
        return true;
    }
    let ulid = value.len() == 26
        && (b'0'..=b'7').contains(&value[0])
        && value.iter().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
    hex || ulid
}
