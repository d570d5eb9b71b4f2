//! Values of JSON that are no text, behind a name that means a secret: a number goes as a whole, of a list every item
//! is a value under that name, of an object the one that is called so. A boolean says whether there is one
//! (`"sms_otp": false`).

use crate::detect::extent;
use crate::facts::candidate::{Candidate, Claim, Setting};
use crate::facts::label::label;
use crate::lexicon::names::Name;
use crate::lexicon::roles::{Role, has};
use crate::search::Search;
use crate::text::scan::skip_lines;

/// The value at `at`, if it is none of text, is dealt with. A marker in place of a number gets `quotes`.
pub(crate) fn value(search: &mut Search<'_>, name: Name, at: usize, quotes: &'static str) -> bool {
    let Some(end) = extent::json_bare(search, at).filter(|_| name.strong) else { return false };
    if matches!(search.text[at], b'{' | b'[') {
        members(search, name, at, end, quotes);
    } else if !name.plural {
        search.take_quoted(label(name.kind), at, end, quotes);
    }
    true
}

/// Proposes the items of a list, and the member of an object that is called a value. What is nested deeper stands under
/// names of its own.
fn members(search: &mut Search<'_>, name: Name, from: usize, end: usize, quotes: &'static str) {
    let text = search.text;
    let rule = label(name.kind) as usize;
    let mut is_value = text[from] == b'[';
    let mut at = from + 1;
    while at < end {
        let string = extent::quoted(text, at).filter(|_| matches!(text[at], b'"' | b'\''));
        let Some(end) = string.map(|value| value.end).or_else(|| extent::json_bare(search, at)) else {
            at += 1;
            continue;
        };
        let value = string.map_or(at..end, |value| value.start..value.end);
        let next = skip_lines(text, text.len().min(end + usize::from(string.is_some())));
        if text.get(next) == Some(&b':') {
            is_value = has(&text[value], Role::ValueMember);
        } else if is_value && !matches!(text[at], b'{' | b'[') {
            let candidate = Candidate::new(text, value.start, value.end, Claim::Beside, "containers", rule);
            let setting = Setting { quoted: string.is_some(), ..Setting::WHOLE };
            let quotes = if string.is_some() { "" } else { quotes };
            search.propose_to(&candidate.named(name, setting), value.end, quotes);
        }
        at = next.max(at + 1);
    }
}
