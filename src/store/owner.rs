//! Who owns the tables on PostgreSQL: only their owner may erase.

use sqlx::PgConnection;

use super::StoreError;

/// The role that a connection works as, if the tables are its own.
pub(super) async fn is_owner(connection: &mut PgConnection) -> Result<String, StoreError> {
    let sql = "SELECT current_user::text, bool_and(pg_has_role(current_user, relowner, 'USAGE')) FROM pg_class
         WHERE oid IN ('support_requests'::regclass, 'audit_events'::regclass)";
    let (role, owns): (String, bool) = sqlx::query_as(sql).fetch_one(connection).await?;
    if owns { Ok(role) } else { Err(StoreError::NotOwner(role)) }
}
