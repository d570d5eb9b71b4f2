//! Reading for `export`: requests page by page, in the order of their references or in that of the audit chains.
//!
//! A page ends where enough bytes are there, so memory stays bounded however large the bundles are, and no transaction
//! stays open while somebody reads what was printed. Rows are handed over as the driver has them: taking them apart is
//! work for another core.

mod filter;
mod page;

use std::time::Duration;

pub use filter::Filter;
pub use page::{Page, Stored};
use sqlx::{AssertSqlSafe, SqlitePool, query::Query};

use self::{
    filter::Conditions,
    page::{PAGE_BYTES, ROWS_FIRST, Rows, come_apart, enough, long_texts, packed_bytes},
};
use super::{
    Archive, Pool, STATEMENT_TIMEOUT, StoreError, WRITE_TIMEOUT,
    packed::{self, Marker},
    reads,
    rows::{POSTGRES_AUDIT, POSTGRES_RECORD, SQLITE_AUDIT, SQLITE_RECORD, read_audit},
};
use crate::domain::record::{AuditRecord, Record};

/// How much two clocks of one installation may differ: those of the instances, the database and whoever exports.
pub const CLOCK_DIFFERENCE: Duration = Duration::from_secs(45);

/// A request may become visible this long after the time in its reference, and not later: it waits for the writer, then
/// it is written, over and over until the writer's own limit, and the last attempt may take as long as the server lets
/// a statement run.
pub const OVERTAKING_WINDOW: Duration =
    Duration::from_secs(2 * WRITE_TIMEOUT.as_secs() + STATEMENT_TIMEOUT.as_secs() + CLOCK_DIFFERENCE.as_secs());

/// Where a walk over the requests is: behind this key, and how many rows the next page may have.
#[derive(Debug, Clone)]
pub struct Position {
    reference: String,
    workspace: String,
    rows: usize,
}

impl Position {
    /// Behind every key of this reference; the empty text is before all of them.
    #[must_use]
    pub fn after(reference: &str) -> Self {
        // The largest id that a path may have begins with a letter: nothing comes behind this character.
        Self { reference: reference.to_owned(), workspace: "\u{10FFFF}".to_owned(), rows: ROWS_FIRST }
    }
}

impl Archive {
    /// The next page of requests behind a position, oldest first, and the position behind it. An empty page is the end.
    ///
    /// # Errors
    /// When the database fails, or a reference cannot be read.
    pub async fn page(&self, filter: &Filter, position: &Position) -> Result<(Page, Position), StoreError> {
        let mut conditions = filter.conditions();
        conditions.and("reference >= ?", &position.reference);
        // Written out: of a comparison of rows, an index that holds one of the columns would not be used to its end.
        conditions.and("(reference > ? OR workspace_id > ", &position.reference);
        conditions.values.push(position.workspace.clone());
        let end = format!("${}) ORDER BY reference, workspace_id LIMIT {}", conditions.values.len(), position.rows);
        conditions.text.push_str(&end);
        let page = self.select(&conditions, PAGE_BYTES).await?;
        let mut next = position.clone();
        if let Some((reference, workspace)) = page.end() {
            let unreadable = || StoreError::Unreadable("reference");
            (next.reference, next.workspace) = (reference.ok_or_else(unreadable)?, workspace.unwrap_or_default());
            next.rows = page.next_rows(position.rows);
        }
        Ok((page, next))
    }

    async fn select(&self, conditions: &Conditions, most: usize) -> Result<Page, StoreError> {
        let (rows, bytes) = match &self.pool {
            Pool::Sqlite(pool) => select_packed(pool, conditions, most).await?,
            Pool::Postgres(readers) => {
                let sql = format!("SELECT {} FROM support_requests {}", POSTGRES_RECORD.as_str(), conditions.text);
                let mut connection = readers.acquire().await?;
                let query = conditions.values.iter().fold(sqlx::query(AssertSqlSafe(sql)), Query::bind);
                let (rows, bytes) = enough(query.fetch(&mut *connection), long_texts, most).await?;
                (Rows::Postgres(rows), bytes)
            }
        };
        Ok(Page { rows, bytes })
    }

