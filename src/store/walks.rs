//! Reading for verification: both tables, over connections of their own, in one snapshot, row by row as fast as the
//! database gives them. While one row is reckoned the database is at work on the next ones.

mod counts;
mod culprits;
mod postgres;
mod sqlite;

use std::ops::ControlFlow;

pub use counts::Counts;
pub use culprits::Culprit;
use sqlx::{PgConnection, SqliteConnection};
use ulid::Ulid;

use super::{Archive, Pool, StoreError};
use crate::domain::{
    ids::Reference,
    record::{AuditRecord, Column, Record},
};

/// How often the readers of a file are tried to see the same commit last.
const SNAPSHOT_ATTEMPTS: usize = 200;

/// A row that cannot be read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Which row, as far as its key can be read.
    pub row: String,
    /// The column that holds what was not written, where that can be told.
    pub column: Option<&'static str>,
}

impl Unread {
    /// A request whose context is not the canonical JSON that was written.
    #[must_use]
    pub fn of_context(record: &Record) -> Self {
        Self { row: record.reference.clone(), column: Some("context") }
    }

    /// What is wrong, in words.
    #[must_use]
    pub fn problem(&self) -> String {
        let column = self.column.map_or("one of its columns".to_owned(), |column| format!("its column {column}"));
        format!("it cannot be read: {column} is not what was written")
    }
}

/// A chain, and how far it reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainReach {
    /// Its name.
    pub chain: String,
    /// The highest number in it.
    pub last: i64,
}

/// Which audit records.
#[derive(Debug, Clone, Copy)]
pub enum Links<'a> {
    /// All, in the order of their whole key.
    All,
    /// Those of one chain between two numbers, in the order of the key.
    Between {
        /// The chain.
        chain: &'a str,
        /// The first number that is wanted.
        from: i64,
        /// The last that is wanted.
        to: i64,
    },
    /// Those about the archive as a whole, in no order.
    AboutTheArchive,
}

/// Which requests.
#[derive(Debug, Clone, Copy)]
pub enum Requests<'a> {
    /// All, in the order of their whole key.
    All,
    /// Those before a reference.
    Before(&'a str),
    /// Those from a reference on.
    From(&'a str),
    /// Those between two references, in the order of the key.
    Between {
        /// The first that is wanted.
        first: &'a str,
        /// The last that is wanted.
        last: &'a str,
        /// So many at most.
        most: usize,
    },
    /// Those of these references.
    Of(&'a [String]),
}

/// A connection that sees what was committed at one moment.
pub struct Reader(Kind);

enum Kind {
    Sqlite(Box<SqliteConnection>),
    Postgres(Box<PgConnection>),
}

/// Runs the same expression against whichever connection there is.
macro_rules! on {
    ($reader:expr, $connection:ident => $body:expr) => {
        match &mut $reader.0 {
            Kind::Sqlite(connection) => {
                let $connection = &mut **connection;
                $body
            }
            Kind::Postgres(connection) => {
                let $connection = &mut **connection;
                $body
            }
        }
    };
}
use on;

impl Archive {
    /// Readers of the same moment: one for the audit records, two for the requests, which are most of the work.
    ///
    /// # Errors
    /// When the database fails, or is written to so often that they do not see the same.
    pub async fn snapshot(&self) -> Result<[Reader; 3], StoreError> {
        match &self.pool {
            Pool::Sqlite(pool) => {
                let options = pool.connect_options();
                for _ in 0..SNAPSHOT_ATTEMPTS {
                    let opened =
                        [sqlite::open(&options).await?, sqlite::open(&options).await?, sqlite::open(&options).await?];
                    if opened.iter().all(|(_, mark)| *mark == opened[0].1) {
                        return Ok(opened.map(|(connection, _)| Reader(Kind::Sqlite(Box::new(connection)))));
                    }
                }
                Err(StoreError::TimedOut)
            }
            Pool::Postgres(readers) => {
                let opened = postgres::open(readers.address()).await?;
                Ok(opened.map(|connection| Reader(Kind::Postgres(Box::new(connection)))))
            }
        }
    }
}

impl Reader {
    /// Whether it reads PostgreSQL, where a key also has the workspace in it.
    fn is_postgres(&self) -> bool {
        matches!(self.0, Kind::Postgres(_))
    }

    /// A reference about in the middle of all, by their times; none where there are no two, or what stands there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn middle(&mut self) -> Result<Option<String>, StoreError> {
        // Apart: together, SQLite reads a whole index for them.
        let sql = "SELECT (SELECT min(reference) FROM support_requests), (SELECT max(reference) FROM support_requests)";
        let (first, last): (Option<String>, Option<String>) =
            on!(self, connection => sqlx::query_as(sql).fetch_one(connection).await?);
        let ulid = |reference: Option<String>| Ulid::from_string(reference?.strip_prefix("SR-")?).ok();
        let ends = ulid(first).zip(ulid(last)).filter(|(first, last)| first < last);
        Ok(ends.map(|(first, last)| {
            let middle = first.0 + (last.0 - first.0) / 2;
            Reference::from_ulid(Ulid::from(middle)).to_string()
        }))
    }

    /// Every chain, in order, without reading what is between.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn chains(&mut self) -> Result<Vec<ChainReach>, StoreError> {
        let found: Vec<(String, i64)> = match &mut self.0 {
            Kind::Sqlite(connection) => sqlx::query_as(sqlite::CHAINS).fetch_all(&mut **connection).await?,
            Kind::Postgres(connection) => sqlx::query_as(postgres::CHAINS).fetch_all(&mut **connection).await?,
        };
        Ok(found.into_iter().map(|(chain, last)| ChainReach { chain, last }).collect())
    }

    /// Reads audit records, each given to `each` until that has enough.
    ///
    /// # Errors
    /// When the database fails; a row that cannot be read is given to `each`.
    pub async fn links(
        &mut self,
        which: Links<'_>,
        mut each: impl FnMut(Result<AuditRecord, Unread>) -> ControlFlow<()> + Send,
    ) -> Result<(), StoreError> {
        let read = |cells: &Cells<'_>| {
            AuditRecord::read(|index, _| cells.get(index))
                .map_err(|column| Unread { row: cells.link_name(), column: Some(column.0) })
        };
        match &mut self.0 {
            Kind::Sqlite(connection) => {
                sqlite::links(connection, which, &mut |cells| each(cells.and_then(|cells| read(&cells)))).await
            }
            Kind::Postgres(connection) => {
                postgres::links(connection, which, &mut |cells| each(cells.and_then(|cells| read(&cells)))).await
            }
        }
    }

    /// Reads requests, each given to `each` until that has enough.
    ///
    /// # Errors
    /// As [`Self::links`].
    pub async fn requests(
        &mut self,
        which: Requests<'_>,
        mut each: impl FnMut(Result<Record, Unread>) -> ControlFlow<()> + Send,
    ) -> Result<(), StoreError> {
        let read = |cells: &Cells<'_>| {
            Record::read(|index, _| cells.get(index))
                .map_err(|column| Unread { row: cells.text(0), column: Some(column.0) })
        };
        match &mut self.0 {
            Kind::Sqlite(connection) => {
                sqlite::requests(connection, which, &mut |cells| each(cells.and_then(|cells| read(&cells)))).await
            }
            Kind::Postgres(connection) => {
                postgres::requests(connection, which, &mut |cells| each(cells.and_then(|cells| read(&cells)))).await
            }
        }
    }
}

