//! The word lists behind the decisions: what means secret, what only talks about one.
//!
//! All entries are lower case with accents folded away (`contraseña` is `contrasena`),
//! because that is how [`crate::lexicon::names`] reads a name.

use Kind::{Auth, Code, Cookie, Password, Secret, Session, Signature, Token};

/// What sort of secret a name announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Password,
    Secret,
    Token,
    Session,
    Cookie,
    Auth,
    Code,
    Signature,
}

/// A term that makes a name secret, its kind, and whether any value under it goes.
pub(crate) type Term = (&'static str, Kind, bool);

#[rustfmt::skip]
/// Terms; several words are written as one (`apikey` also reads `api_key`, `API Key`).
pub(crate) const TERMS: &[Term] = &[
    ("password", Password, true), ("passwd", Password, true), ("passwrd", Password, true),
    ("pasword", Password, true), ("passwort", Password, true), ("passworter", Password, true),
    ("pwd", Password, true), ("pswd", Password, true), ("psw", Password, true),
    ("passphrase", Password, true), ("kennw", Password, true), ("mdepasse", Password, true), ("psswd", Password, true), ("pswrd", Password, true), ("psword", Password, true), ("psswrd", Password, true), ("pssword", Password, true), ("paswd", Password, true), ("paswrd", Password, true), ("paasword", Password, true), ("passworsd", Password, true), ("pasphrase", Password, true), ("micontra", Password, true), ("pasguord", Password, true),  ("passcode", Password, true), ("pass", Password, true),
    ("pw", Password, true), ("ww", Password, true), ("passw", Password, true), 
    ("kennwort", Password, true), ("losungswort", Password, true), ("zugangscode", Code, true),
    ("motdepasse", Password, true), ("motsdepasse", Password, true), ("mdp", Password, true),
    ("motdepass", Password, true), ("phrasedepasse", Password, true), ("phrasesecrete", Password, true),
    ("contrasena", Password, true), ("contrasenya", Password, true), ("contrasinal", Password, true),
    ("contrasenia", Password, true), ("senha", Password, true), ("palavrapasse", Password, true),
    ("parola", Password, false),
    ("paroladordine", Password, true), ("paroladiaccesso", Password, true),
    ("paroladaccesso", Password, true), ("codicesegreto", Password, true), ("claveacceso", Password, true),
    ("clavedeacceso", Password, true), ("clavesecreta", Secret, true), ("clave", Password, false),
    ("wachtwoord", Password, true), ("wachtwoorden", Password, true), ("wachtzin", Password, true), ("chiavewpa", Password, true), ("clavewpa", Password, true), ("clewpa", Password, true), ("wpaschlussel", Password, true), ("wpasleutel", Password, true), ("wachtwoordzin", Password, true), ("fraseclave", Password, true), ("frasedecontrasena", Password, true), ("frasesecreta", Password, true), ("frasesegreta", Password, true), ("frasedaccesso", Password, true), ("passsatz", Password, true), ("kennsatz", Password, true),
    ("toegangscode", Code, true), ("losenord", Password, true), ("passord", Password, true),
    ("adgangskode", Password, true), ("haslo", Password, true), ("hasło", Password, true), ("losenordet", Password, true), ("passordet", Password, true), ("adgangskoden", Password, true), ("wachtwoordje", Password, true), ("admincode", Code, true), ("heslo", Password, true),
    ("salasana", Password, true), ("sifre", Password, true), ("jelszo", Password, true),
    ("credential", Password, true), ("credentials", Password, true), ("cred", Password, true),
    ("creds", Password, true), ("requirepass", Password, true), ("masterauth", Password, true),
    ("bindpw", Password, true), ("rootpw", Password, true), ("adminpw", Password, true),
    ("userpw", Password, true), ("dbpw", Password, true), ("authpass", Password, true),
    ("userpass", Password, true), ("dbpass", Password, true), ("rootpass", Password, true),
    ("adminpass", Password, true), ("mysqlpass", Password, true), ("sshpass", Password, true),
    ("ftppass", Password, true), ("smtppass", Password, true), ("keypass", Password, true),
    ("storepass", Password, true), ("mailpass", Password, true), ("pgpass", Password, true),
    ("proxypass", Password, false), ("vaultpass", Password, true), ("becomepass", Password, true),
    ("loginpass", Password, true), ("wifipass", Password, true), ("redispass", Password, true),
    ("secret", Secret, true), ("secreto", Secret, true), ("segreto", Secret, true),
    ("segredo", Secret, true), ("geheimnis", Secret, true),
    ("lizenzschlussel", Secret, true), ("aktivierungsschlussel", Secret, true), ("produktschlussel", Secret, true), ("sicherheitsschlussel", Secret, true), ("wiederherstellungsschlussel", Secret, true),
    ("netzwerkschlussel", Secret, true), ("wifisleutel", Password, true), ("netwerksleutel", Password, true), ("chiavewifi", Password, true), ("clavewifi", Password, true), ("clewifi", Password, true), ("chavewifi", Password, true), ("chavedarede", Password, true), ("clavedered", Password, true), ("clavemaestra", Password, true), ("chiavedirete", Password, true), ("clereseau", Password, true), ("wlanpasswort", Password, true), ("clavedelwifi", Password, true), ("chiavedelwifi", Password, true), ("cleduwifi", Password, true), ("wlanschlussel", Password, true), ("wpa2key", Password, true), ("wlankey", Password, true), ("wlanpsk", Password, true), ("wifipsk", Password, true), ("clelicence", Secret, true), ("cledelicence", Secret, true), ("clavedelicencia", Secret, true), ("chavedelicenca", Secret, true), ("chiavedilicenza", Secret, true), ("licentiesleutel", Secret, true),
    ("codedacces", Code, true), ("codepin", Code, true), ("codesecret", Code, true), ("clavedewifi", Password, true), ("geheim", Secret, true),
    ("geheimschlussel", Secret, true), ("geheimerschlussel", Secret, true),
    ("clesecrete", Secret, true), ("chavesecreta", Secret, true), ("chiavesegreta", Secret, true),
    ("geheimesleutel", Secret, true), ("apikey", Secret, true), ("apipassword", Password, true),
    ("apischlussel", Secret, true), ("apisleutel", Secret, true), ("cleapi", Secret, true),
    ("cledapi", Secret, true), ("clavedeapi", Secret, true), ("claveapi", Secret, true),
    ("chaveapi", Secret, true), ("chavedeapi", Secret, true), ("chavedaapi", Secret, true),
    ("chiaveapi", Secret, true), ("zugangsschlussel", Secret, true), ("zugriffsschlussel", Secret, true),
    ("clavedelapi", Secret, true), ("cledacces", Secret, true), ("clavedeacesso", Secret, true),
    ("chavedeacesso", Secret, true), ("chiavediaccesso", Secret, true), ("toegangssleutel", Secret, true),
    ("schlussel", Secret, false), ("sleutel", Secret, false), ("cle", Secret, false),
    ("chave", Secret, false), ("chiave", Secret, false), ("llave", Secret, false), ("key", Secret, false),
    ("privateschlussel", Secret, true), ("privaterschlussel", Secret, true), ("cleprivee", Secret, true),
    ("claveprivada", Secret, true), ("chaveprivada", Secret, true), ("chiaveprivata", Secret, true),
    ("accesskey", Secret, true), ("secretkey", Secret, true), ("secretaccesskey", Secret, true),
    ("privatekey", Secret, true), ("privkey", Secret, true), ("sshkey", Secret, false), ("encryptionkey", Secret, true),
    ("decryptionkey", Secret, true), ("enckey", Secret, true), ("masterkey", Secret, true), ("signingkey", Secret, true),
    ("signkey", Secret, true), ("accountkey", Secret, true), ("sharedaccesskey", Secret, true),
    ("sharedkey", Secret, true), ("storagekey", Secret, true), ("servicekey", Secret, true),
    ("serviceaccountkey", Secret, true), ("appkey", Secret, true), ("applicationkey", Secret, true),
    ("authkey", Secret, true), ("authenticationkey", Secret, true), ("hmackey", Secret, true),
    ("webhookkey", Secret, true), ("licensekey", Secret, true), ("licencekey", Secret, true),
    ("activationkey", Secret, true), ("productkey", Secret, true), ("serialkey", Secret, true),
    ("sessionkey", Secret, true), ("deploykey", Secret, true), ("rootkey", Secret, true),
    ("adminkey", Secret, true), ("consumerkey", Secret, true), ("subscriptionkey", Secret, true),
    ("functionkey", Secret, true), ("functionskey", Secret, true), ("cryptokey", Secret, true), ("aeskey", Secret, true),
    ("rsakey", Secret, false), ("presharedkey", Secret, true), ("psk", Password, true), ("wpapsk", Password, true), ("pepper", Secret, true), ("seed", Secret, false), ("totpseed", Secret, true), ("otpseed", Secret, true), ("integrationsschlussel", Secret, true), ("schnittstellenschlussel", Secret, true), ("chavedeativacao", Secret, true), ("clavedeactivacion", Secret, true), ("chiavediattivazione", Secret, true), ("cledactivation", Secret, true), ("activatiesleutel", Secret, true), ("productsleutel", Secret, true), ("clavedeproducto", Secret, true), ("clavedelproducto", Secret, true), ("chavedoproduto", Secret, true), ("cleproduit", Secret, true), ("codicelicenza", Secret, true), ("numerodelicence", Secret, true), ("validationkey", Secret, true), ("parolachiave", Password, false), ("palavrachave", Password, false),
    ("wpakey", Secret, true), ("wepkey", Secret, true), ("wifikey", Password, true), ("networkkey", Secret, true),
    ("integrationkey", Secret, true), ("ingestionkey", Secret, true), ("instrumentationkey", Secret, true),
    ("writekey", Secret, true), ("serverkey", Secret, true), ("unsealkey", Secret, true), ("recoverykey", Secret, true), ("saskey", Secret, true),
    ("clientkey", Secret, true), ("clientkeydata", Secret, true), ("tlskey", Secret, true), ("sslkey", Secret, true), ("cookiekey", Secret, true),
    ("jwtkey", Secret, true), ("cosmoskey", Secret, true), ("openaikey", Secret, true), ("stripekey", Secret, true),
    ("secretbase", Secret, true), ("mnemonic", Secret, true), ("seedphrase", Secret, true), ("recoveryphrase", Secret, true),
    ("backupphrase", Secret, true), ("walletphrase", Secret, true), ("privatekeydata", Secret, true),
    ("securityanswer", Secret, true), ("vaultkey", Secret, true), ("fernetkey", Secret, true), ("salt", Secret, false),
    ("hmac", Signature, false), ("signature", Signature, false), ("sig", Signature, false),
    ("secretphrase", Password, true), ("frasedepaso", Password, true), ("codigodeusounico", Code, true), ("passwordmonouso", Code, true), ("motdepasseausageunique", Code, true), ("contrasenadeunsolouso", Code, true), ("eenmaligwachtwoord", Code, true), ("senhadeusounico", Code, true),
    ("aktivierungscode", Secret, true), ("freischaltcode", Secret, true), ("lizenzcode", Secret, true), ("activatiecode", Secret, true), ("codedactivation", Secret, true), ("codigodeactivacion", Secret, true), ("codicediattivazione", Secret, true), ("codigodeativacao", Secret, true), ("activationcode", Secret, true), ("cpassword", Password, true), ("passhash", Password, true), ("token", Token, true), ("authtoken", Token, true), ("jeton", Token, true), ("jwt", Token, true), ("bearer", Token, true),
    ("accesstoken", Token, true), ("refreshtoken", Token, true), ("idtoken", Token, true), ("sessiontoken", Token, true),
    ("pat", Token, false), ("csrf", Token, false), ("xsrf", Token, false), ("routingkey", Token, false), ("aspxauth", Session, true), ("personalaccesstoken", Token, true), ("zugriffstoken", Token, true), ("zugangstoken", Token, true),
    ("toegangstoken", Token, true), ("nonce", Signature, false),
    ("sessionid", Session, true), ("sessid", Session, true), ("phpsessid", Session, true), ("jsessionid", Session, true), ("jsessionidsso", Session, true), ("secretid", Secret, false),
    ("session", Session, false), ("sess", Session, false), ("sid", Session, false), ("connectsid", Session, true),
    ("aspnetsessionid", Session, true), ("sitzungsid", Session, true), ("cookie", Cookie, true), ("setcookie", Cookie, true),
    ("ticket", Session, false), ("auth", Auth, false), ("authorization", Auth, true), ("authorisation", Auth, true),
    ("proxyauthorization", Auth, true), ("xauth", Auth, true), ("basicauth", Auth, true), ("httpauth", Auth, true),
    ("pin", Code, true), ("codicidirecupero", Code, true), ("codigosderecuperacao", Code, true), ("codicibackup", Code, true), ("pukcode", Code, true), ("codigodealarma", Code, true), ("codigodelaalarma", Code, true), ("codigodoalarme", Code, true), ("codedelalarme", Code, true), ("codicedellallarme", Code, true), ("codevandekluis", Code, true), ("tresorcode", Code, true), ("turoffnercode", Code, true), ("sleutelkastcode", Code, true), ("geheimzahl", Code, true), ("geheimnummer", Code, true), ("pincijfer", Code, true), ("digicode", Code, true), ("combinazione", Code, false), ("codici", Code, false), ("notfallcode", Code, true), ("combination", Code, false), ("combinaison", Code, false), ("combinacion", Code, false), ("combinacao", Code, false), ("kombination", Code, false), ("combinatie", Code, false), ("zahlenkombination", Code, true), ("safecode", Code, true), ("kluiscode", Code, true), ("alarmcode", Code, true), ("codigoderespaldo", Code, true), ("codicidibackup", Code, true), ("codigosderecuperacion", Code, true), ("ophaalcode", Code, true), ("afhaalcode", Code, true), ("abholcode", Code, true), ("codeausageunique", Code, true), ("codesderecuperation", Code, true), ("wiederherstellungscodes", Code, true), ("sicherungscode", Code, true), ("sperrcode", Code, true), ("entsperrcode", Code, true), ("pincodice", Code, true), ("pincode", Code, true), ("otp", Code, true), ("totp", Code, true), ("hotp", Code, true),
    ("otpcode", Code, true), ("facode", Code, true), ("wiederherstellungscode", Code, true), ("codederecuperacion", Code, true), ("codigoderecuperacion", Code, true), ("codicedirecupero", Code, true), ("codigoderecuperacao", Code, true), ("herstelcode", Code, true), ("codederecuperation", Code, true), ("codedesecours", Code, true), ("codigosms", Code, true), ("codicesms", Code, true), ("codeotp", Code, true), ("codigootp", Code, true), ("codiceotp", Code, true), ("codigopin", Code, true), ("codicepin", Code, true), ("eenmaligecode", Code, true), ("tancode", Code, true), ("turcode", Code, true), ("kenncode", Code, true), ("doorcode", Code, true), ("gatecode", Code, true), ("entrycode", Code, true), ("meetingpasscode", Code, true), ("fatoken", Code, true), ("mfatoken", Code, true), ("otptoken", Code, true), ("smstoken", Code, true), ("smstan", Code, true), ("mtan", Code, true), ("pushtan", Code, true), ("authenticatorcode", Code, true), ("authenticatortoken", Code, true), ("factorcode", Code, true), ("codesms", Code, true), ("codepuk", Code, true), ("fapin", Code, true), ("secretanswer", Secret, true), ("antwort", Secret, false), ("mfacode", Code, true), ("tfacode", Code, true), ("securitycode", Code, true),
    ("verificationcode", Code, true), ("authcode", Code, true), ("eppcode", Password, true), ("authinfo", Password, true), ("autorisatiecode", Password, true), ("verhuiscode", Password, true), ("transfercode", Password, true), ("codedetransfert", Password, true), ("autorisierungscode", Password, true), ("authorizationcode", Code, true), ("accesscode", Code, true),
    ("onetimecode", Code, true), ("onetimepassword", Code, true), ("onetimepasscode", Code, true), ("smscode", Code, true), ("logincode", Code, true),
    ("confirmationcode", Code, true), ("backupcode", Code, true), ("recoverycode", Code, true), ("resetcode", Code, true),
    ("unlockcode", Code, true), ("cvv", Code, true), ("cvc", Code, true), ("cvv2", Code, true), ("puk", Code, true), ("tan", Code, false),
    ("pairingcode", Code, true), ("devicecode", Code, true), ("einmalcode", Code, true), ("bestatigungscode", Code, true),
    ("sicherheitscode", Code, true), ("verifizierungscode", Code, true), ("einmalpasswort", Code, true), ("einmalkennwort", Code, true),
    ("codedeverification", Code, true), ("codedeconfirmation", Code, true), ("codedesecurite", Code, true), 
    ("codigodeverificacion", Code, true), ("codigodeseguridad", Code, true), ("codigodeacceso", Code, true), ("codigodeconfirmacion", Code, true),
    ("codicediverifica", Code, true), ("codicedisicurezza", Code, true), ("codicediconferma", Code, true), ("codicemonouso", Code, true),
    ("codigodeverificacao", Code, true), ("codigodeseguranca", Code, true), ("codigodeacesso", Code, true), ("codigodeconfirmacao", Code, true),
    ("verificatiecode", Code, true), ("beveiligingscode", Code, true), ("bevestigingscode", Code, true), ("inlogcode", Code, true),
    ("code", Code, false), ("codigo", Code, false), ("codice", Code, false),
];

#[rustfmt::skip]
/// Terms that are also read at the end of a longer word (`dbpassword`, `authtoken`).
pub(crate) const GLUED: &[&str] = &[
    "password", "passwd", "passwort", "kennwort", "passphrase", "passcode", "wachtwoord", "secret", "token",
    "apikey", "secretkey", "privatekey", "accesskey", "credential", "sessionid", "sessid", "cookie", "pwd",
    "motdepasse", "contrasena", "senha", "schlussel", "otp", "authorization",
];

#[rustfmt::skip]
/// Words after a term that make the name speak about a secret instead of holding one.
pub(crate) const TALKS_AFTER: &[&str] = &[
    "standard", "attribute", "attributes", "attribut", "atributo", "abfragen", "abfrage", "able", "memory", "kib", "parallelism", "threads", "aendern", "andern", "laeuft", "variable", "variables", "management", "function", "functions", "verify", "prefix", "suffix", "backend", "backends", "keeper", "mod", "del", "show", "find", "ls", "rm", "create", "revoke", "map",
    "left", "chars", "char", "within", "supported", "methods", "cipher", "ciphers", "bits", "rounds", "iterations", "ratio", "grace", "period", "cooldown", "delay", "backoff", "threshold", "cron", "schedule", "claim", "claims", "jwks", "discovery", "introspection", "revocation", "revoked", "blacklist", "blocklist", "denylist", "allowlist", "whitelist", "binding", "bound", "pos", "offset", "span", "col", "lexer", "sent", "resent", "delivered", "requested", "confirmed", "deleted",
    "seen", "loaded", "found", "unset", "configured", "match", "matches", "matched", "mismatch", "breached", "pwned", "leaked", "compromised", "color", "style", "css", "colors", "colour", "colours", "theme", "icon", "button", "btn", "toggle", "visibility", "autocomplete", "tooltip", "cleanup", "purge", "queue", "topic", "events", "hook", "hooks", "blank", "optional", "shown", "hidden", "masked", "since", "ago", "screen", "setup", "installer", "allowed", "forbidden", "encryption", "invalidated", "enforcement", "enforced", "comparison", "similarity", "dictionary", "words", "reuse", "reused", "batch", "iter",
    "verloopt", "expira", "scade", "ablauf", "lifespan", "life", "timespan", "minutes", "seconds", "hours", "query", "sql", "statement", "scanning", "scan", "scanner", "push", "alert", "alerts", "tonen", "anzeigen", "afficher", "mostrar", "mostra", "verplicht", "wrong", "falsch", "incorrect", "erneuert", "renewed", "issuance", "re", "rx", "regexp", "conferma", "confirm", "confirmation", "confirmar", "label", "titolo", "scaduta", "santa", "hashing", "hashers", "hasher", "module", "cmd", "command", "helpers", "protected", "inputs", "can", "valuefrom", "ssm", "maps", "maximo", "massimo", "massima", "maximal", "maximale", "maximaal", "dagen", "tage", "jours", "dias", "giorni", "geldig", "gueltig", "gultig", "valide", "valido", "validade", "validez", "gesetzt", "geandert", "geaendert", "am", "cambiado", "gewijzigd", "minima", "minimo", "minimale", "minimum", "mindestlange", "laenge", "lange", "longueur", "longitud", "lunghezza", "comprimento", "lengte", "maxima", "bron", "quelle", "source", "origen", "fonte", "duree", "duracion", "durata", "duur", "dauer", "age", "algorithm", "alg", "arn", "at", "attempt", "attempts", "audience", "auth", "authority", "available",
    "banner", "based", "box", "budget", "bucket", "bytes", "cache", "change", "changed", "changes", "charset", "check", "class", "column", "complexity",
    "consent", "consumed", "cost", "count", "counter", "created", "date", "day", "days", "deadline", "description", "diagnostics", "dialog",
    "digest", "dir", "directory", "disabled", "domain", "duration", "enabled", "encoding", "endpoint", "engine", "entropy", "error", "errors", "exchange",
    "exists", "expected", "expiration", "expire", "expired", "expires", "expiresat", "expiry", "exp", "field", "fields", "file", "filename", "files", "fingerprint",
    "flow", "folder", "forgot", "format", "generated", "generator", "grant", "handler", "header", "help", "hint", "history",
    "id", "identifier", "ids", "identity", "index", "info", "input", "interval", "invalid", "is", "issued", "issuer", "kind", "label", "last", "length", "len",
    "lifetime", "limit", "limits", "link", "list", "location", "lock", "locked", "login", "manager", "max", "mechanism", "message", "method", "metadata", "min", "missing", "mode", "model",
    "modified", "mount", "name", "namespace", "names", "needed", "note", "notice", "ok", "op", "operation", "option", "options", "owner",
    "page", "param", "parser", "path", "pattern", "per", "permission", "permissions", "picker", "placeholder", "policies", "policy", "position", "present", "price", "problem",
    "profile", "prompt", "protection", "provider", "providers", "quota", "rate", "reader", "reason", "ref", "reference", "refs", "refresh", "region", "regex", "remaining", "request", "requests", "required", "requirement", "requirements",
    "reset", "resets", "resource", "response", "result", "results", "rotated", "rotation", "rule", "rules", "samesite", "schema", "scheme", "scope", "scopes", "score", "secure", "service", "set", "setting", "settings", "size", "source",
    "spec", "stats", "state", "status", "store", "strategy", "strength", "success", "support", "tab", "template", "time", "timeout", "timestamp", "title", "total", "ttl",
    "type", "types", "unit", "until", "updated", "update", "uri", "url", "usage", "use", "used", "user", "username", "users", "valid", "validation", "validity",
    "verified", "version", "versions", "view", "visible", "window", "year", "through", "thru", "percent", "less", "izer", "httponly", "rotationdays",
    "stdin", "mgr", "processor", "encoder", "controller", "repository", "factory", "filter", "helper", "util", "utils", "validator", "form", "dto", "impl", "exception", "event", "listener", "middleware", "dialog", "component", "wrapper", "interceptor", "resolver", "checker", "holder", "builder", "entity", "accepted", "rejected", "failed", "failures", "retries", "retry", "ref", "refs", "selector", "consumption", "estimate", "tokenizer", "warning",
    "uebung", "richtlinie", "politique", "politica", "beleid", "anzahl", "nombre", "lange", "longueur", "alter", "vergessen", "oublie", "olvidada",
];

#[rustfmt::skip]
/// First words that make the name speak about a secret instead of holding one.
pub(crate) const TALKS_BEFORE: &[&str] = &[
    "palabra", "palabras", "palavra", "palavras", "parola", "lunghezza", "longueur", "longitud", "comprimento", "lengte", "laenge", "lange",
    "fastcgi", "uwsgi", "scgi", "grpc", "ask", "existing", "from", "external", "enter", "allow", "allowed", "allows", "avg", "average", "bad", "cached", "can", "completion", "count", "disable", "disabled", "disallow", "does", "enable", "enabled", "estimated",
    "expired", "forbid", "forgot", "forget", "forgotten", "get", "has", "have", "hide", "ignore", "input", "invalid", "is", "keep", "last", "lost", "max", "maximum", "mean", "min", "minimum",
    "missing", "must", "need", "needs", "no", "non", "null", "num", "number", "output", "p50", "p95", "p99", "prompt", "public", "pub", "reasoning", "remaining", "remember", "require",
    "required", "requires", "show", "skip", "sum", "supports", "total", "unexpected", "unknown", "use", "used", "uses", "visible", "wrong", "without", "n", "csp",
];

#[rustfmt::skip]
/// Words before `token` that say it is one of a text, a place in a list, a signal: a password or a key behind them is
/// one all the same.
pub(crate) const OTHER_TOKEN: &[&str] =
    &["page", "next", "eos", "bos", "pad", "stop", "cancellation", "sync", "continuation"];

#[rustfmt::skip]
/// Words before `key`, `code` and the like that say it is another kind of key or code.
pub(crate) const OTHER_KEY: &[&str] = &[
    "restore", "cache", "idempotency", "partition", "primary", "routing", "sort", "row", "foreign", "public", "host", "object", "s3", "dedup", "group", "bucket", "index", "search", "translation",
    "message", "map", "registry", "unique", "composite", "natural", "surrogate", "lookup", "hash", "range", "sharding", "shard", "hot", "arrow", "known", "issue", "project", "fact", "section", "storage",
    "exit", "status", "error", "return", "response", "http", "zip", "postal", "country", "language", "currency", "area", "source", "reason", "result", "op", "machine", "byte", "qr", "bar", "color", "colour", "char", "key", "event", "fault", "fehler", "statut", "erreur", "estado", "errore", "erro", "fout",
    "lang", "locale", "airport", "unicode", "close", "signal", "sql", "state", "oracle", "promo", "discount", "coupon", "voucher", "tracking", "order", "ticket", "product", "item", "job", "lock", "config", "setting", "property", "json", "yaml", "dictionary", "hkey", "sub", "last", "first", "next",
    "pkce", "websocket", "socket", "challenge", "exception", "diagnostic", "abort", "failure", "warning", "system",
];

#[rustfmt::skip]
/// The word before `pass` that says it is a filter, a ticket or a run.
pub(crate) const OTHER_PASS: &[&str] = &[
    "low", "high", "band", "boarding", "ski", "rail", "season", "travel", "parking", "render", "shader", "multi",
    "single", "forward", "backward",
];

#[rustfmt::skip]
/// Words behind a term that change nothing about what it holds: `password_value`, `token_prod`.
pub(crate) const OF_VALUE: &[&str] = &[
    "value", "val", "plain", "plaintext", "clear", "cleartext", "raw", "new", "old", "current", "next", "previous", "text", "string", "str", "data",
    "prod", "production", "dev", "test", "staging", "stage", "live", "sandbox", "main", "primary", "secondary", "default", "base64", "b64", "hex",
    "api", "admin", "root", "user", "app", "db", "server", "client", "here", "v1", "v2",
];

#[rustfmt::skip]
/// Words glued to a term that say what is done with it: `mailmypassword`, `removecredentials`.
pub(crate) const VERBS: &[&str] = &[
    "change", "remove", "reset", "remember", "mailmy", "forgot", "confirm", "retype", "repeat", "your", "enter", "lost", "recover",
];
