//! Does this value, tied to this name in this way, go?

mod words;

use words::{is_call_like, is_cmdlet, is_famous, is_version, is_whole, names_another, quoted_words};

use super::names::{Kind, Name, classify, is_file};
use super::separator::Tie;
use super::values::{
    Shape, Suspicion, is_everyday, is_mask, is_placeholder, is_standard, is_stop_word, looks_chosen, looks_random,
    starts_with_ignoring_case, suspicion,
};

/// Values are judged by their first bytes; what follows does not change the verdict.
const JUDGED: usize = 256;

/// How a value stands behind its name.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "facts about a place in a text, each independent of the others")]
pub(super) struct Setting {
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
pub(super) fn goes(name: Name, value: &[u8], setting: Setting) -> bool {
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
    // `"api_keys": "admins-only"`
    if name.plural && name.kind == Kind::Secret && shape.digit == 0 && shape.upper == 0 && shape.len < 24 {
        return false;
    }
    // `rootpw --lock`, `PWD=/home/bob`
    if value.starts_with(b"--") && !setting.quoted
        || name.term == "pwd" && value.starts_with(b"/") && setting.tie == Tie::Assign
    {
        return false;
    }
    if value.ends_with(b"EXAMPLEKEY") || setting.tie == Tie::Comma && shape.digit == 0 && classify(value).is_some() {
        return false;
    }
    if !setting.quoted && is_call_like(value) {
        return false;
    }
    if is_standard(value) {
        return false;
    }
    if setting.tie == Tie::Comma && !setting.quoted
        || is_version(value)
            && (name.kind != Kind::Password
                || value.contains(&b'-')
                || value.contains(&b'+')
                || memchr::memchr_iter(b'.', value).count() >= 2)
    {
        return false;
    }
    if is_stop_word(value.trim_ascii_end().strip_suffix(b"!").or_else(|| value.strip_suffix(b"?")).unwrap_or(value)) {
        return setting.tie == Tie::Assign
            && !setting.spaced
            && matches!(name.kind, Kind::Password)
            && is_famous(value);
    }
    if shape.blank > 0 {
        return quoted_words(name, value);
    }
    // `"password": "Contraseña"`: a translation.
    if (setting.quoted || setting.tie == Tie::Element)
        && shape.digit == 0
        && shape.symbol <= 1
        && classify(value).is_some_and(|other| is_whole(value, other))
    {
        return false;
    }
    // `password || password.length`: a member of a variable.
    let first = value.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    let member = value.get(first) == Some(&b'.') && value[first + 1..].iter().all(u8::is_ascii_alphabetic);
    if !setting.quoted && member && value.len() > first + 1 && classify(&value[..first]).is_some_and(|name| name.strong)
    {
        return false;
    }
    // A git signing key is named by its fingerprint, a credential by where it lies.
    if name.term == "signingkey" && is_id(value) && (shape.len <= 18 || shape.len == 40)
        || name.term.starts_with("cred") && value.contains(&b'/') && shape.upper == 0 && is_everyday(value, &shape)
    {
        return false;
    }
    if !setting.quoted && setting.spaced && is_cmdlet(value.strip_prefix(b"(").unwrap_or(value)) {
        return false;
    }
    if !setting.quoted && shape.digit == 0 && names_another(value) && !matches!(setting.tie, Tie::Flag | Tie::Element) {
        return false;
    }
    match name.kind {
        Kind::Password => password(name, value, &shape, setting),
        Kind::Code => code(&shape, value),
        Kind::Secret => secret(value, &shape, setting),
        Kind::Token | Kind::Session | Kind::Auth | Kind::Cookie | Kind::Signature => token(value, &shape, setting),
    }
}

fn password(name: Name, value: &[u8], shape: &Shape, setting: Setting) -> bool {
    // `PASS: TestLogin2`
    let mark = value.iter().any(|b| b"!@#$%^&*?".contains(b));
    if name.term == "pass"
        && setting.tie == Tie::Colon
        && !mark
        && (value.contains(&b'_') || starts_with_ignoring_case(value, b"test"))
    {
        return false;
    }
    // `pass=14 fail=2`, `old_passwords=0`, `Password: 17`, `string password = 2`: counts and places.
    if !setting.quoted && shape.digit == shape.len && shape.len < 3 {
        return false;
    }
    // `pass: 12, fail: 3` counts; `pw` and `pass` also abbreviate other things.
    let short = matches!(name.term, "pass" | "pw" | "ww" | "cred" | "creds" | "credential" | "credentials");
    let plain = shape.digit == 0 && shape.symbol == 0;
    let number = shape.digit == shape.len;
    match setting.tie {
        _ if short && (plain || (number && shape.len < 5)) => {
            matches!(setting.tie, Tie::Assign | Tie::Entry | Tie::Flag | Tie::Element)
                || (setting.tie == Tie::Colon && setting.quoted)
                    && !setting.spaced
                    && !number
                    && name.term.starts_with('p')
        }
        Tie::Assign if setting.spaced && !setting.quoted && setting.statement => !plain && looks_chosen(value),
        Tie::Colon if setting.quoted => true,
        Tie::Colon => setting.alone && !(value.starts_with(b"/") && is_everyday(value, shape)) || looks_chosen(value),
        Tie::Comma => setting.quoted,
        // `auth-user-pass /etc/openvpn/login.txt`, `password|passwd|pwd`
        Tie::Cell if value.starts_with(b"/") && is_everyday(value, shape) => false,
        Tie::Cell
            if value.contains(&b'|')
                && value.split(|b| *b == b'|').next().is_some_and(|first| classify(first).is_some()) =>
        {
            false
        }
        Tie::Cell => looks_chosen(value) || (setting.alone && (!plain || setting.quoted || is_directive(name.term))),
        // `user:<password>@host`
        Tie::Element if value.starts_with(b"@") => false,
        Tie::Assign | Tie::Entry | Tie::Element | Tie::Flag => !value.starts_with(b"-"),
    }
}

/// Names that only configuration files have: whatever follows them is the value.
fn is_directive(term: &str) -> bool {
    matches!(term, "requirepass" | "masterauth" | "bindpw" | "rootpw" | "userpw" | "dbpw" | "authpass" | "passwd")
}

fn code(shape: &Shape, value: &[u8]) -> bool {
    let grouped = value.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b' '));
    grouped
        && shape.len <= 64
        && ((shape.digit >= 3 && shape.digit == shape.len - shape.symbol - shape.blank)
            || (shape.digit >= 2 && shape.len >= 6))
}

