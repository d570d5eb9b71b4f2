//! What stands where a value could, and is code or the rest of a sentence: detectors ask before they propose.

use crate::text::scan::{self, is_quote};
use crate::text::separator::{Separator, Tie};

/// What a variable of a shell is when nobody set it, or when somebody did: `:?` and `:+`.
pub(crate) fn is_default(rest: &[u8]) -> bool {
    matches!(rest.first(), Some(b'+' | b'?'))
}

/// `read -p "Password: " DB_PASSWORD`: the quote behind the colon ends what began before the name.
pub(crate) fn is_closing_quote(text: &[u8], from: usize, separator: Separator) -> bool {
    let quote = text.get(separator.after).filter(|quote| matches!(quote, b'"' | b'\''));
    separator.tie == Tie::Colon
        && quote.is_some_and(|quote| {
            memchr::memchr_iter(*quote, &text[scan::line_start(text, from, 120)..from]).count() % 2 == 1
        })
        && text.get(separator.after + 1).is_none_or(|b| matches!(b, b' ' | b')' | b',' | b';' | b'\n'))
}

/// `arn:aws:secretsmanager:eu-north-1:123456789012:secret:prod/db`: a part of a name.
/// `LoadCredential=db-password:/etc/x`: what a file is called.
pub(crate) fn is_resource_name(text: &[u8], from: usize) -> bool {
    let floor = from.saturating_sub(120);
    let is_loaded =
        || [&b"LoadCredential="[..], b"LoadCredentialEncrypted="].iter().any(|key| text[..from].ends_with(key));
    is_loaded()
        || text[..from].ends_with(b":") && {
            let start = text[floor..from].iter().rposition(|b| !b.is_ascii_graphic() || b"\"'=[".contains(b));
            text[start.map_or(floor, |at| floor + at + 1)..].starts_with(b"arn:")
        }
}

/// `pam_unix(passwd:chauthtok)`: a module and what it was asked for.
pub(crate) fn is_of_pam(text: &[u8], from: usize) -> bool {
    let before = &text[from.saturating_sub(24)..from - 1];
    let word = before.rsplit(u8::is_ascii_whitespace).next().unwrap_or_default();
    word.starts_with(b"pam_")
}

/// `-Dpassword=…`, `-Ppassword=…`: the flag that defines a property is no part of its name.
pub(crate) fn is_definition(text: &[u8], from: usize, keyword: usize) -> bool {
    let defines = text[from..].starts_with(b"D") || text[from..].starts_with(b"P");
    let open = |at: usize| text[at].is_ascii_whitespace() || is_quote(text, at);
    from + 1 == keyword && defines && text[..from].ends_with(b"-") && (from < 2 || open(from - 2))
}
