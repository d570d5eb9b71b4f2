//! How much a word looks like something a person chose as a password, wherever it stands.

mod called;
mod forms;
mod parts;

pub(crate) use forms::is_algorithm;
pub(super) use forms::is_pod;

use super::{Shape, zigzag};
use crate::facts::values::is_id;
use crate::text::scan;
use called::is_number_sign;
use called::is_product;
use forms::fair;
use parts::Parts;

/// From nothing to hardly anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Suspicion {
    None,
    /// Words in a row: `hollow-gatherer`, `Lucertola.al.Sole`.
    Chained,
    /// A word and a number: `Apfelkuchen63`, `lampe7Kessel`.
    Mixed,
    /// Words, capitals, a number and a mark that names have as well: `Mossy-Kettle-19`.
    Marked,
    /// A mark that names do not have: `Notary!Blue!Desk`, `Nordwand*12`.
    Sure,
}

/// Marks that names, paths and versions do not have.
const HARD: &[u8] = b"!#$%&*?^+~";
/// What verbs carry behind a hyphen, and other ends that make one word of two.
#[rustfmt::skip]
const CLITICS: &[&str] = &[
    "se", "me", "te", "lo", "la", "los", "las", "le", "nos", "vos", "il", "ils", "elle", "on", "je", "tu", "vous", "nous", "y",
    "en", "ce", "ci", "moi", "toi", "up", "in", "out", "off", "to", "only", "free", "side", "based", "like", "safe", "ready",
    "aware", "sized", "wide", "level", "specific", "bound", "encoded", "separated", "protected", "encrypted", "signed",
    "enabled", "disabled", "related", "defined", "provided", "supplied", "generated", "sensitive", "compatible", "readable",
    "style",
];

/// What makes one word of two in front of a hyphen.
#[rustfmt::skip]
const PREFIXES: &[&str] = &[
    "non", "in", "mal", "pre", "post", "re", "multi", "self", "auto", "semi", "anti", "sub", "co", "ex", "un", "inter", "intra",
    "cross", "read", "write", "no", "on", "off", "per", "ad", "de", "mis", "over", "under", "super", "meta", "mini", "micro",
    "macro", "nicht", "vor", "nach", "bem", "bien", "niet",
];

/// How much `word` looks like a chosen password.
pub(crate) fn suspicion(word: &[u8]) -> Suspicion {
    // `**S**poofing`, `**Bind DN**-Benutzer`: what Markdown prints bold.
    if scan::find(word, b"**").is_some() && !word.iter().any(u8::is_ascii_digit) || scan::find(word, b"*-").is_some() {
        return Suspicion::None;
    }
    if !(6..=48).contains(&word.len()) || !is_of_word(word) || scan::find(word, b"--").is_some() {
        return Suspicion::None;
    }
    let shape = Shape::of(word);
    // Looks first: they are cheaper than asking for everything that a word may be instead.
    let level = if shape.lower + shape.upper >= 3 { looks(word, &shape) } else { Suspicion::None };
    if level > Suspicion::None && fair(word, &shape) { level } else { Suspicion::None }
}

