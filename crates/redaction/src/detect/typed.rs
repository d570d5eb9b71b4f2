//! What somebody types, tries or is told to press: `I typed Albaricoque_63`, `punch in 4481# on the side door`.
//!
//! A verb of typing stands before the word, or behind it; the word has to look chosen, or be a code where something is
//! spoken of that opens with codes.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::detect::vicinity::{next, trimmed};
use crate::engine::Label;
use crate::facts::values::{Shape, Suspicion, is_placeholder, is_product, is_standard, suspicion};
use crate::search::Search;
use crate::text::scan::{self, line_end};

/// Verbs that come before what is typed.
#[rustfmt::skip]
pub(crate) const VERBS: &[&str] = &[
    "believe it's ", "think it's ", "typed ", "typing ", "tried ", "try ", "entered ", "enter ", "entering ", "punch in ", "punched in ", "key in ", "keyed in ", "put in ", "set it to ",
    "takes ", "opens with ", "press ", "use ", "changed it to ", "change it to ", "reset it to ", "reset to ", "now it's ", "used ",
    "gebe ", "gib ", "geben sie ", "tippe ", "tipp ", "tippen sie ", "stellen sie ", "drücken sie ", "probier ", "probiere ", "versuch ", "versuche ", "nimm ", "nehme ",
    "verwende ", "benutze ", "umgestellt auf ", "ge\u{e4}ndert auf ", "ge\u{e4}ndert in ",
    "tape ", "tapez ", "taper ", "tapé ", "composer ", "composez ", "saisi ", "saisis ", "saisir ", "saisissez ", "entrer ", "entrez ", "entrons ", "essaie ", "essayez ", "essayé ",
    "utilisons ", "mis ", "mets ", "utilise ", "pris ", "remplac\u{e9} par ", "chang\u{e9} en ",
    "ponga ", "desactiva con ", "marcando ", "marca ", "marcad ", "marque ", "marcar ", "teclee ", "tecleamos ", "tecleo ", "teclear ", "meto ", "meted ", "metí ", "meter ", "meta ", "puesto ", "puse ", "pongo ", "pon ", "poner ",
    "pulse ", "pulsar ", "introduzca ", "introduzco ", "introducir ", "escribe ", "escribo ", "escribiendo ", "usamos ", "prueba ", "probad ", "cambiado a ", "cambiada a ", "cambiado por ", "cambi\u{e9} a ", "cambi\u{e9} por ", "ahora es ",
    "prema ", "premere ", "inserisce con ", "digita ", "digitare ", "digitate ", "digiti ", "digito ", "digitato ", "componga ", "componi ", "comporre ", "inserisca ", "inserire ", "inserisci ", "inserito ", "messo ", "metti ", "metto ", "scrivi ", "scrivo ",
    "scrivendo ", "digitando ", "usiamo ", "prova ", "provato ", "premi ", "cambiata in ", "cambiato in ",
    "digite ", "digitar ", "digitamos ", "digitei ", "marquem ", "carrega em ", "carregue em ", "p\u{f4}r ", "ponha ", "desarma com ", "p\u{f5}e ", "insira ", "tenta ", "tente ", "tentei ", "usei ", "escreve ",
    "coloque ", "coloquei ", "mudei pra ", "mudei para ", "troquei para ", "troquei por ", "alterei para ", "agora \u{e9} ",
    "toets dan ", "draai ", "tik ", "typ ", "typt ", "toets ", "toetst ", "kies ", "druk ", "voer ", "probeer ", "gebruik ", "neem ", "doe altijd ", "veranderd naar ", "veranderd in ", "gewijzigd in ", "gewijzigd naar ",
];

/// Verbs that come after it.
pub(crate) const BEFORE: &[&str] = &[
    " eingeben",
    " eingetippt",
    " eintippen",
    " eingegeben",
    " tippen",
    " intoetsen",
    " invoeren",
    " intikken",
    " ingevoerd",
    " ingesteld",
    " eingestellt",
    " gegeven",
    " gegeben",
    " ingetikt",
    " umgestellt",
    " ge\u{e4}ndert",
    " entsperren",
    " gebruiken",
    " verwenden",
    " benutzen",
    " anmelden",
];

/// The words that may stand between.
const WORDS: usize = 4;
const REACH: usize = 60;

