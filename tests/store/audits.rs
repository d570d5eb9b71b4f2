//! Audit records that the tests write past the service, as the owner: erasures among them, which the database carries out.

use support_requests::{
    clock::{Clock as _, SystemClock, rfc3339_ms},
    domain::{
        ids::Reference,
        record::{AuditRecord, Column, ERASED_EVENT, Kind, Unreadable, Value},
    },
    integrity::{Actor, ChainEnd, Event, canonical},
};

use crate::{
    harness::archive,
    support::database::{Database, RowTexts},
};

/// Every audit record, by chain and number.
pub async fn all(database: &Database) -> Vec<AuditRecord> {
    let rows = database.rows("audit_events").await;
    let mut all: Vec<AuditRecord> = rows.iter().map(read).collect();
    all.sort_by_key(|link| (link.chain.clone(), link.sequence));
    all
}

/// A row as its owner sees it, with what PostgreSQL writes otherwise as it was digested.
fn read(row: &RowTexts) -> AuditRecord {
    let as_digested = |kind: Kind, text: String| match kind {
        Kind::Time => {
            let text = text.replace(' ', "T");
            let (seconds, fraction) = text.trim_end_matches("+00").trim_end_matches('Z').split_at(19);
            format!("{seconds}.{:0<3}Z", fraction.trim_start_matches('.'))
        }
        Kind::Json => canonical(&serde_json::from_str(&text).unwrap()),
        Kind::Text | Kind::Label | Kind::Number => text,
    };
    let cell =
        |_, column: &Column| Ok::<_, Unreadable>(row[column.name].clone().map(|text| as_digested(column.kind, text)));
    AuditRecord::read(cell).unwrap()
}

/// Writes an audit record.
///
/// # Errors
/// What the database said.
pub async fn insert(database: &Database, audit: &AuditRecord) -> Result<(), sqlx::Error> {
    let names: Vec<&str> = AuditRecord::COLUMNS.iter().map(|column| column.name).collect();
    let values: Vec<String> = audit
        .values()
        .iter()
        .map(|value| match value {
            Value::Null => "NULL".to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Text(text) | Value::Json(text) => format!("'{}'", text.replace('\'', "''")),
        })
        .collect();
    let sql = format!("INSERT INTO audit_events ({}) VALUES ({})", names.join(", "), values.join(", "));
    let mut owner = database.owner().await;
    let done = owner.execute(&sql).await;
    owner.close().await;
    done
}

/// Erases a request: the record of it is what does that.
pub async fn erase(database: &Database, reference: &str) {
    let archive = archive(database).await;
    let record = archive.find(Reference::parse(reference).unwrap()).await.unwrap().expect("it is stored");
    let event = Event {
        name: ERASED_EVENT,
        occurred_at: &rfc3339_ms(SystemClock.now()),
        about: Some(&record),
        trace_id: None,
        details: Some(r#"{"erasure":"01HF7YAT000000000000000001","reason":"asked for","selected_by":"reference"}"#),
    };
    let actor = Actor::new("an operator".to_owned(), SystemClock.salt());
    let (audit, _) = ChainEnd::start(SystemClock.ulid()).link(&event, &actor);
    insert(database, &audit).await.unwrap();
}
