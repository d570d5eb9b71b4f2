//! Whom files let in that hold secrets, or decide who may do what.

use std::{
    fs::Metadata,
    io,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use super::{deadline::Deadline, finding::Finding};

/// Mode bits of everybody who is neither the owner nor of the group.
const OTHERS_READ: u32 = 0o004;
const OTHERS_WRITE: u32 = 0o002;

/// Files that settings name for a secret in them. That they can be read is told with the settings.
pub(super) async fn look(files: Vec<(&'static str, PathBuf)>, deadline: Deadline) -> Vec<Finding> {
    let check = "secret_files";
    let count = files.len();
    let looked = deadline.within_blocking(move || -> Vec<Finding> {
        let open = |(setting, file): (&'static str, PathBuf)| {
            let mode = open_to_others(&file, OTHERS_READ | OTHERS_WRITE).ok()??;
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

/// The mode of a file that everybody may read, where that matters.
pub(super) fn readable_by_others(file: &Path) -> Option<u32> {
    open_to_others(file, OTHERS_READ | OTHERS_WRITE).ok().flatten()
}

/// The mode of a file that everybody may write.
pub(super) fn writable_by_others(file: &Path) -> Option<u32> {
    open_to_others(file, OTHERS_WRITE).ok().flatten()
}

fn open_to_others(file: &Path, how: u32) -> io::Result<Option<u32>> {
    let mode = file.metadata().map(|found: Metadata| found.mode() & 0o7777)?;
    Ok((mode & how != 0).then_some(mode))
}
