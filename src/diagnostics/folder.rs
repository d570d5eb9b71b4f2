//! Finding and reading a file below a folder that may be switched to another one at any moment, and out of which no link
//! may lead.

use std::{
    fs::{File, Metadata},
    io::{self, ErrorKind, IoSliceMut, Read as _},
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use rustix::{
    fs::{Mode, OFlags, ResolveFlags, open as open_at_path, openat2},
    io::{ReadWriteFlags, preadv2},
};

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
}

/// A file that was opened where every link on the way to it stays below the folder: the kernel sees to that.
pub(super) struct Opened {
    /// The folder as it stood when the file was opened.
    pub(super) folder: Metadata,
    /// The file.
    pub(super) file: Metadata,
    content: File,
}

impl Opened {
    /// Opens the file `relative` below `root` as the folder stands now (`openat2`, Linux 5.6). None wherever that cannot be
    /// done at once, also where a link says the whole path of a file below: [`find`] knows more, and takes longer.
    pub(super) fn beneath(root: &Path, relative: &Path) -> Option<Self> {
        let folder = open_at_path(root, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty()).ok()?;
        // Opening a pipe would otherwise wait for somebody to write into it.
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let beneath = ResolveFlags::BENEATH | ResolveFlags::NO_MAGICLINKS;
        let content = File::from(openat2(&folder, relative, flags, Mode::empty(), beneath).ok()?);
        let (folder, file) = (File::from(folder).metadata().ok()?, content.metadata().ok()?);
        file.is_file().then_some(Self { folder, file, content })
    }

    /// All of it. None where the kernel has not all of it in memory, or cannot tell (`preadv2`, Linux 4.14).
    pub(super) fn content_in_memory(&self) -> Option<Vec<u8>> {
        let length = usize::try_from(self.file.len()).ok()?;
        // One more, to see that it ends there.
        let mut bytes = vec![0; length + 1];
        let read = preadv2(&self.content, &mut [IoSliceMut::new(&mut bytes)], 0, ReadWriteFlags::NOWAIT);
        bytes.truncate(length);
        read.is_ok_and(|read| read == length).then_some(bytes)
    }
}

/// Looks for the file `relative` below `root` as the folder stands now.
///
/// # Errors
/// Whether it is there cannot be found out: the folder is missing or closed, a link leads nowhere or out of the folder,
/// something else than a file is in its place.
pub(super) fn find<T>(root: &Path, relative: &Path, read: impl Fn(Vec<u8>) -> T) -> Result<Found<T>, ProviderFailure> {
    for _ in 0..SWITCHES_MAX {
        let folder = Folder::resolve(root)?;
        match folder.look(relative, &read)? {
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

    fn look<T>(&self, relative: &Path, read: &impl Fn(Vec<u8>) -> T) -> Result<Found<T>, ProviderFailure> {
        let Some(path) = self.locate(relative)? else { return Ok(Found::Nothing) };
        // Looked at before it is opened: opening a pipe waits for somebody to write into it.
        match path.metadata() {
            Ok(metadata) if metadata.is_file() => {}
            Ok(_) => return Err(ProviderFailure::new("a diagnostics file is not a regular file")),
            Err(error) if is_absence(&error) => return Ok(Found::Nothing),
            Err(error) => return Err(ProviderFailure::because("a diagnostics file cannot be looked at", error)),
        }
        // From here on it is there, and that is the proof: whatever else is wrong costs its facts only.
        Ok(match content(&path) {
            Ok(bytes) if bytes.len() as u64 > FILE_MAX_BYTES => Found::Unreadable("it is larger than 1 MiB".to_owned()),
            Ok(bytes) => Found::Read(read(bytes)),
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
            while !switching.is_finished() {
                let found = find(&link, Path::new("acme/contoso.json"), |bytes| bytes.len());
                assert!(!matches!(found, Ok(Found::Nothing)), "a file that was always there was not found");
                if let Some(opened) = Opened::beneath(&link, Path::new("acme/contoso.json")) {
                    assert!((1..=3).contains(&opened.file.len()), "another file");
                }
            }
        });
        let length = |name: &str| find(&link, Path::new(name), |bytes| bytes.len());
        assert!(matches!(length("acme/contoso.json"), Ok(Found::Read(3))));
        assert!(matches!(length("acme/nobody.json"), Ok(Found::Nothing)));
    }

    #[test]
    fn what_is_opened_at_once_is_a_file_below_the_folder() {
        let home = tempfile::tempdir().unwrap();
        let (folder, outside) = (home.path().join("folder"), home.path().join("outside.json"));
        fs::create_dir_all(folder.join("acme")).unwrap();
        fs::write(folder.join("acme/contoso.json"), "{}").unwrap();
        fs::write(&outside, "{}").unwrap();
        let link = |to: &str, name: &str| symlink(to, folder.join(name)).unwrap();
        link("acme/contoso.json", "inside.json");
        link("../outside.json", "out.json");
        link(&outside.display().to_string(), "out_by_its_path.json");
        link("nowhere.json", "nowhere.json");
        rustix::fs::mkfifoat(rustix::fs::CWD, folder.join("pipe.json"), Mode::RUSR).unwrap();
        let opens = |name: &str| Opened::beneath(&folder, Path::new(name)).is_some();
        let names =
            ["out.json", "out_by_its_path.json", "nowhere.json", "nobody.json", "acme", "pipe.json", "../outside.json"];
        assert_eq!(names.map(opens), [false; 7], "{names:?}");
        assert_eq!(["acme/contoso.json", "inside.json"].map(opens), [true; 2]);
        let opened = Opened::beneath(&folder, Path::new("inside.json")).unwrap();
        assert!(opened.content_in_memory().is_none_or(|content| content == b"{}"));
    }
}
