//! Partitions by time on PostgreSQL, as the owner: both tables are cut at the same midnights, and whole days are dropped
//! with an audit record that says so. Rows are never touched. specs/scale.md has the why.

mod definition; //  what a table has, to be made again on the one that takes its name
mod dropping;
mod making;

pub use dropping::Droppable;
use sqlx::{AssertSqlSafe, PgConnection};
use time::{Date, Duration, OffsetDateTime};
use ulid::Ulid;

use super::{
    DatabaseUrl, StoreError,
    address::Address,
    advisory_locks,
    connect::{self, Session},
    pooler,
    url::Kind,
};

/// What both tables are cut by: the reference leads the key of one, and the chain that of the other.
const TABLES: [(&str, &str); 2] = [("support_requests", "reference"), ("audit_events", "chain")];

/// What is held for a moment so that PostgreSQL need not read a table while nobody can write to it.
const CHECK: &str = "within_partition";

/// Where both tables are cut: a midnight, UTC, as the first ULID of that day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Boundary(Ulid);

impl Boundary {
    /// The beginning of a day; none before 1970.
    #[must_use]
    pub fn of(day: Date) -> Option<Self> {
        let seconds = u64::try_from(day.midnight().assume_utc().unix_timestamp()).ok()?;
        Some(Self(Ulid::from_parts(seconds * 1000, 0)))
    }

    /// The day that begins there.
    #[must_use]
    pub fn day(self) -> Date {
        let since = Duration::milliseconds(i64::try_from(self.0.timestamp_ms()).unwrap_or(i64::MAX));
        OffsetDateTime::UNIX_EPOCH.checked_add(since).unwrap_or(OffsetDateTime::UNIX_EPOCH).date()
    }

    /// The smallest value of a table's partition key from there on.
    fn key(self, table: &str) -> String {
        let prefix = if table == "support_requests" { "SR-" } else { "" };
        format!("{prefix}{}", self.0)
    }
}

/// A partition of both tables, from its boundary to the next one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partition {
    /// Where it begins; the first one has no beginning.
    pub from: Option<Boundary>,
    /// Where it ends; the open one has no end.
    pub to: Option<Boundary>,
    /// About how many requests, as PostgreSQL's statistics say.
    pub requests: i64,
    /// About how many audit records.
    pub events: i64,
    /// How many bytes on the disk, with indexes.
    pub bytes: i64,
    /// The two tables' names.
    names: [String; 2],
}

/// Both tables, as their owner sees them.
pub struct Partitions {
    connection: PgConnection,
}

impl Partitions {
    /// Connects, and keeps everybody else who would change partitions waiting.
    ///
    /// # Errors
    /// On SQLite, which has no partitions; when the database cannot be reached, or this is not its tables' owner.
    pub async fn open(url: &DatabaseUrl) -> Result<Self, StoreError> {
        let Kind::Postgres(address) = url.kind() else {
            return Err(refused(
                "SQLite has no partitions: a file is one piece, and `erase --before` is what there is",
            ));
        };
        let mut connection = Self::connect(address).await?;
        is_owner(&mut connection).await?;
        // One at a time, and not while `migrate` grants.
        sqlx::query("SELECT pg_advisory_lock($1)").bind(advisory_locks::SCHEMA).execute(&mut connection).await?;
        Ok(Self { connection })
    }

    async fn connect(address: &Address) -> Result<PgConnection, StoreError> {
        pooler::refuse_transaction_pooling(address, Session::Migrating).await?;
        connect::connect(address, Session::Migrating).await.map_err(StoreError::Connect)
    }

    /// What there is, oldest first; empty where the tables were never cut.
    ///
    /// # Errors
    /// When the database fails, or the two tables are not cut alike.
    pub async fn list(&mut self) -> Result<Vec<Partition>, StoreError> {
        let [requests, events] =
            [pieces(&mut self.connection, TABLES[0].0).await?, pieces(&mut self.connection, TABLES[1].0).await?];
        let bounds = |pieces: &[Piece]| pieces.iter().map(|piece| (piece.from, piece.to)).collect::<Vec<_>>();
        if bounds(&requests) != bounds(&events) {
            return Err(refused("the two tables are not cut at the same days: this was not made by this command"));
        }
        Ok(requests.into_iter().zip(events).map(Partition::from).collect())
    }

    /// Lets go of the database.
    pub async fn close(self) {
        connect::close(self.connection).await;
    }
}

