//! The platform asked over HTTP, through the door: what is asked, and what answers of every kind come to.

use std::time::Duration;

use serde_json::{Value, json};
use support_requests::{
    budget::{BUDGET_BYTES, Budget},
    diagnostics::http::Trust,
};

use crate::{
    harness::*,
    http_platform::{Act, FakePlatform, begun, says, whole},
};

/// Long enough for an answer on a busy machine, short enough to wait for in a test.
const SHORT: Duration = Duration::from_millis(700);

/// The stored context of a receipt.
async fn context(app: &App, receipt: &Value) -> Value {
    let row = app.database.request(receipt["reference"].as_str().unwrap()).await;
    serde_json::from_str(row["context"].as_deref().unwrap()).unwrap()
}

/// What the log warns of because of one request.
pub fn warnings(app: &App, request_id: &str) -> Vec<String> {
    app.log_lines_with(request_id).into_iter().filter(|line| line.contains("\"WARN\"")).collect()
}

/// Waits until nothing is reserved any more.
pub async fn until_nothing_is_held(budget: &Budget) {
    while budget.try_reserve(BUDGET_BYTES).is_err() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

on_both_databases!(one_call_asks_for_what_the_caller_may_see_with_their_token_and_their_ids, async |database| {
    let platform = FakePlatform::start().await;
    let (builder, _) = platform.app(Trust::default(), Duration::ZERO);
    let app = builder.start(database).await;
    for endpoint in Endpoint::BOTH {
        let may_view = app.token();
        let may_not = app.token_of(&app.granting("*", &[CREATE]));
        for (token, wish, include, reason) in [
            (&may_view, json!(true), "references,bundle", "attached"),
            (&may_view, json!(false), "references", "not_requested"),
            (&may_not, json!(true), "references", "capability_missing"),
        ] {
            let before = platform.asked();
            let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
            let call = app.create(endpoint).token(token).field("include_diagnostics", wish);
            let receipt = call.header("traceparent", trace).header("x-request-id", "id-17").send().await.created();
            assert_eq!(receipt["attachment"]["reason"], reason);
            assert_eq!(context(&app, &receipt).await["references"]["tenant"]["name"], "A tenant");
            let questions = platform.questions();
            let [question] = &questions[before..] else { panic!("not one call: {}", questions.len() - before) };
            let run = if endpoint == Endpoint::Run { "/operation-runs/run-1042" } else { "" };
            let line = format!(
                "GET /api/workspaces/acme/tenants/contoso{run}/support-diagnostics?include={include} HTTP/1.1\r\n"
            );
            assert!(question.starts_with(&line), "{question}");
            for header in [
                format!("\r\nauthorization: Bearer {token}\r\n"),
                format!("\r\ntraceparent: {trace}\r\n"),
                "\r\nx-request-id: id-17\r\n".to_owned(),
                "\r\naccept: application/json\r\n".to_owned(),
                "\r\naccept-encoding: identity\r\n".to_owned(),
            ] {
                assert!(question.contains(&header), "{header} is not in {question}");
            }
        }
    }
    assert_eq!(platform.connections(), 1, "the connection was not kept");
    app.finish().await;
});

on_both_databases!(a_404_there_is_the_404_here, async |database| {
    let platform = FakePlatform::start().await;
    let (builder, _) = platform.app(Trust::default(), Duration::ZERO);
    let app = builder.start(database).await;
    for endpoint in Endpoint::BOTH {
        let canary = app.canary("not-found");
        let nobody = app.create(endpoint).path(endpoint.path("globex", "initech", "run-7")).send().await;
        nobody.is(404, "not_found");
        for body in [json!({"references": {}}).to_string(), canary] {
            platform.acts(says(404, body));
            let answer = app.create(endpoint).send().await;
            assert_eq!(answer.bytes_but_for_the_request_id(), nobody.bytes_but_for_the_request_id());
            assert_eq!(answer.status_and_headers(), nobody.status_and_headers());
        }
        app.assert_nothing_new().await;
        platform.acts(Act::Usual);
        app.create(endpoint).send().await.created();
    }
    app.finish().await;
});

/// Answers that prove nothing, and what the log says of each.
fn unproven(canary: &str) -> Vec<(Act, &'static str)> {
    let (json, html) = ("Content-Type: application/json\r\n", "Content-Type: text/html\r\n");
    let good = whole(&json!({"tenant": {"name": canary}}), &json!(null)).into_bytes();
    let elsewhere = whole(&json!({"tenant": {"id": "fabrikam", "name": canary}}), &json!(null));
    let deep = format!("{{\"references\": {{\"x\": {}{}}}}}", "[".repeat(10_000), "]".repeat(10_000));
    let mut acts = vec![
        (Act::Says(302, "Location: /api/elsewhere\r\n", Vec::new()), "status 302"),
        (Act::Says(307, "Location: http://127.0.0.1:1/\r\n", Vec::new()), "status 307"),
        (Act::Says(204, "", Vec::new()), "status 204"),
        (Act::Says(200, html, format!("<html>{canary}</html>").into_bytes()), "not application/json"),
        (Act::Says(200, "", good.clone()), "not application/json"),
        (Act::Says(200, "Content-Type: application/jsonp\r\n", good.clone()), "not application/json"),
        (Act::Says(200, "Content-Type: application/json\r\nContent-Encoding: gzip\r\n", good), "is compressed"),
        (Act::Says(200, json, format!("<html>{canary}</html>").into_bytes()), "not JSON"),
        (says(200, ""), "not JSON"),
        (says(200, "[]"), "not one JSON object"),
        (says(200, "{}"), "no \\\"references\\\""),
        (says(200, json!({"references": [canary]}).to_string()), "no \\\"references\\\""),
        (says(200, json!({"references": canary}).to_string()), "no \\\"references\\\""),
        (says(200, json!({"references": 7, "bundle": {"x": canary}}).to_string()), "no \\\"references\\\""),
        (says(200, deep), "recursion limit"),
        (says(200, format!("{{\"references\": {{\"tenant\": {{\"name\": \"{canary}")), "not JSON"),
        (says(200, [b"{\"references\": {\"tenant\": \"", canary.as_bytes(), b"\xff\"}}"].concat()), "not JSON"),
        (says(200, elsewhere), "another scope"),
        (Act::Writes(Vec::new()), "connection broke"),
        (Act::Writes(format!("{canary}\r\n\r\n").into_bytes()), "connection broke"),
        (Act::Writes(begun("")[..20].to_vec()), "connection broke"),
        (Act::Stays(Vec::new()), "took too long"),
        (Act::Stays(begun("{\"references\": ")), "took too long"),
        (Act::Drips(begun("")), "took too long"),
        (Act::Repeats(b"HTTP/1.1 200 OK\r\n".to_vec(), b"X: y\r\n".repeat(1000)), "connection broke"),
        (Act::Repeats(begun(""), vec![b' '; 65536]), "larger than 512 KiB"),
    ];
    let statuses = [401, 403, 408, 410, 429, 500, 502, 503];
    let told = [
        "status 401",
        "status 403",
        "status 408",
        "status 410",
        "status 429",
        "status 500",
        "status 502",
        "status 503",
    ];
    acts.extend(
        statuses
            .into_iter()
            .zip(told)
            .map(|(status, told)| (says(status, json!({"references": {}, "error": canary}).to_string()), told)),
    );
    acts
}

on_both_databases!(what_proves_nothing_is_a_503_and_nobody_learns_what_the_platform_said, async |database| {
    let platform = FakePlatform::start().await;
    let (builder, budget) = platform.app(Trust::default(), Duration::ZERO);
    let app = builder.provider_timeout(SHORT).start(database).await;
    let canary = app.canary("platform");
    for (number, (act, told)) in unproven(&canary).into_iter().enumerate() {
        let endpoint = Endpoint::BOTH[number % 2];
        platform.acts(act);
        let before = platform.asked();
        let answer = app.create(endpoint).send().await;
        assert_eq!((answer.status, answer.code().as_str()), (503, "context_unavailable"), "{number}: {told}");
        let request = answer.request_id().to_owned();
        let lines = warnings(&app, &request);
        let said = lines
            .iter()
            .any(|line| line.contains(told) && line.contains("not stored") && line.contains("support-diagnostics"));
        assert!(said, "{number}: the log does not say {told}: {lines:#?}");
        assert_eq!(platform.asked(), before + 1, "{number}: {told}: asked again, or somewhere else");
        app.assert_nothing_new().await;
        platform.acts(Act::Usual);
        assert_eq!(app.create(endpoint).send().await.created()["attachment"]["reason"], "attached", "{told}");
    }
    until_nothing_is_held(&budget).await;
    app.finish().await;
});

/// Answers that prove that the scope exists before anything else goes wrong, and the reason that is stored.
fn proven(canary: &str) -> Vec<(Act, &'static str)> {
    let references = json!({"tenant": {"id": "contoso", "name": "A tenant"}});
    let start = format!("{{\"references\": {references}, \"bundle\": ");
    let begins = |rest: &str| format!("{start}{rest}");
    let with = |bundle: &Value| says(200, whole(&references, bundle));
    let mut wrong_type = bundle();
    wrong_type["sections"] = json!(canary);
    let large = bundle().to_string().replace("assign_policies", &"x".repeat(300_000));
    let sized =
        format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{start}\"", 64 << 20);
    let chunked = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{start}\r\n",
        start.len()
    );
    vec![
        (with(&bundle()), "attached"),
        (with(&Value::Null), "no_diagnostics"),
        (says(200, json!({"references": references}).to_string()), "no_diagnostics"),
        (with(&wrong_type), "diagnostics_rejected"),
        (with(&json!([canary])), "diagnostics_rejected"),
        (with(&json!({"schema_version": 2})), "diagnostics_rejected"),
        (says(200, begins(&large) + "}"), "diagnostics_rejected"),
        (says(200, begins(&"[".repeat(10_000))), "diagnostics_rejected"),
        (says(200, [begins(&format!("\"{canary}")).as_bytes(), b"\xff\"}"].concat()), "diagnostics_rejected"),
        (says(200, begins("{\"notes\": nul")), "diagnostics_rejected"),
        (says(200, begins(&bundle().to_string()) + ", \"bundle\": {}}"), "diagnostics_rejected"),
        (Act::Repeats(sized.into_bytes(), vec![b'x'; 65536]), "diagnostics_rejected"),
        (
            Act::Repeats(chunked.into_bytes(), [&b"8000\r\n"[..], &b"[1,2,3],".repeat(4096), b"\r\n"].concat()),
            "diagnostics_rejected",
        ),
        (Act::Stays(begun(begins(&bundle().to_string()))), "diagnostics_unavailable"),
        (Act::Drips(begun(begins(""))), "diagnostics_unavailable"),
        (Act::Writes(sized_but_cut(&begins("{\"notes\": ["))), "diagnostics_unavailable"),
    ]
}

