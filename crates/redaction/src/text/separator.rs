//! What stands between a name and its value: `=`, `": "`, ` => `, `%3D`, `</th><td>` …

use crate::text::scan::{line_end, skip_blanks};
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
    /// The operator was percent-encoded, so the value is too.
    pub encoded: bool,
}

const ENCODED_QUOTES: &[&str] =
    &["%22", "%27", "&quot;", "&#34;", "&#39;", "&apos;", "\\u0022", "\\u0027", "%5D", "%5d"];

/// Reads the tie after a name that spans `start..end`.
pub(crate) fn read(text: &[u8], start: usize, end: usize) -> Option<Separator> {
    let (mut at, quotes, closed) = closers(text, end);
    if let Some(after) = tags::tag_gap(text, start, at) {
        return Some(Separator { tie: Tie::Element, after, quotes: "", spaced: false, encoded: false });
    }
    let before_blanks = at;
    at = skip_blanks(text, at, 60);
    at = annotation(text, at);
    let spaced = at > before_blanks;
    // `$user->shell`: a member of a variable, not a value.
    if text[at..].starts_with(b"->") && start > 0 && text[start - 1] == b'$' {
        return None;
    }
    // `(password does not match "known good" password): [bob]`: what the bracket holds is a sentence.
    if text[end..before_blanks].contains(&b')') && text.get(at) == Some(&b':') && ends_clause(text, start) {
        return None;
    }
    // `client_credentials :from_basic`: a symbol of Ruby.
    if spaced && text.get(at) == Some(&b':') && text.get(at + 1).is_some_and(u8::is_ascii_lowercase) {
        let word = text[at + 1..].iter().take(40).take_while(|b| b.is_ascii_lowercase() || **b == b'_').count();
        let after = text.get(at + 1 + word);
        if text[at + 1..at + 1 + word].contains(&b'_') && after.is_none_or(|b| b" ,)\n]".contains(b)) {
            return None;
        }
    }
    // `v-model="form.apiKey" :type="kind"`: the next attribute.
    if closed && spaced && text.get(at) == Some(&b':') && text.get(at + 1).is_some_and(u8::is_ascii_lowercase) {
        let name = text[at + 1..].iter().take(24).take_while(|b| b.is_ascii_alphanumeric() || **b == b'-').count();
        if text.get(at + 1 + name) == Some(&b'=') {
            return None;
        }
    }
    if let Some((tie, after, encoded)) = operator(text, at, closed) {
        // "`vault_secret`: Add support": a heading, not a member.
        let tie = if tie == Tie::Colon && closed && text[before_blanks - 1] != b'`' { Tie::Entry } else { tie };
        return Some(Separator { tie, after: skip_blanks(text, after, 60), quotes, spaced, encoded });
    }
    if text.get(end) == Some(&b'(') && is_setter(text, start, end) {
        return Some(Separator { tie: Tie::Comma, after: end + 1, quotes: "", spaced: false, encoded: false });
    }
    let flag = spaced && start >= 1 && text[start - 1] == b'-' && !closed;
    let at = [&b"REG_SZ"[..], b"REG_EXPAND_SZ", b"REG_BINARY"]
        .iter()
        .find(|kind| spaced && text.get(at) == Some(&b'R') && text[at..].starts_with(kind))
        .map_or(at, |kind| skip_blanks(text, at + kind.len(), 40));
    let cell = spaced
        && (text[before_blanks..at].contains(&b'\t')
            || text[before_blanks..at].ends_with(b"SZ    ")
            || text[before_blanks..at].ends_with(b"BINARY    ")
            || alone_on_line(text, start, at));
    let tie = if flag {
        Tie::Flag
    } else if cell {
        Tie::Cell
    } else {
        return None;
    };
    Some(Separator { tie, after: at, quotes: "", spaced, encoded: false })
}

/// Two words and more stand between the opening bracket and the name.
fn ends_clause(text: &[u8], start: usize) -> bool {
    let line = &text[crate::text::scan::line_start(text, start, 160)..start];
    memchr::memrchr(b'(', line).is_some_and(|open| memchr::memchr_iter(b' ', &line[open..]).count() > 1)
}

/// `setPassword("x")`, `.password("x")`, `withToken("x")`.
fn is_setter(text: &[u8], start: usize, end: usize) -> bool {
    let name = &text[start..end];
    let last = name.rsplit(|b| *b == b'.').next().unwrap_or(name);
    // `password.normalize("NFC")`: another method of it.
    if crate::lexicon::names::classify(last).is_none() {
        return false;
    }
    let verb = ["set", "with", "add"]
        .iter()
        .any(|verb| last.get(..verb.len()).is_some_and(|head| head.eq_ignore_ascii_case(verb.as_bytes())));
    let quoted = text.get(end + 1).is_some_and(|b| matches!(b, b'"' | b'\''));
    quoted && (verb || last.len() < name.len() || text[..start].ends_with(b"."))
}

/// `requirepass x`, `db.password x`: a line of a name and one word.
fn alone_on_line(text: &[u8], start: usize, at: usize) -> bool {
    let line = crate::text::scan::line_start(text, start, 40);
    let end = line_end(text, at, 200);
    let word = text[at..end].trim_ascii_end();
    text[line..start].iter().all(u8::is_ascii_whitespace)
        && !word.is_empty()
        && !word.iter().any(u8::is_ascii_whitespace)
}

