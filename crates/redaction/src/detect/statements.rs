//! The words by which a sentence states a secret, and what it may then state.

mod looks;

use looks::{code, in_quotes, keyed_value, numbered};

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::FixedState;

use crate::facts::values::{
    self, Shape, Suspicion, is_placeholder, is_stop_word, looks_chosen, looks_random, suspicion,
};
use crate::lexicon::names::{Kind, Name, classify};
use crate::policy::is_id;
use crate::text::heads::Heads;

/// Words that state: what follows them is the value.
#[rustfmt::skip]
pub(crate) const STATES: &[&str] = &[
    "is", "was", "be", "sein", "être", "ser", "essere", "it's", "it’s", "that's", "to", "equals", "being", "lautet", "ist", "war", "heisst", "heißt", "hieß", "auf", "est", "était", "etait", "c'est", "c’est", "es", "era", "è", "e'", "é", "foi", "sera", "à",
    "luidt", "werd", "naar", "called", "became", "becomes", "reads", "vaut", "vale", "fue", "pra", "pro", "p/", "siendo", "seria", "sería", "será", "sarà", "sarebbe", "serait", "worden",
];
/// Words that also say many other things: the value has to be plainer to see.
#[rustfmt::skip]
const VAGUE: &[&str] = &[
    "stata", "stato", "a", "en", "por", "con", "com", "met", "with", "mit", "avec", "using", "use", "in", "su", "op", "now", "as", "als", "como", "come", "comme", "para", "are", "were", "son", "sono", "sind", "zijn", "são",
    "from", "von", "van", "da", "desde", "depuis", "nach", "per", "like", "wie",
];
/// Words between a statement and its value ("is now", "ist jetzt").
#[rustfmt::skip]
const ADVERBS: &[&str] = &[
    "übrigens", "pourtant", "doch", "jedoch", "however", "però", "porém", "echter", "nämlich", "also", "now", "currently", "still", "just", "simply", "literally", "probably", "jetzt", "aktuell", "momentan", "noch", "einfach", "maintenant", "toujours", "actuellement", "ahora", "actualmente", "todavía", "adesso", "ancora",
    "attualmente", "agora", "atualmente", "ainda", "nu", "nog", "momenteel", "set", "temporarily", "the", "be", "following", "this", "folgendes", "also", "again", "wieder", "actually", "eigentlich", "apparently", "so", "immer",
];

/// What may stand between a name and its colon: "contraseña temporal: x".
#[rustfmt::skip]
const KINDS: &[&str] = &[
    "temporary", "temp", "initial", "default", "new", "old", "current", "admin", "root", "user", "wifi", "wlan", "temporal", "temporaire", "provisoire", "provvisoria", "temporanea", "provisória", "temporária", "tijdelijk", "neu", "alt",
    "nueva", "actual", "nouveau", "nuova", "nova", "nieuw", "initiale", "inicial", "iniziale", "actuel", "attuale", "atual", "huidig", "monouso", "maestra", "maître", "mestre",
];

/// Verbs of change: after them "in", "a" and "en" say what to.
#[rustfmt::skip]
const CHANGES: &[&str] = &[
    "cambié", "cambie", "cambiamos", "mudei", "troquei", "alteramos", "remplacée", "änderte", "wijzigde", "veranderde", "replaced", "changed", "reset", "set", "updated", "rotated", "switched", "change", "geändert", "gesetzt", "zurückgesetzt", "gewechselt", "umgestellt", "changé", "modifié", "réinitialisé", "remplacé", "cambiado", "cambiada", "restablecido",
    "actualizado", "puesto", "cambiata", "cambiato", "reimpostata", "reimpostato", "impostata", "impostato", "modificata", "alterada", "alterado", "alterei", "trocada", "trocado", "mudada", "mudado", "redefinida", "veranderd", "gewijzigd",
    "gereset", "aangepast", "ingesteld", "nueva", "nuevo", "neu", "neues", "nouveau", "nuova", "nova", "nieuw", "nieuwe", "new",
];

/// What a name may be about: "password policy", "token lifetime".
#[rustfmt::skip]
const TOPICS: &[&str] = &[
    "policy", "policies", "strength", "length", "manager", "prompt", "page", "field", "fields", "hint", "provider", "providers", "format", "rules", "rule", "history", "expiry", "lifetime", "count", "type", "attempts", "complexity",
    "primaria", "primária", "primaire", "foránea", "extranjera", "estrangeira", "étrangère", "esterna", "requirements", "rotation", "column", "columns", "id", "ids", "name", "names", "limit", "limits", "bucket", "usage", "cache", "endpoint", "version", "algorithm", "size", "timeout", "duration", "resets", "pad",
    "authentication", "auth", "login", "screen", "dialog", "box", "input", "form", "validation", "mismatch", "generator", "store", "vault", "encryption", "protection", "expiration", "scope", "scopes", "audience", "issuer", "model",
];

