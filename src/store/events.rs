//! An audit record of what an operator's command decided, as the first link of a chain of its own.

use std::sync::LazyLock;

use sqlx::{AssertSqlSafe, PgConnection};

use super::{
    DatabaseUrl, StoreError,
    connect::{self, Session},
    pooler,
    rows::{list, names},
    sqlite::{Guarded, WriteError},
    url,
};
use crate::{
    clock::{Clock, rfc3339_ms},
    domain::record::{AuditRecord, Kind, Value},
    integrity::{Actor, ChainEnd, Event},
};

/// What somebody decided about the archive as a whole.
#[derive(Debug, Clone, Copy)]
pub struct Decided<'a> {
    /// Its name, one of [`crate::domain::record::ARCHIVE_EVENTS`].
    pub event: &'a str,
    /// Why, and how far it reaches: canonical JSON.
    pub details: &'a str,
    /// By whom.
    pub by: &'a str,
}

/// Puts a decision on record. When this returns, that is committed and durable.
///
/// # Errors
/// When the database cannot be reached or refuses it.
pub async fn append_event(url: &DatabaseUrl, clock: &dyn Clock, decided: Decided<'_>) -> Result<(), StoreError> {
    let occurred_at = rfc3339_ms(clock.now());
    let event = Event {
        name: decided.event,
        occurred_at: &occurred_at,
        about: None,
        trace_id: None,
        details: Some(decided.details),
    };
    let actor = Actor::new(decided.by.to_owned(), clock.salt());
    let (link, _) = ChainEnd::start(clock.ulid()).link(&event, &actor);
    match url.kind() {
        url::Kind::Sqlite(options) => {
            let mut connection = Guarded::open(options, &mut None).await?;
            let written = connection.append_event(&link).await;
            connection.close().await;
            written.map_err(|error| match error {
                WriteError::Database(error) => error.into(),
                WriteError::NotThere(error) | WriteError::GoneWithTheFile(error) => error.into(),
            })
        }
        url::Kind::Postgres(address) => {
            pooler::refuse_transaction_pooling(address, Session::Migrating).await?;
            let mut connection = connect::connect(address, Session::Migrating).await.map_err(StoreError::Connect)?;
            let written = insert(&mut connection, &link).await;
            connect::close(connection).await;
            Ok(written?)
        }
    }
}

static INSERT: LazyLock<String> = LazyLock::new(|| {
    let mut number = 0;
    let values = list(AuditRecord::COLUMNS, |column| {
        number += 1;
        match column.kind {
            Kind::Text | Kind::Number => format!("${number}"),
            Kind::Label => format!("${number}::{}", column.name),
            Kind::Time => format!("${number}::timestamptz"),
            Kind::Json => format!("${number}::jsonb"),
        }
    });
    format!("INSERT INTO audit_events ({}) VALUES ({values})", names(AuditRecord::COLUMNS))
});

/// Writes it within whatever transaction there is.
pub(super) async fn insert(connection: &mut PgConnection, link: &AuditRecord) -> Result<(), sqlx::Error> {
    let mut transaction = sqlx::Connection::begin(connection).await?;
    sqlx::raw_sql("SET LOCAL synchronous_commit = on").execute(&mut *transaction).await?;
    let mut query = sqlx::query(AssertSqlSafe(INSERT.as_str()));
    for value in link.values() {
        query = match value {
            Value::Number(number) => query.bind(number),
            other => query.bind(other.text()),
        };
    }
    query.execute(&mut *transaction).await?;
    transaction.commit().await
}
