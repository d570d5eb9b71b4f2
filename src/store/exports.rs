//! Reading for `export`: requests page by page, in the order of their references or in that of the audit chains.
//!
//! A page ends where enough bytes are there, so memory stays bounded however large the bundles are, and no transaction
//! stays open while somebody reads what was printed. Rows are handed over as the driver has them: taking them apart is
//! work for another core.

use std::time::Duration;

use futures_util::{Stream, TryStreamExt as _};
use serde::Serialize;
use sqlx::{AssertSqlSafe, postgres::PgRow, query::Query, sqlite::SqliteRow};

use super::{
    Archive, Pool, STATEMENT_TIMEOUT, StoreError, WRITE_TIMEOUT, reads,
    rows::{POSTGRES_AUDIT, POSTGRES_RECORD, SQLITE_AUDIT, SQLITE_RECORD, TextRow, read_audit, read_leniently},
};
use crate::domain::record::{AuditRecord, Record};

/// How much two clocks of one installation may differ: those of the instances, the database and whoever exports.
pub const CLOCK_DIFFERENCE: Duration = Duration::from_secs(45);

/// A request may become visible this long after the time in its reference, and not later: it waits for the writer, then
/// it is written, over and over until the writer's own limit, and the last attempt may take as long as the server lets
/// a statement run.
pub const OVERTAKING_WINDOW: Duration =
    Duration::from_secs(2 * WRITE_TIMEOUT.as_secs() + STATEMENT_TIMEOUT.as_secs() + CLOCK_DIFFERENCE.as_secs());

/// Most rows of a page. A power of two, as all numbers of rows are that are asked for: each is a statement of its own.
const ROWS_MAX: usize = 1024;
/// Rows of a first page.
const ROWS_FIRST: usize = 128;
/// A page ends when so much is in it.
const PAGE_BYTES: usize = 1024 * 1024;
/// What a row takes beside its long texts, about.
const ROW_BYTES: usize = 1024;

/// Which stored requests are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Filter {
    /// Only this workspace's.
    pub workspace: Option<String>,
    /// Only this tenant's.
    pub tenant: Option<String>,
    /// Only references from this one on; times are part of references.
    pub from: Option<String>,
    /// Only references before this one.
    pub before: Option<String>,
    /// Only those of the person with this `sub`.
    pub creator: Option<String>,
    /// Only those with this contact address, in whatever case.
    pub contact: Option<String>,
    /// Only what came with this HTTP request.
    pub request_id: Option<String>,
}

/// A text of SQL and what is bound to it. Only constants of this crate go into the text.
#[derive(Debug, Default)]
struct Conditions {
    text: String,
    values: Vec<String>,
}

impl Conditions {
    /// Adds a condition, in which `?` stands for the value.
    fn and(&mut self, condition: &str, value: &str) {
        self.text.push_str(if self.text.is_empty() { "WHERE " } else { " AND " });
        for piece in condition.split_inclusive('?') {
            match piece.strip_suffix('?') {
                Some(before) => {
                    self.values.push(value.to_owned());
                    self.text.push_str(before);
                    self.text.push('$');
                    self.text.push_str(&self.values.len().to_string());
                }
                None => self.text.push_str(piece),
            }
        }
    }
}

impl Filter {
    /// What is not asked for is no condition at all, so that the database can use the index of what is.
    fn conditions(&self) -> Conditions {
        let mut conditions = Conditions::default();
        for (condition, value) in [
            ("workspace_id = ?", &self.workspace),
            ("tenant_id = ?", &self.tenant),
            ("reference >= ?", &self.from),
            ("reference < ?", &self.before),
            ("creator_subject = ?", &self.creator),
            ("contact_email IS NOT NULL AND lower(contact_email) = lower(?)", &self.contact),
            ("request_id = ?", &self.request_id),
        ] {
            if let Some(value) = value {
                conditions.and(condition, value);
            }
        }
        conditions
    }
}

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

/// Rows as they were read, not yet taken apart.
pub struct Page {
    rows: Rows,
    bytes: usize,
}

enum Rows {
    Sqlite(Vec<SqliteRow>),
    Postgres(Vec<PgRow>),
}

