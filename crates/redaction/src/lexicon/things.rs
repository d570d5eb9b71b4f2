//! Names of standards, types and products, and words that stand in for a secret or say where it lies.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::lexicon::letters::starts_with_ignoring_case;

/// Algorithms, protocols and standards that carry digits, and types of code.
#[rustfmt::skip]
pub(super) const STANDARDS: &[&str] = &[
    "scram-sha-256", "scram-sha-1", "md5crypt", "uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64", "argon2id",
    "argon2i", "argon2d", "pbkdf2", "scrypt", "bcrypt", "yescrypt", "sha512crypt", "hmac-sha256", "sha1", "sha256", "sha384", "sha512",
    "md5", "hs256", "hs384", "hs512", "rs256", "rs384", "rs512", "s256", "es256", "es384", "es512", "ps256", "ps512", "eddsa", "ed25519", "x25519",
    "aes128", "aes192", "aes256", "oauth2", "oauth2.0", "oauth1", "http2", "http3", "tls1", "tls12", "tls13", "base64", "base32", "utf8", "utf-8",
    "ipv4", "ipv6", "rfc6750", "rfc7519", "x509", "pkcs1", "pkcs7", "pkcs8", "pkcs12", "pkcs#1", "pkcs#7", "pkcs#8", "pkcs#11", "pkcs#12", "s3", "ec2", "k8s", "i18n", "l10n", "log4j", "oidc",
    "saml2", "saml2.0", "ws2", "h2", "win32", "win64", "x86", "amd64", "arm64", "python3", "java8", "java11", "java17", "mysql8",
    "postgres14", "argon2", "rsa2048", "rsa4096", "blake3", "crc32", "web3", "office365", "o365", "m365", "1password", "lastpass",
    "keepass", "bitwarden", "auth0", "b2b", "b2c", "fido2", "u2f", "2fa", "mfa", "log4shell", "neo4j",
    "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "f32", "f64", "bool", "str", "char",
    "mut", "const", "c_int", "c_long", "c_char", "c_uint", "size_t", "uint8_t", "byte", "list", "dict", "tuple", "bytes",
    "number", "any", "string", "vec", "option", "result", "promise", "buffer", "secretstring", "securestring", "object", "data",
    "nsdata", "date", "int", "uint", "character", "charsequence", "bytearray", "chararray", "stringbuilder",
];

/// What a number follows in names of products and things.
#[rustfmt::skip]
const PRODUCTS: &[&str] = &[
    "field", "column", "uint", "int", "float", "varchar", "exchange", "office", "windows", "win", "outlook", "sharepoint", "debian", "ubuntu", "centos", "fedora", "java", "python", "oauth", "mozilla", "firefox", "chrome", "edge", "safari", "android", "postgres", "postgresql", "mysql", "mariadb",
    "oracle", "sqlserver", "server", "node", "nodejs", "php", "perl", "ruby", "dotnet", "openssl", "openssh", "nginx", "apache", "tomcat", "jetty", "kernel", "linux", "macos", "citrix", "acrobat", "teams", "zoom", "vcenter", "esxi", "vmware", "proxmox",
    "base", "sha", "utf", "latin", "argon", "log", "ipv", "http", "smbv", "tlsv", "ssl", "socks", "step", "level", "phase", "version", "build", "release", "ticket", "case", "room", "till", "printer", "scanner", "drucker", "kasse", "host", "rack", "switch",
];

/// How code and configuration begin to refer to what they do not hold.
#[rustfmt::skip]
const REFERENCES: &[&str] = &[
    "os.", "process.", "self.", "this.", "req.", "request.", "config.", "cfg.", "conf.", "env.", "env(", "env[", "environ", "settings.",
    "options.", "opts.", "params.", "args.", "props.", "state.", "ctx.", "context.", "app.", "secrets.", "var.", "vars.", "local.",
    "module.", "data.", "user.", "vault.", "random_password.", "getenv", "system.getenv", "options[", "params[", "config[", "settings[",
    "form.", "body.", "input.", "credentials.", "creds.", "session.", "aws_", "azurerm_", "google_", "arn:aws:", "vault:", "ref+", "op://",
    "ssm:", "/run/secrets/", "env:", "file:", "fd:", "keychain:", "throw", "file:/", "event.", "values.", ".values.", "github.",
    "steps.", "matrix.", "func(", "function", "lambda", "std::env", "!ref", "!sub", "fn::", "http://", "https://", "null,", "none,",
    "urn:", ".aspnetcore.", "sm://", "ssm://", "vault://", "akv://", "bw://", "pass://", "keeper://", "env://", "secret://", "secretref:", "inputs.", "needs.", "@microsoft.keyvault(", "projects/", "secretsmanager:", "awssm:",
    "required|", "nullable|", "sometimes|", "string|", "id=", "enc[", "enc(", "{cipher}", "{ref:", "ref:p@", "{type", "hmac-sha256:", "pk_live_", "pk_test_", "{%", "<%", "(*", "!!", "@cred", "...",
];

/// Words by which people say that something else belongs there.
#[rustfmt::skip]
const STAND_INS: &[&str] = &[
    "your-", "your_", "no_log", "placeholder", "redacted", "_aqui", "_aqu\u{ed}", "_here", "-here", "_ici", "_hier", "changeme", "change-me",
    "change_me", "replace-", "replace_", "replace ", "insert-", "insert_", "insert ", "votre_", "dein_", "jouw_", "dummy",
    "\u{e0} compl\u{e9}ter", "da compilare", "por definir", "a definir", "noch offen", "in te vullen", "to be defined",
];

