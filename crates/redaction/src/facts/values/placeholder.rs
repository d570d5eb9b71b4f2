//! Stand-ins for a secret: variables, masks, formats, references.

use crate::facts::values::looks_random;
use crate::lexicon::names::classify;
use crate::lexicon::things::{STAND_IN, refers};
use crate::text::scan::MARKER;

/// What stands around the name of something that is filled in elsewhere. Behind the two-letter ones it may be cut off.
const HOLDERS: &[(&[u8], &[u8])] = &[
    (b"${", b"}"),
    (b"$(", b")"),
    (b"{{", b"}}"),
    (b"#{", b"}"),
    (b"#{", b"}#"),
    (b"***", b"***"),
    (b"<", b">"),
    (b"[", b"]"),
    (b"(", b")"),
    (b"{", b"}"),
    (b"%", b"%"),
    (b"%(", b")s"),
    (b"@", b"@"),
];

/// A key has longer lines.
const SHORTEST_LINE: usize = 16;
/// Longer stretches in brackets are values.
const LONGEST: usize = 60;

/// Masks, variables and other stand-ins: nothing secret in them.
pub(crate) fn is_placeholder(value: &[u8]) -> bool {
    let Some(first) = value.first() else { return true };
    let bracketed = !first.is_ascii_alphanumeric()
        && (value.starts_with(MARKER)
            || is_held(value)
            || is_tag(value)
            || is_variable(value)
            || is_changed(value)
            || is_quoted(value)
            || is_frame(value));
    bracketed || is_mask(value) || is_stand_in(value) || refers(value) || is_constant(value)
}

/// `[-%(db_password)s-]{+${DB_PASSWORD}+}`: how git shows what a word was and is.
fn is_changed(value: &[u8]) -> bool {
    let words = value.strip_prefix(b"[-").and_then(|rest| rest.strip_suffix(b"+}"));
    let both = words.and_then(|words| Some(words.split_at(memchr::memmem::find(words, b"-]{+")?)));
    both.is_some_and(|(was, is)| is_placeholder(was) && is_placeholder(&is[4..]))
}

/// `„<Passwort>“`: a word processor's quotation marks around it; what a shell puts there: `` `pass show mail/x` ``.
fn is_quoted(value: &[u8]) -> bool {
    let marks = |open: &str, close: &str| value.strip_prefix(open.as_bytes())?.strip_suffix(close.as_bytes());
    marks("\u{201e}", "\u{201c}").or_else(|| marks("\u{201c}", "\u{201d}")).is_some_and(is_placeholder)
        || value.starts_with(b"`") && value.contains(&b' ')
}

/// The frame of a key with a stand-in in it: no line of a key.
fn is_frame(value: &[u8]) -> bool {
    let dashes: Vec<usize> = memchr::memmem::find_iter(value, b"-----").take(3).collect();
    let [0, title, end] = dashes[..] else { return false };
    value[title..end].split(|byte| !byte.is_ascii_alphanumeric()).all(|word| word.len() < SHORTEST_LINE)
}

/// `${DB_PASSWORD}`, `$(pass show db)`, `<token>`, `%PASSWORD%`
fn is_held(value: &[u8]) -> bool {
    // Jira sets in two braces what a machine wrote: `{{Stoat-white!4}}`; no expression has such marks inside.
    let is_marked = |inner: &[u8]| inner.iter().skip(1).any(|byte| b"!#^&".contains(byte));
    HOLDERS.iter().any(|(open, close)| {
        value.strip_prefix(*open).is_some_and(|rest| match rest.strip_suffix(*close) {
            Some(inner) if *open == b"{{" && is_marked(inner) => inner.contains(&b' '),
            Some(inner) => open.len() == 2 && !is_no_word(inner) || is_name(inner),
            // `${CREDENTIALS_DIRECTORY}/db-password`, `{score}/4`, `#{vault(`
            None if open.ends_with(b"{") => match memchr::memchr(b'}', rest) {
                Some(at) => rest[at + 1..].starts_with(b"/"),
                None => open.len() == 2,
            },
            None => *open == b"$(",
        })
    })
}

