//! A batch of requests to be erased, and the audit records that erase them.

use std::sync::{Arc, LazyLock};

use serde_json::json;

use super::{Decision, Selection, selection::Condition};
use crate::{
    clock::{Clock, rfc3339_ms},
    domain::record::{AuditRecord, CREATED_EVENT, Column, ERASED_EVENT, Part, Record},
    integrity::{Actor, ChainEnd, Event, canonical},
    store::{
        StoreError, chain,
        rows::{list, postgres_text, sqlite_text},
    },
};

/// Most requests of one transaction.
pub(super) const BATCH: usize = 200;

/// What one transaction did.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) count: usize,
    /// The last reference; none where there was nothing left to erase.
    pub(super) last: Option<String>,
    /// Whether it was not even full.
    pub(super) is_last: bool,
}

impl Batch {
    pub(super) fn of(records: &[Record]) -> Self {
        let last = records.last().map(|record| record.reference.clone());
        Self { count: records.len(), last, is_last: records.len() < BATCH }
    }

    /// So many of those that were found: of the rest somebody else was quicker.
    pub(super) fn of_found(count: usize, found: &[String]) -> Self {
        Self { count, last: found.last().cloned(), is_last: found.len() < BATCH }
    }
}

/// Reads what an audit record repeats, on SQLite, and nothing that is personal.
pub(super) static SQLITE_SKELETON: LazyLock<String> = LazyLock::new(|| skeleton(sqlite_text));
/// The same on PostgreSQL.
pub(super) static POSTGRES_SKELETON: LazyLock<String> = LazyLock::new(|| skeleton(postgres_text));

fn skeleton(text: fn(&Column) -> String) -> String {
    list(Record::COLUMNS, |column| match column.part {
        Part::Public | Part::Digest => text(column),
        Part::Mixed => "'{}'".to_owned(),
        Part::Personal | Part::Salt => "NULL".to_owned(),
    })
}

/// The query for the next batch after a reference; it comes last among the values to be bound.
pub(super) fn select(skeleton: &str, condition: &Condition, locking: &str) -> String {
    let place = condition.values.len() + 1;
    let order =
        if condition.in_order { format!(" AND reference > ${place} ORDER BY reference") } else { String::new() };
    format!("SELECT {skeleton} FROM support_requests WHERE {}{order} LIMIT {BATCH}{locking}", condition.sql)
}

/// The query for digests of what ought to be erased and is not, among these references.
pub(super) fn select_unerased(references: usize) -> String {
    let places: Vec<String> = (1..=references).map(|place| format!("${place}")).collect();
    let places = places.join(", ");
    format!(
        "SELECT record_digest FROM support_requests WHERE reference IN ({places}) AND salt IS NOT NULL
         UNION ALL SELECT record_digest FROM audit_events WHERE reference IN ({places})
            AND event = '{CREATED_EVENT}' AND actor_salt IS NOT NULL"
    )
}

/// Where some of what ought to be erased is left, the triggers that erase are gone or changed.
pub(super) fn none_is_left(records: &[Record], left: &[String]) -> Result<(), StoreError> {
    let is_left = records.iter().any(|record| left.contains(&record.record_digest));
    if is_left { Err(StoreError::NotErased) } else { Ok(()) }
}

/// One run of the command: what all its records have in common, and the chain that they make.
pub(super) struct Run {
    /// Its name.
    pub(super) erasure: String,
    clock: Arc<dyn Clock>,
    by: String,
    details: String,
    /// The last link that is known to be committed.
    chain: ChainEnd,
}

impl Run {
    pub(super) fn new(clock: Arc<dyn Clock>, selection: &Selection, decision: &Decision) -> Self {
        let erasure = clock.ulid();
        let details = json!({
            "erasure": erasure.to_string(),
            "reason": decision.reason.get(),
            "selected_by": selection.name(),
        });
        Self {
            erasure: erasure.to_string(),
            chain: ChainEnd::start(erasure),
            by: decision.by.get().clone(),
            details: canonical(&details),
            clock,
        }
    }

    /// An audit record for each request, and the end of the chain with them.
    pub(super) fn links(&self, records: &[Record]) -> (Vec<AuditRecord>, ChainEnd) {
        let occurred_at = rfc3339_ms(self.clock.now());
        let mut end = chain::for_group(&self.chain, records.iter(), &*self.clock);
        let mut links = Vec::with_capacity(records.len());
        for record in records {
            let event = Event {
                name: ERASED_EVENT,
                occurred_at: &occurred_at,
                about: Some(record),
                trace_id: None,
                details: Some(&self.details),
            };
            let (link, next) = end.link(&event, &Actor::new(self.by.clone(), self.clock.salt()));
            links.push(link);
            end = next;
        }
        (links, end)
    }

    /// These links were committed.
    pub(super) fn committed(&mut self, end: ChainEnd) {
        self.chain = end;
    }
}