/// Whoever takes rows from a database.
type Each<'a> = dyn FnMut(Result<Cells<'_>, Unread>) -> ControlFlow<()> + Send + 'a;

/// A row as the database sent it.
struct Cells<'a> {
    columns: &'static [Column],
    row: &'a [Option<&'a [u8]>],
    /// How the database writes a cell.
    text: fn(&Column, &[u8]) -> Option<String>,
}

impl Cells<'_> {
    fn get(&self, index: usize) -> Result<Option<String>, crate::domain::record::Unreadable> {
        let column = &self.columns[index];
        let unreadable = crate::domain::record::Unreadable(column.name);
        let Some(cell) = self.row.get(index).copied().flatten() else { return Ok(None) };
        (self.text)(column, cell).map(Some).ok_or(unreadable)
    }

    /// A cell for people, whatever is in it.
    fn text(&self, index: usize) -> String {
        let cell = self.row.get(index).copied().flatten().unwrap_or_default();
        let text = (self.text)(&self.columns[index], cell);
        text.unwrap_or_else(|| String::from_utf8_lossy(cell).into_owned())
    }

    /// What cannot be read because its cells do not come apart.
    fn not_text(&self) -> Unread {
        let is_link = self.columns[0].name == "chain";
        Unread { row: if is_link { self.link_name() } else { self.text(0) }, column: None }
    }

    /// An audit record's name: its key leads its columns.
    fn link_name(&self) -> String {
        format!("chain {}, link {}", self.text(0), self.text(1))
    }
}

/// The names of the columns that a table's rows are read in the order of.
fn key(table: &str, is_postgres: bool) -> String {
    let columns: &[&str] = match (table, is_postgres) {
        ("audit_events", true) => &["chain", "sequence", "workspace_id"],
        ("audit_events", false) => &["chain", "sequence"],
        (_, true) => &["reference", "workspace_id"],
        (_, false) => &["reference"],
    };
    // Qualified: alone, `sequence` would be the text that is selected.
    columns.iter().map(|column| format!("{table}.{column}")).collect::<Vec<_>>().join(", ")
}
