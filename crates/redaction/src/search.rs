//! What one search of one text knows on its way from keyword to keyword: it keeps every step from being done twice.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::byte_classes::ByteClasses;
use crate::deadline::{Deadline, Unfinished};
use crate::facts::candidate::{Candidate, Claim};
use crate::facts::label::Label;
use crate::facts::verdict::{Decision, Span, Verdict};
use crate::lexicon::commands::Carries;
use crate::text::scan;
use crate::text::value::{JUDGED, Value};

/// Bytes before a keyword that a windowed pattern may need.
const WINDOW_BEFORE: usize = 96;
/// Bytes after a keyword that a windowed pattern may need.
const WINDOW_AFTER: usize = 1024;
/// The same where windows of one rule overlap.
const WINDOW_GROWN: usize = 4096;
/// A keyword this far before a searched window's end was searched with it.
const WINDOW_REACH: usize = 400;

/// So much of what was packed in one text is looked into, in bytes: a small input can hold gigabytes.
pub(crate) const UNPACKED_MAX: u64 = 256 * 1024;

/// So many steps are taken between two looks at the clock; a step takes some microseconds.
const STEPS: u32 = 16;

/// Nobody writes more names of secrets into one run without blanks ...
const CROWD: u32 = 24;
/// ... the values of the further ones, all of which reach to the run's end, are judged by fewer bytes.
const JUDGED_IN_CROWD: usize = 64;

/// How many bytes of a value are judged that ends where the run of `names` does.
pub(crate) fn judged(names: &mut (usize, u32), same_run: bool, end: usize) -> usize {
    *names = if same_run { (end, names.1 + 1) } else { (end, 1) };
    if names.1 > CROWD { JUDGED_IN_CROWD } else { JUDGED }
}

/// What holds the cells of a line apart: a mark, or two blanks and more.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Columns {
    Marked(u8),
    Aligned,
}

/// What a heading says: what holds the cells apart, and by which rule those of each column go.
pub(crate) type Heading = (Columns, Vec<Option<usize>>);

/// The rows that were read below headings that say the same.
#[derive(Default)]
pub(crate) struct Rows {
    /// Where those of the last table begin, in order.
    pub starts: Vec<usize>,
    /// Where the next one does.
    pub next: usize,
    /// Where the last cell that went begins.
    pub took: usize,
}

/// The policy: the detectors do not know it.
pub(crate) type Decide = fn(&Candidate<'_>) -> Decision;

/// How far what was read: nothing is read twice.
#[derive(Default)]
pub(crate) struct Read {
    /// Everything before this was taken or is being taken by a value.
    pub covered: usize,
    /// The end of the last name that was read.
    pub name_end: usize,
    /// The last run of a bare value: its end is the same for every name inside.
    pub bare_run: (usize, usize),
    /// The same for a parameter of a URL.
    pub url_run: (usize, usize),
    /// The end of the run of bytes without blanks that names stand in, and how many values in it were looked at.
    pub run_names: (usize, u32),
    /// The end of the run behind the last vendor's name, and how many vendors stand in it.
    pub run_vendors: (usize, u32),
    /// The line of cookies that was read last. Every cookie in it was judged; a name further on in it has only its own first one
    /// left, which stood behind other words until now.
    pub cookies: Range<usize>,
    /// The last cookie: where it was read from, its equals sign (or end), and its end.
    pub cookie: (usize, usize, usize),
    /// Lazily found pairs of JSON brackets.
    pub brackets: Option<Vec<(usize, usize)>>,
    /// Where the next end and the next beginning of a key block stand (the text's length: nowhere).
    pub block_end: usize,
    pub block_start: usize,
    /// The lines of the last key block whose end was not found.
    pub block_lines: Range<usize>,
    /// Bytes such as keys have, behind the last beginning.
    pub block_plain: Range<usize>,
    /// The end of the last token that a fixed prefix announced.
    pub token_end: usize,
    /// And its beginning: a longer prefix says more exactly whose it is.
    pub token_start: usize,
    /// The first part of the last JSON Web Token, or what began like one.
    pub jwt_part: Range<usize>,
    /// Up to here it is known that no line is a heading.
    pub no_heading: usize,
    /// The rows that were read, by what headings say of them.
    pub tables: BTreeMap<Heading, Rows>,
    /// The last command of a command line: its end, and what its flags carry.
    pub command: Option<(usize, Carries)>,
    /// Blocks that hold no secret: certificates, public keys.
    pub public: Vec<(usize, usize)>,
    /// The end of the last one.
    pub public_end: usize,
    /// The end of the last window that a rule searched.
    windows: BTreeMap<usize, usize>,
    /// Up to here the words of recovery phrases were looked for.
    pub phrase_end: usize,
    /// The end of the last Kubernetes Secret that was read.
    pub secret_end: usize,
}

/// What one search of one text knows.
pub(crate) struct Search<'t> {
    pub text: &'t [u8],
    pub classes: ByteClasses,
    pub markers: Vec<(usize, usize)>,
    /// How far what was read.
    pub read: Read,
    pub spans: Vec<Span>,
    /// What names of passwords reach in their sentences.
    pub named: Vec<Range<usize>>,
    /// Stretches whose words are asked for their points, in order and apart.
    pub woken: Vec<Range<usize>>,
    /// How much may still be unpacked, in bytes.
    pub to_unpack: u64,
    /// What was left alone, where somebody wants to know.
    pub left: Option<Vec<Span>>,
    decide: Decide,
    pub deadline: &'t Deadline,
    steps: u32,
    /// The search goes no further; nothing that it found is worth anything.
    pub late: bool,
}

