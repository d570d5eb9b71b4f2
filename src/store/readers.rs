//! The connection for reading PostgreSQL: one, made when it is needed and again when it broke, to whichever server is
//! the right one then. The driver's own pool would go on to the first server with the first password.

use std::{
    ops::{Deref, DerefMut},
    sync::Arc,
};

use sqlx::{Connection as _, PgConnection};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::{
    CONNECTION_TIMEOUT, StoreError,
    address::Address,
    connect::{self, Session},
};

/// Cheap to clone; clones share the connection, and wait for each other.
#[derive(Clone)]
pub(super) struct Readers {
    address: Arc<Address>,
    session: Session,
    connection: Arc<Mutex<Option<PgConnection>>>,
}

impl Readers {
    /// Connects.
    pub(super) async fn open(address: &Address, session: Session) -> Result<Self, StoreError> {
        let connection = connect::connect(address, session).await.map_err(StoreError::Connect)?;
        let connection = Arc::new(Mutex::new(Some(connection)));
        Ok(Self { address: Arc::new(address.clone()), session, connection })
    }

    /// Where the database is, for connections of somebody's own.
    pub(super) fn address(&self) -> &Address {
        &self.address
    }

    /// The connection, alive, for as long as the guard is kept. Whoever stops waiting for an answer leaves it to be
    /// tidied up by the next.
    pub(super) async fn acquire(&self) -> Result<Guard, StoreError> {
        let mut guard = Arc::clone(&self.connection).lock_owned().await;
        if let Some(connection) = guard.as_mut() {
            let answer = tokio::time::timeout(CONNECTION_TIMEOUT, connection.ping()).await;
            if matches!(answer, Ok(Ok(()))) {
                return Ok(Guard(guard));
            }
            *guard = None;
        }
        *guard = Some(connect::connect(&self.address, self.session).await.map_err(StoreError::Connect)?);
        Ok(Guard(guard))
    }

    /// Says goodbye.
    pub(super) async fn close(&self) {
        let Ok(mut connection) = tokio::time::timeout(CONNECTION_TIMEOUT, self.connection.lock()).await else { return };
        if let Some(connection) = connection.take() {
            connect::close(connection).await;
        }
    }
}

/// A connection that is there.
pub(super) struct Guard(OwnedMutexGuard<Option<PgConnection>>);

impl Deref for Guard {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        self.0.as_ref().expect("a guard is made of a connection that is there")
    }
}

impl DerefMut for Guard {
    fn deref_mut(&mut self) -> &mut PgConnection {
        self.0.as_mut().expect("a guard is made of a connection that is there")
    }
}
