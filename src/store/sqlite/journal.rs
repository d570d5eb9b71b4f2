//! Does the write-ahead log belong to the file beside it? SQLite cannot tell: it copies any log that is whole into
//! whatever file lies beside it (specs/decisions/0012).

use std::{path::Path, time::Duration};

use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};

use super::{
    checkpoint_lock::CheckpointLock,
    files::{FileId, Written, shm_of, wal_of},
    groups,
};
use crate::store::{CONNECTION_TIMEOUT, StoreError};

/// A log of this size or less holds nothing but its header.
const HEADER_BYTES: u64 = 32;

/// How long files must have been left alone before it is believed that whoever is at them has finished.
pub(super) const SETTLED: Duration = Duration::from_secs(1);

/// What `base` begins with while the log is being copied into the file.
const OPEN: &str = "open";

/// How often a file and a log that do not fit are looked at again: another process may be copying at that moment.
pub(super) const LOOKS: u32 = 5;
/// The same at start, where several may open a new file at once on a busy machine: whoever is refused there has to be started
/// again by hand.
const LOOKS_AT_START: u32 = 40;
pub(super) const LOOK_PAUSE: Duration = Duration::from_millis(50);

/// How long the cut of a log waits for readers. Writers are kept out meanwhile, who give up after [`CONNECTION_TIMEOUT`].
const CUT_WAIT: Duration = Duration::from_millis(500);

/// What a database says of itself.
#[derive(Debug)]
pub(super) struct State {
    /// Another one with every commit, and with every layout of the same rows: `VACUUM INTO` counts the schema's version
    /// up.
    mark: String,
    /// What the file alone said when the log was begun, or that it is open.
    base: String,
}

impl State {
    /// Whether the log is, or may be, on its way into the file.
    pub(super) fn is_open(&self) -> bool {
        self.base.starts_with(OPEN)
    }

    /// Whether a file that says `alone` has taken in all of the log.
    pub(super) fn is_mark(&self, alone: Option<&str>) -> bool {
        alone == Some(&self.mark)
    }
}

/// The mark of the last commit.
pub(super) const MARK: &str = "SELECT mark FROM journal_state";

/// What every commit does.
pub(super) const TOUCH: &str = "UPDATE journal_state SET mark = hex(randomblob(16))";

/// Reads a [`State`].
const STATE: &str = "SELECT mark || ':' || (SELECT schema_version FROM pragma_schema_version), base FROM journal_state";

/// The file with its log.
pub(super) async fn state(connection: &mut SqliteConnection) -> Result<State, sqlx::Error> {
    let (mark, base) = sqlx::query_as(STATE).fetch_one(connection).await?;
    Ok(State { mark, base })
}

/// What the file says without its log; `None` where it cannot be read so.
pub(super) fn main_alone(options: &SqliteConnectOptions) -> Option<String> {
    groups::first_alone(options.get_filename(), STATE)
}

/// Whether a file that says `alone` is what the log was begun on, or has taken in all of it.
pub(super) fn fits(alone: Option<&str>, with_log: &State) -> bool {
    with_log.is_open() || with_log.is_mark(alone) || alone == Some(&with_log.base)
}

/// Makes sure that the log beside the file, if there is one, is the file's. Changes nothing, so that whoever is told
/// that it is not can still decide.
///
/// # Errors
/// [`StoreError::ForeignJournal`], or what kept it from looking.
pub(in crate::store) async fn belongs(options: &SqliteConnectOptions) -> Result<(), StoreError> {
    let path = options.get_filename();
    if std::fs::metadata(wal_of(path)).map_or(0, |log| log.len()) <= HEADER_BYTES {
        return Ok(());
    }
    let mut looked = look(options).await;
    for _ in 1..LOOKS_AT_START {
        if matches!(looked, Err(StoreError::ForeignJournal(_))) {
            tokio::time::sleep(LOOK_PAUSE).await;
            looked = look(options).await;
        }
    }
    looked
}

async fn look(options: &SqliteConnectOptions) -> Result<(), StoreError> {
    let alone = main_alone(options);
    match with_log(options).await {
        Ok(state) if fits(alone.as_deref(), &state) => Ok(()),
        // Without the table nothing was committed by us yet.
        Err(error) if is_unknown_table(&error) => Ok(()),
        // Where the file is broken without its log as well, the log is not to blame.
        Err(error) if alone.is_none() || !is_broken(&error) => Err(StoreError::Open(error)),
        Ok(_) | Err(_) => Err(StoreError::ForeignJournal(options.get_filename().display().to_string())),
    }
}

/// What a file says with the log beside it, whatever log that is. Read-only: the last writer to close would copy the
/// log into the file.
async fn with_log(options: &SqliteConnectOptions) -> Result<State, sqlx::Error> {
    let reading = options.clone().create_if_missing(false).read_only(true).busy_timeout(CONNECTION_TIMEOUT);
    let mut connection = SqliteConnection::connect_with(&reading.disable_statement_logging()).await?;
    let found = state(&mut connection).await;
    let _ = connection.close().await;
    found
}

