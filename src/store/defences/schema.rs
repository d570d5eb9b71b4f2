//! The tables, types and checks that the migrations make on PostgreSQL.

use std::collections::BTreeMap;

use sqlx::PgConnection;

use super::expected::{TABLES, columns, domains, enumerations};
use crate::store::StoreError;

pub(super) async fn look(connection: &mut PgConnection) -> Result<Vec<String>, StoreError> {
    let mut weak = Vec::new();
    for (table, _) in TABLES {
        weak.extend(types(connection, table).await?);
    }
    weak.extend(unchecked(connection).await?);
    weak.extend(labels(connection).await?);
    Ok(weak)
}

/// Columns that are not of the type that they were made with, or may be NULL where they might not.
async fn types(connection: &mut PgConnection, table: &str) -> Result<Vec<String>, StoreError> {
    let found: Vec<(String, String)> = sqlx::query_as(
        "SELECT attname::text, format_type(atttypid, atttypmod) FROM pg_attribute
         WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped",
    )
    .bind(table)
    .fetch_all(connection)
    .await?;
    let found: BTreeMap<String, String> = found.into_iter().collect();
    // Types of a schema that is not in the search path are printed with it.
    let bare = |kind: &String| kind.rsplit('.').next().unwrap_or_default().to_owned();
    let wanted = columns(table).into_iter();
    Ok(wanted
        .filter(|(name, kind)| found.get(name).map(bare).as_ref() != Some(kind))
        .map(|(name, kind)| format!("the column {name} of {table} is no {kind} any more"))
        .collect())
}

/// Tables and domains whose checks are gone.
async fn unchecked(connection: &mut PgConnection) -> Result<Vec<String>, StoreError> {
    let without = "SELECT typname::text FROM pg_type t WHERE typtype = 'd' AND typname = ANY ($1)
            AND typnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'support_requests'::regclass)
            AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE contypid = t.oid AND contype = 'c' AND convalidated)
        UNION ALL SELECT relname::text FROM pg_class c WHERE oid IN ('support_requests'::regclass, 'audit_events'::regclass)
            AND 3 > (SELECT count(*) FROM pg_constraint WHERE conrelid = c.oid AND contype = 'c' AND convalidated)
        ORDER BY 1";
    let found: Vec<String> = sqlx::query_scalar(without).bind(domains()).fetch_all(connection).await?;
    Ok(found.into_iter().map(|name| format!("a check of {name} is gone")).collect())
}

/// Enumerations that have other labels.
async fn labels(connection: &mut PgConnection) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT typname::text, array_agg(enumlabel::text ORDER BY enumsortorder)
         FROM pg_type JOIN pg_enum ON enumtypid = pg_type.oid
         WHERE typnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'support_requests'::regclass)
         GROUP BY typname";
    let found: BTreeMap<String, Vec<String>> =
        sqlx::query_as::<_, (String, Vec<String>)>(sql).fetch_all(connection).await?.into_iter().collect();
    Ok(enumerations()
        .into_iter()
        .filter(|(name, labels)| found.get(name) != Some(labels))
        .map(|(name, _)| format!("the enumeration {name} was changed"))
        .collect())
}
