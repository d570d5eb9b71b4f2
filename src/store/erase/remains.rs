//! What is left of the bytes when the rows are erased: in free space, in the write-ahead log, in old versions of rows.

use std::time::Duration;

use sqlx::{AssertSqlSafe, PgConnection};

use super::{Connection, Eraser};
use crate::store::{Cause, StoreError, sqlite::Guarded};

/// Whether the tables are written anew, while nobody else may write to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rewriting {
    /// No: what was freed is zeroed or left to be overwritten, and nobody waits.
    No,
    /// Yes: nothing of what was erased stays in the tables' own files.
    Whole,
}

/// What could not be cleared away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remains {
    /// Nothing that this database can clear away in this manner.
    Nothing,
    /// Somebody read from the write-ahead log all the time, so old pages are still in it.
    Log,
    /// A transaction that began before the erasure may still read this many old versions of rows.
    OldVersions(i64),
}

/// How often it is tried to get past whoever is in the way.
const ATTEMPTS: u32 = 15;

/// Between two tries.
const PAUSE: Duration = Duration::from_secs(1);

impl Eraser {
    /// Clears away what the database keeps of erased rows beside them. What it cannot reach is said in specs/privacy.md.
    ///
    /// # Errors
    /// When the database fails, or others keep the tables locked.
    pub async fn clear(&mut self, rewriting: Rewriting) -> Result<Remains, StoreError> {
        match &mut self.connection {
            Connection::Sqlite(guarded) => sqlite(guarded, rewriting).await,
            Connection::Postgres(connection) => postgres(connection, rewriting).await,
        }
    }
}

/// Tries something again while others keep it out.
macro_rules! patiently {
    ($attempt:expr) => {{
        let mut attempts = 1;
        loop {
            match $attempt {
                Err(error) if attempts < ATTEMPTS && Cause::of(&error).cause == "locked" => attempts += 1,
                done => break done,
            }
            tokio::time::sleep(PAUSE).await;
        }
    }};
}

async fn sqlite(guarded: &mut Guarded, rewriting: Rewriting) -> Result<Remains, StoreError> {
    if rewriting == Rewriting::Whole {
        patiently!(guarded.rewrite().await)?;
    }
    for attempt in 1..=ATTEMPTS {
        if patiently!(guarded.empty_the_log().await)? {
            return Ok(Remains::Nothing);
        }
        if attempt < ATTEMPTS {
            tokio::time::sleep(PAUSE).await;
        }
    }
    Ok(Remains::Log)
}

const TABLES: [&str; 2] = ["support_requests", "audit_events"];

async fn postgres(connection: &mut PgConnection, rewriting: Rewriting) -> Result<Remains, StoreError> {
    let mut old_versions = 0;
    for attempt in 1..=ATTEMPTS {
        for table in TABLES {
            // Also where only a few rows are dead, which PostgreSQL would leave in the indexes for later.
            vacuum(connection, &format!("VACUUM (INDEX_CLEANUP ON) {table}")).await?;
        }
        old_versions = dead(connection).await?;
        if old_versions == 0 || attempt == ATTEMPTS {
            break;
        }
        tokio::time::sleep(PAUSE).await;
    }
    if rewriting == Rewriting::Whole {
        // Whoever comes after this one waits for the lock as well, so it does not wait for long.
        sqlx::raw_sql("SET lock_timeout = '2s'").execute(&mut *connection).await?;
        for table in TABLES {
            vacuum(connection, &format!("VACUUM (FULL) {table}")).await?;
        }
        checkpoint(connection).await?;
    }
    Ok(if old_versions == 0 { Remains::Nothing } else { Remains::OldVersions(old_versions) })
}

async fn vacuum(connection: &mut PgConnection, sql: &str) -> Result<(), StoreError> {
    patiently!(sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut *connection).await)?;
    Ok(())
}

/// Versions of rows that were changed and may not be removed yet, because somebody may still see them.
async fn dead(connection: &mut PgConnection) -> Result<i64, StoreError> {
    let sql = "SELECT coalesce(sum(pg_stat_get_dead_tuples(oid)), 0)::bigint FROM pg_class
         WHERE oid IN ('support_requests'::regclass, 'audit_events'::regclass)";
    Ok(sqlx::query_scalar(sql).fetch_one(connection).await?)
}

/// The old files go with the next checkpoint. Not every owner may ask for one; it comes by itself then.
async fn checkpoint(connection: &mut PgConnection) -> Result<(), StoreError> {
    match sqlx::raw_sql("CHECKPOINT").execute(connection).await {
        Err(error) if Cause::of(&error).cause != "permission" => Err(error.into()),
        _ => Ok(()),
    }
}
