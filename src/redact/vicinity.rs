//! Passwords, codes and keys near a word that means them, in whatever sentence.
//!
//! Two things are weighed: how much a word looks like a secret ([`suspicion`]), and what stands around it: a verb of
//! typing, "with", "is", quotation marks, the name itself ([`Lead`]). The less of one, the more of the other it takes.

use super::answers;
use super::engine::Label;
use super::names::{Kind, Name, classify};
use super::scan;
use super::search::Search;
use super::values::{
    self, Shape, Suspicion, is_long_hex, is_placeholder, is_stop_word, looks_chosen, looks_random, suspicion,
};
use super::verdict::is_id;

/// So far from the name a word is still in the same thought.
const REACH: usize = 200;
/// So many lines further on one may stand.
const LINES: usize = 3;

/// After these, somebody's own input comes.
#[rustfmt::skip]
const TYPED: &[&str] = &[
    "need", "needed", "answer", "answered", "mettere", "mettre", "introducir", "ingresar", "colocar", "pôr", "type", "typed", "typing", "enter", "entered", "entering", "wrote", "write", "use", "used", "using", "try", "tried", "keyed", "put", "told", "say", "choose", "chose", "picked", "gave", "give", "paste", "pasted", "needs", "with",
    "brauchst", "brauche", "antworte", "tippe", "tippt", "getippt", "eingegeben", "eingeben", "eintippen", "gebe", "geben", "benutze", "verwende", "nehme", "nimm", "nimmst", "nehmen", "brauchen", "schreibe", "versuch", "versuche", "probier", "probiere", "nutze", "stichwort",
    "tape", "tapé", "taper", "tapez", "saisi", "saisis", "saisir", "saisissez", "utilise", "utilisez", "utilisant", "mis", "mets", "mettez", "essaye", "essaie", "essayez", "composez", "compose", "entre", "entrez", "écris", "noté", "dit", "répond",
    "escribo", "escribí", "escriba", "escribe", "escribir", "introduzca", "introduce", "introduzco", "ingrese", "ingresé", "tecleo", "tecleé", "puse", "pongo", "pon", "poner", "uso", "usé", "usa", "use", "usar", "digite", "digitar", "meto", "metí", "prueba", "marco", "marcando", "doy", "dejar",
    "inserisca", "inserisci", "inserire", "digito", "digitato", "digitare", "inserito", "inserisco", "scrivo", "scritto", "metto", "messo", "uso", "usato", "prova", "provato", "provi", "immetto",
    "digitei", "digito", "coloquei", "coloco", "usei", "uso", "escrevo", "escrevi", "escreva", "ponho", "pus", "tenta", "tente", "testa", "falei", "meti", "insira", "inseri",
    "typ", "typt", "typte", "vul", "vulde", "voer", "gebruik", "gebruikte", "probeer", "toets", "toetste", "tik", "tikte", "neem", "noem", "noemde", "ingetypt", "invoeren",
];

/// After these, what something is, became, or what somebody comes with.
#[rustfmt::skip]
const LEADS: &[&str] = &[
    "is", "was", "be", "being", "it's", "it’s", "that's", "that’s", "with", "by", "now", "reads", "read", "says", "said", "shows", "called", "namely", "like", "i.e.", "=", "->", "=>", "→", "-", "–", "—",
    "continuación", "luego", "dann", "then", "puis", "poi", "depois", "daarna", "danach", "seguida", "ist", "war", "wäre", "sei", "lautet", "heißt", "heisst", "steht", "stand", "mit", "nämlich", "sprich", "wird",
    "est", "c'est", "c’est", "c'était", "c’était", "était", "c", "serait", "vaut", "donne", "avec", "par", "soit", "dit",
    "es", "era", "son", "fue", "sería", "ser", "pone", "ponía", "decía", "dice", "con", "por", "sea",
    "è", "e'", "sarebbe", "sia", "ossia", "cioè", "scritto", "leggo", "col",
    "é", "foi", "seria", "seja", "com", "ficou", "virou", "p/",
    "/", "|", "sofort", "i.e", "d.h", "mine's", "mine’s", "and", "pra", "pro", "siendo", "zijn", "wordt", "werd", "luidt", "staat", "stond", "met", "namelijk", "weten", "heet",
];

