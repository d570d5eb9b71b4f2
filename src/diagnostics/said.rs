//! What a provider said, and the memory that is reserved for it.

use std::{ops::Deref, sync::Arc};

use serde_json::Value;

use crate::budget::Reservation;

/// A document that a provider said. Shared, so that a provider that keeps documents need not copy them.
#[derive(Debug, Clone)]
pub struct Said {
    document: Arc<Value>,
    memory: Option<Arc<Reservation>>,
}

impl Said {
    /// A document that was made for this answer alone, within memory that was reserved for it: [`crate::budget::TREES`]
    /// times what it weighs.
    #[must_use]
    pub fn within(memory: Arc<Reservation>, document: Arc<Value>) -> Self {
        Self { document, memory: Some(memory) }
    }

    /// What is reserved for it. A provider that reserves nothing leaves that to whoever takes the answer.
    #[must_use]
    pub fn memory(&self) -> Option<&Arc<Reservation>> {
        self.memory.as_ref()
    }
}

impl Deref for Said {
    type Target = Value;

    fn deref(&self) -> &Value {
        &self.document
    }
}

impl From<Value> for Said {
    fn from(document: Value) -> Self {
        Arc::new(document).into()
    }
}

impl From<Arc<Value>> for Said {
    fn from(document: Arc<Value>) -> Self {
        Self { document, memory: None }
    }
}

impl PartialEq for Said {
    fn eq(&self, other: &Self) -> bool {
        self.document == other.document
    }
}
