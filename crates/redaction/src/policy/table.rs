//! The rows, in the order in which they are asked. What is certain goes, what cannot be a secret stays, and then each
//! kind of place and name says what it asks for; the last row leaves what nothing spoke for.

use super::row::Row;
use crate::facts::candidate::Claim::{
    self, Aligned, Argument, Assigned, Authorization, Below, Beside, Cell, Certain, CommandUser, Cookie, Entry, Format,
    Login, Parameter, Pattern, Scheme, Sentence, UrlPassword, UrlUser, Vendor,
};
use crate::facts::list::Fact as F;

/// Values beside a name.
const NAMED: &[Claim] = &[Assigned, Below, Beside];
/// Where a word is only a word.
const WORDY: &[Claim] =
    &[Assigned, Below, Beside, Cell, Login, UrlPassword, Authorization, Cookie, Parameter, Vendor, Pattern];
/// Where a placeholder may stand.
const FILLED: &[Claim] = &[
    Assigned,
    Below,
    Beside,
    Cell,
    Entry,
    Argument,
    Login,
    UrlPassword,
    Parameter,
    Authorization,
    Scheme,
    Cookie,
    Vendor,
    Pattern,
];
/// Where whatever stands there is the secret.
const WHOLE: &[Claim] = &[Format, Cell, Entry, Argument, UrlPassword, Cookie];
const ALL: &[Claim] = &[
    Certain,
    Sentence,
    Format,
    Pattern,
    Assigned,
    Below,
    Beside,
    Entry,
    Cell,
    Aligned,
    Argument,
    Login,
    CommandUser,
    UrlPassword,
    UrlUser,
    Parameter,
    Authorization,
    Scheme,
    Cookie,
    Vendor,
];