/// Skips what closes a name: quotes (also escaped), brackets, emphasis.
fn closers(text: &[u8], end: usize) -> (usize, &'static str, bool) {
    let mut at = end;
    let mut quotes = "";
    let mut closed = false;
    while at - end < 12 {
        let rest = &text[at..];
        if matches!(rest.first(), Some(b'%' | b'&' | b'\\'))
            && let Some(code) = ENCODED_QUOTES.iter().find(|code| rest.starts_with(code.as_bytes()))
        {
            at += code.len();
            closed = true;
            continue;
        }
        let slashes = rest.iter().take_while(|b| **b == b'\\').count();
        match rest.get(slashes) {
            Some(b'"') => {
                quotes = match slashes {
                    0 => "\"",
                    1 => "\\\"",
                    3 => "\\\\\\\"",
                    _ => "",
                };
                closed = true;
                at += slashes + 1;
            }
            Some(b'\'') => {
                quotes = if slashes == 0 { "'" } else { "" };
                closed = true;
                at += slashes + 1;
            }
            Some(b'`') if slashes == 0 => {
                closed = true;
                at += 1;
            }
            Some(b']' | b')' | b'*' | b'_') if slashes == 0 => at += 1,
            // `Passw.: x`
            Some(b'.') if rest.get(1) == Some(&b':') => at += 1,
            _ => break,
        }
    }
    (at, quotes, closed)
}

/// A type between name and operator (`var x string =`, `let x: String =`, `x : str =`).
fn annotation(text: &[u8], at: usize) -> usize {
    let mut next = at;
    if text.get(next) == Some(&b':') {
        next = skip_blanks(text, next + 1, 8);
    }
    if text.get(next) == Some(&b'&') {
        next += 1;
        if text[next..].starts_with(b"'static ") {
            next += 8;
        }
    }
    let letters = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'<' | b'>' | b'[' | b']' | b'?' | b'.');
    let word = text[next..].iter().take(24).take_while(letters).count();
    let kinds: &[&[u8]] = &[
        b"string",
        b"str",
        b"&str",
        b"char",
        b"text",
        b"optional<string>",
        b"string?",
        b"any",
        b"[]byte",
        b"option<string>",
        b"optional[str]",
        b"bytes",
        b"varchar",
    ];
    if word == 0 || !kinds.iter().any(|kind| text[next..next + word].eq_ignore_ascii_case(kind)) {
        return at;
    }
    let after = skip_blanks(text, next + word, 8);
    if text.get(after) == Some(&b'=') { after } else { at }
}

/// Operators of more than signs; they begin with `&`, a backslash or no ASCII.
const OPERATORS: &[(&str, Tie)] = &[
    ("\u{ff1a}", Tie::Colon),
    ("\u{ff1d}", Tie::Assign),
    ("\u{2192}", Tie::Assign),
    ("&gt;", Tie::Element),
    ("&#x3D;", Tie::Assign),
    ("&#x3d;", Tie::Assign),
    ("&equals;", Tie::Assign),
    ("&#58;", Tie::Colon),
    ("&colon;", Tie::Colon),
    ("\\u003d", Tie::Assign),
    ("&#61;", Tie::Assign),
    ("\u{2013} ", Tie::Colon),
    ("\u{2014} ", Tie::Colon),
];

/// The operator at `at`: its tie, where it ends, whether it is percent-encoded.
fn operator(text: &[u8], at: usize, closed: bool) -> Option<(Tie, usize, bool)> {
    let rest = &text[at..];
    let encoded = |code: &[u8]| rest.get(..3).is_some_and(|head| head.eq_ignore_ascii_case(code));
    if encoded(b"%3d") || encoded(b"%3a") {
        let mut after = at + 3;
        while text[after..].starts_with(b"%20")
            || text[after..].starts_with(b"%22")
            || text[after..].starts_with(b"%27")
        {
            after += 3;
        }
        return Some((Tie::Assign, after, true));
    }
    for (mark, tie) in OPERATORS {
        if !matches!(rest.first(), Some(b'&' | b'\\' | 0x80..)) {
            break;
        }
        if rest.starts_with(mark.as_bytes()) {
            return Some((*tie, at + mark.len(), false));
        }
    }
    let run = rest.iter().take(5).take_while(|b| b":=>-~|?+!<.".contains(b)).count();
    let tie = match &rest[..run] {
        b"" => {
            return match rest.first() {
                // `os.environ["PASSWORD"], "x"`: the next argument.
                Some(b',') if closed && text[at - 1] != b']' => Some((Tie::Comma, at + 1, false)),
                _ => None,
            };
        }
        b":" => Tie::Colon,
        b"=" | b":=" | b"=>" | b"->" | b"==" | b"::=" | b":::=" | b"?=" | b"|=" | b"||=" | b"+=" | b"===" | b"!="
        | b"!==" | b"~>" | b"=~" | b"<-" | b"?:" | b"=:" | b":>" | b"|:" | b".=" | b"<<" => Tie::Assign,
        // `Token::U8`, `passwd::pw_gecos`: a path of code.
        b"::" if at > 0 && text[at - 1].is_ascii_whitespace() || rest.get(2).is_some_and(|b| b" \"'".contains(b)) => {
            Tie::Assign
        }
        b"::" => return None,
        b"|" | b"||" => Tie::Cell,
        // `token=-x`, `password=>x`: the operator and a value that starts like one.
        [b'=', ..] => return Some((Tie::Assign, at + 1, false)),
        [b':', b'-' | b'+' | b'!' | b'?' | b'~' | b'>' | b'|', ..] => return Some((Tie::Colon, at + 1, false)),
        _ => return None,
    };
    Some((tie, at + run, false))
}
