//! What the words around a secret do: they introduce it, say what was done with it, or name something else.

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::FixedState;

use crate::facts::values::lower_case;
use crate::text::heads::Heads;

/// What a word does, one bit each; a word may do several things.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Roles(u8);

impl Roles {
    pub(super) const TYPED: Self = Self(1 << 0);
    pub(super) const LEADS: Self = Self(1 << 1);
    pub(super) const WITH: Self = Self(1 << 2);
    pub(super) const STATED: Self = Self(1 << 3);
    pub(super) const AFTER: Self = Self(1 << 4);
    pub(super) const OTHERS: Self = Self(1 << 5);
    pub(super) const LINKS: Self = Self(1 << 6);

    /// What `word` does, capitals ignored.
    pub(super) fn of(word: &[u8]) -> Self {
        if !HEADS.may_hold(word) {
            return Self::default();
        }
        let mut buffer = [0_u8; 16];
        lower_case(word, &mut buffer).and_then(|lower| ROLES.get(lower)).copied().unwrap_or_default()
    }

    pub(super) fn are(self, asked: Self) -> bool {
        self.0 & asked.0 != 0
    }
}

/// All lists in one table: a word is looked up once.
static ROLES: LazyLock<HashMap<&'static [u8], Roles, FixedState>> = LazyLock::new(|| {
    let mut table: HashMap<&'static [u8], Roles, FixedState> = HashMap::default();
    for (list, role) in LISTS {
        for word in list {
            table.entry(word.as_bytes()).or_default().0 |= role.0;
        }
    }
    table
});

static HEADS: LazyLock<Heads> = LazyLock::new(|| Heads::of(ROLES.keys().copied()));

const LISTS: [(&[&str], Roles); 7] = [
    (TYPED, Roles::TYPED),
    (LEADS, Roles::LEADS),
    (WITH, Roles::WITH),
    (STATED, Roles::STATED),
    (AFTER, Roles::AFTER),
    (OTHERS, Roles::OTHERS),
    (LINKS, Roles::LINKS),
];

/// After these, somebody's own input comes.
#[rustfmt::skip]
const TYPED: &[&str] = &[
    "escrever", "écrire", "scrivere", "schreiben", "typen", "anotada", "anotado", "anotata", "annotato", "notée", "notiert", "genoteerd", "apuntada", "apuntado", "need", "needed", "answer", "answered", "mettere", "mettre", "introducir", "ingresar", "colocar", "pôr", "type", "typed", "typing", "enter",
    "entered", "entering", "wrote", "write", "use", "used", "using", "try", "tried", "keyed", "put", "told", "say", "choose", "chose", "picked",
    "gave", "give", "paste", "pasted", "needs", "with", "brauchst", "brauche", "antworte", "tippe", "tippt", "getippt", "eingegeben", "eingeben",
    "eintippen", "gebe", "geben", "benutze", "verwende", "nehme", "nimm", "nimmst", "nehmen", "brauchen", "schreibe", "versuch", "versuche",
    "probier", "probiere", "nutze", "stichwort", "tape", "tapé", "taper", "tapez", "saisi", "saisis", "saisir", "saisissez", "utilise", "utilisez",
    "utilisant", "mis", "mets", "mettez", "essaye", "essaie", "essayez", "composez", "compose", "entre", "entrez", "écris", "noté", "dit", "répond",
    "escribo", "escribí", "escriba", "escribe", "escribir", "introduzca", "introduce", "introduzco", "ingrese", "ingresé", "tecleo", "tecleé", "puse",
    "pongo", "pon", "poner", "uso", "usé", "usa", "usar", "digite", "digitar", "meto", "metí", "prueba", "marco", "marcando", "doy", "dejar",
    "inserisca", "inserisci", "inserire", "digito", "digitato", "digitare", "inserito", "inserisco", "scrivo", "scritto", "metto", "messo", "usato",
    "prova", "provato", "provi", "immetto", "digitei", "digitou", "colocou", "escreveu", "usou", "inserì", "tecleó", "puso", "escribió", "tapait", "tipte", "coloquei", "coloco", "usei", "escrevo", "escrevi", "escreva", "ponho", "pus", "tenta",
    "tente", "testa", "falei", "meti", "insira", "inseri", "typ", "typt", "typte", "vul", "vulde", "voer", "gebruik", "gebruikte", "probeer", "toets",
    "toetste", "tik", "tikte", "neem", "noem", "noemde", "ingetypt", "invoeren",
];

