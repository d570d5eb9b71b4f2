//! One keyword pass, then only the rules whose keywords were seen.
//!
//! Every step is bounded: a pattern runs in a window, an anchored pattern gives up within its own length, a name is
//! read once. So time grows with the text, not with what is in it.

mod decode;
mod stands;

use std::collections::BTreeMap;
use std::ops::Range;

use serde::de::IgnoredAny;

use crate::UNREAD;
use crate::byte_classes::ByteClasses;
use crate::deadline::{Deadline, Unfinished};
use crate::detect::{format, sentences};
use crate::facts::label::{LABELS, Label};
use crate::facts::verdict::Span;
use crate::policy;
use crate::rules;
use crate::rules::rule_file::{RuleFile, RuleFileError};
use crate::rules::table::{Compiled, Matcher, RuleSummary};
use crate::search::Search;
use crate::spans::confine::confine;
use crate::spans::listed;
use crate::spans::overlaps::{Over, resolve};
use crate::spans::repeats;
use crate::text::keywords::Keywords;
use crate::text::scan;
use crate::view;

/// The compiled table.
#[derive(Debug)]
pub(crate) struct Engine {
    /// The rule-set version; an additional file's version is part of it.
    pub version: String,
    rules: Vec<Compiled>,
    keywords: Keywords,
    /// Keyword number → rules.
    woken: Vec<Vec<usize>>,
}

impl Engine {
    /// The built-in table; a test compiles every row.
    pub(crate) fn builtin() -> Self {
        Self::build(rules::VERSION.to_owned(), rules::compiled())
    }

    /// The built-in table and the rules of a file.
    pub(crate) fn with_file(file: RuleFile) -> Result<Self, RuleFileError> {
        let mut compiled = rules::compiled();
        let version = format!("{}+{}", rules::VERSION, file.version);
        for rule in file.rules {
            if rule.row.id == UNREAD || compiled.iter().any(|known| known.row.id == rule.row.id) {
                return Err(RuleFileError::Duplicate { rule: rule.row.id });
            }
            compiled.push(rule);
        }
        Ok(Self::build(version, compiled))
    }

    fn build(version: String, rules: Vec<Compiled>) -> Self {
        let mut woken: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (rule, compiled) in rules.iter().enumerate() {
            for keyword in &compiled.row.keywords {
                woken.entry(keyword.to_ascii_lowercase()).or_default().push(rule);
            }
        }
        let (words, woken): (Vec<String>, Vec<_>) = woken.into_iter().unzip();
        let keywords = Keywords::new(&words);
        Self { version, rules, keywords, woken }
    }

    pub(crate) fn id(&self, rule: usize) -> &str {
        &self.rules[rule].row.id
    }

    pub(crate) fn about(&self, rule: usize) -> &str {
        &self.rules[rule].row.about
    }

    pub(crate) fn summaries(&self) -> Vec<RuleSummary> {
        self.rules.iter().map(|rule| rule.row.clone()).collect()
    }

    /// All spans to take, sorted, apart from each other and from every marker: those of the text, and those of what a
    /// person reads in it.
    ///
    /// # Errors
    ///
    /// When the deadline passed before the text was read to its end.
    pub(crate) fn find(&self, text: &[u8], depth: u8, deadline: &Deadline) -> Result<Vec<Span>, Unfinished> {
        let classes = ByteClasses::of(text);
        let mut spans = self.find_as_written(text, classes, depth, deadline)?;
        let written = spans.len();
        let Some(reading) = view::reading(text, classes) else {
            return Ok(if depth == 0 { confine(text, spans) } else { spans });
        };
        let mut read = Vec::new();
        for span in self.find_as_written(&reading.text, ByteClasses::of(&reading.text), depth, deadline)? {
            let origin = reading.origin(span.start..span.end);
            read.push(origin.clone());
            // They are in order, and apart from each other.
            let before = spans[..written].partition_point(|known| known.start < origin.start);
            let known = spans[..written].get(before).is_some_and(|known| (known.start..known.end) == origin);
            // What is a whole JSON value there may be a piece of one here.
            let whole = span.quotes.is_empty() || serde_json::from_slice::<IgnoredAny>(&text[origin.clone()]).is_ok();
            if !known {
                let quotes = if whole { span.quotes } else { "" };
                spans.push(Span { start: origin.start, end: origin.end, quotes, ..span });
            }
        }
        let (mut at, mut over) = (0, Over::new(read));
        spans.retain(|span| {
            at += 1;
            let mut seen = over.of(span).peekable();
            match seen.peek() {
                _ if at > written => true,
                None => stands::stands(text, span, &reading),
                // What seemed to be one word of a sentence holds more than the secret.
                Some(_) => span.rule != Label::StatedSecret as usize || seen.any(|other| !is_within(other, span)),
            }
        });
        if !over.is_empty() {
            spans = self.resolved(text, &scan::markers(text), spans);
        }
        Ok(if depth == 0 { confine(text, spans) } else { spans })
    }

