//! The record of an erasure, found again by the request that it was about.

use std::collections::HashMap;

use serde_json::Value;
use sqlx::AssertSqlSafe;

use super::Selection;
use crate::{
    domain::{ids::Reference, record::AuditRecord},
    store::{
        Archive, Pool, StoreError,
        rows::{POSTGRES_AUDIT, SQLITE_AUDIT, read_audit},
    },
};

/// What a selection would erase.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Erasable {
    /// How many requests.
    pub requests: u64,
    /// The oldest and the newest of them.
    pub span: Option<(Reference, Reference)>,
}

impl Erasable {
    fn with(self, (count, first, last): (i64, Option<String>, Option<String>)) -> Self {
        let parsed = |text: Option<String>| text.and_then(|text| Reference::parse(&text).ok());
        let span = parsed(first).zip(parsed(last));
        let span = match (self.span, span) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (one, other) => one.or(other),
        };
        Self { requests: self.requests + u64::try_from(count).unwrap_or_default(), span }
    }
}

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

/// Asks either database how many requests fit a condition, and between which references.
macro_rules! span {
    ($condition:expr, $connection:expr) => {{
        let from = "SELECT count(*), min(reference), max(reference) FROM support_requests";
        let sql = AssertSqlSafe(format!("{from} WHERE {}", $condition.sql));
        let query = sqlx::query_as(sql).persistent(false);
        $condition.values.iter().fold(query, |query, value| query.bind(value)).fetch_one($connection).await?
    }};
}

impl Archive {
    /// What a selection would erase. Changes nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn erasable(&self, selection: &Selection) -> Result<Erasable, StoreError> {
        let mut found = Erasable::default();
        for condition in selection.conditions() {
            let row = match &self.pool {
                Pool::Sqlite(pool) => span!(condition, pool),
                Pool::Postgres(readers) => span!(condition, &mut *readers.acquire().await?),
            };
            found = found.with(row);
        }
        Ok(found)
    }

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