/// Copies the log into the file before anybody else writes to it: whoever does not keep the state up to date, as
/// migrations do not, leaves it open meanwhile, and keeps the lock so that nobody else says what the log hangs on.
///
/// # Errors
/// As [`belongs`], and where another process is copying the log.
pub(in crate::store) async fn settle(options: &SqliteConnectOptions) -> Result<Option<CheckpointLock>, StoreError> {
    let path = options.get_filename();
    if std::fs::metadata(path).map_or(0, |file| file.len()) == 0 {
        return Ok(None);
    }
    belongs(options).await?;
    let options = options.clone().create_if_missing(false).busy_timeout(CONNECTION_TIMEOUT);
    let options = options.pragma("wal_autocheckpoint", "0").disable_statement_logging();
    let mut connection = SqliteConnection::connect_with(&options).await.map_err(StoreError::Open)?;
    let settled = settle_through(&mut connection, &wal_of(path)).await;
    let _ = connection.close().await;
    settled
}

async fn settle_through(connection: &mut SqliteConnection, log: &Path) -> Result<Option<CheckpointLock>, StoreError> {
    match sqlx::query_scalar::<_, String>(MARK).fetch_one(&mut *connection).await {
        Err(error) if is_unknown_table(&error) => return Ok(None),
        read => read?,
    };
    // Without one while the file is in no mode that has a log, as a copy of it may be.
    let lock = if log.exists() { Some(CheckpointLock::acquire(log.to_owned()).await?) } else { None };
    open_base(connection).await?;
    copy(connection).await?;
    Ok(lock)
}

/// From here on the file may change without the log saying on what it hangs; whoever says so gets a word of its own.
pub(super) async fn open_base(connection: &mut SqliteConnection) -> Result<String, sqlx::Error> {
    let sql =
        "UPDATE journal_state SET mark = hex(randomblob(16)), base = 'open ' || hex(randomblob(8)) RETURNING base";
    sqlx::query_scalar(sql).fetch_one(connection).await
}

/// The log hangs on `base` from now on, unless another process opened it again after `opened`: then that one will say.
pub(super) async fn set_base(connection: &mut SqliteConnection, opened: &str, base: &str) -> Result<(), sqlx::Error> {
    let sql = "UPDATE journal_state SET mark = hex(randomblob(16)), base = ? WHERE base = ?";
    sqlx::query(sql).bind(base).bind(opened).execute(connection).await.map(drop)
}

/// A commit that holds nothing.
pub(super) async fn touch(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    sqlx::query(TOUCH).execute(connection).await.map(drop)
}

/// What copies the log into the file, as far as readers let it, and keeps nobody from writing.
pub(super) const COPY: &str = "PRAGMA wal_checkpoint(PASSIVE)";

/// Copies the log into the file, as far as readers let it.
pub(super) async fn copy(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    sqlx::query(COPY).execute(connection).await.map(drop)
}

/// Copies all of the log into the file and cuts it to nothing. `false` when somebody still reads from it.
pub(super) async fn truncate(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    wait_for_locks(connection, CUT_WAIT).await?;
    let cut = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut *connection).await;
    wait_for_locks(connection, CONNECTION_TIMEOUT).await?;
    let (busy, _, _): (i64, i64, i64) = cut?;
    Ok(busy == 0)
}

async fn wait_for_locks(connection: &mut SqliteConnection, time: Duration) -> Result<(), sqlx::Error> {
    let sql = format!("PRAGMA busy_timeout = {}", time.as_millis());
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(drop)
}

/// The log of a database that was replaced under the running service.
#[derive(Debug)]
pub(in crate::store) struct LeftBehind {
    pub(super) wal: FileId,
    pub(super) seen: Option<(Written, tokio::time::Instant)>,
}

impl LeftBehind {
    /// Puts the log aside when it is the one that this service had open, once the file beside it is whole and left
    /// alone. Renamed, not removed: what was answered since the copy was made is in it.
    pub(super) fn set_aside(&mut self, options: &SqliteConnectOptions) -> bool {
        let path = options.get_filename();
        let wal = wal_of(path);
        let (Ok(written), true) = (Written::at(path), FileId::at(&wal).is_ok_and(|id| id == self.wal)) else {
            return false;
        };
        match self.seen {
            Some((seen, at)) if seen == written && at.elapsed() >= SETTLED => {}
            Some((seen, _)) if seen == written => return false,
            _ => {
                self.seen = Some((written, tokio::time::Instant::now()));
                return false;
            }
        }
        let Some(mark) = main_alone(options) else { return false };
        let mut aside = wal.clone().into_os_string();
        aside.push(format!(".before-{}", mark.chars().take(8).collect::<String>()));
        let aside = std::path::PathBuf::from(aside);
        match rename(&wal, &aside, &shm_of(path)) {
            Ok(()) => {
                tracing::warn!(file = %aside.display(), "the old write-ahead log was put aside: the file is another one");
                true
            }
            Err(error) => {
                tracing::error!(%error, "the old write-ahead log cannot be put aside");
                false
            }
        }
    }
}

fn rename(wal: &Path, aside: &Path, shm: &Path) -> std::io::Result<()> {
    std::fs::rename(wal, aside)?;
    // Only an index of the log.
    std::fs::remove_file(shm)
        .or_else(|error| if error.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(error) })
}

/// `SQLITE_CORRUPT` and `SQLITE_NOTADB`: file and log do not make one database.
fn is_broken(error: &sqlx::Error) -> bool {
    matches!(super::code(error), Some(11 | 26))
}

fn is_unknown_table(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|said| said.message().starts_with("no such table"))
}
