//! What a batch looks like in each format, and how it gets to standard output.

use std::io::Write as _;

use anyhow::bail;
use clap::ValueEnum;

use super::{
    csv,
    pages::{Batch, Checked},
    parquet::Parquet,
};
use crate::cli::{output::Output, printed::Printed};

/// How requests are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// A JSON object a line, exact
    Jsonl,
    /// Comma-separated values, for spreadsheets
    Csv,
    /// Apache Parquet, exact, for analysts
    Parquet,
}

/// A batch, ready to be written.
pub(super) struct Prepared {
    content: Content,
    /// How many requests are in it.
    pub(super) rows: usize,
    /// What is not as it was written, in words.
    pub(super) faults: Vec<String>,
    /// Cells that were too long for a spreadsheet.
    pub(super) shortened: usize,
}

enum Content {
    Text(Vec<u8>),
    Rows(Vec<Printed>),
}

impl Format {
    /// The work that another core does: digests, then text.
    pub(super) fn prepare(self, batch: Batch) -> anyhow::Result<Prepared> {
        let Checked { rows, missing } = batch.check();
        let broken = rows.iter().filter_map(|row| Some(format!("{}: {}", row.record.reference, row.fault.as_ref()?)));
        let missing =
            missing.into_iter().map(|reference| format!("{reference}: it has an audit record and is missing"));
        let (faults, count, mut shortened) = (broken.chain(missing).collect(), rows.len(), 0);
        let content = match self {
            Self::Jsonl => {
                let mut text = String::new();
                for row in &rows {
                    row.append_line(&mut text);
                }
                Content::Text(text.into_bytes())
            }
            Self::Csv => {
                let lines = csv::lines(&rows)?;
                shortened = lines.shortened;
                Content::Text(lines.text)
            }
            Self::Parquet => Content::Rows(rows),
        };
        Ok(Prepared { content, rows: count, faults, shortened })
    }
}

/// Standard output, while it is being written to.
pub(super) enum Sink {
    Text(Output),
    Parquet(Box<Parquet<Output>>),
}

impl Sink {
    /// Writes what stands before the first row.
    pub(super) fn start(format: Format, byte_order_mark: Option<&str>) -> anyhow::Result<Self> {
        let mut out = Output::open()?;
        Ok(match format {
            Format::Jsonl => Self::Text(out),
            Format::Csv => {
                out.write_all(byte_order_mark.unwrap_or_default().as_bytes())?;
                out.write_all(&csv::header()?)?;
                Self::Text(out)
            }
            Format::Parquet if out.is_terminal() => bail!("Parquet is not for a terminal: redirect it into a file"),
            Format::Parquet => Self::Parquet(Box::new(Parquet::start(out)?)),
        })
    }

    pub(super) fn write(&mut self, prepared: Prepared) -> anyhow::Result<()> {
        match (self, prepared.content) {
            (Self::Text(out), Content::Text(text)) => out.write_all(&text)?,
            (Self::Parquet(file), Content::Rows(rows)) => file.write(rows)?,
            // One format prepares and writes.
            (Self::Text(_), Content::Rows(_)) | (Self::Parquet(_), Content::Text(_)) => {}
        }
        Ok(())
    }

    /// Writes what stands behind the last row. When this returns, the system has taken all of it.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        match self {
            Self::Text(mut out) => out.flush()?,
            Self::Parquet(file) => file.finish()?,
        }
        Ok(())
    }
}
