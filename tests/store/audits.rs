//! Audit records that the tests write past the service, as the owner: erasures among them, which the database carries out.

use support_requests::{
    clock::{Clock as _, SystemClock, rfc3339_ms},
    domain::{
        ids::Reference,
        record::{AuditRecord, ERASED_EVENT, Value},
    },
    integrity::{Actor, ChainEnd, Event},
};

use crate::{harness::archive, support::database::Database};

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
