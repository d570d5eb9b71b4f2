//! `redact`: the rules on somebody's own logs, before going live.

mod filter;
#[cfg(test)]
mod tests;

use std::io::Write as _;

use clap::Args;

use self::filter::{Explain, Format, filter};
use super::output::Output;
use crate::config::Settings;

#[derive(Debug, Args)]
pub(super) struct Options {
    /// The input is one JSON document, not text
    #[arg(long)]
    json: bool,
    /// Also say, on standard error, which rule took what kind of thing where, and why; never the thing itself
    #[arg(long)]
    explain: bool,
    /// The same, and of what could have been a secret and stays
    #[arg(long)]
    explain_kept: bool,
}

pub(super) fn run(settings: &Settings, options: &Options) -> anyhow::Result<()> {
    let redactor = settings.for_redaction()?;
    let format = if options.json { Format::Json } else { Format::Text };
    let mut out = Output::open()?;
    let mut said = std::io::stderr().lock();
    let kept = options.explain_kept;
    let explain = (options.explain || kept).then_some(Explain { to: &mut said, kept });
    filter(&redactor, format, &mut std::io::stdin().lock(), &mut out, explain)?;
    out.flush()?;
    Ok(())
}
