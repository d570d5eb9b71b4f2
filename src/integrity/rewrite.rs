//! JSON text into canonical JSON (RFC 8785) without a tree of values: members are put in order, everything else is looked
//! at and copied; where the text must be canonical already, it is only looked at. `verify` does this for every document
//! that is stored.
//!
//! What PostgreSQL prints of a `jsonb` has its texts escaped as RFC 8785 wants them (`escape_json` in its `json.c`), so
//! they are only checked. Numbers are compared in their notation: `jsonb` keeps `1.0` apart from `1`, and so does this.

use std::{borrow::Cow, cmp::Ordering, ops::Range};

/// How deep a document may be, as everywhere else that reads one.
const DEPTH_MAX: usize = 128;

/// Digits that a double holds, whichever they are.
const EXACT_DIGITS: usize = 15;

/// The canonical JSON of what PostgreSQL prints of a `jsonb`. None where a number in it has another notation than the
/// canonical document would have there, and where it is no document.
#[must_use]
pub fn canonical_of_jsonb(text: &str) -> Option<String> {
    let mut scanner = Scanner::<true>::of(text, Vec::with_capacity(text.len()));
    scanner.whole()?;
    // Pieces of a text, cut at ASCII.
    String::from_utf8(scanner.written).ok()
}

/// Whether a text is canonical JSON.
#[must_use]
pub fn is_canonical(text: &str) -> bool {
    Scanner::<false>::of(text, Vec::new()).whole().is_some()
}

/// The members of a canonical object, each with its name; none where the text is anything else.
pub(super) fn members(text: &str) -> Option<Vec<(&str, &str)>> {
    let mut scanner = Scanner::<false>::of(text, Vec::new());
    scanner.whole()?;
    let members = scanner.members.into_iter();
    text.starts_with('{').then(|| members.map(|member| (&text[member.name], &text[member.whole])).collect())
}

/// A member of an object.
struct Member {
    /// Where in the text its name is, without quotation marks.
    name: Range<usize>,
    /// Where all of it is, in what was written; where nothing is written, in the text.
    whole: Range<usize>,
}

/// Reads what PostgreSQL prints of a `jsonb`, or canonical JSON.
struct Scanner<'a, const JSONB: bool> {
    text: &'a [u8],
    at: usize,
    /// What the canonical JSON of a `jsonb` is. Of canonical JSON nothing is written.
    written: Vec<u8>,
    /// Of all objects that are open; at the end those of the whole document, if it is an object.
    members: Vec<Member>,
    sorted: Vec<u8>,
}

impl<'a, const JSONB: bool> Scanner<'a, JSONB> {
    fn of(text: &'a str, written: Vec<u8>) -> Self {
        Self { text: text.as_bytes(), at: 0, written, members: Vec::new(), sorted: Vec::new() }
    }

    /// Reads all of the text.
    fn whole(&mut self) -> Option<()> {
        self.value(0)?;
        (self.at == self.text.len()).then_some(())
    }

    fn write(&mut self, bytes: &[u8]) {
        if JSONB {
            self.written.extend_from_slice(bytes);
        }
    }

    /// Where what comes next begins.
    fn place(&self) -> usize {
        if JSONB { self.written.len() } else { self.at }
    }

