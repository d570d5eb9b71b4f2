//! What stands where a value could, and is code, help for a command, or the rest of a sentence.

use crate::facts::values;
use crate::lexicon::names::{self, Name, is_camel};
use crate::text::scan::is_quote;
use crate::text::scan::{self, skip_blanks};
use crate::text::separator::{Separator, Tie};
use crate::text::value::Value;

/// `['app_id', 'password', 'tenant_id']`: an item stands before the name as well.
pub(crate) fn is_list(text: &[u8], after: usize) -> bool {
    let line = &text[scan::line_start(text, after, 120)..after];
    let mut items = line.rsplit(|b| *b == b',').skip(1);
    let quoted = |item: &[u8]| {
        // `secret_names = ["mailer-smtp"`
        let item = memchr::memchr(b'[', item).map_or(item, |open| &item[open + 1..]).trim_ascii();
        !item.is_empty()
            && item.iter().filter(|b| matches!(b, b'"' | b'\'')).count() == 2
            && matches!(item[0], b'"' | b'\'' | b'[' | b'(')
            && matches!(item[item.len() - 1], b'"' | b'\'')
    };
    items.next().is_some_and(quoted) && items.next().is_some_and(quoted)
}

/// `encryptedData:\n    password: AgB…`: sealed for a cluster, which alone can open it.
pub(crate) fn is_sealed(text: &[u8], found: Value) -> bool {
    let shown = found.head(text);
    shown.len() > 100
        && shown.starts_with(b"Ag")
        && memchr::memmem::find(&text[found.start.saturating_sub(4096)..found.start], b"encryptedData:").is_some()
}

/// `rotate-secrets: secret_name=brewhouse/mqtt`: the fields of a log line. `|smtp__password=|A valid password|`: the
/// next
/// cell of a table.
pub(crate) fn is_field(tie: Tie, quoted: bool, shown: &[u8]) -> bool {
    let field = shown.iter().take_while(|b| b.is_ascii_lowercase() || **b == b'_').count();
    let named = field >= 3 && shown.get(field) == Some(&b'=') && shown[field..].iter().any(|b| *b != b'=');
    tie == Tie::Colon && !quoted && named || tie == Tie::Assign && shown.starts_with(b"|")
}

/// What a variable is when nobody set it: nothing, or a name of it.
pub(crate) fn is_default(rest: &[u8]) -> bool {
    let word = rest.iter().take(60).take_while(|b| b.is_ascii_lowercase() || matches!(b, b'-' | b'_')).count();
    // `${RESTIC_PASSWORD:+set}`
    let set =
        rest.first() == Some(&b'+') && rest.iter().skip(1).take(40).take_while(|b| b.is_ascii_alphabetic()).count() > 0;
    set || rest.first() == Some(&b'?')
        || word > 3 && rest.get(word) == Some(&b'}') && names::classify(&rest[..word]).is_some()
}

/// `resource "google_secret_manager_secret_version"`: what is called secret here is the name of one.
pub(crate) fn is_of_manager(text: &[u8], after: usize) -> bool {
    let before = &text[after.saturating_sub(200)..after];
    [&b"secret_manager"[..], b"secretmanager", b"secretsmanager", b"secrets_manager"]
        .iter()
        .any(|word| memchr::memmem::find(before, word).is_some())
}

/// `this._pw=t,this.dirty=!0`, `password: Zeroizing<String>`, `totp_secret=totp,`: names of code.
pub(crate) fn is_constant(text: &[u8], tie: Tie, found: Value) -> bool {
    let shown = found.head(text);
    let closed = matches!(text.get(found.end), Some(b',' | b'}' | b')' | b';'));
    // `this._pw=t,this.dirty=!0`
    if closed && tie == Tie::Assign && shown.len() == 1 && shown[0].is_ascii_alphabetic() {
        return true;
    }
    // `password: Zeroizing<String>`
    let next = text.get(found.end + 1);
    let generic = shown.first().is_some_and(u8::is_ascii_uppercase)
        && shown.iter().all(u8::is_ascii_alphabetic)
        && text.get(found.end) == Some(&b'<')
        && next.is_some_and(|b| b.is_ascii_alphabetic() || *b == b'&');
    if tie == Tie::Colon && generic {
        return true;
    }
    // `totp_secret=totp,` on a line of its own
    let line = &text[scan::line_start(text, found.start, 120)..found.start];
    let indent = line.iter().take_while(|b| **b == b' ').count();
    tie == Tie::Assign
        && indent >= 4
        && text[found.end..].starts_with(b",\n")
        && !line[indent..].iter().any(|b| b.is_ascii_whitespace() || *b == b',')
        && shown.iter().all(|b| b.is_ascii_lowercase() || matches!(b, b'_' | b'.'))
}