/// A verb stands at `start..end`: takes what was typed.
pub(crate) fn on_verb(search: &mut Search<'_>, start: usize, end: usize) {
    let text = search.text;
    // The keyword ends with the blank behind the verb.
    let end = end - 1;
    let whole =
        scan::starts_clean(text, start) && start.checked_sub(1).is_none_or(|at| text[at] < 0x80 && text[at] != b'-');
    if !whole || start < search.typed_end {
        return;
    }
    let limit = line_end(text, end, REACH);
    let mut at = end;
    for count in 0..WORDS {
        let Some((raw, raw_end)) = next(text, at, limit) else { return };
        let (from, to) = trimmed(text, raw, raw_end);
        let coded = text[..from].ends_with(b"`") || text[..from].ends_with(b"--");
        if from < to && !coded && !search.in_marker(from) {
            if let Some(to) = typed(text, from, to, count) {
                search.typed_end = to;
                search.take(Label::StatedSecret, from, to);
                return;
            }
            // "Usiamo dialisi06 e Filtro_Rene9": whose password comes next.
            let then = &text[raw_end..limit.min(raw_end + 6)];
            let user = count < 2
                && [&b" e "[..], b" and ", b" und ", b" y ", b" et ", b" en ", b" / "]
                    .iter()
                    .any(|and| then.starts_with(and));
            if user {
                at = raw_end + then[1..].iter().position(|b| *b == b' ').map_or(0, |blank| blank + 1);
                continue;
            }
            let plain = text[from..to].iter().all(|b| b.is_ascii_lowercase() || *b >= 0x80 || *b == b'\'');
            if !plain || b".?!;:".contains(&text[raw_end - 1]) {
                return;
            }
        }
        at = raw_end;
    }
}

/// A verb stands at `start`, and what was typed before it.
pub(crate) fn before_verb(search: &mut Search<'_>, start: usize, end: usize) {
    let text = search.text;
    // The keyword begins with the blank before the verb.
    let start = start + 1;
    if text.get(end).is_some_and(u8::is_ascii_alphanumeric) {
        return;
    }
    let floor = scan::line_start(text, start, REACH);
    let raw = text[floor..start - 1].iter().rposition(u8::is_ascii_whitespace).map_or(floor, |blank| floor + blank + 1);
    let (from, to) = trimmed(text, raw, start - 1);
    if from < to && !search.in_marker(from) && typed(text, from, to, 0).is_some() {
        search.take(Label::StatedSecret, from, to);
    }
}

/// Whether `from..to`, so many words behind the verb, is what somebody typed; where it ends.
fn typed(text: &[u8], from: usize, to: usize, count: usize) -> Option<usize> {
    let word = &text[from..to];
    if is_placeholder(word) || is_standard(word) {
        return None;
    }
    let shape = Shape::of(word);
    let varied = shape.digit > 0 && shape.upper > 0 && shape.lower > 1;
    let chosen = match suspicion(word) {
        Suspicion::Sure => true,
        Suspicion::Marked => varied || count == 0 && shape.symbol >= 3 && shape.digit > 0,
        Suspicion::Mixed if count <= 2 && shape.len >= 8 => {
            varied && shape.digit > 1 || holds_year(word) || is_leet(word)
        }
        _ => count == 0 && is_name_and_year(word),
    };
    if chosen && !is_called_so(word, &shape) {
        return Some(to);
    }
    is_code(text, from, to)
}

/// `liverpool1989`: a word and a year.
fn holds_year(word: &[u8]) -> bool {
    let year =
        |four: &[u8]| four.iter().all(u8::is_ascii_digit) && (four.starts_with(b"19") || four.starts_with(b"20"));
    word.iter().take_while(|b| b.is_ascii_lowercase()).count() >= 5 && word.windows(4).any(year)
}

/// `Kees1974`
fn is_name_and_year(word: &[u8]) -> bool {
    let name = word.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let year = &word[name..];
    (3..=12).contains(&name)
        && word[0].is_ascii_uppercase()
        && word[1..name].iter().all(u8::is_ascii_lowercase)
        && year.len() == 4
        && year.iter().all(u8::is_ascii_digit)
        && (year.starts_with(b"19") || year.starts_with(b"20"))
        && !is_product(word)
}

/// `c0eur2reseau`: digits inside a word, twice.
fn is_leet(word: &[u8]) -> bool {
    let inner = word
        .windows(3)
        .filter(|three| three[0].is_ascii_lowercase() && three[1].is_ascii_digit() && three[2].is_ascii_lowercase());
    inner.count() >= 2
}