#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    Row::leave("said-to-be-none", ALL, "the text around says what else it is").any(&[F::Denied, F::Tallied])
        .shown(&["process.env.SECRET_NAME ?? \"badge-printer/smtp\"; password=«hunter2»", "login bob pass=«4711» fail again"], &["test result: pass=212 fail=3 skip=4", "{\"stats\":{\"pass\":\"212\",\"fail\":\"3\"}}", "suite;pass;fail\nlogin;212;3\ncart;98;0\n", "level=warn msg=\"secret nearly expired\" secret=smtp-relay days_left=6", "last 5 characters of the product key: 6VVFR"]),
    Row::take("certain", &[Certain], "the detector has read all of it")
        .shown(&["{\"data\": 1}\n-----BEGIN PRIVATE KEY-----\n«MIIEvQIBADANBgkqhkiG9w0BAQEFAASC»\n-----END PRIVATE KEY-----"], &["-----BEGIN CERTIFICATE-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END CERTIFICATE-----"]),
    Row::leave("what-it-opens", &[Sentence], "what the password is for, what an object is called, or a sentence in base64").all(&[F::Opened])
        .shown(&["Das Passwort für Einkauf2 ist «Tulip!harbor77», bitte", "the password for «Tulip!harbor77» please"], &["I nearly reported the hostname Gr4nite-Owl_02 as a leak in our security round.", "Waar vind ik het wachtwoord voor Magazijn2?", "$ helm upgrade p ./chart --set smtp.user=robot --set smtp.existingSecret=smtp-Passerelle3\nError", "binaryData:\n  secret-santa.txt: d2hvIGdpdmVzIHRvIHdob20gaXMgZHJhd24gb24gNiBEZWNlbWJlcg==\nkind: ConfigMap"]),
    Row::take("sentence", &[Sentence], "the words around it have enough points").all(&[F::Announced]).not(&[F::Standard])
        .shown(&["We put you on «7Hdu#Gl2x&Rn» until you are back"], &["My password is wrong, please reset it.", "Mot de passe Office365 oublié"]),
    Row::leave("made-up", &[Format, Pattern, Vendor], "documentation shows such a token").any(&[F::Dummy])
        .shown(&["token ghp_«q8Zt4RwK2mQ7xLp0Vb6Nw7Yt4RwK2mQ7xLp0»"], &["ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"]),
    Row::leave("source-code", NAMED, "code, help, a mask in words, or cut short").any(&[F::Member, F::Letter, F::Cut, F::Masked])
        .shown(&["{\"secret\": \"«9fK2mQ7xLp0Zt4Rw»\"}"], &["\"format\": \"password\", \"minLength\": 8", "api_key=sk_test_... in the file", "secret=[AWS SECRET KEY]"]),
    Row::leave("placeholder", FILLED, "stands in for a secret").any(&[F::Placeholder])
        .shown(&["password=«changeIt7!now»"], &["password=${DB_PASSWORD}", "{\"password\": \"********\"}", "spring.datasource.password={cipher}a79312bb04cd", "{\"signing_secret\": \"whk_****************9f\"}", "X-Vault-Token=hmac-sha256:b41e9304baa5fe0681f88e6e8ba83bd2d9edfc9e67d96631d0f07499ac00114a", "apiKey: pk_live_51jAChc6YDF6UfWYSF5goDLFZO"]),
    Row::take("weak-password", NAMED, "a name that may mean a password, and a value that looks like one").all(&[F::OfPassword, F::Chosen]).not(&[F::Strong])
        .shown(&["clave: «Kikker.Dak.12»"], &["clave: la de siempre"]),
    Row::take("weak-key", NAMED, "a name that may mean a key, and a value that a machine made").all(&[F::WeakRandom]).not(&[F::Strong])
        .shown(&["key=«q8Zt4RwK2mQ7xLp0Vb6N»"], &["key=4bf92f3577b34da6a3ce929d0e0e4736"]),
    Row::leave("weak-name", NAMED, "the name alone says too little").not(&[F::Strong])
        .shown(&[], &["\"key\": \"invoices.started_at\""]),
    Row::leave("reference", NAMED, "says where it lies, or is another flag").any(&[F::Reference])
        .shown(&[], &["rootpw --lock", "PWD=/home/bob/src"]),
    Row::leave("version", NAMED, "a version").any(&[F::Version])
        .shown(&["password=«6hours!x»"], &["\"passwd\": \"1:4.13+dfsg1-1+b1\""]),
    Row::leave("word-for-it", &[Assigned, Below, Beside, UrlPassword], "a word for it, or the name of a standard").any(&[F::Translation, F::Standard, F::Example])
        .shown(&[], &["-p, --password PASSWORT   Das Passwort", "\"password\": \"Contraseña\"", "token=oauth2", "https://usuario:contraseña@example.org/"]),
    Row::leave("code", NAMED, "code").any(&[F::Code])
        .shown(&["password=«blue_sky.rain7»", "smtp_pass = «Fahrstuhl-Halle»", "Mot de passe : «Menhir-Obelix»"], &["Credential = Get-Credential", "$password = Read-Host -AsSecureString", "password: getpw($who)"]),
    Row::leave("bare-list", NAMED, "an argument that is no text").all(&[F::Comma]).not(&[F::Quoted])
        .shown(&[], &["login(\"password\", value)"]),
    Row::take("famous-word", NAMED, "words that are passwords as well").all(&[F::OfPassword, F::Assign, F::Famous])
        .shown(&["password=«secret»"], &["password = default"]),
    Row::leave("word", WORDY, "a word of sentences").any(&[F::StopWord])
        .shown(&[], &["password=required", "Kennwort: Pflichtfeld, mindestens 10 Zeichen", "Passwort: vgl. Anhang 2", "User;Passwort;Status\njdoe;abgelaufen;gesperrt\nmmei;gültig;aktiv\n", "Set-Cookie: sid=deleted; Path=/", "{\"cle_api\": \"masquée\"}", "api_key=maskiert"]),
    Row::take("passphrase", NAMED, "several words that are no message").all(&[F::Words, F::Passphrase])
        .shown(&["password: \"«kettle runs over nine hills»\""], &["password: \"Enter your password\""]),
    Row::leave("message", NAMED, "a message").all(&[F::Words])
        .shown(&[], &["\"password\": \"must not be empty\""]),
    Row::leave("variable", NAMED, "a variable called like what it holds").any(&[F::Variable])
        .shown(&[], &["password = newPassword", "token: authToken"]),
    Row::leave("no-password", NAMED, "counts, captions and places").all(&[F::OfPassword]).any(&[F::Count, F::Abbreviated, F::Caption, F::Path])
        .shown(&["pass=«14s!x»"], &["pass=14 of=16", "pass: twelve", "password: /etc/openvpn/login.txt"]),
    Row::take("password-tied", NAMED, "a password in quotation marks, or a tie that only values follow").all(&[F::OfPassword]).any(&[F::Assign, F::Entry, F::Element, F::Flag, F::Quoted])
        .shown(&["password=«hunter2»", "{\"password\": \"«hunter2»\"}", "--password «hunter2»", "password: \"«hunter»\""], &["password=", "password: \"\""]),
    Row::take("password-given", NAMED, "a password that looks like one, or is all that stands there").all(&[F::OfPassword]).any(&[F::Chosen, F::Given, F::Joined])
        .shown(&["password: «hunter2Xy!»", "3. Password used at last login: «molar_molar_mint»\n4. Browser: Edge", "Contraseña actual: «Marmitako-Bermeo»\nMensaje: no entra", "WLAN\tHof\nPasswort\t«Fahrstuhl-Halle»", "Model            RUT956\nAdmin password   «Umbr3lla.fig»\n"], &["Password: only for administrators", "Password sent to: team-infra", "Password for user: jdoe-admin", "Contraseña cambiada por: soporte"]),
    Row::take("figures", NAMED, "a code and its figures").all(&[F::OfCode]).any(&[F::Figures, F::Joined])
        .shown(&["otp=«482913»", "Telefon-PIN für Rückfragen: «61834»\nAnliegen: x", "Zugangscode: «Kranbahn-Nord»"], &["otp=email", "PIN für Kundennummer: 20418", "Access code: Valid-Until", "Passwort\tReset-Link"]),
    Row::take("token-number", NAMED, "a token of figures").all(&[F::OfToken, F::Number, F::Long]).not(&[F::Count])
        .shown(&["token=«81234507»"], &["token=812"]),
    Row::take("bare-key", NAMED, "a key or a token behind a colon, and nothing else").all(&[F::Bare, F::Alone, F::Keyish]).any(&[F::OfSecret, F::OfToken])
        .shown(&["api_key: «q8Zt4RwK2mQ7»", "token: «q8Zt4RwK2m»"], &["api_key: the one that you were sent", "token: expired yesterday"]),
    Row::leave("no-key", NAMED, "a word behind a colon, a place, a number").all(&[F::Strong]).any(&[F::Bare, F::Path, F::Role, F::Number])
        .shown(&[], &["api_key: production", "secret=prod/mail/relay", "token=812"]),
    Row::take("key", NAMED, "a key and a tie").all(&[F::OfSecret])
        .shown(&["api_key=«q8Zt4RwK2mQ7xLp0»"], &["api_key="]),
    Row::take("token", NAMED, "a token and a tie").all(&[F::OfToken]).any(&[F::Figured, F::Keyish])
        .shown(&["token=«q8Zt4RwK2m»"], &["token=bearer"]),
    Row::leave("no-cell", &[Cell], "a sentence in a table").any(&[F::Prose])
        .shown(&["user,password\nbob,«Sommer7»\n"], &["| user | password |\n|---|---|\n| bob | at least eight letters |"]),
    Row::take("aligned-cell", &[Aligned], "a cell below its heading, and it looks like a secret").all(&[F::Chosen])
        .shown(&["USER    PASSWORD\nbob     «Sommer-2026!x»\n"], &["USER    PASSWORD\nbob     unknown\n"]),
    Row::leave("no-argument", &[Argument], "a port, or another flag").any(&[F::Port, F::OtherFlag])
        .shown(&["mysql -p«8080x!» shop"], &["mosquitto_pub -h mq -p 8883", "influx -username telegraf -port 8086"]),
    Row::take("login", &[Login], "a user and a password behind a flag").any(&[F::Announced, F::Chosen])
        .shown(&["curl -u bob:«sunshine» https://example.org"], &["date -u +%H:%M"]),
    Row::take("user-token", &[CommandUser, UrlUser], "where only the user stands, it may be the token").any(&[F::Random])
        .shown(&["https://«q8Zt4RwK2mQ7xLp0Vb6N»@example.org/x"], &["https://bob@example.org/x"]),
    Row::take("parameter", &[Parameter], "a parameter of a URL whose name means a secret, or that looks like one").any(&[F::Strong, F::ParameterLike])
        .shown(&["https://example.org/?access_token=«abcdef12»", "https://example.org/?code=«q8Zt4RwK2mQ7xLp0Vb6N»&state=1"], &["https://example.org/?code=404&state=1"]),
    Row::take("authorization", &[Authorization], "credentials of a header").all(&[F::Credential])
        .shown(&["Authorization: Custom «q8Zt4RwK2m»"], &["Authorization: required"]),
    Row::take("scheme", &[Scheme], "a token behind the name of a scheme").all(&[F::SchemeLike])
        .shown(&["sent Bearer «q8Zt4RwK2mQ7xLp0Vb6N» to it"], &["sent Bearer tokens to it"]),
    Row::leave("preference", &[Cookie], "a setting").any(&[F::Preference])
        .shown(&["Cookie: theme=dark; sid=«q8Zt4RwK2mQ7»"], &["Cookie: banner=dismissed"]),
    Row::take("vendor", &[Vendor], "a machine's value behind the name of a vendor").all(&[F::Random])
        .shown(&["campayn key «9f3c1b7a52d84e60b1c9d2e3f4a5b6c7»", "instamojo '«ZrGOAl9jlTlAKxw4hXZXeRmd6wvndEr2pX0fqDv2»' fails", "proxycrawl token = '«wjXKCFzOWEPRqhTmmbWtVQ»'"], &["campayn key management"]),
    Row::take("pattern", &[Pattern], "looks as its rule asks").all(&[F::AsAsked])
        .shown(&["login: bob / «Hunter2!x»"], &["login: bob / see below"]),
    Row::take("whatever-stands-there", WHOLE, "whatever stands there is the secret")
        .shown(&["mysql -p«sunshine» shop"], &[]),
    Row::leave("nothing-spoke-for-it", ALL, "nothing spoke for it")
        .shown(&[], &["token=elevation"]),
];
