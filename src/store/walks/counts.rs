//! How many rows there are, as the database counts them.

use sqlx::raw_sql;

use super::{Kind, Reader, on};
use crate::store::StoreError;

/// PostgreSQL counts along the tables themselves.
const ALONG_TABLES: &str =
    "SET LOCAL enable_seqscan = on; SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off";

/// And walks along keys again.
const ALONG_INDEXES: &str =
    "SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = on; SET LOCAL enable_indexonlyscan = on";

/// How many rows there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Of `support_requests`.
    pub requests: u64,
    /// Of `audit_events`.
    pub events: u64,
}

impl Reader {
    /// Counts both tables another way than a walk takes: a row that a key leads past is one too many then. On PostgreSQL
    /// that is along the tables themselves, in a file along the smallest index.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn counts(&mut self) -> Result<Counts, StoreError> {
        if !self.is_postgres() {
            return self.quick_counts().await;
        }
        on!(self, connection => { raw_sql(ALONG_TABLES).execute(connection).await?; });
        let counts = self.quick_counts().await?;
        on!(self, connection => { raw_sql(ALONG_INDEXES).execute(connection).await?; });
        Ok(counts)
    }

    /// Counts both tables along whichever indexes are the smallest.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn quick_counts(&mut self) -> Result<Counts, StoreError> {
        let (requests, events) = (self.count(REQUESTS).await?, self.count(EVENTS).await?);
        Ok(Counts { requests, events })
    }

    async fn count(&mut self, sql: &'static str) -> Result<u64, StoreError> {
        let count: i64 = on!(self, connection => sqlx::query_scalar(sql).fetch_one(connection).await?);
        Ok(u64::try_from(count).unwrap_or_default())
    }
}

const REQUESTS: &str = "SELECT count(*) FROM support_requests";
const EVENTS: &str = "SELECT count(*) FROM audit_events";
