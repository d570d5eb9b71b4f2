//! The lists of the words that [`super::roles`] knows, all in small letters.

/// Behind the name of a secret: its value follows.
#[rustfmt::skip]
pub(super) const STATES: &[&str] = &[
    "is", "was", "be", "sein", "être", "ser", "essere", "it's", "it’s", "that's", "to", "equals", "being", "lautet",
    "ist", "war", "heisst", "heißt", "hieß", "auf", "est", "était", "etait", "c'est", "c’est", "es", "era", "è",
    "e'", "é", "foi", "sera", "à", "luidt", "werd", "naar", "called", "became", "becomes", "reads", "vaut", "vale",
    "fue", "pra", "pro", "p/", "siendo", "seria", "sería", "será", "sarà", "sarebbe", "serait", "worden",
];

/// Of these the copulas, which say nothing but that it is so: "my password is Summer24".
#[rustfmt::skip]
pub(super) const COPULAS: &[&str] = &[
    "is", "was", "it's", "it’s", "that's", "lautet", "lautete", "ist", "war", "heisst", "heißt", "hieß", "est", "était", "etait", "c'est", "c’est", "es", "era", "è", "e'", "é", "luidt", "luidde",
    "are", "were", "lauten", "lauteten", "sind", "waren", "sont", "étaient", "son", "eran", "sono", "erano", "são", "eram", "zijn",
];

/// Between a name and what would state its value ("a frase secreta não é aceita").
#[rustfmt::skip]
pub(super) const DENIAL: &[&str] = &[
    "not", "isn't", "wasn't", "never", "nicht", "nie", "kein", "keine", "niet", "geen", "pas", "jamais", "no", "non",
    "não", "nunca", "mai",
];

