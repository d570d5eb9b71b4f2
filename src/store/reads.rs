//! One query, one function.

use sqlx::AssertSqlSafe;

use super::{
    Cause, Pool, StoreError, grants,
    rows::{POSTGRES_RECORD, SQLITE_RECORD, read_record},
    sqlite_file,
};
use crate::domain::record::Record;

/// Runs the same expression against whichever pool there is.
macro_rules! on {
    ($pool:expr, $connection:ident => $body:expr) => {
        match $pool {
            Pool::Sqlite($connection) => $body,
            Pool::Postgres(readers) => {
                let mut guard = readers.acquire().await?;
                let $connection = &mut *guard;
                $body
            }
        }
    };
}
pub(super) use on;

/// A `SELECT` over whole records, in the dialect of `pool`. Only constants of this crate go into it.
fn select_records(pool: &Pool, rest: &'static str) -> AssertSqlSafe<String> {
    let columns = match pool {
        Pool::Sqlite(_) => SQLITE_RECORD.as_str(),
        Pool::Postgres(_) => POSTGRES_RECORD.as_str(),
    };
    AssertSqlSafe(format!("SELECT {columns} FROM support_requests {rest}"))
}

/// The newest migration that was applied.
pub(super) const APPLIED: &str = "SELECT max(version) FROM _sqlx_migrations WHERE success";

/// Whether what was applied is what this build needs; the version that was.
pub(super) fn is_current(applied: Result<Option<i64>, sqlx::Error>, needed: i64) -> Result<i64, StoreError> {
    match applied {
        Ok(Some(applied)) if applied >= needed => Ok(applied),
        Ok(_) => Err(StoreError::NotMigrated),
        Err(error) => match Cause::of(&error).cause {
            "permission" if error.as_database_error().is_some_and(|said| said.code().as_deref() == Some("42501")) => {
                Err(StoreError::NotGranted(
                    "it may not read the table _sqlx_migrations; run `support-requests migrate`, which grants it"
                        .to_owned(),
                ))
            }
            "missing" => Err(StoreError::NotMigrated),
            _ if error.as_database_error().is_some_and(|said| said.message().starts_with("no such table")) => {
                Err(StoreError::NotMigrated)
            }
            _ => Err(error.into()),
        },
    }
}

pub(super) async fn is_migrated(pool: &Pool, version: i64) -> Result<(), StoreError> {
    match is_current(applied(pool).await?, version) {
        Ok(_) => Ok(()),
        Err(error) => match pool {
            Pool::Sqlite(pool) => Err(sqlite_file::explain_store(pool.connect_options().get_filename(), error)),
            Pool::Postgres(readers) => Err(grants::or_hidden(&mut *readers.acquire().await?, error).await),
        },
    }
}

pub(super) async fn schema_version(pool: &Pool) -> Result<i64, StoreError> {
    is_current(applied(pool).await?, 0)
}

/// What the database says when it is asked for the newest migration; an error of its own is part of the answer.
async fn applied(pool: &Pool) -> Result<Result<Option<i64>, sqlx::Error>, StoreError> {
    Ok(on!(pool, connection => sqlx::query_scalar(APPLIED).fetch_one(connection).await))
}

pub(super) async fn find(pool: &Pool, reference: &str) -> Result<Option<Record>, StoreError> {
    let sql = select_records(pool, "WHERE reference = $1");
    on!(pool, connection => {
        let row = sqlx::query(sql).bind(reference).fetch_optional(connection).await?;
        row.as_ref().map(read_record).transpose()
    })
}
