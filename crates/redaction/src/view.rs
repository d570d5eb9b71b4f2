//! A text as a person reads it, with a map back to its bytes.
//!
//! A terminal colours what it prints, a logger escapes it, a browser percent-encodes it, a mail program folds it.
//! Whoever
//! reads it sees through all of that, and so must the rules: they get other readings of the same text, know nothing of
//! how those came about, and what they find goes from the text as it stands. Where a reading is no different from the
//! text there is none, and nothing is read twice.

mod coloured;
mod encoded;
mod escaped;
mod folded;
mod letters;

use std::ops::Range;

/// A text that was escaped more often than this is not read further: nobody nests deeper.
const ROUNDS: usize = 4;

/// Another reading of a text.
#[derive(Debug)]
pub(crate) struct Reading {
    /// What a person sees.
    pub text: Vec<u8>,
    /// From the text to this reading, step by step.
    steps: Vec<Map>,
}

impl Reading {
    /// Where in the original text something of this reading stands.
    pub(crate) fn origin(&self, range: Range<usize>) -> Range<usize> {
        self.steps.iter().rev().fold(range, |range, map| map.origin(&range))
    }
}

/// Every other reading of `text`: none for most texts, two at most.
pub(crate) fn readings(text: &[u8]) -> Vec<Reading> {
    let plain = plain(text);
    let folded = folded::unfold(plain.as_ref().map_or(text, |reading| &reading.text));
    let folded = folded.map(|(text, map)| {
        let mut steps = plain.as_ref().map_or_else(Vec::new, |reading| reading.steps.clone());
        steps.push(map);
        Reading { text, steps }
    });
    plain.into_iter().chain(folded).collect()
}

/// The text without colours and invisible characters, its escapes resolved, its letters plain. `None`: it is so
/// already.
pub(crate) fn plain(text: &[u8]) -> Option<Reading> {
    let (text, map) = resolve(text)?;
    let mut reading = Reading { text, steps: vec![map] };
    for _ in 1..ROUNDS {
        let Some((text, map)) = resolve(&reading.text) else { break };
        reading.text = text;
        reading.steps.push(map);
    }
    Some(reading)
}

/// One round over the text.
fn resolve(text: &[u8]) -> Option<(Vec<u8>, Map)> {
    let quoted_printable = encoded::is_quoted_printable(text);
    let mut writer = Writer::new(text);
    let mut at = 0;
    while let Some(found) = text[at..].iter().position(|byte| may_stand_for_another(*byte)) {
        at += found;
        let seen = match text[at] {
            0x1b | b'[' | b'^' => coloured::sequence(text, at).map(|end| Seen::nothing(at..end)),
            b'\\' => escaped::backslash(text, at),
            b'%' => encoded::percent(text, at),
            b'&' => escaped::entity(text, at),
            b'=' if quoted_printable => encoded::quoted_printable(text, at),
            0x80.. => letters::letter(text, at, writer.done),
            _ => None,
        };
        match seen {
            Some(seen) => {
                at = seen.instead_of.end;
                writer.replace(&seen);
            }
            None => at += 1,
        }
    }
    writer.finish()
}

/// Whether something that begins with this byte may stand for something else.
fn may_stand_for_another(byte: u8) -> bool {
    matches!(byte, 0x1b | b'[' | b'^' | b'\\' | b'%' | b'&' | b'=' | 0x80..)
}

/// What a person sees in place of some bytes.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    instead_of: Range<usize>,
    what: Short,
}

impl Seen {
    /// There is nothing to be seen.
    fn nothing(instead_of: Range<usize>) -> Self {
        Self { instead_of, what: Short::default() }
    }

    /// One character; `None` for one that cannot be seen and moves no line.
    fn character(instead_of: Range<usize>, character: char) -> Option<Self> {
        let kept = !character.is_control() || matches!(character, '\t' | '\n' | '\r' | '\u{1b}');
        kept.then(|| Self { instead_of, what: Short::of(&[character]) })
    }

    /// These characters, or nothing to go by when they are too many.
    fn characters(instead_of: Range<usize>, characters: &[char]) -> Option<Self> {
        let bytes: usize = characters.iter().map(|character| character.len_utf8()).sum();
        (bytes <= SHORT).then(|| Self { instead_of, what: Short::of(characters) })
    }
}

/// The most bytes that one escape or letter stands for.
const SHORT: usize = 8;

/// A few bytes, without a place on the heap.
#[derive(Debug, Default, PartialEq, Eq)]
struct Short {
    bytes: [u8; SHORT],
    length: usize,
}

