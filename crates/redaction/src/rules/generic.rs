//! Rules that know no vendor: named values, headers, URLs, command lines, sentences.
//!
//! The rows before [`crate::facts::label::Label`]'s end stand in its order; a test holds that.

use crate::detect::{assign, bearers, blocks, commands, kubernetes, recovery, sentences, urls, vendors};
use crate::lexicon::vendor_names::{NAMES, WORDY};
use crate::rules::table::Find::{Label, Scan};
use crate::rules::table::Rule;

#[rustfmt::skip]
pub(in crate) const RULES: &[Rule] = &[
    Rule { id: "private-key", about: "PEM, OpenSSH and PGP private keys, whole or cut off", find: Scan(blocks::edge, &["-----begin", "-----end"]),
        goes: &["-----BEGIN RSA PRIVATE KEY-----\n«MIIEow{b60}\n{b64}»\n-----END RSA PRIVATE KEY-----", "key: \"-----BEGIN PRIVATE KEY-----\\n«MIIE{b60}»\\n-----END PRIVATE KEY-----\\n\""],
        stays: &["-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG\n-----END CERTIFICATE-----", "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----"] },
    Rule { id: "putty-key", about: "PuTTY private key lines", find: Scan(blocks::putty, &["private-lines:"]),
        goes: &["Private-Lines: 1\n«{b64}»\nPrivate-MAC: {h40}"], stays: &["Private-Lines: see the manual"] },
    Rule { id: "jwt", about: "JSON Web Tokens, also cut off", find: Scan(bearers::jwt, &["eyj"]),
        goes: &["got «eyJhbGciOiJIUzI1NiJ9.eyJ{w40}.{w43}» back"], stays: &["eyJ is how a token begins", "keyJoin.of.two"] },
    Rule { id: "authorization", about: "credentials after Bearer, Basic and other schemes", find: Scan(bearers::scheme, &["bearer", "basic ", "negotiate ", "ntlm ", "apikey ", "dpop ", "sharedkey ", "genie", "sso-key ", "token token="]),
        goes: &["Authorization: Bearer «{A32}»", "sent basic «dXNlcjpodW50ZXIyMg==» by mistake"],
        stays: &["Authorization: required", "bearer authentication failed", "basic authentication is off", "Basic instructions"] },
    Rule { id: "cookie", about: "values of Cookie and Set-Cookie headers", find: Label,
        goes: &["Cookie: theme=dark; sid=«{A26}»", "Set-Cookie: session=«{A26}»; Path=/; HttpOnly"], stays: &["Cookie: required", "cookie policy: strict"] },
    Rule { id: "url-password", about: "user information in URLs", find: Scan(urls::authority, &["://", "%3a%2f%2f", ":\\/\\/"]),
        goes: &["postgres://app:«hunter2»@db/app", "https://«{A40}»@git.example.com/x.git"], stays: &["https://example.com:8080/a@b", "ssh://git@github.com/o/r", "see http://localhost:3000/@scope/pkg"] },
    Rule { id: "url-signature", about: "signatures and codes in URL parameters", find: Label,
        goes: &["https://x.example/a?X-Amz-Signature=«{h64}»&x=1", "https://x.blob.core.windows.net/c?sv=1&sig=«{A40}%3D»"], stays: &["https://x.example/?code=404", "https://x.example/?sig=1"] },
    Rule { id: "password", about: "a value under a name that means password", find: Scan(assign::on_name, crate::lexicon::cores::CORES),
        goes: &["password=«hunter2»", "DB_PASSWORD: «summer»", "{\\\"password\\\":\\\"«x y»\\\"}", "--password «hunter2»", "<password>«hunter2»</password>", "password:\n  «hunter2»"],
        stays: &["password is invalid", "password: required", "password=${DB_PASSWORD}", "password=***", "password_policy: strict", "password: null", "password_changed_at: 2024-05-01"] },
    Rule { id: "secret", about: "a value under a name that means secret or secret key", find: Label,
        goes: &["client_secret=«{A20}»", "x-api-key: «{A24}»", "aws_secret_access_key = «{b40}»"], stays: &["secret_name: db-creds", "public_key: {A24}", "key: value"] },
    Rule { id: "token", about: "a value under a name that means token", find: Label,
        goes: &["token=«{A20}»", "\"access_token\": \"«{A20}»\""], stays: &["token_count: 5", "max_tokens: 4096", "token expired at 10:00", "unexpected token: identifier"] },
    Rule { id: "session", about: "session ids under their usual names", find: Label,
        goes: &["JSESSIONID=«{U32}»", "session_id: «{A26}»"], stays: &["session expired", "session: new"] },
    Rule { id: "one-time-code", about: "PINs and one-time codes that are named as such", find: Label,
        goes: &["your verification code is «482913»", "otp=«482913»", "PIN: «4821»"], stays: &["status code is 404", "error code: 50013", "exit code 137", "the code is fine"] },
    Rule { id: "stated-secret", about: "a sentence that states a secret", find: Scan(sentences::wake, redaction_score::WAKES),
        goes: &["Zum Entpacken brauchen Sie «Nordwand*12», bitte", "shared account (svc_build / «Cobalt!Otter5») and", "He puesto «Albaricoque_63» tal como lo tengo", "punch in «4481#» on the side door", "al citofono digitare «81B5» e attendere", "it does not take calvin. It takes «R740xd-Loft».", "am Hintereingang «1973B» eingeben, dann rechts",
            "the password is «Hunter2!»", "das Passwort lautet «Sommer2024»", "le mot de passe est «Ete-2024!»", "la contraseña es «Verano2024»", "I reset my password to «Winter#24»", "we put you on «7Hdu#Gl2x&Rn» until you are back", "the vendor made an account with «B4rry-needs-in!», disabled again"],
        stays: &["Authenticator 6.2419 shows 3 accounts", "the zip was called Report-2024.", "log in with Office365", "we tried Windows-11 and Exchange2019", "enter 5432 as the port", "type 4711 in the search box", "use TLSv1.2 and AES256-GCM", "im Feld Port 8443 eingeben",
            "the password is required", "password is too short", "das Passwort ist falsch", "contact the author of the password policy", "we&#39;ve sent 100&nbsp;MB of it, see End-User_[^9] and [doc@faq1-11]", "a quadratic expansion, O(n^2), until 5*time.Second is over", "die PKCS#8-Datei konnte nicht gelesen werden"] },
    Rule { id: "recovery-phrase", about: "wallet recovery phrases that are named as such", find: Scan(recovery::phrase, &["wallet", "ledger", "trezor", "metamask", "bip39", "bip-39", "portafoglio", "portefeuille", "monedero", "carteira", "billetera", "phrase", "mnemonic", "seed", "twelve words", "12 words", "24 words", "dodici parole", "douze mots", "doce palabras", "zwölf wörter", "doze palavras", "twaalf woorden", "semilla", "sement", "mnem", "wiederherstellungs", "recovery", "backup code", "récupération", "recuperaci", "recupero", "herstel", "recupera"]),
        goes: &["seed phrase: «abandon ability able about above absent absorb abstract absurd abuse access accident»", "these are the twelve words: «ribbon lunar ozone fiction hamster castle nephew tilt oyster cruel vivid meadow»"],
        stays: &["the recovery phrase has twelve words", "recovery codes are shown once"] },
    Rule { id: "command-line", about: "credentials in command line flags", find: Scan(commands::command_line, crate::lexicon::commands::KEYWORDS),
        goes: &["curl -u admin:«hunter2» https://x.example", "mysql -uroot -p«hunter2» shop", "sshpass -p «hunter2» ssh host"], stays: &["docker run -u 1000:1000 x", "mkdir -p build/out", "ps -u root"] },
    Rule { id: "encoded-secret", about: "a secret inside base64 or percent-encoding", find: Label,
        goes: &["data: «cGFzc3dvcmQ9aHVudGVyMmh1bnRlcjI=»", "x=«%70assword%3Dhunter2hunter2»"], stays: &["data: VGhpcyBpcyBqdXN0IGEgc2VudGVuY2Uu"] },
    Rule { id: "kubernetes-secret", about: "data of a Kubernetes Secret", find: Scan(kubernetes::secret, &["kind: secret", "kind: \"secret\"", "kind: 'secret'", "kind\": \"secret", "kind\":\"secret"]),
        goes: &["kind: Secret\ndata:\n  ca: «c29tZXRoaW5nZWxzZQ==»\n"], stays: &["kind: SecretStore\ndata:\n  ca: c29tZXRoaW5nZWxzZQ==\n"] },
    Rule { id: "aws-secret", about: "the secret beside an AWS access key id", find: Scan(bearers::aws_pair, &["akia", "asia"]),
        goes: &["AKIA{U16} «{A40}»"], stays: &["asia pacific"] },
    Rule { id: "vendor-value", about: "a value that looks random beside the name of a vendor", find: Scan(vendors::value, NAMES),
        goes: &["cloudflare: \"«{A40}»\"", "heroku_value = '«{A36}»'", "campayn key «{h64}»", "codequiry-PRIVATE-«{h64}»"],
        stays: &["github: https://github.com/acme/site", "gitlab: 17.3.1", "slack: #support-eu", "stripe event id evt_1", "okta_client_id: 0a1b2c3d"] },
    Rule { id: "vendor-value-announced", about: "the same for vendors whose names are words", find: Scan(vendors::value, WORDY),
        goes: &["box-key = «{A32}»", "postman key «{A32}»"], stays: &["the box: {A32}", "daily key figures of 2024", "front key-value store"] },
];
