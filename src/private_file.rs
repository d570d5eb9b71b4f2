//! Files that only their owner may read, written whole or not at all, and never through a link: whoever can place one
//! where such a file is written would have it written elsewhere.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

/// Names that are tried for a draft.
const ATTEMPTS: u32 = 100;

/// Replaces a file, or makes it, with mode 0600. When this returns, it is on the disk.
///
/// # Errors
/// When the path is a symbolic link or a folder, and when its folder cannot be written.
pub fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    refuse_link(path)?;
    let folder = folder(path);
    let (mut file, draft) = draft(path)?;
    let written = file.write_all(content).and_then(|()| file.sync_all()).and_then(|()| fs::rename(&draft, path));
    if let Err(error) = written {
        let _ = fs::remove_file(&draft);
        return Err(error);
    }
    File::open(folder)?.sync_all()
}

/// Replaces a file and keeps the old one beside it, under its name and the next free number.
///
/// # Errors
/// As [`replace`].
pub fn replace_and_keep(path: &Path, content: &[u8]) -> io::Result<()> {
    refuse_link(path)?;
    if path.exists() {
        let mut number = 1_u32;
        // A hard link fails where the name is taken, so two that do this at once take two names.
        while let Err(error) = fs::hard_link(path, beside(path, &number.to_string())) {
            if error.kind() != io::ErrorKind::AlreadyExists || number == u32::MAX {
                return Err(error);
            }
            number += 1;
        }
    }
    replace(path, content)
}

fn refuse_link(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => Ok(()),
        Ok(_) => Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("{} is a link or no file: name the file itself", path.display()),
        )),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// A new file in the same folder.
fn draft(path: &Path) -> io::Result<(File, PathBuf)> {
    let mut number = 0;
    loop {
        let draft = beside(path, &format!("new{number}"));
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < ATTEMPTS => number += 1,
            opened => return opened.map(|file| (file, draft)),
        }
    }
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{MetadataExt as _, symlink};

    use super::*;

    #[test]
    fn a_file_is_for_its_owner_only_and_a_link_in_its_place_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("heads"), folder.path().join("link"));
        replace(&file, b"one").unwrap();
        assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o600);
        fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
        replace(&file, b"two").unwrap();
        assert_eq!((fs::read(&file).unwrap(), fs::metadata(&file).unwrap().mode() & 0o777), (b"two".to_vec(), 0o600));
        for target in [&file, &folder.path().join("nowhere")] {
            symlink(target, &link).unwrap();
            assert!(replace(&link, b"three").is_err() && replace_and_keep(&link, b"three").is_err());
            assert_eq!(fs::read(&file).unwrap(), b"two");
            assert!(!folder.path().join("nowhere").exists());
            fs::remove_file(&link).unwrap();
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no draft is left");
    }

    #[test]
    fn every_file_that_was_replaced_is_kept_under_a_number() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("heads");
        for content in [b"one", b"two", b"six"] {
            replace_and_keep(&file, content).unwrap();
        }
        let read = |ending| fs::read(beside(&file, ending)).unwrap();
        assert_eq!(
            (read("1"), read("2"), fs::read(&file).unwrap()),
            (b"one".to_vec(), b"two".to_vec(), b"six".to_vec())
        );
    }
}
