//! What stands behind names of secrets all day: measures, counts, times, places.

use crate::facts::candidate::{Claim, Facts};
use crate::facts::values;
use crate::lexicon::names::{Kind, classify, is_file};
use crate::text::scan;
use crate::text::separator::Tie;

/// `^9.0.2`, `8.1.0`, `1:4.13+dfsg1-1+b1`: what a package with a secret word in its name has.
pub(crate) fn is_version(f: &Facts<'_, '_>) -> bool {
    let value = f.value();
    let sure = || {
        f.candidate.kind() != Some(Kind::Password)
            || value.contains(&b'-')
            || value.contains(&b'+')
            || memchr::memchr_iter(b'.', value).count() >= 2
    };
    is_release(value) && sure()
}

fn is_release(value: &[u8]) -> bool {
    let digits = value
        .strip_prefix(b"^")
        .or_else(|| value.strip_prefix(b"~"))
        .or_else(|| value.strip_prefix(b">="))
        .or_else(|| value.strip_prefix(b"v"))
        .unwrap_or(value);
    let packaged = digits.first().is_some_and(u8::is_ascii_digit)
        && digits.contains(&b'.')
        && digits.iter().all(|b| b.is_ascii_digit() || b".:+~-".contains(b) || b"dfsgubntrcpelab".contains(b))
        && digits.iter().filter(|b| b.is_ascii_alphabetic()).count() <= 8;
    digits.contains(&b'.') && digits.iter().all(|b| b.is_ascii_digit() || *b == b'.')
        || packaged && digits.iter().any(|b| b"-+".contains(b))
        || value.starts_with(b"workspace:")
}

/// `reset_password_after = 6.hours`, `prompt for credentials:i:1`
pub(crate) fn is_measure(f: &Facts<'_, '_>) -> bool {
    let (value, shape) = (f.value(), &f.shape);
    let tail = f.candidate.name.is_some_and(|name| name.tail) && !f.candidate.setting.quoted;
    tail && (values::is_measure(value, shape) || shape.digit == shape.len && shape.len < 5)
        || shape.len <= 4 && matches!(value, [b'i' | b'b', b':', b'0'..=b'9', ..])
}

/// `pass=14 fail=2`, `pass 41/43`: so many of so many.
pub(crate) fn is_count(f: &Facts<'_, '_>) -> bool {
    let so_many = |part: &[u8]| (1..=5).contains(&part.len()) && part.iter().all(u8::is_ascii_digit);
    let value = f.value();
    !f.candidate.setting.quoted
        && (f.shape.digit == f.shape.len && f.shape.len < 3
            || value.contains(&b'/') && value.splitn(3, |b| *b == b'/').all(so_many))
}

