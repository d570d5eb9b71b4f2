//! What a caller gets who does everything right, and what is then stored.

use serde_json::{Value, json};
use support_requests::{clock::SystemClock, domain::ids::Reference};

use crate::harness::*;

on_both_databases!(a_request_is_stored_as_it_was_sent_and_its_receipt_says_so, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        let answer = app.create(endpoint).send().await;
        let (kind, id) = endpoint.primary_context();
        let receipt = answer.created();
        let members: Vec<&str> = receipt.as_object().unwrap().keys().map(String::as_str).collect();
        let expected =
            ["attachment", "created_at", "primary_context", "record_digest", "redactions", "reference", "severity"];
        assert_eq!(members, expected);
        assert_eq!(receipt["primary_context"], json!({"type": kind, "id": id}));
        assert_eq!(receipt["severity"], "high");
        assert_eq!(receipt["attachment"], json!({"mode": "diagnostic_snapshot_attached", "reason": "attached"}));
        assert_eq!(receipt["redactions"], json!([]));
        assert_eq!(receipt["created_at"], "2031-05-06T07:08:09.123Z");

        let row = app.database.request(receipt["reference"].as_str().unwrap()).await;
        for (field, sent) in app.report().as_object().unwrap() {
            assert_eq!(row[field.as_str()].as_deref(), sent.as_str(), "{field}");
        }
        for (column, expected) in [
            ("workspace_id", "acme"),
            ("tenant_id", "contoso"),
            ("primary_context_type", kind),
            ("primary_context_id", id),
            ("creator_subject", "user-7"),
            ("creator_name", "Ada Admin"),
            ("request_id", answer.request_id()),
            ("record_digest", receipt["record_digest"].as_str().unwrap()),
        ] {
            assert_eq!(row[column].as_deref(), Some(expected), "{column}");
        }
    }
    app.finish().await;
});

on_both_databases!(the_stored_context_is_one_document_of_schema_version_1, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        let receipt = app.create(endpoint).send().await.created();
        let row = app.database.request(receipt["reference"].as_str().unwrap()).await;
        let context: Value = serde_json::from_str(row["context"].as_deref().unwrap()).unwrap();
        let members: Vec<&str> = context.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(
            members,
            ["attachment", "diagnostics", "primary_context", "redaction", "references", "schema_version"]
        );
        assert_eq!(context["schema_version"], 1);
        assert_eq!(context["primary_context"], receipt["primary_context"]);
        assert_eq!(context["attachment"], receipt["attachment"]);
        assert_eq!(context["diagnostics"], bundle());
        assert_eq!(context["references"]["tenant"], json!({"id": "contoso", "name": "A tenant"}));
        assert_eq!(context["references"]["operation_run"]["outcome"].is_string(), endpoint == Endpoint::Run);
        assert_eq!(context["redaction"]["dropped_keys"], 0);
        assert_eq!(context["redaction"]["taken"], json!([]));
        assert!(context["redaction"]["rule_set"].is_string());
    }
    app.finish().await;
});

on_both_databases!(a_request_needs_nothing_but_a_summary, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        let summary = app.canary("alone");
        let receipt = app.create(endpoint).body(&json!({"summary": summary})).send().await.created();
        let row = app.database.request(receipt["reference"].as_str().unwrap()).await;
        assert_eq!((row["summary"].as_deref(), row["severity"].as_deref()), (Some(summary.as_str()), Some("normal")));
        for absent in ["reproduction_notes", "contact_name", "contact_email"] {
            assert_eq!(row[absent], None, "{absent}");
        }
    }
    app.finish().await;
});

on_both_databases!(two_calls_that_are_alike_to_the_byte_make_two_rows_and_two_references, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        let (body, token) = (app.report(), app.token());
        let twin = || app.create(endpoint).token(&token).body(&body).header("x-request-id", "one-and-the-same").send();
        let (first, second) = (twin().await, twin().await);
        assert_eq!((first.request_id(), second.request_id()), ("one-and-the-same", "one-and-the-same"));
        assert_ne!(first.created()["reference"], second.created()["reference"]);
    }
    assert_eq!(app.database.counts().await, Counts::of(4));
    app.finish().await;
});

on_both_databases!(many_calls_at_once_each_get_a_reference_of_their_own, async |database| {
    let app = App::start(database).await;
    let calls = (0..100).map(|index| app.create(Endpoint::BOTH[index % 2]).send());
    let answers = futures_util::future::join_all(calls).await;
    let references: std::collections::BTreeSet<String> =
        answers.iter().map(|answer| answer.created()["reference"].as_str().unwrap().to_owned()).collect();
    assert_eq!(references.len(), 100);
    app.finish().await;
});

on_both_databases!(a_reference_says_the_same_time_as_created_at, async |database| {
    let app = App::build().clock(SystemClock).start(database).await;
    for endpoint in Endpoint::BOTH {
        let receipt = app.create(endpoint).send().await.created();
        let reference = Reference::parse(receipt["reference"].as_str().unwrap()).unwrap();
        let created_at = receipt["created_at"].as_str().unwrap();
        let format = &time::format_description::well_known::Rfc3339;
        let said = time::OffsetDateTime::parse(created_at, format).unwrap().unix_timestamp_nanos() / 1_000_000;
        assert_eq!(i128::from(reference.timestamp_ms()), said);
        assert!(created_at.len() == 24 && created_at.ends_with('Z'), "{created_at}");
    }
    app.finish().await;
});

on_both_databases!(a_name_is_not_needed_in_a_token_and_an_odd_one_is_tidied, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        for (token, expected) in [
            (app.granting("*", &[CREATE]).without("name"), None),
            (app.granting("*", &[CREATE]).name("  Grace\tHopper \n"), Some("Grace Hopper")),
            (app.granting("*", &[CREATE]).claim("name", Value::Null), None),
            (app.granting("*", &[CREATE]).claim("name", json!(["Ada"])), None),
            (app.granting("*", &[CREATE]).claim("name", json!({"given": "Ada"})), None),
            (app.granting("*", &[CREATE]).name("\u{200b}\u{3164}\u{2800}"), None),
            (app.granting("*", &[CREATE]).claim("nbf", Value::Null).claim("iat", Value::Null), Some("Ada Admin")),
        ] {
            let receipt = app.create(endpoint).token(token.sign()).send().await.created();
            let row = app.database.request(receipt["reference"].as_str().unwrap()).await;
            assert_eq!(row["creator_name"].as_deref(), expected);
        }
    }
    app.finish().await;
});
