//! `redact`: the rules on somebody's own logs, before going live.

use std::io::Write as _;

use clap::Args;
use redaction::{Format, filter};

use super::output::Output;
use crate::config::Settings;

#[derive(Debug, Args)]
pub(super) struct Options {
    /// The input is one JSON document, not text
    #[arg(long)]
    json: bool,
    /// Also say, on standard error, which rule took what kind of thing where; never the thing itself
    #[arg(long)]
    explain: bool,
}

pub(super) fn run(settings: &Settings, options: &Options) -> anyhow::Result<()> {
    let redactor = settings.for_redaction()?;
    let format = if options.json { Format::Json } else { Format::Text };
    let mut out = Output::open()?;
    let mut said = std::io::stderr().lock();
    let explain: Option<&mut dyn std::io::Write> = if options.explain { Some(&mut said) } else { None };
    filter(&redactor, format, &mut std::io::stdin().lock(), &mut out, explain)?;
    out.flush()?;
    Ok(())
}
