//! Secrets, through the door: wherever they come in, they are nowhere afterwards.

use serde_json::{Value, json};

use crate::harness::*;

/// Secrets of several kinds, in the words they are pasted in. Assembled here, so that no scanner takes this file for a
/// leak.
fn secrets() -> Vec<(String, String)> {
    let phrase = |before: &str, secret: String, after: &str| (format!("{before}{secret}{after}"), secret);
    vec![
        phrase("it sent 'Authorization: Bearer ", format!("{}.{}", "mF9rXz2", "B5hTq81LpWv0Yd3"), "' and failed"),
        phrase("the password is ", "Tr0ub4dor&3-horse".to_owned(), ", as always"),
        phrase("see https://ada:", "s3cr3t-Pa55w0rd".to_owned(), "@db.example/path"),
        phrase("client_secret=", "9aK~xQ2_vB7nM4pL8wZ1tR6y".to_owned(), " in the file"),
        phrase("key ", format!("{}{}", "AKIA", "Z7Q3M5X2W4V6T8RB"), " was used"),
        phrase("token ", format!("{}_{}", "ghp", "16C7e42F292c6912E7710c838347Ae178B4a"), " was used"),
    ]
}

async fn assert_nowhere(app: &App, secret: &str) {
    app.keep_secret(secret);
    assert!(!app.database.everything().await.contains(secret), "a secret is in the database");
}

on_both_databases!(a_secret_in_any_text_of_the_caller_is_nowhere_afterwards, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        for (text, secret) in secrets() {
            app.keep_secret(&secret);
            for field in ["summary", "reproduction_notes", "contact_name"] {
                let receipt = app.create(endpoint).field(field, json!(text)).send().await.created();
                let row = app.database.request(receipt["reference"].as_str().unwrap()).await;
                let stored = row[field].as_deref().unwrap();
                assert!(stored.contains("[redacted:"), "{field} became {stored:?}");
                let [taken] = receipt["redactions"].as_array().unwrap().as_slice() else {
                    panic!("one thing was taken out: {receipt}")
                };
                let members: Vec<&String> = taken.as_object().unwrap().keys().collect();
                assert_eq!(members, ["count", "pointer", "rule"], "nothing else is said about it");
                assert_eq!((&taken["pointer"], &taken["count"]), (&json!(format!("/{field}")), &json!(1)));
                assert!(stored.contains(&format!("[redacted:{}]", taken["rule"].as_str().unwrap())));
            }
            assert_nowhere(&app, &secret).await;
        }
    }
    app.finish().await;
});

on_both_databases!(a_secret_in_the_callers_name_is_nowhere_afterwards_and_is_not_their_own_text, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        for (text, secret) in secrets() {
            app.keep_secret(&secret);
            let token = app.token_of(&app.granting("*", &[CREATE]).name(&text));
            let receipt = app.create(endpoint).token(token).send().await.created();
            assert_eq!(receipt["redactions"], json!([]));
            let rows = app.database.rows("support_requests").await;
            assert!(
                rows.iter()
                    .filter_map(|row| row["creator_name"].as_deref())
                    .all(|name| name.contains("[redacted:") || name == "Ada Admin")
            );
            assert_nowhere(&app, &secret).await;
        }
    }
    app.finish().await;
});

/// A bundle that says this wherever it may say something.
fn bundle_full_of(text: &str) -> Value {
    let mut said = bundle();
    for pointer in [
        "/headline",
        "/notes/0",
        "/omissions/0/reason",
        "/sections/0/title",
        "/sections/0/status",
        "/sections/0/summary",
        "/sections/0/facts/0/value",
        "/sections/0/facts/0/label",
        "/sections/0/references/0/label",
    ] {
        *said.pointer_mut(pointer).unwrap() = json!(text);
    }
    said
}

