//! What has a form of its own and is no secret: addresses, paths, measures, identifiers.

use crate::text::scan;
use std::collections::HashSet;
use std::sync::LazyLock;

use foldhash::fast::FixedState;

use super::placeholder::is_word;
use super::{Shape, lower_case, zigzag};
use crate::lexicon::heads::Heads;

/// `16:27:ac:a5:76:…`: fingerprints and hardware addresses.
pub(super) fn is_fingerprint(value: &[u8]) -> bool {
    // RFC 7469, section 2.1.1, as curl and browsers write it.
    if value.starts_with(b"sha256//") || value.starts_with(b"sha256/") {
        return true;
    }
    let pairs = value.strip_prefix(b"MD5:").unwrap_or(value).split(|b| *b == b':');
    pairs.clone().count() >= 5 && pairs.clone().all(|pair| pair.len() <= 4 && pair.iter().all(u8::is_ascii_hexdigit))
}

/// `db01.example.com`, `a@b.example`, `https://…`, `10.0.0.1:80`.
pub(super) fn is_address(value: &[u8]) -> bool {
    if scan::find(value, b"://").is_some() {
        return true;
    }
    let (host, mail) = match memchr::memchr(b'@', value) {
        Some(at) => (&value[at + 1..], true),
        None => (value, false),
    };
    let host = host.split(|b| *b == b':').next().unwrap_or_default();
    let labels = || host.split(|b| *b == b'.');
    let tail = labels().next_back().unwrap_or_default();
    let named = (2..=12).contains(&tail.len()) && tail.iter().all(u8::is_ascii_lowercase);
    let fine = host.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
    let short = labels().all(|label| !label.is_empty() && label.len() <= 24);
    // `user@hostname`
    let simple = mail
        && host.iter().all(u8::is_ascii_lowercase)
        && value.iter().all(|b| b.is_ascii_lowercase() || matches!(b, b'@' | b'.' | b'_'));
    simple
        || labels().nth(1).is_some()
            && named
            && fine
            && short
            && (mail || !host.iter().any(u8::is_ascii_uppercase) || tail.len() <= 5)
}

/// `/etc/app/config`, `C:\Users`, `src/main.rs:12`, `~/.ssh/id_rsa`.
pub(super) fn is_path(value: &[u8]) -> bool {
    // `src/main.rs:12:5`
    let place = value.iter().rev().take_while(|b| b.is_ascii_digit() || **b == b':').count();
    let value = if value.contains(&b'.') && value[value.len() - place..].starts_with(b":") {
        &value[..value.len() - place]
    } else {
        value
    };
    let slashes = value.iter().filter(|b| matches!(b, b'/' | b'\\')).count();
    let rooted =
        value.starts_with(b"/") || value.starts_with(b"./") || value.starts_with(b"~/") || value.starts_with(b"../");
    let drive = value.len() > 2 && value[1] == b':' && matches!(value[2], b'\\' | b'/');
    if crate::lexicon::names::is_file(value)
        && value.iter().all(|b| is_word(*b) || matches!(b, b'/' | b'.' | b'-' | b'\\' | b':' | b'~'))
    {
        return true;
    }
    // `tibdex/github-app-token@v2`: an action.
    if slashes > 0
        && memchr::memmem::rfind(value, b"@v")
            .is_some_and(|at| value[at + 2..].iter().all(|b| b.is_ascii_digit() || *b == b'.'))
    {
        return true;
    }
    let wordy = value
        .iter()
        .all(|b| is_word(*b) || matches!(b, b'/' | b'.' | b'-' | b':' | b'\\' | b'@' | b'~' | b'{' | b'}' | b'*'));
    let shape = Shape::of(value);
    wordy && slashes > 0 && (rooted || drive || slashes >= 2 || shape.digit == 0) && shape.turns * 5 <= shape.len.max(8)
}

