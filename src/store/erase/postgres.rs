//! A batch on PostgreSQL, as the owner.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use super::{
    batch::{Batch, POSTGRES_SKELETON, Run, none_is_left, select, select_unerased},
    selection::Condition,
};
use crate::{
    domain::record::Record,
    store::{
        StoreError,
        address::Address,
        advisory_locks,
        connect::{self, Session},
        fitness, owner, pooler,
        postgres::write_events,
        rows::read_record,
    },
};

/// Connects as the owner, to a server that takes writes and keeps them.
pub(super) async fn open(address: &Address) -> Result<PgConnection, StoreError> {
    pooler::refuse_transaction_pooling(address, Session::Erasing).await?;
    let mut connection = connect::connect(address, Session::Erasing).await.map_err(StoreError::Connect)?;
    if fitness::takes_writes(&mut connection).await? == "off" {
        sqlx::query("SET synchronous_commit = on").execute(&mut connection).await?;
    }
    match owner::is_owner(&mut connection).await {
        Ok(_) => Ok(connection),
        Err(error) => {
            connect::close(connection).await;
            Err(error)
        }
    }
}

/// Erases the next requests that fit, with their audit records, or nothing.
pub(super) async fn batch(
    connection: &mut PgConnection,
    condition: &Condition,
    after: &str,
    run: &mut Run,
) -> Result<Batch, StoreError> {
    let mut transaction = connection.begin().await?;
    // Two runs at once take turns: neither finds half of what the other is at.
    sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(advisory_locks::ERASING).execute(&mut *transaction).await?;
    let records = read(&mut transaction, condition, after).await?;
    if records.is_empty() {
        transaction.rollback().await?;
        return Ok(Batch::default());
    }
    let (links, end) = run.links(&records);
    write_events(&mut transaction, &links).await?;
    check(&mut transaction, &records).await?;
    transaction.commit().await?;
    run.committed(end);
    Ok(Batch::of(&records))
}

async fn read(connection: &mut PgConnection, condition: &Condition, after: &str) -> Result<Vec<Record>, StoreError> {
    let sql = select(&POSTGRES_SKELETON, condition, " FOR UPDATE");
    let mut query = sqlx::query(AssertSqlSafe(sql)).persistent(false);
    for value in &condition.values {
        query = query.bind(value);
    }
    if condition.in_order {
        query = query.bind(after);
    }
    query.fetch_all(connection).await?.iter().map(read_record).collect()
}

/// The triggers that erase may be gone.
async fn check(connection: &mut PgConnection, records: &[Record]) -> Result<(), StoreError> {
    let mut query = sqlx::query_scalar(AssertSqlSafe(select_unerased(records.len()))).persistent(false);
    for record in records {
        query = query.bind(&record.reference);
    }
    let left: Vec<String> = query.fetch_all(connection).await?;
    none_is_left(records, &left)
}
