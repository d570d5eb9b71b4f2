//! Waiting at start for a database that does not answer yet.

use std::time::Duration;

use anyhow::Context as _;
use tokio::{
    signal::unix::{SignalKind, signal},
    time::Instant,
};

use crate::store::StoreError;

/// Between two attempts.
const PAUSE: Duration = Duration::from_millis(500);

/// How it ended.
pub(super) enum Waited<T> {
    /// The attempt that succeeded.
    Done(T),
    /// A signal said to stop.
    Stopped,
}

/// Attempts something until it succeeds, fails for good, or `limit` is over. Says once, by `tell`, that it waits, and
/// why. SIGTERM and SIGINT end it at once; the database rolls back what an attempt had begun.
pub(super) async fn until<T>(
    limit: Duration,
    tell: impl Fn(&StoreError),
    mut attempt: impl AsyncFnMut() -> Result<T, StoreError>,
) -> anyhow::Result<Waited<T>> {
    let mut terminate = signal(SignalKind::terminate()).context("signals cannot be waited for")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("signals cannot be waited for")?;
    let deadline = Instant::now() + limit;
    let attempts = async {
        let mut told = false;
        loop {
            match attempt().await {
                Err(error) if error.may_pass() && Instant::now() + PAUSE <= deadline => {
                    if !std::mem::replace(&mut told, true) {
                        tell(&error);
                    }
                    tokio::time::sleep(PAUSE).await;
                }
                outcome => return outcome,
            }
        }
    };
    tokio::select! {
        outcome = attempts => Ok(Waited::Done(outcome?)),
        _ = terminate.recv() => Ok(Waited::Stopped),
        _ = interrupt.recv() => Ok(Waited::Stopped),
    }
}