impl From<(Piece, Piece)> for Partition {
    fn from((requests, events): (Piece, Piece)) -> Self {
        Self {
            from: requests.from,
            to: requests.to,
            requests: requests.rows,
            events: events.rows,
            bytes: requests.bytes + events.bytes,
            names: [requests.name, events.name],
        }
    }
}

/// Name, beginning, end, rows, bytes.
type Found = (String, Option<String>, Option<String>, i64, i64);

/// A partition of one table.
struct Piece {
    name: String,
    from: Option<Boundary>,
    to: Option<Boundary>,
    rows: i64,
    bytes: i64,
}

async fn pieces(connection: &mut PgConnection, table: &str) -> Result<Vec<Piece>, StoreError> {
    let sql = r"SELECT c.relname::text, substring(bound FROM 'FROM \(''(?:SR-)?(\w{26})''\)'),
             substring(bound FROM 'TO \(''(?:SR-)?(\w{26})''\)'),
             greatest(c.reltuples, 0)::bigint, pg_total_relation_size(c.oid)
         FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid, pg_get_expr(c.relpartbound, c.oid) AS bound
         WHERE inhparent = $1::text::regclass ORDER BY 2 NULLS FIRST";
    let found: Vec<Found> = sqlx::query_as(sql).bind(table).fetch_all(connection).await?;
    let boundary = |key: Option<String>| key.and_then(|key| Ulid::from_string(&key).ok()).map(Boundary);
    let pieces = found.into_iter().map(|(name, from, to, rows, bytes)| Piece {
        name,
        from: boundary(from),
        to: boundary(to),
        rows,
        bytes,
    });
    Ok(pieces.collect())
}

async fn is_owner(connection: &mut PgConnection) -> Result<(), StoreError> {
    let sql = "SELECT current_user::text, coalesce(bool_and(pg_has_role(current_user, relowner, 'USAGE')), false),
             current_setting('server_version_num')::int FROM pg_class
         WHERE oid IN (to_regclass('support_requests'), to_regclass('audit_events'))";
    let (role, owns, version): (String, bool, i32) = sqlx::query_as(sql).fetch_one(connection).await?;
    if version < OLDEST_SERVER {
        return Err(refused("partitions need PostgreSQL 13 or later, because their triggers do"));
    }
    if owns {
        return Ok(());
    }
    Err(StoreError::NoRight(format!(
        "{role} does not own the tables: connect as their owner, SUPPORT_REQUESTS_OWNER_DATABASE_URL"
    )))
}

/// Before it, row triggers that act before a change are not for partitioned tables.
const OLDEST_SERVER: i32 = 130_000;

fn refused(why: impl Into<String>) -> StoreError {
    StoreError::Partition(why.into())
}

/// How often tables that are in use are tried for, and how long each time: whoever writes meanwhile waits no longer.
const ATTEMPTS: u32 = 20;
const LOCK: &str = "SET LOCAL lock_timeout = '1s'";
const PAUSE: std::time::Duration = std::time::Duration::from_millis(500);

/// Runs statements as one transaction, again while somebody else holds the tables.
async fn at_once(connection: &mut PgConnection, statements: &str) -> Result<(), StoreError> {
    let sql = format!("BEGIN; {LOCK}; {statements}; COMMIT");
    let mut attempt = 1;
    loop {
        match sqlx::raw_sql(AssertSqlSafe(sql.clone())).execute(&mut *connection).await {
            Ok(_) => return Ok(()),
            Err(error) => {
                sqlx::raw_sql("ROLLBACK").execute(&mut *connection).await?;
                if !is_busy(&error) {
                    return Err(error.into());
                }
                if attempt == ATTEMPTS {
                    return Err(refused("the tables are in use by a long transaction: find it in pg_stat_activity"));
                }
            }
        }
        attempt += 1;
        tokio::time::sleep(PAUSE).await;
    }
}

/// Lock timeout, or deadlock.
fn is_busy(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code)
        .is_some_and(|code| code == "55P03" || code == "40P01")
}

/// A name as SQL takes it. All names here are our own or PostgreSQL's: plain, or asked for quoted.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn a_boundary_is_the_first_reference_and_the_first_chain_of_its_day() {
        let boundary = Boundary::of(date!(2027 - 01 - 01)).unwrap();
        assert_eq!(boundary.key("support_requests"), "SR-01MB78QN000000000000000000");
        assert_eq!(boundary.key("audit_events"), "01MB78QN000000000000000000");
        assert_eq!(boundary.day(), date!(2027 - 01 - 01));
        assert_eq!(Boundary::of(date!(1969 - 12 - 31)), None);
    }
}