impl<'t> Search<'t> {
    pub(crate) fn new(text: &'t [u8], classes: ByteClasses, decide: Decide, deadline: &'t Deadline) -> Self {
        Self {
            text,
            classes,
            markers: if classes.has(ByteClasses::BRACKET) { scan::markers(text) } else { Vec::new() },
            read: Read::default(),
            spans: Vec::new(),
            woken: Vec::new(),
            named: Vec::new(),
            to_unpack: UNPACKED_MAX,
            left: None,
            decide,
            deadline,
            steps: 0,
            late: false,
        }
    }

    /// Whether to stop, asked before every step that reads on: a keyword's rule, a word, a span, an encoded run.
    pub(crate) fn is_late(&mut self) -> bool {
        self.steps = self.steps.wrapping_add(1);
        if self.steps.is_multiple_of(STEPS) {
            self.late = self.late || self.deadline.passed();
        }
        self.late
    }

    /// Whether the text was read to here.
    pub(crate) fn in_time(&self) -> Result<(), Unfinished> {
        if self.late { Err(Unfinished) } else { Ok(()) }
    }

    /// Takes the candidate or leaves it, as the policy says.
    pub(crate) fn propose(&mut self, candidate: &Candidate<'t>) -> Verdict {
        self.propose_to(candidate, candidate.end, "")
    }

    /// The same; what goes ends at `end`, and the marker gets quotes of its own.
    pub(crate) fn propose_to(&mut self, candidate: &Candidate<'t>, end: usize, quotes: &'static str) -> Verdict {
        let Decision { verdict, why } = (self.decide)(candidate);
        let span = Span { start: candidate.start, end, rule: candidate.rule, quotes, why };
        if verdict != Verdict::Take {
            if let Some(left) = &mut self.left {
                left.push(span);
            }
        } else if span.start < end {
            if candidate.covers() {
                self.read.covered = self.read.covered.max(end);
            }
            self.spans.push(span);
        }
        verdict
    }

    /// Takes `start..end` for a generic rule: of what the detector has read to its end. The marker gets these quotes.
    pub(crate) fn take(&mut self, label: Label, start: usize, end: usize, quotes: &'static str) {
        if start < end {
            let candidate = Candidate::new(self.text, start, end, Claim::Certain, "form", label as usize);
            self.propose_to(&candidate, end, quotes);
        }
    }

    /// As much of a value as is judged. Of many names in one run without blanks, each has all the rest as its value.
    pub(crate) fn judged(&mut self, value: Value) -> &'t [u8] {
        let end = self.read.bare_run.1.max(value.end);
        let same = self.read.run_names.0 == end;
        let most = if value.quoted { JUDGED } else { judged(&mut self.read.run_names, same, end) };
        &self.text[value.start..value.end.min(value.start + most)]
    }

    /// Whether `at` is inside a marker.
    pub(crate) fn in_marker(&self, at: usize) -> bool {
        let begun = self.markers.partition_point(|marker| marker.0 <= at);
        self.markers[..begun].last().is_some_and(|marker| at < marker.1)
    }

    /// The window around a keyword that `rule` has not searched yet.
    pub(crate) fn window(&mut self, rule: usize, start: usize, end: usize) -> Option<(usize, usize)> {
        let searched = self.read.windows.entry(rule).or_default();
        if end + WINDOW_REACH <= *searched || *searched == self.text.len() {
            return None;
        }
        let from = start.saturating_sub(WINDOW_BEFORE);
        // Keywords close together: a longer one, so that its beginning, which was read before, is a small part of it.
        let ahead = if from < *searched { WINDOW_GROWN } else { WINDOW_AFTER };
        *searched = self.text.len().min(end + ahead);
        Some((from, *searched))
    }
}
