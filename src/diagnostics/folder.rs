//! Finding and reading a file below a folder that may be switched to another one at any moment, and out of which no link
//! may lead.

use std::{
    fs::File,
    io::{self, ErrorKind, IoSliceMut, Read as _},
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use rustix::io::{ReadWriteFlags, preadv2};

use super::ProviderFailure;

/// Largest file that is read, in bytes: a bundle at its limit, its references, and room for white space.
const FILE_MAX_BYTES: u64 = 1024 * 1024;

/// How often a search begins again because the folder was switched during it. Deployments do not come that fast.
const SWITCHES_MAX: usize = 8;

/// What a search came to.
#[derive(Debug)]
pub(super) enum Found<T> {
    /// There is no such file in the folder.
    Nothing,
    /// It is there, and cannot be read; the reason holds nothing of its content.
    Unreadable(String),
    /// It is there, and this is what was made of its content.
    Read(T),
    /// It is there, and a disk would have to be waited for.
    NotInMemory,
}

/// How a file's content is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// As far as the kernel has it in memory.
    WithoutWaiting,
    /// From wherever it is.
    FromDisk,
}

/// Looks for the file `relative` below `root` as the folder stands now.
///
/// # Errors
/// Whether it is there cannot be found out: the folder is missing or closed, a link leads nowhere or out of the folder,
/// something else than a file is in its place.
pub(super) fn find<T>(
    root: &Path,
    relative: &Path,
    reading: Reading,
    read: impl Fn(Vec<u8>) -> T,
) -> Result<Found<T>, ProviderFailure> {
    for _ in 0..SWITCHES_MAX {
        let folder = Folder::resolve(root)?;
        match folder.look(relative, reading, &read)? {
            // Only of the folder that is still the right one does this say anything: the old one may be half gone.
            Found::Nothing if Folder::resolve(root)? != folder => {}
            found => return Ok(found),
        }
    }
    Err(ProviderFailure::new("the diagnostics folder is switched faster than it can be looked at"))
}

/// Whether the folder is there and can be read and gone through.
///
/// # Errors
/// It is not.
pub(super) fn look(root: &Path) -> Result<(), ProviderFailure> {
    let closed = |error: io::Error| ProviderFailure::because("the diagnostics folder cannot be read", error);
    let folder = Folder::resolve(root)?;
    folder.path.read_dir().map_err(closed)?;
    rustix::fs::access(&folder.path, rustix::fs::Access::EXEC_OK).map_err(|error| closed(error.into()))
}

/// The folder that a path, with every link followed, led to at one moment.
#[derive(Debug, PartialEq, Eq)]
struct Folder {
    path: PathBuf,
    inode: (u64, u64),
}

impl Folder {
    fn resolve(root: &Path) -> Result<Self, ProviderFailure> {
        let missing = |error| ProviderFailure::because("the diagnostics folder is not there or cannot be read", error);
        let path = root.canonicalize().map_err(missing)?;
        let metadata = path.metadata().map_err(missing)?;
        if !metadata.is_dir() {
            return Err(missing(ErrorKind::NotADirectory.into()));
        }
        Ok(Self { path, inode: (metadata.dev(), metadata.ino()) })
    }

    fn look<T>(
        &self,
        relative: &Path,
        reading: Reading,
        read: &impl Fn(Vec<u8>) -> T,
    ) -> Result<Found<T>, ProviderFailure> {
        let Some(path) = self.locate(relative)? else { return Ok(Found::Nothing) };
        // Looked at before it is opened: opening a pipe waits for somebody to write into it.
        let length = match path.metadata() {
            Ok(metadata) if metadata.is_file() => metadata.len(),
            Ok(_) => return Err(ProviderFailure::new("a diagnostics file is not a regular file")),
            Err(error) if is_absence(&error) => return Ok(Found::Nothing),
            Err(error) => return Err(ProviderFailure::because("a diagnostics file cannot be looked at", error)),
        };
        let content = match reading {
            Reading::WithoutWaiting => content_in_memory(&path, length),
            Reading::FromDisk => content(&path),
        };
        // From here on it is there, and that is the proof: whatever else is wrong costs its facts only.
        Ok(match content {
            Ok(bytes) if bytes.len() as u64 > FILE_MAX_BYTES => Found::Unreadable("it is larger than 1 MiB".to_owned()),
            Ok(bytes) => Found::Read(read(bytes)),
            Err(error) if reading == Reading::WithoutWaiting && error.kind() == ErrorKind::WouldBlock => {
                Found::NotInMemory
            }
            Err(error) if is_absence(&error) => Found::Nothing,
            Err(error) => Found::Unreadable(format!("it cannot be read: {error}")),
        })
    }

