//! A platform that has proven that a scope exists, and says something about it that cannot be used: its facts are lost, and
//! nothing else.

use serde_json::{Value, json};

use crate::harness::*;

/// The stored context of a receipt.
async fn context(app: &App, receipt: &Value) -> Value {
    let row = app.database.request(receipt["reference"].as_str().unwrap()).await;
    serde_json::from_str(row["context"].as_deref().unwrap()).unwrap()
}

/// What is known from the path alone.
fn ids(endpoint: Endpoint) -> Value {
    match endpoint {
        Endpoint::Tenant => json!({"workspace": {"id": "acme"}, "tenant": {"id": "contoso"}}),
        Endpoint::Run => {
            json!({"workspace": {"id": "acme"}, "tenant": {"id": "contoso"}, "operation_run": {"id": "run-1042"}})
        }
    }
}

/// Answers about the right scope in a wrong shape, and what the log says of each.
fn misfits(canary: &str, endpoint: Endpoint) -> Vec<(Value, &'static str)> {
    let mut misfits = vec![
        (json!(null), "an object was declared"),
        (json!([canary]), "an object was declared"),
        (json!(canary), "an object was declared"),
        (json!(7), "an object was declared"),
        (json!({"tenant": canary}), "an object was declared"),
        (json!({"workspace": [canary]}), "an object was declared"),
        (json!({"tenant": {"id": "contoso", "name": {"first": canary}}}), "a text was declared"),
        (json!({"tenant": {"id": 7, "name": canary}}), "a text was declared"),
        (json!({"workspace": {"id": "acme", "name": canary}, "provider_connection": false}), "an object was declared"),
        (json!({"provider_connection": {"id": "pc-17", "state": [canary]}}), "a text was declared"),
    ];
    if endpoint == Endpoint::Run {
        misfits
            .push((json!({"operation_run": {"id": "run-1042", "type": canary, "status": 3}}), "a text was declared"));
        misfits.push((json!({"operation_run": canary}), "an object was declared"));
    }
    misfits
}

on_both_databases!(facts_of_a_wrong_shape_are_lost_and_the_request_is_not, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        let canary = app.canary("fact");
        for (misfit, fault) in misfits(&canary, endpoint) {
            app.world.references(Told::Says(misfit.clone()));
            let told =
                || app.log_lines_with(fault).into_iter().filter(|line| line.contains("the scripted platform")).count();
            let before = told();
            let receipt = app.create(endpoint).send().await.created();
            let rejected = json!({"mode": "canonical_context_only", "reason": "diagnostics_rejected"});
            assert_eq!(receipt["attachment"], rejected, "{misfit}");
            let context = context(&app, &receipt).await;
            assert_eq!((&context["references"], context.get("diagnostics")), (&ids(endpoint), None), "{misfit}");
            assert_eq!(context["redaction"]["dropped_keys"], 0);
            assert!(told() > before, "{misfit}: the log says nothing");
        }
        app.world.references(Told::Usual);
        let receipt = app.create(endpoint).send().await.created();
        assert_eq!(receipt["attachment"]["reason"], "attached");
        assert_eq!(context(&app, &receipt).await["references"]["tenant"]["name"], "A tenant");
        assert!(!app.database.everything().await.contains(&canary), "something unusable was stored");
    }
    app.finish().await;
});

on_both_databases!(a_provider_can_say_that_a_scope_exists_and_nothing_about_it_can_be_used, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        app.world.references(Told::Unusable("its page is torn"));
        let without_view = app.token_of(&app.granting("*", &[CREATE]));
        let calls = [
            (app.create(endpoint), "diagnostics_rejected"),
            (app.create(endpoint).field("include_diagnostics", json!(false)), "not_requested"),
            (app.create(endpoint).token(without_view), "capability_missing"),
        ];
        for (call, reason) in calls {
            let receipt = call.send().await.created();
            assert_eq!(receipt["attachment"]["reason"], reason);
            assert_eq!(context(&app, &receipt).await["references"], ids(endpoint));
        }
        assert_eq!(
            app.world.asked_bundles(),
            usize::from(endpoint == Endpoint::Run),
            "the control of the other endpoint"
        );
        app.world.references(Told::Usual);
        app.create(endpoint).send().await.created();
    }
    let said = app.log_lines_with("its page is torn");
    assert!(
        said.len() >= 6 && said.iter().all(|line| line.contains("the scripted platform about contoso")),
        "{said:?}"
    );
    app.finish().await;
});