/// Those of them that say what somebody came with.
const WITH: &[&str] = &["with", "mit", "con", "com", "met", "avec", "/", "und", "and", "e", "y", "et", "en"];

/// After these and a word more, what something is.
const STATED: &[&str] = &[
    "is", "was", "it's", "ist", "war", "lautet", "est", "c'est", "s'agit", "era", "tratta", "wäre", "sei", "fosse",
    "sería", "serait", "creo", "glaube", "think", "penso", "crois", "acho", "denk", "était", "es", "era", "è", "é",
    "foi", "steht", "staat", "stond", "says",
];

/// After the value: what was done with it, or what it is.
#[rustfmt::skip]
const AFTER: &[&str] = &[
    "festgelegt", "vergeben", "hinterlegt", "eingetippt", "getippt", "eingegeben", "eingeben", "eintippen", "eingestellt", "eingetragen", "gesetzt", "tippt", "als", "ein", "auf", "verschlüsselt", "geschützt", "aufgeschrieben", "drauf",
    "ingetypt", "ingetikt", "intikken", "intypen", "invoeren", "ingevuld", "ingesteld", "in", "ingevoerd", "onze", "mijn",
    "as", "is", "isn't", "was", "on", "for", "and", "eingetragen", "comme", "como", "come", "est", "es", "è", "é", "fue", "foi", "de", "di", "saisi", "dans", "todo", "tudo", "tout", "all", "tutto", "uno", "una",
];

/// Before a name of something else: `user`, `version`, `ticket`.
#[rustfmt::skip]
const OTHERS: &[&str] = &[
    "user", "username", "uuid", "guid", "cluster", "trace", "request", "correlation", "requête", "anfrage", "accessor", "sid", "cliente", "client", "customer", "kunde", "kundennummer", "pedido", "bestelling", "account", "login", "host", "server", "database", "db", "schema", "table", "version", "release", "build", "branch", "error", "ticket", "case", "order", "invoice", "id", "file", "folder", "model", "device", "firmware",
    "benutzer", "benutzername", "nutzer", "konto", "kennung", "rechner", "fehler", "fehlercode", "fall", "vorgang", "datei", "gerät", "rechnung", "anlage",
    "utilisateur", "compte", "identifiant", "serveur", "erreur", "dossier", "fichier", "poste", "facture", "colis",
    "usuario", "cuenta", "servidor", "equipo", "fichero", "archivo", "incidencia", "caso", "factura",
    "utente", "conto", "pratica", "fattura", "errore", "macchina", "utenza",
    "usuário", "utilizador", "conta", "erro", "ficheiro", "arquivo", "chamado", "fatura", "máquina",
    "gebruiker", "gebruikersnaam", "foutmelding", "fout", "bestand", "zaak", "melding", "factuur", "apparaat", "nummer", "number", "network", "ssid", "netz", "réseau", "red", "rete", "rede", "netwerk",
];

/// Before the name: what follows the name is the value ("als Passwort X").
const LINKS: &[&str] = &["als", "as", "comme", "come", "como", "for", "für", "per", "voor", "para", "pour"];

/// How a word is introduced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Lead {
    None,
    /// In quotation marks or between commas.
    Apart,
    /// All that a line or a message says, or in brackets right behind the name.
    Alone,
    /// What follows says so: "as password", "eingetippt".
    Followed,
    /// Behind "is", "with", a verb of typing; beside the name.
    Led,
}

/// What is known about a word of the window besides its looks.
#[derive(Clone, Copy)]
struct Place {
    lead: Lead,
    /// The name and the word are in one sentence.
    near: bool,
    /// The name follows right behind and says what the word is.
    named: bool,
    /// Only a word or two stand between.
    close: bool,
    /// The word stands in another line, behind the name.
    beyond: bool,
}

/// A name and the words around it.
struct Around<'t> {
    text: &'t [u8],
    from: usize,
    to: usize,
    name: Name,
}

/// Takes the words around the name `from..to` that are what it means.
pub(super) fn words(search: &mut Search<'_>, from: usize, to: usize, name: Name) {
    let text = search.text;
    let part_of_path = |at: Option<&u8>| at == Some(&b'/');
    let Some(group) = group(name.kind) else { return };
    if part_of_path(text.get(to)) || from > 0 && part_of_path(text.get(from - 1)) {
        return;
    }
    Around { text, from, to, name }.take(search, group);
}

