//! The examples of the document: each is sent, or provoked, and what is answered is the example but for ids, times and
//! digests.

use std::{collections::BTreeSet, time::Duration};

use serde_json::{Value, json};
use support_requests::{budget::Budget, http::openapi};

use crate::{
    harness::*,
    support::database::{Owner, tell},
};

const ORIGIN: &str = "https://admin.example";

/// Problems that a call alone provokes.
const BY_A_CALL: [&str; 13] = [
    "bad_request",
    "malformed_json",
    "missing_token",
    "invalid_token",
    "missing_capability",
    "not_found",
    "method_not_allowed",
    "body_too_large",
    "unsupported_media_type",
    "invalid_fields",
    "too_many_requests",
    "context_unavailable",
    "not_ready",
];
/// Problems that it takes a busy or broken service to provoke.
const BY_CIRCUMSTANCE: [&str; 5] =
    ["request_timeout", "overloaded", "internal_error", "storage_unavailable", "outcome_unknown"];

fn document() -> Value {
    serde_json::from_str(openapi::json()).unwrap()
}

/// The published problem of a code, wherever it stands.
fn problem(code: &str) -> Value {
    let document = document();
    let responses = document["components"]["responses"].as_object().unwrap().values();
    let mut found = responses
        .filter_map(|response| response["content"]["application/problem+json"]["examples"][code].get("value").cloned());
    found.next().unwrap_or_else(|| panic!("{code} has no example"))
}

/// Holds a refusal to the example of its code.
#[track_caller]
fn assert_as_in_the_example(answer: &Answer, code: &str) {
    let mut expected = problem(code);
    expected["request_id"] = json!(answer.request_id());
    assert_eq!(
        (answer.status, answer.json()),
        (u16::try_from(expected["status"].as_u64().unwrap()).unwrap(), expected)
    );
}

#[test]
fn every_problem_of_the_document_is_provoked_here() {
    let document = document();
    let responses = document["components"]["responses"].as_object().unwrap().values();
    let published: BTreeSet<String> = responses
        .flat_map(|response| response["content"]["application/problem+json"]["examples"].as_object().unwrap().keys())
        .cloned()
        .collect();
    let provoked: BTreeSet<String> = BY_A_CALL.iter().chain(&BY_CIRCUMSTANCE).map(ToString::to_string).collect();
    assert_eq!(provoked, published);
}

on_both_databases!(each_example_of_a_request_gets_the_example_of_its_answer, async |database| {
    let app = App::start(database).await;
    let document = document();
    for endpoint in Endpoint::BOTH {
        let operation = &document["paths"][endpoint.template()]["post"];
        let requests = operation["requestBody"]["content"]["application/json"]["examples"].as_object().unwrap();
        let receipts = operation["responses"]["201"]["content"]["application/json"]["examples"].as_object().unwrap();
        assert_eq!(receipts.len(), 7);
        let body_of = |receipt: &str| {
            &requests[match receipt {
                "with_a_secret" => "with_a_secret",
                "not_requested" => "without_diagnostics",
                _ => "smallest",
            }]["value"]
        };
        for (name, receipt) in receipts {
            app.world.bundles(match name.as_str() {
                "no_diagnostics" => Told::Nothing,
                "diagnostics_unavailable" => Told::Fails,
                "diagnostics_rejected" => Told::Says(json!([])),
                _ => Told::Usual,
            });
            let capabilities: &[&str] = if name == "capability_missing" { &[CREATE] } else { &[CREATE, VIEW] };
            let call = app.create(endpoint).token(app.token_of(&app.granting("*", capabilities)));
            let mut answered = call.body(body_of(name)).send().await.created();
            for made_here in ["reference", "created_at", "record_digest"] {
                answered[made_here] = receipt["value"][made_here].clone();
            }
            assert_eq!(answered, receipt["value"], "{endpoint:?}: {name}");
        }
        app.world.bundles(Told::Usual);
        for request in requests.values() {
            let receipt = app.create(endpoint).body(&request["value"]).send().await.created();
            assert_eq!(receipt["severity"], *request["value"].get("severity").unwrap_or(&json!("normal")));
        }
    }
    app.finish().await;
});

/// The answer of a code in `BY_A_CALL`.
async fn provoked(app: &App, endpoint: Endpoint, code: &str) -> Answer {
    let call = || app.create(endpoint);
    let of = |capabilities: &[&str]| app.granting("*", capabilities);
    let call = match code {
        "bad_request" => {
            let preflight = app.get(&endpoint.home()).method(reqwest::Method::OPTIONS);
            preflight.header("origin", "https://elsewhere.example").header("access-control-request-method", "POST")
        }
        "malformed_json" => call().bytes(b"\xff".as_slice()),
        "missing_token" => call().no_token(),
        "invalid_token" => call().token(app.token_of(&of(&[CREATE]).expires_in(-3600))),
        "missing_capability" => call().token(app.token_of(&of(&[VIEW]))),
        "not_found" => call().path(endpoint.path("acme", "northwind", "run-1042")),
        "method_not_allowed" => call().method(reqwest::Method::PUT),
        "body_too_large" => call().bytes(" ".repeat(131_073)),
        "unsupported_media_type" => call().header("content-type", "text/plain"),
        "invalid_fields" => call().body(&json!({})),
        "too_many_requests" => {
            let busy = app.token_of(&of(&[CREATE]).subject(&format!("busy-{endpoint:?}")));
            call().token(&busy).body(&json!({})).send().await.is(422, "invalid_fields");
            call().token(busy)
        }
        "context_unavailable" => call().path(endpoint.path("acme", "stuck", "run-1042")),
        "not_ready" => {
            app.service.draining.begin();
            app.get("/readyz")
        }
        unknown => panic!("{unknown} is in another list"),
    };
    call.send().await
}

