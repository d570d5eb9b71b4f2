//! Conversations: one asks for a secret, another answers with nothing else.

use crate::detect::statements::role;
use crate::facts::label::Label;
use crate::facts::values::is_id;
use crate::facts::values::{Shape, is_placeholder, is_standard, is_stop_word, looks_marked, looks_random};
use crate::lexicon::names::{Kind, Name, classify};
use crate::search::Search;
use crate::text::scan;

/// So many messages after the question its answer may come.
const MESSAGES: usize = 4;
/// Longer lines are no message, and longer names are nobody's.
const LINE: usize = 300;
const SPEAKER: usize = 40;

/// "probier mal murmeltier", "creo que era mariposa": what offers a word.
#[rustfmt::skip]
const OFFERING: &[&str] = &[
    "try", "it's", "it\u{2019}s", "its", "probier", "probiers", "versuch", "versuchs", "gib", "essaie", "essaye", "essayez", "prueba", "prova", "scrivi", "escribe", "escreve", "schreib", "tenta", "tente",
    "probeer", "typ", "tape", "was", "war", "era", "was", "c'est", "c'\u{e9}tait",
];

/// What people are told to try instead of a word.
#[rustfmt::skip]
const OTHERWISE: &[&str] = &[
    "again", "later", "tomorrow", "today", "first", "instead", "another", "incognito", "chrome", "firefox", "safari", "edge", "reset", "resetting", "restart", "restarting", "reboot", "rebooting", "yesterday", "there", "here",
    "nochmal", "nochmals", "sp\u{e4}ter", "morgen", "heute", "neustart", "andersrum", "anders", "wieder", "gestern", "zur\u{fc}cksetzen", "vorher",
    "encore", "demain", "d'abord", "autrement", "plusieurs", "ailleurs", "avant", "hier",
    "luego", "ma\u{f1}ana", "despu\u{e9}s", "reiniciar", "antes", "aqu\u{ed}", "primero", "siempre",
    "ancora", "domani", "dopo", "riavviare", "prima", "sempre",
    "depois", "amanh\u{e3}", "reiniciar", "novamente", "sempre", "agora",
    "opnieuw", "later", "nogmaals", "straks", "eerst", "gisteren",
];

/// Words of requests.
#[rustfmt::skip]
const ASKING: &[&str] = &[
    "laquelle", "lequel", "veut", "vuole", "quiere", "quer", "wil", "wants", "asks", "fragt", "will", "demande", "pide", "chiede", "pede", "vraagt", "pedindo", "pidiendo", "chiedendo", "vraag", "pásame", "passa", "passe", "kannst", "könntest", "schicken", "puedes", "podrías", "peux", "pourrais", "puoi", "potresti", "pode", "poderia", "kun", "sturen", "enviar", "mandar", "inviare", "envoyer", "gib", "what", "what's", "whats", "which", "send", "tell", "give", "need", "want", "please", "pls", "can", "could", "wie", "welches", "schick", "schickst", "brauche", "sag", "bitte", "quoi", "quel", "envoie", "donne", "besoin",
    "qué", "cuál", "dime", "dígame", "manda", "mándame", "necesito", "qual", "quale", "dimmi", "mandami", "serve", "diga", "preciso", "wat", "welk", "stuur", "geef", "nodig",
];

/// What people put before a secret that they were asked for.
#[rustfmt::skip]
const SMALL: &[&str] = &[
    "sure", "yes", "ok", "try", "use", "here", "so", "i", "think", "ja", "klar", "hier", "das", "oui", "le", "la", "el", "il", "sí", "si", "acho", "q", "que", "het", "probeer", "o", "the", "code", "sim", "war", "glaub", "glaube", "ich", "was", "believe", "still", "always", "nog", "steeds", "noch", "immer", "toujours", "siempre", "sempre", "ancora", "ainda", "creo", "penso", "crois", "je", "the", "same", "it's", "is", "should", "be", "denk", "volgens", "mij",
];

/// The name stands in somebody's message: takes the answer in the next ones. Says whether there was one.
pub(crate) fn follow(search: &mut Search<'_>, from: usize, name: Name) -> bool {
    if !name.strong || !matches!(name.kind, Kind::Password | Kind::Secret | Kind::Token | Kind::Code) {
        return false;
    }
    let text = search.text;
    let start = scan::line_start(text, from, LINE);
    if from < search.question_end {
        return false;
    }
    let stop = scan::line_end(text, from, LINE);
    search.question_end = stop;
    let asked = message(text, start).is_some_and(|said| said <= from && is_request(&text[said..stop]));
    let mut at = stop + 1;
    for _ in 0..if asked { MESSAGES } else { 0 } {
        let Some(said) = message(text, at) else { return false };
        let end = scan::line_end(text, said, LINE);
        if name.is_phrase() && is_phrase(&text[said..end]) {
            search.take(Label::StatedSecret, said, said + text[said..end].trim_ascii_end().len());
            return true;
        }
        if let Some((first, last)) = answer(text, said, end, name.kind).filter(|found| !search.in_marker(found.0)) {
            search.take(Label::StatedSecret, first, last);
            return true;
        }
        at = end + 1;
    }
    false
}

