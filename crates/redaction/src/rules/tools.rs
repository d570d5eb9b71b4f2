//! Secrets in the arguments of tools and the files around them, where no name stands beside them. The last family: a vendor's
//! own row names a token first.

use crate::rules::table::{Rule, near};

#[rustfmt::skip]
pub(in crate) const RULES: &[Rule] = &[
    near("login-argument", "tokens behind the command that logs in", &["vault login", "cargo login", "wrangler login", "doctl auth init -t"],
        r#"(?:vault login|cargo login|wrangler login|doctl auth init -t)[ \t]+(?:--?[a-z-]+=[^\s]{1,60}[ \t]+){0,3}(?:token=)?(?P<secret>[^\s"'`<>${}-][^\s"'`<>]*[0-9][^\s"'`<>]{2,200})"#,
        &["vault login «Zq8x7Yw6Vt5Us4»", "$ cargo login «ciok{A32}»"]),
    near("curlrc-user", "user and password in a file of curl", &["user = \"", "user=\"", "user \"", "user: \""],
        r#"(?m)^[ \t]*(?:--)?(?:proxy-)?user[ \t]*[=: ][ \t]*"[^":\n]{1,80}:(?P<secret>[^"\n]{3,200})""#,
        &["user = \"alice:«Zq8x7Yw6Vt5Us4»\"", "proxy-user = \"ci:«quiet-Lagoon-7»\""]),
    near("bearer-flag", "tokens in the flag of curl", &["--oauth2-bearer"],
        r#"--oauth2-bearer(?:[ \t]+|=)["']?(?P<secret>[^\s"'<>$]{4,300})"#,
        &["curl --oauth2-bearer «correcthorsebattery» https://x.example"]),
    near("token-flag", "plain words behind a flag for a token", &["token ", "token="],
        r"(?:^|[\s])--(?:[a-z]{2,12}-){0,2}token(?:[ \t]+|=)(?P<secret>[a-z]{14,64})(?:[\s]|$)",
        &["tool --token «correcthorsebattery»", "tool --auth-token=«correcthorsebattery» run", "tool --access-token «correcthorsebattery»"]),
    near("poetry-config", "credentials in the commands of Poetry", &["poetry config"],
        r#"poetry config (?:http-basic\.[^\s]{1,60} [^\s]{1,80}|pypi-token\.[^\s]{1,60}) ["']?(?P<secret>[^\s"'<>$]{3,300})"#,
        &["poetry config http-basic.acme build «Zq8x7Yw6Vt5Us4»", "poetry config pypi-token.acme «quiet-Lagoon-7»"]),
    near("form-part", "the part of a form whose header names a secret (RFC 7578)", &["form-data"],
        r#"(?i)form-data;[^\n]{0,120}name=\\?"[^"\n]{0,40}(?:passw|passphrase|pwd|secret|token|api_?-?key)[^"\n]{0,40}"[^\n]{0,120}\n(?:[^\s][^\n]{0,200}\n){0,4}\r?\n(?P<secret>[^\s][^\r\n]{2,2000})"#,
        &["Content-Disposition: form-data; name=\"password\"\n\n«correcthorsebattery»\n--b--", "------b\r\nContent-Disposition: form-data; name=\"user_password\"\r\nContent-Type: text/plain\r\n\r\n«two words»\r\n------b--"]),
];
