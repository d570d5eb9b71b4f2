//! The published document, and the service held to it.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use support_requests::http::openapi;

use crate::{
    harness::*,
    schema::{faults, resolve},
};

fn document() -> Value {
    serde_json::from_str(openapi::json()).unwrap()
}

/// Every operation: method, path, and what the document says of it.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().unwrap();
    let each = |(path, item): (&String, &Value)| -> Vec<_> {
        item.as_object().unwrap().iter().map(|(method, said)| (method.clone(), path.clone(), said.clone())).collect()
    };
    paths.iter().flat_map(each).collect()
}

/// Calls `look` with every object in `value`.
fn walk(value: &Value, look: &mut impl FnMut(&serde_json::Map<String, Value>)) {
    match value {
        Value::Object(members) => {
            look(members);
            members.values().for_each(|member| walk(member, look));
        }
        Value::Array(items) => items.iter().for_each(|item| walk(item, look)),
        _ => {}
    }
}

#[test]
fn the_committed_documents_are_those_that_the_code_makes() {
    for (name, made, oas) in
        [("support-requests", openapi::json(), "3.1"), ("support-requests-3.0", openapi::json_3_0(), "3.0")]
    {
        let committed = std::fs::read_to_string(format!("{}/openapi/{name}.json", env!("CARGO_MANIFEST_DIR")));
        let committed = committed.unwrap_or_else(|_| panic!("openapi/{name}.json is not committed"));
        assert!(
            committed == made,
            "it is stale; make it again: cargo run -- openapi --oas {oas} > openapi/{name}.json"
        );
    }
}

#[test]
fn every_reference_in_the_document_leads_somewhere() {
    let document = document();
    let mut references = 0;
    walk(&document, &mut |members| {
        if let Some(reference) = members.get("$ref") {
            references += 1;
            let pointer = reference.as_str().unwrap().strip_prefix('#').expect("references are local");
            assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
        }
    });
    assert!(references > 20, "{references}");
}

#[test]
fn every_operation_has_a_name_a_tag_a_text_and_named_answers() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["servers"], json!([{"url": "/"}]));
    let mut names = BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        let name = operation["operationId"].as_str().unwrap().to_owned();
        assert!(
            name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(|c| c.is_ascii_alphanumeric()),
            "{name}"
        );
        assert!(names.insert(name), "{method} {path}: the name is taken");
        assert_eq!(operation["tags"].as_array().unwrap().len(), 1);
        assert!(
            ["summary", "description"].iter().all(|text| operation[text].as_str().is_some_and(|text| text.len() > 10))
        );
        for (status, answer) in operation["responses"].as_object().unwrap() {
            let is_error = status.as_str() >= "400";
            assert_eq!(is_error, answer["$ref"].is_string(), "{method} {path} {status}: errors are named and shared");
            let schemas = resolve(&document, answer)["content"].as_object().unwrap();
            for (media_type, content) in schemas {
                assert_eq!(is_error, media_type == "application/problem+json");
                assert!(content["schema"]["$ref"].is_string(), "{method} {path} {status}: no inline schema");
            }
        }
    }
}

#[test]
fn the_document_tells_the_retry_rule_and_who_may() {
    for (_, path, operation) in operations(&document()).into_iter().filter(|(method, ..)| method == "post") {
        let text = operation["description"].as_str().unwrap();
        for word in
            ["outcome_unknown", "fresh", "support_requests.create", "support_diagnostics.view", "include_diagnostics"]
        {
            assert!(text.contains(word), "{path} does not speak of {word}");
        }
        assert_eq!(operation["security"], json!([{"bearer": []}]));
    }
}

