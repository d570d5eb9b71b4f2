//! Stand-ins for a secret: variables, masks, formats, calls, references.

use crate::text::scan;
use std::sync::LazyLock;

use super::markup::conversion;
use super::stand_ins::{is_below, is_cut, is_environment, is_stand_in};
use super::standard::is_standard;
use super::{MARKER, starts_with_ignoring_case};

/// `<Zq8x7Yw6Vt5Us4>`, `${Sommer-2026!x}`: what stands between the brackets are digits and marks, not the words of a
/// placeholder.
pub(crate) fn is_no_word(inner: &[u8]) -> bool {
    let count = |of: fn(&u8) -> bool| inner.iter().filter(|byte| of(byte)).count();
    let mark = inner[..inner.len().saturating_sub(1)].iter().any(|byte| b"!#%^*~".contains(byte));
    let mixed = count(u8::is_ascii_uppercase) >= 2 && count(u8::is_ascii_lowercase) >= 2;
    inner.len() >= 8
        && inner.iter().all(|byte| byte.is_ascii_graphic() && !b"_.:$|(){}[]/\\\"'<>=,?@".contains(byte))
        && count(u8::is_ascii_digit) >= 2
        && (mark && count(u8::is_ascii_alphabetic) >= 3 || mixed && count(u8::is_ascii_digit) >= 4)
}

/// Masks, variables and other stand-ins: nothing secret in them.
pub(crate) fn is_placeholder(value: &[u8]) -> bool {
    if value.is_empty()
        || value.starts_with(MARKER)
        || is_mask(value)
        || !value.iter().any(|b| b.is_ascii_alphanumeric() || *b >= 0x80)
    {
        return true;
    }
    // Most values begin with a letter or a digit, and few stand-ins do.
    if value[0].is_ascii_alphanumeric() || value[0] >= 0x80 {
        let encrypted = value.starts_with(b"ENC[") || value.starts_with(b"ENC(");
        return encrypted || is_environment(value) || is_cut(value) || is_stand_in(value) || is_code_reference(value);
    }
    let wrapped = |open: &[u8], close: &[u8]| value.starts_with(open) && value.ends_with(close);
    if [(&b"<"[..], &b">"[..]), (b"${", b"}"), (b"{{", b"}}")]
        .into_iter()
        .any(|(open, close)| wrapped(open, close) && is_no_word(&value[open.len()..value.len() - close.len()]))
    {
        return false;
    }
    wrapped(b"${", b"}")
        || wrapped(b"$(", b")")
        || wrapped(b"{{", b"}}")
        || wrapped(b"#{", b"}")
        || wrapped(b"#{", b"}#")
        || (wrapped(b"@", b"@") && value.len() > 2 && value[1..value.len() - 1].iter().all(|b| is_word(*b) || matches!(b, b'.' | b'-' | b'@')))
        || wrapped(b"<%", b"%>")
        || (wrapped(b"<", b">") && !value.contains(&b'='))
        || (wrapped(b"[", b"]") && value.len() < 40 && !value.iter().any(u8::is_ascii_digit))
        || (wrapped(b"(", b")") && value.len() < 40 && !value.iter().any(u8::is_ascii_digit))
        || (wrapped(b"{", b"}") && value[1..value.len() - 1].iter().all(|b| is_word(*b) || b".$#%()[]".contains(b)))
        // `'\u0000'`, `'\0'`: one character.
        || (value.starts_with(b"\\") && value.len() <= 6 && value[1..].iter().all(|b| b.is_ascii_hexdigit() || matches!(b, b'u' | b'x' | b'n')))
        || value.starts_with(b"{%")
        || (wrapped(b"`", b"`") && value.contains(&b' '))
        || (value.starts_with(b"@") && is_call(&value[1..]))
        || (wrapped(b"%", b"%") && value.len() > 2 && value[1..value.len() - 1].iter().all(|b| is_word(*b) || b"():.%".contains(b)))
        || (wrapped(b"(", b")") && value.len() > 2 && is_standard(&value[1..value.len() - 1]))
        // `(OAuth2ClientCredentialsAuthenticationToken) authentication`: a cast.
        || (wrapped(b"(", b")") && value[1..value.len() - 1].iter().all(u8::is_ascii_alphanumeric) && humps(value) > 2)
        // `*** removed ***`
        || (wrapped(b"***", b"***") && value.len() > 6)
        // `passwd (5)`: a page of the manual.
        || (wrapped(b"(", b")") && value.len() <= 4 && value[1..value.len() - 1].iter().all(u8::is_ascii_digit))
        || value.starts_with(b"$(")
        // `(sensitive value)`, cut at the blank.
        || (value.starts_with(b"(") && value.len() > 2 && value[1..].iter().all(|b| b.is_ascii_lowercase() || *b >= 0x80))
        // `LDAP_BIND_PASS`, `${CREDENTIALS_DIRECTORY}/db-password`, `{score}/4`: where it stands.
        || is_environment(value)
        || is_below(value)
        // `!vault |`, `!Ref`
        || (value.starts_with(b"!") && (3..40).contains(&value.len()) && value[1..].iter().all(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'-')))
        // `@credman:Copias/svc-copias`, `LIKE '$argon2id$%'`: where it lies, how it begins.
        || (value.starts_with(b"@cred") && value.contains(&b':'))
        || (value.starts_with(b"$") && value.ends_with(b"$%"))
        // `{ API Key value }`
        || (wrapped(b"{ ", b" }") && value.iter().all(|b| b.is_ascii_alphabetic() || b" {}_".contains(b)))
        // `^PASS^`
        || (wrapped(b"^", b"^") && value.len() > 2 && value[1..value.len() - 1].iter().all(u8::is_ascii_uppercase))
        // `sk-...`, `sk_...`: only how it begins.
        || is_cut(value)
        // `'$password'`: a variable of the shell inside quotation marks.
        || (wrapped(b"'$", b"'") && value[2..value.len() - 1].iter().all(|b| is_word(*b)))
        // `{type: string, format: password}`: what a value must be.
        // `$ENV{RADIUS_SECRET}`, `$__file{/run/secrets/x}`
        || (value.starts_with(b"$") && value.ends_with(b"}") && value[1..].iter().take_while(|b| is_word(**b)).count() > 0 && value.contains(&b'{'))
        // `(*secret.Value)(0xc00031e2d0)`
        || value.starts_with(b"!!")
        || value.starts_with(b"#{") && !value.contains(&b'}')
        || value.starts_with(b"(*")
        || value.starts_with(b"{type")
        || value.starts_with(b"ENC[")
        || value.starts_with(b"ENC(")
        || value.starts_with(b"${") && !value.contains(&b'}')
        || is_variable(value)
        || is_stand_in(value)
        || is_format(value)
        || is_code_reference(value)
}