fn looks(word: &[u8], shape: &Shape) -> Suspicion {
    let letters = shape.lower + shape.upper;
    let inner = &word[1..shape.len - 1];
    let hard = inner.iter().filter(|b| HARD.contains(b)).count();
    let ends_hard = HARD.contains(&word[shape.len - 1]) && word[shape.len - 1] != b'?';
    // `SessionsController#create`: a method.
    let method = shape.digit == 0
        && hard == 1
        && memchr::memchr(b'#', word).is_some_and(|at| word.get(at + 1).is_some_and(u8::is_ascii_lowercase));
    let plus_only = inner.iter().filter(|b| HARD.contains(b)).all(|b| *b == b'+');
    let sure = shape.digit > 0 && letters >= 4 && (hard > 0 || ends_hard && (shape.upper > 0 || shape.symbol > 1))
        || !plus_only && letters >= 8 && (hard >= 2 || hard == 1 && shape.upper > 0 && shape.len >= 10);
    if is_number_sign(word) {
        return Suspicion::None;
    }
    // `mode=Fast2!`
    let assigned = memchr::memchr_iter(b'=', word).count() == 1
        && !word[..memchr::memchr(b'=', word).unwrap_or(0)].contains(&b'+');
    if sure && !method && shape.symbol <= 5 && shape.lower > 0 && !assigned {
        return Suspicion::Sure;
    }
    if !assigned && is_product(word) {
        return Suspicion::None;
    }
    if assigned {
        let behind = word.rsplit(|b| *b == b'=').next().unwrap_or_default();
        let mixed = behind.len() >= 4
            && behind.iter().any(u8::is_ascii_digit)
            && behind.iter().any(u8::is_ascii_uppercase)
            && behind.iter().any(u8::is_ascii_lowercase);
        return if mixed && shape.lower >= 4 && shape.symbol == 1 { Suspicion::Mixed } else { Suspicion::None };
    }
    if memchr::memchr_iter(b'=', word).count() == 2 && shape.symbol == 2 && shape.lower >= 6 {
        return Suspicion::Marked;
    }
    let mut parts = Parts::of(word);
    parts.soft += hard;
    let all = shape.upper > 0 && shape.lower >= 2 && shape.digit > 0;
    // `okhttp/4.12.0`
    if word.windows(2).any(|pair| pair[0] == b'/' && pair[1].is_ascii_digit()) && word.contains(&b'.') {
        return Suspicion::None;
    }
    // `INFO/ForkPoolWorker-3`
    let level = word.iter().take_while(|b| b.is_ascii_uppercase()).count();
    if level >= 3 && word.get(level) == Some(&b'/') {
        return Suspicion::None;
    }
    let slashes = memchr::memchr_iter(b'/', word).count();
    if slashes >= 2 {
        return if all { Suspicion::Mixed } else { Suspicion::None };
    }
    if all && parts.soft > 0 && !parts.is_release()
        || parts.is_sandwich(4, 3)
        || plus_only && hard > 0 && parts.words >= 2
    {
        return Suspicion::Marked;
    }
    let number = shape.digit >= 2 && shape.digit <= 6;
    let number = number || shape.digit == 1 && parts.longest >= 8;
    let word_and_number = parts.longest >= 5 && number && shape.lower >= 3 && shape.symbol <= 1;
    let turned = shape.symbol == 0
        && shape.digit > 0
        && letters >= 4
        && (shape.turns >= 2 && shape.len >= 7 || shape.turns >= 4 && shape.len == 6)
        && !is_id(word);
    // `GabelStapler_3`, `Nebelhorn-5`
    let numbered = parts.is_release() && parts.soft == 1 && parts.longest >= 6 && shape.upper > 0 && shape.lower >= 4;
    if is_class(word, shape) {
        return Suspicion::None;
    }
    if turned && shape.len >= 10 && shape.turns >= 4 {
        return Suspicion::Marked;
    }
    // `galleta*salada`
    if hard == 1 && shape.digit == 0 && !method && parts.words == 2 && parts.shortest_word >= 4 {
        return Suspicion::Marked;
    }
    if word_and_number || turned || zigzag(word, shape) || numbered || parts.soft > 0 && shape.digit > 0 && ends_hard {
        return Suspicion::Mixed;
    }
    // `Esqueceu-se`, `faut-il`; `bin/tool`
    let tail = word.rsplit(|b| *b == b'-').next().unwrap_or_default();
    let clitic = parts.words == 2 && parts.numbers == 0 && CLITICS.iter().any(|clitic| clitic.as_bytes() == tail);
    let head = word.split(|b| *b == b'-').next().unwrap_or_default();
    let prefixed = parts.words == 2
        && parts.numbers == 0
        && PREFIXES.iter().any(|prefix| head.eq_ignore_ascii_case(prefix.as_bytes()));
    // `time-to-live`, `end-of-file`: words that are always written so.
    let linked = shape.digit == 0
        && shape.upper == 0
        && ["-to-", "-of-", "-in-", "-on-", "-and-", "-or-", "-by-"]
            .iter()
            .any(|link| scan::find(word, link.as_bytes()).is_some());
    if clitic || prefixed || linked || slashes > 0 && shape.upper == 0 {
        return Suspicion::None;
    }
    let chained = parts.soft > 0
        && parts.words + parts.numbers >= 2
        && parts.longest >= 4
        && parts.shortest_word >= 1
        && shape.lower >= 4;
    if chained { Suspicion::Chained } else { Suspicion::None }
}

/// `X509KeyStorageFlags`: three capitals and more, and no more than one number.
fn is_class(word: &[u8], shape: &Shape) -> bool {
    let humps = word
        .windows(3)
        .filter(|three| three[0].is_ascii_uppercase() && three[1].is_ascii_lowercase() && three[2].is_ascii_lowercase())
        .count();
    let numbers = word.windows(2).filter(|two| !two[0].is_ascii_digit() && two[1].is_ascii_digit()).count();
    humps >= 3
        && numbers <= 1
        && shape.symbol == 0
        && shape.digit <= 3
        && (humps > 3 || !word[shape.len - 1].is_ascii_digit())
}

/// Nothing that ends words, and no mark before the first letter.
fn is_of_word(word: &[u8]) -> bool {
    (word[0].is_ascii_alphanumeric() || word[0] >= 0xC3)
        && word.iter().all(|b| (b.is_ascii_graphic() && !b"\\(){}<>[]|,;:\"'`".contains(b)) || *b >= 0x80)
}

#[cfg(test)]
mod tests {
    use super::{Suspicion, suspicion};

    #[test]
    fn words_that_people_choose_are_told_from_names() {
        for (level, words) in [
            (
                Suspicion::Sure,
                &[
                    "Notary!Blue!Desk",
                    "dtx$Molar2021$sa",
                    "Bilan!Violet88",
                    "sardina+Mar5",
                    "Nordwand*12",
                    "zebra4Life#",
                    "lluvia%de%abril",
                ][..],
            ),
            (
                Suspicion::Marked,
                &["Mossy-Kettle-19", "gessetto.Blu.61", "wolke4712keller", "Palet/Europeo8", "quarry+lantern"],
            ),
            (
                Suspicion::Mixed,
                &["Apfelkuchen63", "plumtree-2209", "lampe7Kessel", "Bancale=Rotto5", "ondu1eur", "chivas2017campeon"],
            ),
            (Suspicion::Chained, &["hollow-gatherer-9", "Lucertola.al.Sole", "kirschbaum.blau", "volcan-d-auvergne"]),
        ] {
            for word in words {
                assert!(suspicion(word.as_bytes()) >= level, "{word}: {:?}", suspicion(word.as_bytes()));
            }
        }
        for name in [
            "Ctrl+Alt+Entf",
            "issue#4417",
            "mail.example.com",
            "bob@example.com",
            "2024-05-01",
            "password",
            "Fritz!Box",
            "https",
            "ORA-01017",
        ] {
            assert!(suspicion(name.as_bytes()) < Suspicion::Mixed, "{name}: {:?}", suspicion(name.as_bytes()));
        }
    }
}
