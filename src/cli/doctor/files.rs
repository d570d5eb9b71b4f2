//! Whom files let in that hold secrets, or decide who may do what.

use std::{
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use super::{deadline::Deadline, finding::Finding};

/// Mode bits of everybody who is neither the owner nor of the group.
const OTHERS_READ: u32 = 0o004;
const OTHERS_WRITE: u32 = 0o002;
/// Of a folder: what is in it is for its owners to remove.
const STICKY: u32 = 0o1000;

/// Files that settings name for a secret in them. That they can be read is told with the settings.
pub(super) async fn look(files: Vec<(&'static str, PathBuf)>, deadline: Deadline) -> Vec<Finding> {
    let check = "secret_files";
    let count = files.len();
    let looked = deadline.within_blocking(move || -> Vec<Finding> {
        let open = |(setting, file): (&'static str, PathBuf)| {
            let mode = mode_if(&file, OTHERS_READ | OTHERS_WRITE)?;
            let what = format!("{setting} names {}, which is open to everybody (mode {mode:04o})", file.display());
            Some(Finding::warning(check, what, format!("chmod o= {}", file.display())))
        };
        files.into_iter().filter_map(open).collect()
    });
    match looked.await {
        Err(late) => vec![late.finding(check)],
        Ok(open) if open.is_empty() => vec![Finding::ok(
            check,
            match count {
                0 => "no setting names a file with a secret".to_owned(),
                count => format!("{count} file(s), none of them open to everybody"),
            },
        )],
        Ok(open) => open,
    }
}

/// What of a database's file and its folder is open to everybody, in words. In a folder with the sticky bit, nobody
/// removes what is somebody else's.
pub(super) fn open_database(file: &Path) -> Option<String> {
    if let Some(mode) = mode_if(file, OTHERS_READ | OTHERS_WRITE) {
        return Some(format!("everybody may read or write {} (mode {mode:04o})", file.display()));
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mode = mode_if(folder, OTHERS_WRITE).filter(|mode| mode & STICKY == 0)?;
    Some(format!("everybody may put another file into the folder {} (mode {mode:04o})", folder.display()))
}

/// The mode of a file that everybody may write.
pub(super) fn writable_by_others(file: &Path) -> Option<u32> {
    mode_if(file, OTHERS_WRITE)
}

/// The mode of what others may use so. That it cannot be looked at is told elsewhere.
fn mode_if(path: &Path, how: u32) -> Option<u32> {
    let mode = path.metadata().ok()?.mode() & 0o7777;
    (mode & how != 0).then_some(mode)
}
