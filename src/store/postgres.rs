//! Writing a group to PostgreSQL: one statement, so one round trip and one commit, whatever the size of the group.

use sqlx::PgConnection;

use super::{
    StoreError, fitness,
    rows::{Rows, audit_columns, record_columns},
};

/// Most rows in one commit. Far above what arrives during one; it bounds how long the last of a backlog waits.
pub(super) const GROUP_MAX: usize = 256;

/// Every distinct value travels once; the audit rows take what they share from the records.
const INSERT: &str = concat!(
    "WITH batch AS MATERIALIZED (
        SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
            $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[],
            $16::text[], $17::text[], $18::text[], $19::text[], $20::text[], $21::text[], $22::text[], $23::bigint[])
        AS t (reference, created_at, workspace_id, tenant_id, primary_context_type, primary_context_id, severity, summary,
            reproduction_notes, contact_name, contact_email, creator_subject, creator_name, attachment_mode,
            attachment_reason, request_id, context, record_digest, chain, previous, event, digest, sequence)
    ), stored AS (
        INSERT INTO support_requests (",
    record_columns!(),
    ")
        SELECT reference, created_at::timestamptz, workspace_id, tenant_id, primary_context_type, primary_context_id,
            severity, summary, reproduction_notes, contact_name, contact_email, creator_subject, creator_name,
            attachment_mode, attachment_reason, request_id, context::jsonb, record_digest FROM batch
    )
    INSERT INTO audit_events (",
    audit_columns!(),
    ", sequence)
    SELECT chain, previous, event, created_at::timestamptz, creator_subject, creator_name, workspace_id, tenant_id,
        reference, primary_context_type, primary_context_id, severity, attachment_mode, attachment_reason, request_id,
        record_digest, digest, sequence FROM batch"
);

/// Which of an audit row's texts the records do not have: chain, previous, event, digest.
const ONLY_IN_EVENTS: [usize; 4] = [0, 1, 2, 16];

/// Writes all of `rows` or none of them.
pub(super) async fn write(connection: &mut PgConnection, rows: &Rows<'_>) -> Result<(), sqlx::Error> {
    let mut query = sqlx::query(INSERT);
    for column in 0..super::rows::RECORD_COLUMNS {
        query = query.bind(rows.records.iter().map(|row| row[column]).collect::<Vec<_>>());
    }
    for column in ONLY_IN_EVENTS {
        query = query.bind(rows.events.iter().map(|row| row[column]).collect::<Vec<_>>());
    }
    query.bind(&rows.sequences).execute(connection).await.map(drop)
}

/// Waits for whoever keeps writes out of the tables as a write would, though not as long, and needs the right to
/// insert.
const LOCK: &str = "BEGIN; SET LOCAL lock_timeout = '1s';
    LOCK TABLE support_requests, audit_events IN ROW EXCLUSIVE MODE; ROLLBACK";

/// Whether a group would be taken now; with `rows` by writing them, and taking them back. After an error the connection
/// may be inside a transaction, so it must not be used again.
pub(super) async fn probe(connection: &mut PgConnection, rows: Option<&Rows<'_>>) -> Result<(), StoreError> {
    fitness::takes_writes(connection).await?;
    sqlx::raw_sql(LOCK).execute(&mut *connection).await?;
    if let Some(rows) = rows {
        sqlx::raw_sql("BEGIN").execute(&mut *connection).await?;
        write(connection, rows).await?;
        sqlx::raw_sql("ROLLBACK").execute(connection).await?;
    }
    Ok(())
}
