//! The writer's own connection, to either database.

use sqlx::PgConnection;
use tokio::time::Instant;

use crate::store::{
    CONNECTION_TIMEOUT, Cause, DatabaseUrl, StoreError, commit_probe, connect, open, postgres,
    rows::Rows,
    sqlite::{Groups, Guarded, LeftBehind, WriteError},
    url::Kind,
};

/// One connection that nobody else uses.
pub(super) enum Connection {
    /// The file, and what writes groups into it.
    Sqlite(Box<Guarded>, Groups),
    Postgres(Box<PgConnection>),
}

impl Connection {
    /// Connects, and makes sure that what this connection commits is durable, and is where readers look.
    pub(super) async fn open(url: &DatabaseUrl, left_behind: &mut Option<LeftBehind>) -> Result<Self, StoreError> {
        Ok(match url.kind() {
            Kind::Sqlite(options) => {
                let mut file = Guarded::open(options, left_behind).await?;
                match file.groups().await {
                    Ok(groups) => Self::Sqlite(Box::new(file), groups),
                    Err(error) => {
                        file.abandon().await;
                        return Err(error);
                    }
                }
            }
            Kind::Postgres(address) => Self::Postgres(Box::new(open::postgres_writer(address).await?)),
        })
    }

    /// Writes all of `rows` or none of them.
    pub(super) async fn write(&mut self, rows: &Rows<'_>) -> Result<(), WriteError> {
        match self {
            Self::Sqlite(file, groups) => file.write(groups, rows).await,
            Self::Postgres(connection) => postgres::write(connection, rows).await.map_err(WriteError::Database),
        }
    }

    /// Makes sure that what turned out to be committed already is as durable as what is committed now: a commit that was
    /// broken off while it waited for a standby is there, on this server only.
    pub(super) async fn confirm(&mut self, deadline: Instant) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(..) => Ok(()),
            Self::Postgres(connection) => commit_probe::commit(connection, deadline).await,
        }
    }

    /// What is done between writes: with leisure while nobody writes, else when it must be.
    pub(super) async fn tidy(&mut self, idle: bool) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(file, _) => file.tidy(idle).await,
            Self::Postgres(_) => Ok(()),
        }
    }

    /// Whether a write would be taken now. With `rows`, which are not stored, by writing; else by looking.
    pub(super) async fn probe(&mut self, rows: Option<&Rows<'_>>) -> Result<(), StoreError> {
        let answer = async {
            match self {
                Self::Sqlite(file, _) => file.probe(rows.is_some()).await,
                Self::Postgres(connection) => postgres::probe(connection, rows).await,
            }
        };
        // Twice: it may wait for a lock and then for the disk.
        tokio::time::timeout(2 * CONNECTION_TIMEOUT, answer).await.unwrap_or(Err(StoreError::TimedOut))
    }

    /// Whether this connection is of no use any more after such a failure. A session that PostgreSQL refused is not:
    /// what is wrong may be the session's own, as settings of a role are, or the server's, and another may be right.
    /// A file is left when it is not the one at the path, and when it cannot be read or written.
    pub(super) fn is_spent_by(&self, error: &(dyn std::error::Error + 'static)) -> bool {
        match self {
            Self::Postgres(_) => true,
            Self::Sqlite(file, _) => match Cause::of(error).cause {
                "locked" | "disk_full" | "read_only" | "timed_out" | "constraint" => false,
                _ => !file.holds_on(),
            },
        }
    }

    /// Lets go at once, without a word. Nothing is changed any more, on either end.
    pub(super) async fn abandon(self) -> Option<LeftBehind> {
        match self {
            Self::Sqlite(file, groups) => {
                drop(groups);
                Some(file.abandon().await)
            }
            Self::Postgres(_) => None,
        }
    }

    /// Says goodbye. What is committed is committed, however this ends.
    pub(super) async fn close(self) {
        match self {
            Self::Sqlite(file, groups) => {
                drop(groups);
                file.close().await;
            }
            Self::Postgres(connection) => connect::close(*connection).await,
        }
    }
}
