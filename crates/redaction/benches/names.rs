//! Secret-named keys, in every way of writing them, over every type of value.

use redaction::Redactor;
use serde_json::{Value, json};

/// Key names that mean a secret, in words.
pub const SECRET_NAMES: &[&str] = &[
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "passcode",
    "user password",
    "db password",
    "database password",
    "admin password",
    "smtp password",
    "root password",
    "new password",
    "old password",
    "password hash",
    "secret",
    "client secret",
    "app secret",
    "shared secret",
    "webhook secret",
    "secret key",
    "signing secret",
    "consumer secret",
    "otp secret",
    "token",
    "access token",
    "refresh token",
    "id token",
    "auth token",
    "session token",
    "bearer token",
    "csrf token",
    "api token",
    "personal access token",
    "deploy token",
    "bot token",
    "api key",
    "apikey",
    "x api key",
    "stripe api key live",
    "private key",
    "ssh private key",
    "encryption key",
    "signing key",
    "master key",
    "account key",
    "shared access key",
    "storage key",
    "access key",
    "secret access key",
    "license key",
    "credential",
    "credentials",
    "client credentials",
    "authorization",
    "proxy authorization",
    "cookie",
    "set cookie",
    "session id",
    "sessionid",
    "pin",
    "otp",
    "totp",
    "cvv",
    "verification code",
    "recovery code",
    "backup codes",
    "jwt",
    "mnemonic",
    "seed phrase",
    "passwort",
    "kennwort",
    "mot de passe",
    "contraseña",
    "senha",
    "wachtwoord",
];

/// Key names that only talk about one.
pub const HARMLESS_NAMES: &[&str] = &[
    "token count",
    "tokens used",
    "max tokens",
    "token type",
    "token url",
    "token endpoint",
    "secret name",
    "password policy",
    "password changed at",
    "password expires at",
    "has password",
    "key id",
    "public key",
    "primary key",
    "cache key",
    "author",
    "authority",
    "authentication",
    "keyboard",
    "passport",
    "compass",
    "secretary",
    "password length",
    "password reset url",
    "token expiry",
    "is secret",
    "status code",
    "error code",
    "country code",
    "monkey",
    "mapping",
    "shipping",
    "tokenizer",
    "session count",
    "cookie policy",
    "key",
    "code",
    "partition key",
    "idempotency key",
    "input tokens",
    "completion tokens",
    "password attempts",
    "requires password",
    "design",
    "description",
];

/// The ways of writing a name of several words.
pub fn spellings(name: &str) -> Vec<String> {
    let words: Vec<&str> = name.split(' ').collect();
    let capital = |word: &&str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
    };
    let pascal: String = words.iter().map(capital).collect();
    let camel = format!("{}{}", words[0], words[1..].iter().map(capital).collect::<String>());
    let train = words.iter().map(capital).collect::<Vec<_>>().join("-");
    let title = words.iter().map(capital).collect::<Vec<_>>().join(" ");
    let snake = words.join("_");
    vec![
        snake.to_uppercase(),
        words.join("-"),
        words.join("."),
        name.to_uppercase(),
        format!("my_{snake}"),
        format!("{snake}_prod"),
        format!("app.{snake}"),
        snake,
        pascal,
        camel,
        train,
        title,
    ]
}

/// A value of every type.
pub fn values() -> Vec<Value> {
    vec![
        json!("hunter"),
        json!("x y z"),
        json!(12345),
        json!(1.5),
        json!(true),
        json!(["a", 1]),
        json!({"a": {"b": "c"}}),
    ]
}

/// Prints the table.
pub fn print(redactor: &Redactor) {
    let (mut all, mut gone) = (0, 0);
    for name in SECRET_NAMES.iter().flat_map(|name| spellings(name)) {
        for value in values() {
            let cleaned = redactor.json(json!({ name.clone(): value.clone() }));
            let left = cleaned.value.as_object().and_then(|members| members.values().next().cloned());
            all += 1;
            let replaced = left.is_some_and(|left| {
                left.as_str().is_some_and(|text| text.starts_with("[redacted:") && text.ends_with(']'))
            });
            gone += usize::from(replaced);
            if !replaced && std::env::var_os("SHOW").is_some() {
                println!("  KEPT {name}: {value}");
            }
        }
    }
    let (mut calm, mut harmed) = (0, 0);
    for name in HARMLESS_NAMES.iter().flat_map(|name| spellings(name)) {
        for value in [json!("strict"), json!(5), json!(true), json!(["a"])] {
            let before = json!({ name.clone(): value });
            calm += 1;
            let changed = redactor.json(before.clone()).value != before;
            harmed += usize::from(changed);
            if changed && std::env::var_os("SHOW").is_some() {
                println!("  HARMED {before}");
            }
        }
    }
    println!(
        "secret-named keys x spellings x types: {gone} of {all} replaced; names that only talk about one: {harmed} of {calm} changed\n"
    );
}