/// Words before "code" that leave it open which code is meant.
#[rustfmt::skip]
const ARTICLES: &[&str] = &[
    "die", "das", "ihre", "deine", "meine", "eine", "seine", "unsere", "dem", "des", "au", "al", "del", "do", "no", "col", "het", "ce", "cette", "este", "esse", "esta", "essa", "questo", "dit", "la", "les", "los", "as", "l", "the", "my", "your", "our", "his", "her", "this", "that", "a", "sms", "mail", "email", "and", "le", "mon", "votre", "ton", "notre", "ce", "un", "il", "mio", "tuo", "suo", "el", "mi", "tu", "su", "o", "meu", "seu", "um", "de", "mijn",
    "uw", "je", "der", "den", "mein", "ihr", "dein", "unser", "ein", "et", "e", "y", "en", "und", "with", "mit", "new", "neuer", "nouveau", "is", "phone", "app",
];

/// Whether the word before a bare "code" leaves it open which code is meant.
pub(crate) fn is_article(word: &[u8]) -> bool {
    ARTICLES.iter().any(|article| word.eq_ignore_ascii_case(article.as_bytes()))
}

/// What a word does in a sentence about a secret.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "a word may have any of these roles at once")]
pub(crate) struct Role {
    pub states: bool,
    pub vague: bool,
    pub adverb: bool,
    pub change: bool,
    pub kind: bool,
    pub topic: bool,
    pub of: bool,
}

/// All lists in one table: every word of a sentence is looked up once.
static ROLES: LazyLock<HashMap<&'static [u8], Role, FixedState>> = LazyLock::new(|| {
    let mut roles: HashMap<&'static [u8], Role, FixedState> = HashMap::default();
    let mut add = |list: &[&'static str], mark: fn(&mut Role)| {
        for word in list {
            mark(roles.entry(word.as_bytes()).or_default());
        }
    };
    add(STATES, |role| role.states = true);
    add(VAGUE, |role| role.vague = true);
    add(ADVERBS, |role| role.adverb = true);
    add(CHANGES, |role| role.change = true);
    add(KINDS, |role| role.kind = true);
    add(TOPICS, |role| role.topic = true);
    add(&["of", "de", "di"], |role| role.of = true);
    roles
});

static ROLE_HEADS: LazyLock<Heads> = LazyLock::new(|| Heads::of(ROLES.keys().copied()));

/// The role of a word, capitals ignored.
pub(crate) fn role(word: &[u8]) -> Role {
    if !ROLE_HEADS.may_hold(word) {
        return Role::default();
    }
    let mut buffer = [0_u8; 16];
    values::lower_case(word, &mut buffer).and_then(|lower| ROLES.get(lower)).copied().unwrap_or_default()
}

/// What the words so far say about the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Statement {
    /// It stands directly beside the name.
    Beside,
    /// "is", "lautet", a colon.
    Plain,
    /// "with", "as".
    Vague,
    None,
}

impl Statement {
    /// What the `count`th word after the name makes of it.
    pub(crate) fn then(self, word: Role, count: usize) -> Self {
        match self {
            Self::Plain | Self::Vague | Self::Beside if word.adverb => self,
            // "mot de passe provisoire X"
            Self::Beside | Self::Plain | Self::Vague if word.kind => self,
            _ if word.vague => Self::Vague,
            _ if word.states => Self::Plain,
            // "the password of Hunter2": only directly beside the name.
            _ if count == 0 && word.of => Self::Vague,
            _ => Self::None,
        }
    }
}