/// What stands before something on its line and says that it is no secret.
#[rustfmt::skip]
const DENIALS: &[&str] = &[
    "commit:", "revision:", "secure: v1:", "_name ??", "_name ||", "last 4 ", "last 5 ", "last four ", "last five ", "letzten 4 ", "letzten 5 ",
    "letzte 5 ", "derniers caract", "5 derniers ", "ultimi 5 ", "laatste 5 ", "number of days", "de jours ", "anzahl der tage",
];

/// What names an object beside its name: a Secret of Kubernetes, a certificate of a device, a host, a user; a key that all may see.
#[rustfmt::skip]
const OBJECTS: &[&str] = &[
    "existingsecret", "existing_secret", "existingsecretname", "secretname", "secret_name", "siehe secret", "see secret", "from secret",
    "voir secret", "voir le secret", "ver secret", "ver el secret", "vedi secret", "zie secret", "veja secret", "set certificate",
    "set ssl-certificate", "set server-cert", "set admin-server-cert", "set auth-cert",
    "publishable_key", "publishable-key", "publishablekey",
    "hostname", "host name", "username", "user name", "benutzername", "nome utente", "nombre de usuario", "nom d'utilisateur", "gebruikersnaam",
    "correlation", "correlation id",
];

/// Passwords so common that they are words of sentences as well.
pub(super) const FAMOUS: &[&str] = &["secret", "default", "custom", "standard", "manual", "temporary"];

/// What numbers count.
pub(super) const UNITS: &[&str] =
    &["s", "ms", "us", "ns", "m", "min", "h", "d", "days", "hours", "k", "kb", "mb", "gb", "bit", "px"];

/// Flags of commands that begin with the letter before which a password may stand: `-p`.
#[rustfmt::skip]
const FLAGS: &[&str] = &[
    "password", "passphrase", "passwd", "pass", "path", "port", "print", "progress", "parallel", "profile", "project",
];

/// How commands of PowerShell begin that yield a value (`Get-Credential`); other words that are joined are passwords.
const CMDLETS: &[&str] = &[
    "get-",
    "read-",
    "new-",
    "convertto-",
    "convertfrom-",
    "import-",
    "invoke-",
    "select-",
    "join-",
    "unprotect-",
    "protect-",
    "find-",
    "resolve-",
    "request-",
    "receive-",
    "use-",
    "set-",
    "out-",
];

/// How the tag of a field, a link, a button or a heading begins.
const FIELDS: &[&str] = &["input", "a ", "button", "select", "textarea", "form", "option", "h1", "h2"];

/// How a method begins that is given what it keeps (`setPassword`).
const SETTERS: &[&str] = &["set", "with", "add"];

/// Whether a value says that something else belongs there.
pub(crate) static STAND_IN: LazyLock<AhoCorasick> =
    LazyLock::new(|| AhoCorasick::builder().ascii_case_insensitive(true).build(STAND_INS).expect("a few short words"));

/// Whether what stands before something on its line says that it is something else.
pub(crate) static DENIAL: LazyLock<AhoCorasick> =
    LazyLock::new(|| AhoCorasick::builder().ascii_case_insensitive(true).build(DENIALS).expect("a few short words"));

/// References by their first letter: every value is asked.
static BY_LETTER: LazyLock<Vec<Vec<&'static str>>> = LazyLock::new(|| {
    let mut table = vec![Vec::new(); 256];
    for start in REFERENCES {
        table[usize::from(start.as_bytes()[0])].push(*start);
    }
    table
});

/// Whether what stands before a value names an object and no secret.
pub(crate) fn names_object(before: &[u8]) -> bool {
    let marks = before.iter().rev().take_while(|b| b" :=\"'".contains(b)).count();
    let before = &before[..before.len() - marks];
    OBJECTS.iter().any(|name| {
        before.len().checked_sub(name.len()).is_some_and(|at| before[at..].eq_ignore_ascii_case(name.as_bytes()))
    })
}

/// The rest of a flag behind its `p`.
pub(crate) fn is_flag(rest: &[u8]) -> bool {
    FLAGS.iter().any(|flag| &flag.as_bytes()[1..] == rest)
}

/// The tag of a field, a link, a button or a heading.
pub(crate) fn begins_field(tag: &[u8]) -> bool {
    FIELDS.iter().any(|name| tag.starts_with(name.as_bytes()))
}

/// `Get-Credential`, `(ConvertTo-SecureString`: a command of PowerShell.
pub(crate) fn begins_cmdlet(value: &[u8]) -> bool {
    let value = value.strip_prefix(b"(").unwrap_or(value);
    CMDLETS.iter().any(|verb| starts_with_ignoring_case(value, verb.as_bytes()))
}

/// A method that is given what it keeps.
pub(crate) fn sets(method: &[u8]) -> bool {
    SETTERS.iter().any(|verb| starts_with_ignoring_case(method, verb.as_bytes()))
}

/// `Exchange2019`, `Windows-11`: a thing and its number.
pub(crate) fn is_product(word: &[u8]) -> bool {
    let name = word.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    word[name..].iter().all(|b| b.is_ascii_digit() || b"-_.#".contains(b))
        && PRODUCTS.iter().any(|product| word[..name].eq_ignore_ascii_case(product.as_bytes()))
}

/// `os.environ[…]`, `process.env.X`, `secrets.TOKEN`, `vault://…`: says where it lies.
pub(crate) fn refers(value: &[u8]) -> bool {
    let first = value.first().map_or(0, u8::to_ascii_lowercase);
    BY_LETTER[usize::from(first)].iter().any(|start| starts_with_ignoring_case(value, start.as_bytes()))
}
