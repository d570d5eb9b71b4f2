//! A reader in, a writer out.

use std::io::{BufRead, BufReader, Write};

use encoding_rs_io::DecodeReaderBytesBuilder;
use redaction::Redactor;

/// What the input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// Text, in pieces of whole lines.
    Text,
    /// One JSON document.
    Json,
}

/// Where [`filter`] says why, and whether also of what was left alone.
pub(super) struct Explain<'w> {
    /// Gets one line for each.
    pub(super) to: &'w mut dyn Write,
    /// Also what could have been a secret and stays. Of a JSON document this is not known.
    pub(super) kept: bool,
}

/// Why [`filter`] stopped.
#[derive(Debug, thiserror::Error)]
pub(super) enum FilterError {
    /// Reading or writing failed.
    #[error("reading or writing failed")]
    Io(#[from] std::io::Error),
    /// The input was said to be JSON and is not.
    #[error("the input is not a JSON document")]
    Json(#[from] serde_json::Error),
}

/// Text is held back until this much is there, so that blocks of lines are seen whole.
const PIECE: usize = 256 * 1024;
/// A cut never falls into the last lines of a piece: they are read again with the next one.
const HELD_LINES: usize = 120;

/// Writes what `input` holds without its secrets. With `explain`, writes to it one line
/// for each secret: where (line:column, or JSON pointer), rule, what it is for, and who proposed it, which row of the
/// policy decided, on which facts.
///
/// A byte order mark says whether the input is UTF-8 or UTF-16; what comes out is UTF-8. Text that is neither is read
/// with
/// replacement characters.
///
/// # Errors
///
/// When reading or writing fails, or JSON was promised and something else came.
pub(super) fn filter(
    redactor: &Redactor,
    format: Format,
    input: &mut dyn BufRead,
    output: &mut dyn Write,
    explain: Option<Explain<'_>>,
) -> Result<(), FilterError> {
    let mut input = BufReader::new(DecodeReaderBytesBuilder::new().bom_sniffing(true).strip_bom(true).build(input));
    if format == Format::Text {
        return text(redactor, &mut input, output, explain);
    }
    let cleaned = redactor.json(serde_json::from_reader(input)?);
    // As text first: the library would hide what went wrong with the output.
    writeln!(output, "{}", serde_json::to_string_pretty(&cleaned.value)?)?;
    output.flush()?;
    if let Some(explain) = explain {
        for taken in cleaned.taken {
            writeln!(explain.to, "{}\t{}\t{}", taken.pointer, taken.rule, taken.count)?;
        }
    }
    Ok(())
}

fn text(
    redactor: &Redactor,
    input: &mut dyn BufRead,
    output: &mut dyn Write,
    mut explain: Option<Explain<'_>>,
) -> Result<(), FilterError> {
    let mut held: Vec<u8> = Vec::new();
    let mut line = 1;
    loop {
        let read = input.read_until(b'\n', &mut held)?;
        if read > 0 && held.len() < PIECE {
            continue;
        }
        let cut = if read == 0 { held.len() } else { cut(&held) };
        let piece = String::from_utf8_lossy(&held[..cut]).into_owned();
        if let Some(explain) = &mut explain {
            show(redactor, &piece, line, explain)?;
        }
        output.write_all(redactor.text(&piece).value.as_bytes())?;
        line += piece.bytes().filter(|b| *b == b'\n').count();
        held.drain(..cut);
        if read == 0 {
            return Ok(output.flush()?);
        }
    }
}

/// Where to cut a piece: some lines before its end, and before a key block that is still open.
fn cut(held: &[u8]) -> usize {
    let mut at = held.len();
    for _ in 0..HELD_LINES {
        match memchr::memrchr(b'\n', &held[..at.saturating_sub(1)]) {
            Some(found) if found + 1 > held.len() / 2 => at = found + 1,
            _ => break,
        }
    }
    let open = memchr::memmem::rfind(&held[..at], b"-----BEGIN");
    let closed = memchr::memmem::rfind(&held[..at], b"-----END");
    match open {
        Some(open) if closed.is_none_or(|closed| closed < open) && open > 0 => {
            memchr::memrchr(b'\n', &held[..open]).map_or(at, |line| line + 1)
        }
        _ => at,
    }
}

fn show(redactor: &Redactor, piece: &str, first: usize, explain: &mut Explain<'_>) -> Result<(), FilterError> {
    let taken = redactor.explain(piece).into_iter().map(|finding| (finding, "taken"));
    let kept = if explain.kept { redactor.explain_kept(piece) } else { Vec::new() };
    let mut findings: Vec<_> = taken.chain(kept.into_iter().map(|finding| (finding, "kept"))).collect();
    findings.sort_by_key(|(finding, _)| (finding.range.start, finding.range.end));
    let (mut line, mut start, mut seen) = (first, 0, 0);
    for (finding, what) in findings {
        let at = finding.range.start;
        for newline in memchr::memchr_iter(b'\n', &piece.as_bytes()[seen..at]) {
            line += 1;
            start = seen + newline + 1;
        }
        seen = at;
        let column = String::from_utf8_lossy(&piece.as_bytes()[start..at]).chars().count() + 1;
        let points = finding.points.iter().map(|(part, points)| format!("{part} {points:+}"));
        let facts: Vec<String> = finding.facts.iter().map(|fact| (*fact).to_owned()).chain(points).collect();
        let because = if facts.is_empty() { String::new() } else { format!(" [{}]", facts.join("; ")) };
        let said = if explain.kept { format!("{what}\t") } else { String::new() };
        writeln!(
            explain.to,
            "{line}:{column}\t{said}{}\t{}\t{}: {} ({}){because}",
            finding.rule, finding.kind, finding.detector, finding.row, finding.why
        )?;
    }
    Ok(())
}