/// `****`, `xxxx`, `....`, `----`, bullets, one character over and over.
pub(crate) fn is_mask(value: &[u8]) -> bool {
    let (mut count, mut masked) = (0, 0);
    for byte in value {
        count += usize::from(!matches!(byte, b'-' | b'.' | b'_' | b' '));
        masked += usize::from(matches!(byte, b'*' | b'x' | b'X' | b'?' | b'#' | 0x80..));
    }
    if value.len() >= 3 && value.iter().all(|b| *b == value[0]) && matches!(value[0], b'X' | b'Y' | b'Z') {
        return true;
    }
    // Digits alone may repeat in a real PIN or an old password.
    if count == 0 || masked * 10 >= count * 8 && (masked >= 3 || count == masked) {
        return true;
    }
    // `SG.xxxxxxxx.yyyyyyyy`: groups of one letter each.
    let mut groups = value.split(|b| matches!(b, b'.' | b'-' | b'_')).filter(|group| group.len() >= 4);
    let same = |group: &[u8]| group.iter().all(|b| *b == group[0] && b.is_ascii_alphabetic());
    groups.next().is_some_and(same) && groups.next().is_some_and(same) && groups.all(same)
}

/// Where a small letter meets a capital.
fn humps(value: &[u8]) -> usize {
    value.windows(2).filter(|two| two[0].is_ascii_lowercase() && two[1].is_ascii_uppercase()).count()
}

pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// `$DB_PASSWORD`, `$env:TOKEN`, `@Password`, `:password`, `?`: filled in elsewhere.
pub(super) fn is_variable(value: &[u8]) -> bool {
    let Some((&first, rest)) = value.split_first() else {
        return false;
    };
    // `$rc->lpa`, `@$gob[0]`, `$1`
    let deep = scan::find(value, b"->").is_some()
        || (rest.contains(&b'[') && rest.ends_with(b"]"))
        || (rest.ends_with(b"[") && rest.len() > 1)
        || rest.starts_with(b"$");
    if matches!(first, b'$' | b'@')
        && (deep || (first == b'$' && !rest.is_empty() && rest.iter().all(u8::is_ascii_digit)))
    {
        return true;
    }
    let name = |text: &[u8]| !text.is_empty() && text.iter().all(|b| is_word(*b) || *b == b':');
    match first {
        // `$dex.github.clientSecret`
        // `$dex-github:clientSecret`
        b'$' if rest.iter().any(|b| matches!(b, b'.' | b':')) => {
            rest[0].is_ascii_alphabetic() && rest.iter().all(|b| b.is_ascii_alphabetic() || b"._:-".contains(b))
        }
        b'$' => {
            name(rest)
                && (rest[0].is_ascii_alphabetic() || rest[0] == b'_')
                && !(mixed(rest) && rest.iter().any(u8::is_ascii_digit))
        }
        b'@' if rest == b"ARGV" || rest == b"_" => true,
        b'@' | b':' => name(rest) && rest.iter().all(|b| b.is_ascii_lowercase() || *b == b'_'),
        b'?' => rest.is_empty(),
        _ => false,
    }
}