/// `drei Eulen trinken Tee um 4`: words and a number, and nothing that asks or says.
fn is_phrase(said: &[u8]) -> bool {
    let said = said.trim_ascii_end();
    let words = || said.split(|b| *b == b' ').filter(|word| !word.is_empty());
    (4..=10).contains(&words().count())
        && words().next_back().is_some_and(|word| word.iter().all(u8::is_ascii_digit))
        && said.iter().all(|b| b.is_ascii_alphanumeric() || *b >= 0x80 || *b == b' ')
}

/// Somebody wants to know something.
pub(crate) fn is_request(said: &[u8]) -> bool {
    let word = |word: &[u8]| ASKING.iter().any(|entry| word.eq_ignore_ascii_case(entry.as_bytes()));
    said.contains(&b'?') || said.split(|b| matches!(b, b' ' | b',')).any(word)
}

/// Where the words of a message begin that starts at `at` with who says it, and perhaps when: `[09:15] bo: `,
/// `Anouk 10:03: `.
pub(crate) fn message(text: &[u8], at: usize) -> Option<usize> {
    let line = text.get(at..text.len().min(at + SPEAKER))?;
    let line = &line[..memchr::memchr(b'\n', line).unwrap_or(line.len())];
    // `<bo> `
    if line.first() == Some(&b'<')
        && let Some(close) = memchr::memmem::find(line, b"> ")
    {
        return line[1..close].iter().all(|b| b.is_ascii_graphic() || *b >= 0x80).then_some(at + close + 2);
    }
    // `@bo x`
    if line.first() == Some(&b'@')
        && let Some(blank) = memchr::memchr(b' ', line)
    {
        return Some(at + blank + 1);
    }
    let colon = memchr::memmem::find(line, b": ").or_else(|| memchr::memmem::find(line, b" > "))?;
    let head = line[..colon].trim_ascii_end();
    let stamped = head.iter().filter(|b| b.is_ascii_digit()).count() >= 3 && head.contains(&b':');
    // A field of a header or a form has hyphens, or is one of many.
    let word = head.iter().all(|b| b.is_ascii_lowercase() || *b >= 0x80 || *b == b' ')
        && head.iter().filter(|b| **b == b' ').count() <= 1;
    let capital = head.first().is_some_and(|b| b.is_ascii_uppercase() || *b >= 0xC3) && !head.contains(&b'-');
    let name = head.iter().any(u8::is_ascii_alphabetic)
        && head.iter().all(|b| b.is_ascii_alphanumeric() || b" [].:-_()|,".contains(b) || *b >= 0x80)
        && head.iter().filter(|b| **b == b' ').count() <= if stamped { 6 } else { 3 };
    (name && (stamped || capital || word)).then_some(at + colon + if line[colon] == b':' { 2 } else { 3 })
}

/// `probeer eens aardbei`: a verb that offers, hardly anything else, and a plain word.
fn is_offered(before: &[u8], word: &[u8]) -> bool {
    let is_one = |list: &[&str], word: &[u8]| list.iter().any(|entry| word.eq_ignore_ascii_case(entry.as_bytes()));
    let words = || before.split(|b| *b == b' ').filter(|word| !word.is_empty());
    words().count() <= 3
        && words().any(|word| is_one(OFFERING, word))
        && words()
            .all(|word| word.len() <= 10 && word.iter().all(|b| b.is_ascii_lowercase() || *b >= 0x80 || *b == b'\''))
        && word.len() >= 5
        && word.iter().all(|b| b.is_ascii_lowercase() || *b >= 0xC3 || (0x80..0xC0).contains(b))
        && !is_one(OTHERWISE, word)
        && classify(word).is_none()
}

/// The only thing that a message says, or the last after small talk.
fn answer(text: &[u8], said: usize, end: usize, kind: Kind) -> Option<(usize, usize)> {
    let shown = text[said..end].trim_ascii_end();
    let first = memchr::memrchr(b' ', shown).map_or(0, |blank| blank + 1);
    let small = shown[..first].split(|b| *b == b' ').filter(|word| !word.is_empty());
    let small = small.take(6).enumerate().all(|(count, word)| {
        let word = word.strip_suffix(b",").unwrap_or(word);
        count < 5 && (role(word).states || SMALL.iter().any(|entry| word.eq_ignore_ascii_case(entry.as_bytes())))
    });
    let word = &shown[first..];
    let shape = Shape::of(word);
    // Whatever else is said, this is it.
    let sure = looks_marked(word) || (shape.len >= 16 && looks_random(word));
    let letters = shape.lower + shape.upper;
    let fits = if kind == Kind::Code {
        shape.digit == shape.len && (4..=8).contains(&shape.len)
    } else {
        let mark = word.iter().take(word.len().saturating_sub(1)).any(|b| b"!#$%&*;?^~+@_".contains(b));
        let mixed = shape.len >= 12 && shape.upper >= 3 && shape.lower >= 3 && shape.symbol == 0 && shape.turns >= 3;
        !(shape.lower == 0 && word.contains(&b'_'))
            && (6..=64).contains(&shape.len)
            && ((shape.digit > 0 && letters >= 3) || (mark && letters >= 6) || mixed)
            && !word.iter().any(|b| b"/\\=(){}<>\"`".contains(b))
            && !(word.contains(&b'@') && word.contains(&b'.'))
    };
    let offered = kind == Kind::Password && is_offered(&shown[..first], word);
    let fits = ((small || sure) && fits || offered)
        && (kind == Kind::Code || !is_id(word))
        && !is_placeholder(word)
        && !is_stop_word(word)
        && !is_standard(word);
    fits.then_some((said + first, said + shown.len()))
}
