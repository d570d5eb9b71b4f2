//! Does a value look like a secret, or like a word of a sentence, a reference, a placeholder?

use super::scan::MARKER;
use super::stops::STOP_WORDS;

/// What a value is made of.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shape {
    pub len: usize,
    pub lower: usize,
    pub upper: usize,
    pub digit: usize,
    pub symbol: usize,
    pub blank: usize,
    pub distinct: u32,
    /// Changes from lower to upper case or between letters and digits.
    pub turns: usize,
}

impl Shape {
    pub(super) fn of(value: &[u8]) -> Self {
        let mut shape = Self { len: value.len(), ..Self::default() };
        let mut seen = [0_u64; 4];
        let mut previous = 0_u8;
        for &byte in value {
            let class = match byte {
                b'a'..=b'z' | 0x80.. => 1,
                b'A'..=b'Z' => 2,
                b'0'..=b'9' => 3,
                b' ' | b'\t' | b'\n' | b'\r' => 4,
                _ => 5,
            };
            match class {
                1 => shape.lower += 1,
                2 => shape.upper += 1,
                3 => shape.digit += 1,
                4 => shape.blank += 1,
                _ => shape.symbol += 1,
            }
            if class <= 3 && previous != 0 && previous <= 3 && class != previous {
                shape.turns += usize::from(!(previous == 2 && class == 1));
            }
            previous = class;
            seen[usize::from(byte >> 6)] |= 1 << (byte & 63);
        }
        shape.distinct = seen.iter().map(|bits| bits.count_ones()).sum();
        shape
    }

    fn letters(&self) -> usize {
        self.lower + self.upper
    }

    /// Both letters and digits.
    pub(super) fn letters_and_digits(&self) -> bool {
        self.letters() > 0 && self.digit > 0
    }
}

/// Masks, variables and other stand-ins: nothing secret in them.
pub(super) fn is_placeholder(value: &[u8]) -> bool {
    if value.is_empty()
        || value.starts_with(MARKER)
        || is_mask(value)
        || !value.iter().any(|b| b.is_ascii_alphanumeric() || *b >= 0x80)
    {
        return true;
    }
    let wrapped = |open: &[u8], close: &[u8]| value.starts_with(open) && value.ends_with(close);
    wrapped(b"${", b"}")
        || wrapped(b"$(", b")")
        || wrapped(b"{{", b"}}")
        || wrapped(b"<%", b"%>")
        || (wrapped(b"<", b">") && !value.contains(&b'='))
        || (wrapped(b"[", b"]") && value.len() < 40 && !value.iter().any(u8::is_ascii_digit))
        || (wrapped(b"(", b")") && value.len() < 40 && !value.iter().any(u8::is_ascii_digit))
        || (wrapped(b"{", b"}") && value[1..value.len() - 1].iter().all(|b| is_word(*b) || *b == b'.'))
        || (wrapped(b"%", b"%") && value.len() > 2 && value[1..value.len() - 1].iter().all(|b| is_word(*b)))
        || value.starts_with(b"$(")
        || value.starts_with(b"${") && !value.contains(&b'}')
        || is_variable(value)
        || is_stand_in(value)
        || is_format(value)
        || is_code_reference(value)
}

/// `YOUR_API_KEY`, `your-token-here`, `<insert>`: words of documentation.
fn is_stand_in(value: &[u8]) -> bool {
    let yours = starts_with_ignoring_case(value, b"your") || starts_with_ignoring_case(value, b"insert") || starts_with_ignoring_case(value, b"replace");
    yours && value.len() < 48 && value.iter().all(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'-' | b' '))
}

