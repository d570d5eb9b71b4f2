//! The key set in force, and the file it comes from.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use tokio::task::JoinHandle;

use super::key_set::{KeySet, KeySetError, Loaded, SetAside};
use crate::text_file;

/// Largest key set file that is read, in bytes. The largest in the wild have some tens of kilobytes.
const FILE_MAX: u64 = 1024 * 1024;

/// Why no key set could be had from a file.
#[derive(Debug, thiserror::Error)]
pub enum KeySourceError {
    /// It cannot be read, is no regular file, is not UTF-8, or is too large.
    #[error("the key set file {} cannot be read", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It was read, and its keys must not be used.
    #[error("the key set file {} is refused", .path.display())]
    Refused {
        /// The file.
        path: PathBuf,
        /// Why.
        source: KeySetError,
    },
}

/// Holds the key set in force. Readers get it without waiting for the network, a disk or each other.
#[derive(Debug)]
pub struct KeyStore {
    current: RwLock<Arc<KeySet>>,
    file: Option<WatchedFile>,
}

#[derive(Debug)]
struct WatchedFile {
    path: PathBuf,
    /// Locked for the whole of a look, so that of two looks at once the one that read first cannot answer last.
    seen: Mutex<Seen>,
}

/// What the last look at the file showed. The content is compared and not time, length and inode: those miss a rewrite
/// within one tick of the file system's clock and a copy that keeps its times, and a key set is small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    Content([u8; 32]),
    Unreadable(io::ErrorKind),
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
#[must_use = "the file is watched only as long as this lives"]
pub struct FileWatch(JoinHandle<()>);

impl Drop for FileWatch {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl KeyStore {
    /// Keys that come from no file.
    #[must_use]
    pub fn fixed(keys: KeySet) -> Arc<Self> {
        Arc::new(Self { current: RwLock::new(Arc::new(keys)), file: None })
    }

    /// The keys of a file. Keys of it that cannot be used are named in the log.
    ///
    /// # Errors
    /// The file cannot be read, or its keys must not be used.
    pub fn from_file(path: impl Into<PathBuf>) -> Result<Arc<Self>, KeySourceError> {
        let path = path.into();
        let text = read(&path).map_err(|source| unreadable(&path, source))?;
        let seen = Mutex::new(Seen::of(&text));
        let Loaded { keys, set_aside } = parse(&path, &text)?;
        warn_of(&path, &set_aside);
        Ok(Arc::new(Self { current: RwLock::new(Arc::new(keys)), file: Some(WatchedFile { path, seen }) }))
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
        let Some(file) = &self.file else {
            return Reloaded::Unchanged;
        };
        let mut last = file.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let text = read(&file.path);
        let seen = text.as_ref().map_or_else(|error| Seen::Unreadable(error.kind()), |text| Seen::of(text));
        let before = std::mem::replace(&mut *last, seen);
        if !is_wanted(seen, before) {
            return Reloaded::Unchanged;
        }
        let parsed = text.map_err(|source| unreadable(&file.path, source)).and_then(|text| parse(&file.path, &text));
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
    pub fn watch_file(self: &Arc<Self>, every: Duration) -> FileWatch {
        let store = Arc::clone(self);
        FileWatch(tokio::spawn(async move {
            while store.file.is_some() {
                tokio::time::sleep(every).await;
                store.look_and_tell(Self::reload).await;
            }
        }))
    }

    /// Reads the file again because somebody asked for it, and says in the log what came of it, also where nothing did.
    pub async fn reread_and_tell(self: &Arc<Self>) {
        if self.file.is_none() {
            tracing::info!("the keys come from no file: there is nothing to read again");
        }
        self.look_and_tell(Self::reread).await;
    }

    async fn look_and_tell(self: &Arc<Self>, look: fn(&Self) -> Reloaded) {
        let looking = Arc::clone(self);
        // A panic in there would leave the old keys in force, and the next look comes anyway.
        if let Ok(reloaded) = tokio::task::spawn_blocking(move || look(&looking)).await {
            self.tell(&reloaded);
        }
    }

    fn tell(&self, reloaded: &Reloaded) {
        let Some(WatchedFile { path, .. }) = &self.file else {
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

impl Seen {
    fn of(text: &str) -> Self {
        let mut content = [0; 32];
        content.copy_from_slice(digest(&SHA256, text.as_bytes()).as_ref());
        Self::Content(content)
    }
}

fn warn_of(path: &Path, set_aside: &[SetAside]) {
    for key in set_aside {
        tracing::warn!(file = %path.display(), "{key}");
    }
}

fn unreadable(path: &Path, source: io::Error) -> KeySourceError {
    KeySourceError::Unreadable { path: path.to_owned(), source }
}

fn parse(path: &Path, text: &str) -> Result<Loaded, KeySourceError> {
    KeySet::parse(text).map_err(|source| KeySourceError::Refused { path: path.to_owned(), source })
}

fn read(path: &Path) -> io::Result<String> {
    // Asked before opening, because opening a pipe waits for somebody to write to it.
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(FILE_MAX + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > FILE_MAX {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "larger than 1 MiB"));
    }
    text_file::read(&bytes).map(str::to_owned).map_err(|fault| io::Error::new(io::ErrorKind::InvalidData, fault))
}
