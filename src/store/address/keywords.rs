//! The keyword form of an address: `host=h1,h2 port=5432 dbname='my db' target_session_attrs=read-write`, as in the
//! PostgreSQL manual, section 34.1.1.1.

use std::{iter::Peekable, str::Chars};

use super::Pairs;

/// What to do about an address that cannot be read. Nothing of the address is in it.
pub(super) const QUOTE: &str = "it is keyword=value, with blanks between; a value with blanks or quotation marks stands in \
    '…', with a backslash before each ' and \\";

/// Reads all of it.
pub(super) fn read(text: &str) -> Result<Pairs, String> {
    let mut rest = text.chars().peekable();
    let mut pairs = Pairs::new();
    loop {
        skip_blanks(&mut rest);
        if rest.peek().is_none() {
            return Ok(pairs);
        }
        let mut name = String::new();
        while let Some(c) = rest.next_if(|c| *c != '=' && !c.is_ascii_whitespace()) {
            name.push(c);
        }
        skip_blanks(&mut rest);
        if rest.next() != Some('=') || name.is_empty() {
            return Err(format!("a keyword has no `=`: {QUOTE}"));
        }
        skip_blanks(&mut rest);
        pairs.push((name, value(&mut rest)?));
    }
}

fn skip_blanks(rest: &mut Peekable<Chars<'_>>) {
    while rest.next_if(char::is_ascii_whitespace).is_some() {}
}

fn value(rest: &mut Peekable<Chars<'_>>) -> Result<String, String> {
    let quoted = rest.next_if_eq(&'\'').is_some();
    let mut value = String::new();
    loop {
        match rest.peek() {
            Some('\'') if quoted => {
                rest.next();
                return Ok(value);
            }
            None if quoted => return Err(format!("a quotation mark is not closed: {QUOTE}")),
            None => return Ok(value),
            Some(c) if !quoted && c.is_ascii_whitespace() => return Ok(value),
            Some('\\') => {
                rest.next();
                value.extend(rest.next());
            }
            Some(_) => value.extend(rest.next()),
        }
    }
}