/// `****`, `xxxx`, `....`, `----`, bullets, one character over and over.
pub(super) fn is_mask(value: &[u8]) -> bool {
    let core = value.iter().filter(|b| !matches!(b, b'-' | b'.' | b'_' | b' '));
    let mut count = 0;
    let mut masked = 0;
    for byte in core {
        count += 1;
        masked += usize::from(matches!(byte, b'*' | b'x' | b'X' | b'?' | b'#' | 0x80..));
    }
    // Digits alone may repeat in a real PIN or an old password.
    count == 0 || masked * 10 >= count * 8 && (masked >= 3 || count == masked)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// `$DB_PASSWORD`, `$env:TOKEN`, `@Password`, `:password`, `?`: filled in elsewhere.
fn is_variable(value: &[u8]) -> bool {
    let Some((&first, rest)) = value.split_first() else {
        return false;
    };
    // `$rc->lpa`, `@$gob[0]`, `$1`
    let deep = memchr::memmem::find(value, b"->").is_some()
        || (rest.contains(&b'[') && rest.ends_with(b"]"))
        || rest.starts_with(b"$");
    if matches!(first, b'$' | b'@')
        && (deep || (first == b'$' && !rest.is_empty() && rest.iter().all(u8::is_ascii_digit)))
    {
        return true;
    }
    let name = |text: &[u8]| !text.is_empty() && text.iter().all(|b| is_word(*b) || *b == b':');
    match first {
        b'$' => name(rest) && rest[0].is_ascii_alphabetic() && !(mixed(rest) && rest.iter().any(u8::is_ascii_digit)),
        b'@' | b':' => name(rest) && rest.iter().all(|b| b.is_ascii_lowercase() || *b == b'_'),
        b'?' => rest.is_empty(),
        _ => false,
    }
}

fn mixed(text: &[u8]) -> bool {
    text.iter().any(u8::is_ascii_lowercase) && text.iter().any(u8::is_ascii_uppercase)
}

/// `%s`, `%(password)s`, `{0}`, `{}`.
fn is_format(value: &[u8]) -> bool {
    matches!(value, b"%s" | b"%d" | b"%v" | b"%r" | b"%q" | b"%p" | b"{}" | b"[]" | b"()" | b"%@" | b"-" | b"--")
        || (value.starts_with(b"%(") && value.ends_with(b")s"))
}

/// `os.environ[…]`, `process.env.X`, `secrets.TOKEN`, `getPassword()`, `self.password`.
fn is_code_reference(value: &[u8]) -> bool {
    const ROOTS: &[&str] = &[
        "os.",
        "process.",
        "self.",
        "this.",
        "req.",
        "request.",
        "config.",
        "cfg.",
        "conf.",
        "env.",
        "env(",
        "env[",
        "environ",
        "settings.",
        "options.",
        "opts.",
        "params.",
        "args.",
        "props.",
        "state.",
        "ctx.",
        "context.",
        "app.",
        "secrets.",
        "var.",
        "vars.",
        "local.",
        "module.",
        "data.",
        "user.",
        "vault.",
        "random_password.",
        "getenv",
        "system.getenv",
        "options[",
        "params[",
        "config[",
        "settings[",
        "form.",
        "body.",
        "input.",
        "credentials.",
        "creds.",
        "session.",
        "aws_",
        "azurerm_",
        "google_",
        "arn:aws:",
        "vault:",
        "ref+",
        "op://",
        "ssm:",
        "/run/secrets/",
        "file:/",
        "{{",
        "event.",
        "values.",
        ".values.",
        "github.",
        "steps.",
        "matrix.",
        "func(",
        "function",
        "lambda",
        "std::env",
        "!ref",
        "!sub",
        "fn::",
        "http://",
        "https://",
        "null,",
        "none,",
        "steps.",
        "inputs.",
        "needs.",
        "@microsoft.keyvault(",
        "projects/",
        "secretsmanager:",
        "awssm:",
    ];
    let reference = ROOTS.iter().any(|root| starts_with_ignoring_case(value, root.as_bytes()));
    let scheme = value.starts_with(b"http") && value.contains(&b'@');
    (reference && !scheme) || is_call(value)
}

/// `getPassword()`, `hash(password`, `Get-Secret(...)`: a name and an opening bracket.
fn is_call(value: &[u8]) -> bool {
    let name = value.iter().take_while(|b| is_word(**b) || matches!(b, b'.' | b':' | b'-')).count();
    name >= 2
        && matches!(value.get(name), Some(b'(' | b'['))
        && !value[..name].iter().any(u8::is_ascii_digit)
        && (value.len() == name + 1
            || value.ends_with(b")")
            || value.ends_with(b"]")
            || value[name + 1..].iter().all(|b| is_word(*b) || matches!(b, b'.' | b'"' | b'\'' | b'(')))
}

pub(super) fn starts_with_ignoring_case(text: &[u8], prefix: &[u8]) -> bool {
    text.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
}

/// A plain word that follows a secret word in sentences and in documentation.
pub(super) fn is_stop_word(value: &[u8]) -> bool {
    if value.len() > 24 {
        return false;
    }
    let mut buffer = [0_u8; 24];
    let lower = &mut buffer[..value.len()];
    lower.copy_from_slice(value);
    lower.make_ascii_lowercase();
    let lower = &*lower;
    STOP_WORDS.binary_search_by(|entry| entry.as_bytes().cmp(lower)).is_ok()
}

/// Something a person would choose as a password: not a plain word, number, name or path.
pub(super) fn looks_chosen(value: &[u8]) -> bool {
    let shape = Shape::of(value);
    if shape.len < 5 || shape.blank > 0 || is_placeholder(value) || is_everyday(value, &shape) {
        return false;
    }
    let inner_symbol = value[..value.len() - 1].iter().any(|b| b"!@#$%^&*+=?~|".contains(b));
    (shape.digit > 0 && shape.letters() > 0) || (inner_symbol && shape.letters() >= 3) || zigzag(value, &shape)
}

/// `aXbYcQ`: capitals inside a word that are not those of `CamelCase`.
fn zigzag(value: &[u8], shape: &Shape) -> bool {
    shape.len >= 10 && shape.upper >= 3 && shape.lower >= 3 && {
        let pairs = value.windows(2).filter(|w| w[0].is_ascii_uppercase() && w[1].is_ascii_uppercase()).count();
        shape.turns * 4 >= shape.len || (pairs >= 2 && shape.turns * 5 >= shape.len)
    }
}

/// Something a machine made: long, many different characters, letters and digits mixed.
pub(super) fn looks_random(value: &[u8]) -> bool {
    let shape = Shape::of(value);
    if shape.len < 12 || shape.blank > 0 || shape.distinct < 7 || is_placeholder(value) || is_everyday(value, &shape) {
        return false;
    }
    let token = value.iter().all(|b| b.is_ascii_alphanumeric() || b"_-+/=.~:!@#$%^&*".contains(b));
    token && ((shape.digit >= 2 && shape.letters() >= 2 && shape.turns >= 2) || zigzag(value, &shape))
}

/// A run of 32 or more hexadecimal digits, as many vendors make their keys.
pub(super) fn is_long_hex(value: &[u8]) -> bool {
    value.len() >= 32 && value.iter().all(u8::is_ascii_hexdigit) && Shape::of(value).distinct >= 8
}

/// Times, versions, hosts, paths, addresses, identifiers, units: what people name all day.
pub(super) fn is_everyday(value: &[u8], shape: &Shape) -> bool {
    if is_product_key(value, shape) {
        return false;
    }
    is_address(value)
        || is_fingerprint(value)
        || is_path(value)
        || is_measure(value, shape)
        || is_identifier(value, shape)
        || is_standard(value)
}

/// `ABCDE-12345-FGHIJ-67890`: four or more groups of capitals and digits.
pub(super) fn is_product_key(value: &[u8], shape: &Shape) -> bool {
    let groups = value.split(|b| *b == b'-');
    shape.lower == 0
        && shape.digit >= 2
        && shape.upper >= 4
        && groups.clone().count() >= 4
        && groups.clone().all(|group| (3..=8).contains(&group.len()) && group.iter().all(u8::is_ascii_alphanumeric))
}

/// `16:27:ac:a5:76:…`: fingerprints and hardware addresses.
fn is_fingerprint(value: &[u8]) -> bool {
    let pairs = value.split(|b| *b == b':');
    pairs.clone().count() >= 5 && pairs.clone().all(|pair| pair.len() <= 4 && pair.iter().all(u8::is_ascii_hexdigit))
}

/// `db01.example.com`, `a@b.example`, `https://…`, `10.0.0.1:80`.
fn is_address(value: &[u8]) -> bool {
    if memchr::memmem::find(value, b"://").is_some() {
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
fn is_path(value: &[u8]) -> bool {
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
    if super::names::is_file(value)
        && value.iter().all(|b| is_word(*b) || matches!(b, b'/' | b'.' | b'-' | b'\\' | b':' | b'~'))
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
fn is_measure(value: &[u8], shape: &Shape) -> bool {
    let letters = shape.letters();
    let separators = value.iter().filter(|b| b".:-/,+%x_ TZ".contains(b)).count();
    let numeric = shape.digit + separators >= shape.len;
    // Numbers and dates; long runs of digits alone are left to those who know what they name.
    if letters <= 3 && numeric && shape.digit > 0 && shape.symbol <= 8 {
        return true;
    }
    let digits = value.iter().take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b',')).count();
    let unit = &value[digits..];
    let unit = unit.strip_prefix(b"-").unwrap_or(unit);
    if digits > 0 && !unit.is_empty() && unit.iter().all(|b| b.is_ascii_lowercase()) && letters > 0 {
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
    let dots = version.iter().filter(|b| **b == b'.').count();
    dots >= 1
        && version[0].is_ascii_digit()
        && value.iter().all(|b| b.is_ascii_alphanumeric() || b".-+_".contains(b))
        && letters <= 8
}

/// Words with at most a trailing number (`step2`, `node-3`, `ORA-01017`), `snake_case`, `CamelCase`.
fn is_identifier(value: &[u8], shape: &Shape) -> bool {
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
pub(super) fn is_standard(value: &[u8]) -> bool {
    const NAMES: &[&str] = &[
        "scram-sha-256",
        "scram-sha-1",
        "md5crypt",
        "sha512crypt",
        "hmac-sha256",
        "sha1",
        "sha256",
        "sha384",
        "sha512",
        "md5",
        "hs256",
        "hs384",
        "hs512",
        "rs256",
        "rs384",
        "rs512",
        "es256",
        "es384",
        "es512",
        "ps256",
        "ps512",
        "eddsa",
        "ed25519",
        "x25519",
        "aes128",
        "aes192",
        "aes256",
        "oauth2",
        "oauth2.0",
        "oauth1",
        "http2",
        "http3",
        "tls1",
        "tls12",
        "tls13",
        "base64",
        "base32",
        "utf8",
        "ipv4",
        "ipv6",
        "rfc6750",
        "rfc7519",
        "x509",
        "pkcs1",
        "pkcs7",
        "pkcs8",
        "pkcs12",
        "s3",
        "ec2",
        "k8s",
        "i18n",
        "l10n",
        "log4j",
        "oidc",
        "saml2",
        "saml2.0",
        "ws2",
        "h2",
        "win32",
        "win64",
        "x86",
        "amd64",
        "arm64",
        "python3",
        "java8",
        "java11",
        "java17",
        "mysql8",
        "postgres14",
        "argon2",
        "argon2id",
        "argon2i",
        "pbkdf2",
        "bcrypt",
        "scrypt",
        "rsa2048",
        "rsa4096",
        "blake3",
        "crc32",
        "web3",
        "office365",
        "o365",
        "m365",
        "1password",
        "lastpass",
        "keepass",
        "bitwarden",
        "auth0",
        "b2b",
        "b2c",
        "fido2",
        "u2f",
        "2fa",
        "mfa",
        "log4shell",
        "neo4j",
    ];
    NAMES.iter().any(|name| value.eq_ignore_ascii_case(name.as_bytes()))
}

/// Several lower-case words: a sentence or a passphrase.
pub(super) fn is_sentence(value: &[u8]) -> bool {
    let mut words = value.split(|b| *b == b' ').filter(|word| !word.is_empty());
    let wordy = |word: &[u8]| word.iter().all(|b| b.is_ascii_alphabetic() || *b >= 0x80 || b"'.,;:!?-()".contains(b));
    value.contains(&b' ') && words.by_ref().take(12).filter(|word| wordy(word)).count() >= 2
}