pub(super) fn mixed(text: &[u8]) -> bool {
    text.iter().any(u8::is_ascii_lowercase) && text.iter().any(u8::is_ascii_uppercase)
}

/// `%s`, `%(password)s`, `{0}`, `{}`.
pub(super) fn is_format(value: &[u8]) -> bool {
    matches!(
        value,
        b"%s"
            | b"%d"
            | b"%v"
            | b"%r"
            | b"%q"
            | b"%p"
            | b"%w"
            | b"%x"
            | b"%t"
            | b"{}"
            | b"[]"
            | b"()"
            | b"%@"
            | b"-"
            | b"--"
    ) || (value.starts_with(b"%(") && value.ends_with(b")s"))
        || conversion(value) == Some(value.len())
}

/// How code refers to what it does not hold.
#[rustfmt::skip]
const ROOTS: &[&str] = &[
    "os.", "process.", "self.", "this.", "req.", "request.", "config.", "cfg.", "conf.", "env.", "env(", "env[", "environ", "settings.",
    "options.", "opts.", "params.", "args.", "props.", "state.", "ctx.", "context.", "app.", "secrets.", "var.", "vars.", "local.",
    "module.", "data.", "user.", "vault.", "random_password.", "getenv", "system.getenv", "options[", "params[", "config[", "settings[",
    "form.", "body.", "input.", "credentials.", "creds.", "session.", "aws_", "azurerm_", "google_", "arn:aws:", "vault:", "ref+", "op://",
    "ssm:", "/run/secrets/", "env:", "file:", "fd:", "keychain:", "throw", "file:/", "{{", "event.", "values.", ".values.", "github.",
    "steps.", "matrix.", "func(", "function", "lambda", "std::env", "!ref", "!sub", "fn::", "http://", "https://", "null,", "none,",
    "urn:", ".aspnetcore.", "sm://", "ssm://", "vault://", "akv://", "bw://", "pass://", "keeper://", "env://", "secret://", "secretref:", "inputs.", "needs.", "@microsoft.keyvault(", "projects/", "secretsmanager:", "awssm:",
];

/// The same by their first letter: every value is asked.
static ROOTS_BY_LETTER: LazyLock<Vec<Vec<&'static str>>> = LazyLock::new(|| {
    let mut table = vec![Vec::new(); 256];
    for root in ROOTS {
        table[usize::from(root.as_bytes()[0])].push(*root);
    }
    table
});

/// `os.environ[…]`, `process.env.X`, `secrets.TOKEN`, `getPassword()`, `self.password`.
pub(super) fn is_code_reference(value: &[u8]) -> bool {
    let first = value.first().map_or(0, u8::to_ascii_lowercase);
    let reference =
        ROOTS_BY_LETTER[usize::from(first)].iter().any(|root| starts_with_ignoring_case(value, root.as_bytes()));
    let scheme = value.starts_with(b"http") && value.contains(&b'@');
    (reference && !scheme) || is_call(value)
}

/// `getPassword()`, `hash(password`, `Get-Secret(...)`: a name and an opening bracket.
pub(super) fn is_call(value: &[u8]) -> bool {
    let name = value.iter().take_while(|b| is_word(**b) || matches!(b, b'.' | b':' | b'-')).count();
    // `Oak_Table(12)`
    let inner = value[name..].strip_prefix(b"(").and_then(|rest| rest.strip_suffix(b")")).unwrap_or_default();
    let chosen = value[..name].contains(&b'_')
        && mixed(&value[..name])
        && !inner.is_empty()
        && inner.iter().all(u8::is_ascii_digit);
    name >= 2
        && !chosen
        && !(value[..name].contains(&b'-') && value[name..].iter().any(u8::is_ascii_digit))
        && matches!(value.get(name), Some(b'(' | b'['))
        && (!value[..name].iter().any(u8::is_ascii_digit) || value[..name].contains(&b'.') && value.ends_with(b")"))
        && (value.len() == name + 1
            || value.ends_with(b")")
            || value.ends_with(b"]")
            || value[name + 1..].iter().all(|b| is_word(*b) || matches!(b, b'.' | b'"' | b'\'' | b'(')))
}
