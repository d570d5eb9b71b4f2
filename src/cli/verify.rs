//! `verify`: tamper evidence, for operators and their cron jobs.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::output::print_line;
use crate::{
    config::Settings,
    store::Archive,
    verification::{Heads, verify},
};

#[derive(Debug, Args)]
pub(super) struct Options {
    /// Write the newest link of every chain to this file, when all holds: keep it where the database's owner cannot reach it
    #[arg(long, value_name = "FILE")]
    save_heads: Option<PathBuf>,
    /// Also find chains that were cut off since these heads were saved
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
}

pub(super) async fn run(settings: &Settings, options: &Options) -> anyhow::Result<()> {
    let against = options.against.as_deref().map(read_heads).transpose()?;
    let archive = Archive::open(&settings.for_reading()?).await?;
    let (_, links) = archive.counts().await?;
    let bar = bar(u64::try_from(links).unwrap_or_default());
    let verified = verify(&archive, against.as_ref(), |done| bar.set_position(done)).await;
    bar.finish_and_clear();
    let verified = verified?;
    if let Some(file) = &options.save_heads {
        save_heads(file, &verified.heads).context("the heads could not be saved")?;
    }
    print_line(&format!(
        "All holds: {} support request(s) in {} chain(s).",
        verified.links,
        verified.heads.heads.len()
    ))?;
    Ok(())
}

/// A bar on standard error, where that is a terminal; nothing elsewhere.
pub(super) fn bar(of: u64) -> ProgressBar {
    let bar = ProgressBar::new(of);
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {pos}/{len} {eta}") {
        bar.set_style(style);
    }
    bar
}

fn read_heads(file: &Path) -> anyhow::Result<Heads> {
    let text = std::fs::read_to_string(file).context("the saved heads cannot be read")?;
    let heads: Heads = serde_json::from_str(&text).context("this is not a file of saved heads")?;
    if heads.version != 1 {
        bail!("the saved heads are of another version than 1");
    }
    Ok(heads)
}

/// Whole or not at all: a half-written file would make the next verification fail for nothing.
fn save_heads(file: &Path, heads: &Heads) -> anyhow::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = file.file_name().context("a file must be named")?.to_string_lossy();
    let draft = folder.join(format!(".{name}.new"));
    let mut out = std::fs::File::create(&draft)?;
    serde_json::to_writer_pretty(&mut out, heads)?;
    out.write_all(b"\n")?;
    out.sync_all()?;
    std::fs::rename(&draft, file)?;
    Ok(())
}
