//! The decision for each kind of name: passwords go easily, tokens and keys have to look like some.

use super::words::is_caption;
use super::{Setting, is_id};
use crate::facts::values::{
    Shape, Suspicion, is_everyday, is_mask, is_measure, is_object, looks_chosen, looks_random,
    starts_with_ignoring_case, suspicion,
};
use crate::lexicon::names::{Kind, Name, classify, is_file};
use crate::text::separator::Tie;

pub(super) fn password(name: Name, value: &[u8], shape: &Shape, setting: Setting) -> bool {
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
    // `pass 41/43`: so many of so many.
    let so_many = |part: &[u8]| (1..=5).contains(&part.len()) && part.iter().all(u8::is_ascii_digit);
    if !setting.quoted && value.contains(&b'/') && value.splitn(3, |b| *b == b'/').all(so_many) {
        return false;
    }
    // `pass: 12, fail: 3` counts; `pw` and `pass` also abbreviate other things.
    let short = matches!(name.term, "pass" | "pw" | "ww" | "cred" | "creds" | "credential" | "credentials");
    let plain = shape.digit == 0 && shape.symbol == 0;
    let number = shape.digit == shape.len;
    // `-Credential CORP\\svc-print`
    if name.term.starts_with("cred") && value.contains(&b'\\') && !setting.quoted {
        return false;
    }
    match setting.tie {
        // `exec: "docker-credential-desktop": executable file not found`
        Tie::Entry if !setting.quoted && !setting.alone && plain => false,
        // `<em>Note that password</em> carefully! It is`
        Tie::Element if !setting.quoted && !setting.alone && value.ends_with(b"!") && is_caption(value) => false,
        _ if short && (plain || (number && shape.len < 5)) => {
            matches!(setting.tie, Tie::Assign | Tie::Entry | Tie::Flag | Tie::Element)
                || (setting.tie == Tie::Colon && setting.quoted)
                    && !setting.spaced
                    && !number
                    && name.term.starts_with('p')
        }
        Tie::Assign if setting.spaced && !setting.quoted && setting.statement => !plain && looks_chosen(value),
        // `account:password:UID:GID:directory`: what the fields are.
        Tie::Colon
            if memchr::memchr(b':', value).is_some()
                && value.iter().all(|b| b.is_ascii_alphabetic() || matches!(b, b':' | b'_')) =>
        {
            false
        }
        Tie::Colon if setting.quoted => true,
        Tie::Colon => setting.alone && !(value.starts_with(b"/") && is_everyday(value, shape)) || looks_chosen(value),
        Tie::Comma => setting.quoted && !(value.contains(&b'/') && shape.digit == 0 && is_everyday(value, shape)),
        // `auth-user-pass /etc/openvpn/login.txt`, `password|passwd|pwd`
        Tie::Cell if value.starts_with(b"/") && is_everyday(value, shape) => false,
        Tie::Cell
            if value.contains(&b'|')
                && value.split(|b| *b == b'|').next().is_some_and(|first| classify(first).is_some()) =>
        {
            false
        }
        // `Passwort _vergessen`, `Mot de passe oublié ?`, `Contraseña FTP/SSH`: what a form or a menu says.
        Tie::Cell
            if memchr::memchr_iter(b'|', value).count() >= 2
                && value.iter().all(|b| b.is_ascii_alphabetic() || b"|-_)".contains(b))
                || value.contains(&b'|') && value.iter().all(|b| b.is_ascii_lowercase() || *b == b'|') =>
        {
            false
        }
        Tie::Cell if !setting.quoted && !is_directive(name.term) && is_caption(value) => false,
        Tie::Cell => looks_chosen(value) || (setting.alone && (!plain || setting.quoted || is_directive(name.term))),
        // `user:<password>@host`
        Tie::Element if value.starts_with(b"@") => false,
        // `--from-file=password=./smtp.pw`
        Tie::Assign if value.starts_with(b"/") && is_file(value) && is_everyday(value, shape) => false,
        Tie::Assign if value.starts_with(b"./") || value.starts_with(b"../") => false,
        Tie::Assign | Tie::Entry | Tie::Element | Tie::Flag => !value.starts_with(b"-"),
    }
}

/// Names that only configuration files have: whatever follows them is the value.
fn is_directive(term: &str) -> bool {
    matches!(term, "requirepass" | "masterauth" | "bindpw" | "rootpw" | "userpw" | "dbpw" | "authpass" | "passwd")
}

pub(super) fn code(shape: &Shape, value: &[u8]) -> bool {
    let grouped = value.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b' '));
    grouped
        && shape.len <= 64
        && ((shape.digit >= 3 && shape.digit == shape.len - shape.symbol - shape.blank)
            || (shape.digit >= 2 && shape.len >= 6))
}

