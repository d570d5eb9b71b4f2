//! The rows, in the order in which they are asked. What is certain goes, what cannot be a secret stays, and then each
//! kind of
//! place and name says what it asks for; the last row leaves what nothing spoke for.

use super::row::Row;
use crate::facts::candidate::Claim::{
    self, Aligned, Argument, Assigned, Authorization, Below, Beside, Cell, Certain, CommandUser, Cookie, Entry, Format,
    Login, Parameter, Pattern, Scheme, Sentence, UrlPassword, UrlUser, Vendor,
};
use crate::facts::list::Fact as F;

/// Values beside a name.
const NAMED: &[Claim] = &[Assigned, Below, Beside];
/// Where a word is only a word.
const WORDY: &[Claim] = &[Assigned, Below, Beside, Cell, Login, UrlPassword, Authorization, Vendor, Pattern];
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
        .shown(&["process.env.SECRET_NAME ?? \"badge-printer/smtp\"; password=«hunter2»", "login bob pass=«4711» fail again"], &["level=warn msg=\"secret nearly expired\" secret=smtp-relay days_left=6", "password=tests/test_policy.py::test_min_length", "test result: pass=212 fail=3 skip=4", "{\"stats\":{\"pass\":\"212\",\"fail\":\"3\"}}", "suite;pass;fail\nlogin;212;3\ncart;98;0\n"]),
    Row::take("certain", &[Certain], "the detector has read all of it")
        .shown(&["{\"data\": 1}\n-----BEGIN PRIVATE KEY-----\n«MIIEvQIBADANBgkqhkiG9w0BAQEFAASC»\n-----END PRIVATE KEY-----"], &["-----BEGIN CERTIFICATE-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END CERTIFICATE-----"]),
    Row::leave("what-it-opens", &[Sentence], "what the password is for").all(&[F::Opened])
        .shown(&["Das Passwort für Einkauf2 ist «Tulip!harbor77», bitte", "the password for «Tulip!harbor77» please"], &["Wo finde ich das Passwort für Einkauf2?", "Waar vind ik het wachtwoord voor Magazijn2?"]),
    Row::take("sentence", &[Sentence], "the words around it have enough points").all(&[F::Announced]).not(&[F::Standard])
        .shown(&["My password is «Tulip!harbor77», please reset it.", "We put you on «7Hdu#Gl2x&Rn» until you are back"], &["My password is wrong, please reset it.", "Mot de passe Office365 oublié"]),
    Row::leave("made-up", &[Format, Pattern, Vendor], "documentation shows such a token").any(&[F::Dummy])
        .shown(&["token ghp_«q8Zt4RwK2mQ7xLp0Vb6Nw7Yt4RwK2mQ7xLp0»"], &["ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"]),
    Row::close("sealed", &[Assigned], "only the cluster that it was sealed for can open it").all(&[F::Sealed])
        .shown(&["    password: «AgBq8Zt4RwK2mQ7xLp0Vb6N»"], &["encryptedData:\n    password: AgBq8Zt4RwK2mQ7xLp0Vb6Nq8Zt4RwK2mQ7xLp0Vb6Nq8Zt4RwK2mQ7xLp0Vb6Nq8Zt4RwK2mQ7xLp0Vb6Nq8Zt4RwK2mQ7xLp0Vb6Nq8Zt4RwK2mQ7xLp0Vb6N"]),
    Row::leave("source-code", NAMED, "code, help, or cut short").any(&[F::Source, F::Usage, F::Cut, F::Compared, F::Masked, F::Constant])
        .shown(&["{\"secret\": \"«9fK2mQ7xLp0Zt4Rw»\"}"], &["-p, --password PASSWORD   the password", "f({...e,password:t})", "password: Zeroizing<String>"]),
    Row::leave("list-of-names", &[Assigned], "a name among names").any(&[F::Listed, F::OfManager]).not(&[F::Chosen])
        .shown(&[], &["['app_id', 'region', 'password', 'tenant_id']"]),
    Row::take("api-key", &[Assigned], "the text speaks of an API and of a key in figures of sixteen").all(&[F::ApiKey])
        .shown(&["calling the Ambee API with Key=«9f3c1b7a52d84e60b1c9d2e3f4a5b6c7»"], &["cache Key=9f3c1b7a52d84e60b1c9d2e3f4a5b6c7"]),
    Row::leave("placeholder", FILLED, "stands in for a secret").any(&[F::Placeholder])
        .shown(&["password=«changeIt7!now»"], &["password=${DB_PASSWORD}", "{\"password\": \"********\"}"]),
    Row::leave("one-character", NAMED, "nothing but a password is so short").any(&[F::Short]).not(&[F::OfPassword])
        .shown(&[], &["secret=7"]),
    Row::leave("short-value", NAMED, "names like this one have short values all day").all(&[F::TooShort]).not(&[F::Strong])
        .shown(&[], &["\"key\": \"started_at\""]),
    Row::take("weak-password", NAMED, "a name that may mean a password, and a value that looks like one").all(&[F::OfPassword, F::Chosen]).not(&[F::Strong])
        .shown(&["clave: «Kikker.Dak.12»"], &["clave: la de siempre"]),
    Row::take("weak-key", NAMED, "a name that may mean a key, and a value that a machine made").any(&[F::WeakHex, F::WeakRandom]).not(&[F::Strong, F::OfPassword, F::OfCode])
        .shown(&["key=«q8Zt4RwK2mQ7xLp0Vb6N»"], &["key=4bf92f3577b34da6a3ce929d0e0e4736"]),
    Row::leave("weak-name", NAMED, "the name alone says too little").not(&[F::Strong])
        .shown(&[], &["\"key\": \"invoices.started_at\""]),
    Row::take("quoted-phrase", NAMED, "words in quotation marks behind a flag or an equals sign").all(&[F::QuotedPhrase])
        .shown(&["password='«Ebb and Fl0w»'"], &["password = 'must not be empty'"]),
    Row::leave("reference", NAMED, "says where it lies, or is encrypted").any(&[F::Reference, F::Encrypted])
        .shown(&[], &["spring.datasource.password={cipher}a79312bb04cd", "rootpw --lock"]),
    Row::leave("measure", NAMED, "a measure or a version").any(&[F::Measure, F::Version])
        .shown(&["password=«6hours!x»"], &["reset_password_after = 6.hours", "\"password-strength-token\": \"1.3.0-2\""]),
    Row::leave("word-for-it", NAMED, "a word for it, what a form asks for, the name of a standard or a group").any(&[F::Asked, F::Answer, F::Translation, F::Role, F::Example, F::Standard])
        .shown(&[], &["\"password\": \"Contraseña\"", "Kennwort_wechsel=nein", "\"api_keys\": \"admins-only\""]),
    Row::leave("code", NAMED, "code").any(&[F::Code])
        .shown(&["password=«blue_sky.rain7»"], &["Credential = Get-Credential", "{\"token\": \"query.token?.trim()\"}"]),
    Row::leave("bare-list", NAMED, "an argument that is no text").all(&[F::Comma]).not(&[F::Quoted])
        .shown(&[], &["login(\"password\", value)"]),
    Row::take("famous-word", NAMED, "words that are passwords as well").all(&[F::StopWord, F::Assign, F::OfPassword, F::Famous]).not(&[F::Spaced])
        .shown(&["password=«secret»"], &["password = default"]),
    Row::leave("word", WORDY, "a word of sentences").any(&[F::StopWord, F::Answer])
        .shown(&[], &["password=required", "Kennwort: Pflichtfeld, mindestens 10 Zeichen", "Passwort: vgl. Anhang 2", "User;Passwort;Status\njdoe;abgelaufen;gesperrt\nmmei;gültig;aktiv\n"]),
    Row::leave("title", NAMED, "a title: what a page shows").all(&[F::Title])
        .shown(&[], &["\"changecredentials-submit\": \"Remover credenciais\""]),
    Row::take("passphrase", NAMED, "several words that are no message").all(&[F::Words, F::Passphrase])
        .shown(&["password: \"«kettle runs over nine hills»\""], &["password: \"Enter your password\""]),
    Row::leave("message", NAMED, "a message").all(&[F::Words])
        .shown(&[], &["\"password\": \"must not be empty\""]),
    Row::leave("variable", NAMED, "a variable called like what it holds").any(&[F::Variable])
        .shown(&[], &["password = newPassword", "token: authToken"]),
    Row::leave("no-password", NAMED, "counts, accounts, captions, places").all(&[F::OfPassword]).any(&[F::Count, F::Account, F::Caption, F::Path])
        .shown(&["pass=«14s!x»"], &["pass=14 of=16", "pass 41/43"]),
    Row::take("short-name-bound", NAMED, "pass and pw, tied so that nothing else can follow").all(&[F::OfPassword, F::Abbreviated, F::Bound])
        .shown(&["pw=«sunshine»"], &["pass: twelve"]),
    Row::leave("short-name", NAMED, "pass and pw mean other things too").all(&[F::OfPassword, F::Abbreviated])
        .shown(&[], &["pass: twelve"]),
    Row::take("password-tied", NAMED, "a password and a tie that only values follow").all(&[F::OfPassword]).any(&[F::Assign, F::Entry, F::Element, F::Flag]).not(&[F::Dash])
        .shown(&["password=«hunter2»", "{\"password\": \"«hunter2»\"}", "--password «hunter2»"], &["password="]),
    Row::take("password-quoted", NAMED, "a password in quotation marks").all(&[F::OfPassword, F::Quoted]).any(&[F::Colon, F::Comma])
        .shown(&["password: \"«hunter»\""], &["password: \"\""]),
    Row::take("password-given", NAMED, "a password that looks like one, or is all that stands there").all(&[F::OfPassword]).any(&[F::Chosen, F::Given])
        .shown(&["password: «hunter2Xy!»"], &["Password: only for administrators"]),
    Row::take("figures", NAMED, "a code and its figures").all(&[F::OfCode, F::Figures])
        .shown(&["otp=«482913»"], &["otp=email"]),
    Row::take("key-alone", NAMED, "a key behind a colon, and nothing else").all(&[F::OfSecret, F::Bare, F::KeyAlone])
        .shown(&["api_key: «q8Zt4RwK2mQ7»"], &["api_key: the one that you were sent"]),
    Row::leave("no-key", NAMED, "no key: a word behind a colon, a place, a label").all(&[F::OfSecret]).any(&[F::Bare, F::Path, F::Label, F::Dash, F::Tiny])
        .shown(&[], &["api_key: production", "secret=prod/mail/relay", "secret=ci/builder-token-x7k2p"]),
    Row::take("key", NAMED, "a key and a tie").all(&[F::OfSecret])
        .shown(&["api_key=«q8Zt4RwK2mQ7xLp0»"], &["api_key="]),
    Row::leave("no-token", NAMED, "no token: a colour, a count, an object, a beginning").all(&[F::OfToken]).any(&[F::Begun, F::Colour, F::Counted, F::Object])
        .shown(&[], &["--token-primary: #0a7f5a", "token=glcbt-64", "token: com.apple.xpc.activity/4505"]),
    Row::take("token-number", NAMED, "a token of figures").all(&[F::OfToken, F::Number, F::LongNumber])
        .shown(&["token=«81234507»"], &["token=812"]),
    Row::take("token-alone", NAMED, "a token behind a colon, and nothing else").all(&[F::OfToken, F::Bare, F::TokenAlone]).not(&[F::Number])
        .shown(&["token: «q8Zt4RwK2m»"], &["token: expired yesterday"]),
    Row::leave("bare-token", NAMED, "a word or a number behind a colon, a place, a time").all(&[F::OfToken]).any(&[F::Bare, F::Number, F::Time])
        .shown(&["token: «q8Zt4RwK2m»"], &["token=812", "token: elevation", "token=2024-05-01"]),
    Row::take("token", NAMED, "a token and a tie").all(&[F::OfToken, F::TokenLike])
        .shown(&["token=«q8Zt4RwK2m»"], &["token=bearer"]),
    Row::leave("no-cell", &[Cell, Entry], "no value of a table").any(&[F::NoCell])
        .shown(&["user,password\nbob,«Sommer7»\n"], &["| user | password |\n|---|---|\n| bob | at least eight letters |"]),
    Row::take("aligned-cell", &[Aligned], "a cell below its heading, and it looks like a secret").all(&[F::Chosen])
        .shown(&["USER    PASSWORD\nbob     «Sommer-2026!x»\n"], &["USER    PASSWORD\nbob     unknown\n"]),
    Row::leave("no-argument", &[Argument, Login], "ids, ports, other flags, places").any(&[F::Figured, F::OtherFlag, F::Dash])
        .shown(&[], &["docker run -u 1000:1000 busybox", "influx -username telegraf -port 8086"]),
    Row::take("login", &[Login], "a user and a password behind a flag").any(&[F::Announced, F::Chosen])
        .shown(&["curl -u bob:«sunshine» https://example.org"], &["date -u +%H:%M"]),
    Row::take("user-token", &[CommandUser, UrlUser], "where only the user stands, it may be the token").any(&[F::UserLike, F::LongHex])
        .shown(&["https://«q8Zt4RwK2mQ7xLp0Vb6N»@example.org/x"], &["https://bob@example.org/x"]),
    Row::leave("url-words", &[UrlPassword], "what belongs there, in words").all(&[F::Named])
        .shown(&["https://bob:«sunshine»@example.org/"], &["https://usuario:contraseña@example.org/"]),
    Row::take("parameter", &[Parameter], "a parameter of a URL whose name means a secret").all(&[F::Strong]).not(&[F::StopWord])
        .shown(&["https://example.org/?access_token=«abcdef12»"], &["https://example.org/?access_token=none"]),
    Row::take("parameter-like", &[Parameter], "a parameter of a URL that looks like a secret").all(&[F::ParameterLike])
        .shown(&["https://example.org/?code=«q8Zt4RwK2mQ7xLp0Vb6N»&state=1"], &["https://example.org/?code=404&state=1"]),
    Row::take("authorization", &[Authorization], "credentials of a header").all(&[F::Credential]).not(&[F::HeaderName])
        .shown(&["Authorization: Custom «q8Zt4RwK2m»"], &["Authorization: required"]),
    Row::take("scheme", &[Scheme], "a token behind the name of a scheme").all(&[F::SchemeLike]).not(&[F::Everyday])
        .shown(&["sent Bearer «q8Zt4RwK2mQ7xLp0Vb6N» to it"], &["sent Bearer tokens to it"]),
    Row::leave("preference", &[Cookie], "a setting, or a cookie that is taken away").any(&[F::Preference, F::Emptied])
        .shown(&["Cookie: theme=dark; sid=«q8Zt4RwK2mQ7»"], &["Cookie: banner=dismissed"]),
    Row::take("vendor", &[Vendor], "a machine's value behind the name of a vendor").any(&[F::Random, F::HexKey, F::MixedKey]).not(&[F::Public, F::Monotone])
        .shown(&["campayn key «9f3c1b7a52d84e60b1c9d2e3f4a5b6c7»"], &["campayn key management", "campayn evt_1NirD82eZvKYlo2CIvbtLWuY"]),
    Row::take("pattern", &[Pattern], "looks as its rule asks").all(&[F::AsAsked])
        .shown(&["login: bob / «Hunter2!x»"], &["login: bob / see below"]),
    Row::take("whatever-stands-there", WHOLE, "whatever stands there is the secret")
        .shown(&["mysql -p«sunshine» shop"], &[]),
    Row::leave("nothing-spoke-for-it", ALL, "nothing spoke for it")
        .shown(&[], &["token=elevation"]),
];
