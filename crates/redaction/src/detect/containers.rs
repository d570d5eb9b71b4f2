//! Values of JSON that are no text, behind a name that means a secret: a number goes as a whole, of a list every item
//! is a value under that name, of an object the one that is called so. A boolean says whether there is one
//! (`"sms_otp": false`).

use crate::detect::extent;
use crate::facts::candidate::{Candidate, Claim, Setting};
use crate::facts::label::label;
use crate::lexicon::names::{Name, classify};
use crate::lexicon::roles::{Role, has};
use crate::search::Search;
use crate::text::scan::skip_lines;
use crate::text::value::Value;

/// The value at `at`, if it is none of text, is dealt with. A marker in place of a number gets `quotes`.
pub(crate) fn value(search: &mut Search<'_>, name: Name, at: usize, quotes: &'static str) -> bool {
    let Some(end) = extent::json_bare(search, at).filter(|_| name.strong) else { return false };
    if matches!(search.text[at], b'{' | b'[') {
        members(search, name, at, end, quotes);
    } else if !name.plural {
        search.take(label(name.kind), at, end, quotes);
    }
    true
}

/// Proposes the items of a list and what an object calls a value, however deep. What stands under a name of its own that
/// means a secret is that name's.
fn members(search: &mut Search<'_>, name: Name, from: usize, end: usize, quotes: &'static str) {
    let text = search.text;
    let (mut is_value, mut outer) = (true, Vec::new());
    let mut at = from;
    while at < end {
        match text[at] {
            open @ (b'{' | b'[') => {
                outer.push(is_value);
                is_value &= open == b'[';
            }
            b'}' | b']' => is_value = outer.pop().unwrap_or_default(),
            b'"' | b'\'' | b'-' | b'0'..=b'9' => {
                let Some((value, next)) = scalar(search, at) else {
                    at += 1;
                    continue;
                };
                at = next;
                if text.get(at) != Some(&b':') {
                    if is_value {
                        item(search, name, value, quotes);
                    }
                    continue;
                }
                let key = &text[value.start..value.end];
                is_value = has(key, Role::ValueMember);
                let below = skip_lines(text, at + 1);
                let is_named = classify(key).is_some_and(|name| name.strong);
                at = extent::json_bare(search, below).filter(|_| is_named).unwrap_or(at + 1);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
}

/// The text or number at `at`, and where what follows it begins.
fn scalar(search: &mut Search<'_>, at: usize) -> Option<(Value, usize)> {
    let text = search.text;
    let value = match text[at] {
        b'"' | b'\'' => extent::quoted(text, at)?,
        _ => Value { start: at, end: extent::json_bare(search, at)?, quoted: false },
    };
    Some((value, skip_lines(text, text.len().min(value.end + usize::from(value.quoted)))))
}

/// An item of a list, or what is called a value.
fn item(search: &mut Search<'_>, name: Name, value: Value, quotes: &'static str) {
    let rule = label(name.kind) as usize;
    let candidate = Candidate::new(search.text, value.start, value.end, Claim::Beside, "containers", rule);
    let setting = Setting { quoted: value.quoted, ..Setting::WHOLE };
    search.propose_to(&candidate.named(name, setting), value.end, if value.quoted { "" } else { quotes });
}