/// `10:00`, `2024-05-01`, `1.2.3`, `v2.0-rc1`, `90d`, `256-bit`, `15%`, `3/5`.
pub(crate) fn is_measure(value: &[u8], shape: &Shape) -> bool {
    // `8–64`
    if scan::find(value, "\u{2013}".as_bytes())
        .is_some_and(|dash| value[..dash].iter().chain(&value[dash + 3..]).all(u8::is_ascii_digit))
    {
        return true;
    }
    // `#FF12191F`: a colour.
    if value.first() == Some(&b'#') && matches!(value.len(), 4 | 7 | 9) && value[1..].iter().all(u8::is_ascii_hexdigit)
    {
        return true;
    }
    let letters = shape.letters();
    let separators = value.iter().filter(|b| b".:-/,+%x_ TZ".contains(b)).count();
    let numeric = shape.digit + separators >= shape.len;
    // Numbers and dates; long runs of digits alone are left to those who know what they name.
    if letters <= 3 && numeric && shape.digit > 0 && shape.symbol <= 8 {
        return true;
    }
    // `16u32`
    if let Some(at) = value.iter().position(|b| matches!(b, b'u' | b'i')).filter(|at| (1..=10).contains(at))
        && value[..at].iter().all(u8::is_ascii_digit)
        && matches!(&value[at + 1..], b"8" | b"16" | b"32" | b"64" | b"128" | b"size")
    {
        return true;
    }
    let digits = value.iter().take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b',')).count();
    let unit = &value[digits..];
    let unit = unit.strip_prefix(b"-").unwrap_or(unit);
    if digits > 0 && !unit.is_empty() && unit.iter().all(u8::is_ascii_lowercase) && letters > 0 {
        const UNITS: &[&str] = &[
            "s",
            "m",
            "h",
            "d",
            "w",
            "y",
            "ms",
            "us",
            "ns",
            "min",
            "mins",
            "sec",
            "secs",
            "hr",
            "hrs",
            "kb",
            "mb",
            "gb",
            "tb",
            "kib",
            "mib",
            "gib",
            "bit",
            "bits",
            "byte",
            "bytes",
            "day",
            "days",
            "hour",
            "hours",
            "month",
            "months",
            "week",
            "weeks",
            "year",
            "years",
            "minutes",
            "seconds",
            "x",
            "st",
            "nd",
            "rd",
            "th",
            "px",
            "tage",
            "jours",
            "dias",
            "giorni",
            "chars",
            "char",
            "digit",
            "digits",
            "er",
            "stunden",
            "k",
            "fa",
            "step",
            "character",
            "characters",
        ];
        return UNITS.iter().any(|entry| entry.as_bytes() == unit) || digits >= 1 && unit.len() <= 1;
    }
    // `10h30`, `14h`
    if value.iter().all(|b| b.is_ascii_digit() || *b == b'h') && shape.letters() == 1 {
        return true;
    }
    let version = value.strip_prefix(b"v").unwrap_or(value);
    let dots = memchr::memchr_iter(b'.', version).count();
    dots >= 1
        && version[0].is_ascii_digit()
        && value.iter().all(|b| b.is_ascii_alphanumeric() || b".-+_".contains(b))
        && letters <= 8
}

/// Words with at most a trailing number (`step2`, `node-3`, `ORA-01017`), `snake_case`, `CamelCase`.
pub(super) fn is_identifier(value: &[u8], shape: &Shape) -> bool {
    if shape.digit == 0 && shape.symbol == 0 {
        return !zigzag(value, shape);
    }
    if shape.digit == 0 && value.iter().all(|b| b.is_ascii_alphabetic() || b"_-.'/:,*()".contains(b) || *b >= 0x80) {
        return true;
    }
    let parts = value.split(|b| matches!(b, b'-' | b'_' | b'.' | b'/'));
    let uniform = parts.clone().count() >= 2
        && parts.clone().all(|part| {
            let digits = part.iter().filter(|b| b.is_ascii_digit()).count();
            digits == part.len() || digits == 0 || (part.len() - digits <= 3 && part.len() <= 4)
        });
    let longest = parts.map(<[u8]>::len).max().unwrap_or(0);
    let code = shape.lower == 0
        && shape.symbol == 0
        && shape.upper >= 2
        && shape.digit >= 1
        && value[..shape.upper].iter().all(u8::is_ascii_uppercase)
        && shape.len <= 12;
    let symbols = value.iter().all(|b| b.is_ascii_alphanumeric() || b"-_./".contains(b));
    code || (uniform && symbols && longest <= 12 && !(shape.upper > 0 && shape.lower > 0 && shape.digit > 0))
}

