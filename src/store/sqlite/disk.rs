//! The disk that a database's file is on.

use std::path::Path;

use rustix::fs::{StatVfsMountFlags, statvfs};

use crate::store::StoreError;

/// What must be free: a request at all its limits takes less, in both tables and the log.
const FREE_BYTES: u64 = 2 * 1024 * 1024;

/// How many bytes are free where the path is.
///
/// # Errors
/// It takes no writes, or less is free than a request may take.
pub(in crate::store) fn look(path: &Path) -> Result<u64, StoreError> {
    let disk = statvfs(path).map_err(|error| StoreError::Open(sqlx::Error::Io(error.into())))?;
    if disk.f_flag.contains(StatVfsMountFlags::RDONLY) {
        return Err(StoreError::ReadOnly("its file system is mounted read-only"));
    }
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    if free < FREE_BYTES { Err(StoreError::NoSpace { bytes: FREE_BYTES }) } else { Ok(free) }
}
