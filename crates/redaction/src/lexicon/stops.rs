//! Plain words that follow a secret word in sentences: they are no secret.
//!
//! Seven languages in one sorted list, searched by bisection (sorted by bytes; a test holds it).

use std::collections::HashSet;
use std::sync::LazyLock;

use foldhash::fast::FixedState;

use crate::lexicon::heads::Heads;
use crate::lexicon::letters::lower_case;

/// A plain word that follows a secret word in sentences and in documentation.
pub(crate) fn is_stop_word(value: &[u8]) -> bool {
    let mut buffer = [0_u8; 24];
    STOP_HEADS.may_hold(value) && lower_case(value, &mut buffer).is_some_and(|lower| STOPS.contains(lower))
}

static STOP_HEADS: LazyLock<Heads> = LazyLock::new(|| Heads::of(STOPS.iter().copied()));

static STOPS: LazyLock<HashSet<&'static [u8], FixedState>> =
    LazyLock::new(|| STOP_WORDS.iter().map(|word| word.as_bytes()).collect());

/// Sorted; see the module comment.
#[rustfmt::skip]
pub(crate) const STOP_WORDS: &[&str] = &[
    "janv", "f\u{e9}vr", "juin", "juil", "ao\u{fb}t", "sept",
    "a", "aan", "abaixo", "abajo", "aber", "abgelaufen", "about", "above", "absent", "accepted", "account", "accounts", "acima", "acquire",
    "acquired", "active", "adjunto", "after", "again", "against", "ainda", "al", "algorithm", "all", "allegato", "already", "also", "alterada",
    "although", "altijd", "always", "amanhã", "an", "anbei", "anche", "ancora", "and", "anexo", "another", "any", "aparte", "app", "application",
    "are", "argument", "around", "array", "arriba", "as", "ask", "asked", "asks", "async", "at", "attached", "auch", "aucun", "aucune", "audience",
    "aujourd'hui", "aus", "aussi", "auth", "authenticated", "authentication", "authorization", "authorized", "auto", "automatic", "available", "avec",
    "await", "ayer", "aún", "bad", "based", "basic", "be", "bearer", "because", "been", "before", "begin", "bei", "beim", "being", "bekannt", "below",
    "between", "bijlage", "bitte", "blank", "bloccata", "bloqueada", "bloqué", "body", "bool", "boolean", "both", "boven", "box", "brace", "bracket",
    "bucket", "but", "by", "byte", "bytes", "cached", "caducada", "caducado", "cambiada", "cambiado", "cambiata", "can", "cannot", "cannot-be-blank",
    "cannot-be-empty", "change", "changed", "changeit!", "changeit-please", "changing", "changé", "char", "check", "ci-joint", "claim", "claims",
    "class", "click", "client", "code", "codes", "colon", "com", "comma", "communiqué", "complexity", "compromised", "con", "confirm", "confirmation",
    "confirmed", "connu", "const", "consumed", "contact", "cookie", "cookies", "copied", "correct", "correcta", "correta", "corretta", "corrupted",
    "could", "count", "created", "credential", "credentials", "cuando", "current", "custom", "d'", "da", "dans", "darf", "das", "dass", "dasselbe",
    "de", "debe", "def", "default", "del", "deleted", "della", "dem", "demain", "den", "denied", "der", "des", "dessous", "dessus", "deve", "di",
    "dialog", "die", "different", "digest", "dimenticata", "disabled", "discussed", "displayed", "do", "doesn't", "doit", "domani", "dos", "du",
    "during", "e", "each", "eben", "een", "ein", "eine", "einer", "eingeben", "eingegeben", "either", "el", "else", "elsewhere", "em", "email",
    "empty", "en", "enabled", "encore", "encrypted", "end", "endpoint", "enough", "entered", "entfällt", "eof", "eol", "era", "erforderlich",
    "errada", "errado", "errata", "errato", "error", "errors", "es", "esquecida", "esquecido", "est", "et", "etait", "even", "ever", "every",
    "example", "exceeded", "exchange", "expected", "expirada", "expirado", "expiration", "expire", "expired", "expires", "expiring", "expiry",
    "expiré", "expirée", "export", "exported", "exposed", "external", "externally", "failed", "failing", "fails", "failure", "falsch", "false",
    "falso", "faux", "fehlt", "fetched", "few", "field", "fields", "file", "files", "filtered", "final", "first", "flag", "foi", "folgt", "follows",
    "for", "forgotten", "form", "found", "fresh", "friday", "from", "fue", "function", "funktioniert", "für", "geandert", "geblokkeerd", "geen",
    "geht", "generated", "gerade", "gereset", "gesetzt", "gesondert", "gesperrt", "gestern", "gewijzigd", "geändert", "gisteren", "given", "gleich",
    "gli", "global", "globally", "good", "got", "guid", "ha", "had", "has", "hash", "hashes", "hashing", "have", "header", "headers", "her", "het",
    "hetzelfde", "heute", "hidden", "hier", "hint", "hinterlegt", "hints", "his", "history", "hoje", "how", "hoy", "idem", "identified", "identifier",
    "identique", "identisch", "ieri", "if", "igual", "il", "illegal", "im", "import", "imported", "in", "inactive", "inalterada", "inchangé",
    "include", "inconnu", "incorrect", "incorrecta", "incorrecte", "incorrecto", "insecure", "inside", "int", "integer", "interactive", "internal",
    "into", "introspection", "invalid", "invalida", "invalide", "invalido", "invariata", "inválida", "inválido", "is", "isn't", "issued", "issuer",
    "issuing", "ist", "it", "its", "jamais", "ja", "juist", "just", "jwt", "kan", "kann", "keeps", "kein", "keine", "keiner", "keines", "keins", "kerberos",
    "key", "keys", "keyword", "klopt", "known", "korrekt", "la", "las", "last", "lautet", "ldap", "le", "leaked", "least", "leeg", "leer", "length",
    "length-of", "les", "less", "let", "lifetime", "limit", "limits", "literal", "lo", "local", "localhost", "locked", "logged", "login",
    "login-page", "logon", "logout", "long", "longer", "lookup", "los", "läuft", "ma", "maar", "mag", "mai", "mail", "mais", "malformed", "manager",
    "mandatory", "manquant", "manual", "many", "mapping", "mas", "masked", "match", "matched", "matches", "max", "maximum", "may", "maybe", "mañana",
    "mesma", "mesmo", "met", "mfa", "might", "min", "minimum", "misma", "mismatch", "mismo", "missing", "mit", "modifié", "moet", "monday", "more",
    "morgen", "most", "multiple", "muss", "must", "must-change", "my", "mypass", "mypassword", "mündlich", "n'est", "n/a", "na", "nach",
    "nachgereicht", "name", "names", "nao", "ne", "near", "necessaria", "necessario", "necessária", "necessário", "nee", "need", "needed", "needs",
    "negotiate", "nein", "neither", "nenhum", "nenhuma", "nessuna", "nessuno", "never", "new", "newline", "next", "nicht", "nie", "niet", "nil", "ninguna",
    "ninguno", "ningún", "no", "noch", "nog", "non", "none", "nooit", "nor", "normal", "not", "notwendig", "ntlm", "null", "nullable", "number",
    "nunca", "nur", "não", "nötig", "o", "oauth", "obbligatoria", "obbligatorio", "oben", "object", "obligatoire", "obligatoria", "obligatorio",
    "obtained", "obtaining", "oder", "of", "off", "often", "oggi", "ohne", "oidc", "ok", "okay", "old", "olvidada", "omdat", "omit", "omitted", "on",
    "on_create", "onbekend", "once", "onder", "ongeldig", "ongewijzigd", "onjuist", "only", "ontbreekt", "ontem", "ook", "op", "operator", "option",
    "optional", "or", "os", "other", "otp", "ou", "oublie", "oublié", "oui", "our", "outside", "over", "own", "page", "par", "para", "param",
    "parameter", "parameters", "params", "parce", "parse", "parser", "parsing", "pas", "pass", "pass_word", "passcode", "passphrase", "passt",
    "passwd", "password", "password_hash", "passwords", "pasted", "pendiente", "pending", "per", "perché", "perhaps", "permanent", "pero", "peut",
    "pin", "placeholder", "plain", "plaintext", "please", "pode", "policies", "policy", "por", "porque", "pour", "present", "press", "previous",
    "printed", "private", "private-key", "prompt", "protected", "protected-by", "provided", "provider", "public", "puede", "punc", "può", "pw", "pwd",
    "périmé", "quand", "quando", "que", "raw", "read", "readonly", "reads", "received", "redacted", "redefinida", "refresh", "refuse", "refused",
    "refusé", "refusée", "reinitialise", "rejected", "remote", "removed", "renewal", "renewed", "requerida", "requerido", "request", "requests",
    "required", "requirement", "requirements", "requis", "requise", "reset", "resetting", "response", "responses", "restablecida", "return", "reused",
    "revocation", "revoked", "richiesta", "richiesto", "richtig", "ring", "rotate", "rotated", "rotation", "rotation-policy", "rule", "rules",
    "réinitialisé", "safe", "same", "same-origin", "saml", "sans", "saved", "sbagliata", "scaduta", "scaduto", "schon", "scope", "scopes", "screen",
    "secret", "secret's", "secrets", "secure", "see", "self", "sem", "semicolon", "sempre", "sensitive", "sent", "senza", "separat", "separately",
    "server", "service", "session", "sessions", "set", "setting", "settings", "several", "shall", "shared", "short", "shorter", "should", "show",
    "shown", "shows", "si", "sicher", "sido", "siehe", "siempre", "signature", "silent", "sim", "sin", "since", "sind", "single", "so", "soll", "some",
    "sometimes", "son", "sono", "sont", "sopra", "sotto", "sso", "stale", "standard", "start", "stata", "static", "stessa", "stesso", "still",
    "stimmt", "stopped", "stops", "storage", "store", "stored", "str", "strength", "string", "strong", "su", "subject", "such", "supplied",
    "supported", "sur", "switch", "são", "séparément", "sí", "también", "também", "tba", "tbc", "tbd", "telefonisch", "tell", "temporary", "test",
    "tested", "testing", "text", "than", "that", "the", "their", "then", "therefore", "these", "this", "those", "though", "through", "thursday",
    "timeout", "to", "todavía", "today", "todo", "token", "token-based", "tokens", "told", "tomorrow", "too", "toujours", "tried", "tries", "true",
    "try", "ttl", "tuesday", "twice", "type", "typed", "types", "uguale", "uit", "um", "uma", "un", "una", "unauthorized", "unavailable", "unbekannt",
    "unchanged", "und", "undefined", "under", "une", "unexpected", "ungultig", "ungültig", "unknown", "unlimited", "unlocked", "uno", "unsafe",
    "unset", "unsicher", "unsupported", "unten", "until", "unverändert", "updated", "usage", "use", "used", "user", "user_password", "username",
    "userpass", "users", "using", "usr", "uuid", "vacia", "vacía", "valid", "valida", "validated", "validation", "valide", "valido", "value",
    "values", "van", "vandaag", "var", "varchar", "varchar(255)", "vault", "vazia", "vedi", "veja", "ver", "verdadero", "vereist", "vergessen",
    "vergeten", "verification", "verified", "verify", "verkeerd", "verlopen", "verplicht", "very", "via", "vide", "visible", "void", "voir", "volgt",
    "vom", "von", "voor", "vrai", "vuota", "válida", "wahr", "wanneer", "war", "was", "wasn't", "weak", "wednesday", "weil", "well-known", "wenn",
    "werd", "werden", "were", "werkt", "what", "when", "where", "which", "while", "who", "why", "wieder", "will", "wird", "with", "within", "without",
    "won't", "wordt", "work", "worked", "working", "works", "would", "write", "write-only", "writeonly", "wrong", "wrote", "wurde", "y", "yes",
    "yesterday", "yet", "your", "yourpassword", "zelfde", "zie", "zijn", "zonder", "zum", "zur", "zurucksetzen", "zurück", "zurückgesetzt",
    "zurücksetzen", "ändern", "è", "é", "était",
];
