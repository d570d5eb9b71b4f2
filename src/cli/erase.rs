//! `erase`: what the law wants forgotten, with an audit record of it. As the owner, never over HTTP.

pub(super) mod selection;

use std::sync::Arc;

use anyhow::{Context as _, bail};
use clap::Args;
use time::{Duration, OffsetDateTime};

use super::{confirm, decision::Given, output::print_line, verify::bar};
use crate::{
    clock::SystemClock,
    config::{OwnerCommand, Settings},
    domain::ids::Reference,
    store::{Archive, DatabaseUrl, Decision, Erasable, Eraser, Remains, Rewriting, Selection, StoreError},
};

#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(flatten)]
    which: selection::Which,
    /// Why: stands in the audit record of each erasure for good, so name no one
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Whom to ask about it: stands there too
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// Say how many it would be, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// Also write the tables anew, so that nothing of what was erased stays in their files; writers wait or get 503
    /// meanwhile. Alone: only that
    #[arg(long, conflicts_with = "dry_run")]
    rewrite: bool,
}

pub(super) async fn run(settings: &Settings, options: &Options) -> anyhow::Result<()> {
    let OwnerCommand { database, rules } = settings.for_owner_command()?;
    let rewriting = if options.rewrite { Rewriting::Whole } else { Rewriting::Quick };
    let Some(selection) = options.which.selection()? else {
        if !options.rewrite {
            bail!("say what to erase: {}", selection::WAYS);
        }
        let mut eraser = Eraser::open(&database, Arc::new(SystemClock)).await?;
        let remains = eraser.clear(rewriting).await;
        eraser.close().await;
        return tell(&database, NOTHING, remains);
    };
    if options.dry_run {
        let found = count(&database, &selection).await?;
        print_line(&format!("This would erase {}. Nothing was changed.", described(&found)))?;
        return Ok(());
    }
    let given = Given::parse(options.reason.as_deref(), options.by.as_deref())?;
    // Meanwhile it is counted, and the database opened.
    let redactor = tokio::task::spawn_blocking(|| rules.compiled());
    let decision = async move { anyhow::Ok(given.redacted(&redactor.await?)) };
    erase(&database, &selection, decision, options.yes, rewriting).await
}

async fn erase(
    database: &DatabaseUrl,
    selection: &Selection,
    decision: impl Future<Output = anyhow::Result<Decision>>,
    yes: bool,
    rewriting: Rewriting,
) -> anyhow::Result<()> {
    let found = count(database, selection).await?;
    let mut eraser = Eraser::open(database, Arc::new(SystemClock)).await?;
    if found.requests > 0 && !yes {
        confirm::ask(&format!("erase {}", described(&found)), Some(found.requests))?;
    }
    let decision = decision.await?;
    let bar = bar(found.requests);
    let outcome = eraser.erase(selection, &decision, |more| bar.inc(more as u64)).await;
    bar.finish_and_clear();
    let Ok(done) = outcome else {
        eraser.close().await;
        let count = bar.position();
        return outcome.map(drop).with_context(|| format!("stopped after {count}; running this again does the rest"));
    };
    // Also where there was nothing: the last run may have been stopped before it came to that.
    let remains = eraser.clear(rewriting).await;
    eraser.close().await;
    let told = match done.requests {
        0 => NOTHING.to_owned(),
        requests => format!("Erased: {requests} support request(s), erasure {}.", done.erasure),
    };
    tell(database, &told, remains)
}

async fn count(database: &DatabaseUrl, selection: &Selection) -> anyhow::Result<Erasable> {
    let archive = Archive::open(database).await?;
    let found = archive.erasable(selection).await;
    archive.close().await;
    Ok(found?)
}

/// How many, and from when to when.
fn described(found: &Erasable) -> String {
    let of = found.requests;
    match found.span {
        Some((first, last)) => format!("{of} support request(s), from {} to {}", day(first), day(last)),
        None => format!("{of} support requests"),
    }
}

fn day(reference: Reference) -> String {
    let since = Duration::milliseconds(i64::try_from(reference.timestamp_ms()).unwrap_or(i64::MAX));
    OffsetDateTime::UNIX_EPOCH.checked_add(since).map_or_else(|| reference.to_string(), |time| time.date().to_string())
}

/// What is said where nothing was found.
const NOTHING: &str = "Nothing was to be erased.";

/// What was done, and what the operator has yet to think of. What is still in the way is a failure: somebody must come
/// back to it.
fn tell(database: &DatabaseUrl, done: &str, remains: Result<Remains, StoreError>) -> anyhow::Result<()> {
    let in_here = match remains {
        Ok(Remains::Nothing) => "The tables were written anew",
        Ok(Remains::FreeSpace) if database.file().is_some() => {
            "Freed pages are zeros and the log is empty; in pages in use, pieces may lie between the rows: \
             erase --rewrite takes them, too"
        }
        Ok(Remains::FreeSpace) => {
            "What was freed is overwritten when its space is used again; erase --rewrite frees it at once"
        }
        Ok(Remains::Log | Remains::OldVersions(_)) | Err(_) => "Old copies are still in the database",
    };
    print_line(&format!("{done} {in_here}. Backups and exports are yours to look after."))?;
    match remains {
        Ok(Remains::Nothing | Remains::FreeSpace) => Ok(()),
        Ok(Remains::Log) => bail!(
            "old pages are still in the write-ahead log, because somebody reads from it all the time: run this again"
        ),
        Ok(Remains::OldVersions(rows)) => bail!(
            "a transaction that began before may still read {rows} old version(s) of rows: end it, and run this again"
        ),
        Err(error) => Err(error).context("old copies could not be cleared away: run this again"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_found_is_told_with_its_days() {
        let first = Reference::parse("SR-01HF7YAT000000000000000001").unwrap();
        let found = Erasable { requests: 3, span: Some((first, first)) };
        assert_eq!(described(&found), "3 support request(s), from 2023-11-14 to 2023-11-14");
        assert_eq!(described(&Erasable::default()), "0 support requests");
    }
}
