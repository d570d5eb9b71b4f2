//! What stands between a name and its value: `=`, `": "`, ` => `, `%3D`, `</th><td>` …

use crate::lexicon::names::classify;
use crate::lexicon::roles::{Role, has};
use crate::lexicon::things::sets;
use crate::text::scan::{line_end, line_start, skip_blanks};
use crate::text::tags;

/// How a name and a value are tied together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tie {
    /// `=`, `:=`, `=>`, `->` and their kin.
    Assign,
    /// `:` after a bare name.
    Colon,
    /// `:` after a quoted name: JSON, YAML, Python, JavaScript.
    Entry,
    /// `<password>`, `</th><td>`.
    Element,
    /// `"X", "v"`: arguments, rows.
    Comma,
    /// `--password v`.
    Flag,
    /// `| password | v |`, tab-separated.
    Cell,
}

/// A tie between a name and what follows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Separator {
    pub tie: Tie,
    /// Where the value may start (blanks skipped).
    pub after: usize,
    /// The quotes around the name, to be put around a marker that replaces a bare value.
    pub quotes: &'static str,
    /// Blanks stood before the operator.
    pub spaced: bool,
}

impl Separator {
    /// Nothing is said of it but how it ties, and where the value may start.
    pub(crate) fn plain(tie: Tie, after: usize) -> Self {
        Self { tie, after, quotes: "", spaced: false }
    }
}

/// Reads the tie after a name that spans `start..end`.
pub(crate) fn read(text: &[u8], start: usize, end: usize) -> Option<Separator> {
    let closing = Closing::of(text, end);
    if let Some(after) = tags::tag_gap(text, start, closing.end) {
        return Some(Separator::plain(Tie::Element, after));
    }
    let at = annotation(text, skip_blanks(text, closing.end, 60));
    let gap = Gap { text, start, end, spaced: at > closing.end, closing, at };
    if gap.is_clause() || gap.is_attribute() {
        return None;
    }
    gap.operator().or_else(|| gap.call()).or_else(|| gap.blanks())
}

/// A name, and what stands behind it.
struct Gap<'t> {
    text: &'t [u8],
    /// Where the name begins and ends.
    start: usize,
    end: usize,
    closing: Closing,
    /// Where the blanks and the type behind the name end: here an operator may stand.
    at: usize,
    spaced: bool,
}

/// Why there is no value behind a name.
impl Gap<'_> {
    /// `(password does not match "known good" password): [bob]`: what the bracket holds is a sentence.
    fn is_clause(&self) -> bool {
        let line = || &self.text[line_start(self.text, self.start, 160)..self.start];
        let is_sentence = |line: &[u8]| {
            memchr::memrchr(b'(', line).is_some_and(|open| memchr::memchr_iter(b' ', &line[open..]).count() > 1)
        };
        self.text.get(self.at) == Some(&b':')
            && self.text[self.end..self.closing.end].contains(&b')')
            && is_sentence(line())
    }

    /// `v-model="form.apiKey" :type="kind"`: the next attribute.
    fn is_attribute(&self) -> bool {
        let is_name = |rest: &[u8]| {
            let name = rest.iter().take(24).take_while(|b| b.is_ascii_lowercase() || **b == b'-').count();
            name > 0 && rest.get(name) == Some(&b'=')
        };
        self.spaced && self.closing.closed && self.text[self.at..].strip_prefix(b":").is_some_and(is_name)
    }
}

