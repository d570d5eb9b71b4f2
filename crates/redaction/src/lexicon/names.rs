//! Does a name mean a secret? `DB_PASSWORD`, `clientSecret`, `X-Api-Key` do;
//! `token_count`, `secret_name`, `password_policy`, `public_key` only talk about one.

mod fold;

pub(crate) use fold::NAME_LIMIT;
use fold::{Folded, fold};

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use aho_corasick::automaton::{Automaton as _, StateID};
use aho_corasick::dfa::DFA;
use aho_corasick::{Anchored, MatchKind, StartKind};
use foldhash::fast::FixedState;

use crate::lexicon::letters::lower_case;
use crate::lexicon::vendor_names::is_vendor;
pub(crate) use crate::lexicon::words::Kind;
use crate::lexicon::words::{GLUED, OF_VALUE, OTHER_KEY, OTHER_TOKEN, TALKS_AFTER, TALKS_BEFORE, TERMS, Term, VERBS};

/// A name that means a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    pub kind: Kind,
    /// Whatever stands under it goes; otherwise the value has to look random too.
    pub strong: bool,
    /// `tokens`, `secrets`: a number under it is a count.
    pub plural: bool,
    /// Words follow the term that nobody foresaw (`password_panel`, `token_layout`): plain settings are none of its
    /// business.
    pub tail: bool,
    /// The term itself (`pass`, `password`), for the few decisions that need it.
    pub term: &'static str,
}

impl Name {
    /// A secret of several words.
    pub(crate) fn is_phrase(self) -> bool {
        self.term.contains("phrase")
            || self.term.contains("frase")
            || self.term.ends_with("zin")
            || self.term.ends_with("satz")
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

/// What words beside a term say: that the name speaks about a secret (after it, before it), of another key, or of
/// another token.
static TALK: LazyLock<HashMap<&'static [u8], [bool; 4], FixedState>> = LazyLock::new(|| {
    let mut table: HashMap<&'static [u8], [bool; 4], FixedState> = HashMap::default();
    for (place, list) in [TALKS_AFTER, TALKS_BEFORE, OTHER_KEY, OTHER_TOKEN].into_iter().enumerate() {
        for word in list {
            table.entry(word.as_bytes()).or_default()[place] = true;
        }
    }
    table
});

fn talks(word: &[u8], place: usize) -> bool {
    TALK.get(word).is_some_and(|places| places[place])
}

/// Reads a name; `None` when it does not mean a secret.
pub(crate) fn classify(name: &[u8]) -> Option<Name> {
    if name.len() > NAME_LIMIT * 2 {
        return None;
    }
    if is_file(name) {
        return None;
    }
    let folded = fold(name);
    let (start, end, term, plural) = last_term(&folded)?;
    // `PWD_02_19_05`: a version.
    if words(&folded, end, folded.len).filter(|word| word.iter().all(u8::is_ascii_digit)).count() > 1 {
        return None;
    }
    if talks_after(&folded, end, term) || talks_before(&folded, start, term) {
        return None;
    }
    Some(Name {
        kind: term.1,
        strong: term.2 || (is_key(term) && words(&folded, 0, start).any(is_vendor)),
        plural: plural && term.1 != Kind::Code && !term.0.starts_with("cred"),
        tail: speaks(&folded.bytes[..start])
            || words(&folded, end, folded.len)
                .any(|word| !word.iter().all(u8::is_ascii_digit) && word.len() > 1 && !listed(OF_VALUE, word)),
        term: term.0,
    })
}

/// `mailmypassword`, `removecredentials`: what is done with it.
fn speaks(before: &[u8]) -> bool {
    VERBS.iter().any(|verb| before.starts_with(verb.as_bytes()) || before.ends_with(verb.as_bytes()))
}

/// `PasswordEncoder.java`, `passwd.1.xml`: a file is named, not a secret.
pub(crate) fn is_file(name: &[u8]) -> bool {
    let Some(dot) = memchr::memrchr(b'.', name).filter(|dot| *dot > 0) else { return false };
    let mut buffer = [0_u8; 10];
    lower_case(&name[dot + 1..], &mut buffer).is_some_and(|ending| ENDINGS.contains(ending))
}

