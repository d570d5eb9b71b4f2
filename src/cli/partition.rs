//! `partition`: where PostgreSQL's tables are cut, as the owner.

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use anyhow::{Context as _, bail};
use clap::Args;
use time::{Date, macros::format_description};

use crate::{
    clock::{Clock as _, SystemClock},
    config::{Deciding, Settings},
    redact::Redactor,
    store::{Boundary, DropDecision, Droppable, Partition, Partitions},
};

#[derive(Debug, Args)]
#[group(multiple = false, id = "partition-action")]
pub(super) struct Action {
    /// Begin a partition with this day, UTC, such as 2027-01-01; without it, with tomorrow
    #[arg(long, value_name = "DAY")]
    at: Option<String>,
    /// Drop all partitions that end on this day, UTC, or before it
    #[arg(long, value_name = "DAY", requires_all = ["reason", "by"])]
    drop_before: Option<String>,
    /// Print which partitions there are
    #[arg(long)]
    list: bool,
}

#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(flatten)]
    action: Action,
    /// Why they are dropped: stored in the audit record, after redaction
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Who decided that: stored in the audit record, after redaction
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// Only count what would be dropped
    #[arg(long, requires = "drop_before")]
    dry_run: bool,
    /// Drop without asking
    #[arg(long)]
    yes: bool,
}

pub(super) async fn run(settings: &Settings, options: &Options) -> anyhow::Result<()> {
    let Deciding { database, redactor } = settings.for_deciding()?;
    let mut partitions = Partitions::open(&database).await?;
    let done = match &options.action {
        Action { list: true, .. } => list(&mut partitions).await,
        Action { drop_before: Some(day), .. } => drop_before(&mut partitions, day, options, &redactor).await,
        Action { at, .. } => make(&mut partitions, at.as_deref()).await,
    };
    partitions.close().await;
    done
}

async fn make(partitions: &mut Partitions, at: Option<&str>) -> anyhow::Result<()> {
    let boundary = match at {
        Some(day) => boundary(day).context("--at")?,
        None => SystemClock.now().date().next_day().and_then(Boundary::of).context("there is no tomorrow")?,
    };
    let making = partitions.make(boundary, &SystemClock);
    tokio::select! {
        made = making => made?,
        // What was held for the moment must not be left behind.
        _ = tokio::signal::ctrl_c() => bail!("stopped: run the same again, which takes away what this run had begun"),
    }
    println!("A partition begins on {}.", boundary.day());
    Ok(())
}

async fn list(partitions: &mut Partitions) -> anyhow::Result<()> {
    let found = partitions.list().await?;
    if found.is_empty() {
        println!("The tables are not partitioned.");
        return Ok(());
    }
    println!("{:12}{:12}{:>16}{:>16}{:>12}", "from", "to", "requests", "audit records", "MiB");
    for Partition { from, to, requests, events, bytes, .. } in found {
        println!("{:12}{:12}{requests:16}{events:16}{:12}", day(from), day(to), bytes >> 20);
    }
    println!("Rows are PostgreSQL's estimates.");
    Ok(())
}

fn day(boundary: Option<Boundary>) -> String {
    boundary.map_or_else(|| "-".to_owned(), |boundary| boundary.day().to_string())
}

async fn drop_before(
    partitions: &mut Partitions,
    day: &str,
    options: &Options,
    redactor: &Redactor,
) -> anyhow::Result<()> {
    let droppable = partitions.droppable(boundary(day).context("--drop-before")?, &SystemClock).await?;
    let Droppable { partitions: going, before, requests, events } = &droppable;
    let what = format!(
        "{} partition(s) with {requests} support request(s) and {events} audit record(s) of before {}",
        going.len(),
        before.day()
    );
    if options.dry_run {
        println!("Would drop {what}.");
        return Ok(());
    }
    if !options.yes {
        confirm(&what)?;
    }
    let stored = |text: &Option<String>| redactor.text(text.as_deref().unwrap_or_default().trim()).value;
    let (reason, by) = (stored(&options.reason), stored(&options.by));
    if reason.is_empty() || by.is_empty() {
        bail!("--reason and --by must say something: they stay in the audit record");
    }
    partitions.drop(&droppable, DropDecision { reason: &reason, by: &by }, &SystemClock).await?;
    println!("Dropped {what}.");
    Ok(())
}

fn boundary(text: &str) -> anyhow::Result<Boundary> {
    let day = Date::parse(text, format_description!("[year]-[month]-[day]")).ok().and_then(Boundary::of);
    day.context("must be a day such as 2027-01-01, not before 1970")
}

/// Asks on a terminal; elsewhere there is nobody to ask.
fn confirm(what: &str) -> anyhow::Result<()> {
    let mut stdin = std::io::stdin().lock();
    if !stdin.is_terminal() {
        bail!("would drop {what}: add --yes where nobody can be asked");
    }
    eprint!("Drop {what} for good? Type yes: ");
    std::io::stderr().flush()?;
    let mut answer = String::new();
    stdin.read_line(&mut answer)?;
    if answer.trim() == "yes" { Ok(()) } else { bail!("nothing was dropped") }
}
