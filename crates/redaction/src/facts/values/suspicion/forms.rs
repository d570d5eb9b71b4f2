//! What has a form of its own and so is no chosen password: hosts, files, classes, products, keys that are pressed.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::called::is_cmdlet;
use crate::facts::values::code::is_code;
use crate::facts::values::markup::is_written_by_program;
use crate::facts::values::placeholder::is_placeholder;
use crate::facts::values::standard::{is_address, is_measure, is_standard};
use crate::facts::values::{Shape, is_compound, is_object, is_stop_word, starts_with_ignoring_case};
use crate::lexicon::names::{classify, is_camel, is_file};
use crate::policy::is_id;

/// Nothing that has a form of its own.
pub(super) fn fair(word: &[u8], shape: &Shape) -> bool {
    let count = |byte: u8| memchr::memchr_iter(byte, word).count();
    let mail = memchr::memchr(b'@', word).is_some_and(|at| word[at..].contains(&b'.') || word[at..].len() > 12);
    let anchor = memchr::memchr(b'#', word).is_some_and(|at| word[..at].contains(&b'.') && is_file(&word[..at]));
    // `psycopg2.errors.UndefinedColumn`
    let last = word.rsplit(|b| *b == b'.').next().unwrap_or_default();
    let humps = last.iter().filter(|b| b.is_ascii_uppercase()).count();
    // `org.apache.cassandra.dht.Murmur3Partitioner`
    let first = word.split(|b| *b == b'.').next().unwrap_or_default();
    let package = memchr::memchr_iter(b'.', word).count() >= 3
        && [&b"org"[..], b"com", b"net", b"io", b"java", b"javax", b"de", b"edu"].contains(&first)
        && humps >= 1;
    let qualified = package
        || memchr::memchr_iter(b'.', word).count() >= 2 && humps >= 2 && last.iter().all(u8::is_ascii_alphabetic);
    // `rust-lang/rust#66281`, `X509_PURPOSE_*`
    let issue = memchr::memchr(b'#', word)
        .is_some_and(|at| word[..at].contains(&b'/') && word[at + 1..].iter().all(u8::is_ascii_digit));
    // `SignatureAlgorithm#RS256`
    let member = memchr::memchr(b'#', word).is_some_and(|at| {
        word[0].is_ascii_uppercase()
            && word[..at].iter().all(u8::is_ascii_alphabetic)
            && word[at + 1..].iter().take_while(|b| b.is_ascii_alphabetic()).count() > 1
            && is_camel(&word[..at])
    });
    let wildcard =
        member || word.ends_with(b"_*") || word.ends_with(b".*") || word.ends_with(b"/*") || word.ends_with(b"-*");
    // `wp-settings-7=editor%3Dtinymce%26library`: encoded for a URL.
    let encoded = memchr::memchr_iter(b'%', word)
        .filter(|at| {
            word.get(at + 1..at + 3).is_some_and(|code| code.iter().all(u8::is_ascii_hexdigit) && code[0] < b'8')
        })
        .count()
        >= 2;
    // `401/unauthorized`, `A9/Type`, `recved==0`
    let halved = memchr::memchr(b'/', word).is_some_and(|at| at <= 3);
    let compared = word.windows(2).any(|two| two == b"==") && !word.ends_with(b"==");
    let request = halved
        || compared
        || encoded
        || issue
        || wildcard
        || anchor
        || qualified
        || word.contains(&b'?') && word.contains(&b'=');
    let known = NO_PASSWORD.iter().any(|start| starts_with_ignoring_case(word, start.as_bytes()));
    let class = word.ends_with(b"Error") || word.ends_with(b"Exception") || starts_with_ignoring_case(word, b"x-");
    !(mail || request || known || class || count(b'/') > 2 || count(b'&') > 1)
        && !(shape.len >= 12 && is_id(word))
        && (!is_measure(word, shape) || shape.upper > 0 && shape.lower > 1)
        && !(shape.upper == 0 && shape.digit == 0 && is_address(word) && !two_parts(word))
        && !(is_stop_word(word)
            || is_standard(word)
            || is_file(word)
            || is_object(word)
            || is_cmdlet(word)
            || is_written_by_program(word)
            || is_setting(word)
            || is_code(word)
            || is_algorithm(word)
            || is_region(word)
            || is_pod(word)
            || is_compound(word))
        && (word.iter().any(|b| b"!$*#".contains(b)) || !is_about_secrets(word))
        && !is_placeholder(word)
}

/// Keys that are pressed together, and names with a mark.
const NO_PASSWORD: &[&str] = &[
    "ctrl",
    "strg",
    "alt",
    "shift",
    "cmd",
    "win+",
    "umschalt",
    "maj+",
    "may\u{fa}s",
    "fn+",
    "fritz!",
    "yahoo!",
    "c++",
    "pkcs",
    "802.1",
    "ieee80",
    "wake-on-",
    "e-mail",
    "md5-",
    "sha1-",
    "sha256-",
    "rfc",
    "x.509",
    "draft-",
    "sqlagent$",
    "mssql$",
    "reportserver$",
    "msolap$",
    "svn+",
    "git+",
    "gpl",
    "lgpl",
    "agpl",
    "2-fa",
    "de-facto",
    "http",
    "mailto",
    "ms-chap",
    "0x",
    "u+",
    "fk_",
    "idx_",
    "uniq_",
    "pk_",
    "uq_",
    "package_for",
];

