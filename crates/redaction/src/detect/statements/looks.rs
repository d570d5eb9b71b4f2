//! How a value looks that a sentence states.

use super::Statement;
use crate::facts::values::{self, Shape, looks_chosen, looks_random};
use crate::lexicon::names::Name;
use crate::policy::is_id;

/// `stroopwafel_12`: a word, a mark and a number.
pub(super) fn numbered(shown: &[u8]) -> bool {
    let word = shown.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let number = shown.get(word + 1..).unwrap_or_default();
    word >= 6
        && matches!(shown[word..].first(), Some(b'_' | b'-'))
        && number.len() >= 2
        && number.iter().all(u8::is_ascii_digit)
}

/// Letters and digits in turn, and no identifier.
pub(super) fn keyed_value(shown: &[u8], shape: &Shape) -> bool {
    !is_id(shown) && !values::is_everyday(shown, shape) && shown.iter().all(u8::is_ascii_alphanumeric)
}

pub(super) fn code(name: Name, shown: &[u8], shape: &Shape, stated: Statement) -> bool {
    let digits = shape.digit + shown.iter().filter(|b| matches!(b, b'-' | b' ')).count();
    let length = if name.strong { 3..=10 } else { 6..=6 };
    let number = digits == shape.len && length.contains(&shape.digit) && shape.symbol <= 2;
    let short = name.term.starts_with("cv") || matches!(name.term, "puk" | "securitycode");
    let mixed = name.strong && shape.len >= 5 && shape.digit >= 2 && shape.upper >= 1 && shape.lower == 0;
    let grouped = name.strong && shape.len >= 9 && shape.digit >= 2 && shape.symbol >= 1 && looks_chosen(shown);
    let spare = ["backup", "recovery", "secours", "recup", "herstel", "wiederherst"]
        .iter()
        .any(|part| name.term.contains(part));
    if spare && (6..=24).contains(&shape.len) && shape.digit >= 2 && shape.lower + shape.upper >= 2 && shape.symbol <= 4
    {
        return true;
    }
    match stated {
        Statement::Plain if number || mixed => true,
        // "toegangscode Qh3vk9"
        Statement::Beside
            if name.strong
                && (5..=10).contains(&shape.len)
                && shape.symbol == 0
                && shape.upper > 0
                && shape.lower > 0
                && shape.turns >= 3 =>
        {
            true
        }
        Statement::Beside if number && name.strong => shape.digit >= 4 || short,
        Statement::Vague => number && name.strong && shape.digit >= 4,
        _ => (mixed && !values::is_everyday(shown, shape)) || grouped || (name.strong && looks_random(shown)),
    }
}

/// "the password is 'summer'", "the passphrase is 'seven purple otters'".
pub(super) fn in_quotes(name: Name, shown: &[u8], shape: &Shape) -> bool {
    let phrase = name.is_phrase() && shape.blank <= 12;
    let word = (3..90).contains(&shape.len) && (phrase || shape.blank == 0) && !shown.starts_with(b"/");
    word || looks_chosen(shown)
}