/// After these, what something is, became, or what somebody comes with.
#[rustfmt::skip]
const LEADS: &[&str] = &[
    "is", "was", "be", "being", "it's", "it’s", "that's", "that’s", "with", "by", "now", "reads", "read", "says", "said", "shows", "called", "namely",
    "like", "i.e.", "=", "->", "=>", "→", "-", "–", "—", "continuación", "luego", "dann", "then", "puis", "poi", "depois", "daarna", "danach",
    "seguida", "ist", "war", "wäre", "sei", "lautet", "heißt", "heisst", "steht", "stand", "mit", "nämlich", "sprich", "wird", "est", "c'est",
    "c’est", "c'était", "c’était", "était", "c", "serait", "vaut", "donne", "avec", "par", "soit", "dit", "es", "era", "son", "fue", "sería", "ser",
    "pone", "ponía", "decía", "dice", "con", "por", "sea", "è", "e'", "sarebbe", "sia", "ossia", "cioè", "scritto", "leggo", "col", "é", "foi",
    "seria", "seja", "com", "ficou", "virou", "p/", "/", "|", "sofort", "i.e", "d.h", "mine's", "mine’s", "and", "pra", "pro", "siendo", "zijn",
    "wordt", "werd", "luidt", "staat", "stond", "met", "namelijk", "weten", "heet",
];

/// Those of them that say what somebody came with.
#[rustfmt::skip]
const WITH: &[&str] = &["->", "=>", "→",
    "with", "mit", "con", "com", "met", "avec", "/", "und", "and", "e", "y", "et", "en", "–", "—",
];

/// After these and a word more, what something is.
#[rustfmt::skip]
const STATED: &[&str] = &[
    "is", "was", "been", "it's", "ist", "war", "lautet", "est", "c'est", "s'agit", "era", "tratta", "wäre", "sei", "fosse", "sería", "serait", "creo",
    "glaube", "think", "penso", "crois", "acho", "denk", "était", "es", "è", "é", "foi", "steht", "staat", "stond", "says", "heißt", "heisst", "lautet", "heet", "luidt", "appelle", "llama", "chiama", "chama",
];

/// After the value: what was done with it, or what it is.
#[rustfmt::skip]
const AFTER: &[&str] = &[
    "festgelegt", "vergeben", "hinterlegt", "genomen", "gekozen", "genommen", "gewählt", "choisi", "elegido", "scelto", "escolhido", "chosen", "eingetippt", "getippt", "eingegeben", "eingeben", "eintippen", "eingestellt", "eingetragen", "gesetzt",
    "tippt", "als", "ein", "auf", "verschlüsselt", "geschützt", "aufgeschrieben", "drauf", "ingetypt", "ingetikt", "intikken", "intypen", "invoeren",
    "ingevuld", "ingesteld", "in", "ingevoerd", "onze", "mijn", "as", "is", "isn't", "was", "on", "for", "and", "comme", "como", "come", "est", "es",
    "è", "é", "fue", "foi", "de", "di", "saisi", "dans", "todo", "tudo", "tout", "all", "tutto", "uno", "una",
];

/// Before a name of something else: `user`, `version`, `ticket`.
#[rustfmt::skip]
const OTHERS: &[&str] = &[
    "rfc", "content-md5", "md5", "digest", "etag", "integrity", "user", "username", "users", "accounts", "comptes", "cuentas", "konten", "utenti", "contas", "gebruikers", "uuid", "guid", "cluster", "trace", "request", "correlation", "requête", "anfrage", "accessor", "sid", "cliente", "client",
    "customer", "kunde", "kundennummer", "pedido", "bestelling", "account", "login", "host", "server", "database", "db", "schema", "table", "version",
    "release", "build", "branch", "error", "ticket", "case", "order", "invoice", "id", "file", "folder", "model", "device", "firmware", "benutzer",
    "benutzername", "nutzer", "konto", "kennung", "rechner", "fehler", "fehlercode", "fall", "vorgang", "datei", "gerät", "rechnung", "anlage",
    "utilisateur", "compte", "identifiant", "serveur", "erreur", "dossier", "fichier", "poste", "facture", "colis", "usuario", "cuenta", "servidor",
    "equipo", "fichero", "archivo", "incidencia", "caso", "factura", "utente", "conto", "pratica", "fattura", "errore", "macchina", "utenza",
    "usuário", "utilizador", "conta", "erro", "ficheiro", "arquivo", "chamado", "fatura", "máquina", "gebruiker", "gebruikersnaam", "foutmelding",
    "fout", "bestand", "zaak", "melding", "factuur", "apparaat", "nummer", "number", "network", "ssid", "netz", "réseau", "red", "rete", "rede",
    "name", "nombre", "nom", "nome", "naam", "alias", "netwerk", "serial", "serials", "serien", "seriennummer", "seriennummern", "serie", "commit",
];

/// Before the name: what follows the name is the value ("als Passwort X").
#[rustfmt::skip]
const LINKS: &[&str] = &[
    "als", "as", "comme", "come", "como", "for", "für", "per", "voor", "para", "pour",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_lists_is_found_and_does_what_its_list_says() {
        for (list, role) in LISTS {
            for word in list {
                assert!(Roles::of(word.as_bytes()).are(role), "{word}");
            }
        }
        assert_eq!(Roles::of(b"kettle"), Roles::default());
    }
}
