//! Which files a connection has open, and whether they are still the ones at the path.

use std::{
    fs::Metadata,
    io,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

/// Why the files that are open are not the database at the path any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Displaced {
    /// Nothing is at the path.
    #[error("the database file is not at its path any more")]
    Missing,
    /// Something else is at the path.
    #[error("another file was put at the database's path")]
    Replaced,
    /// The same file with another content: a copy was written over it in place.
    #[error("the database file was written over")]
    Overwritten,
    /// The write-ahead log or its index was removed.
    #[error("the database's -wal or -shm file was removed")]
    JournalMissing,
    /// Another write-ahead log or index is beside the file.
    #[error("another -wal or -shm file was put beside the database")]
    JournalReplaced,
}

/// What tells a file from every other one that is there at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileId {
    device: u64,
    inode: u64,
}

impl FileId {
    pub(super) fn of(metadata: &Metadata) -> Self {
        Self { device: metadata.dev(), inode: metadata.ino() }
    }

    pub(super) fn at(path: &Path) -> io::Result<Self> {
        looked_up(path).map(|(id, _)| id)
    }
}

/// Which file is at a path, and how long it is. Its times are not asked for: whoever was told a time makes the system keep
/// the next one exactly, and so write the inode with each sync of the log, which else it does a few hundred times a second
/// at most.
fn looked_up(path: &Path) -> io::Result<(FileId, u64)> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{AtFlags, CWD, StatxFlags, makedev, statx};
        if let Ok(found) = statx(CWD, path, AtFlags::empty(), StatxFlags::INO | StatxFlags::SIZE) {
            let device = makedev(found.stx_dev_major, found.stx_dev_minor);
            return Ok((FileId { device, inode: found.stx_ino }, found.stx_size));
        }
    }
    let found = std::fs::metadata(path)?;
    Ok((FileId::of(&found), found.len()))
}

/// When a file's content was last changed, as far as its metadata says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written(i64, i64, u64);

impl Written {
    fn of(metadata: &Metadata) -> Self {
        Self(metadata.mtime(), metadata.mtime_nsec(), metadata.len())
    }

    pub(super) fn at(path: &Path) -> io::Result<Self> {
        std::fs::metadata(path).map(|metadata| Self::of(&metadata))
    }

    /// Whether the file is shorter than it was then.
    pub(super) fn is_shorter_than(self, then: Self) -> bool {
        self.2 < then.2
    }
}

/// The write-ahead log of the database at `path`. SQLite puts it beside the file itself, also where the path is a link.
pub(super) fn wal_of(path: &Path) -> PathBuf {
    beside(path, "-wal")
}

pub(super) fn shm_of(path: &Path) -> PathBuf {
    beside(path, "-shm")
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.canonicalize().unwrap_or_else(|_| path.to_owned()).into_os_string();
    name.push(ending);
    name.into()
}

/// The files of one open database.
#[derive(Debug)]
pub(super) struct Files {
    path: PathBuf,
    main: FileId,
    wal: (PathBuf, FileId),
    shm: (PathBuf, FileId),
}

impl Files {
    /// Takes note of the files at `path`, which a connection has just opened.
    pub(super) fn at(path: &Path) -> io::Result<Self> {
        let (wal, shm) = (wal_of(path), shm_of(path));
        let (wal_id, shm_id) = (FileId::at(&wal)?, FileId::at(&shm)?);
        Ok(Self { path: path.to_owned(), main: FileId::at(path)?, wal: (wal, wal_id), shm: (shm, shm_id) })
    }

    pub(super) fn main(&self) -> FileId {
        self.main
    }

    pub(super) fn wal(&self) -> FileId {
        self.wal.1
    }

    pub(super) fn wal_path(&self) -> &Path {
        &self.wal.0
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Compares what is open with what is at the path; says when the file was last changed. Three calls to the system
    /// and no descriptor: closing one that SQLite did not open would drop the locks of this whole process
    /// (<https://sqlite.org/howtocorrupt.html>, 2.2).
    pub(super) fn look(&self) -> Result<Written, Displaced> {
        let main = std::fs::metadata(&self.path).map_err(|_| Displaced::Missing)?;
        if FileId::of(&main) != self.main {
            return Err(Displaced::Replaced);
        }
        let mut missing = false;
        for (path, id) in [&self.shm, &self.wal] {
            match looked_up(path) {
                Ok((found, _)) if found == *id => {}
                // Whoever only reads makes an empty one; nothing was committed to it.
                Ok((_, length)) if path == &self.wal.0 && length > 0 => return Err(Displaced::JournalReplaced),
                Ok(_) | Err(_) => missing = true,
            }
        }
        if missing { Err(Displaced::JournalMissing) } else { Ok(Written::of(&main)) }
    }

    /// When the file itself was last changed, whatever became of its journals.
    pub(super) fn written(&self) -> Option<Written> {
        Written::at(&self.path).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_the_same_whichever_way_it_is_looked_up() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "four").unwrap();
        let metadata = file.path().metadata().unwrap();
        assert_eq!(looked_up(file.path()).unwrap(), (FileId::of(&metadata), 4));
        assert_eq!(looked_up(&beside(file.path(), "-wal")).unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
