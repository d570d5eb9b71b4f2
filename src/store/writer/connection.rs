//! The writer's own connection, to either database.

use sqlx::{Connection as _, PgConnection, SqliteConnection};

use super::Rows;
use crate::store::{CONNECTION_TIMEOUT, DatabaseUrl, StoreError, open, postgres, sqlite, url::Kind};

/// One connection that nobody else uses.
pub(super) enum Connection {
    Sqlite(Box<SqliteConnection>),
    Postgres(Box<PgConnection>),
}

/// Most requests in one commit.
pub(super) fn group_max(url: &DatabaseUrl) -> usize {
    match url.kind() {
        Kind::Sqlite(_) => sqlite::GROUP_MAX,
        Kind::Postgres(_) => postgres::GROUP_MAX,
    }
}

impl Connection {
    /// Connects, and makes sure that what this connection commits is durable.
    pub(super) async fn open(url: &DatabaseUrl) -> Result<Self, StoreError> {
        Ok(match url.kind() {
            Kind::Sqlite(options) => Self::Sqlite(Box::new(open::sqlite_writer(options).await?)),
            Kind::Postgres(address) => Self::Postgres(Box::new(open::postgres_writer(address).await?)),
        })
    }

    /// Writes all of `rows` or none of them.
    pub(super) async fn write(&mut self, rows: &Rows<'_>) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(connection) => sqlite::write(connection, rows).await,
            Self::Postgres(connection) => postgres::write(connection, rows).await,
        }
    }

    /// Whether the other end answers, within [`CONNECTION_TIMEOUT`].
    pub(super) async fn is_alive(&mut self) -> bool {
        let answer = async {
            match self {
                Self::Sqlite(connection) => connection.ping().await,
                Self::Postgres(connection) => connection.ping().await,
            }
        };
        matches!(tokio::time::timeout(CONNECTION_TIMEOUT, answer).await, Ok(Ok(())))
    }

    /// Says goodbye. What is committed is committed, however this ends.
    pub(super) async fn close(self) {
        let _ = match self {
            Self::Sqlite(connection) => connection.close().await,
            Self::Postgres(connection) => connection.close().await,
        };
    }
}