/// Whether the sentence states `shown` as the secret that `name` announces.
pub(crate) fn accept(name: Name, shown: &[u8], quoted: bool, stated: Statement) -> bool {
    let name_length = shown.iter().take_while(|b| b.is_ascii_alphabetic() || **b == b'_').count();
    let pair = name_length >= 2 && shown.get(name_length) == Some(&b'=') && shown.len() > name_length + 1 && !quoted;
    // "het wachtwoord is Stroopwafel=lekker3"
    let tail = shown.get(name_length + 1..).unwrap_or_default();
    let pair = pair
        && !(stated == Statement::Plain
            && name.kind == Kind::Password
            && name_length >= 5
            && shown[0].is_ascii_uppercase()
            && shown[1..name_length].iter().all(u8::is_ascii_lowercase)
            && tail.last().is_some_and(u8::is_ascii_digit)
            && tail[0].is_ascii_lowercase());
    if stated == Statement::None
        || pair
        || !quoted && values::is_code(shown)
        || is_placeholder(shown)
        || is_stop_word(shown)
        || values::is_standard(shown)
    {
        return false;
    }
    let shape = Shape::of(shown);
    // `[success=1`, `required,min=12`: options. `sonar-token`: a name. `SHA256:…`: a fingerprint.
    let options =
        !quoted && shown[0] == b'[' || memchr::memchr(b',', shown).is_some() && memchr::memchr(b'=', shown).is_some();
    let named = shape.digit == 0
        && shape.blank == 0
        && classify(shown).is_some()
        && !shown.iter().any(|b| b"!#$%&*?+~".contains(b));
    let pointer = shown.starts_with(b"0x") && shape.len <= 18
        || shown.starts_with(b"error:")
        || name.term == "pass" && is_id(shown);
    if options
        || named
        || pointer
        || memchr::memmem::find(shown, b")(").is_some()
        || shown.starts_with(b"SHA256:")
        || shown.starts_with(b"sha256/")
        || values::is_object(shown)
    {
        return false;
    }
    // `i{width:0;transition:width`: a style sheet.
    if shown.starts_with(b"@[") || shown.contains(&b'{') && shown.contains(&b':') && !quoted {
        return false;
    }
    // `PASSWORD_ARGON2ID`, `password_hash($x`: code.
    let constant = shape.upper >= 8 && shape.lower == 0 && shown.contains(&b'_');
    if constant || shown[0] == b'/' || (shown.contains(&b'(') && shown.contains(&b'$')) {
        return false;
    }
    // "limone-carrozza-tamburo-neve"
    let hyphens = memchr::memchr_iter(b'-', shown).count();
    if name.is_phrase() && stated == Statement::Plain && hyphens >= 2 && hyphens == shape.symbol {
        return true;
    }
    if name.kind == Kind::Code {
        return code(name, shown, &shape, stated);
    }
    if !name.strong && !matches!(name.term, "clave" | "parola") {
        return shape.len >= 16 && looks_random(shown) && !is_id(shown);
    }
    // "pass ABI=64", "signing key 0xF8D2…": arguments and fingerprints.
    let marked = shape.digit > 0 && shown.iter().any(|b| b"!@#$%&*?".contains(b));
    let hex = stated != Statement::Plain && is_id(shown.strip_prefix(b"0x").unwrap_or(shown));
    let keyed = matches!(name.kind, Kind::Token | Kind::Session)
        || (name.kind == Kind::Secret && name.strong && !matches!(name.term, "signingkey" | "encryptionkey"));
    let test = name.term == "pass" && (stated != Statement::Plain || shape.lower == 0 || shown.starts_with(b"Test"));
    let mix = shape.digit > 0 && shape.upper > 0 && shape.lower > 0 && !test;
    if (name.term == "pass"
        && !marked
        && !((mix || (stated == Statement::Plain && shape.digit > 0 && !test && shape.len >= 6))
            && stated == Statement::Plain))
        || (hex && !keyed)
    {
        return false;
    }
    let password = name.kind == Kind::Password;
    if name.term == "passcode"
        && shape.digit == shape.len
        && (4..=10).contains(&shape.len)
        && stated != Statement::Vague
    {
        return true;
    }
    // "password tulip-ferry-1127"
    let parts = shown.split(|b| *b == b'-');
    let last = shown.rsplit(|b| *b == b'-').next().unwrap_or_default();
    let chained = parts.count() >= 3 && last.len() >= 3 && last.iter().all(u8::is_ascii_digit) && shape.lower >= 8;
    if chained && password && stated == Statement::Beside {
        return true;
    }
    match stated {
        Statement::Plain if quoted && password => in_quotes(name, shown, &shape),
        Statement::Plain if password && (numbered(shown) || suspicion(shown) > Suspicion::None) => true,
        Statement::Plain if password => looks_chosen(shown) || (shape.digit >= 5 && shape.digit == shape.len),
        Statement::Beside | Statement::Vague if password => looks_chosen(shown) && (quoted || obvious(shown, &shape)),
        Statement::Plain if shape.len >= 8 && shape.digit >= 2 && looks_chosen(shown) => true,
        Statement::Beside if shape.len >= 8 && shape.digit >= 2 && shape.turns >= 3 && keyed_value(shown, &shape) => {
            true
        }
        Statement::Plain if quoted && shape.blank == 0 => shape.len >= 8 && !values::is_everyday(shown, &shape),
        _ => looks_random(shown) || (values::is_product_key(shown, &shape) && name.kind == Kind::Secret),
    }
}

/// Without a statement only what can hardly be anything else.
pub(crate) fn obvious(shown: &[u8], shape: &Shape) -> bool {
    let symbol = shown.iter().any(|b| b"!@#$%^&*+=?~".contains(b));
    (shape.digit > 0 && shape.lower + shape.upper >= 3 && shown[0].is_ascii_alphanumeric())
        || (symbol && shape.digit > 0)
}

/// A word that is no stand-in and no word of a sentence.
pub(crate) fn statable_word(shown: &[u8]) -> bool {
    shown.len() >= 3
        && !shown.starts_with(b"~/")
        && !values::is_code(shown)
        && !is_placeholder(shown)
        && !is_stop_word(shown)
        && !values::is_standard(shown)
}

/// Is this a value that someone states, whoever asks?
pub(crate) fn statable(shown: &[u8]) -> bool {
    looks_chosen(shown) && !is_stop_word(shown) && !shown.starts_with(b"~/")
}