/// What ties a name to a value.
impl Gap<'_> {
    fn operator(&self) -> Option<Separator> {
        // `set :db_password, "x"`
        let closed = self.closing.closed || self.text[..self.start].ends_with(b" :");
        let (tie, after) = operator(self.text, self.at, closed)?;
        // "`vault_secret`: Add support": a heading, not a member.
        let is_entry = tie == Tie::Colon && self.closing.closed && self.text[self.closing.end - 1] != b'`';
        let tie = if is_entry { Tie::Entry } else { tie };
        let after = skip_blanks(self.text, after, 60);
        Some(Separator { tie, after, quotes: self.closing.quotes, spaced: self.spaced })
    }

    /// `withToken("x")`, `.password("x")`. Not `password.normalize("NFC")`: another method of it.
    fn call(&self) -> Option<Separator> {
        let quoted = matches!(self.text[self.end..], [b'(', b'"' | b'\'', ..]);
        let name = &self.text[self.start..self.end];
        let method = name.rsplit(|b| *b == b'.').next().unwrap_or(name);
        let is_method = method.len() < name.len() || self.text[..self.start].ends_with(b".");
        let is_given = quoted && (is_method || sets(method)) && classify(method).is_some();
        is_given.then(|| Separator::plain(Tie::Comma, self.end + 1))
    }

    /// `--password v`, `requirepass v`, `Password    REG_SZ    v`
    fn blanks(&self) -> Option<Separator> {
        if !self.spaced {
            return None;
        }
        let kind = registry_type(&self.text[self.at..]);
        let after = kind.map_or(self.at, |length| skip_blanks(self.text, self.at + length, 40));
        let between = &self.text[self.closing.end..self.at];
        let is_alone = || ends_line(self.text, after) && (between.len() > 1 || begins_line(self.text, self.start));
        let tie = if self.text[..self.start].ends_with(b"-") {
            Tie::Flag
        } else if kind.is_some() || between.contains(&b'\t') || is_alone() {
            Tie::Cell
        } else {
            return None;
        };
        Some(Separator { spaced: true, ..Separator::plain(tie, after) })
    }
}

/// `REG_SZ`, `REG_EXPAND_SZ`: a type of text in the registry of Windows, as its tools print it; its length.
fn registry_type(rest: &[u8]) -> Option<usize> {
    REGISTRY_TYPES.iter().find(|kind| rest.starts_with(kind.as_bytes())).map(|kind| kind.len())
}

/// `requirepass x`, `Admin password     x`: one word, and nothing behind it.
fn ends_line(text: &[u8], at: usize) -> bool {
    let word = text[at..line_end(text, at, 200)].trim_ascii_end();
    !word.is_empty() && !word.iter().any(u8::is_ascii_whitespace)
}

/// `db.password x`: nothing stands before the name.
fn begins_line(text: &[u8], start: usize) -> bool {
    text[line_start(text, start, 40)..start].iter().all(u8::is_ascii_whitespace)
}

/// What closes a name: quotes (also escaped), brackets, emphasis.
struct Closing {
    end: usize,
    quotes: &'static str,
    /// Quotes or backticks were among it.
    closed: bool,
}

impl Closing {
    fn of(text: &[u8], end: usize) -> Self {
        let mut found = Self { end, quotes: "", closed: false };
        while found.end - end < 12 {
            let Some((length, quotes)) = closer(&text[found.end..]) else { break };
            found.end += length;
            found.closed |= quotes.is_some();
            found.quotes = quotes.unwrap_or(found.quotes);
        }
        found
    }
}

/// The sign that closes a name at the beginning of `rest`: its length and, unless it is a bracket, the quotes that are
/// put around a marker.
fn closer(rest: &[u8]) -> Option<(usize, Option<&'static str>)> {
    let slashes = rest.iter().take_while(|b| **b == b'\\').count();
    let quotes = match (slashes, rest.get(slashes)?) {
        (0, b'"') => Some("\""),
        (1, b'"') => Some("\\\""),
        (3, b'"') => Some("\\\\\\\""),
        (0, b'\'') => Some("'"),
        (_, b'"' | b'\'') | (0, b'`') => Some(""),
        (0, b']' | b')' | b'*' | b'_') => None,
        // `Passw.: x`
        (0, b'.') if rest.get(1) == Some(&b':') => None,
        _ => return None,
    };
    Some((slashes + 1, quotes))
}

