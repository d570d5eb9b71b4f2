//! Numbers: what is counted, and what never is in a label.

use std::{collections::BTreeSet, time::Duration};

use reqwest::Method;
use serde_json::json;
use support_requests::{auth::TokenFault, diagnostics::http::Trust, domain::context::Attachment, http::problem::TABLE};

use crate::{
    harness::*,
    http_platform::{Act, FakePlatform, says},
    support::scrape::Scrape,
};

async fn scrape(app: &App) -> Scrape {
    let answer = app.get("/metrics").send().await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")));
    assert_eq!(answer.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    Scrape::parse(&answer.text())
}

/// Waits for what comes a moment after an answer.
async fn until(app: &App, series: &str, value: i64) {
    while scrape(app).await.count(series) != value {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

on_both_databases!(every_call_is_counted_by_route_status_and_code, async |database| {
    let app = App::start(database).await;
    let before = scrape(&app).await;
    for (endpoint, route) in Endpoint::BOTH.into_iter().zip(["tenant", "operation_run"]) {
        app.create(endpoint).send().await.created();
        app.create(endpoint).send().await.created();
        app.create(endpoint).token("garbage").send().await.is(401, "invalid_token");
        app.create(endpoint).field("summary", json!("")).send().await.is(422, "invalid_fields");
        app.create(endpoint).method(Method::PUT).send().await.is(405, "method_not_allowed");
        let asked = app.create(endpoint).method(Method::OPTIONS).send().await;
        assert!(asked.status >= 400, "what a browser asks before a call is none: {}", asked.status);
        app.get("/nowhere").method(Method::POST).send().await.is(404, "not_found");
        let grown = scrape(&app).await.grown(&before);
        let counted = |status: u16, code: &str| {
            let series =
                format!("support_requests_creates_total{{route=\"{route}\",status=\"{status}\",code=\"{code}\"}}");
            grown.get(&series).copied().unwrap_or_default()
        };
        assert_eq!([counted(201, "none"), counted(401, "invalid_token"), counted(422, "invalid_fields")], [2, 1, 1]);
        assert_eq!(counted(405, "method_not_allowed"), 1, "{grown:?}");
        assert_eq!(counted(404, "not_found"), 0, "no call of this route");
    }
    let grown = scrape(&app).await.grown(&before);
    let calls: i64 =
        grown.iter().filter(|(series, _)| series.starts_with("support_requests_creates_total")).map(|(_, by)| by).sum();
    assert_eq!(calls, 10, "{grown:?}");
    assert_eq!(grown["support_requests_create_duration_seconds_count{outcome=\"stored\"}"], 4);
    assert_eq!(grown["support_requests_create_duration_seconds_count{outcome=\"refused\"}"], 6);
    app.finish().await;
});

on_both_databases!(each_stage_of_a_request_is_measured_and_what_came_of_it_counted, async |database| {
    let app = App::start(database).await;
    let before = scrape(&app).await;
    app.create(Endpoint::Run)
        .field("summary", json!("password=hunter2hunter2 and password=swordfish99"))
        .send()
        .await
        .created();
    app.create(Endpoint::Tenant).field("include_diagnostics", json!(false)).send().await.created();
    app.create(Endpoint::Tenant).path(Endpoint::Tenant.path("acme", "nobody", "")).send().await.is(404, "not_found");
    let after = scrape(&app).await;
    let grown = after.grown(&before);
    for (series, by) in [
        ("support_requests_token_duration_seconds_count", 3),
        ("support_requests_provider_duration_seconds_count", 3),
        ("support_requests_provider_answers_total{outcome=\"known\"}", 2),
        ("support_requests_provider_answers_total{outcome=\"unknown\"}", 1),
        ("support_requests_redaction_duration_seconds_count", 2),
        ("support_requests_redactions_total{rule=\"password\"}", 2),
        ("support_requests_attachments_total{reason=\"attached\"}", 1),
        ("support_requests_attachments_total{reason=\"not_requested\"}", 1),
        ("support_requests_queue_wait_seconds_count", 2),
        ("support_requests_commit_duration_seconds_count", 2),
        ("support_requests_commit_rows_count", 2),
        ("support_requests_commit_rows_sum", 2),
        ("support_requests_create_duration_seconds_count{outcome=\"stored\"}", 2),
    ] {
        assert_eq!(grown.get(series), Some(&by), "{series}: {grown:?}");
    }
    for (series, value) in [
        ("support_requests_writer_connected", 1),
        ("support_requests_database_takes_writes", 1),
        ("support_requests_writer_read_only", 0),
        ("support_requests_commit_stalled_seconds", 0),
        ("support_requests_queue_bytes", 0),
        ("support_requests_memory_reserved_max_bytes", 134_217_728),
        ("support_requests_ready", 1),
    ] {
        assert!(after.has(series), "{series}");
        if series.ends_with("seconds") {
            assert!(after.seconds(series) <= 0., "{series}");
        } else {
            assert_eq!(after.count(series), value, "{series}");
        }
    }
    for larger in ["process_open_fds", "process_resident_memory_bytes", "support_requests_connections_max"] {
        assert!(after.count(larger) > 1, "{larger}");
    }
    until(&app, "support_requests_memory_reserved_bytes", 0).await;
    app.service.draining.begin();
    until(&app, "support_requests_ready", 0).await;
    app.finish().await;
});

on_both_databases!(refused_tokens_are_counted_by_a_reason_of_a_closed_list, async |database| {
    let app = App::start(database).await;
    let before = scrape(&app).await;
    let expired = app.token_of(&app.granting("*", &[CREATE]).expires_in(-60));
    let create = || app.create(Endpoint::Tenant);
    create().no_token().send().await.is(401, "missing_token");
    create().token("a.b.c").send().await.is(401, "invalid_token");
    create().token(&expired).send().await.is(401, "invalid_token");
    let asking = RawRequest::new("POST", Endpoint::Tenant.home()).bearer(&expired).json();
    asking.header("expect", "100-continue").body("{}").send(&app).await.is(401, "invalid_token");
    create().no_token().header("authorization", "Bearer").send().await.is(401, "invalid_token");
    create().send().await.created();
    let grown = scrape(&app).await.grown(&before);
    let refused = |reason: &str| grown.get(&format!("support_requests_refused_tokens_total{{reason=\"{reason}\"}}"));
    for (reason, times) in [("missing", 1), ("not_base64url", 1), ("expired", 2), ("malformed_authorization", 1)] {
        assert_eq!(refused(reason), Some(&times), "{reason}: {grown:?}");
    }
    app.finish().await;
});

on_both_databases!(no_label_has_anything_of_a_caller_or_of_a_tenant, async |database| {
    let app = App::logged().start(database).await;
    let before = scrape(&app).await;
    let (canary, trace) = ("labelcanary7q".to_owned(), "4bf92f3577b34da6a3ce929d0e0e4736");
    for endpoint in Endpoint::BOTH {
        let who = app.granting(&canary, &[CREATE, VIEW]).claim("sub", json!(canary)).claim("name", json!(canary));
        let call = || {
            let call = app.create(endpoint).token(app.token_of(&who)).header("x-request-id", canary.clone());
            call.header("traceparent", format!("00-{trace}-00f067aa0ba902b7-01")).header("user-agent", canary.clone())
        };
        // Everywhere that a caller can write: of a tenant that there is not, and of one that there is.
        call().path(endpoint.path("acme", &canary, &canary)).send().await.is(404, "not_found");
        call().path(format!("/{canary}?{canary}={canary}")).send().await.is(404, "not_found");
        let known = app.granting("*", &[CREATE, VIEW]).claim("sub", json!(canary)).claim("name", json!(canary));
        let mut report = app.report();
        report["summary"] = json!(format!("{canary}, password={canary}"));
        call().token(app.token_of(&known)).body(&report).send().await.created();
        report[canary.as_str()] = json!(canary);
        call().token(app.token_of(&known)).body(&report).send().await.is(422, "invalid_fields");
    }
    let answer = app.get("/metrics").send().await;
    let after = Scrape::parse(&answer.text());
    assert!(!after.grown(&before).is_empty(), "the control: something was counted");
    for told in [canary.as_str(), trace, "contoso", "acme", "run-1042", "@"] {
        assert!(!answer.text().contains(told), "{told} is in a scrape");
    }
    // No series came up, but for rules that took something; and every label is one of the closed lists.
    let came_up: Vec<_> = after.series().difference(&before.series()).cloned().collect();
    assert!(came_up.iter().all(|series| series.starts_with("support_requests_redactions_total")), "{came_up:?}");
    for (label, values) in after.labels() {
        let known = closed_list(&label);
        assert!(values.is_subset(&known), "{label} has {:?}", values.difference(&known));
    }
    app.finish().await;
});

/// Every value that a label may have.
fn closed_list(label: &str) -> BTreeSet<String> {
    let list = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
    match label {
        "version" => list(&[env!("CARGO_PKG_VERSION")]),
        "route" => list(&["tenant", "operation_run"]),
        "status" => TABLE.iter().map(|row| row.status.to_string()).chain(["201".to_owned()]).collect(),
        "code" => TABLE.iter().map(|row| row.code.to_owned()).chain(["none".to_owned()]).collect(),
        "outcome" => {
            list(&["stored", "refused", "failed", "known", "unusable", "unknown", "timed_out", "panicked", "no_memory"])
        }
        "reason" => {
            let tokens = TokenFault::KINDS.map(TokenFault::reason);
            let others = ["missing", "several_headers", "malformed_authorization"];
            list(&[&tokens[..], &others, &Attachment::ALL.map(Attachment::reason)].concat())
        }
        "rule" => redaction::Redactor::builtin().rules().into_iter().map(|rule| rule.id).collect(),
        "le" => list(&[
            "+Inf", "2.5e-05", "5e-05", "0.0001", "0.00025", "0.0005", "0.001", "0.0025", "0.005", "0.01", "0.025",
            "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10", "2", "4", "8", "16", "32", "64", "128", "256",
        ]),
        other => panic!("there is a label that no list is known of: {other}"),
    }
}

on_both_databases!(how_the_circuit_stands_can_be_read, async |database| {
    let platform = FakePlatform::start().await;
    let (builder, _) = platform.app(Trust::default(), Duration::from_mins(5));
    let app = builder.start(database).await;
    let state = async |state: &str| {
        scrape(&app).await.count(&format!("support_requests_provider_circuit{{state=\"{state}\"}}"))
    };
    assert_eq!((state("closed").await, state("open").await, state("half_open").await), (1, 0, 0));
    platform.acts(says(500, "{}"));
    for _ in 0..5 {
        app.create(Endpoint::Tenant).send().await.is(503, "context_unavailable");
    }
    assert_eq!((state("closed").await, state("open").await), (0, 1));
    assert_eq!(scrape(&app).await.count("support_requests_provider_answers_total{outcome=\"failed\"}"), 5);
    platform.acts(Act::Usual);
    app.finish().await;
});

on_both_databases!(a_provider_without_a_circuit_has_no_state_and_a_panic_of_it_is_counted, async |database| {
    let app = App::start(database).await;
    app.world.references_of("contoso", Told::Panics);
    app.create(Endpoint::Tenant).send().await.is(503, "context_unavailable");
    let scrape = scrape(&app).await;
    assert_eq!(scrape.count("support_requests_provider_answers_total{outcome=\"panicked\"}"), 1);
    assert!(!scrape.has("support_requests_provider_circuit{state=\"closed\"}"));
    app.finish().await;
});
