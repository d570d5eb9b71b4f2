//! The defences of a file: its schema.

use std::collections::BTreeSet;

use sqlx::{Connection as _, SqliteConnection};

use crate::store::{StoreError, migrate};

/// The schema must be, to the letter, the one that the migrations make. In that of a newer build, what this build knows
/// must stand there unchanged; what it does not know may be there, for it cannot tell what that is for.
pub(in crate::store) async fn look(connection: &mut SqliteConnection) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_master
         WHERE tbl_name IN ('support_requests', 'audit_events', 'journal_state')";
    let mut fresh = SqliteConnection::connect("sqlite::memory:").await.map_err(StoreError::Open)?;
    migrate::SQLITE.run(&mut fresh).await?;
    let wanted: BTreeSet<(String, String)> = sqlx::query_as(sql).fetch_all(&mut fresh).await?.into_iter().collect();
    let found: BTreeSet<(String, String)> =
        sqlx::query_as(sql).fetch_all(&mut *connection).await?.into_iter().collect();
    let missing = wanted.difference(&found).map(|(what, _)| format!("the {what} is missing or was changed"));
    let applied: Option<i64> =
        sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations").fetch_one(&mut *connection).await?;
    let newer = applied.is_some_and(|version| !migrate::SQLITE.version_exists(version));
    let surplus = found
        .difference(&wanted)
        .filter(|(what, _)| !newer && !wanted.iter().any(|(known, _)| known == what))
        .map(|(what, _)| format!("the {what} is not one of ours"));
    Ok(missing.chain(surplus).collect())
}
