//! A text as a person reads it, with a map back to its bytes.
//!
//! A terminal colours what it prints, a logger escapes it, a browser percent-encodes it, a mail program folds it.
//! Whoever reads it sees through all of that, and so must the rules: they get other readings of the same text, know
//! nothing of how those came about, and what they find goes from the text as it stands. Where a reading is no
//! different from the text there is none, and nothing is read twice.

mod coloured;
mod dumped;
mod encoded;
mod escaped;
mod folded;
mod letters;
mod quoted;
mod rows;
mod spaced;
mod tagged;
mod written;

use std::ops::Range;

use crate::byte_classes::ByteClasses;
use written::{Map, Seen, Writer};

/// A text that was escaped more often than this is not read further: nobody nests deeper.
const ROUNDS: usize = 4;

/// A longer word is judged by a part of it.
const WORD: usize = 64;

/// Another reading of a text.
#[derive(Debug)]
pub(crate) struct Reading {
    /// What a person sees.
    pub text: Vec<u8>,
    /// From the text to this reading, step by step.
    steps: Vec<Map>,
    /// Nothing but its lines were joined.
    folded: bool,
}

impl Reading {
    /// Where in the original text something of this reading stands.
    pub(crate) fn origin(&self, range: Range<usize>) -> Range<usize> {
        self.steps.iter().rev().fold(range, |range, map| map.origin(&range))
    }

    /// What is to be seen in place of what stands there in the original text.
    pub(crate) fn shown(&self, range: &Range<usize>) -> &[u8] {
        &self.text[self.steps.iter().fold(range.clone(), |range, map| map.shown(&range))]
    }

    /// The same, from the beginning to the end of the word.
    pub(crate) fn word_at(&self, range: &Range<usize>) -> &[u8] {
        let Range { start, end } = self.steps.iter().fold(range.clone(), |range, map| map.shown(&range));
        let ahead = self.text[end..].iter().take_while(|byte| !byte.is_ascii_whitespace() && !b"<\"',;".contains(byte));
        let before = self.text[..start].iter().rev().take(WORD).take_while(|byte| byte.is_ascii_alphabetic());
        self.text[start - before.count()..end + ahead.take(WORD).count()].trim_ascii()
    }

    /// Whether what stands there in the original text reads otherwise here.
    pub(crate) fn sees_through(&self, range: &Range<usize>) -> bool {
        !self.folded && self.steps.first().is_some_and(|map| !map.copies(range))
    }
}

/// The other reading of `text`: none for most texts.
pub(crate) fn reading(text: &[u8], classes: ByteClasses) -> Option<Reading> {
    let mut reading = None;
    if classes.has(ByteClasses::LINE) {
        further(text, &mut reading, dumped::open);
    }
    let classes = reading.as_ref().map_or(classes, |reading| ByteClasses::of(&reading.text));
    see_through(text, &mut reading, classes, Marks::InValues);
    if !classes.has(ByteClasses::LINE) {
        return reading;
    }
    let folded = reading.is_none();
    if further(text, &mut reading, folded::unfold) {
        let resolved = further(text, &mut reading, |text| resolve(text, Marks::InValues));
        reading = reading.map(|reading| Reading { folded: folded && !resolved, ..reading });
    }
    reading
}

/// The text without colours and invisible characters, its escapes resolved, its letters plain. `None`: it is so
/// already.
pub(crate) fn plain(text: &[u8]) -> Option<Reading> {
    let mut reading = None;
    see_through(text, &mut reading, ByteClasses::of(text), Marks::AsTheyAre);
    reading
}

/// How a quotation mark or an `&` is read that an escape tells from those which end a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Marks {
    /// As itself: values are compared.
    AsTheyAre,
    /// As a letter that ends nothing: values are looked for.
    InValues,
}

fn see_through(text: &[u8], reading: &mut Option<Reading>, classes: ByteClasses, marks: Marks) {
    if classes.has(ByteClasses::BLANK) {
        further(text, reading, spaced::close);
    }
    if !classes.has(ByteClasses::HIDING) {
        return;
    }
    if classes.has(ByteClasses::EQUALS) {
        further(text, reading, encoded::words);
    }
    for _ in 0..ROUNDS {
        if !further(text, reading, |text| resolve(text, marks)) {
            break;
        }
    }
}

/// One step further from the text, if it leads anywhere.
fn further(text: &[u8], reading: &mut Option<Reading>, step: impl Fn(&[u8]) -> Option<(Vec<u8>, Map)>) -> bool {
    let Some((text, map)) = step(reading.as_ref().map_or(text, |reading| &reading.text)) else { return false };
    let mut steps = reading.take().map_or_else(Vec::new, |reading| reading.steps);
    steps.push(map);
    *reading = Some(Reading { text, steps, folded: false });
    true
}