on_both_databases!(the_fields_of_the_document_are_the_fields_that_are_taken, async |database| {
    let app = App::start(database).await;
    let document = document();
    let input = &document["components"]["schemas"]["SupportRequestInput"];
    assert_eq!(input["required"], json!(["summary"]));
    assert_eq!(input["additionalProperties"], false, "unknown fields are refused");
    for endpoint in Endpoint::BOTH {
        for (name, schema) in input["properties"].as_object().unwrap() {
            let schema = resolve(&document, schema);
            let example = schema
                .get("example")
                .or_else(|| schema["examples"].get(0))
                .unwrap_or_else(|| panic!("{name} has no example"));
            assert_eq!(faults(&document, schema, example), Vec::<String>::new(), "the example of {name}");
            let body = json!({"summary": "x", (name.as_str()): example});
            app.create(endpoint).body(&body).send().await.created();
        }
        // The other way round: whatever the service takes, it names when something unknown is sent.
        let answer = app.create(endpoint).field("unknown", json!(1)).send().await.json();
        let detail = answer["errors"][0]["detail"].as_str().unwrap();
        let (_, listed) = detail.split_once("not one of: ").unwrap();
        let taken: BTreeSet<&str> = listed.trim_end_matches('.').split(", ").collect();
        let published: BTreeSet<&str> = input["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(taken, published);
    }
    app.finish().await;
});

on_both_databases!(the_limits_of_the_document_are_the_limits_that_are_held, async |database| {
    let app = App::start(database).await;
    let document = document();
    for endpoint in Endpoint::BOTH {
        for (name, schema) in
            document["components"]["schemas"]["SupportRequestInput"]["properties"].as_object().unwrap()
        {
            let Some(most) = schema["maxLength"].as_u64().filter(|_| name != "contact_email") else { continue };
            let most = usize::try_from(most).unwrap();
            app.create(endpoint).field(name, json!("y".repeat(most))).send().await.created();
            let answer = app.create(endpoint).field(name, json!("y".repeat(most + 1))).send().await;
            assert_eq!(answer.faults(), [format!("/{name} too_long")]);
        }
    }
    app.finish().await;
});

/// Holds an answer to what the document says about its status and body.
fn assert_as_published(document: &Value, endpoint: Endpoint, answer: &Answer) {
    let answers = &document["paths"][endpoint.template()]["post"]["responses"];
    let published = &answers[answer.status.to_string()];
    assert!(published.is_object(), "{} is not published for {endpoint:?}", answer.status);
    let published = resolve(document, published);
    let media_type = answer.header("content-type").unwrap();
    let schema = &published["content"][media_type]["schema"];
    assert!(schema.is_object(), "{media_type} is not published for {}", answer.status);
    assert_eq!(faults(document, schema, &answer.json()), Vec::<String>::new());
    for header in published["headers"].as_object().into_iter().flatten().map(|(name, _)| name) {
        assert!(answer.header(header).is_some(), "{header} is published for {} and missing", answer.status);
    }
    if answer.status >= 400 {
        let codes = published["content"][media_type]["examples"].as_object().unwrap();
        assert!(codes.contains_key(&answer.code()), "{} is not published for {}", answer.code(), answer.status);
    }
}

on_both_databases!(every_answer_is_as_published, async |database| {
    let app = App::build().request_timeout(std::time::Duration::from_millis(300)).rate("30/h").start(database).await;
    let document = document();
    let secret = format!("{}_{}", "ghp", "16C7e42F292c6912E7710c838347Ae178B4a");
    for endpoint in Endpoint::BOTH {
        let to = |tenant: &str| app.create(endpoint).path(endpoint.path("acme", tenant, "run-1042"));
        app.world.references_of("stuck", Told::Fails);
        let mut seen = BTreeSet::new();
        for call in [
            app.create(endpoint),
            app.create(endpoint).field("summary", json!(secret)),
            app.create(endpoint).token(app.token_of(&app.granting("*", &[CREATE]))),
            app.create(endpoint).no_token(),
            app.create(endpoint).token("garbage"),
            app.create(endpoint).token(app.token_of(&app.granting("*", &[VIEW]))),
            to("northwind"),
            to("stuck"),
            app.create(endpoint).method(reqwest::Method::DELETE),
            app.create(endpoint).header("content-type", "text/plain"),
            app.create(endpoint).bytes(" ".repeat(131_073)),
            app.create(endpoint).bytes("{"),
            app.create(endpoint).body(&json!({"summary": "", "severity": 1, "x": 2})),
        ] {
            let answer = call.send().await;
            seen.insert(answer.status);
            assert_as_published(&document, endpoint, &answer);
        }
        let slow = RawRequest::new("POST", endpoint.home()).bearer(&app.token()).json().header("Content-Length", "9");
        let mut connection = Connection::open(&app).await;
        connection.write(&slow.head()).await;
        let answer = connection.answer().await.unwrap();
        assert_as_published(&document, endpoint, &answer);
        seen.insert(answer.status);
        let busy = app.token_of(&app.granting("*", &[CREATE]).subject(&format!("busy-{endpoint:?}")));
        for _ in 0..=30 {
            let answer = app.create(endpoint).token(&busy).bytes("{").send().await;
            seen.insert(answer.status);
            assert_as_published(&document, endpoint, &answer);
        }
        assert_eq!(seen, BTreeSet::from([201, 400, 401, 403, 404, 405, 408, 413, 415, 422, 429, 503]));
    }
    app.finish().await;
});

on_both_databases!(health_answers_are_as_published, async |database| {
    let app = App::start(database).await;
    let document = document();
    for (path, status) in [("/livez", "200"), ("/readyz", "200"), ("/readyz", "503")] {
        if status == "503" {
            app.service.draining.begin();
        }
        let answer = app.get(path).send().await;
        assert_eq!(answer.status.to_string(), status);
        let published = resolve(&document, &document["paths"][path]["get"]["responses"][status]);
        let schema = &published["content"][answer.header("content-type").unwrap()]["schema"];
        assert_eq!(faults(&document, schema, &answer.json()), Vec::<String>::new());
    }
    app.finish().await;
});

#[test]
fn what_may_be_left_out_has_no_default_and_what_is_answered_may_have_more_later() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let mut arrays = 0;
    for (name, schema) in schemas.iter().filter(|(_, schema)| schema["type"] == "object") {
        let is_sent = name == "SupportRequestInput";
        assert_eq!(schema["additionalProperties"], !is_sent, "{name}");
        for (field, property) in schema["properties"].as_object().unwrap() {
            // Generators make a field with a default mandatory.
            assert_eq!(property.get("default"), None, "{name}/{field}");
            if property["type"] == "array" {
                arrays += 1;
                assert!(property["maxItems"].is_u64(), "{name}/{field} has no bound");
            }
            let is_required = schema["required"].as_array().unwrap().contains(&json!(field));
            assert_eq!(is_required, !is_sent || field == "summary", "{name}/{field}");
        }
    }
    assert_eq!(arrays, 2);
    for (_, path, operation) in operations(&document).into_iter().filter(|(method, ..)| method == "post") {
        let parameters = operation["parameters"].as_array().unwrap();
        let id = parameters.iter().find(|parameter| parameter["name"] == "X-Request-Id").expect("it is described");
        assert_eq!((&id["in"], &id["required"]), (&json!("header"), &json!(false)), "{path}");
    }
}

#[test]
fn the_document_speaks_of_how_tokens_are_verified_of_the_rate_and_of_the_catalogue_of_errors() {
    let document = document();
    let said = |pointer: &str| document.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    assert!(said("/components/securitySchemes/bearer/description").contains("RFC 8725"));
    for word in ["429", "Retry-After", "/docs/errors"] {
        assert!(said("/info/description").contains(word), "{word}");
    }
}
