//! What an operator's command decided about the archive as a whole, put on record as the first link of a chain of its own.

use serde_json::Value;
use sqlx::{Connection as _, PgConnection};

use super::{
    DatabaseUrl, Decision, StoreError,
    connect::{self, Session},
    pooler, postgres,
    sqlite::{self, Guarded},
    url,
};
use crate::{
    clock::{Clock, rfc3339_ms},
    domain::record::AuditRecord,
    integrity::{Actor, ChainEnd, Event, canonical},
};

/// What happened to the archive as a whole.
#[derive(Debug, Clone)]
pub struct ArchiveEvent<'a> {
    /// Its name, one of [`crate::domain::record::ARCHIVE_EVENTS`].
    pub name: &'a str,
    /// How far it reaches: a JSON object. The reason is added to it.
    pub reach: Value,
    /// Who decided it, and why.
    pub decision: &'a Decision,
}

impl ArchiveEvent<'_> {
    /// Its audit record.
    pub(super) fn first_link(&self, clock: &dyn Clock) -> AuditRecord {
        let mut details = self.reach.clone();
        details["reason"] = self.decision.reason.get().as_str().into();
        let event = Event {
            name: self.name,
            occurred_at: &rfc3339_ms(clock.now()),
            about: None,
            trace_id: None,
            details: Some(&canonical(&details)),
        };
        let actor = Actor::new(self.decision.by.get().clone(), clock.salt());
        ChainEnd::start(clock.ulid()).link(&event, &actor).0
    }
}

/// Puts it on record. When this returns, that is committed and durable.
///
/// # Errors
/// When the database cannot be reached or refuses it.
pub async fn append_event(url: &DatabaseUrl, clock: &dyn Clock, event: &ArchiveEvent<'_>) -> Result<(), StoreError> {
    let link = [event.first_link(clock)];
    match url.kind() {
        url::Kind::Sqlite(options) => {
            let mut connection = Guarded::open(options, &mut None).await?;
            let write = async |connection: &mut _| Ok(sqlite::write_events(connection, &link).await?);
            let written = connection.transaction(write).await;
            connection.close().await;
            written
        }
        url::Kind::Postgres(address) => {
            pooler::refuse_transaction_pooling(address, Session::Migrating).await?;
            let mut connection = connect::connect(address, Session::Migrating).await.map_err(StoreError::Connect)?;
            let written = commit(&mut connection, &link).await;
            connect::close(connection).await;
            Ok(written?)
        }
    }
}

async fn commit(connection: &mut PgConnection, links: &[AuditRecord]) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin().await?;
    sqlx::raw_sql("SET LOCAL synchronous_commit = on").execute(&mut *transaction).await?;
    postgres::write_events(&mut transaction, links).await?;
    transaction.commit().await
}