/// Behind a term: the name speaks about a secret instead of holding one.
#[rustfmt::skip]
pub(super) const TALKS_AFTER: &[&str] = &[
    "standard", "attribute", "attributes", "attribut", "atributo", "abfragen", "abfrage", "able", "memory", "kib",
    "parallelism", "threads", "aendern", "andern", "laeuft", "variable", "variables", "management", "function",
    "functions", "verify", "prefix", "suffix", "backend", "backends", "keeper", "mod", "del", "show", "find", "ls",
    "rm", "create", "revoke", "map", "left", "chars", "char", "within", "supported", "methods", "cipher", "ciphers",
    "bits", "rounds", "iterations", "ratio", "grace", "period", "cooldown", "delay", "backoff", "threshold", "cron",
    "schedule", "claim", "claims", "jwks", "discovery", "introspection", "revocation", "revoked", "blacklist",
    "blocklist", "denylist", "allowlist", "whitelist", "binding", "bound", "pos", "offset", "span", "col", "lexer",
    "sent", "resent", "delivered", "requested", "confirmed", "deleted", "seen", "loaded", "found", "unset",
    "configured", "match", "matches", "matched", "mismatch", "breached", "pwned", "leaked", "compromised", "color",
    "style", "css", "colors", "colour", "colours", "theme", "icon", "button", "btn", "toggle", "visibility",
    "autocomplete", "tooltip", "cleanup", "purge", "queue", "topic", "events", "hook", "hooks", "blank", "optional",
    "shown", "hidden", "masked", "since", "ago", "screen", "setup", "installer", "allowed", "forbidden",
    "encryption", "invalidated", "enforcement", "enforced", "comparison", "similarity", "dictionary", "words",
    "reuse", "reused", "batch", "iter", "verloopt", "expira", "scade", "ablauf", "lifespan", "life", "timespan",
    "minutes", "seconds", "hours", "query", "sql", "statement", "scanning", "scan", "scanner", "push", "alert",
    "alerts", "tonen", "anzeigen", "afficher", "mostrar", "mostra", "verplicht", "wrong", "falsch", "incorrect",
    "erneuert", "renewed", "issuance", "re", "rx", "regexp", "conferma", "confirm", "confirmation", "confirmar",
    "label", "titolo", "scaduta", "santa", "hashing", "hashers", "hasher", "module", "cmd", "command", "helpers",
    "protected", "inputs", "can", "valuefrom", "ssm", "maps", "maximo", "massimo", "massima", "maximal", "maximale",
    "maximaal", "dagen", "tage", "jours", "dias", "giorni", "geldig", "gueltig", "gultig", "valide", "valido",
    "validade", "validez", "gesetzt", "geandert", "geaendert", "am", "cambiado", "gewijzigd", "minima", "minimo",
    "minimale", "minimum", "mindestlange", "laenge", "lange", "longueur", "longitud", "lunghezza", "comprimento",
    "lengte", "maxima", "bron", "quelle", "source", "origen", "fonte", "duree", "duracion", "durata", "duur",
    "dauer", "age", "algorithm", "alg", "arn", "at", "attempt", "attempts", "audience", "auth", "authority",
    "available", "banner", "based", "box", "budget", "bucket", "bytes", "cache", "change", "changed", "changes",
    "charset", "check", "class", "column", "complexity", "consent", "consumed", "cost", "count", "counter",
    "created", "date", "day", "days", "deadline", "description", "diagnostics", "dialog", "digest", "dir",
    "directory", "disabled", "domain", "duration", "enabled", "encoding", "endpoint", "engine", "entropy", "error",
    "errors", "exchange", "exists", "expected", "expiration", "expire", "expired", "expires", "expiresat", "expiry",
    "exp", "field", "fields", "file", "filename", "files", "fingerprint", "flow", "folder", "forgot", "format",
    "generated", "generator", "grant", "handler", "header", "help", "hint", "history", "id", "identifier", "ids",
    "identity", "index", "info", "input", "interval", "invalid", "is", "issued", "issuer", "kind", "last", "length",
    "len", "lifetime", "limit", "limits", "link", "list", "location", "lock", "locked", "login", "manager", "max",
    "mechanism", "message", "method", "metadata", "min", "missing", "mode", "model", "modified", "mount", "name",
    "namespace", "names", "needed", "note", "notice", "ok", "op", "operation", "option", "options", "owner", "page",
    "param", "parser", "path", "pattern", "per", "permission", "permissions", "picker", "placeholder", "policies",
    "policy", "position", "present", "price", "problem", "profile", "prompt", "protection", "provider", "providers",
    "quota", "rate", "reader", "reason", "ref", "reference", "refs", "refresh", "region", "regex", "remaining",
    "request", "requests", "required", "requirement", "requirements", "reset", "resets", "resource", "response",
    "result", "results", "rotated", "rotation", "rule", "rules", "samesite", "schema", "scheme", "scope", "scopes",
    "score", "secure", "service", "set", "setting", "settings", "size", "spec", "stats", "state", "status", "store",
    "strategy", "strength", "success", "support", "tab", "template", "time", "timeout", "timestamp", "title",
    "total", "ttl", "type", "types", "unit", "until", "updated", "update", "uri", "url", "usage", "use", "used",
    "user", "username", "users", "valid", "validation", "validity", "verified", "version", "versions", "view",
    "visible", "window", "year", "through", "thru", "percent", "less", "izer", "httponly", "rotationdays", "stdin",
    "mgr", "processor", "encoder", "controller", "repository", "factory", "filter", "helper", "util", "utils",
    "validator", "form", "dto", "impl", "exception", "event", "listener", "middleware", "component", "wrapper",
    "interceptor", "resolver", "checker", "holder", "builder", "entity", "accepted", "rejected", "failed",
    "failures", "retries", "retry", "selector", "consumption", "estimate", "tokenizer", "warning", "uebung",
    "richtlinie", "politique", "politica", "beleid", "anzahl", "nombre", "alter", "vergessen", "oublie", "olvidada",
];