/// Something that is opened with a password was named, not the password: takes what can hardly be anything else.
pub(super) fn unnamed(search: &mut Search<'_>, start: usize, end: usize, kind: Kind) {
    let name = Name { kind, strong: false, plural: false, term: "" };
    let group = if kind == Kind::Code { 4 } else { 3 };
    if start >= search.vicinity_end[group] {
        let (from, to) = scan::name_around(search.text, start, end);
        Around { text: search.text, from, to, name }.take(search, group);
    }
}

/// The kinds of names that are looked for apart from each other.
fn group(kind: Kind) -> Option<usize> {
    match kind {
        Kind::Password => Some(0),
        Kind::Secret | Kind::Token => Some(1),
        Kind::Code => Some(CODES),
        _ => None,
    }
}

const CODES: usize = 2;

/// The next run without blanks, tags and line marks.
fn next(text: &[u8], from: usize, end: usize) -> Option<(usize, usize)> {
    let mut from = from;
    // `<em>`, `</td>`: a tag is no word.
    while let Some(open) = text[from..end].iter().position(|b| !b.is_ascii_whitespace()).map(|at| from + at) {
        let tag = text[open] == b'<' && text.get(open + 1).is_some_and(|b| b.is_ascii_alphabetic() || *b == b'/');
        match memchr::memchr(b'>', &text[open..end.min(open + 80)]).filter(|_| tag) {
            Some(close) => from = open + close + 1,
            None => break,
        }
    }
    let edge = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'<' | b'>');
    let first = from + text[from..end].iter().position(|b| !edge(b))?;
    let length = text[first..end].iter().position(edge).unwrap_or(end - first);
    Some((first, first + length))
}

/// Without the punctuation around it.
fn trimmed(text: &[u8], mut from: usize, mut to: usize) -> (usize, usize) {
    const QUOTES: [&str; 10] = [
        "\u{201c}", "\u{201d}", "\u{201e}", "\u{2018}", "\u{2019}", "\u{201a}", "\u{ab}", "\u{bb}", "\u{2026}",
        "\u{a0}",
    ];
    loop {
        let run = &text[from..to];
        if let Some(quote) = QUOTES.iter().find(|quote| run.starts_with(quote.as_bytes())) {
            from += quote.len();
        } else if let Some(quote) = QUOTES.iter().find(|quote| run.ends_with(quote.as_bytes())) {
            to -= quote.len();
        } else if run.first().is_some_and(|b| b"\"'`([{,:;*_|=>-@".contains(b)) {
            from += 1;
        } else if run.last().is_some_and(|b| b"\"'`)]},:;.?|/".contains(b)) {
            to -= 1;
        } else if run.starts_with(b"\\") || run.ends_with(b"\\") {
            return (from, from);
        } else {
            break;
        }
    }
    // `**x**`
    while to > from && text[to - 1] == b'*' && from > 0 && text[from - 1] == b'*' {
        to -= 1;
    }
    (from, to)
}

/// `418 062`: two groups of three are one number.
fn grouped_digits(text: &[u8], first: usize, stop: usize) -> usize {
    let three = |at: usize| text.get(at..at + 3).is_some_and(|run| run.iter().all(u8::is_ascii_digit));
    let pair = |at: usize| text.get(at..at + 2).is_some_and(|run| run.iter().all(u8::is_ascii_digit));
    let pairs = stop - first == 2
        && pair(first)
        && text.get(stop) == Some(&b' ')
        && pair(stop + 1)
        && text.get(stop + 3) == Some(&b' ')
        && pair(stop + 4);
    if pairs && text.get(stop + 6).is_none_or(|b| !b.is_ascii_alphanumeric()) {
        return stop + 6;
    }
    let alone = stop - first == 3 && three(first) && text.get(stop) == Some(&b' ') && three(stop + 1);
    if alone && text.get(stop + 4).is_none_or(|b| !b.is_ascii_alphanumeric()) { stop + 4 } else { stop }
}