    /// What was proposed and left alone, of the text and of what a person reads in it.
    pub(super) fn left(&self, text: &[u8]) -> Vec<Span> {
        let deadline = Deadline::never();
        let search =
            |text: &[u8]| self.search(text, ByteClasses::of(text), &deadline, true).ok().and_then(|search| search.left);
        let mut left = search(text).unwrap_or_default();
        if let Some(reading) = view::reading(text, ByteClasses::of(text)) {
            for span in search(&reading.text).unwrap_or_default() {
                let origin = reading.origin(span.start..span.end);
                left.push(Span { start: origin.start, end: origin.end, ..span });
            }
        }
        left
    }

    /// The spans of one reading.
    fn find_as_written(
        &self,
        text: &[u8],
        classes: ByteClasses,
        depth: u8,
        deadline: &Deadline,
    ) -> Result<Vec<Span>, Unfinished> {
        if text.is_empty() {
            return Ok(Vec::new());
        }
        let mut search = self.search(text, classes, deadline, false)?;
        decode::look_inside(self, &mut search, depth);
        listed::take(&mut search, |rule| self.id(rule));
        repeats::take(&mut search);
        search.in_time()?;
        Ok(self.resolved(text, &search.markers, search.spans))
    }

    /// What the detectors of one reading proposed; with `left`, also what was left alone.
    fn search<'t>(
        &self,
        text: &'t [u8],
        classes: ByteClasses,
        deadline: &'t Deadline,
        left: bool,
    ) -> Result<Search<'t>, Unfinished> {
        if deadline.passed() {
            return Err(Unfinished);
        }
        let mut search = Search::new(text, classes, policy::decide, deadline);
        search.left = left.then(Vec::new);
        self.keywords.find(text, |hit| {
            // The name of a rule in a marker is nobody's word: "one-time-code" announces no code.
            for &rule in &self.woken[hit.keyword] {
                if search.in_marker(hit.start) || search.is_late() {
                    return;
                }
                self.run(&mut search, rule, hit.start, hit.end);
            }
        });
        search.in_time()?;
        sentences::words(&mut search);
        Ok(search)
    }

    /// Spans apart from each other. A row of a scanner ranks as what scanners state.
    fn resolved(&self, text: &[u8], markers: &[(usize, usize)], spans: Vec<Span>) -> Vec<Span> {
        resolve(text, markers, spans, |rule| match self.rules[rule].matcher {
            Matcher::Scan(_) if rule >= LABELS => Label::StatedSecret as usize,
            _ => rule,
        })
    }

    fn run(&self, search: &mut Search<'_>, rule: usize, start: usize, end: usize) {
        match &self.rules[rule].matcher {
            Matcher::Shape(shape) => format::token(search, rule, shape, start, end),
            Matcher::Window(patterns, looks) => format::near(search, rule, (patterns, *looks), start..end),
            Matcher::Scan(scanner) => {
                let known = search.spans.len();
                scanner(search, start, end);
                // Scanners take for the label of what they look for; a row of its own is named all the same.
                if rule >= LABELS {
                    search.spans[known..].iter_mut().for_each(|span| span.rule = rule);
                }
            }
            Matcher::Label => {}
        }
    }
}

/// Whether a part of the span is in `range`, and no more.
fn is_within(range: &Range<usize>, span: &Span) -> bool {
    span.start <= range.start && range.end <= span.end && range.len() < span.end - span.start
}
