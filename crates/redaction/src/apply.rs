//! Replaces what the engine found.
//!
//! A replacement can change what the text around it means (a token now starts after
//! `]`, a value now stands next to a name). So the result is searched again until
//! nothing is found: redacting twice is redacting once.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::deadline::{Deadline, Unfinished};
use crate::engine::Engine;
use crate::explain::Finding;
use crate::facts::verdict::Span;
use crate::spans::confine::confine;
use crate::spans::marker;
use crate::text::scan;
use crate::{Cleaned, Taken, UNREAD};

/// Searches of one text that find something. One is the rule, a third is already rare; a text in which the sixth still
/// leads to more was not read to its end.
pub(crate) const PASSES: usize = 6;

/// So many bytes around a place of which something became a marker may mean something else by it.
const NEAR: usize = 512;

/// Free text without its secrets, or the marker in its place when the deadline passed.
pub(crate) fn clean_or_unread(engine: &Engine, input: &str, deadline: &Deadline) -> Cleaned<String> {
    let spans = engine.find(input.as_bytes(), 0, deadline);
    spans.and_then(|spans| clean_found(engine, input, spans, deadline)).unwrap_or_else(|Unfinished| unread())
}

/// What stands in for a text that was not read to its end.
pub(crate) fn unread() -> Cleaned<String> {
    Cleaned { value: marker(UNREAD), taken: vec![Taken { rule: UNREAD.to_owned(), count: 1 }] }
}

/// Free text without its secrets, of which the first search found `spans`.
pub(crate) fn clean_found(
    engine: &Engine,
    input: &str,
    spans: Vec<Span>,
    deadline: &Deadline,
) -> Result<Cleaned<String>, Unfinished> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    let value = search_after_search(engine, input, spans, deadline, |_, spans, _| {
        for span in spans {
            *counts.entry(engine.id(span.rule)).or_default() += 1;
        }
    })?;
    let taken = counts.into_iter().map(|(rule, count)| Taken { rule: rule.to_owned(), count }).collect();
    Ok(Cleaned { value, taken })
}

/// Takes what the first search found, and what is found in the result, until nothing is; `each` is told what every search
/// found in which text, and what it kept. What a search finds that was not the first stands near what the one before it
/// took: so the next looks there, and at the whole text once nothing more is there.
fn search_after_search(
    engine: &Engine,
    input: &str,
    mut spans: Vec<Span>,
    deadline: &Deadline,
    mut each: impl FnMut(&str, &[Span], &[Kept]),
) -> Result<String, Unfinished> {
    let (mut text, mut chains) = (input.to_owned(), false);
    for pass in 1..=PASSES {
        if spans.is_empty() {
            return Ok(text);
        }
        let (next, kept) = replace(engine, &text, &spans);
        each(&text, &spans, &kept);
        text = next;
        let near = if chains { find_near(engine, text.as_bytes(), &kept, deadline)? } else { None };
        // Once one was in vain, they stand elsewhere.
        chains = pass == 1 || chains && near.as_ref().is_none_or(|near| !near.is_empty());
        let near = near.unwrap_or_default();
        spans = if near.is_empty() { engine.find(text.as_bytes(), 0, deadline)? } else { near };
    }
    if spans.is_empty() { Ok(text) } else { Err(Unfinished) }
}

/// What is found near what was taken last, between the `kept` pieces; `None` where the whole text is as soon read.
///
/// # Errors
///
/// As [`Engine::find`].
fn find_near(
    engine: &Engine,
    text: &[u8],
    kept: &[Kept],
    deadline: &Deadline,
) -> Result<Option<Vec<Span>>, Unfinished> {
    let mut near: Vec<Range<usize>> = Vec::new();
    for taken in kept.windows(2) {
        let (start, end) = (taken[0].at + taken[0].len, text.len().min(taken[1].at + NEAR));
        match near.last_mut() {
            Some(last) if start <= last.end + 3 * NEAR => last.end = end,
            _ => near.push(start.saturating_sub(NEAR)..end),
        }
    }
    let read: Vec<_> = near.iter().map(|near| between_blanks(text, near)).collect();
    if read.iter().map(Range::len).sum::<usize>() >= text.len() / 2 {
        return Ok(None);
    }
    let mut spans = Vec::new();
    for (near, read) in near.into_iter().zip(read) {
        let found = engine.find(&text[read.clone()], 0, deadline)?.into_iter();
        let found = found.map(|span| Span { start: span.start + read.start, end: span.end + read.start, ..span });
        spans.extend(found.filter(|span| near.start <= span.start && span.end <= near.end));
    }
    Ok(Some(confine(text, spans)))
}

/// `near` and [`NEAR`] bytes or more around it, but not twice as many unless there is no blank.
fn between_blanks(text: &[u8], near: &Range<usize>) -> Range<usize> {
    let (from, to) = (near.start.saturating_sub(2 * NEAR), text.len().min(near.end + 2 * NEAR));
    let (until, behind) = (near.start.saturating_sub(NEAR), text.len().min(near.end + NEAR));
    let first = text[from..until].iter().position(u8::is_ascii_whitespace);
    let last = text[behind..to].iter().rposition(u8::is_ascii_whitespace).filter(|_| to < text.len());
    scan::floor_char(text, from + first.unwrap_or_default())..last.map_or(scan::ceil_char(text, to), |at| behind + at)
}

/// What [`clean_found`] takes, in positions of the input.
pub(crate) fn explain(engine: &Engine, input: &str) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    // What each search before this one kept.
    let mut searches: Vec<Vec<Kept>> = Vec::new();
    let deadline = Deadline::never();
    let spans = engine.find(input.as_bytes(), 0, &deadline).unwrap_or_default();
    let told = |text: &str, spans: &[Span], kept: &[Kept]| {
        let origin = |at, as_end| searches.iter().rev().fold(at, |at, kept| origin(kept, at, as_end));
        for span in spans {
            let range = origin(span.start, false)..origin(span.end, true);
            findings.push(Finding::new(engine, span, text.as_bytes(), range));
        }
        searches.push(kept.to_vec());
    };
    // What was found until it was given up is told all the same.
    let _ = search_after_search(engine, input, spans, &deadline, told);
    findings.sort_by_key(|finding| (finding.range.start, finding.range.end));
    findings
}

/// A piece of a text that came unchanged out of the one before.
#[derive(Clone, Copy)]
struct Kept {
    at: usize,
    origin: usize,
    len: usize,
}

fn replace(engine: &Engine, text: &str, spans: &[Span]) -> (String, Vec<Kept>) {
    let mut out = String::with_capacity(text.len());
    let mut kept = Vec::with_capacity(spans.len() + 1);
    let mut keep = |out: &mut String, from: usize, to: usize| {
        kept.push(Kept { at: out.len(), origin: from, len: to - from });
        out.push_str(&text[from..to]);
    };
    let mut at = 0;
    for span in spans {
        keep(&mut out, at, span.start);
        out.push_str(span.quotes);
        out.push_str(&marker(engine.id(span.rule)));
        out.push_str(span.quotes);
        at = span.end;
    }
    keep(&mut out, at, text.len());
    (out, kept)
}

/// A position of the text that was made of these pieces, in the text that they are from.
fn origin(kept: &[Kept], at: usize, as_end: bool) -> usize {
    let after = kept.partition_point(|piece| if as_end { piece.at < at } else { piece.at <= at });
    kept.get(after.saturating_sub(1)).map_or(at, |piece| piece.origin + (at - piece.at).min(piece.len))
}
