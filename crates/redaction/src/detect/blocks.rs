//! Keys that come as blocks of lines: PEM, OpenSSH, PGP, `PuTTY`.

use crate::facts::label::Label;
use crate::facts::values::is_placeholder;
use crate::search::Search;
use crate::text::scan::{line_end, skip_blanks};

/// A block longer than this is cut off (an RSA key of 16384 bits has some 13 KB).
const BLOCK_LIMIT: usize = 64 * 1024;
/// A longer line is looked at in pieces.
const LINE: usize = 4096;
/// The title of a block is no longer.
const TITLE: usize = 80;
/// A shorter body is none, in letters and digits.
const SHORTEST: usize = 8;
/// More lines has no `PuTTY` key.
const PUTTY_LINES: usize = 400;

/// `-----BEGIN` or `-----END`.
pub(crate) fn edge(search: &mut Search<'_>, start: usize, end: usize) {
    if end - start == b"-----BEGIN".len() { block(search, start) } else { block_tail(search, start, end) }
}

/// `-----BEGIN … PRIVATE KEY-----`: the body goes, also when the end was cut off.
fn block(search: &mut Search<'_>, start: usize) {
    let text = search.text;
    if start < search.read.covered {
        return;
    }
    let head = &text[start + 5..text.len().min(start + TITLE)];
    let Some(dashes) = memchr::memmem::find(head, b"-----") else { return };
    let is_secret = |kind: &[u8]| memchr::memmem::find(&head[..dashes], kind).is_some();
    let body = start + 5 + dashes + 5;
    let end = block_end(search, body);
    if is_secret(b"PRIVATE KEY") || is_secret(b"SECRET KEY") || is_secret(b"Static key") {
        take_body(search, body, end);
    } else {
        // Among so many letters of a certificate some look like the beginning of a token.
        search.read.public_end = end;
        search.read.public.push((start, end));
    }
}

/// Where the body ends: at its `-----END`, or where its lines stop looking like one.
fn block_end(search: &mut Search<'_>, body: usize) -> usize {
    let text = search.text;
    let next = |known: usize, mark: &[u8]| match known {
        known if known >= body => known,
        _ => memchr::memmem::find(&text[body..], mark).map_or(text.len(), |found| body + found),
    };
    search.read.block_end = next(search.read.block_end, b"-----END");
    search.read.block_start = next(search.read.block_start, b"-----BEGIN");
    if search.read.block_end < search.read.block_start.min(body + BLOCK_LIMIT) {
        return search.read.block_end;
    }
    // A beginning among the lines of another block: only its own line can end it earlier than they do.
    let known = &search.read.block_lines;
    if known.contains(&body) {
        let line = &text[body..line_end(text, body, LINE).min(known.end)];
        return if is_prose(line) { body } else { known.end };
    }
    let limit = text.len().min(body + BLOCK_LIMIT).min(search.read.block_start);
    let other = |byte: &u8| !(byte.is_ascii_alphanumeric() || b"+/=\\ \r\n\t:,-.".contains(byte));
    // Up to where only such bytes stand was found out for a beginning before this one.
    let plain = &mut search.read.block_plain;
    *plain = body..if plain.contains(&body) { plain.end.min(limit) } else { body };
    plain.end += text[plain.end..limit].iter().position(other).unwrap_or(limit - plain.end);
    let stop = plain.end;
    let mut end = body;
    while end < stop {
        let line = line_end(text, end, LINE).min(stop);
        if is_prose(&text[end..line]) {
            break;
        }
        end = line + 1;
    }
    search.read.block_lines = body..end.min(stop);
    end.min(stop)
}

/// More than three words, and no colon that makes it a header: no part of a key.
fn is_prose(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    memchr::memchr_iter(b' ', line).nth(2).is_some() && !line.contains(&b':')
}

/// Takes the body; where quotes cut it (a list of lines), each piece for itself.
fn take_body(search: &mut Search<'_>, body: usize, end: usize) {
    let text = search.text;
    let mut at = body;
    while at < end {
        let stop = memchr::memchr2(b'"', b'\'', &text[at..end]).map_or(end, |found| at + found);
        let piece = without_line_ends(text, at, stop);
        let shown = &text[piece.clone()];
        if !is_placeholder(shown) && shown.iter().filter(|byte| byte.is_ascii_alphanumeric()).count() >= SHORTEST {
            search.take(Label::PrivateKey, piece.start, piece.end, "");
        }
        at = stop + 1;
    }
}

/// A piece without blanks and line ends around it, also such as are escaped.
fn without_line_ends(text: &[u8], mut start: usize, mut end: usize) -> std::ops::Range<usize> {
    loop {
        start += match text[start..end] {
            [b'\\', b'n' | b'r' | b't', ..] => 2,
            [first, ..] if first == b'\\' || first.is_ascii_whitespace() => 1,
            _ => break,
        };
    }
    loop {
        end -= match text[start..end] {
            [.., b'\\', b'n' | b'r' | b't'] => 2,
            [.., last] if last == b'\\' || last.is_ascii_whitespace() => 1,
            _ => return start..end,
        };
    }
}

/// `Private-Lines: 8` of a `PuTTY` key: the lines below go.
pub(crate) fn putty(search: &mut Search<'_>, _start: usize, end: usize) {
    let text = search.text;
    let at = skip_blanks(text, end, 4);
    let digits = text[at..].iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
    let Some(count) = std::str::from_utf8(&text[at..at + digits]).ok().and_then(|digits| digits.parse().ok()) else {
        return;
    };
    let start = (line_end(text, at, 16) + 1).min(text.len());
    let mut stop = start;
    for line in 0..PUTTY_LINES.min(count) {
        stop = line_end(text, if line == 0 { start } else { stop + 1 }, 200);
        if text.get(stop) != Some(&b'\n') {
            break;
        }
    }
    search.take(Label::PuttyKey, start, stop, "");
}

/// `-----END … PRIVATE KEY-----` without its beginning: the lines above it go.
fn block_tail(search: &mut Search<'_>, start: usize, end: usize) {
    let text = search.text;
    let title = &text[end..text.len().min(end + TITLE)];
    if start < search.read.covered + SHORTEST || memchr::memmem::find(title, b"PRIVATE KEY").is_none() {
        return;
    }
    let body = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=\n\r\\".contains(byte);
    let floor = search.read.covered.max(start.saturating_sub(BLOCK_LIMIT));
    let from = text[floor..start].iter().rposition(|byte| !body(byte)).map_or(floor, |found| floor + found + 1);
    if text[from..start].iter().any(u8::is_ascii_digit) {
        take_body(search, from, start);
    }
}