/// First in a name: it speaks about a secret.
#[rustfmt::skip]
pub(super) const TALKS_BEFORE: &[&str] = &[
    "palabra", "palabras", "palavra", "palavras", "parola", "lunghezza", "longueur", "longitud", "comprimento",
    "lengte", "laenge", "lange", "fastcgi", "uwsgi", "scgi", "grpc", "ask", "existing", "from", "external", "enter",
    "allow", "allowed", "allows", "avg", "average", "bad", "cached", "can", "completion", "count", "disable",
    "disabled", "disallow", "does", "enable", "enabled", "estimated", "expired", "forbid", "forgot", "forget",
    "forgotten", "get", "has", "have", "hide", "ignore", "input", "invalid", "is", "keep", "last", "lost", "max",
    "maximum", "mean", "min", "minimum", "missing", "must", "need", "needs", "no", "non", "null", "num", "number",
    "output", "p50", "p95", "p99", "prompt", "public", "pub", "reasoning", "remaining", "remember", "require",
    "required", "requires", "show", "skip", "sum", "supports", "total", "unexpected", "unknown", "use", "used",
    "uses", "visible", "wrong", "without", "n", "csp", "publishable",
];

/// Before `token`: one of a text, a place in a list, a signal; a password behind it is one all the same.
#[rustfmt::skip]
pub(super) const OTHER_TOKEN: &[&str] = &[
    "page", "next", "eos", "bos", "pad", "stop", "cancellation", "sync", "continuation",
];

/// Before `key`, `code` and the like: another kind of key or code.
#[rustfmt::skip]
pub(super) const OTHER_KEY: &[&str] = &[
    "restore", "cache", "idempotency", "partition", "primary", "routing", "sort", "row", "foreign", "public",
    "host", "object", "s3", "dedup", "group", "bucket", "index", "search", "translation", "message", "map",
    "registry", "unique", "composite", "natural", "surrogate", "lookup", "hash", "range", "sharding", "shard",
    "hot", "arrow", "known", "issue", "project", "fact", "section", "storage", "exit", "status", "error", "return",
    "response", "http", "zip", "postal", "country", "language", "currency", "area", "source", "reason", "result",
    "op", "machine", "byte", "qr", "bar", "color", "colour", "char", "key", "event", "fault", "fehler", "statut",
    "erreur", "estado", "errore", "erro", "fout", "lang", "locale", "airport", "unicode", "close", "signal", "sql",
    "state", "oracle", "promo", "discount", "coupon", "voucher", "tracking", "order", "ticket", "product", "item",
    "job", "lock", "config", "setting", "property", "json", "yaml", "dictionary", "hkey", "sub", "last", "first",
    "next", "pkce", "websocket", "socket", "challenge", "exception", "diagnostic", "abort", "failure", "warning",
    "system",
];

/// Before `pass`: a filter, a ticket or a run (`low pass`, `Boarding pass`).
#[rustfmt::skip]
pub(super) const OTHER_PASS: &[&str] = &[
    "low", "high", "band", "boarding", "ski", "rail", "season", "travel", "parking", "render", "shader", "multi",
    "single", "forward", "backward",
];

/// Between the name of a secret and what it is for ("das Passwort für Einkauf2").
#[rustfmt::skip]
pub(super) const PURPOSE: &[&str] = &["for", "für", "vom", "zum", "zur", "pour", "para", "per", "voor"];

/// Directly behind the name of a secret in the label of a form: which one it asks for ("Contraseña actual:", "Password used at
/// last login:").
#[rustfmt::skip]
pub(super) const WHICH: &[&str] = &[
    "for", "für", "fuer", "vom", "zum", "zur", "pour", "para", "per", "voor", "of", "del", "de", "della", "dell", "di", "do", "da", "des",
    "du", "im", "in", "bei", "beim", "at", "if", "falls", "used", "verwendet", "benutzt", "tried", "typed", "entered", "given",
    "eingegeben", "usada", "usado", "usata", "utilizada", "utilizado", "utilizzata", "utilisé", "gebruikt", "saisi", "introducida", "actual", "actuel",
    "atual", "attuale", "anterior", "précédent", "precedente", "aktuell", "we", "you", "i", "nuova", "nueva", "nuevo", "nouveau", "nova",
    "provisoire", "provisional", "provvisoria", "provisória", "temporal", "temporaire", "temporanea", "temporária", "inicial", "initial",
    "iniziale", "der", "bij", "van", "xml", "api", "web", "admin", "ftp", "smtp", "vpn", "portal", "wifi", "wlan", "daselbst", "dort", "hier", "here", "qui", "aquí", "ici", "aqui",
];

