//! The writer's connection: whether there is one, whether it would take a write, and when to let go of it.

use std::error::Error;

use tokio::time::Instant;

use super::{Connection, Doubt, PROBE_INTERVAL, Writer, probe};
use crate::{
    causes::Causes,
    integrity::ChainEnd,
    store::{CONNECTION_TIMEOUT, cause::log_failure, rows::Rows},
};

impl Writer {
    /// Copies SQLite's log into its file when it is time. What is committed stays so, also where that fails.
    pub(super) async fn tidy(&mut self, idle: bool) {
        let Some(connection) = &mut self.connection else { return };
        let Err(error) = connection.tidy(idle).await else { return };
        if connection.is_spent_by(&error) {
            log_failure!(warn, &error, "the log could not be copied into the file: it is opened anew");
            self.failed(&error).await;
        } else {
            tracing::debug!(error = %Causes(&error), "the log could not be copied into the file");
        }
    }

    pub(super) fn takes_writes(&mut self) {
        self.readiness.note(Ok(()));
        self.doubt = Doubt::None;
        self.next_probe = Instant::now() + PROBE_INTERVAL;
    }

    pub(super) async fn failed(&mut self, error: &(dyn Error + Send + Sync + 'static)) {
        self.readiness.note(Err(error));
        self.doubt = Doubt::WriteFailed;
        if self.connection.as_ref().is_some_and(|connection| connection.is_spent_by(error)) {
            self.leave().await;
        }
    }

    /// Lets go of a connection that is of no use any more, and with it of the knowledge of the chain's last link.
    pub(super) async fn leave(&mut self) {
        self.metrics.is_connected(false);
        if let Some(connection) = self.connection.take() {
            // A disk that hangs holds up nobody but what waits for it.
            let abandoned = tokio::time::timeout(CONNECTION_TIMEOUT, connection.abandon()).await;
            self.left_behind = abandoned.unwrap_or_default().or(self.left_behind.take());
        }
    }

    /// Finds out whether a write would be taken, also so that a connection that went away without a word is not found
    /// out by a request, whose fate would be unknown for no reason.
    pub(super) async fn probe(&mut self) {
        if self.is_connected().await {
            let (record, event) = probe::rows(&*self.clock);
            let rows = Rows::of(std::iter::once(&record), std::slice::from_ref(&event));
            let rows = (self.doubt == Doubt::WriteFailed).then_some(&rows);
            let found = match &mut self.connection {
                Some(connection) => connection.probe(rows).await,
                None => return,
            };
            match found {
                Ok(()) => self.takes_writes(),
                Err(error) => self.failed(&error).await,
            }
        }
        self.next_probe = Instant::now() + PROBE_INTERVAL;
    }

    /// Whether there is a connection; where there is none, a new one is tried for, and with it a new chain: what the
    /// last link of the old one is cannot be known.
    pub(super) async fn is_connected(&mut self) -> bool {
        if self.connection.is_some() {
            return true;
        }
        match Connection::open(&self.url, &mut self.left_behind).await {
            Ok(connection) => {
                tracing::info!("the writer has a database connection again");
                self.metrics.is_connected(true);
                (self.connection, self.left_behind) = (Some(connection), None);
                self.head_log.log(&self.chain);
                self.chain = ChainEnd::start(self.clock.ulid());
                true
            }
            Err(error) => {
                tracing::debug!(error = %Causes(&error), "the writer has no database connection, and tries again");
                self.readiness.note(Err(&error));
                false
            }
        }
    }
}