/// `-p, --password PASSWORT   Das Passwort`, `[-pw Passwort]`, `--user and --password are ignored`: help for a command.
pub(crate) fn is_usage(text: &[u8], separator: Separator, found: Value) -> bool {
    if found.quoted || !matches!(separator.tie, Tie::Flag | Tie::Assign) {
        return false;
    }
    let line = scan::line_start(text, found.start, 80);
    let before = &text[line..found.start];
    let flag = before.trim_ascii_end().iter().rposition(u8::is_ascii_whitespace).map_or(0, |at| at + 1);
    let name = &before[flag..];
    let shown = found.head(text);
    // "If PrivateKey= angegeben ist": a setting that a sentence speaks of.
    let rest = &text[found.end..scan::line_end(text, found.end, 40)];
    let words = shown.iter().all(|b| b.is_ascii_lowercase() || *b >= 0x80);
    let goes_on = rest.first() == Some(&b',') || rest.get(1).is_some_and(u8::is_ascii_alphabetic);
    if words && name.ends_with(b"= ") && is_camel(name) && goes_on {
        return true;
    }
    let plain = shown.iter().all(|b| b.is_ascii_alphabetic() || *b >= 0x80 || b"-_/|=".contains(b));
    if !plain || !matches!(name.first(), Some(b'-' | b'[')) {
        return false;
    }
    let column = |rest: &[u8]| rest.starts_with(b"  ") || rest.starts_with(b"\t");
    let capitals = !shown.iter().any(u8::is_ascii_lowercase);
    // A line of help begins with a flag.
    let help = before.trim_ascii_start().starts_with(b"-");
    let described = separator.tie == Tie::Flag && help && column(&name[name.trim_ascii_end().len()..]);
    let variable = capitals && help && column(&text[found.end..]);
    let bracketed = name.first() == Some(&b'[') && text.get(found.end) == Some(&b']');
    described || variable || bracketed || separator.tie == Tie::Flag && is_joined(&before[..flag])
}

/// `--user and`, `--ask-password et`: another flag and a conjunction stand before this one.
fn is_joined(before: &[u8]) -> bool {
    let mut words = before.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).rev();
    let joined = words.next().is_some_and(|word| CONJUNCTIONS.iter().any(|known| known.as_bytes() == word));
    joined && words.next().is_some_and(|word| word.starts_with(b"--"))
}

/// Words between two flags, or two choices, that somebody writes about.
pub(crate) const CONJUNCTIONS: &[&str] = &["and", "or", "und", "oder", "et", "ou", "y", "o", "e", "en", "of"];

/// `AWS SECRET KEY]`, `maskiert]`
pub(crate) fn is_words_to_bracket(rest: &[u8]) -> bool {
    let words = rest.iter().take(48).take_while(|b| b.is_ascii_alphabetic() || matches!(b, b' ' | b'_' | b'-')).count();
    rest.get(words) == Some(&b']')
}

/// `"format": "password", "minLength": 8`: what follows is the next name. `pass->x` is code.
pub(crate) fn is_member(text: &[u8], tie: Tie, value: Value) -> bool {
    let closing = text[value.end..].iter().take(6).take_while(|b| b"\\\"'".contains(b)).count();
    let next = skip_blanks(text, value.end + closing, 4);
    let key = value.quoted && tie == Tie::Comma && text.get(next) == Some(&b':');
    key || (text[value.end - 1] == b'-' && text.get(value.end) == Some(&b'>'))
}

/// `read -p "Password: " DB_PASSWORD`: the quote behind the colon ends what began before the name.
pub(crate) fn is_closing_quote(text: &[u8], from: usize, separator: Separator) -> bool {
    separator.tie == Tie::Colon
        && separator.quotes.is_empty()
        && matches!(text.get(separator.after), Some(b'"' | b'\''))
        && memchr::memchr_iter(text[separator.after], &text[scan::line_start(text, from, 120)..from]).count() % 2 == 1
        && text.get(separator.after + 1).is_none_or(|b| matches!(b, b' ' | b')' | b',' | b';' | b'\n'))
}

/// `arn:aws:secretsmanager:eu-north-1:123456789012:secret:prod/db`: a part of a name.
pub(crate) fn is_resource_name(text: &[u8], from: usize) -> bool {
    let floor = from.saturating_sub(120);
    from > 0 && text[from - 1] == b':' && {
        let start = text[floor..from].iter().rposition(|b| !b.is_ascii_graphic() || b"\"'=[".contains(b));
        text[start.map_or(floor, |at| floor + at + 1)..].starts_with(b"arn:")
    }
}

/// `[DEBUG] calling the Ambee API with Key=9f3c…`: a key in figures of sixteen, and the text speaks of an API.
pub(crate) fn is_api_key(text: &[u8], name: Name, separator: Separator, found: Value) -> bool {
    let before = &text[separator.after.saturating_sub(100)..separator.after];
    name.term == "key"
        && separator.tie == Tie::Assign
        && !separator.spaced
        && values::is_long_hex(found.head(text))
        && [&b" api"[..], b" API"].iter().any(|word| memchr::memmem::find(before, word).is_some())
}

/// `pam_unix(passwd:chauthtok)`: a module and what it was asked for.
pub(crate) fn is_of_pam(text: &[u8], from: usize) -> bool {
    let before = &text[from.saturating_sub(24)..from - 1];
    let word = before.rsplit(u8::is_ascii_whitespace).next().unwrap_or_default();
    word.starts_with(b"pam_")
}

/// `-Dpassword=…`, `-Ppassword=…`: the flag that defines a property is no part of its name.
pub(crate) fn is_definition(text: &[u8], from: usize, keyword: usize) -> bool {
    let flag = matches!(text[from], b'D' | b'P') && from > 0 && text[from - 1] == b'-';
    flag && from + 1 == keyword && (from < 2 || text[from - 2].is_ascii_whitespace() || is_quote(text, from - 2))
}

/// `host=db` or `user: bob` follows: the line is a row of pairs.
pub(crate) fn followed_by_pair(text: &[u8], at: usize) -> bool {
    let name = text[at..].iter().take(32).take_while(|b| scan::is_token(**b) || **b == b'.').count();
    name > 0 && matches!(text.get(at + name), Some(b'=' | b':'))
}
