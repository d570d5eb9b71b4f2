//! Can this service work in this PostgreSQL database at all? What would make every request fail is told at the start,
//! by name and with what to do, in every environment.

use sqlx::PgConnection;

use super::{StoreError, grants, migrate, reads};

/// A server or session that takes no writes is not the one to write to; one that does says its `synchronous_commit`.
pub(super) async fn takes_writes(connection: &mut PgConnection) -> Result<String, StoreError> {
    let sql = "SELECT pg_is_in_recovery(), current_setting('transaction_read_only') = 'on',
            current_setting('synchronous_commit')";
    let (standby, read_only, synchronous_commit) = sqlx::query_as(sql).fetch_one(connection).await?;
    judge(standby, read_only)?;
    Ok(synchronous_commit)
}

/// Whether a server or session takes writes, for whoever does not write.
pub(super) async fn is_writable(connection: &mut PgConnection) -> Result<(), StoreError> {
    takes_writes(connection).await.map(drop)
}

/// Not every text can be stored in another encoding.
pub(super) async fn encoding(connection: &mut PgConnection) -> Result<(), StoreError> {
    judge_encoding(sqlx::query_scalar("SELECT current_setting('server_encoding')").fetch_one(connection).await?)
}

fn judge_encoding(encoding: String) -> Result<(), StoreError> {
    if encoding == "UTF8" { Ok(()) } else { Err(StoreError::Encoding(encoding)) }
}

fn judge(standby: bool, read_only: bool) -> Result<(), StoreError> {
    if standby {
        return Err(StoreError::ReadOnly(
            "the server is a standby; name the primary, or all servers and target_session_attrs=read-write",
        ));
    }
    if read_only {
        return Err(StoreError::ReadOnly(
            "the session is read-only: default_transaction_read_only is on for the server, the database or the role",
        ));
    }
    Ok(())
}

/// Who the role is and which schema version there is, if it can work here.
pub(super) async fn look(connection: &mut PgConnection) -> Result<(String, i64), StoreError> {
    encoding(connection).await?;
    is_writable(connection).await?;
    let version = schema(connection).await?;
    Ok((rights(connection).await?, version))
}

/// The newest migration that was applied, if it is the one that this build needs, or newer.
pub(super) async fn schema(connection: &mut PgConnection) -> Result<i64, StoreError> {
    let applied = sqlx::query_scalar(reads::APPLIED).fetch_one(&mut *connection).await;
    match reads::is_current(applied, migrate::newest_of(&migrate::POSTGRES)) {
        Ok(version) => Ok(version),
        Err(error) => Err(grants::or_hidden(connection, error).await),
    }
}

/// The role, if it may read and insert.
pub(super) async fn rights(connection: &mut PgConnection) -> Result<String, StoreError> {
    let sql = "SELECT current_user::text, string_agg(t || ' (' || p || ')', ', ')
             FILTER (WHERE NOT has_table_privilege(t::regclass, p))
         FROM unnest(ARRAY['support_requests', 'audit_events']) AS t, unnest(ARRAY['SELECT', 'INSERT']) AS p";
    let (role, missing): (String, Option<String>) = sqlx::query_as(sql).fetch_one(connection).await?;
    match missing {
        None => Ok(role),
        Some(missing) => Err(StoreError::NotGranted(format!(
            "{role} lacks rights: {missing}; run `support-requests migrate`, which grants them"
        ))),
    }
}
