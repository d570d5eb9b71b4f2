//! What a command does to a file beside the running service: by the same rules as the service's own commits.

use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};

use super::{Guarded, copying::CHECKPOINT_BYTES, journal};
use crate::store::StoreError;

impl Guarded {
    /// Opens the file so that what is deleted through this connection is overwritten with zeros, freed pages too.
    pub(in crate::store) async fn open_to_erase(options: &SqliteConnectOptions) -> Result<Self, StoreError> {
        let mut opened = Self::open(&options.clone().pragma("secure_delete", "ON"), &mut None).await?;
        let sql = "SELECT CAST(secure_delete AS TEXT) FROM pragma_secure_delete";
        let found: String = sqlx::query_scalar(sql).fetch_one(&mut opened.connection).await?;
        if found == "1" {
            return Ok(opened);
        }
        opened.abandon().await;
        Err(StoreError::NotDurable { setting: "secure_delete", wanted: "1", found })
    }

    /// Reads, while others may write.
    pub(in crate::store) async fn look<T>(
        &mut self,
        work: impl AsyncFnOnce(&mut SqliteConnection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.verify().await?;
        work(&mut self.connection).await
    }

    /// One transaction of the command's own, into the file at the path. All of it or nothing.
    pub(in crate::store) async fn transaction<T>(
        &mut self,
        work: impl AsyncFnOnce(&mut SqliteConnection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.verify().await?;
        sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut self.connection).await?;
        let worked = async {
            journal::touch(&mut self.connection).await?;
            let done = work(&mut self.connection).await?;
            sqlx::raw_sql("COMMIT").execute(&mut self.connection).await?;
            Ok(done)
        };
        let worked = worked.await;
        if worked.is_err() {
            // None of it stays; where the transaction is gone already, this says so.
            let _ = sqlx::raw_sql("ROLLBACK").execute(&mut self.connection).await;
        }
        // Every page that a row was on may have gone to the log.
        self.logged = CHECKPOINT_BYTES;
        self.verify().await?;
        worked
    }

    /// Copies the log into the file and cuts it to nothing, so that old frames do not lie in it. `false` where a reader
    /// is in the way: then the log is copied, and still there.
    pub(in crate::store) async fn empty_the_log(&mut self) -> Result<bool, StoreError> {
        self.verify().await?;
        let lock = self.acquire_lock().await?;
        let opened = journal::open_base(&mut self.connection).await?;
        // First without keeping writers out: the rest is short then.
        journal::copy(&mut self.connection).await?;
        let emptied = journal::truncate(&mut self.connection).await?;
        self.settle_on(&opened, lock).await?;
        Ok(emptied)
    }

    /// How large the file is, without its log.
    pub(in crate::store) fn size(&self) -> u64 {
        std::fs::metadata(self.files.path()).map_or(u64::MAX, |file| file.len())
    }

    /// Writes the file anew, without the space between rows in which pieces of what was moved may lie. Writers wait.
    pub(in crate::store) async fn rewrite(&mut self) -> Result<(), StoreError> {
        self.verify().await?;
        sqlx::raw_sql("VACUUM").execute(&mut self.connection).await?;
        Ok(self.verify().await?)
    }

    /// Says goodbye. The log, which says what it hangs on, is left to whoever else has it open.
    pub(in crate::store) async fn finish(mut self) {
        if self.verify().await.is_err() {
            self.abandon().await;
            return;
        }
        let _ = self.guard.close().await;
        let _ = self.connection.close().await;
    }
}