/// Last in such a label: what follows is somebody, a place, a time or a state ("Password for user:", "PIN sent to:").
#[rustfmt::skip]
pub(super) const WHOSE: &[&str] = &[
    "for", "by", "von", "vom", "to", "with", "on", "until", "in", "am", "bis", "bei", "unter", "per", "por", "par", "da", "door", "pour",
    "para", "für", "at", "of", "de", "di", "do", "del", "an", "mit", "met", "con", "com", "avec", "sur", "en", "op", "aan", "voor",
    "user", "users", "username", "benutzer", "benutzername", "nutzer", "utilisateur", "usuario", "utente", "gebruiker", "utilizador",
    "usuário", "account", "accounts", "konto", "compte", "cuenta", "conta", "host", "mailbox", "postfach", "kundennummer", "number",
    "nummer", "numéro", "número", "numero", "id", "mail", "email", "name", "namespace", "use", "date", "datum", "fecha", "data",
    "status", "geändert", "changed", "gültig", "project", "domain", "file", "mode", "is", "ist", "says", "said", "this", "das",
    "error", "fehler", "erreur", "message", "meldung", "problem", "problema", "problème", "policy", "limit", "attempts", "versuche",
    "length", "länge", "storage",
];

#[rustfmt::skip]
pub(super) const ARTICLE: &[&str] = &[
    "the", "our", "den", "das", "die", "le", "la", "el", "il", "lo", "o", "a", "het", "de",
];

/// Behind a term: changes nothing about what it holds (`password_value`, `token_prod`).
#[rustfmt::skip]
pub(super) const OF_VALUE: &[&str] = &[
    "value", "val", "plain", "plaintext", "clear", "cleartext", "raw", "new", "old", "current", "next", "previous",
    "text", "string", "str", "data", "prod", "production", "dev", "test", "staging", "stage", "live", "sandbox",
    "main", "primary", "secondary", "default", "base64", "b64", "hex", "api", "admin", "root", "user", "app", "db",
    "server", "client", "here", "v1", "v2", "initial", "inicial", "iniziale", "initiales", "start", "temporary", "temp", "neu", "neues", "nouveau", "nuevo", "nueva", "nuova",
];

/// How files are called that a dotted name may be.
#[rustfmt::skip]
pub(super) const ENDING: &[&str] = &[
    "java", "py", "js", "ts", "jsx", "tsx", "go", "rs", "rb", "php", "cs", "kt", "cpp", "cc", "h", "hpp", "json",
    "yml", "yaml", "xml", "html", "txt", "md", "log", "sh", "sql", "vue", "swift", "scala", "exe", "dll", "so",
    "pem", "crt", "conf", "cfg", "ini", "toml", "mjs", "cjs", "pm", "pl", "c", "png", "svg", "css", "scss", "rst",
    "gz", "zip", "jar", "ps1", "bat", "tf", "lua", "ex", "exs", "erl", "dart", "gradle", "properties", "lock",
    "jpg", "jpeg", "gif", "pdf", "docx", "xlsx", "pptx", "xls", "doc", "mp4", "7z", "rar", "tgz", "bak", "csv",
    "tsv", "eml", "msg", "ics", "heic", "webp", "webm", "p12", "pfx", "jks", "kdbx", "keytab", "pub", "asc", "gpg",
    "msi", "msu", "iso", "deb", "rpm", "apk", "dmg", "pkg", "whl", "img", "bin", "cab", "jsp", "aspx", "cshtml",
    "razor", "parquet", "sqlite", "db", "wasm", "map", "ipynb", "tex", "po", "pot", "resx", "plist", "reg", "inf",
    "sys", "lnk", "srv", "service", "socket", "timer",
];