impl Around<'_> {
    fn take(&self, search: &mut Search<'_>, group: usize) {
        let text = self.text;
        let (start, end) = self.window();
        let start = start.max(search.vicinity_end[group]);
        // Every name of another line looks at the next lines with its own eyes; of one line, only the first does.
        let line = scan::line_end(text, self.to, REACH);
        let end = if line == search.vicinity_line[group] { end.min(line) } else { end };
        search.vicinity_line[group] = line;
        if start >= end {
            return;
        }
        search.vicinity_end[group] = end.min(line);
        if group == 0 {
            self.quoted_phrases(search, start, end);
            if self.name.is_phrase() {
                self.spoken_phrase(search, end);
            }
        }
        let (mut last, mut before): (&[u8], &[u8]) = (b"", b"");
        let mut end_of_before = start;
        let mut at = start;
        while let Some((raw, raw_end)) = next(text, at, end) {
            at = raw_end;
            let (first, mut stop) = trimmed(text, raw, raw_end);
            if first >= stop {
                // A dash or an arrow introduces what follows, a colon alone does not.
                if !matches!(&text[raw..raw_end], b":" | b"=") {
                    (last, before) = (before, &text[raw..raw_end]);
                }
                continue;
            }
            if self.name.kind == Kind::Code {
                stop = grouped_digits(text, first, stop);
                at = at.max(stop);
            }
            let shown = &text[first..stop];
            let here = first < self.to && stop > self.from;
            let place = Place {
                lead: self.lead(first, stop, [last, before], end_of_before),
                near: self.is_near(first, stop),
                named: self.is_named_after(stop),
                close: first >= self.to && first - self.to <= 28,
                beyond: first >= self.to && text[self.to..first].contains(&b'\n'),
            };
            let joined = !text[end_of_before.min(first)..first].iter().any(|b| matches!(b, b'\n' | b'.' | b')' | b'('));
            let comma = text[end_of_before.min(first)..first].contains(&b',');
            let other =
                joined && (is_listed(OTHERS, before) || is_listed(OTHERS, last) && place.lead < Lead::Led && !comma);
            if !here && !other && self.fits(shown, place) && !search.in_marker(first) {
                search.take(Label::StatedSecret, first, stop);
            }
            (last, before) = (before, shown);
            end_of_before = stop;
        }
    }

    /// The name's line and some more, cut at blanks.
    fn window(&self) -> (usize, usize) {
        let (text, from, to) = (self.text, self.from, self.to);
        let floor = from.saturating_sub(REACH);
        let line = memchr::memrchr_iter(b'\n', &text[floor..from]).nth(LINES - 1);
        let start = line.map_or(floor, |found| floor + found + 1);
        let start = if start == floor && floor > 0 { blank_after(text, start, from) } else { start };
        let ceiling = text.len().min(to + REACH);
        let end = memchr::memchr_iter(b'\n', &text[to..ceiling]).nth(LINES).map_or(ceiling, |found| to + found);
        let end = if end == ceiling { blank_after(text, end, text.len().min(end + 64)) } else { end };
        (start, end)
    }

    fn lead(&self, from: usize, to: usize, before: [&[u8]; 2], end_of_before: usize) -> Lead {
        let text = self.text;
        let gap = &text[end_of_before.min(from)..from];
        // A sentence or a line ended between: the words before it do not introduce it.
        let broken = gap.contains(&b'\n') || gap.first().is_some_and(|b| matches!(b, b'.' | b'?'));
        let beside = self.to <= from
            && !text[self.to..from].contains(&b'\n')
            && (from - self.to <= 3 || end_of_before == self.to && text[from - 1] == b'>');
        // What only opens something is introduced by what somebody did, not by "is" and the like.
        let leads = if self.name.term.is_empty() && self.name.kind == Kind::Password { WITH } else { LEADS };
        let introduced = !broken && (is_listed(TYPED, before[1]) || is_listed(leads, before[1]));
        // "ist echt X", "typed in X"
        let plain = before[1].iter().all(u8::is_ascii_lowercase);
        let earlier = !broken
            && (is_listed(TYPED, before[0]) && before[1].len() <= 4
                || is_listed(STATED, before[0]) && plain && before[1].len() <= 10);
        // "als Passwort bitte X", "come password X"
        let linked =
            !broken && self.to <= from && is_listed(LINKS, word_before(text, self.from)) && from - self.to <= 24;
        let colon = gap.contains(&b':') && self.to <= from && self.is_near(from, to);
        if beside || introduced || earlier || linked || colon || self.is_named_after(to) {
            return Lead::Led;
        }
        let tail = &text[to..text.len().min(to + 40)];
        let tail = &tail[tail.iter().take_while(|b| b"\"'`), .".contains(b) || **b >= 0x80).count()..];
        let next = tail.split(|b| !b.is_ascii_alphabetic() && *b < 0x80 && *b != b'\'').next().unwrap_or_default();
        if is_listed(AFTER, next) && !text[to..].starts_with(b".") {
            return Lead::Followed;
        }
        let open = from > 0 && b"\"'`(*".contains(&text[from - 1])
            || from > 2 && text[from - 3] == 0xE2
            || from > 1 && text[from - 2] == 0xC2;
        let close = text.get(to).is_none_or(|b| b"\"'`)*<".contains(b) || *b >= 0xC2);
        let bracketed = from > 0 && text[from - 1] == b'(' && text.get(to) == Some(&b')');
        let tagged = from > 0 && text[from - 1] == b'>' && text.get(to) == Some(&b'<');
        let commas = gap.ends_with(b", ") && matches!(text.get(to), Some(b',' | b'.'));
        if self.is_whole_line(from, to) || bracketed && self.to <= from && from - self.to < 80 {
            Lead::Alone
        } else if open && close || tagged || commas {
            Lead::Apart
        } else {
            Lead::None
        }
    }

    /// `Passphrase "Regen über Kiel bleibt 3 Tage"`, `try "Harbor Light 1911" for Password`: words in quotation marks.
    fn quoted_phrases(&self, search: &mut Search<'_>, start: usize, end: usize) {
        const QUOTES: [(&str, &str); 6] = [
            ("\"", "\""),
            ("\u{201c}", "\u{201d}"),
            ("\u{201e}", "\u{201c}"),
            ("\u{ab}", "\u{bb}"),
            ("'", "'"),
            ("`", "`"),
        ];
        let text = self.text;
        let mut at = start;
        while let Some((open, close)) =
            QUOTES.iter().find(|quote| text[at..end].starts_with(quote.0.as_bytes())).or_else(|| {
                at += text[at..end].iter().position(|b| b"\"'`".contains(b) || *b == 0xC2 || *b == 0xE2)?;
                QUOTES.iter().find(|quote| text[at..end].starts_with(quote.0.as_bytes())).or(Some(&("", "")))
            })
        {
            if open.is_empty() {
                at += 1;
                continue;
            }
            let from = at + open.len();
            let line = scan::line_end(text, from, 90);
            let Some(length) = memchr::memmem::find(&text[from..line], close.as_bytes()) else {
                at = from.min(end);
                continue;
            };
            let to = from + length;
            at = (to + close.len()).min(end);
            if self.is_phrase_of_it(from, to, to + close.len()) && !search.in_marker(from) {
                search.take(Label::StatedSecret, from, to);
            }
        }
    }

    /// "with the passphrase seven herons left the quarry early, it": words without quotation marks.
    fn spoken_phrase(&self, search: &mut Search<'_>, end: usize) {
        let text = self.text;
        let mut at = self.to;
        let mut told = true;
        for _ in 0..14 {
            let Some((first, stop)) = next(text, at, end) else { return };
            if told && let Some(last) = run_of_words(text, first, end) {
                if !search.in_marker(first) {
                    search.take(Label::StatedSecret, first, last);
                }
                return;
            }
            let word = trimmed(text, first, stop);
            let word = &text[word.0..word.1.max(word.0)];
            told = is_listed(TYPED, word) || is_listed(STATED, word);
            at = stop;
        }
    }

    fn is_phrase_of_it(&self, from: usize, to: usize, after: usize) -> bool {
        let shown = &self.text[from..to];
        let words = || shown.split(|b| *b == b' ').filter(|word| !word.is_empty());
        let count = words().count();
        let plain = shown.iter().all(|b| b.is_ascii_alphanumeric() || *b >= 0x80 || b" -'!".contains(b));
        let small = words().filter(|word| word.len() > 3 && is_stop_word(word)).count();
        if !(2..=10).contains(&count)
            || !plain
            || small > 0
            || words().any(|word| classify(word).is_some())
            || !self.is_near(from, to)
        {
            return false;
        }
        let numbered = shown.iter().any(u8::is_ascii_digit);
        let lower = !shown.iter().any(u8::is_ascii_uppercase);
        let beside = self.to <= from && from - self.to <= 6;
        let told = self.name.is_phrase() && count >= 3;
        told && (self.to <= from || self.is_named_after(after))
            || (beside || self.is_named_after(after)) && (numbered || lower && count >= 3)
    }

    /// "Heftruck.Geel ingesteld als wachtwoord", "X as the password": the name comes right after.
    fn is_named_after(&self, to: usize) -> bool {
        let Some(between) = self.text.get(to..self.from).filter(|between| between.len() <= 28) else { return false };
        let words = || between.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        let link = words().position(|word| is_listed(LINKS, word) || is_listed(&["de", "di", "da"], word));
        !between.iter().any(|b| b".?!\n".contains(b))
            && link.is_some_and(|link| words().skip(link + 1).all(|word| word.len() <= 3))
    }

    /// All that the line, or the message behind its speaker, says.
    fn is_whole_line(&self, from: usize, to: usize) -> bool {
        let text = self.text;
        let line = scan::line_start(text, from, 60);
        let said = answers::message(text, line).filter(|said| *said <= from).unwrap_or(line);
        text[said..from].iter().all(|b| b.is_ascii_whitespace() || b"-*>#|<".contains(b))
            && text[to..scan::line_end(text, to, 8)].iter().all(|b| b.is_ascii_whitespace() || b".\r|".contains(b))
    }

    /// One sentence.
    fn is_near(&self, first: usize, stop: usize) -> bool {
        let ends = |four: &[u8]| {
            matches!(four[1], b'.' | b'?' | b'!')
                && !four[0].is_ascii_digit()
                && four[2].is_ascii_whitespace()
                && !four[3].is_ascii_lowercase()
        };
        let between =
            if first >= self.to { &self.text[self.to..first] } else { &self.text[stop.min(self.from)..self.from] };
        !between.windows(4).any(ends) && !between.contains(&b'\n')
    }

    fn fits(&self, shown: &[u8], place: Place) -> bool {
        match self.name.kind {
            Kind::Password => self.password(shown, place),
            Kind::Secret if self.is_wireless() => self.password(shown, place) || self.key(shown, place),
            Kind::Secret | Kind::Token => self.key(shown, place),
            Kind::Code => self.code(shown, place),
            _ => false,
        }
    }

    /// Somebody asks for it.
    fn asks(&self) -> bool {
        let line = scan::line_start(self.text, self.from, REACH);
        answers::is_request(&self.text[line..scan::line_end(self.text, self.to, REACH)])
    }

    /// "network Larkfield-Guest, key plumtree-2209"
    fn is_wireless(&self) -> bool {
        const WIRELESS: &[&str] = &[
            "wifi",
            "wi-fi",
            "wlan",
            "wireless",
            "ssid",
            "netzwerk",
            "netwerk",
            "red ",
            "rete",
            "rede",
            "r\u{e9}seau",
            "router",
        ];
        let line = &self.text[scan::line_start(self.text, self.from, 120)..scan::line_end(self.text, self.to, 60)];
        (self.name.term.len() <= 10 || self.name.term.starts_with("netz") || self.name.term.starts_with("netw"))
            && WIRELESS.iter().any(|word| scan::contains_word(line, word.as_bytes()))
    }

    fn password(&self, shown: &[u8], place: Place) -> bool {
        let phrase = self.name.is_phrase() && shown.split(|b| *b == b'-').count() > 3;
        match suspicion(shown) {
            Suspicion::Sure => true,
            Suspicion::Marked if self.name.strong || place.lead == Lead::Alone && self.asks() => {
                place.near || place.lead > Lead::None
            }
            Suspicion::Marked => place.near && place.lead > Lead::Apart,
            Suspicion::Mixed if place.beyond => {
                place.lead == Lead::Alone && (looks_chosen(shown) || self.asks()) || place.lead == Lead::Led
            }
            Suspicion::Mixed if self.name.term.is_empty() && Shape::of(shown).symbol > 0 => false,
            Suspicion::Mixed if place.lead == Lead::Apart => {
                place.near && self.name.strong && Shape::of(shown).symbol == 0
            }
            Suspicion::Mixed => place.lead == Lead::Led || place.near && place.lead > Lead::Apart,
            Suspicion::Chained if place.close && place.lead == Lead::Apart => shown.iter().any(u8::is_ascii_digit),
            Suspicion::Chained if place.near => {
                place.lead > Lead::Alone
                    && (phrase || place.named || Shape::of(shown).symbol >= 2 || shown.iter().any(u8::is_ascii_digit))
            }
            Suspicion::Chained if place.beyond => {
                self.asks()
                    && (place.lead == Lead::Led || place.lead == Lead::Alone && shown.iter().any(u8::is_ascii_digit))
            }
            Suspicion::Chained | Suspicion::None => false,
        }
    }

    fn key(&self, shown: &[u8], place: Place) -> bool {
        let shape = Shape::of(shown);
        let padding = shown.iter().rev().take_while(|b| **b == b'=').count();
        let strong = self.name.strong;
        if shape.len >= 60 && self.is_base64_line(shown, place) {
            return false;
        }
        if shape.len < 16 || is_placeholder(shown) || shown[..shape.len - padding].iter().any(|b| b":=".contains(b)) {
            return suspicion(shown) == Suspicion::Sure && place.near && place.lead == Lead::Led;
        }
        let dashes = shown.iter().filter(|b| **b == b'-').count();
        let uuid = shape.len == 36 && is_id(shown) && dashes == 4;
        let strong = self.name.strong;
        // A token of one time, the number of a network.
        let number = shape.digit == shape.len;
        if number
            && (shape.len == 6 && self.name.kind == Kind::Token && place.near && place.lead == Lead::Led
                || (16..=24).contains(&shape.len) && strong && place.near && self.is_wireless())
        {
            return true;
        }
        // "the key 9f3c… of the API"
        let line = &self.text[scan::line_start(self.text, self.from, 80)..scan::line_end(self.text, self.to, 20)];
        if !strong
            && self.name.term == "key"
            && is_long_hex(shown)
            && place.close
            && place.near
            && place.lead == Lead::Led
            && scan::contains_word(line, b"api")
        {
            return true;
        }
        if values::is_product_key(shown, &shape) {
            return strong;
        }
        if is_id(shown) && place.beyond {
            return place.lead == Lead::Alone && self.asks() && (is_long_hex(shown) || uuid);
        }
        if is_id(shown) {
            return strong && (is_long_hex(shown) && shape.len <= 64 || uuid) && place.near && place.lead > Lead::Apart;
        }
        let told = place.lead > Lead::Alone || place.lead == Lead::Alone && shape.len <= 60 && self.asks();
        looks_random(shown)
            && if place.beyond { told && strong } else { told || strong && place.near && shape.turns >= 5 }
    }

    /// A line of a certificate.
    fn is_base64_line(&self, shown: &[u8], place: Place) -> bool {
        place.lead == Lead::Alone && shown.len() <= 76 && shown.iter().all(|b| scan::is_base64(*b) || *b == b'=')
    }

    fn code(&self, shown: &[u8], place: Place) -> bool {
        let strong = self.name.strong || &self.text[self.from..self.to] == b"TAN";
        let digits = shown.iter().filter(|b| b.is_ascii_digit()).count();
        let number = digits == shown.len() && (4..=8).contains(&digits);
        let year = digits == 4 && (shown.starts_with(b"19") || shown.starts_with(b"20"));
        let grouped = shown.len() <= 12
            && digits >= 6
            && shown.iter().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b' '))
            && shown.split(|b| matches!(b, b'-' | b' ')).all(|group| (2..=6).contains(&group.len()))
            && !is_date(shown);
        if number && !year || grouped {
            return if strong {
                place.lead == Lead::Led
                    || place.lead > Lead::None && (place.near || digits == 6)
                    || place.beyond && place.lead == Lead::Alone
            } else {
                place.beyond && place.lead == Lead::Alone && digits == 6 && self.asks()
                    || place.near
                        && place.lead == Lead::Led
                        && (place.close && digits >= 6 || digits == 6)
                        && !self.is_other_code()
            };
        }
        let letters = shown.len() - digits;
        // `VER-12`: errors are called so.
        let error =
            shown.iter().take_while(|b| b.is_ascii_uppercase()).count() >= 2 && shown.contains(&b'-') && digits <= 3;
        let mixed = !error
            && (4..=12).contains(&shown.len())
            && digits >= 1
            && letters >= 1
            && shown.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-');
        let spelled = shown.iter().any(u8::is_ascii_uppercase) != shown.iter().any(u8::is_ascii_lowercase);
        let password =
            self.name.term.contains("wort") && suspicion(shown) >= Suspicion::Marked && place.lead > Lead::None;
        if suspicion(shown) == Suspicion::Sure && place.near
            || suspicion(shown) == Suspicion::Marked && place.lead == Lead::Alone
        {
            return true;
        }
        let spare = ["backup", "recup", "recover", "herstel", "secours", "wiederherst", "respaldo"]
            .iter()
            .any(|part| self.name.term.contains(part));
        if spare
            && (2..=4).contains(&shown.split(|b| *b == b'-').count())
            && digits >= 2
            && shown
                .split(|b| *b == b'-')
                .all(|group| (4..=5).contains(&group.len()) && group.iter().all(u8::is_ascii_alphanumeric))
        {
            return true;
        }
        // "wat is de code van het kastje?", and the next line is the code.
        if place.beyond && place.lead == Lead::Alone && self.asks() && mixed && digits >= 3 && shown.len() <= 8 {
            return true;
        }
        let numeric = matches!(self.name.term, "pin" | "otp" | "totp" | "tan" | "puk" | "cvv" | "cvc" | "cvv2");
        password
            || self.name.strong
                && !numeric
                && mixed
                && spelled
                && (digits >= 2 || shown.len() >= 8)
                && place.near
                && place.lead > Lead::Alone
    }
}

