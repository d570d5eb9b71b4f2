//! The file that a key set comes from.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use aws_lc_rs::digest::{SHA256, digest};

use super::key_set::{KeySet, KeySetError, Loaded};
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

#[derive(Debug)]
pub(super) struct WatchedFile {
    pub(super) path: PathBuf,
    /// Locked for the whole of a look, so that of two looks at once the one that read first cannot answer last.
    pub(super) seen: Mutex<Seen>,
}

/// What the last look at the file showed. The content is compared and not time, length and inode: those miss a rewrite
/// within one tick of the file system's clock and a copy that keeps its times, and a key set is small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    Content([u8; 32]),
    Unreadable(io::ErrorKind),
}

impl Seen {
    pub(super) fn of(text: &str) -> Self {
        let mut content = [0; 32];
        content.copy_from_slice(digest(&SHA256, text.as_bytes()).as_ref());
        Self::Content(content)
    }
}

pub(super) fn unreadable(path: &Path, source: io::Error) -> KeySourceError {
    KeySourceError::Unreadable { path: path.to_owned(), source }
}

pub(super) fn parse(path: &Path, text: &str) -> Result<Loaded, KeySourceError> {
    KeySet::parse(text).map_err(|source| KeySourceError::Refused { path: path.to_owned(), source })
}

/// The keys of a file as it is now, and those of it that are not used.
///
/// # Errors
/// The file cannot be read, or its keys must not be used.
pub fn load(path: &Path) -> Result<Loaded, KeySourceError> {
    load_seen(path).map(|(loaded, _)| loaded)
}

/// The same, with what tells this content from another.
pub(super) fn load_seen(path: &Path) -> Result<(Loaded, Seen), KeySourceError> {
    let text = read(path).map_err(|source| unreadable(path, source))?;
    Ok((parse(path, &text)?, Seen::of(&text)))
}

pub(super) fn read(path: &Path) -> io::Result<String> {
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
