//! Dropping whole partitions, and telling `verify` so: the audit record is written in the same transaction.

use serde_json::json;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use super::{ATTEMPTS, Boundary, LOCK, PAUSE, Partition, Partitions, TABLES, is_busy, quoted, refused};
use crate::{
    clock::Clock,
    domain::record::{AuditRecord, DROPPED_EVENT},
    store::{ArchiveEvent, Decision, StoreError, postgres},
};

/// What is dropped, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Droppable {
    /// The partitions, oldest first.
    pub partitions: Vec<Partition>,
    /// Everything before it goes.
    pub before: Boundary,
    /// How many requests, exactly.
    pub requests: i64,
    /// How many audit records, exactly.
    pub events: i64,
}

impl Partitions {
    /// The partitions that end at `boundary` or before it.
    ///
    /// # Errors
    /// When there is none, or what they hold and what stays belong together.
    pub async fn droppable(&mut self, boundary: Boundary, clock: &dyn Clock) -> Result<Droppable, StoreError> {
        if boundary.day() > clock.now().date() {
            return Err(refused(format!("{} is still to come: what is dropped must be over", boundary.day())));
        }
        let mut partitions = self.list().await?;
        partitions.retain(|partition| partition.to.is_some_and(|to| to <= boundary));
        let Some(before) = partitions.last().and_then(|last| last.to) else {
            return Err(refused(format!("no partition ends on {} or before: see `partition --list`", boundary.day())));
        };
        let mut counted = [0, 0];
        for partition in &partitions {
            for (place, name) in partition.names.iter().enumerate() {
                let sql = AssertSqlSafe(format!("SELECT count(*) FROM {}", quoted(name)));
                counted[place] += sqlx::query_scalar::<_, i64>(sql).fetch_one(&mut self.connection).await?;
            }
            speaks_of_nothing_else(&mut self.connection, partition, before).await?;
        }
        let [requests, events] = counted;
        Ok(Droppable { partitions, before, requests, events })
    }

    /// Drops them, with an audit record that says so, in one transaction.
    ///
    /// # Errors
    /// When the database fails; then nothing was changed.
    pub async fn drop(
        &mut self,
        droppable: &Droppable,
        decision: &Decision,
        clock: &dyn Clock,
    ) -> Result<(), StoreError> {
        let [requests, events] = TABLES.map(|(table, _)| droppable.before.key(table));
        let reach = json!({"references_before": requests, "chains_before": events});
        let announced = ArchiveEvent { name: DROPPED_EVENT, reach, decision }.first_link(clock);
        let tables: Vec<String> =
            droppable.partitions.iter().flat_map(|partition| &partition.names).map(|name| quoted(name)).collect();
        let mut attempt = 1;
        loop {
            match dropped(&mut self.connection, &announced, &tables).await {
                Err(error) if is_busy(&error) && attempt < ATTEMPTS => attempt += 1,
                outcome => return Ok(outcome?),
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

async fn dropped(connection: &mut PgConnection, announced: &AuditRecord, tables: &[String]) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin().await?;
    let locked = format!("{LOCK}; LOCK TABLE support_requests, audit_events IN ACCESS EXCLUSIVE MODE");
    sqlx::raw_sql(AssertSqlSafe(locked)).execute(&mut *transaction).await?;
    sqlx::raw_sql("SET LOCAL synchronous_commit = on").execute(&mut *transaction).await?;
    postgres::write_events(&mut transaction, std::slice::from_ref(announced)).await?;
    sqlx::raw_sql(AssertSqlSafe(format!("DROP TABLE {}", tables.join(", ")))).execute(&mut *transaction).await?;
    transaction.commit().await
}

/// A chain is never named by an earlier day than what hangs in it, so a chain that goes speaks of requests that go. Where
/// that does not hold, somebody else wrote, and a request would stay without its audit record.
async fn speaks_of_nothing_else(
    connection: &mut PgConnection,
    partition: &Partition,
    before: Boundary,
) -> Result<(), StoreError> {
    let sql = format!("SELECT reference FROM {} WHERE reference >= $1 LIMIT 1", quoted(&partition.names[1]));
    let stays: Option<String> =
        sqlx::query_scalar(AssertSqlSafe(sql)).bind(before.key(TABLES[0].0)).fetch_optional(connection).await?;
    stays.map_or(Ok(()), |reference| {
        Err(refused(format!("an audit record of {reference}, which stays, is in a chain that would go: drop less")))
    })
}
