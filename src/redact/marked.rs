//! Words that hardly are anything but passwords, in lines that speak of one.

use super::engine::Label;
use super::names::Name;
use super::scan;
use super::search::Search;
use super::statements::role;
use super::values::{Shape, looks_chosen, looks_marked};

/// So far from the name a word is still in the same thought.
const REACH: usize = 110;

/// After these, somebody's own input comes.
#[rustfmt::skip]
const TYPED: &[&str] = &[
    "escriba", "escribe", "introduzca", "introduce", "ingrese", "digite", "inserisca", "tapez", "saisissez", "voer", "geben", "type", "typed", "typing", "enter", "entered", "entering", "wrote", "write", "use", "used", "using", "try", "tried", "tippe", "getippt", "eingegeben", "benutze", "verwende", "nehme",
    "tape", "tapé", "saisi", "saisis", "utilise", "mis", "escribo", "escribí", "tecleo", "tecleé", "puse", "pongo", "uso", "usé", "digito", "digitato", "inserito", "inserisco", "digitei", "digitar", "coloquei", "usei", "typ", "typte", "vul", "vulde", "gebruik", "gebruikte",
];

/// After these, what something became, or what somebody comes with.
#[rustfmt::skip]
const LEADS: &[&str] = &[
    "to", "is", "was", "with", "by", "now", "auf", "ist", "war", "mit", "lautet", "par", "est", "était", "avec", "à", "a", "es", "era", "por", "con", "é", "è", "com", "para", "in", "op", "naar", "met", "en", "-", "\u{2013}", "\u{2014}", "->", "=>",
];

/// "use demo / Fr1day!Fr1day (user name / password)", "I ended up typing Sunday.roast.12 as the password": takes the words of
/// the name's line that somebody typed, changed to or came with, and those that can hardly be anything else.
pub(super) fn words(search: &mut Search<'_>, from: usize, to: usize, name: Name) {
    let text = search.text;
    let (start, end) = (scan::line_start(text, from, REACH), scan::line_end(text, to, REACH));
    // A word that the reach cuts is not read.
    let blank = |b: &u8| b.is_ascii_whitespace();
    let start =
        if start + REACH == from { start + text[start..from].iter().position(blank).unwrap_or(0) } else { start };
    let end =
        text[end..].iter().take(64).position(blank).map_or(end, |more| if end < to + REACH { end } else { end + more });
    // Several names of one line: each word is read once.
    let mut at = start.max(search.marked_end);
    if at >= end {
        return;
    }
    search.marked_end = end;
    let mut before: &[u8] = b"";
    let mut changed = false;
    while let Some((first, last)) = next_word(text, at, end) {
        let word = &text[first..last];
        at = last;
        // Opening quotation marks, and addresses.
        let run = text[start..first].iter().rposition(blank).map_or(start, |found| start + found + 1);
        if word == "\u{ab}".as_bytes() || memchr::memmem::find(&text[run..first], b"://").is_some() {
            continue;
        }
        let typed = is_listed(TYPED, before);
        let became = is_listed(LEADS, before) && changed && looks_chosen(word);
        let led =
            typed || (is_listed(LEADS, before) && (changed || is_dash(before))) || followed_by_as(&text[last..end]);
        changed |= role(word).change;
        before = word;
        // "the password you sent (IdW9mA54el)"
        let alone = first > 0 && text[first - 1] == b'(' && text.get(last) == Some(&b')');
        if (became && word.len() >= 8 || fits(word, name, typed || alone, led || alone)) && !search.in_marker(first) {
            search.take(Label::StatedSecret, first, last);
        }
    }
}

fn fits(word: &[u8], name: Name, typed: bool, led: bool) -> bool {
    let shape = Shape::of(word);
    let phrase = name.is_phrase() && led && shape.symbol >= 3 && word.split(|b| *b == b'-').count() > 3;
    if !(8..=40).contains(&shape.len) || memchr::memmem::find(word, b"&#").is_some() {
        return phrase && shape.len <= 80;
    }
    // A mark inside that names do not have.
    let sure = word[..shape.len - 1].iter().any(|b| b"!&$%#;*".contains(b)) && looks_marked(word);
    let mixed = shape.upper > 0 && shape.lower > 0 && shape.digit > 0 && shape.turns >= 2 && shape.symbol == 0;
    sure || phrase || (led && looks_marked(word)) || (typed && mixed && looks_chosen(word))
}

/// The next word, without the punctuation around it.
fn next_word(text: &[u8], from: usize, end: usize) -> Option<(usize, usize)> {
    let edge = |b: &u8| b.is_ascii_whitespace() || b"\"'`()<>{}[],=:/\\|".contains(b);
    let first = from + text[from..end].iter().position(|b| !edge(b))?;
    let mut last = first + text[first..end].iter().position(edge).unwrap_or(end - first);
    while last > first + 1 && matches!(text[last - 1], b'.' | b';' | b'?') {
        last -= 1;
    }
    Some((first, last))
}

/// "the same password everywhere - `Hv_Cobalt_Fern1` - so"
fn is_dash(word: &[u8]) -> bool {
    !word.iter().any(u8::is_ascii_alphanumeric) && word.len() <= 3
}

/// "… as the password", "als Passwort".
fn followed_by_as(rest: &[u8]) -> bool {
    [&b" as "[..], b" als ", b" comme ", b" como ", b" come "].iter().any(|link| rest.starts_with(link))
        || memchr::memmem::find(&rest[..rest.len().min(40)], b" as the ").is_some()
}

fn is_listed(list: &[&str], word: &[u8]) -> bool {
    list.iter().any(|entry| entry.len() == word.len() && word.eq_ignore_ascii_case(entry.as_bytes()))
}
