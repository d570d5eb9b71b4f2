//! JSON text into canonical JSON (RFC 8785) without a tree of values: members are put in order, everything else is looked
//! at and copied. `verify` does this for every document that is stored.
//!
//! What PostgreSQL prints of a `jsonb` has its texts escaped as RFC 8785 wants them (`escape_json` in its `json.c`), so
//! they are only checked. Numbers are compared in their notation: `jsonb` keeps `1.0` apart from `1`, and so does this.

use std::{borrow::Cow, cmp::Ordering, ops::Range};

/// How deep a document may be, as everywhere else that reads one.
const DEPTH_MAX: usize = 128;

/// Digits that a double holds, whichever they are.
const EXACT_DIGITS: usize = 15;

/// How a database writes numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Notation {
    /// As RFC 8785 does.
    Canonical,
    /// As PostgreSQL's `numeric` does, without exponents.
    Numeric,
}

/// The canonical JSON of what PostgreSQL prints of a `jsonb`. None where a number in it has another notation than the
/// canonical document would have there, and where it is no document.
#[must_use]
pub fn canonical_of_jsonb(text: &str) -> Option<String> {
    rewritten(text, Notation::Numeric)
}

/// Whether a text is canonical JSON.
#[must_use]
pub fn is_canonical(text: &str) -> bool {
    rewritten(text, Notation::Canonical).is_some_and(|canonical| canonical == text)
}

fn rewritten(text: &str, notation: Notation) -> Option<String> {
    let mut scanner = Scanner {
        text: text.as_bytes(),
        at: 0,
        notation,
        written: Vec::with_capacity(text.len()),
        members: Vec::new(),
        sorted: Vec::new(),
    };
    scanner.value(0)?;
    (scanner.at == scanner.text.len()).then_some(())?;
    // Pieces of a text, cut at ASCII.
    String::from_utf8(scanner.written).ok()
}

/// A member that was written: where its name is, without quotation marks, and all of it.
struct Member {
    name: Range<usize>,
    whole: Range<usize>,
}

struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
    notation: Notation,
    written: Vec<u8>,
    /// Of all objects that are open.
    members: Vec<Member>,
    sorted: Vec<u8>,
}

impl Scanner<'_> {
    fn next(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// The byte that comes next, if it is this one. A blank behind a separator is taken too.
    fn takes(&mut self, byte: u8) -> bool {
        let found = self.next() == Some(byte);
        if found {
            self.at += 1;
            if matches!(byte, b':' | b',') && self.next() == Some(b' ') {
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
        self.written.extend_from_slice(word);
        Some(())
    }

    fn array(&mut self, depth: usize) -> Option<()> {
        self.at += 1;
        self.written.push(b'[');
        if !self.takes(b']') {
            loop {
                self.value(depth + 1)?;
                if self.takes(b']') {
                    break;
                }
                self.takes(b',').then_some(())?;
                self.written.push(b',');
            }
        }
        self.written.push(b']');
        Some(())
    }

    fn object(&mut self, depth: usize) -> Option<()> {
        self.at += 1;
        self.written.push(b'{');
        let (first, start) = (self.members.len(), self.written.len());
        if !self.takes(b'}') {
            loop {
                let begun = self.written.len();
                let name = self.string()?;
                self.takes(b':').then_some(())?;
                self.written.push(b':');
                self.value(depth + 1)?;
                self.members.push(Member { name, whole: begun..self.written.len() });
                if self.takes(b'}') {
                    break;
                }
                self.takes(b',').then_some(())?;
                self.written.push(b',');
            }
        }
        self.sort(first, start)?;
        self.members.truncate(first);
        self.written.push(b'}');
        Some(())
    }

    /// Puts the members from `first` on, which were written from `start` on, in the order of their names. None where two
    /// have one name.
    fn sort(&mut self, first: usize, start: usize) -> Option<()> {
        let members = &mut self.members[first..];
        let written = &self.written;
        let order = |a: &Member, b: &Member| order(&written[a.name.clone()], &written[b.name.clone()]);
        if members.is_sorted_by(|a, b| order(a, b) == Ordering::Less) {
            return Some(());
        }
        members.sort_unstable_by(order);
        members.is_sorted_by(|a, b| order(a, b) == Ordering::Less).then_some(())?;
        self.sorted.clear();
        for member in members {
            if !self.sorted.is_empty() {
                self.sorted.push(b',');
            }
            self.sorted.extend_from_slice(&written[member.whole.clone()]);
        }
        self.written.truncate(start);
        self.written.extend_from_slice(&self.sorted);
        Some(())
    }

    /// Copies a text, which must be escaped as RFC 8785 does; where it is now, without quotation marks.
    fn string(&mut self) -> Option<Range<usize>> {
        (self.next()? == b'"').then_some(())?;
        let start = self.at + 1;
        let mut at = start;
        loop {
            let piece = &self.text[at..];
            let length = memchr::memchr2(b'"', b'\\', piece)?;
            // No control character stands there as it is.
            if piece[..length].iter().any(|byte| *byte < b' ') {
                return None;
            }
            at += length;
            if self.text[at] == b'"' {
                break;
            }
            at += escape(&self.text[at..])?;
        }
        self.written.push(b'"');
        let name = self.written.len()..self.written.len() + (at - start);
        self.written.extend_from_slice(&self.text[start..=at]);
        self.at = at + 1;
        Some(name)
    }

    fn number(&mut self) -> Option<()> {
        let rest = &self.text[self.at..];
        let is_part = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E');
        let token = &rest[..rest.iter().position(|byte| !is_part(byte)).unwrap_or(rest.len())];
        let digits = token.strip_prefix(b"-").unwrap_or(token);
        let is_plain = (1..=EXACT_DIGITS).contains(&digits.len())
            && digits.iter().all(u8::is_ascii_digit)
            && (digits[0] != b'0' || token == b"0");
        if is_plain {
            self.written.extend_from_slice(token);
        } else {
            let token = std::str::from_utf8(token).ok()?;
            let number: f64 = token.parse().ok()?;
            let canonical = serde_json_canonicalizer::to_string(&number).ok()?;
            let wanted = match self.notation {
                Notation::Canonical => Cow::Borrowed(canonical.as_str()),
                Notation::Numeric => without_exponent(&canonical)?,
            };
            (wanted == token).then_some(())?;
            self.written.extend_from_slice(canonical.as_bytes());
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
    let is_plain = |name: &[u8]| name.is_ascii() && memchr::memchr(b'\\', name).is_none();
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