on_both_databases!(each_problem_that_a_call_provokes_is_the_example_of_its_code, async |database| {
    let app = App::build().cors(&[ORIGIN]).start(database).await;
    app.world.references_of("stuck", Told::Fails);
    for endpoint in Endpoint::BOTH {
        // The positive control.
        app.create(endpoint).send().await.created();
        for code in BY_A_CALL.iter().filter(|code| **code != "too_many_requests") {
            assert_as_in_the_example(&provoked(&app, endpoint, code).await, code);
            app.assert_nothing_new().await;
        }
    }
    app.finish().await;
});

on_both_databases!(the_problem_of_who_asks_too_often_is_the_example_of_its_code, async |database| {
    let app = App::build().rate("1/h").start(database).await;
    for endpoint in Endpoint::BOTH {
        let code = "too_many_requests";
        assert_as_in_the_example(&provoked(&app, endpoint, code).await, code);
    }
    app.assert_nothing_new().await;
    app.finish().await;
});

on_both_databases!(the_problem_of_who_is_too_slow_is_the_example_of_its_code, async |database| {
    let app = App::build().request_timeout(Duration::from_millis(300)).start(database).await;
    for endpoint in Endpoint::BOTH {
        let slow = RawRequest::new("POST", endpoint.home()).bearer(&app.token()).json().header("Content-Length", "9");
        let mut connection = Connection::open(&app).await;
        connection.write(&slow.head()).await;
        assert_as_in_the_example(&connection.answer().await.unwrap(), "request_timeout");
    }
    app.assert_nothing_new().await;
    app.finish().await;
});

on_both_databases!(the_problem_of_a_busy_service_is_the_example_of_its_code, async |database| {
    let budget = Budget::new(1024 * 1024);
    let app = App::build().budget(budget.clone()).start(database).await;
    for endpoint in Endpoint::BOTH {
        let all = budget.reserve(usize::MAX).await.unwrap();
        assert_as_in_the_example(&app.create(endpoint).send().await, "overloaded");
        drop(all);
        app.create(endpoint).send().await.created();
    }
    app.finish().await;
});

/// What makes the database refuse rows of severity `low`, and no other.
fn refuses_low(kind: Kind) -> &'static str {
    match kind {
        Kind::Sqlite => {
            "CREATE TRIGGER broken BEFORE INSERT ON support_requests WHEN new.severity = 'low' \
             BEGIN SELECT raise(ABORT, 'broken on purpose'); END"
        }
        Kind::Postgres => "ALTER TABLE support_requests ADD CONSTRAINT broken CHECK (severity <> 'low')",
    }
}

on_both_databases!(the_problem_of_a_row_that_the_database_refuses_is_the_example_of_its_code, async |database| {
    let app = App::start(database).await;
    let mut owner = app.database.owner().await;
    owner.execute(refuses_low(app.database.kind())).await.unwrap();
    for endpoint in Endpoint::BOTH {
        let answer = app.create(endpoint).field("severity", json!("low")).send().await;
        assert_as_in_the_example(&answer, "internal_error");
        app.assert_nothing_new().await;
        app.create(endpoint).send().await.created();
    }
    Owner::close(owner).await;
    app.finish().await;
});

on_both_databases!(the_problem_of_a_database_that_takes_nothing_is_the_example_of_its_code, async |database| {
    let app = App::start(database).await;
    let (take, give) = match app.database.kind() {
        Kind::Sqlite => ("BEGIN IMMEDIATE", "ROLLBACK"),
        Kind::Postgres => (
            "REVOKE INSERT ON support_requests FROM support_requests_app",
            "GRANT INSERT ON support_requests TO support_requests_app",
        ),
    };
    for endpoint in Endpoint::BOTH {
        let mut owner = app.database.owner().await;
        owner.execute(take).await.unwrap();
        assert_as_in_the_example(&app.create(endpoint).send().await, "storage_unavailable");
        owner.execute(give).await.unwrap();
        Owner::close(owner).await;
        app.assert_nothing_new().await;
    }
    app.finish().await;
});

/// Only PostgreSQL's commit can break so that nobody knows: SQLite's is in this process.
#[test]
fn the_problem_of_a_commit_that_breaks_is_the_example_of_its_code() {
    tell(Kind::Postgres, async |database| {
        let app = App::start(database).await;
        let mut owner = app.database.owner().await;
        let sql = "CREATE FUNCTION breaks() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER breaks AFTER INSERT ON support_requests DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION breaks()";
        owner.execute(sql).await.unwrap();
        for endpoint in Endpoint::BOTH {
            assert_as_in_the_example(&app.create(endpoint).send().await, "outcome_unknown");
        }
        Owner::close(owner).await;
        app.assert_nothing_new().await;
        app.finish().await;
    });
}
