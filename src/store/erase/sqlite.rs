//! A batch on SQLite.

use sqlx::{AssertSqlSafe, SqliteConnection};

use super::{
    batch::{Batch, Run, SQLITE_SKELETON, none_is_left, select, select_unerased},
    selection::{Condition, among},
};
use crate::{
    domain::record::Record,
    store::{
        StoreError,
        rows::read_record,
        sqlite::{Guarded, write_events},
    },
};

/// Erases the next requests that fit, with their audit records, or nothing.
pub(super) async fn batch(
    guarded: &mut Guarded,
    condition: &Condition,
    after: &str,
    run: &mut Run,
) -> Result<Batch, StoreError> {
    // Before the lock is taken: it may take long to find them.
    let found: Vec<String> = guarded.look(async |connection| find(connection, condition, after).await).await?;
    if found.is_empty() {
        return Ok(Batch::default());
    }
    let (count, end) = guarded
        .transaction(async |connection| {
            let records = read(connection, &found).await?;
            if records.is_empty() {
                return Ok((0, None));
            }
            let (links, end) = run.links(&records);
            write_events(connection, &links).await?;
            check(connection, &records).await?;
            Ok((records.len(), Some(end)))
        })
        .await?;
    if let Some(end) = end {
        run.committed(end);
    }
    Ok(Batch::of_found(count, &found))
}

async fn find(
    connection: &mut SqliteConnection,
    condition: &Condition,
    after: &str,
) -> Result<Vec<String>, StoreError> {
    let mut query = sqlx::query_scalar(AssertSqlSafe(select("reference", condition, "")));
    for value in &condition.values {
        query = query.bind(value);
    }
    if condition.in_order {
        query = query.bind(after);
    }
    Ok(query.fetch_all(connection).await?)
}

/// Those of what was found that are still there: of everything that a selection goes by, an erasure alone changes any.
async fn read(connection: &mut SqliteConnection, found: &[String]) -> Result<Vec<Record>, StoreError> {
    let condition = among(found.to_vec());
    let mut query = sqlx::query(AssertSqlSafe(select(&SQLITE_SKELETON, &condition, ""))).persistent(false);
    for value in &condition.values {
        query = query.bind(value);
    }
    query.fetch_all(connection).await?.iter().map(read_record).collect()
}

/// The triggers that erase may be gone.
async fn check(connection: &mut SqliteConnection, records: &[Record]) -> Result<(), StoreError> {
    let mut query = sqlx::query_scalar(AssertSqlSafe(select_unerased(records.len()))).persistent(false);
    for record in records {
        query = query.bind(&record.reference);
    }
    let left: Vec<String> = query.fetch_all(connection).await?;
    none_is_left(records, &left)
}
