//! Who may: every endpoint by every kind of caller.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use support_requests::http::openapi;

use crate::{
    harness::*,
    support::tokens::{FOREIGN, RSA, base64url},
};

/// What a caller gets.
enum Gets {
    /// 201, and this reason for attaching diagnostics or not.
    Created(&'static str),
    /// A status, a code, and how `WWW-Authenticate` goes on after the realm.
    Refused(u16, &'static str, Option<&'static str>),
}

use Gets::{Created, Refused};

/// A caller: who they are, the token that they send, what they get.
type Caller = (&'static str, Option<String>, Gets);

const BAD_TOKEN: Gets = Refused(401, "invalid_token", Some(", error=\"invalid_token\", error_description=\""));
const NOT_FOUND: Gets = Refused(404, "not_found", None);
const FORBIDDEN: Gets =
    Refused(403, "missing_capability", Some(", error=\"insufficient_scope\", scope=\"support_requests.create\""));

/// Callers whose token is not one.
fn strangers(app: &App) -> Vec<Caller> {
    let good = || app.granting("*", &[CREATE, VIEW]);
    let bad = |story, token: String| -> Caller { (story, Some(token), BAD_TOKEN) };
    let mut bad_signature = good().sign();
    bad_signature.truncate(bad_signature.len() - 4);
    bad_signature.push_str("AAAA");
    vec![
        ("nobody", None, Refused(401, "missing_token", Some(""))),
        bad("garbage", "garbage".to_owned()),
        bad("three parts of garbage", "a.b.c".to_owned()),
        bad("expired", good().expires_in(-30).sign()),
        bad("not yet valid", good().begins_in(31).sign()),
        bad("without an end", good().without("exp").sign()),
        bad("without a subject", good().without("sub").sign()),
        bad("of a key that is not ours", good().signed_by(&FOREIGN).sign()),
        bad("of an unknown kid", good().header("kid", json!("somebody")).sign()),
        bad("changed after signing", good().tampered()),
        bad("with a broken signature", bad_signature),
        bad("without a signature", format!("{}.", good().unsigned())),
        bad("of alg none", good().alg_none()),
        bad("of an algorithm that is not the key's", good().header("alg", json!("HS256")).sign()),
        bad("with a key of its own", good().header("jwk", json!({"kty": "OKP"})).sign()),
        bad("of another issuer", good().claim("iss", json!("https://evil.example")).sign()),
        bad("for another audience", good().claim("aud", json!("billing")).sign()),
        bad("an ID token by its type", good().header("typ", json!("id+jwt")).sign()),
        bad("with grants of a wrong shape", good().claim("workspaces", json!(["acme"])).sign()),
        bad("over 8 KiB", good().claim("padding", json!("x".repeat(8192))).sign()),
        bad("encrypted, by its parts", format!("{}.e.e.e.e", base64url(r#"{"alg":"dir","enc":"A256GCM"}"#))),
    ]
}

/// Callers who are somebody, but not here.
fn outsiders(app: &App) -> Vec<Caller> {
    let nowhere = || Token::at(app.clock.now());
    let token = |token: Token| Some(token.sign());
    let all = &[CREATE, VIEW];
    vec![
        ("member of nothing", token(nowhere()), NOT_FOUND),
        ("without a workspaces claim", token(nowhere().without("workspaces")), NOT_FOUND),
        ("with null for its workspaces", token(app.granting("*", all).claim("workspaces", Value::Null)), NOT_FOUND),
        ("of another workspace", token(nowhere().workspace("globex").tenant("contoso", all)), NOT_FOUND),
        ("of every tenant of another workspace", token(nowhere().workspace("globex").tenant("*", all)), NOT_FOUND),
        ("of a workspace called *", token(nowhere().workspace("*").tenant("*", all)), NOT_FOUND),
        ("of another tenant", token(app.granting("fabrikam", all)), NOT_FOUND),
        ("of a tenant in other letters", token(app.granting("Contoso", all)), NOT_FOUND),
        ("of a tenant that is a prefix", token(app.granting("contos", all)), NOT_FOUND),
        (
            "of a workspace without tenants",
            token(nowhere().claim("workspaces", json!({"acme": {"tenants": {}}}))),
            NOT_FOUND,
        ),
    ]
}

/// Callers who belong to the tenant.
fn members(app: &App) -> Vec<Caller> {
    let token = |token: Token| Some(token.sign());
    let granting = |capabilities: &[&str]| app.granting("contoso", capabilities);
    vec![
        ("may create and view", token(granting(&[CREATE, VIEW])), Created("attached")),
        ("may create and view, signed RS256", token(granting(&[CREATE, VIEW]).signed_by(&RSA)), Created("attached")),
        ("may do both everywhere", token(app.granting("*", &[CREATE, VIEW])), Created("attached")),
        ("may create", token(granting(&[CREATE])), Created("capability_missing")),
        ("may create everywhere", token(app.granting("*", &[CREATE])), Created("capability_missing")),
        (
            "may create, and things unknown here",
            token(granting(&[CREATE, "billing.pay", "*", ""])),
            Created("capability_missing"),
        ),
        ("may view here and create elsewhere", token(granting(&[VIEW]).tenant("fabrikam", &[CREATE])), FORBIDDEN),
        (
            "may create here and view elsewhere",
            token(granting(&[CREATE]).tenant("*", &[VIEW])),
            Created("capability_missing"),
        ),
        ("may view only", token(granting(&[VIEW])), FORBIDDEN),
        ("may do nothing", token(granting(&[])), FORBIDDEN),
        ("may do things unknown here", token(granting(&["support_requests.*", "SUPPORT_REQUESTS.CREATE"])), FORBIDDEN),
        ("less by name than by *", token(granting(&[]).tenant("*", &[CREATE, VIEW])), FORBIDDEN),
        ("view by name, create by *", token(granting(&[VIEW]).tenant("*", &[CREATE])), FORBIDDEN),
        ("more by name than by *", token(granting(&[CREATE, VIEW]).tenant("*", &[])), Created("attached")),
        ("within the leeway after its end", token(granting(&[CREATE]).expires_in(-29)), Created("capability_missing")),
        (
            "within the leeway before its beginning",
            token(granting(&[CREATE]).begins_in(30)),
            Created("capability_missing"),
        ),
        (
            "without a type",
            token(granting(&[CREATE]).header("typ", Value::Null).header("typ", json!("JWT"))),
            Created("capability_missing"),
        ),
    ]
}

on_both_databases!(every_caller_gets_what_they_may_at_every_endpoint, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        for (story, token, gets) in strangers(&app).into_iter().chain(outsiders(&app)).chain(members(&app)) {
            let before = (app.world.asked_references(), app.world.asked_bundles());
            let call = app.create(endpoint).no_token();
            let answer = match token {
                Some(token) => call.token(token),
                None => call,
            };
            let answer = answer.send().await;
            match gets {
                Created(reason) => assert_eq!(answer.created()["attachment"]["reason"], reason, "{story}"),
                Refused(status, code, challenge) => {
                    assert_eq!((answer.status, answer.code().as_str()), (status, code), "{story}, {endpoint:?}");
                    let challenge = challenge.map(|rest| format!("Bearer realm=\"support-requests\"{rest}"));
                    let said = answer.header("www-authenticate");
                    assert!(
                        said.unwrap_or_default().starts_with(&challenge.clone().unwrap_or_default()),
                        "{story}: {said:?}"
                    );
                    assert_eq!(said.is_some(), challenge.is_some(), "{story}");
                    let after = (app.world.asked_references(), app.world.asked_bundles());
                    assert_eq!(before, after, "{story}: the platform was asked on behalf of somebody who is refused");
                    app.assert_nothing_new().await;
                }
            }
        }
    }
    app.finish().await;
});

#[test]
fn every_operation_of_the_published_document_has_access_cases_or_is_public_on_purpose() {
    let document: Value = serde_json::from_str(openapi::json()).unwrap();
    let mut guarded = BTreeSet::new();
    let mut public = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = format!("{method} {path}");
            let security = operation["security"].as_array().map_or(0, Vec::len);
            if security > 0 {
                guarded.insert(name)
            } else {
                public.insert(name)
            };
        }
    }
    let with_cases: BTreeSet<String> = Endpoint::BOTH.map(|endpoint| format!("post {}", endpoint.template())).into();
    assert_eq!(guarded, with_cases, "add the new operation to Endpoint::BOTH, so that every caller tries it");
    assert_eq!(public, BTreeSet::from(["get /livez", "get /readyz"].map(str::to_owned)));
}

on_both_databases!(a_403_names_the_capability_that_is_missing, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        let token = app.token_of(&app.granting("contoso", &[VIEW]));
        let answer = app.create(endpoint).token(token).send().await;
        answer.is(403, "missing_capability");
        assert!(answer.json()["detail"].as_str().unwrap().contains("support_requests.create"));
    }
    app.finish().await;
});

on_both_databases!(a_token_counts_only_as_one_bearer_in_one_authorization_header, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        let token = app.token();
        let request = || RawRequest::new("POST", endpoint.home()).json().body(app.report().to_string());
        for good in ["Bearer", "bearer", "BEARER"] {
            request().header("Authorization", format!("{good} {token}")).send(&app).await.created();
        }
        for (value, code) in [
            (format!("Basic {token}"), "missing_token"),
            (format!("Bearer{token}"), "invalid_token"),
            (format!("Bearer {token} {token}"), "invalid_token"),
            (format!("Bearer {token},"), "invalid_token"),
            ("Bearer ".to_owned(), "invalid_token"),
            ("Bearer".to_owned(), "invalid_token"),
            (token.clone(), "invalid_token"),
        ] {
            request().header("Authorization", value).send(&app).await.is(401, code);
        }
        request().bearer(&token).bearer(&token).send(&app).await.is(401, "invalid_token");
        let path = format!("{}?access_token={token}", endpoint.home());
        RawRequest::new("POST", path).json().body(app.report().to_string()).send(&app).await.is(401, "missing_token");
    }
    app.finish().await;
});