/// `pass=212 fail=3`, `"pass": "212", "fail": "3"`, and below `suite;pass;fail`: so many passed, so many failed.
pub(crate) fn is_tallied(f: &Facts<'_, '_>) -> bool {
    if f.shape.digit != f.shape.len || f.shape.len > 5 {
        return false;
    }
    let (text, start, end) = (f.candidate.text, f.candidate.start, f.candidate.end);
    let word = |line: &[u8], word: &[u8]| {
        line.split(|b| !b.is_ascii_alphanumeric()).any(|other| other.eq_ignore_ascii_case(word))
    };
    // A cell does not know its name; the heading has both.
    if matches!(f.candidate.claim, Claim::Cell | Claim::Aligned) {
        let above = &text[start.saturating_sub(4096)..start];
        return above.split(|b| *b == b'\n').any(|line| word(line, b"pass") && word(line, b"fail"));
    }
    // `pass=4711 fail` tells of a login: what failed is counted as well.
    let beside = &text[scan::line_start(text, start, 40)..text.len().min(end + 40)];
    let mut words = beside.split(|b| !b.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    f.candidate.term() == "pass"
        && words.any(|word| word.eq_ignore_ascii_case(b"fail"))
        && words.next().is_some_and(|count| count.iter().all(u8::is_ascii_digit))
}

/// Times and dates stand behind names of tokens and sessions all day.
pub(crate) fn is_time(f: &Facts<'_, '_>) -> bool {
    let value = f.value();
    (5..=35).contains(&value.len())
        && value.iter().all(|b| b.is_ascii_digit() || b":-.TZ+/".contains(b))
        && value.iter().any(|b| matches!(b, b':' | b'-' | b'/'))
}

/// `--token-primary: #0a7f5a`, `token: elevation-1`: of a design.
pub(crate) fn is_colour(f: &Facts<'_, '_>) -> bool {
    let value = f.value();
    let colour = value.strip_prefix(b"#").is_some_and(|hex| hex.len() <= 8 && hex.iter().all(u8::is_ascii_hexdigit));
    let word = value.iter().take_while(|b| b.is_ascii_lowercase()).count();
    let step = word >= 5 && matches!(&value[word..], [b'-', b'0'..=b'9'] | [b'-', b'0'..=b'9', b'0'..=b'9']);
    colour || step
}

/// `rad_session_id=812334507`, `max-tokens: 150000`, `COOKIE_FLAGS = 16u32`
pub(crate) fn is_counted(f: &Facts<'_, '_>) -> bool {
    let (value, shape) = (f.value(), &f.shape);
    let number = shape.digit == shape.len;
    f.candidate.kind() == Some(Kind::Session) && number && shape.len < 16
        || number && value.ends_with(b"0000") && shape.len <= 7
        || shape.lower > 0 && !value.contains(&b'.') && values::is_measure(value, shape)
}

/// `token: com.apple.xpc.activity/4505`: what runs, not what opens.
pub(crate) fn is_object(f: &Facts<'_, '_>) -> bool {
    let value = f.value();
    f.candidate.setting.tie == Tie::Colon && value.contains(&b'/') && values::is_everyday(value, &f.shape)
}

/// `{cipher}a793…`, `v1:LFjc…:wkX7…`
pub(crate) fn is_encrypted(f: &Facts<'_, '_>) -> bool {
    let value = f.value();
    value.starts_with(b"{cipher}") || value.starts_with(b"v1:") && memchr::memchr_iter(b':', value).count() == 2
}

/// The keys of AWS's own documentation end so.
pub(crate) fn is_example(f: &Facts<'_, '_>) -> bool {
    f.value().ends_with(b"EXAMPLEKEY")
}

/// `--from-file=password=./smtp.pw`, `rootpw --lock`, `PWD=/home/bob`; a git signing key is named by its
/// fingerprint, a credential by where it lies.
pub(crate) fn is_reference(f: &Facts<'_, '_>) -> bool {
    let (value, shape, term) = (f.value(), &f.shape, f.candidate.term());
    let tie = f.candidate.setting.tie;
    tie == Tie::Assign && value.starts_with(b"./")
        || value.starts_with(b"--") && !f.candidate.setting.quoted
        || term == "pwd" && value.starts_with(b"/") && matches!(tie, Tie::Assign | Tie::Entry)
        || term == "signingkey" && values::is_id(value) && (shape.len <= 18 || shape.len == 40)
        || term.starts_with("cred") && value.contains(&b'/') && shape.upper == 0 && values::is_everyday(value, shape)
        || tie == Tie::Element && value.starts_with(b"@")
}

/// `Credential CORP\svc-print`, `PASS: TestLogin2`
pub(crate) fn is_account(f: &Facts<'_, '_>) -> bool {
    let (value, term) = (f.value(), f.candidate.term());
    let test = term == "pass"
        && f.candidate.setting.tie == Tie::Colon
        && !value.iter().any(|b| b"!@#$%^&*?".contains(b))
        && (value.contains(&b'_') || values::starts_with_ignoring_case(value, b"test"));
    test || term.starts_with("cred") && value.contains(&b'\\') && !f.candidate.setting.quoted
}

/// `/etc/openvpn/login.txt`, `secret_key_secret = airflow/flask`, `secret=prod/mail/relay`, `key.pem`
pub(crate) fn is_path(f: &Facts<'_, '_>) -> bool {
    let (value, shape) = (f.value(), &f.shape);
    let everyday = || values::is_everyday(value, shape);
    let rooted = value.starts_with(b"/");
    match (f.candidate.kind(), f.candidate.setting.tie) {
        (Some(Kind::Password), Tie::Assign) => rooted && is_file(value) && everyday(),
        (Some(Kind::Password), Tie::Cell) => {
            rooted && everyday()
                || value.contains(&b'|')
                    && value.split(|b| *b == b'|').next().is_some_and(|first| classify(first).is_some())
        }
        (Some(Kind::Password), Tie::Colon) => !f.candidate.setting.quoted && rooted && everyday(),
        (Some(Kind::Secret), _) => {
            let two = shape.digit == 0
                && shape.upper == 0
                && !f.candidate.setting.quoted
                && memchr::memchr(b'/', value).is_some_and(|at| at >= 3 && shape.len - at >= 4);
            let many = shape.digit == 0 && memchr::memchr_iter(b'/', value).count() >= 2;
            two || (is_file(value) || many) && everyday()
        }
        _ => false,
    }
}
