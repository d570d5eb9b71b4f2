//! The writer: one task with one connection. Requests that arrive while a commit is under way are written together in
//! the next one; a lone request waits for nobody.
//!
//! Being a task of its own, it is not cancelled when a client goes away. Each request keeps its own fate: when the
//! database refuses a group, its members are tried one by one.

mod connection;
mod fate;
mod queue;

use std::{sync::Arc, time::Duration};

use tokio::{sync::mpsc, time::Instant};

pub(super) use self::queue::Handle;
use self::{connection::Connection, fate::Fate, queue::Job};
use super::{
    AppendError, DatabaseUrl, StoreError, WRITE_TIMEOUT,
    rows::{AUDIT_COLUMNS, RECORD_COLUMNS, audit_texts, record_texts},
};
use crate::{causes::Causes, clock::Clock, integrity::ChainEnd};

/// How long a connection is trusted to be there without being asked.
const IDLE: Duration = Duration::from_secs(1);

/// Between two tries to reach a database that is away.
const RECONNECT_PAUSE: Duration = Duration::from_millis(100);

/// Columns of a group's rows, ready to be bound.
pub(super) struct Rows<'a> {
    /// `support_requests`, one array a row.
    pub(super) records: Vec<[Option<&'a str>; RECORD_COLUMNS]>,
    /// `audit_events` without its number, one array a row.
    pub(super) events: Vec<[Option<&'a str>; AUDIT_COLUMNS]>,
    /// `audit_events.sequence`, one a row, ascending without gaps.
    pub(super) sequences: Vec<i64>,
}

/// Opens the writer's connection and starts its task.
pub(super) async fn start(url: DatabaseUrl, clock: Arc<dyn Clock>) -> Result<Handle, StoreError> {
    let connection = Connection::open(&url).await?;
    let (handle, jobs) = queue::new();
    let chain = ChainEnd::start(clock.ulid());
    tokio::spawn(
        Writer { url, clock, connection: Some(connection), chain, used: Instant::now(), away: false }.run(jobs),
    );
    Ok(handle)
}

struct Writer {
    url: DatabaseUrl,
    clock: Arc<dyn Clock>,
    /// `None` after it broke.
    connection: Option<Connection>,
    /// The last link that is known to be committed.
    chain: ChainEnd,
    /// When the connection last did its work.
    used: Instant,
    /// Whether it was said that the database is away: once is enough.
    away: bool,
}

/// Whether rows are sent for the first time, or again to find out what became of them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Attempt {
    First,
    Again,
}

impl Writer {
    /// Writes groups until every handle is gone or the store is closed.
    async fn run(mut self, mut jobs: mpsc::UnboundedReceiver<queue::Message>) {
        let group_max = connection::group_max(&self.url);
        while let Some(first) = jobs.recv().await {
            let mut group = Vec::new();
            let mut closing = None;
            let mut next = Some(first);
            while let Some(message) = next {
                match message {
                    queue::Message::Write(job) => group.extend(job.begin()),
                    queue::Message::Close(done) => closing = Some(done),
                }
                next = if group.len() < group_max && closing.is_none() { jobs.try_recv().ok() } else { None };
            }
            if !group.is_empty() {
                self.write(group).await;
            }
            if let Some(done) = closing {
                if let Some(connection) = self.connection.take() {
                    connection.close().await;
                }
                let _ = done.send(());
                return;
            }
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
    }

    /// Writes a group as one commit and finds out what became of it.
    async fn settle(&mut self, group: &[Job]) -> Result<(), AppendError> {
        let deadline = Instant::now() + WRITE_TIMEOUT;
        self.look_at_an_idle_connection().await;
        if self.connection.is_none() && self.reconnect().await.is_err() {
            return Err(AppendError::Unavailable);
        }
        let mut attempt = Attempt::First;
        loop {
            match (self.attempt(group, attempt, deadline).await, attempt) {
                (Fate::Committed | Fate::WasCommitted, _) => {
                    self.used = Instant::now();
                    return Ok(());
                }
                // The second attempt may have been kept out by the first one, which is still on its way.
                (Fate::RolledBack(AppendError::Unavailable), Attempt::Again) | (Fate::Unknown, _) => {}
                (Fate::RolledBack(error), _) => return Err(error),
            }
            // The connection is of no use any more, and with it went the knowledge of the chain's last link.
            // Sending the very same rows again settles it: the references are the primary key, so they either go in now
            // or turn out to be there.
            self.connection = None;
            attempt = Attempt::Again;
            while Instant::now() < deadline && self.reconnect().await.is_err() {
                tokio::time::sleep(RECONNECT_PAUSE).await;
            }
            if Instant::now() >= deadline {
                return Err(AppendError::OutcomeUnknown);
            }
        }
    }

    async fn attempt(&mut self, group: &[Job], attempt: Attempt, deadline: Instant) -> Fate {
        let Some(connection) = &mut self.connection else { return Fate::Unknown };
        let mut events = Vec::with_capacity(group.len());
        let mut end = self.chain.clone();
        for job in group {
            let (event, next) = end.link(job.row());
            events.push(event);
            end = next;
        }
        let rows = Rows {
            records: group.iter().map(|job| record_texts(job.row(), job.context())).collect(),
            events: events.iter().map(audit_texts).collect(),
            sequences: events.iter().map(|event| event.link.sequence).collect(),
        };
        let fate = match tokio::time::timeout_at(deadline, connection.write(&rows)).await {
            Ok(Ok(())) => Fate::Committed,
            Ok(Err(error)) => Fate::of(&error, attempt),
            Err(_) => {
                tracing::error!("the database did not finish a commit in time");
                Fate::Unknown
            }
        };
        // Found there instead of committed now: it hangs on the chain of the connection that broke, not on this one.
        if matches!(fate, Fate::Committed) {
            self.chain = end;
        }
        fate
    }

    /// A connection that nobody used for a while may be gone without a word. Rows that are sent over it would have an
    /// unknown fate for no reason, so it is asked first; if it is gone, nothing was sent.
    async fn look_at_an_idle_connection(&mut self) {
        if self.used.elapsed() < IDLE {
            return;
        }
        if let Some(connection) = &mut self.connection
            && !connection.is_alive().await
        {
            self.connection = None;
        }
    }

    /// A new connection, and with it a new chain: what the last link of the old one is cannot be known.
    async fn reconnect(&mut self) -> Result<(), ()> {
        match Connection::open(&self.url).await {
            Ok(connection) => {
                tracing::info!("the writer has a database connection again");
                self.away = false;
                self.connection = Some(connection);
                self.chain = ChainEnd::start(self.clock.ulid());
                Ok(())
            }
            Err(error) => {
                if !std::mem::replace(&mut self.away, true) {
                    let error = Causes(&error);
                    tracing::warn!(%error, "the writer has no database connection, and tries again");
                }
                Err(())
            }
        }
    }
}
