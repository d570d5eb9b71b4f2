//! `partition`: where PostgreSQL's tables are cut, as the owner.

use anyhow::{Context as _, bail};
use clap::Args;
use time::{Date, macros::format_description};

use super::{confirm, decision, output::print_line};
use crate::{
    clock::{Clock as _, SystemClock},
    config::{OwnerCommand, RuleSource, Settings},
    store::{Boundary, Droppable, Partition, Partitions},
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
    let OwnerCommand { database, rules } = settings.for_owner_command()?;
    let mut partitions = Partitions::open(&database).await?;
    let done = match &options.action {
        Action { list: true, .. } => list(&mut partitions).await,
        Action { drop_before: Some(day), .. } => drop_before(&mut partitions, day, options, rules).await,
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
    print_line(&format!("A partition begins on {}.", boundary.day()))?;
    Ok(())
}

async fn list(partitions: &mut Partitions) -> anyhow::Result<()> {
    let found = partitions.list().await?;
    if found.is_empty() {
        print_line("The tables are not partitioned.")?;
        return Ok(());
    }
    print_line(&format!("{:12}{:12}{:>16}{:>16}{:>12}", "from", "to", "requests", "audit records", "MiB"))?;
    for Partition { from, to, requests, events, bytes, .. } in found {
        print_line(&format!("{:12}{:12}{requests:16}{events:16}{:12}", day(from), day(to), bytes >> 20))?;
    }
    print_line("Rows are PostgreSQL's estimates.")?;
    Ok(())
}

fn day(boundary: Option<Boundary>) -> String {
    boundary.map_or_else(|| "-".to_owned(), |boundary| boundary.day().to_string())
}

async fn drop_before(
    partitions: &mut Partitions,
    day: &str,
    options: &Options,
    rules: RuleSource,
) -> anyhow::Result<()> {
    let droppable = partitions.droppable(boundary(day).context("--drop-before")?, &SystemClock).await?;
    let Droppable { partitions: going, before, requests, events } = &droppable;
    let what = format!(
        "{} partition(s) with {requests} support request(s) and {events} audit record(s) of before {}",
        going.len(),
        before.day()
    );
    if options.dry_run {
        print_line(&format!("Would drop {what}."))?;
        return Ok(());
    }
    let decision = decision::read(&rules.compiled(), options.reason.as_deref(), options.by.as_deref())?;
    if !options.yes {
        confirm::ask(&format!("drop {what}"), None)?;
    }
    partitions.drop(&droppable, &decision, &SystemClock).await?;
    print_line(&format!("Dropped {what}."))?;
    Ok(())
}

fn boundary(text: &str) -> anyhow::Result<Boundary> {
    let day = Date::parse(text, format_description!("[year]-[month]-[day]")).ok().and_then(Boundary::of);
    day.context("must be a day such as 2027-01-01, not before 1970")
}
