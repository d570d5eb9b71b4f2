//! What the service manager is told (`sd_notify(3)`): ready, alive, stopping. Nothing where none asked.

use std::{sync::Arc, time::Duration};

use sd_notify::NotifyState::{self, Ready, Status, Stopping, Watchdog};
use tokio::{
    task::spawn_blocking,
    time::{MissedTickBehavior, interval, timeout},
};

use crate::{
    config::ServiceManager,
    http::service::{Readiness, Service},
};

/// What one message says.
type Message = &'static [NotifyState<'static>];

pub(super) const WAITING: Message = &[Status("Waiting for the database")];
pub(super) const READY: Message = &[Ready];
pub(super) const STOPPING: Message = &[Stopping, Status("Stopping: what came is answered")];

/// A sign of life.
fn alive(readiness: Readiness) -> Message {
    match readiness {
        Readiness::Ready => &[Watchdog, Status("Ready")],
        Readiness::NoKeys => &[Watchdog, Status("Not ready: there are no keys yet")],
        Readiness::NoWrites => &[Watchdog, Status("Not ready: the database takes no writes")],
        Readiness::Draining => &[Watchdog],
    }
}

/// How often the status is told where no watchdog asks for signs of life.
const STATUS_INTERVAL: Duration = Duration::from_secs(5);

/// However little time a watchdog allows.
const INTERVAL_MIN: Duration = Duration::from_millis(50);

/// A service manager that takes no message is not waited for.
const SEND_TIMEOUT: Duration = Duration::from_secs(1);

/// Tells the service manager, where there is one.
#[derive(Clone, Copy)]
pub(super) struct Notifier(pub(super) Option<ServiceManager>);

impl Notifier {
    pub(super) async fn tell(self, message: Message) {
        if self.0.is_some()
            && let Err(error) = send(message).await
        {
            tracing::warn!(%error, "the service manager (NOTIFY_SOCKET) cannot be told how the service is");
        }
    }

    /// Gives signs of life, twice in the time that the watchdog allows, until the writer has ended: a service without it
    /// stores nothing and must be started again. That the database is away is no reason, because a restart does not mend it.
    /// As a task of the service's own runtime it falls silent also when that stands still.
    pub(super) async fn keep_telling(self, service: Arc<Service>) {
        if let Some(manager) = self.0 {
            let every = manager.watchdog.map_or(STATUS_INTERVAL, |allowed| allowed / 2).max(INTERVAL_MIN);
            signs_of_life(every, || look(&service), |message| self.tell(message)).await;
            tracing::error!(
                "the writer has ended: the service manager gets no more signs of life, so that it restarts the service"
            );
        }
    }
}

async fn send(message: Message) -> anyhow::Result<()> {
    Ok(timeout(SEND_TIMEOUT, spawn_blocking(move || sd_notify::notify(message))).await???)
}

/// How the service is; `None` without its writer, whose end belongs to a stop and to nothing else.
fn look(service: &Service) -> Option<Readiness> {
    let readiness = service.readiness();
    (service.intake.store().has_writer() || readiness == Readiness::Draining).then_some(readiness)
}

/// One at once and then one each time, until there is no writer.
async fn signs_of_life<T: Future<Output = ()>>(
    every: Duration,
    look: impl Fn() -> Option<Readiness>,
    tell: impl Fn(Message) -> T,
) {
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        match look() {
            Some(readiness) => tell(alive(readiness)).await,
            None => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use super::*;

    #[tokio::test]
    async fn signs_of_life_end_with_the_writer_and_not_with_the_database_or_a_stop() {
        use Readiness::{Draining, NoKeys, NoWrites, Ready};
        let states = [Some(Ready), Some(NoWrites), Some(Draining), Some(NoKeys), None, Some(Ready)];
        let (looked, told) = (Cell::new(0), RefCell::new(Vec::new()));
        let look = || states[looked.replace(looked.get() + 1)];
        signs_of_life(INTERVAL_MIN, look, |message| {
            told.borrow_mut().push(message.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
            std::future::ready(())
        })
        .await;
        let no_writes = "WATCHDOG=1 STATUS=Not ready: the database takes no writes";
        let no_keys = "WATCHDOG=1 STATUS=Not ready: there are no keys yet";
        assert_eq!(told.into_inner(), ["WATCHDOG=1 STATUS=Ready", no_writes, "WATCHDOG=1", no_keys]);
    }
}
