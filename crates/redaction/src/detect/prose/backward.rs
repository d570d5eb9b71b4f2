//! Sentences that say what was told: "hunter2 is the password".

use crate::detect::assign::word_before;
use crate::detect::statements::obvious;
use crate::engine::Label;
use crate::facts::values::{Shape, looks_chosen};
use crate::lexicon::names::{Kind, Name};
use crate::search::Search;
use crate::text::extent::is_inside_word;
use crate::text::scan;

/// "hunter2 is the password", "use hunter2 as password".
pub(super) fn backward(search: &mut Search<'_>, from: usize, name: Name) {
    #[rustfmt::skip]
    const LINKS: &[&str] = &["is", "as", "was", "ist", "als", "war", "est", "comme", "es", "como", "è", "come", "é", "era", "sei", "wäre"];
    if !name.strong || !matches!(name.kind, Kind::Password | Kind::Token | Kind::Secret | Kind::Code) {
        return;
    }
    let text = search.text;
    let mut at = from;
    let mut linked = false;
    for _ in 0..5 {
        let Some(start) = word_before(text, at) else { return };
        let word = &text[start..at - 1];
        at = start;
        linked = LINKS.iter().any(|link| word.eq_ignore_ascii_case(link.as_bytes()));
        if linked || word.iter().any(u8::is_ascii_digit) {
            break;
        }
    }
    if !linked || at < 2 {
        return;
    }
    let Some((start, end)) = value_before(text, at - 1) else { return };
    // `G-773188`
    let start = start + usize::from(name.kind == Kind::Code && text[start..end].starts_with(b"G-")) * 2;
    let shown = &text[start..end];
    let shape = Shape::of(shown);
    let marked = memchr::memmem::find(shown, scan::MARKER).is_some() || search.in_marker(start);
    let fits = match name.kind {
        Kind::Code => shape.digit == shape.len && (4..=8).contains(&shape.len),
        _ => looks_chosen(shown) && obvious(shown, &shape),
    };
    if fits && !marked {
        search.take(Label::StatedSecret, start, end);
        // "both Pineapple!4 and Mango!5 as password"
        let Some(link) = word_before(text, start) else { return };
        let and = ["and", "und", "et", "y", "e", "en", "or", "oder"]
            .iter()
            .any(|entry| entry.as_bytes() == &text[link..start - 1]);
        let other = if and && link > 0 { value_before(text, link - 1) } else { None };
        if let Some((start, end)) =
            other.filter(|other| looks_chosen(&text[other.0..other.1]) && !search.in_marker(other.0))
        {
            search.take(Label::StatedSecret, start, end);
        }
    }
}

/// The word, quoted or not, that ends at `end`.
fn value_before(text: &[u8], end: usize) -> Option<(usize, usize)> {
    let floor = scan::line_start(text, end, 80);
    let end = end - usize::from(end > floor && matches!(text[end - 1], b'"' | b'\'' | b'`'));
    let stop = |at: &usize| {
        let byte = text[*at];
        let stops = byte.is_ascii_whitespace() || matches!(byte, b'"' | b'`' | b'(' | b'\\' | b'\'');
        stops && !is_inside_word(text, floor, *at)
    };
    let start = (floor..end).rfind(stop).map_or(floor, |found| found + 1);
    (start < end && !scan::escape_tail(text, start)).then_some((start, end))
}