/// `kirschbaum.blau` may be both; `mail.example.com` is a host.
fn two_parts(word: &[u8]) -> bool {
    const HOSTS: &[&str] = &[
        "com",
        "net",
        "org",
        "de",
        "fr",
        "es",
        "it",
        "pt",
        "nl",
        "eu",
        "io",
        "uk",
        "be",
        "ch",
        "at",
        "example",
        "local",
        "internal",
        "lan",
        "test",
        "dev",
        "app",
        "cloud",
        "info",
        "biz",
        "us",
        "br",
        "mx",
        "ar",
        "corp",
        "home",
        "localhost",
        "svc",
        "cluster",
    ];
    let last = word.rsplit(|b| *b == b'.').next().unwrap_or_default();
    !HOSTS.iter().any(|host| last.eq_ignore_ascii_case(host.as_bytes()))
}

/// `password_hash`, `db-token-reader`: a name of something.
fn is_about_secrets(word: &[u8]) -> bool {
    ABOUT.is_match(word) || classify(word).is_some()
}

static ABOUT: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let words =
        ["password", "passwort", "secret", "token", "credential", "kennwort", "contrase", "senha", "wachtwoord"];
    AhoCorasick::builder().ascii_case_insensitive(true).build(words).expect("a dozen short words")
});

/// `us-east-1`, `europe-west4-a`: where a cloud is.
fn is_region(word: &[u8]) -> bool {
    const SIDES: &[&[u8]] =
        &[b"east", b"west", b"north", b"south", b"central", b"northeast", b"southeast", b"northwest", b"southwest"];
    let parts = || word.split(|b| *b == b'-');
    let side = |part: &[u8]| {
        let letters = part.iter().take_while(|b| b.is_ascii_lowercase()).count();
        SIDES.contains(&&part[..letters]) && part[letters..].iter().all(u8::is_ascii_digit)
    };
    (2..=5).contains(&parts().count()) && parts().any(side) && parts().all(|part| part.len() <= 12)
}

/// `aes128-cts-hmac-sha1-96`, `ECDHE-RSA-AES256-GCM-SHA384`: an algorithm, put together from others.
pub(crate) fn is_algorithm(word: &[u8]) -> bool {
    const PARTS: &[&str] = &[
        "aes", "des", "hmac", "sha", "md", "rc", "cbc", "gcm", "ctr", "ecdsa", "rsa", "dsa", "ecdh", "ecdhe", "dhe",
        "ed", "chacha", "poly", "camellia", "arcfour", "pbkdf", "argon", "scrypt", "bcrypt", "xts", "ccm", "kdf",
        "blake", "psk", "aria", "null", "srp", "idea", "seed", "krb", "kyber", "mlkem",
    ];
    let part = |part: &&[u8]| {
        let letters = part.iter().take_while(|b| b.is_ascii_alphabetic()).count();
        letters > 0
            && part[letters..].iter().all(u8::is_ascii_digit)
            && PARTS.iter().any(|known| part[..letters].eq_ignore_ascii_case(known.as_bytes()))
    };
    word.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        && word.split(|b| matches!(b, b'-' | b'_')).filter(part).count() >= 2
}

/// `bootstrapUserJob.podSecurityContext.fsGroup`, `rfc2136.kerberosUsername`, `gc_MaxLifetime.x`: where a setting lies.
fn is_setting(word: &[u8]) -> bool {
    let hump = |part: &[u8]| {
        part.first().is_some_and(u8::is_ascii_lowercase)
            && !part.iter().any(u8::is_ascii_digit)
            && is_camel(part)
            && !part.ends_with(b"!")
    };
    let dots = memchr::memchr_iter(b'.', word).count();
    // `PrefKeyEncryptionScheme.AES256_SIV`
    let mut halves = word.split(|b| *b == b'.');
    let class = halves.next().unwrap_or_default();
    let constant = halves.next().unwrap_or_default();
    if dots == 1
        && class.windows(2).filter(|two| two[0].is_ascii_lowercase() && two[1].is_ascii_uppercase()).count() >= 2
        && constant.contains(&b'_')
        && !constant.iter().any(u8::is_ascii_lowercase)
    {
        return true;
    }
    // `Ergebnis.OK`
    if dots == 1
        && class.first().is_some_and(u8::is_ascii_uppercase)
        && class.iter().all(u8::is_ascii_alphabetic)
        && !constant.is_empty()
        && constant.iter().all(|b| b.is_ascii_uppercase() || *b == b'_')
    {
        return true;
    }
    // `ios_bgp_address_family`
    if memchr::memchr_iter(b'_', word).count() >= 2 && word.iter().all(|b| b.is_ascii_lowercase() || *b == b'_') {
        return true;
    }
    // `redis.auth.enabled`
    if dots >= 2 && word.iter().all(|b| b.is_ascii_lowercase() || *b == b'.') {
        return true;
    }
    dots > 0
        && word.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_'))
        && word.split(|b| *b == b'.').all(|part| part.first().is_some_and(u8::is_ascii_alphabetic))
        && word.split(|b| *b == b'.').any(hump)
}

/// `orders-7c9d8f6b5-x2lqm`: an instance that an orchestrator named.
pub(in crate::facts::values) fn is_pod(word: &[u8]) -> bool {
    let mut parts = word.rsplit(|b| *b == b'-');
    let tail = |part: Option<&[u8]>, length: std::ops::RangeInclusive<usize>| {
        part.is_some_and(|part| {
            length.contains(&part.len()) && part.iter().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase())
        })
    };
    tail(parts.next(), 5..=5) && tail(parts.next(), 8..=10) && parts.next().is_some()
}
