//! Secrets inside base64, compressed or not: decode, look, replace the whole run.
//!
//! Depth is bounded, a run is decoded once, and what was packed is unpacked up to a bound for the whole text, so the
//! work stays in proportion to the text.

use std::io::Read as _;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::GeneralPurpose;

use flate2::read::GzDecoder;

use crate::byte_classes::ByteClasses;
use crate::engine::Engine;
use crate::facts::encoded::{LENIENT, STANDARD, is_pair};
use crate::facts::label::Label;
use crate::search::Search;
use crate::text::scan::{is_base64, is_token};

/// Encodings inside encodings are followed this far.
const DEPTH: u8 = 2;
/// Shorter runs hold too little to be a named secret.
const SHORTEST: usize = 16;

const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// Looks into every encoded run of the text.
pub(crate) fn look_inside(engine: &Engine, search: &mut Search<'_>, depth: u8) {
    if depth >= DEPTH || !search.classes.has(ByteClasses::UPPER) {
        return;
    }
    let text = search.text;
    let mut start = 0;
    // From behind, most words show after a few letters that they are too short.
    while let Some(least) = text.get(start..start + SHORTEST) {
        if let Some(other) = least.iter().rposition(|byte| !is_base64(*byte)) {
            start += other + 1;
            continue;
        }
        if search.is_late() {
            return;
        }
        let end = start + text[start..].iter().take_while(|byte| is_base64(**byte)).count();
        base64_run(engine, search, start, end, depth);
        start = end + 1;
    }
}

fn base64_run(engine: &Engine, search: &mut Search<'_>, start: usize, end: usize, depth: u8) {
    let run = &search.text[start..end];
    if search.text.get(end) == Some(&b'.') && matches!(run[0], b'M' | b'N' | b'O') {
        return dotted(search, start, end);
    }
    let dashes = run.iter().any(|b| matches!(b, b'-' | b'_'));
    // Words and digests decode to noise; text in base64 has capitals, small letters and no rhythm.
    if !run.iter().any(u8::is_ascii_uppercase) || !run.iter().any(u8::is_ascii_lowercase) {
        return;
    }
    let decoded = if dashes {
        URL_SAFE.decode(run)
    } else {
        STANDARD.decode(&run[..run.len() - usize::from(run.len() % 4 == 1)])
    };
    let Ok(mut decoded) = decoded else { return };
    if let Some(unpacked) = unpack(&decoded, &mut search.to_unpack) {
        decoded = unpacked;
    }
    // UTF-16, as PowerShell's `-EncodedCommand` has it.
    if decoded.len() >= 16 && decoded.iter().skip(1).step_by(2).all(|b| *b == 0) {
        decoded = decoded.into_iter().step_by(2).collect();
    }
    if is_text(&decoded) && (is_pair(&decoded) || engine_finds(engine, search, &decoded, depth)) {
        let end = end + search.text[end..].iter().take(2).take_while(|b| **b == b'=').count();
        search.take(Label::EncodedSecret, start, end, "");
    }
}

/// What gzip (RFC 1952) packed, as far as it is looked into.
fn unpack(packed: &[u8], left: &mut u64) -> Option<Vec<u8>> {
    packed.strip_prefix(&[0x1f, 0x8b])?;
    let mut unpacked = Vec::new();
    // A stream that is cut off gives what it has.
    let _ = GzDecoder::new(packed).take(*left).read_to_end(&mut unpacked);
    *left = left.saturating_sub(unpacked.len() as u64);
    // Whole characters, also at the cut.
    let whole = unpacked.utf8_chunks().next().map_or(0, |chunk| chunk.valid().len());
    unpacked.truncate(whole);
    Some(unpacked)
}

/// `MTE….Gxxxxx.…`: an id in base64, a time, a signature. Discord's bots have such tokens.
fn dotted(search: &mut Search<'_>, start: usize, end: usize) {
    let part = |from: usize| search.text[from..].iter().take(64).take_while(|b| is_token(**b)).count();
    let time = part(end + 1);
    let signature = if time == 6 && search.text.get(end + 7) == Some(&b'.') { part(end + 8) } else { 0 };
    if (23..=28).contains(&(end - start)) && signature >= 27 {
        search.take(Label::Token, start, end + 8 + signature, "");
    }
}

fn engine_finds(engine: &Engine, search: &mut Search<'_>, decoded: &[u8], depth: u8) -> bool {
    let Ok(spans) = engine.find(decoded, depth + 1, search.deadline) else {
        search.late = true;
        return false;
    };
    !spans.is_empty()
}

/// Printable text, most of it ASCII.
fn is_text(decoded: &[u8]) -> bool {
    let printable = |b: &&u8| (b' '..=b'~').contains(*b) || matches!(b, b'\n' | b'\r' | b'\t');
    decoded.len() >= 8
        && std::str::from_utf8(decoded).is_ok()
        && decoded.iter().filter(printable).count() * 10 >= decoded.len() * 9
}
