//! A commit that stores nothing, to find out whether the server acknowledges any. Where it waits for a synchronous standby,
//! looking at the server, or a write that is taken back, does not tell: only a commit waits.

use sqlx::{PgConnection, raw_sql};
use tokio::time::Instant;

use super::StoreError;

/// Writes a message to the write-ahead log, which nobody reads, and commits. What this session saw committed before is
/// acknowledged with it: a standby takes the log in its order.
///
/// In a block, because there the session's `statement_timeout` ends the wait for a standby as well, and with it a session
/// whose client has left; elsewhere that wait has no end. PostgreSQL then calls the commit a success all the same, with a
/// warning, so what took nearly as long counts as not acknowledged.
const COMMIT: &str = "DO $$
    DECLARE began timestamptz := pg_catalog.clock_timestamp();
    BEGIN
        PERFORM pg_catalog.pg_logical_emit_message(true, 'support_requests', 'probe');
        COMMIT;
        IF pg_catalog.clock_timestamp() - began > interval '4s' THEN
            RAISE EXCEPTION 'the commit was not acknowledged in time' USING ERRCODE = 'query_canceled';
        END IF;
    END $$";

/// Waits until a commit is acknowledged. After any failure the caller lets go of the connection.
pub(super) async fn commit(connection: &mut PgConnection, deadline: Instant) -> Result<(), StoreError> {
    match tokio::time::timeout_at(deadline, raw_sql(COMMIT).execute(connection)).await {
        Ok(committed) => Ok(committed.map(drop)?),
        Err(_) => Err(StoreError::NotAcknowledged),
    }
}

/// Whether commits wait for another server.
pub(super) async fn waits_for_standbys(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("SELECT current_setting('synchronous_standby_names') <> ''").fetch_one(connection).await
}

/// Turns `synchronous_commit` on for this session where the server or the role turned it off; the values that concern
/// other servers stay.
pub(super) async fn make_durable(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let sql =
        "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";
    raw_sql(sql).execute(connection).await.map(drop)
}