/// Holds sentences together: no list of words for wallets has it (BIP 39).
#[rustfmt::skip]
pub(super) const FUNCTION: &[&str] = &[
    "the", "and", "for", "are", "was", "were", "has", "have", "had", "not", "but", "your", "their", "our", "his",
    "her", "its", "with", "from", "these", "those", "which", "how", "why", "could", "should", "would", "into",
    "been", "being", "than", "there", "does", "der", "die", "das", "und", "ist", "nicht", "mit", "den", "dem",
    "ein", "eine", "sich", "auch", "wird", "sie", "wenn", "les", "des", "une", "que", "qui", "pour", "dans", "est",
    "pas", "vous", "votre", "sont", "los", "las", "una", "del", "con", "por", "gli", "che", "per", "della", "non",
    "uma", "não", "com", "het", "een", "van", "zijn", "niet", "met", "voor", "dat", "deze", "para", "sua", "seu",
    "você", "cuando", "quando", "quand", "diese", "dieser", "haben", "können", "werden", "kann", "questo", "questa",
    "suo", "anche", "essere", "leur", "cette", "avec", "kunt", "worden", "heeft", "als", "maar", "naar", "door",
];

/// An attribute of Set-Cookie, or a cookie that is a setting.
#[rustfmt::skip]
pub(super) const SETTING: &[&str] = &[
    "path", "domain", "expires", "max-age", "samesite", "priority", "version", "tz", "timezone", "lang", "locale",
    "theme", "currency", "density", "consent", "country", "region",
];

/// A core of a term that other words hold all day (`keyboard`, `design`).
#[rustfmt::skip]
pub(super) const SHORT: &[&str] = &[
    "tan", "pat", "sid", "pin", "key", "otp", "puk", "psk", "mdp", "cvv", "cvc", "pw", "ww", "code", "cle", "salt",
    "auth",
];

/// A term of secrets that programs print and reports name all day (`--- PASS: TestRefresh`, `credentials: KeyError`).
pub(super) const ABBREVIATION: &[&str] = &["pass", "pw", "ww", "cred", "creds", "credential", "credentials"];

/// An element of HTML and of settings in XML that says what comes next (`</th>`, `</b>`, `</key>`).
#[rustfmt::skip]
pub(super) const WORDING_TAG: &[&str] = &[
    "th", "td", "dt", "dd", "b", "strong", "label", "key", "name", "em", "i", "span", "p", "div", "li", "code",
    "string", "font", "u", "h1", "h2", "h3", "h4", "small", "a", "mark", "n", "title", "legend", "field", "param",
];

/// An element of HTML inside a line (living standard, 4.5): `pass<b>word</b>` reads `password`.
#[rustfmt::skip]
pub(super) const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "big", "code", "color", "del", "em", "font", "i", "ins", "kbd", "mark", "nobr", "noformat",
    "nowiki", "s", "samp", "size", "small", "span", "strong", "sub", "sup", "tt", "u", "var", "wbr",
];