/// Four words and more of a phrase that somebody made up, up to a comma or the end.
fn run_of_words(text: &[u8], from: usize, end: usize) -> Option<usize> {
    let letter = |b: &u8| b.is_ascii_alphanumeric() || *b >= 0x80 || *b == b' ';
    let stop = from + text[from..end.max(from)].iter().take(90).take_while(|b| letter(b)).count();
    let shown = &text[from..stop];
    let words = || shown.split(|b| *b == b' ').filter(|word| !word.is_empty());
    let long = words().filter(|word| word.len() >= 4).count();
    let ends = matches!(text.get(stop), None | Some(b',' | b'.' | b';' | b'\n'));
    let sentence = words().any(|word| {
        word.len() > 3 && is_stop_word(word) || classify(word).is_some() || super::statements::role(word).states
    });
    let first = words().next()?;
    let fits = (4..=10).contains(&words().count())
        && long >= 3
        && ends
        && !sentence
        && (first[0].is_ascii_lowercase() || first[0] >= 0xC3)
        && !is_listed(TYPED, first);
    fits.then_some(stop)
}

fn blank_after(text: &[u8], at: usize, limit: usize) -> usize {
    text[at..limit].iter().position(u8::is_ascii_whitespace).map_or(limit, |found| at + found)
}

