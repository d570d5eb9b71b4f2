//! An owner who has taken the defences down, and puts rows in as the service would.

use support_requests::{
    clock::{Clock as _, SystemClock, rfc3339_ms},
    domain::record::{AuditRecord, Column, ERASED_EVENT, Kind, Record, Value},
    integrity::{Actor, ChainEnd, Event},
    store::{Links, Requests, Unread},
};

use crate::{
    harness::archive,
    support::database::{self, Database, Owner},
    tampering::{TABLES, disarmed, put_back},
};

/// What is stored, as the service reads it.
pub async fn records(database: &Database) -> Vec<Record> {
    let [mut reader, ..] = archive(database).await.snapshot().await.unwrap();
    let mut records = Vec::new();
    let each = |row: Result<Record, Unread>| {
        records.push(row.unwrap());
        std::ops::ControlFlow::Continue(())
    };
    reader.requests(Requests::All, each).await.unwrap();
    records
}

/// What is stored, chain by chain and link by link: within a millisecond, references are in no order.
pub async fn in_order(database: &Database) -> Vec<Record> {
    let stored = records(database).await;
    let [mut reader, ..] = archive(database).await.snapshot().await.unwrap();
    let mut ordered = Vec::new();
    let each = |row: Result<AuditRecord, Unread>| {
        let reference = row.unwrap().reference;
        ordered.extend(stored.iter().find(|record| Some(&record.reference) == reference.as_ref()).cloned());
        std::ops::ControlFlow::Continue(())
    };
    reader.links(Links::All, each).await.unwrap();
    ordered
}

/// Erases a request as its owner may: the record of it does it.
pub async fn erase(database: &Database, record: &Record) {
    let mut owner = database.owner().await;
    let details = r#"{"erasure":"01KG0000000000000000000000","reason":"asked for","selected_by":"reference"}"#;
    let event = Event {
        name: ERASED_EVENT,
        occurred_at: &rfc3339_ms(SystemClock.now()),
        about: Some(record),
        trace_id: None,
        details: Some(details),
    };
    let actor = Actor::new("dpo".to_owned(), SystemClock.salt());
    let (link, _) = ChainEnd::start(SystemClock.ulid()).link(&event, &actor);
    let insert = insert(database.kind(), "audit_events", AuditRecord::COLUMNS, &link.values());
    owner.execute(&insert).await.unwrap();
    owner.close().await;
}

/// An owner without anything in the way.
pub struct Forger(Owner, database::Kind);

impl Forger {
    pub async fn disarmed(database: &Database) -> Self {
        Self(disarmed(database).await, database.kind())
    }

    pub async fn execute(&mut self, sql: &str) {
        self.0.execute(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    pub async fn put_back(&mut self) {
        put_back(&mut self.0).await;
    }

    pub async fn insert_link(&mut self, link: &AuditRecord) {
        self.insert(TABLES[1], AuditRecord::COLUMNS, &link.values()).await;
    }

    pub async fn insert_request(&mut self, record: &Record) {
        self.insert(TABLES[0], Record::COLUMNS, &record.values()).await;
    }

    async fn insert(&mut self, table: &str, columns: &[Column], values: &[Value<'_>]) {
        self.execute(&insert(self.1, table, columns, values)).await;
    }

    /// The same request once more, in another workspace, its digests reckoned anew.
    pub async fn twin(&mut self, record: &Record, workspace: &str) -> Record {
        let mut twin = Record { workspace_id: workspace.to_owned(), ..record.clone() };
        twin.record_digest = support_requests::integrity::record_digests(&twin).unwrap().record;
        self.insert_request(&twin).await;
        twin
    }
}

/// Texts without a type of their own become what the column holds.
fn insert(kind: database::Kind, table: &str, columns: &[Column], values: &[Value<'_>]) -> String {
    let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let values: Vec<String> = columns
        .iter()
        .zip(values)
        .map(|(column, value)| match (value, column.kind, kind) {
            (Value::Null, ..) => "NULL".to_owned(),
            (Value::Number(number), ..) => number.to_string(),
            (Value::Text(text), Kind::Time, database::Kind::Postgres) => format!("{}::timestamptz", quoted(text)),
            (Value::Text(text) | Value::Json(text), ..) => quoted(text),
        })
        .collect();
    format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), values.join(", "))
}