impl Short {
    fn of(characters: &[char]) -> Self {
        let mut short = Self::default();
        for character in characters {
            short.length += character.encode_utf8(&mut short.bytes[short.length..]).len();
        }
        short
    }

    fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// Where the pieces of one step come from. A piece of equal length on both sides was copied.
#[derive(Clone, Debug)]
struct Map(Vec<Piece>);

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
    fn origin(&self, range: &Range<usize>) -> Range<usize> {
        let piece = |at: usize| &self.0[self.0.partition_point(|piece| piece.at <= at).max(1) - 1];
        let (first, last) = (piece(range.start), piece(range.end.saturating_sub(1)));
        let copied = |piece: &Piece| piece.length == piece.until - piece.from;
        let start = if copied(first) { first.from + (range.start - first.at) } else { first.from };
        let end = if copied(last) { last.from + (range.end - last.at) } else { last.until };
        start..end.max(start)
    }
}

/// Writes a reading and its map.
struct Writer<'t> {
    source: &'t [u8],
    out: Vec<u8>,
    pieces: Vec<Piece>,
    /// Up to here the source was written.
    done: usize,
}

impl<'t> Writer<'t> {
    fn new(source: &'t [u8]) -> Self {
        Self { source, out: Vec::new(), pieces: Vec::new(), done: 0 }
    }

    fn replace(&mut self, seen: &Seen) {
        self.copy(seen.instead_of.start);
        self.push(&seen.instead_of, seen.what.as_bytes());
    }

    /// Leaves out a stretch.
    fn skip(&mut self, range: &Range<usize>) {
        self.copy(range.start);
        self.done = range.end;
    }

    fn copy(&mut self, until: usize) {
        let source = self.source;
        self.push(&(self.done..until), &source[self.done..until]);
    }

    fn push(&mut self, instead_of: &Range<usize>, what: &[u8]) {
        if !what.is_empty() {
            let (at, length) = (self.out.len(), what.len());
            self.pieces.push(Piece { at, length, from: instead_of.start, until: instead_of.end });
            self.out.extend_from_slice(what);
        }
        self.done = instead_of.end;
    }

    /// `None` where nothing is different.
    fn finish(mut self) -> Option<(Vec<u8>, Map)> {
        if self.done == 0 {
            return None;
        }
        self.copy(self.source.len());
        (!self.pieces.is_empty()).then_some((self.out, Map(self.pieces)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        plain(text.as_bytes()).map_or(text.to_owned(), |reading| String::from_utf8(reading.text).expect("UTF-8"))
    }

    #[test]
    fn a_text_reads_as_a_person_reads_it() {
        for (text, read_as) in [
            (r"\x22a\u0022\047\/\u{22}", "\"a\"'/\""),
            (r"\ud83d\ude00 \xc3\xa9 %C3%A9", "😀 é é"),
            ("&quot;&#x27;&#39;&amp;&nbsp;", "\"''& "),
            ("a%2522b", "a\"b"),
            (r#"\\\"x\\\""#, "\"x\""),
            ("\u{1b}[1;31mred\u{1b}[0m ^[[32mgreen [0m", "red green "),
            (r"\u001b[36mx\033[0m\e[0m\x1B[0m", "x"),
            ("pass\u{200b}wo\u{ad}rd", "password"),
            ("ｐａｓｓ＝１", "pass=1"),
            ("e\u{301}", "é"),
        ] {
            assert_eq!(read(text), read_as, "{text:?}");
        }
    }

    #[test]
    fn a_text_that_hides_nothing_has_no_other_reading() {
        for text in ["", "a plain line", r"C:\new\table", "100% & more [1] a^b x=3D", "Grüße, 你好"] {
            assert!(readings(text.as_bytes()).is_empty(), "{text:?}: {:?}", readings(text.as_bytes()));
        }
    }

    #[test]
    fn what_is_found_in_a_reading_is_found_in_the_text() {
        let text = "say \u{1b}[31mp\u{200b}w\u{1b}[0m=%22x%22 end";
        let reading = plain(text.as_bytes()).expect("it has one");
        let at = |what: &str| {
            let found = memchr::memmem::find(&reading.text, what.as_bytes()).expect("it is there");
            &text[reading.origin(found..found + what.len())]
        };
        assert_eq!(at("pw"), "p\u{200b}w");
        assert_eq!(at("x"), "x");
        assert_eq!(at("\"x\""), "%22x%22");
        assert_eq!(at("end"), "end");
    }
}
