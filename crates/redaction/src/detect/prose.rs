//! Sentences that state a secret: "the password for staging is Hunter2!".

mod backward;
mod steps;

use backward::backward;
use steps::{ends_line, next_word, out_of_quotes, over, unescaped, word_end};

use crate::detect::answers;
use crate::detect::lines;
use crate::detect::statements::{Role, Statement, accept, role, statable_word};
use crate::detect::vicinity;
use crate::engine::Label;
use crate::facts::usage::CONJUNCTIONS;
use crate::facts::values::{Shape, Suspicion, is_placeholder, suspicion};
use crate::lexicon::names::{Kind, Name, is_camel};
use crate::search::Search;
use crate::text::extent;
use crate::text::scan;

/// The words of a sentence that may stand between a name and its value.
const WORDS: usize = 11;
/// … and their length.
const REACH: usize = 110;

/// Reads on from the name; then back from it ("hunter2 is the password").
pub(crate) fn sentence(search: &mut Search<'_>, from: usize, to: usize, name: Name) {
    // `name=db-creds version=14`: the name is a value itself.
    if from > 0 && search.text[from - 1] == b'=' {
        return;
    }
    if search.is_crowd(from) {
        return;
    }
    if forward(search, from, to, name) || lines::told_below(search, to, name) {
        return;
    }
    let before = search.spans.len();
    backward(search, from, name);
    if search.spans.len() == before && !answers::follow(search, from, name) {
        vicinity::words(search, from, to, name);
    }
}

fn forward(search: &mut Search<'_>, from: usize, to: usize, name: Name) -> bool {
    let text = search.text;
    let limit = scan::line_end(text, to, REACH);
    let Some(mut at) = out_of_quotes(text, from, to) else { return false };
    // "the password's Pineapple!4"
    let genitive = [&b"'s "[..], "\u{2019}s ".as_bytes()].into_iter().find(|tail| text[at..].starts_with(tail));
    at += genitive.map_or(0, |tail| tail.len() - 1);
    let mut stated = if genitive.is_some() { Statement::Plain } else { Statement::Beside };
    let mut took = false;
    let mut straight = true;
    let mut changed = false;
    let mut only_kinds = true;
    let mut previous: &[u8] = b"";
    for count in 0..WORDS {
        let Some((start, tied)) = next_word(text, at, limit).filter(|next| next.0 > to) else { return took };
        // `json:"password" validate:"min=12"`, `:password, class: "form-control"`
        let symbol = from > 0 && text[from - 1] == b':' && text.get(to) == Some(&b',');
        let listed = symbol || text.get(to) == Some(&b'"');
        let quote = matches!(text[start], b'"' | b'\'');
        if tied && count > 0 && listed && quote && !only_kinds {
            return took;
        }
        // `(usuario: caja1`, `usernamePassword(credentialsId: 'nexus-deploy'`: the value of another name.
        if tied && count > 0 && (is_camel(previous) || vicinity::is_other(previous)) {
            return took;
        }
        // `WHERE login_name = 'x'`: the value of another name.
        if tied && count > 0 && !only_kinds && memchr::memchr(b'=', &text[at..start]).is_some() {
            // "PW switchboard = ringring55"
            let labelled = count == 1 && suspicion(&text[start..word_end(text, start, limit)]) >= Suspicion::Mixed;
            if !labelled {
                return took;
            }
        }
        if tied && is_symbol(text, start, limit) {
            return took;
        }
        if tied {
            stated = Statement::Plain;
        }
        // `read -p 'Passphrase: ' PASSPHRASE`: the end of a quotation.
        if text[start] == b'\'' && text.get(start + 1) == Some(&b' ') {
            return took;
        }
        let bare = text[start].is_ascii_alphanumeric() || text[start] >= 0xC3 && text[start] < 0xE0;
        // A phrase begins where it is stated, not later in the sentence.
        let begins = tied || count == 0 || role(previous).states;
        if stated == Statement::Plain && begins && lines::phrase(search, name, start, tied) {
            return true;
        }
        let value = if bare { None } else { extent::quoted(text, start) }
            .filter(|value| stated != Statement::None && value.end <= limit);
        if value.is_none() && matches!(text[start], b'"' | b'\\') {
            return took;
        }
        let quoted = value.is_some();
        let (first, last) =
            value.map_or_else(|| (start, word_end(text, start, limit)), |value| (value.start, value.end));
        let shown = &text[first..last];
        // What was stated is gone already.
        if shown.starts_with(scan::MARKER) {
            return true;
        }
        if shown.is_empty() {
            return took;
        }
        if quoted && (is_one_of(text, last, shown) || is_button(&text[to..start], shown)) {
            return took;
        }
        let role = if quoted { Role::default() } else { role(shown) };
        if count == 0 && role.topic {
            return false;
        }
        // "the code article is 44128", "comes up twice with GnuPG2": too far off.
        let near = straight || changed || (stated != Statement::Vague && (name.strong || name.kind != Kind::Code));
        // "days between password change    : 99999"
        let counts = tied && count > 0 && !only_kinds && shown.iter().all(u8::is_ascii_digit);
        // A plain word is no secret, and most words are plain.
        let plain = counts || !quoted && shown.iter().all(|b| b.is_ascii_lowercase() || *b >= 0x80);
        let announced = name.kind == Kind::Password
            && (tied && only_kinds && count > 0 || is_last_word(previous) || count == 0 && !quoted && name.strong)
            && ends_line(text, last)
            && if count == 0 { is_long_number(shown) } else { statable_word(shown) };
        if announced || near && !plain && !is_parameter(text, to, first, shown) && accept(name, shown, quoted, stated) {
            search.take(Label::StatedSecret, first, unescaped(text, first, last));
            // "from OldPass1 to NewPass2": there may be a second one.
            if took || quoted {
                return true;
            }
            took = true;
            stated = Statement::None;
        } else {
            // "Authorization: [REDACTED] and X: …", "Type: 3 Workstation: …": what was announced has come.
            if tied && (is_placeholder(shown) || shown[0] == b'[' || shown.iter().all(u8::is_ascii_digit)) {
                return took;
            }
            stated = stated.then(role, count);
            straight &= stated != Statement::None;
            changed |= role.change;
            only_kinds &= role.kind;
        }
        previous = shown;
        at = last + usize::from(quoted);
        if over(text, at, quoted) {
            return took;
        }
    }
    took
}

