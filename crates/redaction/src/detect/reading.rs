//! Reads the name that a value stands behind: where it begins and ends, and what it means.

use crate::facts::usage::is_of_pam;
use crate::lexicon::names::{Kind, Name, classify};
use crate::lexicon::roles::{Role, has};
use crate::text::scan;

/// The most words that a name in prose spreads over (`one time code`).
const NAME_WORDS: usize = 4;

/// `pin` in "mapping", `sid` in "inside", `sig` in "design": most hits of short cores.
pub(crate) fn is_part_of_word(text: &[u8], start: usize, end: usize) -> bool {
    text.get(end).is_some_and(|byte| byte.is_ascii_lowercase() && *byte != b's') && has(&text[start..end], Role::Short)
}

/// The name itself, or with the words around it (`API key`, `mot de passe`, `código de verificación`).
pub(crate) fn read_name(text: &[u8], from: usize, to: usize) -> Option<(usize, usize, Name)> {
    // `pam_unix(passwd:chauthtok)`, `pam_sss(login:auth)`: a module and what it was asked for.
    if text[..from].ends_with(b"(") && text.get(to) == Some(&b':') && is_of_pam(text, from) {
        return None;
    }
    let single = classify(&text[from..to]);
    // `1Password → "Web"`: a product that keeps them.
    if has(&text[from..to], Role::Standard) {
        return single.map(|name| (from, to, Name { strong: false, ..name }));
    }
    if let Some(name) = single.filter(|name| name.strong) {
        // "Boarding pass: LH1024", "low pass: 120Hz"
        let other = |start: usize| name.term == "pass" && has(&text[start..from - 1], Role::OtherPass);
        // "Secret word", "Pass word": the next word belongs to the name.
        let longer = word_after(text, to).and_then(|end| Some((from, end, classify(&text[from..end])?)));
        let longer = longer.filter(|(.., longer)| longer.strong && longer.term.len() > name.term.len());
        return (!word_before(text, from).is_some_and(other)).then_some(longer.unwrap_or((from, to, name)));
    }
    let mut left = from;
    for _ in 1..NAME_WORDS {
        // `/auth/login Code: 400`: the end of a path.
        let Some(before) = word_before(text, left).filter(|at| !text[..*at].ends_with(b"/")) else { break };
        left = before;
        match classify(&text[left..to]) {
            // `public key`, `error code`: the word before says that it is another one.
            None if single.is_some() => return None,
            Some(name) if name.strong => return Some((left, to, name)),
            _ => {}
        }
    }
    let name = single.filter(|name| name.kind != Kind::Code || left == from)?;
    let behind = std::iter::successors(word_after(text, to), |right| word_after(text, *right)).take(NAME_WORDS - 1);
    let mut longer = behind.filter_map(|right| Some((from, right, classify(&text[from..right])?)));
    Some(longer.find(|(.., name)| name.strong).unwrap_or((from, to, name)))
}

/// The end of the word that stands one blank (or apostrophe) after `at`.
fn word_after(text: &[u8], at: usize) -> Option<usize> {
    let start = at + 1;
    let (from, to) = text.get(at).filter(|byte| b" '".contains(byte)).map(|_| scan::name_around(text, start, start))?;
    (from == start && to > start).then_some(to)
}

/// The start of the word that stands one blank (or apostrophe) before `at`.
fn word_before(text: &[u8], at: usize) -> Option<usize> {
    let gap = at.checked_sub(1).filter(|gap| b" '".contains(&text[*gap]))?;
    let (from, to) = scan::name_around(text, gap, gap);
    (from < gap && to == gap).then_some(from)
}
