//! Does a name mean a secret? `DB_PASSWORD`, `clientSecret`, `X-Api-Key` do;
//! `token_count`, `secret_name`, `password_policy`, `public_key` only talk about one.

mod fold;

pub(crate) use fold::NAME_LIMIT;
use fold::{Folded, fold};

use std::sync::LazyLock;

use aho_corasick::automaton::{Automaton as _, StateID};
use aho_corasick::dfa::DFA;
use aho_corasick::{Anchored, MatchKind, StartKind};

use crate::lexicon::roles::{Role, has};
pub(crate) use crate::lexicon::words::Kind;
use crate::lexicon::words::{GLUED, TERMS, Term};

/// A name that means a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    pub kind: Kind,
    /// Whatever stands under it goes; otherwise the value has to look random too.
    pub strong: bool,
    /// `tokens`, `secrets`: a number under it is a count.
    pub plural: bool,
    /// The term itself (`pass`, `password`), for the few decisions that need it.
    pub term: &'static str,
}

impl Name {
    /// A secret of several words.
    pub(crate) fn is_phrase(self) -> bool {
        ["phrase", "frase"].iter().any(|word| self.term.contains(word))
            || ["zin", "satz"].iter().any(|word| self.term.ends_with(word))
    }
}

/// All terms at once: most names hold none, and the others are read in one go.
static ANY_TERM: LazyLock<(DFA, StateID)> = LazyLock::new(|| {
    let terms = DFA::builder()
        .match_kind(MatchKind::Standard)
        .start_kind(StartKind::Unanchored)
        .build(TERMS.iter().map(|term| term.0))
        .expect("some hundred short words are far below the automaton's limits");
    let start = terms.start_state(Anchored::No).expect("it was built for searches that are not anchored");
    (terms, start)
});

/// The terms, by their number, that count also at the end of a longer word.
static IS_GLUED: LazyLock<Vec<bool>> = LazyLock::new(|| TERMS.iter().map(|term| GLUED.contains(&term.0)).collect());

/// Reads a name; `None` when it does not mean a secret.
pub(crate) fn classify(name: &[u8]) -> Option<Name> {
    if name.len() > NAME_LIMIT * 2 || is_file(name) {
        return None;
    }
    let folded = fold(name);
    let (start, end, term, plural) = last_term(&folded)?;
    if talks_after(&folded, end, term) || talks_before(&folded, start, term) {
        return None;
    }
    Some(Name {
        kind: term.1,
        strong: term.2 || (is_key(term) && words(&folded, 0, start).any(|word| has(word, Role::Vendor))),
        plural: plural && term.1 != Kind::Code && !term.0.starts_with("cred"),
        term: term.0,
    })
}

/// `PasswordEncoder.java`, `passwd.1.xml`: a file is named, not a secret.
pub(crate) fn is_file(name: &[u8]) -> bool {
    memchr::memrchr(b'.', name).is_some_and(|dot| dot > 0 && has(&name[dot + 1..], Role::Ending))
}

fn is_key(term: &Term) -> bool {
    matches!(term.0, "key" | "schlussel" | "sleutel")
}

/// The term that ends last in the name (the longest of those): start, end, term, plural.
fn last_term(name: &Folded) -> Option<(usize, usize, &'static Term, bool)> {
    let mut best: Option<(usize, usize, &'static Term, bool)> = None;
    let mut consider = |start: usize, term: &'static Term| {
        let Some((end, plural)) = term_end(name, start, term.0) else {
            return;
        };
        if best.is_none_or(|(_, furthest, ..)| end > furthest) {
            best = Some((start, end, term, plural));
        }
    };
    let (terms, start) = &*ANY_TERM;
    let mut state = *start;
    for (at, &byte) in name.bytes[..name.len].iter().enumerate() {
        state = terms.next_state(Anchored::No, state, byte);
        if !terms.is_special(state) || !terms.is_match(state) {
            continue;
        }
        for number in 0..terms.match_len(state) {
            let term = terms.match_pattern(state, number).as_usize();
            let first = at + 1 - TERMS[term].0.len();
            if name.starts[first] || IS_GLUED[term] && first >= 2 {
                consider(first, &TERMS[term]);
            }
        }
    }
    best
}

/// Where `term`, which stands at `start`, ends, if it ends a word there (a plural or a number may follow).
fn term_end(name: &Folded, start: usize, term: &str) -> Option<(usize, bool)> {
    let bytes = &name.bytes[..name.len];
    let mut end = start + term.len();
    let mut plural = false;
    if !name.starts[end] && bytes.get(end) == Some(&b's') {
        end += 1;
        plural = true;
    }
    while end < name.len && !name.starts[end] && bytes[end].is_ascii_digit() {
        end += 1;
    }
    name.starts[end].then_some((end, plural))
}

fn words(name: &Folded, from: usize, to: usize) -> impl Iterator<Item = &[u8]> {
    let mut at = from;
    std::iter::from_fn(move || {
        let start = at;
        at = (start + 1..to).find(|at| name.starts[*at]).unwrap_or(to).max(start);
        (start < to).then(|| &name.bytes[start..at])
    })
}

fn is_number(word: &[u8]) -> bool {
    word.iter().all(u8::is_ascii_digit)
}

fn talks_after(name: &Folded, end: usize, term: &Term) -> bool {
    // `pass_rate`, `key_up`, `code_page`: these short terms only count at the end.
    let is_short = matches!(term.0, "pass" | "key" | "code" | "sid" | "pat" | "tan" | "auth" | "session");
    let talks = |word: &[u8]| {
        if is_short { !is_number(word) && !has(word, Role::OfValue) } else { has(word, Role::TalksAfter) }
    };
    words(name, end, name.len).any(talks)
}

fn talks_before(name: &Folded, start: usize, term: &Term) -> bool {
    let mut before = words(name, 0, start);
    let first = before.next();
    let last = before.last().or(first);
    let talks = |word: &[u8]| has(word, Role::TalksBefore) || term.1 == Kind::Token && has(word, Role::OtherToken);
    let other = |word: &[u8]| !term.2 && has(word, Role::OtherKey) || term.0 == "pass" && has(word, Role::OtherPass);
    first.is_some_and(talks) || last.is_some_and(|word| talks(word) || other(word))
}