    /// The requests of these references that a filter lets through, in no order; all of them, so ask for few.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn page_of(&self, filter: &Filter, references: &[String]) -> Result<Page, StoreError> {
        let mut conditions = filter.conditions();
        let among = match &self.pool {
            Pool::Sqlite(_) => "reference IN (SELECT value FROM json_each(?))",
            Pool::Postgres(_) => "reference IN (SELECT jsonb_array_elements_text(?::jsonb))",
        };
        conditions.and(among, &serde_json::to_string(references).unwrap_or_default());
        self.select(&conditions, usize::MAX).await
    }

    /// How many requests a filter lets through.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count(&self, filter: &Filter) -> Result<i64, StoreError> {
        let conditions = filter.conditions();
        let sql = || AssertSqlSafe(format!("SELECT count(*) FROM support_requests {}", conditions.text));
        reads::on!(&self.pool, connection => {
            let mut query = sqlx::query_scalar(sql());
            for value in &conditions.values {
                query = query.bind(value);
            }
            Ok(query.fetch_one(connection).await?)
        })
    }

    /// What the database's clock says, in milliseconds since 1970, where it has one of its own.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn clock(&self) -> Result<Option<i64>, StoreError> {
        let Pool::Postgres(readers) = &self.pool else { return Ok(None) };
        let sql = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint";
        Ok(Some(sqlx::query_scalar(sql).fetch_one(&mut *readers.acquire().await?).await?))
    }

    /// The next chain by name, if there is one. An index leads there: nothing between is read.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn chain_after(&self, chain: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT min(chain) FROM audit_events WHERE chain > $1";
        let next: Option<String> =
            reads::on!(&self.pool, connection => sqlx::query_scalar(sql).bind(chain).fetch_one(connection).await?);
        Ok(next)
    }

    /// What was decided about the archive as a whole. Reads every audit record: for when something is missing.
    ///
    /// # Errors
    /// When the database fails or a row cannot be read.
    pub async fn decisions(&self) -> Result<Vec<AuditRecord>, StoreError> {
        let sql = AssertSqlSafe(format!("SELECT {} FROM audit_events WHERE workspace_id = ''", self.audit_columns()));
        reads::on!(&self.pool, connection => {
            sqlx::query(sql).fetch_all(connection).await?.iter().map(read_audit).collect()
        })
    }

    fn audit_columns(&self) -> &'static str {
        match &self.pool {
            Pool::Sqlite(_) => SQLITE_AUDIT.as_str(),
            Pool::Postgres(_) => POSTGRES_AUDIT.as_str(),
        }
    }

    /// Audit records of a chain from a number on, at most so many.
    ///
    /// # Errors
    /// When the database fails or a row cannot be read.
    pub async fn links_of(&self, chain: &str, from: i64, rows: usize) -> Result<Vec<AuditRecord>, StoreError> {
        let columns = self.audit_columns();
        // Qualified: `sequence` alone would be the text that is selected.
        let sql = AssertSqlSafe(format!(
            "SELECT {columns} FROM audit_events WHERE chain = $1 AND audit_events.sequence >= $2
             ORDER BY audit_events.sequence LIMIT {rows}"
        ));
        reads::on!(&self.pool, connection => {
            sqlx::query(sql).bind(chain).bind(from).fetch_all(connection).await?.iter().map(read_audit).collect()
        })
    }
}

/// Each row as one value. Where one of them does not come apart, all are read again, cell by cell.
async fn select_packed(pool: &SqlitePool, conditions: &Conditions, most: usize) -> Result<(Rows, usize), StoreError> {
    let mut connection = pool.acquire().await?;
    let marker = Marker::new(&mut connection).await?;
    let select = |columns: &str| AssertSqlSafe(format!("SELECT {columns} FROM support_requests {}", conditions.text));
    let bound = |sql| conditions.values.iter().fold(sqlx::query(sql), Query::bind);
    let packed = select(&packed::expression(Record::COLUMNS, conditions.values.len() + 1));
    let query = bound(packed).bind(marker.text());
    let (rows, bytes) = enough(query.fetch(&mut *connection), |row| packed_bytes(row).len(), most).await?;
    if let Some(rows) = come_apart(rows, marker) {
        return Ok((rows, bytes));
    }
    let (rows, bytes) = enough(bound(select(&SQLITE_RECORD)).fetch(&mut *connection), long_texts, most).await?;
    Ok((Rows::Sqlite(rows), bytes))
}
