//! What is left of the bytes when the rows are erased: in free space, in the write-ahead log, in old versions of rows.

use std::time::Duration;

use sqlx::{AssertSqlSafe, PgConnection};

use super::{Connection, Eraser};
use crate::store::{Cause, StoreError, sqlite::Guarded};

/// Whether the tables are written anew, while nobody else may write to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rewriting {
    /// Where that takes a moment: an SQLite file of up to 64 MiB.
    Quick,
    /// Whatever it takes.
    Whole,
}

/// What is left of what was erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remains {
    /// Nothing: the tables were written anew.
    Nothing,
    /// What lies in space that is free, in pages that are in use, until it is overwritten.
    FreeSpace,
    /// Old pages in the write-ahead log: somebody read from it all the time.
    Log,
    /// So many old versions of rows: a transaction that began before the erasure may still read them.
    OldVersions(i64),
}

/// The size of a file that is written anew in less time than a writer waits for the lock.
const QUICK_BYTES: u64 = 64 * 1024 * 1024;

/// How often it is tried to get past whoever is in the way.
const ATTEMPTS: u32 = 5;

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
macro_rules! retry_while_locked {
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
    let rewrites = rewriting == Rewriting::Whole || guarded.size() <= QUICK_BYTES;
    if rewrites {
        retry_while_locked!(guarded.rewrite().await)?;
    }
    for attempt in 1..=ATTEMPTS {
        if retry_while_locked!(guarded.empty_the_log().await)? {
            return Ok(if rewrites { Remains::Nothing } else { Remains::FreeSpace });
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
    Ok(match (old_versions, rewriting) {
        (1.., _) => Remains::OldVersions(old_versions),
        (_, Rewriting::Whole) => Remains::Nothing,
        (_, Rewriting::Quick) => Remains::FreeSpace,
    })
}

async fn vacuum(connection: &mut PgConnection, sql: &str) -> Result<(), StoreError> {
    retry_while_locked!(sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut *connection).await)?;
    Ok(())
}

/// Versions of rows that were changed and may not be removed yet, because somebody may still see them.
async fn dead(connection: &mut PgConnection) -> Result<i64, StoreError> {
    // Each partition counts its own.
    let sql = "WITH ours (oid) AS (VALUES ('support_requests'::regclass), ('audit_events'::regclass)),
            parts AS (SELECT oid FROM ours UNION ALL SELECT inhrelid FROM pg_inherits WHERE inhparent IN (TABLE ours))
         SELECT coalesce(sum(pg_stat_get_dead_tuples(oid)), 0)::bigint FROM parts";
    Ok(sqlx::query_scalar(sql).fetch_one(connection).await?)
}

/// The old files go with the next checkpoint. Not every owner may ask for one; it comes by itself then.
async fn checkpoint(connection: &mut PgConnection) -> Result<(), StoreError> {
    match sqlx::raw_sql("CHECKPOINT").execute(connection).await {
        Err(error) if Cause::of(&error).cause != "permission" => Err(error.into()),
        _ => Ok(()),
    }
}
