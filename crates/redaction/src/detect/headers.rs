//! Credentials in headers: `Authorization`, `Cookie`, `Set-Cookie`.

use crate::detect::extent;
use crate::facts::candidate::{Candidate, Claim};
use crate::facts::label::Label;
use crate::facts::verdict::Verdict;
use crate::lexicon::names;
use crate::lexicon::roles::{Role, has};
use crate::search::Search;
use crate::text::scan::{self, skip_blanks};
use crate::text::separator::Separator;

/// A list of parameters is cut off behind so many bytes.
const PARAMETERS: usize = 2048;

/// No attribute has a longer name.
const NAME: usize = 64;

/// Where a header's value begins: behind the marks that quote it.
fn begin(text: &[u8], separator: Separator) -> usize {
    separator.after + text[separator.after..].iter().take_while(|byte| b"\"'\\[`".contains(byte)).count()
}

/// `Cookie: a=b; c=d`: every value goes, attributes of Set-Cookie stay.
pub(crate) fn cookies(search: &mut Search<'_>, separator: Separator) -> bool {
    let text = search.text;
    let mut at = begin(text, separator);
    let is_known = search.read.cookies.contains(&at);
    if !is_known {
        let line = memchr::memchr2(b'\n', b'\r', &text[at..]).map_or(text.len(), |found| at + found);
        let end = memchr::memchr3(b'"', b'\'', b'\\', &text[at..line]).map_or(line, |found| at + found);
        search.read.cookies = at..end;
    }
    let end = search.read.cookies.end;
    let mut took = false;
    while at < end {
        // The same for every name in front of the same equals sign.
        if !(search.read.cookie.0..=search.read.cookie.1).contains(&at) {
            let stop = memchr::memchr(b';', &text[at..end]).map_or(end, |found| at + found);
            search.read.cookie = (at, memchr::memchr(b'=', &text[at..stop]).map_or(stop, |found| at + found), stop);
        }
        let (_, equals, stop) = search.read.cookie;
        let value = (equals < stop).then_some(equals + 1);
        let name = value.map_or(&b""[..], |value| text[at..value - 1].trim_ascii());
        let word = name[name.len().saturating_sub(NAME)..].rsplit(|byte| *byte == b' ').next().unwrap_or_default();
        if let Some(value) = value.filter(|_| !has(word, Role::Setting)) {
            let candidate = Candidate::new(text, value, stop, Claim::Cookie, "header", Label::Cookie as usize);
            took |= search.propose(&Candidate { name: names::classify(name), ..candidate }) == Verdict::Take;
        }
        at = if is_known { end } else { stop + 1 };
    }
    took
}

/// `Authorization: <scheme> <credentials>`.
pub(crate) fn authorization(search: &mut Search<'_>, separator: Separator) {
    let text = search.text;
    let mut at = begin(text, separator);
    let scheme = text[at..].iter().take(24).take_while(|byte| scan::is_token(**byte)).count();
    let is_scheme =
        scheme > 0 && text.get(at + scheme) == Some(&b' ') && !text[at..at + scheme].iter().any(u8::is_ascii_digit);
    if is_scheme {
        at = skip_blanks(text, at + scheme, 4);
    }
    let value = extent::bare(search, at, false);
    let shown = &text[value.start..value.end];
    // Digest, AWS and the like carry a list of parameters.
    let is_list = memchr::memchr(b'=', shown).is_some_and(|at| at + 2 < shown.len());
    let line = &text[value.end..scan::line_end(text, value.end, PARAMETERS)];
    let more = line.iter().position(|byte| b"\"'\\\r".contains(byte)).unwrap_or(line.len());
    let end = value.end + if is_list { more } else { 0 };
    let rule = Label::Authorization as usize;
    let candidate = Candidate::new(text, value.start, value.end, Claim::Authorization, "header", rule);
    search.propose_to(&candidate.announced(is_scheme), end, "");
}