/// "Kennwort ein und klicken Sie auf „Weiter“": what is on a button.
fn is_button(between: &[u8], shown: &[u8]) -> bool {
    const CLICKS: &[&str] = &[
        "click", "klick", "klik", "cliq", "clic ", "tap ", "press ", "pulse ", "premi ", "premere ", "druk op",
        "toque ", "drück", "appuy",
    ];
    !shown.iter().any(u8::is_ascii_digit) && CLICKS.iter().any(|click| scan::contains_word(between, click.as_bytes()))
}

/// `client_credentials :from_basic`: a symbol of Ruby.
fn is_symbol(text: &[u8], start: usize, limit: usize) -> bool {
    start > 1
        && text[start - 1] == b':'
        && matches!(text[start - 2], b' ' | b'[' | b'(')
        && text[start..limit].contains(&b'_')
        && text[start..word_end(text, start, limit)].iter().all(|b| b.is_ascii_lowercase() || *b == b'_')
}

/// "das Passwort lautet Wacholder.", "contraseña temporal: jirafa": behind these the line ends with it.
fn is_last_word(previous: &[u8]) -> bool {
    matches!(previous, b"lautet" | b"luidt" | b"reads" | b"lautete" | b"luidde")
}

/// "persönliches Kennwort 58120936."
fn is_long_number(shown: &[u8]) -> bool {
    (6..=10).contains(&shown.len()) && shown.iter().all(u8::is_ascii_digit)
}

/// `"group" or "user"`, `the "postgres" admin user`: a word among others, or what something else is called.
fn is_one_of(text: &[u8], last: usize, shown: &[u8]) -> bool {
    if !shown.iter().all(|b| b.is_ascii_lowercase() || matches!(b, b'_' | b'-')) {
        return false;
    }
    let close = text[last..].iter().take(3).take_while(|b| !b.is_ascii_whitespace()).count();
    let rest = &text[last + close..scan::line_end(text, last + close, 40)];
    let mut words = rest.split(|b| *b == b' ').filter(|word| !word.is_empty());
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let joins = CONJUNCTIONS.iter().any(|word| word.as_bytes() == first);
    let quote = |word: &[u8]| matches!(word.first(), Some(b'"' | b'\'' | b'`' | 0xE2 | 0xC2));
    let user = |word: &[u8]| {
        let word = word.strip_suffix(b".").or_else(|| word.strip_suffix(b",")).unwrap_or(word);
        [
            "user",
            "account",
            "role",
            "database",
            "benutzer",
            "konto",
            "utilisateur",
            "compte",
            "usuario",
            "utente",
            "gebruiker",
        ]
        .iter()
        .any(|known| known.as_bytes() == word)
    };
    joins && quote(second) || user(first) || user(second)
}

/// `password, X509KeyStorageFlags flags)`: the next item of a list of names.
fn is_parameter(text: &[u8], to: usize, first: usize, shown: &[u8]) -> bool {
    let shape = Shape::of(shown);
    text.get(to) == Some(&b',') && first == to + 2 && shape.symbol == 0 && shape.upper >= 3 && shape.lower > shape.upper
}