    fn next(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// The byte that comes next, if it is this one. In a `jsonb`, a blank behind a separator is taken too.
    fn takes(&mut self, byte: u8) -> bool {
        let found = self.next() == Some(byte);
        if found {
            self.at += 1;
            if JSONB && matches!(byte, b':' | b',') && self.next() == Some(b' ') {
                self.at += 1;
            }
        }
        found
    }

    fn value(&mut self, depth: usize) -> Option<()> {
        if depth > DEPTH_MAX {
            return None;
        }
        match self.next()? {
            b'"' => self.string().map(drop),
            b'{' => self.object(depth),
            b'[' => self.array(depth),
            b't' => self.literal(b"true"),
            b'f' => self.literal(b"false"),
            b'n' => self.literal(b"null"),
            _ => self.number(),
        }
    }

    fn literal(&mut self, word: &[u8]) -> Option<()> {
        self.text[self.at..].starts_with(word).then_some(())?;
        self.at += word.len();
        self.write(word);
        Some(())
    }

    fn array(&mut self, depth: usize) -> Option<()> {
        self.at += 1;
        self.write(b"[");
        if !self.takes(b']') {
            loop {
                self.value(depth + 1)?;
                if self.takes(b']') {
                    break;
                }
                self.takes(b',').then_some(())?;
                self.write(b",");
            }
        }
        self.write(b"]");
        Some(())
    }

    fn object(&mut self, depth: usize) -> Option<()> {
        self.at += 1;
        self.write(b"{");
        let (first, start) = (self.members.len(), self.place());
        if !self.takes(b'}') {
            loop {
                let begun = self.place();
                let name = self.string()?;
                self.takes(b':').then_some(())?;
                self.write(b":");
                self.value(depth + 1)?;
                self.members.push(Member { name, whole: begun..self.place() });
                if self.takes(b'}') {
                    break;
                }
                self.takes(b',').then_some(())?;
                self.write(b",");
            }
        }
        self.sort(first, start)?;
        if depth > 0 {
            self.members.truncate(first);
        }
        self.write(b"}");
        Some(())
    }

    /// Puts the members from `first` on, which were written from `start` on, in the order of their names. None where two
    /// have one name, or where they should be in that order already.
    fn sort(&mut self, first: usize, start: usize) -> Option<()> {
        let members = &mut self.members[first..];
        let order = |a: &Member, b: &Member| order(&self.text[a.name.clone()], &self.text[b.name.clone()]);
        if members.is_sorted_by(|a, b| order(a, b) == Ordering::Less) {
            return Some(());
        }
        members.sort_unstable_by(order);
        (JSONB && members.is_sorted_by(|a, b| order(a, b) == Ordering::Less)).then_some(())?;
        self.sorted.clear();
        for member in members {
            if !self.sorted.is_empty() {
                self.sorted.push(b',');
            }
            self.sorted.extend_from_slice(&self.written[member.whole.clone()]);
        }
        self.written.truncate(start);
        self.written.extend_from_slice(&self.sorted);
        Some(())
    }

    /// Takes a text, which must be escaped as RFC 8785 does; where it is, without quotation marks.
    fn string(&mut self) -> Option<Range<usize>> {
        (self.next()? == b'"').then_some(())?;
        let start = self.at + 1;
        let mut at = start;
        loop {
            let piece = &self.text[at..];
            let length = memchr::memchr2(b'"', b'\\', piece)?;
            // No control character stands there as it is. All are looked at: that takes fewer steps than stopping at one.
            if piece[..length].iter().fold(0, |found, byte| found | u8::from(*byte < b' ')) != 0 {
                return None;
            }
            at += length;
            if self.text[at] == b'"' {
                break;
            }
            at += escape(&self.text[at..])?;
        }
        self.at = at + 1;
        let text = self.text;
        self.write(&text[start - 1..=at]);
        Some(start..at)
    }

    fn number(&mut self) -> Option<()> {
        let text = self.text;
        let rest = &text[self.at..];
        let is_part = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E');
        let token = &rest[..rest.iter().position(|byte| !is_part(byte)).unwrap_or(rest.len())];
        let digits = token.strip_prefix(b"-").unwrap_or(token);
        let is_plain = (1..=EXACT_DIGITS).contains(&digits.len())
            && digits.iter().all(u8::is_ascii_digit)
            && (digits[0] != b'0' || token == b"0");
        if is_plain {
            self.write(token);
        } else {
            let token = std::str::from_utf8(token).ok()?;
            let number: f64 = token.parse().ok()?;
            let canonical = serde_json_canonicalizer::to_string(&number).ok()?;
            let wanted = if JSONB { without_exponent(&canonical)? } else { Cow::Borrowed(canonical.as_str()) };
            (wanted == token).then_some(())?;
            self.write(canonical.as_bytes());
        }
        self.at += token.len();
        Some(())
    }
}

/// How long the escape is that a text begins with; none where RFC 8785 escapes it otherwise, or not at all.
fn escape(text: &[u8]) -> Option<usize> {
    match text.get(1)? {
        b'"' | b'\\' | b'b' | b'f' | b'n' | b'r' | b't' => Some(2),
        b'u' => {
            let digits = text.get(2..6)?;
            let is_control = digits.starts_with(b"00")
                && matches!(digits[2], b'0' | b'1')
                && matches!(digits[3], b'0'..=b'9' | b'a'..=b'f');
            let has_a_letter = matches!(digits, b"0008" | b"0009" | b"000a" | b"000c" | b"000d");
            (is_control && !has_a_letter).then_some(6)
        }
        _ => None,
    }
}

/// The order of RFC 8785: by UTF-16 code units of the names, not of their escapes.
fn order(a: &[u8], b: &[u8]) -> Ordering {
    let is_plain = |name: &[u8]| name.iter().all(|byte| *byte < 0x80 && *byte != b'\\');
    if is_plain(a) && is_plain(b) {
        return a.cmp(b);
    }
    let units = |name: &[u8]| -> Vec<u16> {
        let quoted = [b"\"", name, b"\""].concat();
        serde_json::from_slice::<String>(&quoted).unwrap_or_default().encode_utf16().collect()
    };
    units(a).cmp(&units(b))
}

/// A number as PostgreSQL prints it that was written as ECMAScript does.
fn without_exponent(number: &str) -> Option<Cow<'_, str>> {
    let Some((mantissa, exponent)) = number.split_once('e') else { return Some(Cow::Borrowed(number)) };
    let exponent: i32 = exponent.parse().ok()?;
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |mantissa| ("-", mantissa));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let point = i32::try_from(whole.len()).ok()? + exponent;
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or_default());
    Some(Cow::Owned(if point <= 0 {
        format!("{sign}0.{}{digits}", zeros(-point))
    } else {
        let behind = point - i32::try_from(digits.len()).ok()?;
        format!("{sign}{digits}{}", zeros(behind))
    }))
}
