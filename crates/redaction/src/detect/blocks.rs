//! Keys that come as blocks of lines: PEM, OpenSSH, PGP, `PuTTY`.

use crate::engine::Label;
use crate::search::Search;
use crate::text::scan::{line_end, skip_blanks};

/// A block longer than this is cut off (an RSA key of 16384 bits has some 13 KB).
const BLOCK_LIMIT: usize = 64 * 1024;

/// A longer line is looked at in pieces.
const LINE: usize = 4096;

/// `-----BEGIN … PRIVATE KEY-----`: the body goes, also when the end was cut off.
pub(crate) fn block(search: &mut Search<'_>, start: usize) {
    let text = search.text;
    if start < search.covered {
        return;
    }
    let header_limit = text.len().min(start + 80);
    let head = &text[start + 5..header_limit];
    let Some(dashes) = memchr::memmem::find(head, b"-----") else { return };
    let title = &head[..dashes];
    let private = [&b"PRIVATE KEY"[..], b"SECRET KEY", b"OpenVPN Static key"]
        .iter()
        .any(|kind| memchr::memmem::find(title, kind).is_some());
    let body = start + 5 + dashes + 5;
    let end = block_end(search, body);
    if !private {
        // Among so many letters of a certificate some look like the beginning of a token.
        search.public_end = end;
        search.public.push((start, end));
        return;
    }
    take_body(search, body, end);
}

/// Where the body ends: at its `-----END`, or where its lines stop looking like one.
fn block_end(search: &mut Search<'_>, body: usize) -> usize {
    let text = search.text;
    let next = |known: usize, mark: &[u8]| match known {
        known if known >= body => known,
        _ => memchr::memmem::find(&text[body..], mark).map_or(text.len(), |found| body + found),
    };
    search.block_end = next(search.block_end, b"-----END");
    search.block_start = next(search.block_start, b"-----BEGIN");
    if search.block_end < search.block_start.min(body + BLOCK_LIMIT) {
        return search.block_end;
    }
    // A beginning among the lines of another block: only its own line can end it earlier than they do.
    let known = &search.block_lines;
    if known.contains(&body) {
        let line = &text[body..line_end(text, body, LINE).min(known.end)];
        return if is_prose(line) { body } else { known.end };
    }
    let limit = text.len().min(body + BLOCK_LIMIT).min(search.block_start);
    let other = |b: &u8| !(b.is_ascii_alphanumeric() || b"+/=\\ \r\n\t:,-.".contains(b));
    let stop = text[body..limit].iter().position(other).map_or(limit, |found| body + found);
    // Prose after a cut: a line with blanks between words is not part of a key.
    let mut at = body;
    while at < stop {
        let end = line_end(text, at, LINE).min(stop);
        if is_prose(&text[at..end]) {
            break;
        }
        at = end + 1;
    }
    let end = at.min(stop);
    if end < limit || limit < body + BLOCK_LIMIT {
        search.block_lines = body..end;
    }
    end
}

/// More than three words, and no colon that makes it a header.
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
        let mut from = at;
        while from < stop
            && (text[from].is_ascii_whitespace()
                || (text[from] == b'\\' && stop - from > 1 && b"nrt\\".contains(&text[from + 1])))
        {
            from += 1 + usize::from(text[from] == b'\\' && text[from + 1] != b'\\');
        }
        let mut to = stop;
        while to > from && text[to - 1].is_ascii_whitespace() {
            to -= 1;
        }
        // Leaves the escapes of a line end to the text around.
        loop {
            let slash = text[from..to].iter().rposition(|b| *b != b'\\').map_or(from, |found| from + found + 1);
            if to - slash > 0 && slash >= from {
                to = slash;
            } else if to >= from + 2 && text[to - 2] == b'\\' && matches!(text[to - 1], b'n' | b'r' | b't') {
                to -= 2;
            } else {
                break;
            }
        }
        // `<paste the contents of your key here>`
        let stands_in = text[from..to].starts_with(b"<") && text[from..to].ends_with(b">");
        let long = !stands_in && text[from..to].iter().filter(|b| b.is_ascii_alphanumeric()).count() >= 8;
        if long {
            search.take(Label::PrivateKey, from, to);
        }
        at = stop + 1;
    }
}

/// `Private-Lines: 8` of a `PuTTY` key: the lines below go.
pub(crate) fn putty(search: &mut Search<'_>, end: usize) {
    let text = search.text;
    let at = skip_blanks(text, end, 4);
    let digits = text[at..].iter().take(4).take_while(|b| b.is_ascii_digit()).count();
    let Some(count) = std::str::from_utf8(&text[at..at + digits]).ok().and_then(|digits| digits.parse::<usize>().ok())
    else {
        return;
    };
    let start = (line_end(text, at, 16) + 1).min(text.len());
    let mut stop = start;
    for _ in 0..count.min(400) {
        stop = line_end(text, stop, 200);
        if stop >= text.len() || text[stop] != b'\n' {
            break;
        }
        stop += 1;
    }
    let stop = stop.saturating_sub(usize::from(stop > start && text[stop - 1] == b'\n'));
    search.take(Label::PuttyKey, start, stop);
}

/// `-----END … PRIVATE KEY-----` without its beginning: the lines above it go.
pub(crate) fn block_tail(search: &mut Search<'_>, start: usize, end: usize) {
    let text = search.text;
    let title = &text[end..text.len().min(end + 40)];
    if start < search.covered + 8 || memchr::memmem::find(title, b"PRIVATE KEY").is_none() {
        return;
    }
    let body = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=' | b'\n' | b'\r' | b'\\');
    let floor = search.covered.max(start.saturating_sub(BLOCK_LIMIT));
    let from = text[floor..start].iter().rposition(|b| !body(b)).map_or(floor, |found| floor + found + 1);
    // The first of these lines may be the tail of a sentence.
    let from = memchr::memchr(b'\n', &text[from..start]).filter(|line| *line < 40).map_or(from, |line| from + line + 1);
    if start > from + 16 && text[from..start].iter().any(u8::is_ascii_digit) {
        take_body(search, from, start);
    }
}
