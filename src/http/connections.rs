//! How many connections are served at once, and what is known of each.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

/// Most connections that are served at once, however many files may be open: each has 64 KiB of buffers.
pub const SERVED_MAX: usize = 10_000;

/// Most connections beyond those that are answered 503 at once; at this, the door stays shut until one is gone.
pub const TURNED_AWAY_MAX: usize = 1_000;

/// Files that are open whoever calls: the database and its journals, the log, the key set, what a worker waits with.
const FILES_OF_OUR_OWN: u64 = 64;

/// How often at most the log says that connections are turned away.
const LOG_INTERVAL: Duration = Duration::from_secs(10);

/// The connections of a service: counted, and bounded.
#[derive(Debug)]
pub struct Connections {
    served_max: usize,
    turned_away_max: usize,
    served: AtomicUsize,
    busy: AtomicUsize,
    turned_away: Mutex<TurnedAway>,
}

/// How many, and what the log has not yet said.
#[derive(Debug, Default)]
struct TurnedAway {
    total: usize,
    untold: usize,
    told_at: Option<Instant>,
}

impl Connections {
    /// As many as fit where `files` may be open at once: a reserve for the service itself, an eighth for connections that
    /// are turned away, and of the rest half, because a request may open a file of its own while it is looked at.
    #[must_use]
    pub fn within(files: u64) -> Self {
        let free = files.saturating_sub(FILES_OF_OUR_OWN).max(16);
        let turned_away = free / 8;
        let served = (free - turned_away) / 2;
        let bounded = |number: u64, max: usize| usize::try_from(number).unwrap_or(max).clamp(1, max);
        Self {
            served_max: bounded(served, SERVED_MAX),
            turned_away_max: bounded(turned_away, TURNED_AWAY_MAX),
            served: AtomicUsize::new(0),
            busy: AtomicUsize::new(0),
            turned_away: Mutex::default(),
        }
    }

    /// Most that are served at once.
    #[must_use]
    pub fn served_max(&self) -> usize {
        self.served_max
    }

    /// Most that are open at once, those included that only hear that there are too many.
    #[must_use]
    pub fn open_max(&self) -> usize {
        self.served_max + self.turned_away_max
    }

    /// A place for a connection, kept as long as it is served; none when all are taken.
    pub(super) fn admit(self: &Arc<Self>) -> Option<Place> {
        let place = Place(Arc::clone(self));
        // Counted before it is compared, so that workers that admit at the same time cannot exceed the bound together.
        (self.served.fetch_add(1, Ordering::SeqCst) < self.served_max).then_some(place)
    }

    /// Takes note of a connection that got no place. Says so in the log, but not for each.
    pub(super) fn turned_away(&self) {
        let mut turned_away = self.turned_away.lock().unwrap_or_else(PoisonError::into_inner);
        turned_away.total += 1;
        turned_away.untold += 1;
        if turned_away.told_at.is_none_or(|told| told.elapsed() >= LOG_INTERVAL) {
            let (connections, served_max) = (turned_away.untold, self.served_max);
            *turned_away = TurnedAway { untold: 0, told_at: Some(Instant::now()), ..*turned_away };
            drop(turned_away);
            tracing::warn!(connections, served_max, "connections are turned away: as many are open as may");
        }
    }

    /// Connections that got no place, since the start.
    #[must_use]
    pub fn turned_away_total(&self) -> usize {
        self.turned_away.lock().unwrap_or_else(PoisonError::into_inner).total
    }

    /// Connections that have a place.
    #[must_use]
    pub fn open(&self) -> usize {
        self.served.load(Ordering::SeqCst)
    }

    /// Connections on which a request is under way, or that close once its answer is sent.
    #[must_use]
    pub fn busy(&self) -> usize {
        self.busy.load(Ordering::SeqCst)
    }
}

impl Default for Connections {
    /// As many as are ever served.
    fn default() -> Self {
        Self::within(u64::MAX)
    }
}

/// The place of one connection.
#[derive(Debug)]
pub(super) struct Place(Arc<Connections>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.served.fetch_sub(1, Ordering::SeqCst);
    }
}

/// What the requests of one connection share: when it was made, and whether one is under way.
#[derive(Debug)]
pub(super) struct Connected {
    connections: Arc<Connections>,
    at: Instant,
    used: AtomicBool,
    busy: AtomicBool,
}

impl Connected {
    pub(super) fn new(connections: Arc<Connections>) -> Self {
        Self { connections, at: Instant::now(), used: AtomicBool::new(false), busy: AtomicBool::new(false) }
    }

    /// A request's headers have just been read: by when it must be whole. The first one of a connection within `timeout`
    /// from the connection's beginning, headers included.
    pub(super) fn request_begins(&self, timeout: Duration) -> Instant {
        if !self.busy.swap(true, Ordering::SeqCst) {
            self.connections.busy.fetch_add(1, Ordering::SeqCst);
        }
        let first = !self.used.swap(true, Ordering::Relaxed);
        if first { self.at + timeout } else { Instant::now() + timeout }
    }

    /// Its answer is made, and the connection stays for the next one.
    pub(super) fn is_kept(&self) {
        if self.busy.swap(false, Ordering::SeqCst) {
            self.connections.busy.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

impl Drop for Connected {
    fn drop(&mut self) {
        self.is_kept();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_and_the_files_of_their_requests_fit_with_a_reserve() {
        for files in [256, 1_024, 4_096, 65_536, 1 << 20] {
            let connections = Connections::within(files);
            let needed = connections.served_max() + connections.open_max();
            assert!(u64::try_from(needed).unwrap() + FILES_OF_OUR_OWN <= files, "{files}: {connections:?}");
            assert!(connections.served_max() >= 80, "{files}: {connections:?}");
        }
        assert_eq!(Connections::within(u64::MAX).served_max(), SERVED_MAX);
        assert_eq!(Connections::within(0).served_max(), 7, "a few even where there is no room");
    }

    #[test]
    fn a_place_is_free_again_when_its_connection_is_gone() {
        let connections = Arc::new(Connections::within(0));
        let places: Vec<_> = std::iter::from_fn(|| connections.admit()).collect();
        assert_eq!(places.len(), connections.served_max());
        drop(places);
        assert!(connections.admit().is_some());
        assert_eq!((connections.open(), connections.busy()), (0, 0));
    }
}
