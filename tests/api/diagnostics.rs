//! The diagnostic snapshot: every mode and reason, and what a platform may do without costing anybody their request.

use std::time::Duration;

use serde_json::{Value, json};
use support_requests::domain::{bundle::BUNDLE_MAX_BYTES, context::Attachment};

use crate::harness::*;

/// The stored context of a receipt.
async fn context(app: &App, receipt: &Value) -> Value {
    let row = app.database.request(receipt["reference"].as_str().unwrap()).await;
    assert_eq!(row["attachment_mode"].as_deref(), receipt["attachment"]["mode"].as_str());
    assert_eq!(row["attachment_reason"].as_deref(), receipt["attachment"]["reason"].as_str());
    let context: Value = serde_json::from_str(row["context"].as_deref().unwrap()).unwrap();
    assert_eq!(context["attachment"], receipt["attachment"]);
    assert_eq!(context.get("diagnostics").is_some(), receipt["attachment"]["reason"] == "attached");
    context
}

/// Sends a good request and holds its receipt to this attachment.
async fn expect(app: &App, endpoint: Endpoint, expected: Attachment) -> Value {
    let receipt = app.create(endpoint).send().await.created();
    assert_eq!(receipt["attachment"], json!({"mode": expected.mode(), "reason": expected.reason()}));
    context(app, &receipt).await
}

on_both_databases!(every_mode_and_reason_is_answered_and_stored, async |database| {
    let app = App::build().provider_timeout(Duration::from_millis(200)).start(database).await;
    for endpoint in Endpoint::BOTH {
        let told = [
            (Told::Usual, Attachment::Attached),
            (Told::Nothing, Attachment::NoDiagnostics),
            (Told::Fails, Attachment::DiagnosticsUnavailable),
            (Told::Never, Attachment::DiagnosticsUnavailable),
            (Told::Says(json!({"schema_version": 2})), Attachment::DiagnosticsRejected),
            (Told::Unusable("torn in two"), Attachment::DiagnosticsRejected),
        ];
        for (told, expected) in told {
            app.world.bundles(told);
            expect(&app, endpoint, expected).await;
        }
        app.world.bundles(Told::Usual);
        let receipt = app.create(endpoint).field("include_diagnostics", json!(false)).send().await.created();
        assert_eq!(receipt["attachment"]["reason"], "not_requested");
        context(&app, &receipt).await;
        let token = app.token_of(&app.granting("*", &[CREATE]));
        let receipt = app.create(endpoint).token(token).send().await.created();
        assert_eq!(receipt["attachment"]["reason"], "capability_missing");
        context(&app, &receipt).await;
    }
    app.finish().await;
});

on_both_databases!(the_bundle_is_asked_for_only_on_behalf_of_who_may_see_it_and_wants_it, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        let asked = app.world.asked_bundles();
        for wish in [json!(true), json!(false), Value::Null] {
            let token = app.token_of(&app.granting("contoso", &[CREATE]).tenant("fabrikam", &[CREATE, VIEW]));
            let call = app.create(endpoint).token(token).field("include_diagnostics", wish);
            assert_eq!(call.send().await.created()["attachment"]["reason"], "capability_missing");
        }
        app.create(endpoint).field("include_diagnostics", json!(false)).send().await.created();
        app.create(endpoint).path(endpoint.path("acme", "northwind", "run-1042")).send().await.is(404, "not_found");
        assert_eq!(app.world.asked_bundles(), asked, "the bundle was pulled for somebody who may not see it");
        // The positive controls: wanted by default, by null, and in so many words.
        for (more, wish) in [json!(true), Value::Null].into_iter().enumerate() {
            app.create(endpoint).field("include_diagnostics", wish).send().await.created();
            assert_eq!(app.world.asked_bundles(), asked + more + 1);
        }
    }
    app.finish().await;
});

on_both_databases!(where_existence_is_unproven_nothing_is_stored, async |database| {
    let app = App::build().provider_timeout(Duration::from_millis(200)).start(database).await;
    for endpoint in Endpoint::BOTH {
        let elsewhere = [
            json!({"tenant": {"id": "fabrikam"}}),
            json!({"workspace": {"id": "globex"}, "tenant": {"id": "contoso"}}),
            json!({"tenant": {"id": "Contoso"}}),
            json!({"workspace": 7, "tenant": {"id": "fabrikam"}}),
            json!({"tenant": {"id": "fabrikam", "name": 7}, "provider_connection": []}),
        ];
        let mut told = vec![Told::Fails, Told::Never, Told::Panics];
        told.extend(elsewhere.into_iter().map(Told::Says));
        if endpoint == Endpoint::Run {
            told.push(Told::Says(json!({"operation_run": {"id": "run-2001"}})));
        }
        for told in told {
            app.world.references(told.clone());
            let answer = app.create(endpoint).send().await;
            assert_eq!((answer.status, answer.code().as_str()), (503, "context_unavailable"), "{told:?}");
            let origin = app.log_lines_with("the scripted platform about contoso");
            assert!(origin.iter().any(|line| line.contains("not stored")), "the log does not say whose answer it was");
            assert!(answer.header("retry-after").unwrap().parse::<u32>().unwrap() > 0);
            app.assert_nothing_new().await;
        }
        app.world.references(Told::Usual);
        app.create(endpoint).send().await.created();
    }
    app.finish().await;
});

