//! One query, one function.

use sqlx::AssertSqlSafe;

use super::{
    Pool, StoreError,
    rows::{POSTGRES_RECORD, SQLITE_RECORD, read_record},
};
use crate::domain::record::StoredRecord;

/// Runs the same expression against whichever pool there is.
macro_rules! on {
    ($pool:expr, $connection:ident => $body:expr) => {
        match $pool {
            Pool::Sqlite($connection) => $body,
            Pool::Postgres($connection) => $body,
        }
    };
}

/// A `SELECT` over whole records, in the dialect of `pool`. Only constants of this crate go into it.
fn select(pool: &Pool, rest: &'static str) -> AssertSqlSafe<String> {
    let columns = match pool {
        Pool::Sqlite(_) => SQLITE_RECORD,
        Pool::Postgres(_) => POSTGRES_RECORD,
    };
    AssertSqlSafe(format!("SELECT {columns} FROM support_requests {rest}"))
}

pub(super) async fn ping(pool: &Pool) -> Result<(), StoreError> {
    let answer = async { on!(pool, connection => sqlx::query("SELECT 1").execute(connection).await.map(drop)) };
    match tokio::time::timeout(super::CONNECTION_PATIENCE, answer).await {
        Ok(answer) => Ok(answer?),
        Err(_) => Err(StoreError::Open(sqlx::Error::PoolTimedOut)),
    }
}

pub(super) async fn is_migrated(pool: &Pool) -> Result<(), StoreError> {
    let sql = "SELECT reference FROM support_requests WHERE 1 = 0";
    let found = on!(pool, connection => sqlx::query(sql).fetch_optional(connection).await.map(drop));
    match found {
        Err(sqlx::Error::Database(_)) => Err(StoreError::NotMigrated),
        other => Ok(other?),
    }
}

pub(super) async fn find(pool: &Pool, reference: &str) -> Result<Option<StoredRecord>, StoreError> {
    let sql = select(pool, "WHERE reference = $1");
    on!(pool, connection => {
        let row = sqlx::query(sql).bind(reference).fetch_optional(connection).await?;
        row.as_ref().map(read_record).transpose()
    })
}

pub(super) async fn counts(pool: &Pool) -> Result<(i64, i64), StoreError> {
    let sql = "SELECT (SELECT count(*) FROM support_requests), (SELECT count(*) FROM audit_events)";
    Ok(on!(pool, connection => sqlx::query_as(sql).fetch_one(connection).await?))
}
