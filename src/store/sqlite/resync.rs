//! Makes what is in the log durable, whatever became of the syncs before.
//!
//! A sync that failed is not made good by a later one that succeeds: the system takes the pages for written, shows them to
//! every reader, and may never put them on the disk (<https://wiki.postgresql.org/wiki/Fsync_Errors>). So a row that is
//! found in the log after such a failure, of this process or of one before it, proves nothing. What is written again does.

use std::{fs::File, io, os::unix::fs::FileExt as _, path::PathBuf};

use sqlx::SqliteConnection;

use crate::store::StoreError;

/// How much is read and written at a time.
const STEP_BYTES: usize = 256 * 1024;

/// Writes the log over itself and syncs it, while nobody else can write to it: `connection` holds the lock meanwhile.
///
/// Opening a log beside SQLite is harmless: its locks are on the other two files.
pub(super) async fn rewrite(connection: &mut SqliteConnection, log: PathBuf) -> Result<(), StoreError> {
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut *connection).await?;
    let written = tokio::task::spawn_blocking(move || over_itself(&File::options().read(true).write(true).open(log)?));
    let written = written.await.unwrap_or_else(|stopped| Err(io::Error::other(stopped)));
    sqlx::raw_sql("ROLLBACK").execute(connection).await?;
    written.map_err(StoreError::Log)
}

fn over_itself(log: &File) -> io::Result<()> {
    let mut step = vec![0; STEP_BYTES];
    let mut offset = 0;
    loop {
        let read = log.read_at(&mut step, offset)?;
        if read == 0 {
            return log.sync_all();
        }
        log.write_all_at(&step[..read], offset)?;
        offset += read as u64;
    }
}
