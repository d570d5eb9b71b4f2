//! The writer: one task with one connection. Requests that arrive while a commit is under way are written together in
//! the next one; a lone request waits for nobody.
//!
//! Being a task of its own, it is not cancelled when a client goes away. Each request keeps its own fate: when the
//! database refuses a group, its members are tried one by one.

mod connection;
mod fate;
mod heads;
mod probe;
mod queue;
mod session;
mod thread;

use std::{sync::Arc, time::Duration};

use tokio::{sync::mpsc, task::JoinHandle, time::Instant};

pub(super) use self::queue::{Handle, QUEUE_MAX_BYTES};
use self::{
    connection::Connection,
    fate::{Attempt, Fate},
    queue::Job,
};
use super::{
    AppendError, DatabaseUrl, StoreError, WRITE_TIMEOUT,
    metrics::WriterMetrics,
    readiness::Readiness,
    rows::Rows,
    sqlite::{LeftBehind, WriteError},
};
use crate::{clock::Clock, integrity::ChainEnd};

/// How long what is known of a database that nobody writes to is believed.
const PROBE_INTERVAL: Duration = Duration::from_secs(1);

/// Between two tries to write what may be there already.
const RETRY_PAUSE: Duration = Duration::from_millis(100);

/// Most rows in one commit. Far above what arrives during one; it bounds how long the last of a backlog waits.
const GROUP_MAX: usize = 256;

/// What became of opening a writer: the way to it, what it knows, and the name of its first chain.
pub(super) struct Started {
    pub(super) handle: Handle,
    pub(super) readiness: Readiness,
    pub(super) chain: String,
}

/// Opens the writer's connection and starts its task, on a thread of its own.
pub(super) async fn start(url: DatabaseUrl, clock: Arc<dyn Clock>) -> Result<Started, StoreError> {
    thread::start(move || open(url, clock)).await
}

/// Opens the writer's connection and starts its task on the current runtime.
async fn open(url: DatabaseUrl, clock: Arc<dyn Clock>) -> Result<(Started, JoinHandle<()>), StoreError> {
    let mut left_behind = None;
    let connection = Some(Connection::open(&url, &mut left_behind).await?);
    let (chain, readiness) = (ChainEnd::start(clock.ulid()), Readiness::new());
    let name = chain.chain.clone();
    let (next_probe, metrics) = (Instant::now(), WriterMetrics::default());
    metrics.is_connected(true);
    let mut writer = Writer {
        url,
        clock,
        connection,
        left_behind,
        chain,
        readiness: readiness.clone(),
        next_probe,
        doubt: Doubt::None,
        head_log: heads::HeadLog::now(metrics.clone()),
        metrics: metrics.clone(),
    };
    writer.probe().await;
    let (handle, task) = queue::start(metrics, |jobs| tokio::spawn(writer.run(jobs)));
    Ok((Started { handle, readiness, chain: name }, task))
}

struct Writer {
    url: DatabaseUrl,
    clock: Arc<dyn Clock>,
    /// `None` after it broke.
    connection: Option<Connection>,
    /// What the file that was open last left at the path.
    left_behind: Option<LeftBehind>,
    /// The last link that is known to be committed.
    chain: ChainEnd,
    readiness: Readiness,
    next_probe: Instant,
    doubt: Doubt,
    head_log: heads::HeadLog,
    metrics: WriterMetrics,
}

/// Whether looking is enough to say that writes are taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doubt {
    None,
    /// The last write failed: only a write can tell.
    WriteFailed,
}

impl Writer {
    /// Writes groups until every handle is gone or the store is closed.
    async fn run(mut self, mut jobs: mpsc::UnboundedReceiver<queue::Message>) {
        let mut closing = None;
        while closing.is_none() {
            let mut next = tokio::select! {
                message = jobs.recv() => message,
                () = tokio::time::sleep_until(self.next_probe) => {
                    self.head_log.log_if_due(&self.chain);
                    self.probe().await;
                    self.tidy(true).await;
                    continue;
                }
            };
            if next.is_none() {
                break;
            }
            // Before anything is begun: while this takes its time, a caller may still withdraw, certain that nothing
            // was sent.
            let connected = self.is_connected().await;
            let mut group = Vec::new();
            while let Some(message) = next {
                match message {
                    queue::Message::Write(job) => group.extend(job.begin()),
                    queue::Message::Close(done) => closing = Some(done),
                }
                next = if group.len() < GROUP_MAX && closing.is_none() { jobs.try_recv().ok() } else { None };
            }
            match connected {
                true if group.is_empty() => {}
                true => self.write(group).await,
                false => group.into_iter().for_each(|job| job.answer(Err(AppendError::Unavailable))),
            }
        }
        self.head_log.log(&self.chain);
        if let Some(connection) = self.connection.take() {
            connection.close().await;
        }
        if let Some(done) = closing {
            let _ = done.send(());
        }
    }