    /// Goes down name by name, so that a name that is not there is told from a link that leads nowhere.
    fn locate(&self, relative: &Path) -> Result<Option<PathBuf>, ProviderFailure> {
        let mut path = self.path.clone();
        for name in relative {
            path.push(name);
            match path.symlink_metadata() {
                Ok(metadata) if metadata.is_symlink() => path = self.follow(&path)?,
                Ok(_) => {}
                Err(error) if is_absence(&error) => return Ok(None),
                Err(error) => return Err(ProviderFailure::because("a diagnostics folder cannot be read", error)),
            }
        }
        Ok(Some(path))
    }

    fn follow(&self, link: &Path) -> Result<PathBuf, ProviderFailure> {
        let path = link
            .canonicalize()
            .map_err(|error| ProviderFailure::because("a link in the diagnostics folder leads nowhere", error))?;
        if path.starts_with(&self.path) {
            Ok(path)
        } else {
            Err(ProviderFailure::new("a link leads out of the diagnostics folder"))
        }
    }
}

/// Nothing of that name, or a file where a folder would have to be.
fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// At most one byte more than may be.
fn content(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(FILE_MAX_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// All of a file of that length. `WouldBlock` where the kernel has not all of it in memory, or cannot tell (`preadv2`,
/// Linux 4.14).
fn content_in_memory(path: &Path, length: u64) -> io::Result<Vec<u8>> {
    let waits = || io::Error::from(ErrorKind::WouldBlock);
    let length = usize::try_from(length).map_err(|_| waits())?;
    // One more, to see that it ends there.
    let mut bytes = vec![0; length + 1];
    let read = preadv2(File::open(path)?, &mut [IoSliceMut::new(&mut bytes)], 0, ReadWriteFlags::NOWAIT);
    bytes.truncate(length);
    if read.is_ok_and(|read| read == length) { Ok(bytes) } else { Err(waits()) }
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::symlink};

    use super::*;

    /// Two threads that meet by chance: with one look and no second, a few in ten thousand find nothing.
    #[test]
    fn a_folder_that_is_switched_during_a_search_never_looks_empty() {
        let home = tempfile::tempdir().unwrap();
        let link = home.path().join("current");
        let switch_to = |version: usize| {
            let folder = home.path().join(format!("v{version}"));
            fs::create_dir_all(folder.join("acme")).unwrap();
            fs::write(folder.join("acme/contoso.json"), version.to_string()).unwrap();
            symlink(&folder, home.path().join("next")).unwrap();
            fs::rename(home.path().join("next"), &link).unwrap();
        };
        switch_to(0);
        std::thread::scope(|scope| {
            let switching = scope.spawn(|| {
                for version in 1..500 {
                    switch_to(version);
                    fs::remove_dir_all(home.path().join(format!("v{}", version - 1))).unwrap();
                }
            });
            for reading in [Reading::FromDisk, Reading::WithoutWaiting].into_iter().cycle() {
                if switching.is_finished() {
                    break;
                }
                let found = find(&link, Path::new("acme/contoso.json"), reading, |bytes| bytes.len());
                assert!(!matches!(found, Ok(Found::Nothing)), "a file that was always there was not found");
            }
        });
        for reading in [Reading::FromDisk, Reading::WithoutWaiting] {
            let length = |name: &str| find(&link, Path::new(name), reading, |bytes| bytes.len());
            let found = length("acme/contoso.json");
            assert!(matches!(
                (reading, found),
                (_, Ok(Found::Read(3))) | (Reading::WithoutWaiting, Ok(Found::NotInMemory))
            ));
            assert!(matches!(length("acme/nobody.json"), Ok(Found::Nothing)));
        }
    }
}