/// `Ansible-11.0.0`, `MaxInt32`, `S3-compatible`, `3-Wege-Merge`: names of things, not chosen words.
fn is_called_so(word: &[u8], shape: &Shape) -> bool {
    let version =
        word.windows(3).any(|three| three[0].is_ascii_digit() && three[1] == b'.' && three[2].is_ascii_digit());
    let class = shape.symbol == 0
        && shape.digit <= 2
        && word[0].is_ascii_uppercase()
        && word.windows(2).any(|two| two[0].is_ascii_lowercase() && two[1].is_ascii_uppercase());
    let tail = word.rsplit(|b| *b == b'-').next().unwrap_or_default();
    let compound =
        tail.len() < word.len() && shape.digit <= 1 && shape.symbol == 1 && tail.iter().all(u8::is_ascii_alphabetic);
    let counted = word[0].is_ascii_digit() && word.get(1) == Some(&b'-');
    version || class || compound || counted
}

/// `4481#`, `81B5`, `84 26 1`, and something that opens with a code is spoken of.
fn is_code(text: &[u8], from: usize, to: usize) -> Option<usize> {
    let word = &text[from..to];
    let digits = word.iter().filter(|b| b.is_ascii_digit()).count();
    let capitals = word.iter().filter(|b| b.is_ascii_uppercase()).count();
    let keys = word.iter().filter(|b| matches!(b, b'#' | b'*')).count();
    let dashes = word.iter().filter(|b| **b == b'-').count();
    let fits = digits + capitals + keys + dashes == word.len() && word.len() <= 10;
    let number = digits == word.len() && (4..=8).contains(&digits);
    // `2-9-9-5`
    let wheels = (3..=6).contains(&digits) && dashes + 1 == digits && digits + dashes == word.len();
    let keyed = digits >= 3 && keys == 1 && capitals + dashes == 0;
    let lettered = digits >= 2 && (1..=3).contains(&capitals) && digits + capitals >= 4 && keys == 0;
    // `QH7-22K`: sent to somebody who signs in.
    let sent = dashes == 1
        && digits >= 2
        && capitals >= 2
        && (6..=9).contains(&word.len())
        && word
            .split(|b| *b == b'-')
            .any(|part| part.iter().any(u8::is_ascii_digit) && part.iter().any(u8::is_ascii_uppercase));
    // `84 26 1`
    let rest = &text[to..text.len().min(to + 8)];
    let groups = rest
        .split(|b| *b == b' ')
        .skip(1)
        .take_while(|group| (1..=3).contains(&group.len()) && group.iter().all(u8::is_ascii_digit))
        .map(|group| group.len() + 1)
        .sum::<usize>();
    let grouped = digits == word.len() && ((2..=3).contains(&digits) && groups >= 2 || digits == 1 && groups >= 6);
    let around = &text[from.saturating_sub(160)..text.len().min(to + 120)];
    if sent
        && fits
        && ["sign-in", "sign in", "log in", "code"].iter().any(|word| scan::contains_word(around, word.as_bytes()))
    {
        return Some(to);
    }
    if !fits || !(number || keyed || lettered || grouped || wheels) {
        return None;
    }
    opens_with_code(around).then_some(if grouped { to + groups } else { to })
}

/// Whether something is spoken of that opens with a code.
pub(crate) fn opens_with_code(text: &[u8]) -> bool {
    OPENED.is_match(text)
}

/// What opens with a code.
#[rustfmt::skip]
static OPENED: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let words = [
        "bo\u{ee}tier", "gymnase", "safe", "combination", "the bars", "garage", "door", "gate", "keypad", "alarm", "voicemail", "lockbox", "key box", "padlock", "entrance", " pin ", " pin-", "lock screen",
        "eingang", "haust\u{fc}r", "schloss", "entsch\u{e4}rf", "tastatur", "klingel", "tresor", "schl\u{fc}sseltresor", " tor ",
        "porte", "portail", "digicode", "r\u{e9}pondeur", "clavier", "borne", "serrure", "paiement",
        "empuje", "empujad", "puerta", "portal", "teclado", "buz\u{f3}n", "candado", "bloqueo",
        "antifurto", "serranda", "campanella", "portone", "citofono", "tastiera", "segreteria", "lucchetto", "cancello",
        "garagem", "alarme", " porta ", "entrada", "cofre", "cadeado", "caixa de correio", "campainha",
        "slagboom", "wieltjes", "deur", "kastje", " slot ", " poort", "antwoordapparaat", "kluis", "voordeur",
    ];
    AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).ascii_case_insensitive(true).build(words).expect("some dozen short words")
});
