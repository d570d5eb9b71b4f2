//! Can this service work in this PostgreSQL database at all? What would make every request fail is told at the start,
//! by name and with what to do, in every environment.

use sqlx::PgConnection;

use super::{StoreError, grants, migrate, reads};

/// What a session says of itself.
#[derive(sqlx::FromRow)]
struct Session {
    role: String,
    encoding: String,
    standby: bool,
    read_only: bool,
}

/// A server or session that takes no writes is not the one to write to; one that does says its `synchronous_commit`.
pub(super) async fn takes_writes(connection: &mut PgConnection) -> Result<String, StoreError> {
    let sql = "SELECT pg_is_in_recovery(), current_setting('transaction_read_only') = 'on',
            current_setting('synchronous_commit')";
    let (standby, read_only, synchronous_commit) = sqlx::query_as(sql).fetch_one(connection).await?;
    judge(standby, read_only)?;
    Ok(synchronous_commit)
}

/// Before the first migration: not every text can be stored in another encoding.
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
    let sql = "SELECT current_user::text AS role, current_setting('server_encoding') AS encoding,
            pg_is_in_recovery() AS standby, current_setting('transaction_read_only') = 'on' AS read_only";
    let session: Session = sqlx::query_as(sql).fetch_one(&mut *connection).await?;
    judge_encoding(session.encoding)?;
    judge(session.standby, session.read_only)?;
    let role = session.role;
    let applied = sqlx::query_scalar(reads::APPLIED).fetch_one(&mut *connection).await;
    let version = match reads::is_current(applied, migrate::newest_of(&migrate::POSTGRES)) {
        Ok(version) => version,
        Err(error) => return Err(grants::or_hidden(connection, error).await),
    };
    let sql =
        "SELECT string_agg(t || ' (' || p || ')', ', ') FROM unnest(ARRAY['support_requests', 'audit_events']) AS t,
            unnest(ARRAY['SELECT', 'INSERT']) AS p WHERE NOT has_table_privilege(t::regclass, p)";
    let missing: Option<String> = sqlx::query_scalar(sql).fetch_one(connection).await?;
    match missing {
        None => Ok((role, version)),
        Some(missing) => Err(StoreError::NoRight(format!(
            "{role} lacks rights: {missing}; run `support-requests migrate`, which grants them"
        ))),
    }
}
