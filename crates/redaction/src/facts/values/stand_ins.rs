//! Words that say that something else belongs there: `YOUR_API_KEY`, `changeme`, the name of a variable.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::placeholder::is_word;
use super::starts_with_ignoring_case;

/// `YOUR_API_KEY`, `your-token-here`, `<insert>`: words of documentation.
pub(crate) fn is_stand_in(value: &[u8]) -> bool {
    if [
        "changeme",
        "change-me",
        "change_me",
        "dummy",
        "à compléter",
        "da compilare",
        "por definir",
        "a definir",
        "noch offen",
        "in te vullen",
        "to be defined",
    ]
    .iter()
    .any(|word| value.eq_ignore_ascii_case(word.as_bytes()))
    {
        return true;
    }
    let own = ["TU_", "SU_", "VOTRE_", "TON_", "DEIN_", "IHR_", "SEU_", "SUA_", "JOUW_", "UW_"];
    if value.contains(&b'_')
        && own.iter().any(|own| value.starts_with(own.as_bytes()))
        && !value.iter().any(u8::is_ascii_digit)
    {
        return true;
    }
    // `BASE64_KEY_PLACEHOLDER`
    if value.len() < 64 && value.last_chunk::<11>().is_some_and(|end| end.eq_ignore_ascii_case(b"placeholder")) {
        return true;
    }
    // `xoxb-your-token-here`, `VALUE_SPECIFIED_IN_NO_LOG_PARAMETER`
    let plain = value.len() < 64 && !value.iter().any(u8::is_ascii_digit);
    if plain && value.iter().any(|b| matches!(b, b'_' | b'-')) && says_so(value) {
        return true;
    }
    // "Password:" and "Username:", as a mail server asks for them.
    if matches!(value, b"UGFzc3dvcmQ6" | b"VXNlcm5hbWU6") {
        return true;
    }
    let yours = starts_with_ignoring_case(value, b"your")
        || starts_with_ignoring_case(value, b"insert")
        || starts_with_ignoring_case(value, b"replace");
    yours && value.len() < 48 && value.iter().all(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'-' | b' '))
}

/// Words by which people say that something else belongs there.
static STAND_INS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let words = [
        "your-",
        "your_",
        "no_log",
        "placeholder",
        "redacted",
        "_aqui",
        "_aqu\u{ed}",
        "_here",
        "-here",
        "_ici",
        "_hier",
    ];
    AhoCorasick::builder().ascii_case_insensitive(true).build(words).expect("a dozen short words")
});

fn says_so(value: &[u8]) -> bool {
    STAND_INS.is_match(value)
}

/// `sk-...`: a few letters and dots.
pub(super) fn is_cut(value: &[u8]) -> bool {
    let shown = value.strip_suffix(b"...").or_else(|| value.strip_suffix("\u{2026}".as_bytes()));
    shown.is_some_and(|shown| {
        shown.len() <= 8 && shown.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    })
}

/// `LDAP_BIND_PASS`: the name of a variable.
pub(super) fn is_environment(value: &[u8]) -> bool {
    let named = [
        &b"_PASS"[..],
        b"_PASSWORD",
        b"_PASSWD",
        b"_PWD",
        b"_SECRET",
        b"_TOKEN",
        b"_KEY",
        b"_PASSPHRASE",
        b"_CREDENTIALS",
    ];
    value.contains(&b'_')
        && value.iter().all(|b| b.is_ascii_uppercase() || *b == b'_')
        && named.iter().any(|end| value.len() > end.len() + 1 && value.ends_with(end))
}

/// `${CREDENTIALS_DIRECTORY}/db-password`, `{score}/4`: something filled in, and what comes behind it.
pub(super) fn is_below(value: &[u8]) -> bool {
    let open = usize::from(value.starts_with(b"$"));
    let Some(close) = memchr::memchr(b'}', value).filter(|_| value.get(open) == Some(&b'{')) else { return false };
    let name = &value[open + 1..close];
    let rest = &value[close + 1..];
    !name.is_empty()
        && name.iter().all(|b| is_word(*b))
        && rest.first() == Some(&b'/')
        && rest.len() < 60
        && rest.iter().all(|b| b.is_ascii_lowercase() || b"/-_.0123456789".contains(b))
}
