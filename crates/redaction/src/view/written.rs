//! What was read in place of what, and where it came from.

use std::ops::Range;

/// What a person sees in place of some bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub instead_of: Range<usize>,
    pub what: Short,
}

impl Seen {
    /// There is nothing to be seen.
    pub(super) fn nothing(instead_of: Range<usize>) -> Self {
        Self { instead_of, what: Short::default() }
    }

    /// One character; `None` for one that cannot be seen and moves no line.
    pub(super) fn character(instead_of: Range<usize>, character: char) -> Option<Self> {
        let kept = !character.is_control() || matches!(character, '\t' | '\n' | '\r' | '\u{1b}');
        kept.then(|| Self { instead_of, what: Short::of(&[character]) })
    }

    /// These characters, or nothing to go by when they are too many.
    pub(super) fn characters(instead_of: Range<usize>, characters: &[char]) -> Option<Self> {
        let bytes: usize = characters.iter().map(|character| character.len_utf8()).sum();
        (bytes <= SHORT).then(|| Self { instead_of, what: Short::of(characters) })
    }
}

/// The most bytes that one escape or letter stands for.
pub(super) const SHORT: usize = 8;

/// A few bytes, without a place on the heap.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Short {
    bytes: [u8; SHORT],
    length: usize,
}

impl Short {
    pub(super) fn of(characters: &[char]) -> Self {
        let mut short = Self::default();
        for character in characters {
            short.length += character.encode_utf8(&mut short.bytes[short.length..]).len();
        }
        short
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// Where the pieces of one step come from. A piece of equal length on both sides was copied.
#[derive(Clone, Debug)]
pub(super) struct Map(Vec<Piece>);

#[derive(Clone, Copy, Debug)]
struct Piece {
    /// Where it begins in the result.
    at: usize,
    /// How long it is there.
    length: usize,
    /// What it was before: from here ...
    from: usize,
    /// ... until here.
    until: usize,
}

impl Map {
    /// Where in the result what stands there is.
    pub(super) fn shown(&self, range: &Range<usize>) -> Range<usize> {
        let copied = |piece: &Piece| piece.length == piece.until - piece.from;
        let first = self.0.partition_point(|piece| piece.until <= range.start);
        let last = self.0.partition_point(|piece| piece.from < range.end);
        let whole = self.0.last().map_or(0, |piece| piece.at + piece.length);
        let start = self
            .0
            .get(first)
            .map_or(whole, |piece| piece.at + if copied(piece) { range.start.saturating_sub(piece.from) } else { 0 });
        let end = last.checked_sub(1).map(|last| &self.0[last]).map_or(0, |piece| {
            piece.at + if copied(piece) { piece.length.min(range.end - piece.from) } else { piece.length }
        });
        start..end.max(start)
    }

    /// Whether what stands there was taken over as it is.
    pub(super) fn copies(&self, range: &Range<usize>) -> bool {
        let after = self.0.partition_point(|piece| piece.from <= range.start);
        let piece = after.checked_sub(1).map(|at| self.0[at]);
        piece.is_some_and(|piece| piece.length == piece.until - piece.from && range.end <= piece.until)
    }

    pub(super) fn origin(&self, range: &Range<usize>) -> Range<usize> {
        let piece = |at: usize| &self.0[self.0.partition_point(|piece| piece.at <= at).max(1) - 1];
        let (first, last) = (piece(range.start), piece(range.end.saturating_sub(1)));
        let copied = |piece: &Piece| piece.length == piece.until - piece.from;
        let start = if copied(first) { first.from + (range.start - first.at) } else { first.from };
        let end = if copied(last) { last.from + (range.end - last.at) } else { last.until };
        start..end.max(start)
    }
}

/// Writes a reading and its map.
pub(super) struct Writer<'t> {
    source: &'t [u8],
    out: Vec<u8>,
    pieces: Vec<Piece>,
    /// Up to here the source was written.
    pub done: usize,
}

impl<'t> Writer<'t> {
    pub(super) fn new(source: &'t [u8]) -> Self {
        Self { source, out: Vec::new(), pieces: Vec::new(), done: 0 }
    }

    pub(super) fn replace(&mut self, seen: &Seen) {
        self.copy(seen.instead_of.start);
        self.push(&seen.instead_of, seen.what.as_bytes());
    }

    /// What is seen in front of `at`.
    pub(super) fn last(&self, at: usize) -> Option<&u8> {
        if self.done == at { self.out.last() } else { self.source[..at].last() }
    }

    /// Leaves out the byte at `at` and, of this line, the letter that is seen in front of it.
    pub(super) fn take_back(&mut self, at: usize) {
        self.copy(at);
        self.done = at + 1;
        let letter = self.out.iter().rev().take(4).take_while(|byte| **byte & 0xC0 == 0x80).count() + 1;
        let Some(piece) = self.pieces.last_mut().filter(|_| !self.out.ends_with(b"\n")) else { return };
        if piece.length == piece.until - piece.from && piece.length > letter {
            piece.length -= letter;
            piece.until -= letter;
            self.out.truncate(self.out.len() - letter);
        } else {
            self.out.truncate(piece.at);
            self.pieces.pop();
        }
    }

    /// Leaves out a stretch.
    pub(super) fn skip(&mut self, range: &Range<usize>) {
        self.copy(range.start);
        self.done = range.end;
    }

    pub(super) fn copy(&mut self, until: usize) {
        let source = self.source;
        self.push(&(self.done..until), &source[self.done..until]);
    }

    pub(super) fn push(&mut self, instead_of: &Range<usize>, what: &[u8]) {
        if !what.is_empty() {
            let (at, length) = (self.out.len(), what.len());
            self.pieces.push(Piece { at, length, from: instead_of.start, until: instead_of.end });
            self.out.extend_from_slice(what);
        }
        self.done = instead_of.end;
    }

    /// `None` where nothing is different.
    pub(super) fn finish(mut self) -> Option<(Vec<u8>, Map)> {
        if self.done == 0 {
            return None;
        }
        self.copy(self.source.len());
        (!self.pieces.is_empty()).then_some((self.out, Map(self.pieces)))
    }
}
