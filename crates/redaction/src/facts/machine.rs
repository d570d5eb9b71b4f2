//! What machines make, and what in a sentence hardly is anything but a password.

use crate::facts::candidate::Facts;
use crate::facts::values::{self, Suspicion, suspicion};

/// Ids of vendors say what they are: `req_…`, `evt_…`.
#[rustfmt::skip]
const PUBLIC: &[&str] = &[
    "req_", "evt_", "cus_", "price_", "prod_", "ch_", "pi_", "acct_", "in_", "sub_", "txn_", "card_", "tok_", "msg_", "run_", "usr_",
    "team_", "proj_", "org-", "org_", "build_", "dpl_", "asst_", "thread_", "file-", "chatcmpl-", "resp_",
];
/// Longer words are encoded, or no words.
pub(crate) const LONGEST_WORD: usize = 40;

pub(crate) fn is_public(f: &Facts<'_, '_>) -> bool {
    let value = f.value();
    value[0] == b'/' || value[0] == b'.' || PUBLIC.iter().any(|start| value.starts_with(start.as_bytes()))
}

/// Behind a vendor's name: shorter where a mark ties them.
pub(crate) fn is_hex_key(f: &Facts<'_, '_>) -> bool {
    let (shape, tied) = (&f.shape, f.candidate.setting.alone);
    if !f.candidate.announced {
        return tied && values::is_long_hex(f.value());
    }
    f.value().iter().all(|b| b.is_ascii_hexdigit() || *b == b'-')
        && (shape.digit < shape.len || shape.len >= 20)
        && shape.len >= if tied { 16 } else { 28 }
}

pub(crate) fn is_mixed_key(f: &Facts<'_, '_>) -> bool {
    let (value, shape) = (f.value(), &f.shape);
    f.candidate.announced
        && shape.len >= 20
        && shape.letters_and_digits()
        && !values::is_everyday(value, shape)
        && !values::is_id(value)
}

/// `7Hdu#Gl2x&Rn`, `B4rry-needs-in!`
pub(crate) fn is_lone(f: &Facts<'_, '_>) -> bool {
    let word = f.value();
    (8..=LONGEST_WORD).contains(&word.len())
        && (word[1..word.len() - 1].iter().any(|b| b"!#$&*^~@?".contains(b)) || is_leet(word))
        && !is_written(word)
        && (is_scrambled(word) || suspicion(word) == Suspicion::Sure && is_varied(word))
}

/// `B4rry-needs-in!`: digits stand for letters, and the mark ends it.
fn is_leet(word: &[u8]) -> bool {
    word.ends_with(b"!")
        && word[word.len() - 2].is_ascii_lowercase()
        && word
            .windows(3)
            .any(|three| three[0].is_ascii_alphabetic() && three[1].is_ascii_digit() && three[2].is_ascii_lowercase())
}

/// Small letters, capitals and digits.
fn is_varied(word: &[u8]) -> bool {
    let has = |class: fn(&u8) -> bool| word.iter().any(class);
    has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_digit)
}

/// `Don&#39;t`, `%1$s-Datei`, `a%2Fb`, `End-User_[^9]`, `[doc@faq1-11]`, `[C@1b6d3586`, `5*time.Second`,
/// `nt!KiPageFault`: what
/// texts for machines, formats, notes and code are made of.
fn is_written(word: &[u8]) -> bool {
    let pair = |found: fn(u8, u8) -> bool| word.windows(2).any(|two| found(two[0], two[1]));
    let entity =
        memchr::memchr(b'&', word).is_some_and(|at| word[at..].contains(&b';') || word[at + 1..].starts_with(b"#"));
    let conversion = word.windows(3).any(|three| {
        three[0] == b'%'
            && (three[1] == b'%'
                || three[1..].iter().all(u8::is_ascii_hexdigit)
                || three[1].is_ascii_digit() && three[2] == b'$'
                || three[1..].iter().all(u8::is_ascii_uppercase))
    });
    let note =
        pair(|one, two| matches!((one, two), (b'[', b'^') | (b']', b'(') | (b'-', b'#') | (b'*', b'*') | (b'&', b'&')));
    let object = memchr::memchr(b'@', word)
        .is_some_and(|at| at <= 1 && word[at + 1..].iter().all(u8::is_ascii_hexdigit) || word[..at].ends_with(b"doc"));
    let dotted =
        word.windows(3).any(|three| three[0].is_ascii_lowercase() && three[1] == b'.' && three[2].is_ascii_uppercase());
    entity
        || conversion
        || note
        || object
        || dotted && word.contains(&b'*')
        || word.starts_with(b"0x")
        || word.starts_with(b"nt!")
}

/// Letters of both sizes, digits and marks that change places all the time.
fn is_scrambled(word: &[u8]) -> bool {
    let class = |byte: u8| match byte {
        b'a'..=b'z' => Some(0),
        b'A'..=b'Z' => Some(1),
        b'0'..=b'9' => Some(2),
        b'!' | b'#' | b'$' | b'%' | b'&' | b'*' | b'^' | b'~' | b'@' | b'?' | b'(' | b')' | b'{' | b'}' | b'['
        | b']' => Some(3),
        b'-' | b'_' | b'.' | b'+' | b'=' | b'/' | b',' | b';' | b':' => Some(4),
        _ => None,
    };
    let mut counts = [0_usize; 5];
    let (mut turns, mut run, mut longest, mut last) = (0, 0, 0, 9);
    for &byte in word {
        let Some(class) = class(byte) else { return false };
        counts[class] += 1;
        run = if class == last { run + 1 } else { 1 };
        turns += usize::from(class != last);
        longest = longest.max(run);
        last = class;
    }
    counts[..4].iter().all(|count| *count > 0)
        && counts[4] <= 2
        && longest <= 4
        && turns >= 6 + usize::from(counts[3] == 1)
        && turns * 2 >= word.len()
}
