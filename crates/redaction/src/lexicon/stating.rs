//! Words of sentences about secrets: what states one, what stands between its name and it, what leaves open which code is meant.

/// What follows them is the value.
#[rustfmt::skip]
const STATES: &[&str] = &[
    "is", "was", "be", "sein", "être", "ser", "essere", "it's", "it’s", "that's", "to", "equals", "being", "lautet", "ist", "war", "heisst", "heißt", "hieß", "auf", "est", "était", "etait", "c'est", "c’est", "es", "era", "è", "e'", "é", "foi", "sera", "à",
    "luidt", "werd", "naar", "called", "became", "becomes", "reads", "vaut", "vale", "fue", "pra", "pro", "p/", "siendo", "seria", "sería", "será", "sarà", "sarebbe", "serait", "worden",
];
/// "contraseña temporal: x"
#[rustfmt::skip]
const KINDS: &[&str] = &[
    "temporary", "temp", "initial", "default", "new", "old", "current", "admin", "root", "user", "wifi", "wlan", "temporal", "temporaire", "provisoire", "provvisoria", "temporanea", "provisória", "temporária", "tijdelijk", "neu", "alt",
    "nueva", "actual", "nouveau", "nuova", "nova", "nieuw", "initiale", "inicial", "iniziale", "actuel", "attuale", "atual", "huidig", "monouso", "maestra", "maître", "mestre",
];
/// Words before "code".
#[rustfmt::skip]
const ARTICLES: &[&str] = &[
    "die", "das", "ihre", "deine", "meine", "eine", "seine", "unsere", "dem", "des", "au", "al", "del", "do", "no", "col", "het", "ce", "cette", "este", "esse", "esta", "essa", "questo", "dit", "la", "les", "los", "as", "l", "the", "my", "your", "our", "his", "her", "this", "that", "a", "sms", "mail", "email", "and", "le", "mon", "votre", "ton", "notre", "ce", "un", "il", "mio", "tuo", "suo", "el", "mi", "tu", "su", "o", "meu", "seu", "um", "de", "mijn",
    "uw", "je", "der", "den", "mein", "ihr", "dein", "unser", "ein", "et", "e", "y", "en", "und", "with", "mit", "new", "neuer", "nouveau", "is", "phone", "app",
];

fn is_one_of(list: &[&str], word: &[u8]) -> bool {
    list.iter().any(|known| word.eq_ignore_ascii_case(known.as_bytes()))
}

/// "is", "lautet"
pub(crate) fn is_stating(word: &[u8]) -> bool {
    is_one_of(STATES, word)
}

/// "temporary", "neu"
pub(crate) fn is_kind(word: &[u8]) -> bool {
    is_one_of(KINDS, word)
}

/// Whether the word before a bare "code" leaves it open which code is meant.
pub(crate) fn is_article(word: &[u8]) -> bool {
    is_one_of(ARTICLES, word)
}