/// The word before `at`, without what stands between.
fn word_before(text: &[u8], at: usize) -> &[u8] {
    let end = text[..at].trim_ascii_end().len();
    let start = text[end.saturating_sub(24)..end].iter().rposition(u8::is_ascii_whitespace);
    &text[start.map_or(end.saturating_sub(24), |found| end.saturating_sub(24) + found + 1)..end]
}

impl Around<'_> {
    /// "code d'erreur", "código de cliente"
    fn is_other_code(&self) -> bool {
        const OTHER: &[&str] =
            &["err", "fehl", "fout", "client", "kunde", "klant", "postal", "status", "promo", "fiscal"];
        let ahead = &self.text[self.to..self.text.len().min(self.to + 20)];
        OTHER.iter().any(|word| scan::contains_word(ahead, word.as_bytes()))
    }
}

/// `17-10-2024`, `2024-10-17`.
fn is_date(shown: &[u8]) -> bool {
    let mut groups = shown.split(|b| *b == b'-').map(<[u8]>::len);
    matches!((groups.next(), groups.next(), groups.next()), (Some(4), Some(2), Some(2)) | (Some(2), Some(2), Some(4)))
}

fn is_listed(list: &[&str], word: &[u8]) -> bool {
    list.iter().any(|entry| entry.len() == word.len() && word.eq_ignore_ascii_case(entry.as_bytes()))
}
