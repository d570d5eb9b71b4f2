//! What people write about their secrets without the words that announce one, and codes that are known by their groups.

use crate::redact::table::Find::{NearGrouped, NearMarked};
use crate::redact::table::{Rule, near};

#[rustfmt::skip]
pub(in crate::redact) const RULES: &[Rule] = &[
    Rule { id: "login-with", about: "what somebody logs in with", find: NearMarked(
        &["log in", "logs in", "logged in", "login", "sign in", "signed in", "get in", "got in", "anmelde", "anmeldung", "einlogg", "eingelogg", "inlog", "aanmeld", "connecter", "connecte", "connexion", "acceder", "accedere", "accedo", "entrar", "entrare", "entro", "iniciar ses"],
        r#"(?i)(?:log(?:s|ged)?[ -]?in|sign(?:ed)?[ -]?in|g[eo]t in|anmeld\w*|ein(?:ge)?logg\w*|inlog\w*|aanmeld\w*|connect\w*|connexion|acced\w*|entr(?:ar|are|o)|iniciar sesi\S+)[^\n]{0,60}?\s(?:with|mit|avec|con|com|met|as|als|and|und|et|y|e|en|/)\s+(?:\S{1,60}\s+(?:/|and|und|et|y|e|en)\s+)?(?P<secret>[^\s"'`<>()\[\]]{8,40}?)[.,;:!?]?(?:\s|$)"#),
        goes: &["She can get in with «Tulip!harbor77» until Friday", "Sign in with m.lindqvist / «Sommarstuga#1987»\n"], stays: &["log in with OAuth2.0 or Office365", "login with Windows-10 and Chrome"] },
    Rule { id: "logged-in-with", about: "the same where the verb comes last", find: NearMarked(&["anmelden", "einloggen", "inloggen", "aanmelden"],
        r#"(?:mit|met)\s+(?P<secret>[^\s"'`<>()\[\]]{8,40})\s+(?:anmelden|einloggen|inloggen|aanmelden)"#),
        goes: &["kannst dich mit «rotkohl_Paul7» anmelden"], stays: &["mit Benutzer anmelden"] },
    Rule { id: "changed-to", about: "what something was reset to", find: NearMarked(&[" set ", "reset ", "changed ", "change it"],
        r#"(?i)(?:reset|changed?|set)(?: [^\s.,;:"]{1,20}){1,8}? to (?:["'`]|\xe2\x80\x9c|\xc2\xab ?)?(?P<secret>[^\s"'`,;()]{8,40}?)["'`.,;:!?\xe2\xc2]*(?:\s|$)"#),
        goes: &["I reset it this morning to «Winter-Garden88» and now", "The DBA set SYS to «Or4cle_Plum77» while testing"], stays: &["we changed it to version2", "set it to eu-west-1 please", "we reset the server to Exchange-2019"] },
    near("spoken-code", "one-time codes, further on in the text", &["usage unique", "one-time", "one time", "einmal", "solo uso", "uso único", "uso unico", "eenmalig", "verification code", "vérification", "verificaci", "verifica", "verifizierung", "bestätigungs", "confirmation code", "sms code", "authenticator"],
        r"(?i)(?:usage unique|one[- ]time|einmal|solo uso|uso .{1,2}nico|eenmalig|verification code|vérification|verificaci|verifica|verifizierung|bestätigungs|confirmation code|sms code|authenticator)[^\n]{0,90}?(?:[:=]|\b(?:is|was|ist|war|est|es|era|fue|lautet|luidt)\b|était|è|é)\s*(?:le |el |il |o |the |de |die )?(?P<secret>\d{6}|\d{3}[ -]\d{3})\b",
        &["un code à usage unique. Le dernier reçu : «902746», saisi trois fois"]),
    near("spoken-pin", "PINs, further on in the sentence", &["pin ", "pin."],
        r"(?i)\bpin\b(?:[^\n.]{0,80}?(?:\b(?:is|ist|lautet|est|es|was|war|luidt)|è|é)|[^\n]{0,80}?\b(?:habe|entered|typed|tried|enter|type|saisi|tap.{1,2}|puse|meto|digitei|digitato|inserito|ingevoerd))\s+(?:le |el |il |o |the |de |die |ihn |als )?(?P<secret>\d{4,8})\b",
        &["Le code PIN de la carte affaires est le «4927», mais"]),
    near("recovery-code", "recovery codes by their groups", &["recovery code", "backup code", "backup-code", "wiederherstellungscode", "code de secours", "codes de secours", "codes de récup", "code de récup", "de recuperaci", "di recupero", "di backup", "de recupera", "herstelcode", "scratch code"],
        r"(?s)(?i:recovery|backup|wiederherstell|secours|récup|recuper|herstel|scratch).{0,200}?(?:^|[^A-Za-z0-9-])(?P<secret>[0-9a-f]{5}-[0-9a-f]{5}|[013-9][0-9]{3}-[0-9]{4}(?:-[0-9]{4}){0,2})(?:$|[^A-Za-z0-9-])",
        &["these are the recovery codes I have left\n\n«67ce7-6a8b0»"]),
    Rule { id: "grouped-code", about: "codes and seeds in groups of four", find: NearGrouped(&["recovery code", "backup code", "wiederherstellungscode", "de secours", "de récup", "de recuperaci", "di recupero", "de recupera", "herstelcode", "setup key", "einrichtungsschl", "secret key", "clé de config", "clave de config", "chiave di config", "app password", "app-passwort", "authenticator"],
        r"(?i:recovery|backup|wiederherstell|secours|récup|recuper|herstel|setup key|einrichtung|secret key|config|app.passwor[dt]|authenticator)[^=]{0,160}?(?:^|[^A-Za-z0-9-])(?P<secret>[a-z0-9]{4}(?:[ -][a-z0-9]{4}){2,12}|[A-Z0-9]{4}(?:[ -][A-Z0-9]{4}){2,12})(?:$|[^A-Za-z0-9-])"),
        goes: &["typed the setup key by hand: «6vg2 ezlh hyjq 7m6u ha7f yaax yydr ylwf».", "herstelcode is «ho3p nt8j ohbt wosk», maar"], stays: &["the setup key will only work when they scan"] },
    near("bitlocker", "recovery keys of encrypted disks", &["bitlocker", "recovery key", "wiederherstellungsschl", "clé de récup", "clave de recuper", "chiave di ripr", "herstelsleutel", "chave de recuper"],
        r"(?:^|[^0-9-])(?P<secret>\d{6}(?:-\d{6}){7})(?:$|[^0-9-])",
        &["BitLocker asks: «381942-117656-604120-290378-551969-042746-698863-174009»"]),
    near("wallet-words", "twelve words and more beside the word wallet", &["wallet", "ledger", "trezor", "metamask", "bip39", "bip-39"],
        r"(?s)(?i:wallet|ledger|trezor|metamask|bip-?39).{0,240}?(?:[:(]|\n)\s*(?P<secret>(?:(?:\d{1,2}[.)]\s?)?[a-z]{3,8}[ ,\n]+){11,23}[a-z]{3,8})(?:$|[^a-z])",
        &["Restoring the wallet fails. The words in order: «ribbon lunar ozone fiction hamster castle nephew tilt oyster cruel vivid meadow»."]),
    near("smtp-challenge", "what answers the question for a password in SMTP", &["ugfzc3dvcmq6"],
        r"UGFzc3dvcmQ6[^\n]{0,8}\n[^A-Za-z0-9+/\n]{0,12}(?:C: ?)?(?P<secret>[A-Za-z0-9+/]{4,}={0,2})",
        &["<- 334 UGFzc3dvcmQ6\n-> «VHVtYmxld2VlZF8zNkZx»\n"]),
    near("authenticator-file", "the seed in a file of google-authenticator", &["google_authenticator"],
        r"google_authenticator[^\n]{0,40}\n\s*(?P<secret>[A-Z2-7]{16,64})\s",
        &["# ~/.google_authenticator\n«DH32JEGDNAHOARA436CTKJQLHM»\n\" TOTP_AUTH"]),
    near("char-array", "passwords written into Java", &["tochararray"],
        r#""(?P<secret>[^"\n]{4,80})"\s*\.toCharArray\(\)"#,
        &["ks.load(in, \"«Parsnip_Vault1»\".toCharArray());"]),
    near("cisco-plain", "passwords of network devices, not encrypted", &["password 0 ", "secret 0 ", "key 0 ", "key-string "],
        r"(?i)(?:(?:password|secret|key) 0|key-string) (?P<secret>[^\s]{4,80})",
        &["ppp chap password 0 «Tern_Chalk5»"]),
];
