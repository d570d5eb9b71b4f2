//! What must be true of every request and its audit record, whatever a test is about.

use support_requests::{
    domain::ids::Reference,
    store::{Archive, DatabaseUrl},
};

use super::{App, digests};

/// # Panics
/// Unless both rows of each pair say the same and the request has the digest that it should have.
pub(super) async fn check(app: &App) {
    let (requests, events) = (app.database.rows("support_requests").await, app.database.rows("audit_events").await);
    let archive = Archive::open(&DatabaseUrl::parse(&app.database.url()).unwrap()).await.unwrap();
    for (request, event) in requests.iter().zip(&events) {
        let same_in_both = "reference workspace_id tenant_id primary_context_type primary_context_id severity \
            attachment_mode attachment_reason request_id record_digest";
        for same in same_in_both.split(' ') {
            assert_eq!(request[same], event[same], "{same}");
        }
        for (of_request, of_event) in [("created_at", "occurred_at"), ("creator_subject", "actor_subject")] {
            assert_eq!(request[of_request], event[of_event], "{of_request}");
        }
        let reference = Reference::parse(request["reference"].as_deref().unwrap()).unwrap();
        let stored = archive.find(reference).await.unwrap().expect("it is there");
        digests::check(serde_json::to_value(&stored).unwrap());
    }
}
