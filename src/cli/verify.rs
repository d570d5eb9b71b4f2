//! `verify`: tamper evidence, for operators and their cron jobs.

mod accept;
mod files;
mod print;

use std::{path::PathBuf, sync::Arc};

use anyhow::{Context as _, anyhow, bail};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::CouldNot;
use crate::{
    clock::{Clock as _, SystemClock},
    config::Settings,
    private_file,
    store::Archive,
    verification::{self, Fault, FaultKind, Faults, Heads, Plan, Report, Step, Thoroughness, Witness},
};

/// Exit status 0: all holds. 1: something does not, and is named. 2: nothing can be said.
#[derive(Debug, Args)]
pub(super) struct Options {
    /// Write the newest link of every chain to this file, when all holds: keep it where the database's owner cannot reach it. The file that was there is kept as FILE.1, FILE.2, …
    #[arg(long, value_name = "FILE")]
    save_heads: Option<PathBuf>,
    /// Also find chains that were cut off since these heads were saved; or since they were logged, in a log of the service
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// Walk only over what came since these heads were saved
    #[arg(long, value_name = "FILE", conflicts_with = "against")]
    from: Option<PathBuf>,
    /// Name all faults, not only the first
    #[arg(long)]
    keep_going: bool,
    /// Print a report for machines, on standard output
    #[arg(long)]
    json: bool,
    /// An empty database is right
    #[arg(long)]
    allow_empty: bool,
    #[command(flatten)]
    accept: accept::Acceptance,
}

pub(super) async fn run(settings: &Settings, options: &Options) -> anyhow::Result<()> {
    let report = looked(settings, options).await.context(CouldNot("nothing was verified"))?;
    if options.json {
        print::json(&report)?;
    } else {
        print::decisions(&report)?;
    }
    if report.holds() {
        if let Some(file) = &options.save_heads {
            let text = report.heads.text()?;
            private_file::replace_and_keep(file, text.as_bytes()).context(CouldNot("the heads could not be saved"))?;
        }
        if !options.json {
            print::all_holds(&report, options.from.is_some())?;
        }
        return Ok(());
    }
    Err(print::broken(&report.faults))
}

/// Looks at everything, and puts on record what is to be accepted.
async fn looked(settings: &Settings, options: &Options) -> anyhow::Result<Report> {
    let witness = options.against.as_deref().map(files::witness).transpose()?.unwrap_or_default();
    let from = options.from.as_deref().map(files::heads).transpose()?;
    let decided = options.accept.read(settings)?;
    let archive = Archive::open(&settings.for_reading()?).await?;
    let mut report = look(&archive, options, &witness, from.as_ref()).await?;
    if let Some(decided) = decided {
        if report.only_cuts {
            decided.put_on_record(&report.cuts).await?;
            report = look(&archive, options, &witness, from.as_ref()).await?;
        } else if report.holds() {
            bail!("there is nothing to accept: all holds");
        }
    }
    if report.is_empty() && report.holds() && !options.allow_empty {
        bail!(
            "the database is empty: where that is right, say so with --allow-empty; else look whether it is the right one"
        );
    }
    Ok(report)
}

async fn look(archive: &Archive, options: &Options, witness: &Witness, from: Option<&Heads>) -> anyhow::Result<Report> {
    let thoroughness = if options.keep_going { Thoroughness::AllFaults } else { Thoroughness::FirstFault };
    let bar = bar(0);
    let shown = bar.clone();
    let progress = move |step| match step {
        Step::Of(rows) => shown.set_length(rows),
        Step::Done(rows) => shown.inc(rows),
    };
    let plan = Plan {
        thoroughness,
        witness: Arc::new(witness.clone()),
        key: SystemClock.salt(),
        progress: Arc::new(progress),
    };
    let mut weak = Faults::default();
    for weakness in archive.weaknesses().await? {
        weak.push(Fault::new(FaultKind::Defences, "the database's defences", weakness));
    }
    let report = match from {
        Some(heads) => verification::since(archive, &plan, heads).await,
        None => verification::whole(archive, &plan).await,
    };
    bar.finish_and_clear();
    let mut report = report?;
    report.only_cuts &= weak.is_empty();
    report.faults.append(weak);
    report.faults.keep(thoroughness);
    Ok(report)
}

/// A bar on standard error, where that is a terminal; nothing elsewhere.
pub(super) fn bar(of: u64) -> ProgressBar {
    let bar = ProgressBar::new(of);
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {pos}/{len} {eta}") {
        bar.set_style(style);
    }
    bar
}

/// An error of the first fault, or of how many there are.
fn broken(first: &Fault, count: u64) -> anyhow::Error {
    // Keys of rows, which somebody may have written.
    let first = super::visible::harmless(&first.to_string());
    if count == 1 { anyhow!("{first}") } else { anyhow!("{first} (the first of {count} faults)") }
}
