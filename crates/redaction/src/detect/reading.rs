//! Reads the name that a value stands behind: where it begins and ends, and what it means.

use std::cell::OnceCell;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::facts::usage::is_of_pam;
use crate::facts::values::Shape;
use crate::lexicon::names::{Kind, Name, classify, is_other_pass};
use crate::lexicon::stating::is_article;
use crate::text::scan;

/// The most words that a name in prose spreads over (`one time code`).
const NAME_WORDS: usize = 4;

/// `pin` in "mapping", `sid` in "inside", `sig` in "design": most hits of short cores.
pub(crate) fn is_part_of_word(text: &[u8], start: usize, end: usize) -> bool {
    let lower = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_lowercase);
    let more = lower(Some(end)) && text[end] != b's';
    let mut core = [0_u8; 4];
    let Some(slot) = core.get_mut(..end - start) else { return false };
    slot.copy_from_slice(&text[start..end]);
    slot.make_ascii_lowercase();
    match &core[..end - start] {
        b"tan" | b"pat" | b"sid" | b"pin" => more || (lower(start.checked_sub(1)) && lower(Some(start))),
        b"key" | b"otp" | b"puk" | b"psk" | b"mdp" | b"cvv" | b"cvc" | b"pw" | b"ww" | b"code" | b"cle" | b"salt"
        | b"auth" => more,
        b"sig" => more && !text[end..].starts_with(b"nature"),
        _ => false,
    }
}

/// Letters and digits that change places far too often for a name.
pub(crate) fn is_run_of_base64(run: &[u8]) -> bool {
    let plain = run.iter().all(u8::is_ascii_alphanumeric);
    let shape = Shape::of(run);
    plain && shape.digit >= 2 && shape.turns >= 8 && shape.upper >= 4 && shape.lower >= 4
}

/// The name itself, or with the words before it (`API key`, `mot de passe`).
pub(crate) fn read_name(text: &[u8], from: usize, to: usize) -> Option<(usize, usize, Name)> {
    // `pam_unix(passwd:chauthtok)`, `pam_sss(login:auth)`: a module and what it was asked for.
    if from > 0 && text[from - 1] == b'(' && text.get(to) == Some(&b':') && is_of_pam(text, from) {
        return None;
    }
    let single = classify(&text[from..to]);
    if let Some(name) = single.filter(|name| name.strong) {
        // "Boarding pass: LH1024", "low pass: 120Hz"
        let other = |start: usize| name.term == "pass" && is_other_pass(&text[start..from - 1]);
        if word_before(text, from).is_some_and(other) {
            return None;
        }
        // "pass phrase", "pass code": two words of one term.
        let longer = word_after(text, to)
            .filter(|_| name.term == "pass")
            .and_then(|end| Some((end, classify(&text[from..end])?)));
        return Some(
            longer.filter(|longer| longer.1.term != "pass").map_or((from, to, name), |(end, name)| (from, end, name)),
        );
    }
    let known = OnceCell::new();
    let sent = || *known.get_or_init(|| is_sent_code(text, from, to));
    let mut left = from;
    for _ in 1..NAME_WORDS {
        let Some(previous) = word_before(text, left) else { break };
        // `123456 code`: no name begins with a number.
        if text[previous..left].trim_ascii_end().iter().all(u8::is_ascii_digit) {
            break;
        }
        // `/auth/login Code: 400`: the end of a path.
        if previous > 0 && text[previous - 1] == b'/' {
            break;
        }
        left = previous;
        if single.is_some_and(|name| name.kind == Kind::Code) && sent() {
            break;
        }
        // `public key`, `error code`: the word before says that it is another one.
        if left < from && single.is_some() && classify(&text[left..to]).is_none() {
            return None;
        }
        if let Some(name) = classify(&text[left..to]).filter(|name| name.strong) {
            return Some((left, to, name));
        }
    }
    let name = single?;
    let sent = name.kind == Kind::Code && sent();
    let before = word_before(text, from).map(|start| &text[start..from - 1]);
    if name.kind == Kind::Code && !sent && before.is_some_and(|word| !is_article(word)) {
        return None;
    }
    // `clé d'API`, `código de verificación`, `parola d'ordine`: the words after it say more.
    let mut right = to;
    for _ in 1..NAME_WORDS {
        let Some(next) = word_after(text, right) else { break };
        if text[right..next].iter().all(|b| b.is_ascii_digit() || *b == b' ') {
            break;
        }
        right = next;
        if let Some(name) = classify(&text[from..right]).filter(|name| name.strong) {
            return Some((from, right, name));
        }
    }
    Some((from, to, Name { strong: name.strong || sent, ..name }))
}

/// Words about how codes are sent.
static SENT: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let words = [
        "sms",
        "sent ",
        "text message",
        "whatsapp",
        "phone",
        "handy",
        "teléfono",
        "téléphone",
        "telefon",
        "digit",
        "stellig",
        "chiffres",
        "authenticator",
        "2fa",
        "mfa",
        "verif",
        " got",
        "received",
        "reçu",
        "recib",
        "llegó",
        "ricevut",
        "recebi",
        "kreeg",
        "ontving",
        "bekommen",
        "erhalten",
        "tür",
        "door",
        "one-time",
        "einmal",
    ];
    AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .ascii_case_insensitive(true)
        .build(words)
        .expect("some dozen short words")
});

/// "The code I got was 447193": six digits, and a word about how codes are sent.
pub(crate) fn is_sent_code(text: &[u8], from: usize, to: usize) -> bool {
    let ahead = &text[to..text.len().min(to + 60)];
    let words = || ahead.split(|b| !b.is_ascii_alphanumeric());
    let three = |word: &[u8]| word.len() == 3 && word.iter().all(u8::is_ascii_digit);
    let grouped = words().zip(words().skip(1)).any(|(one, other)| three(one) && three(other));
    let six = |word: &[u8]| word.len() == 6 && word.iter().all(u8::is_ascii_digit);
    if !grouped && !words().any(six) {
        return false;
    }
    // "código postal", "Kundencode": another code.
    let next = &text[to..text.len().min(to + 10)];
    if ["postal", "client", "produ", "promo", "fiscal", "err"]
        .iter()
        .any(|word| scan::contains_word(next, word.as_bytes()))
    {
        return false;
    }
    let around = &text[scan::line_start(text, from, 60)..scan::line_end(text, to, 60)];
    SENT.is_match(around)
}

/// The end of the word that stands one blank (or apostrophe) after `at`.
pub(crate) fn word_after(text: &[u8], at: usize) -> Option<usize> {
    let start = match text.get(at)? {
        b' ' | b'\'' => at + 1,
        0xE2 if text[at..].starts_with("\u{2019}".as_bytes()) => at + 3,
        _ => return None,
    };
    let (from, to) = scan::name_around(text, start, start);
    (from == start && to > start).then_some(to)
}

/// The start of the word that stands one blank (or apostrophe) before `at`.
pub(crate) fn word_before(text: &[u8], at: usize) -> Option<usize> {
    let gap = at.checked_sub(1)?;
    let gap = match text[gap] {
        b' ' | b'\'' => gap,
        0x99 if at >= 3 && text[at - 3..at] == *"\u{2019}".as_bytes() => at - 3,
        _ => return None,
    };
    let (from, to) = scan::name_around(text, gap, gap);
    (from < gap && to == gap).then_some(from)
}