/// Short, no number, no text of its own.
fn is_name(inner: &[u8]) -> bool {
    inner.len() < LONGEST && !inner.iter().any(|b| b"\"'={}".contains(b)) && !is_no_word(inner) && !looks_random(inner)
}

/// `<Zq8x7Yw6Vt5Us4>`, `${Sommer-2026!x}`: what stands between the brackets are digits and marks, not the words of a
/// placeholder.
pub(crate) fn is_no_word(inner: &[u8]) -> bool {
    let digits = inner.iter().filter(|byte| byte.is_ascii_digit()).count();
    let mark = || inner[..inner.len() - 1].iter().any(|byte| b"!#%^*~".contains(byte));
    inner.len() >= 8
        && (digits >= 4 && is_mixed(inner) || digits >= 2 && mark())
        && inner.iter().all(|byte| byte.is_ascii_graphic() && !b"_.:$|(){}[]/\\\"'<>=,?@".contains(byte))
}

/// `!vault`, `!Ref`; `(sensitive value)`, cut at the blank; `%s`, `\0`.
fn is_tag(value: &[u8]) -> bool {
    value.len() > 1
        && match value[0] {
            b'!' => value[1..].iter().all(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'-')),
            b'(' => value[1..].iter().all(|b| b.is_ascii_alphabetic() || *b >= 0x80),
            b'%' | b'\\' => value.len() < 4,
            _ => false,
        }
}

/// `****`, `xxxx`, `....`, bullets: hardly anything else. Digits alone may repeat in a real PIN.
fn is_mask(value: &[u8]) -> bool {
    let uniform = |part: &[u8]| part[0].is_ascii_alphabetic() && part.iter().all(|b| *b == part[0]);
    // `SG.xxxxxxxx.yyyyyyyy`: groups of one letter each. `YYY`
    let mut groups = value.split(|b| matches!(b, b'.' | b'-' | b'_')).filter(|group| group.len() >= 4);
    if groups.next().is_some_and(uniform) && groups.next().is_some_and(uniform) && groups.all(uniform)
        || value.len() >= 3 && matches!(value[0], b'X'..=b'Z') && uniform(value)
    {
        return true;
    }
    let (mut count, mut masked) = (0, 0);
    for byte in value {
        let masks = matches!(byte, b'*' | b'x' | b'X' | b'?' | b'#' | 0x80..);
        count += usize::from(masks || byte.is_ascii_alphanumeric());
        masked += usize::from(masks);
    }
    // `whk_****************9f`: what its owner may know it by.
    masked * 10 >= count * 8 && (masked >= 3 || count == masked)
        || masked * 5 >= count * 2 && memchr::memmem::find(value, b"****").is_some()
}

fn is_mixed(text: &[u8]) -> bool {
    text.iter().any(u8::is_ascii_lowercase) && text.iter().any(u8::is_ascii_uppercase)
}

/// `$DB_PASSWORD`, `$env:TOKEN`, `$rc->lpa`, `$ENV{X}`, `:password`: filled in elsewhere.
fn is_variable(value: &[u8]) -> bool {
    let rest = &value[1..];
    let plain = rest.iter().all(|b| b.is_ascii_alphanumeric() || b"_.:->[]{}$'\"".contains(b));
    let digits = rest.iter().any(u8::is_ascii_digit);
    match value[0] {
        b'$' => {
            let word = !digits || !is_mixed(rest) && !rest.iter().any(|b| b".:-".contains(b));
            plain && (word || rest.contains(&b'[')) || rest.contains(&b'{') && rest.ends_with(b"}") && rest[0] != b'{'
        }
        b'@' | b':' => rest.iter().all(|b| b.is_ascii_lowercase() || *b == b'_'),
        _ => false,
    }
}

/// `LDAP_BIND_PASS`, `TU_CLAVE`: the name of a variable for it.
fn is_constant(value: &[u8]) -> bool {
    value.contains(&b'_')
        && value.iter().all(|b| b.is_ascii_uppercase() || *b == b'_' || *b >= 0x80)
        && classify(value).is_some()
}

/// `YOUR_API_KEY`, `xoxb-your-token-here`: words of documentation.
pub(crate) fn is_stand_in(value: &[u8]) -> bool {
    value.len() < 64 && !value.iter().any(u8::is_ascii_digit) && STAND_IN.is_match(value)
}