/// Names of algorithms, protocols and standards that carry digits.
#[rustfmt::skip]
const NAMES: &[&str] = &[
    "scram-sha-256", "scram-sha-1", "md5crypt", "uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64", "argon2id",
    "argon2i", "argon2d", "pbkdf2", "scrypt", "bcrypt", "yescrypt", "sha512crypt", "hmac-sha256", "sha1", "sha256", "sha384", "sha512",
    "md5", "hs256", "hs384", "hs512", "rs256", "rs384", "rs512", "s256", "es256", "es384", "es512", "ps256", "ps512", "eddsa", "ed25519", "x25519",
    "aes128", "aes192", "aes256", "oauth2", "oauth2.0", "oauth1", "http2", "http3", "tls1", "tls12", "tls13", "base64", "base32", "utf8",
    "ipv4", "ipv6", "rfc6750", "rfc7519", "x509", "pkcs1", "pkcs7", "pkcs8", "pkcs12", "pkcs#1", "pkcs#7", "pkcs#8", "pkcs#11", "pkcs#12", "s3", "ec2", "k8s", "i18n", "l10n", "log4j", "oidc",
    "saml2", "saml2.0", "ws2", "h2", "win32", "win64", "x86", "amd64", "arm64", "python3", "java8", "java11", "java17", "mysql8",
    "postgres14", "argon2", "rsa2048", "rsa4096", "blake3", "crc32", "web3", "office365", "o365", "m365", "1password", "lastpass",
    "keepass", "bitwarden", "auth0", "b2b", "b2c", "fido2", "u2f", "2fa", "mfa", "log4shell", "neo4j",
];

static STANDARDS: LazyLock<HashSet<&'static [u8], FixedState>> =
    LazyLock::new(|| NAMES.iter().map(|name| name.as_bytes()).collect());

static HEADS: LazyLock<Heads> = LazyLock::new(|| Heads::of(STANDARDS.iter().copied()));

/// Whether a value is one of these names, capitals ignored.
pub(crate) fn is_standard(value: &[u8]) -> bool {
    // `de_DE.UTF-8`
    if value.len() >= 5
        && value[..2].iter().all(u8::is_ascii_lowercase)
        && value[2] == b'_'
        && value[3..5].iter().all(u8::is_ascii_uppercase)
        && (value.len() == 5 || value[5] == b'.' || value[5] == b'@')
    {
        return true;
    }
    // `GHSA-qwph-4952-7xr6`, `PT8H` (ISO 8601)
    let lasts = value.len() <= 12
        && value.first() == Some(&b'P')
        && value.iter().any(u8::is_ascii_digit)
        && value[1..].iter().all(|b| b.is_ascii_digit() || b"TYMWDHS".contains(b));
    if value.starts_with(b"GHSA-") || lasts {
        return true;
    }
    // `RFC4226`
    let rest = value.get(..3).filter(|head| head.eq_ignore_ascii_case(b"rfc")).map(|_| &value[3..]);
    if rest.is_some_and(|rest| !rest.is_empty() && rest.iter().all(u8::is_ascii_digit)) {
        return true;
    }
    let mut buffer = [0_u8; 32];
    HEADS.may_hold(value) && lower_case(value, &mut buffer).is_some_and(|lower| STANDARDS.contains(lower))
}