on_both_databases!(a_secret_in_what_the_platform_says_is_nowhere_afterwards, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        for (text, secret) in secrets() {
            app.keep_secret(&secret);
            app.world.bundles(Told::Says(bundle_full_of(&text)));
            app.world.references(Told::Says(
                json!({"tenant": {"id": "contoso", "name": text}, "provider_connection": {"id": "pc", "state": text}}),
            ));
            let receipt = app.create(endpoint).send().await.created();
            assert_eq!(receipt["attachment"]["reason"], "attached");
            assert_eq!(receipt["redactions"], json!([]), "the platform's secrets are not the caller's to hear of");
            let row = app.database.request(receipt["reference"].as_str().unwrap()).await;
            let context: Value = serde_json::from_str(row["context"].as_deref().unwrap()).unwrap();
            let pointers: Vec<&str> = context["redaction"]["taken"]
                .as_array()
                .unwrap()
                .iter()
                .map(|taken| taken["pointer"].as_str().unwrap())
                .collect();
            for pointer in ["/context/diagnostics/headline", "/context/references/tenant/name"] {
                assert!(pointers.contains(&pointer), "{pointers:?}");
            }
            assert!(
                pointers.iter().all(|pointer| json!({"context": context}).pointer(pointer).is_some()),
                "{pointers:?}"
            );
            assert_nowhere(&app, &secret).await;
        }
    }
    app.finish().await;
});

on_both_databases!(a_fact_that_is_named_as_a_secret_loses_its_value_whatever_it_is, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        for key in ["client_secret", "api_key", "password", "authorization"] {
            for (index, value) in
                [json!("plainwordcanary"), json!(4_711_081_547_u64), json!("correct horse battery staplecanary")]
                    .into_iter()
                    .enumerate()
            {
                let mut said = bundle();
                let (named, neighbour) =
                    (json!({"key": key, "label": "A fact", "value": value}), json!({"key": "n", "value": 3}));
                said["sections"][0]["facts"] = json!([named, neighbour]);
                app.world.bundles(Told::Says(said));
                let receipt = app.create(endpoint).send().await.created();
                let row = app.database.request(receipt["reference"].as_str().unwrap()).await;
                let context: Value = serde_json::from_str(row["context"].as_deref().unwrap()).unwrap();
                let facts = &context["diagnostics"]["sections"][0]["facts"];
                assert!(
                    facts[0]["value"].as_str().is_some_and(|value| value.starts_with("[redacted:")),
                    "{key} {index}: {facts}"
                );
                assert_eq!(facts[1]["value"], 3, "its neighbour is left alone");
                assert_nowhere(&app, value.as_str().unwrap_or("4711081547")).await;
            }
        }
    }
    app.finish().await;
});

on_both_databases!(the_contact_address_is_kept_and_words_about_secrets_are_too, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        let summary = "contact the author of the password policy";
        let call =
            app.create(endpoint).body(&json!({"summary": summary, "contact_email": "token+secret@acme.example"}));
        let receipt = call.send().await.created();
        let row = app.database.request(receipt["reference"].as_str().unwrap()).await;
        assert_eq!(
            (row["summary"].as_deref(), row["contact_email"].as_deref()),
            (Some(summary), Some("token+secret@acme.example"))
        );
        assert_eq!(receipt["redactions"], json!([]));
    }
    app.finish().await;
});

on_both_databases!(two_secrets_in_one_field_are_counted_by_rule, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        let (first, second) = (
            format!("{}_{}", "ghp", "16C7e42F292c6912E7710c838347Ae178B4a"),
            format!("{}_{}", "ghp", "9fD2b61A7c3E4805aB6d1F7c92E0d4A8b3C5"),
        );
        let receipt = app
            .create(endpoint)
            .field("reproduction_notes", json!(format!("1. {first}\n2. {second}\n")))
            .send()
            .await
            .created();
        let total: u64 =
            receipt["redactions"].as_array().unwrap().iter().map(|taken| taken["count"].as_u64().unwrap()).sum();
        assert_eq!(total, 2, "{receipt}");
        assert_nowhere(&app, &first).await;
        assert_nowhere(&app, &second).await;
    }
    app.finish().await;
});
