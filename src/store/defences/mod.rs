//! The database's own defences against change: are they all there, and are they on?
//!
//! `serve` looks at them and at its own role: a service that runs weakened would go on answering references that anybody
//! could change. In production it does not start; in development it says so. `verify` looks at them whoever it runs as, and
//! at what every role may do.

mod expected;
pub(super) mod postgres;
pub(super) mod roles;
pub(super) mod schema;
pub(super) mod sqlite;

use sqlx::{Connection as _, SqliteConnection};

use super::{Archive, DatabaseUrl, Pool, StoreError, open, url::Kind};

/// Everything that is weaker for the service than it must be, in words; empty when nothing is.
pub(super) async fn weaknesses(url: &DatabaseUrl) -> Result<Vec<String>, StoreError> {
    match url.kind() {
        Kind::Sqlite(options) => {
            let mut connection =
                SqliteConnection::connect_with(&open::sqlite_reading(options)).await.map_err(StoreError::Open)?;
            let found = sqlite::look(&mut connection).await;
            let _ = connection.close().await;
            found
        }
        Kind::Postgres(address) => {
            let mut connection = open::postgres_connection(address).await?;
            let found = postgres::of_the_service(&mut connection).await;
            let _ = connection.close().await;
            found
        }
    }
}

impl Archive {
    /// Everything that does not defend what is stored as it did when it was migrated, whoever asks, in words.
    ///
    /// # Errors
    /// When the database cannot say.
    pub async fn weaknesses(&self) -> Result<Vec<String>, StoreError> {
        match &self.pool {
            Pool::Sqlite(pool) => sqlite::look(&mut *pool.acquire().await?).await,
            Pool::Postgres(readers) => {
                let mut connection = readers.acquire().await?;
                let mut weak = postgres::of_the_tables(&mut connection).await?;
                weak.extend(schema::look(&mut connection).await?);
                weak.extend(roles::look(&mut connection).await?);
                Ok(weak)
            }
        }
    }
}