/// A type between name and operator (`var x string =`, `let x: String =`, `x : str =`, `X: &'static str =`).
fn annotation(text: &[u8], at: usize) -> usize {
    let from = if text.get(at) == Some(&b':') { skip_blanks(text, at + 1, 8) } else { at };
    let rest = text[from..].strip_prefix(b"&").unwrap_or(&text[from..]);
    let rest = rest.strip_prefix(b"'static ").unwrap_or(rest);
    let is_of_type = |b: &&u8| b.is_ascii_alphanumeric() || b"<>[]?.".contains(b);
    let word = rest.iter().take(24).take_while(is_of_type).count();
    let after = skip_blanks(text, text.len() - rest.len() + word, 8);
    if has(&rest[..word], Role::TextType) && text.get(after) == Some(&b'=') { after } else { at }
}

// Quotes, types and operators below are syntax, no words: they stand where they are read.

const REGISTRY_TYPES: &[&str] = &["REG_SZ", "REG_EXPAND_SZ", "REG_BINARY"];

/// Operators of more than signs; they begin with `&` or no ASCII. Views decode other entities and escapes before.
const OPERATORS: &[(&str, Tie)] =
    &[("\u{2192}", Tie::Assign), ("&gt;", Tie::Element), ("\u{2013} ", Tie::Colon), ("\u{2014} ", Tie::Colon)];

/// The operator at `at`: its tie, and where it ends.
fn operator(text: &[u8], at: usize, closed: bool) -> Option<(Tie, usize)> {
    let rest = &text[at..];
    match rest.first()? {
        b'&' | 0x80.. => {
            let (mark, tie) = OPERATORS.iter().find(|(mark, _)| rest.starts_with(mark.as_bytes()))?;
            Some((*tie, at + mark.len()))
        }
        // `os.environ["PASSWORD"], "x"`: the next argument.
        b',' => (closed && text[at - 1] != b']').then_some((Tie::Comma, at + 1)),
        _ => signs(rest).map(|(tie, length)| (tie, at + length)),
    }
}

/// An operator of signs, and its length.
fn signs(rest: &[u8]) -> Option<(Tie, usize)> {
    let run = rest.iter().take(5).take_while(|b| b":=>-~|?+!<.".contains(b)).count();
    let tie = match &rest[..run] {
        b":" => Tie::Colon,
        b"|" | b"||" => Tie::Cell,
        b"=" | b":=" | b"=>" | b"->" | b"==" | b"::=" | b":::=" | b"?=" | b"|=" | b"||=" | b"+=" | b"===" | b"!="
        | b"!==" | b"~>" | b"=~" | b"<-" | b"?:" | b"=:" | b":>" | b"|:" | b".=" | b"<<" => Tie::Assign,
        // Not `Token::U8`, `passwd::pw_gecos`: a path of code.
        b"::" if rest.get(2).is_some_and(|b| b" \"'".contains(b)) => Tie::Assign,
        // `token=-x`, `password=>x`: the operator and a value that starts like one.
        [b'=', ..] => return Some((Tie::Assign, 1)),
        [b':', b'-' | b'+' | b'!' | b'?' | b'~' | b'>' | b'|', ..] => return Some((Tie::Colon, 1)),
        _ => return None,
    };
    Some((tie, run))
}

#[cfg(test)]
mod tests {
    use super::{Tie, read};

    #[test]
    fn a_name_is_tied_to_a_value_by_a_call_a_cell_or_a_colon() {
        for (before, name, behind, tie) in [
            ("    ", "withToken", "('Zq8x7Yw6')", Some(Tie::Comma)),
            ("", "password", ".normalize('NFC')", None),
            ("host\tdb1\t", "password", "\tZq8x7Yw6\tup", Some(Tie::Cell)),
            ("    ", "DefaultPassword", "    REG_EXPAND_SZ    Zq8x 7Yw6", Some(Tie::Cell)),
            ("'", "password", "': Zq8x7Yw6", Some(Tie::Entry)),
            ("`", "vault_secret", "`: Add support", Some(Tie::Colon)),
        ] {
            let text = [before, name, behind].concat();
            let read = read(text.as_bytes(), before.len(), before.len() + name.len());
            assert_eq!(read.map(|separator| separator.tie), tie, "{text}");
        }
    }
}
