//! The key set in force, and where it comes from: nowhere else, a file, or an issuer.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use tokio::task::JoinHandle;

use super::key_file::{self, KeySourceError, Seen, WatchedFile, unreadable};
use super::key_set::{KeySet, Loaded, SetAside};
use super::remote::{FetchFacts, Remote};

/// Holds the key set in force. Readers get it without waiting for the network, a disk or each other.
#[derive(Debug)]
pub struct KeyStore {
    current: RwLock<Arc<KeySet>>,
    source: Source,
}

#[derive(Debug)]
enum Source {
    Fixed,
    File(WatchedFile),
    Remote(Box<Remote>),
}

/// What is to be known about the keys from outside, for metrics.
#[derive(Debug, Clone, Copy)]
pub struct KeySetFacts {
    /// How many keys are in force; none before the first fetch.
    pub keys: usize,
    /// How the fetches go, where keys are fetched.
    pub fetches: Option<FetchFacts>,
}

/// What a look at the file led to.
#[derive(Debug)]
pub enum Reloaded {
    /// Nothing new since the last look.
    Unchanged,
    /// A new key set is in force.
    Replaced {
        /// How many keys it has.
        size: usize,
        /// Those of the file that are not used.
        set_aside: Vec<SetAside>,
    },
    /// The file is new but no good; the old keys stay in force.
    Kept(KeySourceError),
}

/// Ends the watching when dropped.
#[derive(Debug)]
#[must_use = "the keys are looked after only as long as this lives"]
pub struct KeyWatch(JoinHandle<()>);

impl Drop for KeyWatch {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl KeyStore {
    /// Keys that come from nowhere else.
    #[must_use]
    pub fn fixed(keys: KeySet) -> Arc<Self> {
        Self::of(keys, Source::Fixed)
    }

    /// Keys of an issuer: none until [`keep_fetching`](Self::keep_fetching) has had some.
    #[must_use]
    pub fn remote(remote: Remote) -> Arc<Self> {
        Self::of(KeySet::empty(), Source::Remote(Box::new(remote)))
    }

    fn of(keys: KeySet, source: Source) -> Arc<Self> {
        Arc::new(Self { current: RwLock::new(Arc::new(keys)), source })
    }

    /// The keys of a file. Keys of it that cannot be used are named in the log.
    ///
    /// # Errors
    /// The file cannot be read, or its keys must not be used.
    pub fn from_file(path: impl Into<PathBuf>) -> Result<Arc<Self>, KeySourceError> {
        let path = path.into();
        let (Loaded { keys, set_aside }, seen) = key_file::load_seen(&path)?;
        warn_of(&path, &set_aside);
        Ok(Self::of(keys, Source::File(WatchedFile { path, seen: Mutex::new(seen) })))
    }

    /// The key set in force.
    #[must_use]
    pub fn current(&self) -> Arc<KeySet> {
        // A poisoned lock is no harm: the only write is one assignment.
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts another key set in force. Requests under way keep the one that they have.
    pub fn replace(&self, keys: KeySet) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
    }

    /// Looks at the file once and takes its keys if they are new and good. Reads from disk.
    pub fn reload(&self) -> Reloaded {
        self.look(|seen, before| seen != before)
    }

    /// Looks at the file and takes its keys if they are good, whether or not it has changed. Reads from disk.
    pub fn reread(&self) -> Reloaded {
        self.look(|_, _| true)
    }

    fn look(&self, is_wanted: fn(Seen, Seen) -> bool) -> Reloaded {
        let Source::File(file) = &self.source else {
            return Reloaded::Unchanged;
        };
        let mut last = file.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let text = key_file::read(&file.path);
        let seen = text.as_ref().map_or_else(|error| Seen::Unreadable(error.kind()), |text| Seen::of(text));
        let before = std::mem::replace(&mut *last, seen);
        if !is_wanted(seen, before) {
            return Reloaded::Unchanged;
        }
        let text = text.map_err(|source| unreadable(&file.path, source));
        let parsed = text.and_then(|text| key_file::parse(&file.path, &text));
        match parsed {
            Ok(Loaded { keys, set_aside }) => {
                let size = keys.size();
                self.replace(keys);
                Reloaded::Replaced { size, set_aside }
            }
            Err(error) => Reloaded::Kept(error),
        }
    }

    /// Looks at the file every so often, in the background, and says in the log what came of it: once for each change.
    ///
    /// Must be called within a Tokio runtime. Keys that come from no file are never replaced by this.
    pub fn watch_file(self: &Arc<Self>, every: Duration) -> KeyWatch {
        let store = Arc::clone(self);
        KeyWatch(tokio::spawn(async move {
            if matches!(store.source, Source::File(_)) {
                loop {
                    tokio::time::sleep(every).await;
                    store.look_and_tell(Self::reload).await;
                }
            }
        }))
    }

    /// Fetches the keys from their issuer, now and for as long as the watch lives, and says in the log what came of it.
    ///
    /// Must be called within a Tokio runtime. Keys that come from no issuer are never replaced by this.
    pub fn keep_fetching(self: &Arc<Self>) -> KeyWatch {
        let store = Arc::clone(self);
        KeyWatch(tokio::spawn(async move {
            if let Source::Remote(remote) = &store.source {
                remote.keep_fetching(&store).await;
            }
        }))
    }

    /// A token came whose key is not known or does not fit: the issuer may have new ones. Returns at once; keys are
    /// fetched in the background, as often as the limits allow, however often this is called.
    pub fn fetch_soon(&self) {
        if let Source::Remote(remote) = &self.source {
            remote.fetch_soon();
        }
    }

    /// What is to be known from outside.
    #[must_use]
    pub fn facts(&self) -> KeySetFacts {
        let fetches = if let Source::Remote(remote) = &self.source { Some(remote.facts()) } else { None };
        KeySetFacts { keys: self.current().size(), fetches }
    }

    /// Reads the file again, or asks the issuer again, because somebody wants it, and says in the log what came of it, also
    /// where nothing did.
    pub async fn reread_and_tell(self: &Arc<Self>) {
        match &self.source {
            Source::Fixed => tracing::info!("the keys come from no file: there is nothing to read again"),
            Source::File(_) => self.look_and_tell(Self::reread).await,
            Source::Remote(remote) => remote.fetch_now(),
        }
    }

    async fn look_and_tell(self: &Arc<Self>, look: fn(&Self) -> Reloaded) {
        let looking = Arc::clone(self);
        // A panic in there would leave the old keys in force, and the next look comes anyway.
        if let Ok(reloaded) = tokio::task::spawn_blocking(move || look(&looking)).await {
            self.tell(&reloaded);
        }
    }

    fn tell(&self, reloaded: &Reloaded) {
        let Source::File(WatchedFile { path, .. }) = &self.source else {
            return;
        };
        match reloaded {
            Reloaded::Unchanged => {}
            Reloaded::Replaced { size, set_aside } => {
                tracing::info!(file = %path.display(), keys = size, "the key set file was read again and is in force");
                warn_of(path, set_aside);
            }
            Reloaded::Kept(error) => {
                let reason = std::error::Error::source(error).map_or_else(String::new, ToString::to_string);
                tracing::warn!(file = %path.display(), %error, reason, "the old keys stay in force");
            }
        }
    }
}

fn warn_of(path: &Path, set_aside: &[SetAside]) {
    for key in set_aside {
        tracing::warn!(file = %path.display(), "{key}");
    }
}