/// How files are called that a dotted name may be.
#[rustfmt::skip]
const FILE_ENDINGS: &[&str] = &[
    "java", "py", "js", "ts", "jsx", "tsx", "go", "rs", "rb", "php", "cs", "kt", "cpp", "cc", "h", "hpp", "json",
    "yml", "yaml", "xml", "html", "txt", "md", "log", "sh", "sql", "vue", "swift", "scala", "exe", "dll", "so", "pem",
    "crt", "conf", "cfg", "ini", "toml", "mjs", "cjs", "pm", "pl", "c", "png", "svg", "css", "scss", "rst", "gz",
    "zip", "jar", "ps1", "bat", "tf", "lua", "ex", "exs", "erl", "dart", "gradle", "properties", "lock", "jpg",
    "jpeg", "gif", "pdf", "docx", "xlsx", "pptx", "xls", "doc", "mp4", "7z", "rar", "tgz", "bak", "csv", "tsv", "eml",
    "msg", "ics", "heic", "webp", "webm", "p12", "pfx", "jks", "kdbx", "keytab", "pub", "asc", "gpg", "msi", "msu",
    "iso", "deb", "rpm", "apk", "dmg", "pkg", "whl", "img", "bin", "cab", "jsp", "aspx", "cshtml", "razor", "parquet",
    "sqlite", "db", "wasm", "map", "ipynb", "tex", "po", "pot", "resx", "plist", "reg", "inf", "sys", "lnk", "srv",
    "service", "socket", "timer",
];

static ENDINGS: LazyLock<HashSet<&'static [u8], FixedState>> =
    LazyLock::new(|| FILE_ENDINGS.iter().map(|ending| ending.as_bytes()).collect());

fn is_key(term: &Term) -> bool {
    matches!(term.0, "key" | "schlussel" | "sleutel")
}

/// The same for a label such as `Admin password` or a JSON key.
pub(crate) fn classify_str(name: &str) -> Option<Name> {
    classify(name.as_bytes())
}

/// The term that ends last in the name (the longest of those): start, end, term, plural.
fn last_term(name: &Folded) -> Option<(usize, usize, &'static Term, bool)> {
    let mut best: Option<(usize, usize, &'static Term, bool)> = None;
    let mut consider = |start: usize, term: &'static Term| {
        let Some((end, plural)) = term_end(name, start, term.0) else {
            return;
        };
        let better = best.is_none_or(|(s, e, _, _)| end > e || (end == e && start < s));
        if better {
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

/// Where `term` at `start` ends, if it ends a word there (a plural or a number may follow).
fn term_end(name: &Folded, start: usize, term: &str) -> Option<(usize, bool)> {
    let bytes = &name.bytes[..name.len];
    if !bytes[start..].starts_with(term.as_bytes()) {
        return None;
    }
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
        if at >= to {
            return None;
        }
        let start = at;
        at += 1;
        while at < to && !name.starts[at] {
            at += 1;
        }
        Some(&name.bytes[start..at])
    })
}

fn listed(list: &[&str], word: &[u8]) -> bool {
    list.iter().any(|entry| entry.as_bytes() == word)
}

fn talks_after(name: &Folded, end: usize, term: &Term) -> bool {
    // `pass_rate`, `key_up`, `code_page`: these short terms only count at the end.
    if matches!(term.0, "pass" | "key" | "code" | "sid" | "pat" | "tan" | "auth" | "session") {
        let of_value = |word: &[u8]| listed(&["plain", "clear", "raw", "new", "old", "text"], word);
        return words(name, end, name.len).any(|word| !word.iter().all(u8::is_ascii_digit) && !of_value(word));
    }
    words(name, end, name.len).any(|word| talks(word, 0))
}

fn talks_before(name: &Folded, start: usize, term: &Term) -> bool {
    let mut before = words(name, 0, start);
    let first = before.next();
    let last = before.last().or(first);
    let other_token = |word: &[u8]| term.1 == Kind::Token && talks(word, 3);
    first.is_some_and(|word| talks(word, 1) || other_token(word))
        || last.is_some_and(|word| talks(word, 1) || other_token(word) || (!term.2 && talks(word, 2)))
}
