//! `export`: stored requests, oldest first, page by page, as JSON Lines or CSV on standard output.

use std::io::{BufWriter, Write};

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use time::{Date, OffsetDateTime, format_description::well_known::Rfc3339, macros::format_description};
use ulid::Ulid;

use super::verify::bar;
use crate::{
    config::Settings,
    domain::{
        ids::{Reference, TenantId, WorkspaceId},
        record::{Column, Part, Record, Value},
    },
    store::{Archive, Filter},
};

#[derive(Debug, Args)]
pub(super) struct Options {
    /// How to print: a JSON object a line (exact), or comma-separated values (for spreadsheets)
    #[arg(long, value_enum, default_value_t = Format::Jsonl)]
    format: Format,
    /// Only this workspace's
    #[arg(long, value_name = "ID")]
    workspace: Option<String>,
    /// Only this tenant's, of that workspace
    #[arg(long, value_name = "ID", requires = "workspace")]
    tenant: Option<String>,
    /// Only from this time on: 2026-01-31, or 2026-01-31T09:00:00Z
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Only before this time
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Jsonl,
    Csv,
}

pub(super) async fn run(settings: &Settings, options: &Options) -> anyhow::Result<()> {
    let filter = options.filter()?;
    let archive = Archive::open(&settings.for_reading()?).await?;
    let bar = bar(u64::try_from(archive.count(&filter).await?).unwrap_or_default());
    let mut out = Output::start(options.format, BufWriter::new(std::io::stdout().lock()))?;
    let mut after = String::new();
    loop {
        let page = archive.records(&filter, &after).await?;
        let Some(last) = page.last() else { break };
        after.clone_from(&last.reference);
        for stored in &page {
            out.write(stored)?;
        }
        bar.inc(page.len() as u64);
    }
    bar.finish_and_clear();
    out.finish()
}

impl Options {
    fn filter(&self) -> anyhow::Result<Filter> {
        let workspace = self.workspace.as_deref().map(WorkspaceId::parse).transpose().context("--workspace")?;
        let tenant = self.tenant.as_deref().map(TenantId::parse).transpose().context("--tenant")?;
        Ok(Filter {
            workspace: workspace.map(|id| id.to_string()),
            tenant: tenant.map(|id| id.to_string()),
            from: self.since.as_deref().map(first_reference).transpose().context("--since")?,
            before: self.until.as_deref().map(first_reference).transpose().context("--until")?,
        })
    }
}

/// The smallest reference of a time: references sort by the time that is in them.
fn first_reference(text: &str) -> anyhow::Result<String> {
    let day = Date::parse(text, format_description!("[year]-[month]-[day]")).map(|date| date.midnight().assume_utc());
    let Ok(time) = day.or_else(|_| OffsetDateTime::parse(text, &Rfc3339)) else {
        bail!("must be a day such as 2026-01-31 or a time such as 2026-01-31T09:00:00Z");
    };
    let milliseconds = time.unix_timestamp_nanos().div_euclid(1_000_000);
    let milliseconds = u64::try_from(milliseconds).context("must not be before 1970")?;
    Ok(Reference::from_ulid(Ulid::from_parts(milliseconds, 0)).to_string())
}

enum Output<W: Write> {
    Jsonl(W),
    Csv(Box<csv::Writer<W>>),
}

impl<W: Write> Output<W> {
    fn start(format: Format, out: W) -> anyhow::Result<Self> {
        Ok(match format {
            Format::Jsonl => Self::Jsonl(out),
            Format::Csv => {
                let mut csv = csv::Writer::from_writer(out);
                csv.write_record(Record::COLUMNS.iter().map(|column| column.name))?;
                Self::Csv(Box::new(csv))
            }
        })
    }

    fn write(&mut self, stored: &Record) -> anyhow::Result<()> {
        match self {
            Self::Jsonl(out) => {
                serde_json::to_writer(&mut *out, stored)?;
                out.write_all(b"\n")?;
            }
            Self::Csv(csv) => csv.write_record(csv_row(stored))?,
        }
        Ok(())
    }

    fn finish(self) -> anyhow::Result<()> {
        match self {
            Self::Jsonl(mut out) => out.flush()?,
            Self::Csv(mut csv) => csv.flush()?,
        }
        Ok(())
    }
}

fn csv_row(stored: &Record) -> Vec<String> {
    let cell = |(column, value): (&Column, Value)| match (column.part, value) {
        (Part::Personal, Value::Text(text)) => no_formula(text),
        (_, Value::Text(text) | Value::Json(text)) => text.to_owned(),
        (_, Value::Number(number)) => number.to_string(),
        (_, Value::Null) => String::new(),
    };
    Record::COLUMNS.iter().zip(stored.values()).map(cell).collect()
}

/// OWASP, CSV injection: a spreadsheet would run a text that starts like a formula, and callers write these texts.
fn no_formula(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_its_first_millisecond_in_utc() {
        assert_eq!(first_reference("2026-01-31").unwrap(), first_reference("2026-01-31T01:00:00+01:00").unwrap());
        assert!(first_reference("yesterday").is_err());
        assert!(first_reference("1969-12-31").is_err());
    }

    #[test]
    fn a_text_that_a_spreadsheet_would_run_is_made_harmless() {
        assert_eq!(no_formula("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(no_formula("plain = text"), "plain = text");
    }
}