/// A stored request as far as it can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// What there is. A cell that cannot be read is empty here.
    pub record: Record,
    /// The first column that does not hold what was written into it.
    pub unreadable: Option<&'static str>,
}

impl Page {
    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many rows are in it.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.rows {
            Rows::Sqlite(rows) => rows.len(),
            Rows::Postgres(rows) => rows.len(),
        }
    }

    /// How many rows the next page may have, going by those of this one; never many more than there were wanted of this.
    #[must_use]
    pub fn next_rows(&self, wanted: usize) -> usize {
        let fit = (PAGE_BYTES * self.len().max(1) / self.bytes.max(1)).clamp(1, ROWS_MAX);
        (1 << fit.ilog2()).min(wanted * 4)
    }

    /// The key of its last row.
    fn end(&self) -> Option<(Option<String>, Option<String>)> {
        fn key(row: &impl TextRow) -> (Option<String>, Option<String>) {
            (text(row, "reference"), text(row, "workspace_id"))
        }
        match &self.rows {
            Rows::Sqlite(rows) => rows.last().map(key),
            Rows::Postgres(rows) => rows.last().map(key),
        }
    }

    /// Takes the rows apart, which is most of the work.
    #[must_use]
    pub fn read(&self) -> Vec<Stored> {
        match &self.rows {
            Rows::Sqlite(rows) => rows.iter().map(stored).collect(),
            Rows::Postgres(rows) => rows.iter().map(stored).collect(),
        }
    }

    /// The references of what was erased.
    #[must_use]
    pub fn erased(&self) -> Vec<String> {
        match &self.rows {
            Rows::Sqlite(rows) => rows.iter().filter_map(erased).collect(),
            Rows::Postgres(rows) => rows.iter().filter_map(erased).collect(),
        }
    }
}

fn stored(row: &impl TextRow) -> Stored {
    let (record, unreadable) = read_leniently(row);
    Stored { record, unreadable }
}

/// Where a column stands in every list.
fn place(name: &str) -> usize {
    Record::COLUMNS.iter().position(|column| column.name == name).unwrap_or_default()
}

fn text(row: &impl TextRow, name: &str) -> Option<String> {
    let index = place(name);
    row.cell(index, &Record::COLUMNS[index]).ok().flatten()
}

fn erased(row: &impl TextRow) -> Option<String> {
    if text(row, "salt").is_some() { None } else { text(row, "reference") }
}

/// Takes rows until enough is there. What is still on its way is thrown away by the driver.
async fn enough<R: TextRow>(
    mut rows: impl Stream<Item = Result<R, sqlx::Error>> + Unpin,
    most: usize,
) -> Result<(Vec<R>, usize), StoreError> {
    let (mut taken, mut bytes) = (Vec::new(), 0);
    while bytes < most {
        let Some(row) = rows.try_next().await? else { break };
        let long = ["context", "reproduction_notes"].map(|name| row.text(place(name)).map_or(0, str::len));
        bytes += ROW_BYTES + long.iter().sum::<usize>();
        taken.push(row);
    }
    Ok((taken, bytes))
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
        let columns = match &self.pool {
            Pool::Sqlite(_) => SQLITE_RECORD.as_str(),
            Pool::Postgres(_) => POSTGRES_RECORD.as_str(),
        };
        let sql = AssertSqlSafe(format!("SELECT {columns} FROM support_requests {}", conditions.text));
        let bound = |(rows, bytes)| Page { rows, bytes };
        Ok(bound(match &self.pool {
            Pool::Sqlite(pool) => {
                let query = conditions.values.iter().fold(sqlx::query(sql), Query::bind);
                enough(query.fetch(pool), most).await.map(|(rows, bytes)| (Rows::Sqlite(rows), bytes))?
            }
            Pool::Postgres(readers) => {
                let mut connection = readers.acquire().await?;
                let query = conditions.values.iter().fold(sqlx::query(sql), Query::bind);
                enough(query.fetch(&mut *connection), most).await.map(|(rows, bytes)| (Rows::Postgres(rows), bytes))?
            }
        }))
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
