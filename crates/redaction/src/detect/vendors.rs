//! Keys of vendors that have no form of their own: the vendor's name, words such as `api` and `key`, a tie, and a
//! value that a machine made (`CLOUDFLARE_API_TOKEN=…`, `campayn key 9f3c…`).

use crate::engine::Label;
use crate::facts::matches;
use crate::facts::values::{self, Shape};
use crate::lexicon::vendor_names::is_vendor;
use crate::policy;
use crate::search::{Search, judged};
use crate::text::scan::skip_blanks;

/// At most so many words stand between the name and the tie.
const WORDS_BETWEEN: usize = 5;
/// Shorter runs are ids and words.
const SHORTEST: usize = 16;
/// Longer runs are documents.
const LONGEST: usize = 512;

/// Words that say: what follows is a secret.
const SECRET: &[&str] = &[
    "secret",
    "private",
    "access",
    "token",
    "credential",
    "passwd",
    "password",
    "pass",
    "pat",
    "key",
    "auth",
    "apikey",
];
/// Words that stand between as well. Longer ones stand before those that they begin with.
const OTHER: &[&str] = &[
    "integration",
    "production",
    "personal",
    "webhook",
    "account",
    "license",
    "service",
    "signing",
    "staging",
    "client",
    "default",
    "master",
    "global",
    "admin",
    "login",
    "cloud",
    "value",
    "oauth",
    "hook",
    "user",
    "main",
    "live",
    "prod",
    "test",
    "app",
    "api",
    "bot",
    "dev",
    "org",
    "my",
    "id",
    "pw",
];

/// What was read between a vendor's name and the tie.
struct Between {
    end: usize,
    /// One of the words says that a secret follows, and the last does not take it back (`client id`).
    announced: bool,
}

/// The name of a vendor stands at `start..end`: takes the value that is tied to it.
pub(crate) fn value(search: &mut Search<'_>, start: usize, end: usize) {
    let text = search.text;
    // `-Dsonar.login=`: a property of Java.
    let property = start >= 2 && &text[start - 2..start] == b"-D";
    let inside = |at: usize| {
        !property && {
            text[at - 1].is_ascii_alphabetic() && !(text[at - 1].is_ascii_lowercase() && text[at].is_ascii_uppercase())
        }
    };
    if start < search.covered || (start > 0 && inside(start)) || search.in_marker(start) {
        return;
    }
    let between = between(text, end);
    let Some((at, tied)) = tie(text, between.end) else { return };
    let quoted = matches!(text[at - 1], b'"' | b'\'');
    if !between.announced && (!(tied || quoted) || !is_name(&text[start..end])) {
        return;
    }
    let run =
        text[at..].iter().take(LONGEST).take_while(|b| b.is_ascii_alphanumeric() || b"_+/=.~-".contains(b)).count();
    let run = run - text[at..at + run].iter().rev().take_while(|b| matches!(b, b'.' | b'/')).count();
    let same = at < search.run_vendors.0;
    let most = judged(&mut search.run_vendors, same, at + run);
    let found = &text[at..at + run.min(most)];
    if run >= SHORTEST && goes(found, between.announced, tied) {
        search.take(Label::VendorValue, at, at + run);
    }
}

fn is_name(word: &[u8]) -> bool {
    is_vendor(&word.to_ascii_lowercase())
}

fn between(text: &[u8], from: usize) -> Between {
    let mut out = Between { end: from, announced: false };
    for _ in 0..WORDS_BETWEEN {
        let gap = usize::from(matches!(text.get(out.end), Some(b'_' | b'.' | b' ' | b'-')));
        let rest = &text[out.end + gap..];
        let begins = |word: &&&str| values::starts_with_ignoring_case(rest, word.as_bytes());
        let (length, announced) = match (SECRET.iter().find(begins), OTHER.iter().find(begins)) {
            (Some(word), _) => (word.len(), true),
            (None, Some(word)) => (word.len(), out.announced && *word != "id"),
            (None, None) => break,
        };
        let length = length + usize::from(rest.get(length) == Some(&b's'));
        // "keyword", "testing": another word.
        if rest[length - 1].is_ascii_lowercase() && rest.get(length).is_some_and(u8::is_ascii_lowercase) {
            let glued = &rest[length..];
            if !SECRET.iter().chain(OTHER).any(|word| values::starts_with_ignoring_case(glued, word.as_bytes())) {
                break;
            }
        }
        out = Between { end: out.end + gap + length, announced };
    }
    out
}

/// Where the value begins, and whether more than a blank or a dash ties it to the name.
fn tie(text: &[u8], from: usize) -> Option<(usize, bool)> {
    let closing = text[from..].iter().take(4).take_while(|b| b"\"'`])*\\".contains(b)).count();
    let blank = skip_blanks(text, from + closing, 8);
    let mark = text[blank..].iter().take(5).take_while(|b| b":=?|.>,-".contains(b)).count();
    let marks = &text[blank..blank + mark];
    let tied = marks.iter().any(|b| b":=>,".contains(b));
    if blank == from + closing && !tied && marks != b"-" {
        return None;
    }
    let mut at = skip_blanks(text, blank + mark, 8);
    at += text[at..].iter().take(4).take_while(|b| b"\"'`\\{(<".contains(b)).count();
    Some((at, tied))
}

/// Ids of vendors say what they are: `req_…`, `evt_…`.
const PUBLIC: &[&str] = &[
    "req_",
    "evt_",
    "cus_",
    "price_",
    "prod_",
    "ch_",
    "pi_",
    "acct_",
    "in_",
    "sub_",
    "txn_",
    "card_",
    "tok_",
    "msg_",
    "run_",
    "usr_",
    "team_",
    "proj_",
    "org-",
    "org_",
    "build_",
    "dpl_",
    "asst_",
    "thread_",
    "file-",
    "chatcmpl-",
    "resp_",
];

fn goes(value: &[u8], announced: bool, tied: bool) -> bool {
    if value[0] == b'/' || value[0] == b'.' || PUBLIC.iter().any(|start| value.starts_with(start.as_bytes())) {
        return false;
    }
    let shape = Shape::of(value);
    if values::is_placeholder(value) || values::is_stop_word(value) || matches::is_dummy(value) || shape.distinct < 6 {
        return false;
    }
    if !announced {
        return values::looks_random(value) || values::is_long_hex(value) && tied;
    }
    let hex = value.iter().all(|b| b.is_ascii_hexdigit() || *b == b'-') && (shape.digit < shape.len || shape.len >= 20);
    let random = values::looks_random(value) || (hex && shape.len >= if tied { 16 } else { 28 });
    let mixed = shape.letters_and_digits() && !values::is_everyday(value, &shape) && !policy::is_id(value);
    random || (mixed && shape.len >= 20)
}