/// One round over the text.
fn resolve(text: &[u8], marks: Marks) -> Option<(Vec<u8>, Map)> {
    let quoted_printable = encoded::is_quoted_printable(text);
    let mut writer = Writer::new(text);
    let mut at = 0;
    while let Some(found) = text[at..].iter().position(|byte| ByteClasses::is(*byte, ByteClasses::HIDING)) {
        at += found;
        if matches!(text[at], b'"' | b'\'') && quoted::ends(text, at) {
            at += 1;
            continue;
        }
        if text[at] == 0x08 {
            writer.take_back(at);
            at += 1;
            continue;
        }
        let seen = seen(text, at, writer.done, quoted_printable, marks);
        let seen = seen.filter(|seen| seen.instead_of.start >= writer.done);
        match seen.map(|seen| quoted::in_word(text, writer.last(at), seen, marks)) {
            Some(seen) => {
                at = seen.instead_of.end;
                writer.replace(&seen);
            }
            None => at += 1,
        }
    }
    writer.finish()
}

/// What is seen of what begins at `at`, where it is not what stands there. Nothing before `done` is looked at.
fn seen(text: &[u8], at: usize, done: usize, is_quoted_printable: bool, marks: Marks) -> Option<Seen> {
    match text[at] {
        b'^' => coloured::sequence(text, at).or_else(|| escaped::caret(text, at)),
        0x1b => coloured::sequence(text, at),
        b'[' => coloured::sequence(text, at).or_else(|| tagged::inline(text, at)),
        b'\\' => escaped::backslash(text, at),
        b'#' => escaped::number_sign(text, at),
        b'`' => escaped::backtick(text, at),
        b'%' => encoded::percent(text, at, marks),
        b'+' => encoded::plus(text, at),
        b'&' => escaped::entity(text, at),
        b'=' if is_quoted_printable => encoded::quoted_printable(text, at),
        b'"' | b'\'' => quoted::joint(text, at, marks),
        b'<' => tagged::inline(text, at).or_else(|| tagged::line_end(text, at)),
        b'{' if text.get(at + 1).is_some_and(u8::is_ascii_lowercase) => tagged::inline(text, at),
        0x80.. => letters::letter(text, at, done),
        0..b' ' | 0x7f => Some(Seen::nothing(at..at + 1)),
        _ => None,
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
            (r"\xc3\xa9 %C3%A9", "é é"),
            ("&quot;&#x27;&#39;&amp;&nbsp;", "\"''& "),
            ("a%2522b", "a\"b"),
            (r#"\\\"x\\\""#, "\"x\""),
            ("\u{1b}[1;31mred\u{1b}[0m ^[[32mgreen [0m", "red green "),
            (r"\u001b[36mx\033[0m\e[0m\x1B[0m", "x"),
            ("pass\u{200b}wo\u{ad}rd", "password"),
            ("ｐａｓｓ＝１", "pass=1"),
            ("e\u{301}", "é"),
            ("p a s s w o r d   i s", "password is"),
            ("p\u{8}pa\u{8}a\0s\u{7}s", "pass"),
            (r"b'\xff\xfep\x00w\x00'", "b'pw'"),
            (r#""ab" + "cd" . "ef""#, "\"abcdef\""),
            (r"'it'\''s' a^&b", "'it's' a&b"),
            ("pass<b>wo</b>rd<br>", "password\n"),
            ("=?utf-8?Q?Gr=C3=BC=C3=9Fe_an?=", "Grüße an"),
            ("run —user", "run --user"),
        ] {
            assert_eq!(read(text), read_as, "{text:?}");
        }
    }

    #[test]
    fn a_text_that_hides_nothing_has_no_other_reading() {
        for text in ["", "a plain line", r"C:\new\table", "100% & more [1] a^b x=3D", "Grüße, 你好"] {
            assert!(reading(text.as_bytes(), ByteClasses::of(text.as_bytes())).is_none(), "{text:?}");
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
        let shown = |what: &str| {
            let found = text.find(what).expect("it is there");
            String::from_utf8_lossy(reading.shown(&(found..found + what.len()))).into_owned()
        };
        assert_eq!(shown("p\u{200b}w"), "pw");
        assert_eq!(shown("%22x"), "\"x");
        assert_eq!(shown("\u{1b}[31m"), "");
        assert_eq!(shown("end"), "end");
        assert!(reading.sees_through(&(4..10)) && !reading.sees_through(&(0..3)));
    }
}
