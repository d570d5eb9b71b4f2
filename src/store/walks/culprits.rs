//! Which rows of the two tables do not fit together. Asked only when it is known that some do not: these statements grow
//! with the tables.

use futures_util::TryStreamExt as _;
use sqlx::AssertSqlSafe;

use super::{Kind, Reader, on};
use crate::store::StoreError;

/// What an audit record repeats of the request that it is about.
const SHARED: [&str; 9] = [
    "tenant_id",
    "primary_context_type",
    "primary_context_id",
    "severity",
    "attachment_mode",
    "attachment_reason",
    "request_id",
    "record_digest",
    "reference",
];

/// A way in which a row has no counterpart, or not the right one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Culprit {
    /// A request without an audit record of its creation.
    Unaudited,
    /// An audit record of a creation, or an erasure, whose request is not there.
    Missing,
    /// A reference that was created twice, or erased twice.
    Twice,
    /// An audit record that says something else of a request than the request.
    Disagreeing,
    /// A request that is empty without the record of its erasure.
    ErasedInSilence,
    /// A request that is there although its erasure is on record.
    NotErased,
}

impl Culprit {
    /// All of them, in the order in which they are looked for.
    pub const ALL: [Self; 6] =
        [Self::Missing, Self::Unaudited, Self::Twice, Self::ErasedInSilence, Self::NotErased, Self::Disagreeing];

    /// The references that this is true of. Below `gone`, requests may be missing by decision.
    fn sql(self) -> String {
        let pair = "a.reference = r.reference AND a.workspace_id = r.workspace_id";
        let has = |event: &str| format!("EXISTS (SELECT 1 FROM audit_events a WHERE {pair} AND a.event = '{event}')");
        match self {
            Self::Unaudited => format!(
                "SELECT reference FROM support_requests r WHERE NOT {} AND reference >= $1",
                has("support_request.created")
            ),
            Self::Missing => format!(
                "SELECT reference FROM audit_events a WHERE reference IS NOT NULL AND reference >= $1
                 AND NOT EXISTS (SELECT 1 FROM support_requests r WHERE {pair})"
            ),
            Self::Twice => "SELECT reference FROM audit_events WHERE reference IS NOT NULL AND reference >= $1
                 GROUP BY reference, event HAVING count(*) > 1"
                .to_owned(),
            Self::ErasedInSilence => format!(
                "SELECT reference FROM support_requests r WHERE salt IS NULL AND reference >= $1 AND NOT {}",
                has("support_request.erased")
            ),
            Self::NotErased => format!(
                "SELECT r.reference FROM audit_events a JOIN support_requests r ON {pair}
                 WHERE a.event = 'support_request.erased' AND r.salt IS NOT NULL AND r.reference >= $1"
            ),
            Self::Disagreeing => {
                let differs: Vec<String> =
                    SHARED.iter().map(|name| format!("a.{name} IS DISTINCT FROM r.{name}")).collect();
                format!(
                    "SELECT r.reference FROM audit_events a JOIN support_requests r ON {pair}
                     WHERE r.reference >= $1 AND ({} OR (a.event = 'support_request.created'
                         AND (a.occurred_at <> r.created_at OR a.actor_subject IS DISTINCT FROM r.creator_subject)))",
                    differs.join(" OR ")
                )
            }
        }
    }
}

impl Reader {
    /// The references that `culprit` is true of, at most so many, leaving out those that are gone by decision.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn culprits(&mut self, culprit: Culprit, gone: &str, most: usize) -> Result<Vec<String>, StoreError> {
        if self.is_postgres() {
            // Forbidden for reading in order; here they are the quickest way.
            let sql = "SET LOCAL enable_seqscan = on; SET LOCAL enable_sort = on; SET LOCAL enable_bitmapscan = on;
                SET LOCAL max_parallel_workers_per_gather TO DEFAULT";
            on!(self, connection => { sqlx::raw_sql(sql).execute(connection).await?; });
        }
        let sql = AssertSqlSafe(format!(
            "SELECT CAST(reference AS text) FROM ({}) AS found ORDER BY 1 LIMIT $2",
            culprit.sql()
        ));
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        Ok(
            on!(self, connection => sqlx::query_scalar(sql).bind(gone).bind(most).fetch(connection).try_collect().await?),
        )
    }

    /// Which of these references have the record of an erasure.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn erased_among(&mut self, references: &[String]) -> Result<Vec<String>, StoreError> {
        match &mut self.0 {
            Kind::Sqlite(connection) => {
                let sql = "SELECT reference FROM audit_events WHERE event = 'support_request.erased'
                     AND reference IN (SELECT value FROM json_each($1))";
                let references = serde_json::to_string(references).unwrap_or_default();
                Ok(sqlx::query_scalar(sql).bind(references).fetch_all(&mut **connection).await?)
            }
            Kind::Postgres(connection) => {
                let sql = "SELECT reference::text FROM audit_events WHERE event = 'support_request.erased'
                     AND reference = ANY ($1)";
                Ok(sqlx::query_scalar(sql).bind(references).fetch_all(&mut **connection).await?)
            }
        }
    }
}
