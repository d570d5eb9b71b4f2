//! What a commit waits for beside the server's own disk.

use sqlx::{Connection as _, PgConnection};

use super::{DatabaseUrl, StoreError, open, url::Kind};

/// What a commit waits for beside the server's own disk, as a session of the service begins.
#[derive(Debug, Clone)]
pub struct Replication {
    /// `synchronous_standby_names`; empty where no standby is waited for.
    pub standbys: String,
    /// `synchronous_commit`, as a session begins with it.
    pub synchronous_commit: String,
}

impl Replication {
    /// As the service would find it; nothing on SQLite.
    ///
    /// # Errors
    /// The database cannot be reached, or cannot say.
    pub async fn of(url: &DatabaseUrl) -> Result<Option<Self>, StoreError> {
        let Kind::Postgres(address) = url.kind() else { return Ok(None) };
        let mut connection = open::postgres_connection(address).await?;
        let found = Self::ask(&mut connection).await;
        let _ = connection.close().await;
        found.map(Some)
    }

    pub(super) async fn ask(connection: &mut PgConnection) -> Result<Self, StoreError> {
        let sql = "SELECT current_setting('synchronous_standby_names'), current_setting('synchronous_commit')";
        let (standbys, synchronous_commit) = sqlx::query_as(sql).fetch_one(connection).await?;
        Ok(Self { standbys, synchronous_commit })
    }

    /// What a failover may lose although standbys are named, in words: somebody counts on them, and commits do not wait for
    /// them, or not for their disks. Nothing where none is named, which promises nothing. `off` is a weakness of the server
    /// itself, and the writer turns it into `on`.
    #[must_use]
    pub fn weakness(&self) -> Option<String> {
        if self.standbys.is_empty() {
            return None;
        }
        let how = &self.synchronous_commit;
        match how.as_str() {
            "on" | "remote_apply" | "off" => None,
            "remote_write" => Some(format!(
                "standbys are named, and commits do not wait for their disks (synchronous_commit = {how}): what was answered \
                 last is lost where both servers lose power"
            )),
            _ => Some(format!(
                "standbys are named, and commits do not wait for them (synchronous_commit = {how}): a failover may lose \
                 requests that were answered"
            )),
        }
    }
}
