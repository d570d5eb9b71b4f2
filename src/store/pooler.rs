//! Finding out whether a pool stands in front of PostgreSQL that gives every transaction another connection (PgBouncer
//! with `pool_mode = transaction` or `statement`). There what is set for a session ends up in somebody else's: the time
//! limits and durability of the service would not hold, and a lock of `migrate` would lock nothing.

use sqlx::{PgConnection, Row as _};

use super::{
    StoreError,
    address::Address,
    connect::{self, Session},
};

/// How often two connections are asked in turn, each twice in a row. A quiet pool gives itself away in the first round:
/// whether it hands out the connection that came back last or goes round, it does not give the first client its own, the
/// second its own, and each of them the same again. In a busy one each round may by chance look like two sessions.
const ROUNDS: usize = 16;

/// Refuses such a pool, before anything is set in a session.
///
/// Two connections are held at once. To PostgreSQL itself, or through a pool that keeps a connection for a session,
/// each has one server process, always the same, and never the other's.
pub(super) async fn refuse_transaction_pooling(address: &Address, session: Session) -> Result<(), StoreError> {
    let mut one = connect::connect_plainly(address, session).await.map_err(StoreError::Connect)?;
    // Where only one connection is allowed, there is nothing to be confused with.
    let Ok(mut two) = connect::connect_plainly(address, session).await else {
        connect::close(one).await;
        return Ok(());
    };
    let asked = tokio::time::timeout(super::CONNECTION_TIMEOUT, are_sessions(&mut one, &mut two)).await;
    connect::close(one).await;
    connect::close(two).await;
    match asked {
        Ok(Ok(false)) => Err(StoreError::TransactionPooling),
        Ok(Err(error)) => Err(error.into()),
        // Silence: a pool that keeps a connection for a session, and has only one, lets the second client wait for it.
        Ok(Ok(true)) | Err(_) => Ok(()),
    }
}

async fn are_sessions(one: &mut PgConnection, two: &mut PgConnection) -> Result<bool, sqlx::Error> {
    let (first, second) = (process(one).await?, process(two).await?);
    if first == second {
        return Ok(false);
    }
    for _ in 1..ROUNDS {
        for _ in 0..2 {
            if process(one).await? != first {
                return Ok(false);
            }
        }
        for _ in 0..2 {
            if process(two).await? != second {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// The server process behind a connection. Its number alone may be that of a process on another server.
/// The simple protocol: a prepared statement may be lost between two transactions. The function, not the view
/// `pg_stat_activity` over it: that looks at every process of the server, and takes four times as long.
async fn process(connection: &mut PgConnection) -> Result<String, sqlx::Error> {
    let sql =
        "SELECT pid || ' since ' || coalesce(backend_start::text, '') FROM pg_stat_get_activity(pg_backend_pid())";
    sqlx::Executor::fetch_one(connection, sqlx::raw_sql(sql)).await?.try_get(0)
}