fn secret(value: &[u8], shape: &Shape, setting: Setting) -> bool {
    let plain = shape.digit == 0 && shape.symbol == 0;
    match setting.tie {
        Tie::Colon | Tie::Cell if !setting.quoted => {
            (setting.alone || looks_random(value)) && !is_everyday(value, shape) && (shape.digit > 0 || shape.len >= 16)
                || (shape.len >= 16 && shape.digit >= 4 && shape.turns > 3)
        }
        Tie::Assign if setting.spaced && !setting.quoted && setting.statement => looks_random(value),
        Tie::Comma => setting.quoted && (!plain || shape.len >= 16),
        _ if (value.starts_with(b"/") || is_file(value)) && is_everyday(value, shape) => false,
        // `secret_key_secret = airflow/flask`
        _ if shape.digit == 0
            && shape.upper == 0
            && !setting.quoted
            && memchr::memchr(b'/', value).is_some_and(|at| at >= 3 && shape.len - at >= 4) =>
        {
            false
        }
        // `secret=prod/mail/relay`: where it lies.
        _ if shape.digit == 0 && memchr::memchr_iter(b'/', value).count() >= 2 && is_everyday(value, shape) => false,
        _ => !value.starts_with(b"-") && shape.len >= 3,
    }
}

fn token(value: &[u8], shape: &Shape, setting: Setting) -> bool {
    let plain = shape.digit == 0 && (shape.symbol == 0 || is_everyday(value, shape));
    let number = shape.digit == shape.len;
    if number {
        return shape.len >= 6 && !matches!(setting.tie, Tie::Colon | Tie::Cell) || shape.len >= 12;
    }
    match setting.tie {
        Tie::Colon | Tie::Cell if !setting.quoted => {
            shape.len >= 6 && shape.digit > 0 && (setting.alone || looks_random(value)) && !is_time(value)
                || shape.len >= 20 && !is_everyday(value, shape)
                || (shape.len >= 16 && shape.digit >= 4 && shape.turns > 3)
        }
        _ if value.starts_with(b"/") && is_everyday(value, shape) => false,
        _ => shape.len >= 4 && (!plain || (shape.len >= 16 && !is_everyday(value, shape))) && !is_time(value),
    }
}

/// Times and dates stand behind names of tokens and sessions all day.
fn is_time(value: &[u8]) -> bool {
    value.len() >= 5
        && value.iter().all(|b| b.is_ascii_digit() || b":-.TZ+/".contains(b))
        && value.iter().filter(|b| matches!(b, b':' | b'-' | b'/')).count() >= 1
        && value.len() <= 35
}

fn weak(name: Name, value: &[u8], shape: &Shape) -> bool {
    match name.kind {
        Kind::Code => false,
        Kind::Password => looks_chosen(value) || suspicion(value) >= Suspicion::Marked,
        Kind::Session | Kind::Token if shape.len >= 16 && value.iter().all(u8::is_ascii_hexdigit) => {
            shape.distinct >= 6
        }
        // The secret id of a Vault role is a UUID.
        Kind::Secret if name.term == "secretid" => shape.len == 36 && is_id(value),
        // Keys of caches, rows and records are hashes and ids as well.
        Kind::Secret if name.term == "key" => shape.len >= 16 && !is_id(value) && looks_random(value),
        _ => shape.len >= 12 && !is_id(value) && looks_random(value) && !is_mask(value),
    }
}

/// UUIDs, ULIDs and digests: what ids are made of.
pub(super) fn is_id(value: &[u8]) -> bool {
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