/// Letters of other scripts that look like one of ours, in order. A word that mixes them with ours is written to be
/// overlooked.
#[rustfmt::skip]
pub(crate) const LOOK_ALIKES: &[(char, char)] = &[
    ('ı', 'i'), ('ſ', 's'), ('ɑ', 'a'), ('ɡ', 'g'), ('ɢ', 'g'), ('ɩ', 'i'), ('ɪ', 'i'), ('ɴ', 'n'), ('ʀ', 'r'),
    ('ʏ', 'y'), ('ʟ', 'l'), ('Α', 'A'), ('Β', 'B'), ('Ε', 'E'), ('Ζ', 'Z'), ('Η', 'H'), ('Ι', 'I'), ('Κ', 'K'),
    ('Μ', 'M'), ('Ν', 'N'), ('Ο', 'O'), ('Ρ', 'P'), ('Τ', 'T'), ('Υ', 'Y'), ('Χ', 'X'), ('α', 'a'), ('γ', 'y'),
    ('ε', 'e'), ('η', 'n'), ('ι', 'i'), ('κ', 'k'), ('ν', 'v'), ('ο', 'o'), ('ρ', 'p'), ('τ', 't'), ('υ', 'u'),
    ('χ', 'x'), ('ω', 'w'), ('Ѕ', 'S'), ('І', 'I'), ('Ј', 'J'), ('А', 'A'), ('В', 'B'), ('Е', 'E'), ('З', 'Z'),
    ('К', 'K'), ('М', 'M'), ('Н', 'H'), ('О', 'O'), ('Р', 'P'), ('С', 'C'), ('Т', 'T'), ('У', 'Y'), ('Х', 'X'),
    ('а', 'a'), ('в', 'b'), ('г', 'r'), ('е', 'e'), ('к', 'k'), ('м', 'm'), ('н', 'h'), ('о', 'o'), ('п', 'n'),
    ('р', 'p'), ('с', 'c'), ('т', 't'), ('у', 'y'), ('х', 'x'), ('ь', 'b'), ('ѕ', 's'), ('і', 'i'), ('ј', 'j'),
    ('ѵ', 'v'), ('һ', 'h'), ('ӏ', 'l'), ('ԁ', 'd'), ('Ԍ', 'G'), ('Ԛ', 'Q'), ('ԛ', 'q'), ('Ԝ', 'W'), ('ԝ', 'w'),
    ('հ', 'h'), ('ո', 'n'), ('ս', 'u'), ('ց', 'g'), ('օ', 'o'), ('ᴀ', 'a'), ('ᴄ', 'c'), ('ᴅ', 'd'), ('ᴇ', 'e'),
    ('ᴋ', 'k'), ('ᴏ', 'o'), ('ᴘ', 'p'), ('ᴛ', 't'), ('ᴠ', 'v'), ('ᴡ', 'w'), ('ᴢ', 'z'), ('ꜱ', 's'),
];

/// Names of characters (HTML living standard, 13.5) that mean something to a rule.
#[rustfmt::skip]
pub(crate) const NAMED: &[(&[u8], char)] = &[
    (b"quot;", '"'), (b"QUOT;", '"'), (b"apos;", '\''), (b"amp;", '&'), (b"AMP;", '&'), (b"lt;", '<'),
    (b"gt;", '>'), (b"nbsp;", ' '), (b"shy;", '\u{ad}'), (b"zwnj;", '\u{200c}'), (b"zwj;", '\u{200d}'),
    (b"ZeroWidthSpace;", '\u{200b}'), (b"Tab;", '\t'), (b"NewLine;", '\n'), (b"colon;", ':'), (b"semi;", ';'),
    (b"comma;", ','), (b"equals;", '='), (b"excl;", '!'), (b"num;", '#'), (b"dollar;", '$'), (b"percnt;", '%'),
    (b"ast;", '*'), (b"plus;", '+'), (b"sol;", '/'), (b"bsol;", '\\'), (b"commat;", '@'), (b"lowbar;", '_'),
    (b"quest;", '?'), (b"lbrace;", '{'), (b"rbrace;", '}'), (b"lcub;", '{'), (b"rcub;", '}'), (b"lsqb;", '['),
    (b"rsqb;", ']'), (b"lpar;", '('), (b"rpar;", ')'), (b"period;", '.'), (b"hyphen;", '-'), (b"dash;", '-'),
    (b"Hat;", '^'), (b"grave;", '`'), (b"verbar;", '|'), (b"vert;", '|'),
];

/// A type of code whose values are texts (`let token: String =`).
#[rustfmt::skip]
pub(super) const TEXT_TYPE: &[&str] = &[
    "string", "str", "char", "text", "any", "bytes", "varchar", "string?", "optional<string>", "option<string>",
    "optional[str]", "[]byte",
];

/// What stands before the last of several.
pub(super) const CONJUNCTIONS: &[&str] = &[
    "and", "or", "und", "oder", "et", "ou", "y", "o", "u", "e", "ed", "en", "of", "then", "dann", "puis", "luego",
    "poi",
];
