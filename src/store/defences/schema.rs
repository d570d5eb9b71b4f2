//! The tables, types and checks that the migrations make on PostgreSQL.

use std::collections::BTreeMap;

use sqlx::PgConnection;

use super::expected::{Check, TABLES, Wanted, checks, columns, enumerations};
use crate::store::StoreError;

pub(in crate::store) async fn look(connection: &mut PgConnection) -> Result<Vec<String>, StoreError> {
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
    let found: Vec<(String, String, bool)> = sqlx::query_as(
        "SELECT attname::text, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute
         WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped",
    )
    .bind(table)
    .fetch_all(connection)
    .await?;
    // Types of a schema that is not in the search path are printed with it.
    let bare = |kind: &str| kind.rsplit('.').next().unwrap_or_default().to_owned();
    let found: BTreeMap<String, (String, bool)> =
        found.into_iter().map(|(name, kind, not_null)| (name, (bare(&kind), not_null))).collect();
    let mut weak = Vec::new();
    for Wanted { name, kind, not_null } in columns(table) {
        match found.get(&name) {
            Some((found, _)) if *found != kind => {
                weak.push(format!("the column {name} of {table} is no {kind} any more"));
            }
            None => weak.push(format!("the column {name} of {table} is missing")),
            Some((_, false)) if not_null => weak.push(format!("the column {name} of {table} may be NULL")),
            Some(_) => {}
        }
    }
    Ok(weak)
}

/// Tables and domains that have a check less than they were made with. How PostgreSQL prints a check differs from one
/// version to the next, the names and texts in it do not.
async fn unchecked(connection: &mut PgConnection) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT coalesce(relname, typname)::text, pg_get_constraintdef(k.oid) FROM pg_constraint k
        LEFT JOIN pg_class c ON c.oid = conrelid AND c.oid IN ('support_requests'::regclass, 'audit_events'::regclass)
        LEFT JOIN pg_type t ON t.oid = contypid
            AND typnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'support_requests'::regclass)
        WHERE contype = 'c' AND convalidated AND coalesce(relname, typname) IS NOT NULL";
    let found: Vec<(String, String)> = sqlx::query_as(sql).fetch_all(connection).await?;
    let is_there = |check: &Check| {
        found.iter().any(|(of, text)| *of == check.of && check.words.iter().all(|word| text.contains(word.as_str())))
    };
    let gone = checks().into_iter().filter(|check| !is_there(check));
    let mut names: Vec<String> = gone.map(|check| format!("a check of {} is gone", check.of)).collect();
    names.dedup();
    Ok(names)
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