    /// Writes a group and answers every member.
    async fn write(&mut self, group: Vec<Job>) {
        match self.settle(&group).await {
            Err(AppendError::Refused) if group.len() > 1 => {
                // Somebody's row is at fault; the others must not suffer for it.
                for job in group {
                    let fate = self.settle(std::slice::from_ref(&job)).await;
                    job.answer(fate);
                }
            }
            fate => group.into_iter().for_each(|job| job.answer(fate)),
        }
        self.tidy(false).await;
    }

    /// Writes a group as one commit and finds out what became of it.
    async fn settle(&mut self, group: &[Job]) -> Result<(), AppendError> {
        let deadline = Instant::now() + WRITE_TIMEOUT;
        let mut attempt = Attempt::First;
        let mut sessions = 1;
        if !self.is_connected().await {
            return Err(AppendError::Unavailable);
        }
        loop {
            match (self.attempt(group, attempt, deadline).await, attempt) {
                (Fate::Committed | Fate::WasCommitted, _) => return Ok(()),
                (Fate::Refused, _) => return Err(AppendError::Refused),
                // Certainly not stored, and another session may be another server by now.
                (Fate::NotHere, Attempt::First) if sessions == 1 && self.is_connected().await => {
                    sessions += 1;
                    continue;
                }
                (Fate::NotNow | Fate::NotHere, Attempt::First) => return Err(AppendError::Unavailable),
                // The second attempt may have been kept out by the first one, which is still on its way.
                (Fate::NotNow | Fate::NotHere, Attempt::Again) | (Fate::Unknown, _) => {}
            }
            // Sending the very same rows again settles it: the references are the primary key, so they either go in now
            // or turn out to be there.
            attempt = Attempt::Again;
            loop {
                if Instant::now() >= deadline {
                    return Err(AppendError::OutcomeUnknown);
                }
                if self.is_connected().await {
                    break;
                }
                tokio::time::sleep(RETRY_PAUSE).await;
            }
        }
    }

    async fn attempt(&mut self, group: &[Job], attempt: Attempt, deadline: Instant) -> Fate {
        let Some(connection) = &mut self.connection else { return Fate::Unknown };
        let mut events = Vec::with_capacity(group.len());
        let mut end = super::chain::for_group(&self.chain, group.iter().map(|job| job.sealed().record()), &*self.clock);
        for job in group {
            let (event, next) = job.sealed().link(&end);
            events.push(event);
            end = next;
        }
        let rows = Rows::of(group.iter().map(|job| job.sealed().record()), &events);
        let began = Instant::now();
        let written = tokio::time::timeout_at(deadline, connection.write(&rows)).await;
        self.metrics.written(began.elapsed());
        match written {
            Ok(Ok(())) => {
                self.metrics.committed(group.len(), Instant::now());
                self.chain = end;
                self.head_log.log_if_due(&self.chain);
                self.takes_writes();
                Fate::Committed
            }
            Ok(Err(error)) => {
                let fate = Fate::of(&error, attempt);
                match (&fate, &error) {
                    (Fate::WasCommitted, _) => return self.confirm(deadline).await,
                    (Fate::Refused, _) => {}
                    (_, WriteError::Database(error)) => self.failed(error).await,
                    (_, WriteError::NotThere(error) | WriteError::GoneWithTheFile(error)) => self.failed(error).await,
                }
                fate
            }
            Err(_) => {
                tracing::error!("the database did not finish a commit in time");
                self.failed(&StoreError::TimedOut).await;
                self.leave().await;
                Fate::Unknown
            }
        }
    }

    /// What was found there instead of committed now hangs on the chain of the connection that broke, and is answered when
    /// it is as durable as a commit of now.
    async fn confirm(&mut self, deadline: Instant) -> Fate {
        let Some(connection) = &mut self.connection else { return Fate::Unknown };
        if let Err(error) = connection.confirm(deadline).await {
            self.failed(&error).await;
            return Fate::Unknown;
        }
        self.takes_writes();
        Fate::WasCommitted
    }
}