pub(super) fn secret(name: Name, value: &[u8], shape: &Shape, setting: Setting) -> bool {
    let plain = shape.digit == 0 && shape.symbol == 0;
    match setting.tie {
        Tie::Colon | Tie::Cell if !setting.quoted => {
            (setting.alone || looks_random(value)) && !is_everyday(value, shape) && (shape.digit > 0 || shape.len >= 16)
                || (shape.len >= 16 && shape.digit >= 4 && shape.turns > 3)
        }
        Tie::Assign if setting.spaced && !setting.quoted && setting.statement => looks_random(value),
        // `apikey.copia=Copia la chiave`: a translation.
        Tie::Assign
            if !setting.quoted && !setting.alone && plain && value[0].is_ascii_uppercase() && shape.upper == 1 =>
        {
            false
        }
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
        // `docker build --secret id=npmrc,src=$HOME/.npmrc`
        Tie::Flag if value.starts_with(b"id=") => false,
        // `PreSharedKey => 0x0029`
        _ if value.strip_prefix(b"0x").is_some_and(|hex| hex.len() <= 8 && hex.iter().all(u8::is_ascii_hexdigit)) => {
            false
        }
        // `"SERVER_TRAFFIC_SECRET_0"`: a label.
        _ if shape.lower == 0
            && memchr::memchr_iter(b'_', value).count() >= 2
            && ["SECRET", "TOKEN", "PASSWORD", "_KEY"]
                .iter()
                .any(|word| memchr::memmem::find(value, word.as_bytes()).is_some()) =>
        {
            false
        }
        // `STATE_SESSION_KEY = "mfa.webauthn.state"`
        _ if name.term == "sessionkey"
            && shape.digit == 0
            && shape.upper == 0
            && shape.symbol >= 1
            && value.iter().all(|b| b.is_ascii_lowercase() || matches!(b, b'_' | b'.')) =>
        {
            false
        }
        // `secret="ci/builder-token-x7k2p"`: an object of Kubernetes.
        _ if shape.upper == 0
            && memchr::memchr_iter(b'/', value).count() == 1
            && value
                .iter()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'/' | b'.'))
            && ["token", "secret", "cred", "key", "pass"]
                .iter()
                .any(|word| memchr::memmem::find(value, word.as_bytes()).is_some()) =>
        {
            false
        }
        // `secret=prod/mail/relay`: where it lies.
        _ if shape.digit == 0 && memchr::memchr_iter(b'/', value).count() >= 2 && is_everyday(value, shape) => false,
        _ => !value.starts_with(b"-") && shape.len >= 3,
    }
}

pub(super) fn token(name: Name, value: &[u8], shape: &Shape, setting: Setting) -> bool {
    // `--token-primary: #0a7f5a`
    let colour = value.strip_prefix(b"#").is_some_and(|hex| hex.len() <= 8 && hex.iter().all(u8::is_ascii_hexdigit));
    // `sessionid: 0x34ede65503f002b`, `token=Token{a64f992`, `token: com.apple.xpc.activity/4505`: what runs, not what opens.
    let counted = name.kind == Kind::Session
        && value.strip_prefix(b"0x").is_some_and(|id| id.len() <= 16 && id.iter().all(u8::is_ascii_hexdigit));
    let place = setting.tie == Tie::Colon && value.contains(&b'/') && is_everyday(value, shape);
    let printed = memchr::memmem::find(value, b"Token{").is_some();
    // `token=glcbt-64`: how it begins.
    let begun = shape.len <= 8
        && shape.digit <= 2
        && shape.symbol == 1
        && shape.upper == 0
        && shape.turns <= 1
        && !setting.quoted;
    // `COOKIE_FLAGS = 16u32`
    let typed = is_measure(value, shape) && shape.lower > 0 && !value.contains(&b'.');
    if typed || begun || colour || counted || place || printed || is_object(value) {
        return false;
    }
    let plain = shape.digit == 0 && (shape.symbol == 0 || is_everyday(value, shape));
    let number = shape.digit == shape.len;
    // `token: "support.function.C99.c"`: what an editor colours.
    let mut parts = value.split(|b| *b == b'.');
    let scope = memchr::memchr_iter(b'.', value).count() >= 2
        && shape.digit <= 3
        && parts.next().is_some_and(|part| part.len() >= 3 && part.iter().all(u8::is_ascii_lowercase))
        && parts
            .all(|part| (1..=14).contains(&part.len()) && (part.len() < 5 || !part.iter().any(u8::is_ascii_uppercase)));
    if scope {
        return false;
    }
    // `max-tokens: 150000`
    if number && value.ends_with(b"0000") && shape.len <= 7 {
        return false;
    }
    // `rad_session_id=812334507`: counted.
    if number && name.kind == Kind::Session && shape.len < 16 {
        return false;
    }
    if number {
        return shape.len >= 6 && !matches!(setting.tie, Tie::Colon | Tie::Cell) || shape.len >= 12;
    }
    // `token: elevation-1`: of a design.
    let word = value.iter().take_while(|b| b.is_ascii_lowercase()).count();
    if word >= 5 && matches!(&value[word..], [b'-', b'0'..=b'9'] | [b'-', b'0'..=b'9', b'0'..=b'9']) {
        return false;
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

pub(super) fn weak(name: Name, value: &[u8], shape: &Shape) -> bool {
    match name.kind {
        Kind::Code => false,
        Kind::Password => looks_chosen(value) || suspicion(value) >= Suspicion::Marked,
        Kind::Session | Kind::Token if shape.len >= 16 && value.iter().all(u8::is_ascii_hexdigit) => {
            shape.distinct >= 6
        }
        // The secret id of a Vault role is a UUID.
        Kind::Secret if name.term == "secretid" => shape.len == 36 && is_id(value),
        // Keys of caches, rows and records are hashes and ids as well.
        Kind::Secret if name.term == "key" && memchr::memchr_iter(b':', value).count() >= 2 => false,
        Kind::Secret if name.term == "key" => shape.len >= 16 && !is_id(value) && looks_random(value),
        _ => shape.len >= 12 && !is_id(value) && looks_random(value) && !is_mask(value),
    }
}
