//! `options`: settings of a session, as libpq passes them to the server on a command line (PostgreSQL manual, 34.1.2).
//! Here they are set after connecting, because a pool such as PgBouncer refuses them before.

use super::Pairs;

/// Reads `-c name=value`, `-cname=value` and `--name=value`; a backslash takes the meaning from the next character.
pub(super) fn read(text: &str) -> Result<Pairs, String> {
    let mut words = words(text).into_iter();
    let mut settings = Pairs::new();
    while let Some(word) = words.next() {
        let setting = if word == "-c" {
            words.next()
        } else {
            word.strip_prefix("--").or_else(|| word.strip_prefix("-c")).map(str::to_owned)
        };
        let setting = setting.as_deref().and_then(|setting| setting.split_once('='));
        let (name, value) = setting.ok_or("its options must be -c name=value or --name=value")?;
        settings.push((name.replace('-', "_"), value.to_owned()));
    }
    Ok(settings)
}

fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = None::<String>;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            _ if c.is_ascii_whitespace() => words.extend(word.take()),
            '\\' => word.get_or_insert_default().extend(rest.next()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}
