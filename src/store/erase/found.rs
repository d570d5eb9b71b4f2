//! The record of an erasure, found again by the request that it was about.

use std::collections::HashMap;

use serde_json::Value;
use sqlx::AssertSqlSafe;

use super::super::{
    Archive, Pool, StoreError,
    rows::{POSTGRES_AUDIT, SQLITE_AUDIT, read_audit},
};
use crate::domain::{ids::Reference, record::AuditRecord};

/// When a request was erased, by whom, why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// RFC 3339, UTC, milliseconds.
    pub when: String,
    /// Whom the command named.
    pub by: String,
    /// Why, redacted.
    pub reason: String,
    /// The ULID of the command's run.
    pub erasure: String,
    /// By what it was chosen: `reference`, `creator`, `contact`, `tenant`, `workspace`, `before`. Never the value.
    pub selected_by: String,
}

impl Erasure {
    fn of(event: &AuditRecord) -> Self {
        let details: Value =
            event.details.as_deref().and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
        let detail = |name: &str| details[name].as_str().unwrap_or_default().to_owned();
        Self {
            when: event.occurred_at.clone(),
            by: event.actor_subject.clone().unwrap_or_default(),
            reason: detail("reason"),
            erasure: detail("erasure"),
            selected_by: detail("selected_by"),
        }
    }
}

impl Archive {
    /// When and why a request was erased, if it was.
    ///
    /// # Errors
    /// When the database fails or a row cannot be read.
    pub async fn erasure_of(&self, reference: Reference) -> Result<Option<Erasure>, StoreError> {
        let reference = reference.to_string();
        Ok(self.erasures_of(&[&reference]).await?.remove(&reference))
    }

    /// The same for many references at once; those that were not erased are missing.
    ///
    /// # Errors
    /// When the database fails or a row cannot be read.
    pub async fn erasures_of(&self, references: &[&str]) -> Result<HashMap<String, Erasure>, StoreError> {
        let found = events(&self.pool, references).await?;
        Ok(found.iter().filter_map(|event| Some((event.reference.clone()?, Erasure::of(event)))).collect())
    }
}

async fn events(pool: &Pool, references: &[&str]) -> Result<Vec<AuditRecord>, StoreError> {
    let select = |columns: &str, among: &str| {
        AssertSqlSafe(format!(
            "SELECT {columns} FROM audit_events WHERE reference {among} AND event = 'support_request.erased'"
        ))
    };
    match pool {
        Pool::Sqlite(connection) => {
            let sql = select(&SQLITE_AUDIT, "IN (SELECT value FROM json_each($1))");
            let list = serde_json::to_string(references).unwrap_or_default();
            sqlx::query(sql).bind(list).fetch_all(connection).await?.iter().map(read_audit).collect()
        }
        Pool::Postgres(readers) => {
            let sql = select(&POSTGRES_AUDIT, "= ANY($1)");
            let mut connection = readers.acquire().await?;
            sqlx::query(sql).bind(references).fetch_all(&mut *connection).await?.iter().map(read_audit).collect()
        }
    }
}
