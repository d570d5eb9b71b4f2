//! `export`: stored requests on standard output, their digests reckoned anew.
//!
//! While one batch is being written others are reckoned on other cores, and the next one is being read. There is never
//! more than a few of them in memory.

mod csv;
mod cursor;
mod decided;
mod format;
mod horizon;
mod options;
mod pages;
mod parquet;

use std::{process::ExitCode, thread};

use anyhow::bail;
use indicatif::ProgressBar;
pub(super) use options::Options;
use tokio::{sync::mpsc, task::JoinHandle};

use self::{
    cursor::Cursor,
    format::{Format, Prepared, Sink},
    horizon::Horizon,
    pages::{Chains, Source},
};
use super::{output::say, verify::bar, visible::harmless};
use crate::{
    config::Settings,
    store::{Archive, Filter, Position},
};

/// Most batches that are reckoned or wait at a time.
const BATCHES_MAX: usize = 8;
/// So many for each core: while one is reckoned another waits, so that no core does.
const BATCHES_A_CORE: usize = 2;

/// Most faults that are told one by one.
const FAULTS_TOLD: usize = 100;

pub(super) async fn run(settings: &Settings, options: &Options) -> anyhow::Result<ExitCode> {
    let mut filter = options.filter()?;
    let after = options.after()?;
    if options.bom && options.format != Format::Csv {
        bail!("--bom is for --format csv");
    }
    let byte_order_mark = options.bom.then_some(csv::BYTE_ORDER_MARK);
    let database = settings.for_reading()?;
    if let Some(file) = &options.cursor {
        let mut cursor = Cursor::read(file, &filter)?;
        let archive = Archive::open(&database).await?;
        let source = Source::Chains(Chains::from(filter, std::mem::take(&mut cursor.chains)));
        let export = Export::new(options.format, ProgressBar::new_spinner(), byte_order_mark)?;
        let (source, status) = export.run(&archive, source).await?;
        cursor.chains = source.into_chains();
        cursor.save(file)?;
        say("go on with the same command: the cursor file says where");
        return Ok(status);
    }
    let archive = Archive::open(&database).await?;
    let horizon = Horizon::of(&archive).await?;
    let wanted = filter.before.clone();
    if !options.including_recent {
        horizon.cut(&mut filter);
    }
    let bar = progress(&archive, &filter).await?;
    let position = Position::after(after.as_deref().unwrap_or_default());
    let export = Export::new(options.format, bar, byte_order_mark)?;
    let (_, status) = export.run(&archive, Source::References { filter, position }).await?;
    if wanted.is_none() && !options.including_recent {
        horizon.say_what_is_left();
    }
    say(&format!("go on with --after {}", horizon.go_on(after.as_deref(), wanted.as_deref())));
    Ok(status)
}

/// Counting takes its time, so it is done for whoever looks.
async fn progress(archive: &Archive, filter: &Filter) -> anyhow::Result<ProgressBar> {
    let hidden = bar(0);
    if hidden.is_hidden() {
        return Ok(hidden);
    }
    Ok(bar(u64::try_from(archive.count(filter).await?).unwrap_or_default()))
}

/// An export under way.
struct Export {
    format: Format,
    sink: Sink,
    bar: ProgressBar,
    told: Told,
}

/// What was found on the way.
#[derive(Default)]
struct Told {
    faults: usize,
    shortened: usize,
}

type Waiting = JoinHandle<anyhow::Result<Prepared>>;

impl Export {
    fn new(format: Format, bar: ProgressBar, byte_order_mark: Option<&str>) -> anyhow::Result<Self> {
        Ok(Self { format, sink: Sink::start(format, byte_order_mark)?, bar, told: Told::default() })
    }

    /// Exports all that `source` has. When this returns, the system has taken all of it.
    async fn run(mut self, archive: &Archive, source: Source) -> anyhow::Result<(Source, ExitCode)> {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let (queue, mut waiting) = mpsc::channel((cores * BATCHES_A_CORE).min(BATCHES_MAX));
        let reading = tokio::spawn(read(archive.clone(), source, self.format, queue));
        while let Some(prepared) = waiting.recv().await {
            self.take(prepared.await??)?;
        }
        let source = reading.await??;
        self.sink.finish()?;
        self.bar.finish_and_clear();
        Ok((source, self.told.status()))
    }

    fn take(&mut self, prepared: Prepared) -> anyhow::Result<()> {
        for fault in &prepared.faults {
            if self.told.faults < FAULTS_TOLD {
                self.bar.suspend(|| say(&harmless(fault)));
            }
            self.told.faults += 1;
        }
        self.told.shortened += prepared.shortened;
        let rows = prepared.rows;
        self.sink.write(prepared)?;
        self.bar.inc(rows as u64);
        Ok(())
    }
}

/// Reads ahead, and hands over what others are to reckon, in order.
async fn read(
    archive: Archive,
    mut source: Source,
    format: Format,
    queue: mpsc::Sender<Waiting>,
) -> anyhow::Result<Source> {
    while let Some(batch) = source.next(&archive).await? {
        // Room first: what is being reckoned takes memory too.
        let Ok(room) = queue.reserve().await else { break };
        let prepare = move || format.prepare(batch);
        room.send(if archive.is_postgres() {
            // Its rows come in pieces over a socket, which somebody must be there to take.
            tokio::task::spawn_blocking(prepare)
        } else {
            // On the cores that also read: what is being read meanwhile is then there all at once, and not row by row.
            tokio::spawn(async move { prepare() })
        });
    }
    Ok(source)
}

impl Told {
    fn status(&self) -> ExitCode {
        if self.shortened > 0 {
            say(&format!("{} cell(s) were too long for a spreadsheet and shortened", self.shortened));
        }
        if self.faults == 0 {
            return ExitCode::SUCCESS;
        }
        say(&format!(
            "{} support request(s) are not what was written; they are marked with digest_fault. Run `verify`",
            self.faults
        ));
        ExitCode::FAILURE
    }
}
