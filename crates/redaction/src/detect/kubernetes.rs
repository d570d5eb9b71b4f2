//! Secrets of Kubernetes in YAML.

use crate::facts::candidate::{Candidate, Claim};
use crate::facts::label::Label;
use crate::search::Search;
use crate::text::scan::line_end;

/// A document's beginning is looked for this far back, in bytes.
const DOCUMENT: usize = 4096;
/// Longer lines are cut off.
const LINE: usize = 8192;
/// So many lines of a document are read.
const LINES: usize = 200;

/// `kind: Secret`, which ends at `end`: every value under `data` and `stringData` goes.
pub(crate) fn secret(search: &mut Search<'_>, _start: usize, end: usize) {
    let text = search.text;
    if text.get(end).is_some_and(u8::is_ascii_alphanumeric) {
        return;
    }
    // `data` may stand before `kind`: the document begins after a line of dashes, not far back.
    let floor = end.saturating_sub(DOCUMENT);
    let start = memchr::memmem::rfind(&text[floor..end], b"\n---").map_or(floor, |found| floor + found + 4);
    let mut at = start.max(search.read.secret_end);
    let mut inside = None;
    for number in 0..LINES {
        let stop = line_end(text, at, LINE);
        let line = &text[at..stop];
        let indent = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        match line.trim_ascii() {
            [b'-', b'-', b'-', ..] if number > 0 => return,
            b"data:" | b"stringData:" => inside = Some(indent),
            b"" => {}
            _ if inside.is_some_and(|known| indent > known) => entry(search, at, stop),
            _ => inside = None,
        }
        search.read.secret_end = stop;
        at = stop + 1;
        if at >= text.len() {
            return;
        }
    }
}

fn entry(search: &mut Search<'_>, at: usize, stop: usize) {
    let line = &search.text[at..stop];
    let Some(colon) = memchr::memchr(b':', line) else { return };
    let edge = |byte: &&u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'');
    let from = colon + 1 + line[colon + 1..].iter().take_while(edge).count();
    let to = line.len() - line[from..].iter().rev().take_while(edge).count();
    if to >= from + 2 && line[from] != b'|' {
        let rule = Label::KubernetesSecret as usize;
        search.propose(&Candidate::new(search.text, at + from, at + to, Claim::Entry, "kubernetes", rule));
    }
}