/// Bundles that do not fit, each by one thing.
fn misfits() -> Vec<Value> {
    let mut misfits = vec![json!([]), json!("text"), json!(1), json!(null), json!({})];
    for (pointer, value) in [
        ("/schema_version", json!("1")),
        ("/schema_version", json!(1.5)),
        ("/generated_at", json!("yesterday")),
        ("/generated_at", json!(1_700_000_000)),
        ("/headline", json!(["x"])),
        ("/sections", json!("x")),
        ("/sections/0", json!(1)),
        ("/sections/0/title", json!({})),
        ("/sections/0/facts/0", json!("x")),
        ("/sections/0/facts/0/value", json!({"nested": 1})),
        ("/sections/0/facts/0/value", json!([1])),
        ("/sections/0/references/0/id", json!(5)),
        ("/notes/0", json!({"text": "x"})),
        ("/omissions/0/reason", json!(false)),
        ("/headline", json!("x".repeat(BUNDLE_MAX_BYTES))),
    ] {
        let mut misfit = bundle();
        *misfit.pointer_mut(pointer).unwrap() = value;
        misfits.push(misfit);
    }
    let mut undeclared = bundle();
    undeclared["raw"] = json!("x".repeat(BUNDLE_MAX_BYTES));
    misfits.push(undeclared);
    misfits
}

on_both_databases!(a_bundle_that_does_not_fit_is_rejected_whole_and_the_request_is_stored, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        for misfit in misfits() {
            app.world.bundles(Told::Says(misfit));
            let context = expect(&app, endpoint, Attachment::DiagnosticsRejected).await;
            assert_eq!(context["references"]["tenant"]["id"], "contoso");
        }
        app.world.bundles(Told::Usual);
        expect(&app, endpoint, Attachment::Attached).await;
    }
    app.finish().await;
});

on_both_databases!(a_bundle_of_exactly_256_kib_is_attached, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        let mut largest = bundle();
        let rest = serde_json::to_vec(&largest).unwrap().len() - largest["headline"].as_str().unwrap().len();
        largest["headline"] = json!("word ".repeat(BUNDLE_MAX_BYTES)[..BUNDLE_MAX_BYTES - rest]);
        assert_eq!(serde_json::to_vec(&largest).unwrap().len(), BUNDLE_MAX_BYTES);
        app.world.bundles(Told::Says(largest.clone()));
        assert_eq!(expect(&app, endpoint, Attachment::Attached).await["diagnostics"], largest);
    }
    app.finish().await;
});

on_both_databases!(what_the_schema_does_not_declare_is_counted_and_never_stored, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        let canary = app.canary("undeclared");
        let mut wild = bundle();
        wild["raw"] = json!({"deep": {"deeper": canary}});
        wild[canary.as_str()] = json!(1);
        wild["sections"][0]["vendor_blob"] = json!(canary);
        wild["sections"][0]["facts"][0]["unit"] = json!(canary);
        wild["sections"][0]["references"][0]["href"] = json!(canary);
        wild["omissions"][0]["stack"] = json!([canary]);
        app.world.bundles(Told::Says(wild));
        app.world.references(Told::Says(json!({
            "workspace": {"id": "acme", "owner": canary}, "tenant": {"id": "contoso", "tags": [canary]}, "x": canary,
        })));
        let context = expect(&app, endpoint, Attachment::Attached).await;
        assert_eq!(context["redaction"]["dropped_keys"], 6 + 3);
        assert_eq!(context["diagnostics"], bundle());
        assert!(!app.database.everything().await.contains(&canary), "something undeclared was stored");
    }
    app.finish().await;
});

on_both_databases!(a_platform_that_hangs_for_many_holds_up_nobody_else, async |database| {
    let app = App::build().provider_timeout(Duration::from_mins(1)).start(database).await;
    app.world.references_of("fabrikam", Told::Waits);
    let waiting = |index: usize| {
        let endpoint = Endpoint::BOTH[index % 2];
        app.create(endpoint).path(endpoint.path("acme", "fabrikam", "run-2001")).send()
    };
    let others = async {
        app.world.until_asked(60).await;
        for endpoint in Endpoint::BOTH {
            app.create(endpoint).send().await.created();
        }
        assert_eq!(app.get("/readyz").send().await.status, 200);
        if let Database::Postgres(database) = &app.database {
            let sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = $1";
            let query = sqlx::query_scalar::<_, i64>(sql).bind(crate::support::postgres::RUNTIME_ROLE);
            let held = query.fetch_one(&mut database.superuser().await).await.unwrap();
            assert!(held <= 3, "{held} connections: the writer's and two for reading are all there should be");
        }
        app.world.open_gate();
    };
    let (answers, ()) = tokio::join!(futures_util::future::join_all((0..60).map(waiting)), others);
    for answer in answers {
        answer.created();
    }
    assert_eq!(app.database.counts().await, Counts::of(62));
    app.finish().await;
});
