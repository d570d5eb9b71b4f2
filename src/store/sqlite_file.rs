//! Why a database's file cannot be opened, in terms of files: the database says no more than "unable to open database
//! file".

use std::{
    fs::{self, Metadata},
    io::ErrorKind,
    os::unix::fs::MetadataExt as _,
    path::Path,
};

use rustix::fs::{Access, AtFlags, CWD};

use super::StoreError;

/// What SQLite says of a file that is none of its own (`SQLITE_NOTADB`).
const NOT_A_DATABASE: &str = "26";

/// Why opening failed: the reason that the file system has, or else the database's own.
pub(super) fn explain(file: &Path, error: sqlx::Error) -> StoreError {
    reason(file, &error).map_or_else(|| StoreError::Open(error), StoreError::File)
}

/// The same for the first query: until then SQLite has not looked into the file.
pub(super) fn explain_query(file: &Path, error: sqlx::Error) -> StoreError {
    reason(file, &error).map_or_else(|| StoreError::Query(error), StoreError::File)
}

/// The same for an error that may be of either kind, or of another.
pub(super) fn explain_store(file: &Path, error: StoreError) -> StoreError {
    match error {
        StoreError::Open(error) => explain(file, error),
        StoreError::Query(error) => explain_query(file, error),
        other => other,
    }
}

fn reason(file: &Path, error: &sqlx::Error) -> Option<String> {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    if code.as_deref() == Some(NOT_A_DATABASE) {
        return Some(format!("{} is not an SQLite database, or it is encrypted", file.display()));
    }
    usable(file).err()
}

/// Whether the file can be read and written, and its journals made beside it.
///
/// # Errors
/// Says which file or folder is in the way, whose it is, and what to do.
pub(super) fn usable(file: &Path) -> Result<(), String> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let shown = folder.display();
    let of_folder = match fs::metadata(folder) {
        Ok(found) if found.is_dir() => found,
        Ok(_) => return Err(format!("the database's folder {shown} is no folder")),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(format!("the database's folder {shown} does not exist: make it, or correct the path"));
        }
        Err(error) => return Err(format!("the database's folder {shown} cannot be looked at: {error}")),
    };
    match fs::metadata(file) {
        Ok(found) if found.is_dir() => return Err(format!("{} is a folder: name a file in it", file.display())),
        Ok(found) => access(file, Access::READ_OK | Access::WRITE_OK).map_err(|error| {
            let (file, whose) = (file.display(), whose(&found));
            format!("the database's file {file} cannot be read and written: {error}{whose}")
        })?,
        // It will be made.
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(format!("the database's file {} cannot be looked at: {error}", file.display())),
    }
    // Its write-ahead log is made there, so SQLite needs the folder also where the file is already there.
    access(folder, Access::WRITE_OK | Access::EXEC_OK).map_err(|error| {
        let whose = whose(&of_folder);
        format!("the database's folder {shown} cannot be written, and SQLite keeps its journal there: {error}{whose}")
    })
}

/// Asks the operating system. The file is not opened for that: closing it again would take away the locks that SQLite
/// holds on it in this process.
fn access(path: &Path, wanted: Access) -> std::io::Result<()> {
    Ok(rustix::fs::accessat(CWD, path, wanted, AtFlags::EACCESS)?)
}

/// Who may, and who we are.
fn whose(found: &Metadata) -> String {
    let (owner, group, mode) = (found.uid(), found.gid(), found.mode() & 0o7777);
    let (us, our_group) = (rustix::process::geteuid(), rustix::process::getegid());
    format!(
        "; it belongs to user {owner}, group {group}, with mode {mode:04o}, and this process is user {}, group {}: \
         chown it, or run as its owner",
        us.as_raw(),
        our_group.as_raw()
    )
}