/// An answer that ends before its declared length.
fn sized_but_cut(body: &str) -> Vec<u8> {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n";
    [head.as_bytes(), body.as_bytes()].concat()
}

on_both_databases!(once_the_references_were_said_what_goes_wrong_costs_the_bundle_only, async |database| {
    let platform = FakePlatform::start().await;
    let (builder, budget) = platform.app(Trust::default(), Duration::from_mins(1));
    let app = builder.provider_timeout(SHORT).start(database).await;
    let canary = app.canary("bundle");
    for (number, (act, reason)) in proven(&canary).into_iter().enumerate() {
        let endpoint = Endpoint::BOTH[number % 2];
        platform.acts(act);
        let answer = app.create(endpoint).send().await;
        let receipt = answer.created();
        assert_eq!(receipt["attachment"]["reason"], reason, "{number}");
        let context = context(&app, &receipt).await;
        assert_eq!(context["references"]["tenant"], json!({"id": "contoso", "name": "A tenant"}), "{number}");
        let warned = app.log_lines_with(answer.request_id()).iter().any(|line| line.contains("stored without"));
        assert_eq!(warned, reason.starts_with("diagnostics_"), "{number}: {reason}");
        // Whoever may not see the bundle is not concerned by what is wrong with it.
        let may_not = app.token_of(&app.granting("*", &[CREATE]));
        let receipt = app.create(endpoint).token(may_not).send().await.created();
        assert_eq!(receipt["attachment"]["reason"], "capability_missing", "{number}");
    }
    // None of it is the platform's failure as a whole: its circuit, which would stay open for a minute, is closed.
    platform.acts(Act::Usual);
    assert_eq!(app.create(Endpoint::Tenant).send().await.created()["attachment"]["reason"], "attached");
    until_nothing_is_held(&budget).await;
    assert!(!app.database.everything().await.contains(&canary), "something unusable was stored");
    app.finish().await;
});
