//! Around the two endpoints: methods, health, probes in the log.

use reqwest::Method;

use crate::harness::*;

/// Every route that is read.
const GETS: [&str; 9] = [
    "/",
    "/livez",
    "/readyz",
    "/metrics",
    "/openapi.json",
    "/docs",
    "/docs/",
    "/docs/errors",
    "/elements/request-support.js",
];

on_both_databases!(every_route_says_405_and_what_is_allowed_to_other_methods, async |database| {
    let app = App::start(database).await;
    let gets = GETS.map(|path| (path.to_owned(), "GET, HEAD"));
    let posts = Endpoint::BOTH.map(|endpoint| (endpoint.home(), "POST"));
    for (path, allow) in gets.into_iter().chain(posts) {
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "SUPPORT"] {
            if allow.split(", ").any(|allowed| allowed == method) {
                continue;
            }
            let answer = RawRequest::new(method, &path).bearer(&app.token()).json().body("{}");
            // What follows the head of an answer to HEAD is nobody's body.
            if method == "HEAD" {
                let answer = app.get(&path).method(Method::HEAD).send().await;
                assert_eq!((answer.status, answer.header("allow")), (405, Some(allow)), "HEAD {path}");
                continue;
            }
            let answer = answer.send(&app).await;
            assert_eq!((answer.status, answer.header("allow")), (405, Some(allow)), "{method} {path}");
            assert_eq!(answer.code(), "method_not_allowed");
        }
    }
    app.assert_nothing_new().await;
    app.finish().await;
});

on_both_databases!(whatever_can_be_got_can_be_asked_for_its_head, async |database| {
    let app = App::start(database).await;
    let page = app.get("/docs/").send().await.text();
    let files = regex::Regex::new(r#""([^"]+\.(?:js|css))""#).unwrap();
    let files: Vec<String> = files.captures_iter(&page).map(|found| format!("/docs/{}", &found[1])).collect();
    assert_eq!(files.len(), 4);
    for path in GETS.into_iter().chain(files.iter().map(String::as_str)) {
        let (whole, head) = (app.get(path).send().await, app.get(path).method(Method::HEAD).send().await);
        assert!(matches!(whole.status, 200 | 307 | 308), "{path}: {}", whole.status);
        assert_eq!(head.status_and_headers(), whole.status_and_headers(), "{path}");
        assert!(head.bytes.is_empty());
        // The figures themselves are others a moment later.
        if path != "/metrics" {
            assert_eq!(head.header("content-length"), whole.header("content-length"), "{path}");
        }
    }
    app.finish().await;
});

on_both_databases!(health_needs_no_token_and_is_not_cached, async |database| {
    let app = App::start(database).await;
    for path in ["/livez", "/readyz"] {
        for call in [app.get(path), app.get(path).token("garbage")] {
            let answer = call.send().await;
            assert_eq!((answer.status, answer.text().as_str()), (200, r#"{"status":"ok"}"#));
            assert_eq!(answer.header("cache-control"), Some("no-store"));
        }
    }
    app.finish().await;
});

on_both_databases!(probes_are_below_info_in_the_log_unless_they_fail, async |database| {
    let app = App::logged().start(database).await;
    for path in ["/livez", "/readyz", "/metrics"] {
        for method in [Method::GET, Method::HEAD] {
            let well = app.get(path).method(method.clone()).send().await;
            assert_eq!((well.status, level_of(&app, &well)), (200, "DEBUG".to_owned()), "{method} {path}");
        }
        let failed = app.get(path).method(Method::DELETE).send().await;
        assert_eq!((failed.status, level_of(&app, &failed)), (405, "INFO".to_owned()));
    }
    app.service.draining.begin();
    let unready = app.get("/readyz").send().await;
    assert_eq!((unready.status, level_of(&app, &unready)), (503, "INFO".to_owned()));
    for endpoint in Endpoint::BOTH {
        let created = app.create(endpoint).send().await;
        assert_eq!((created.status, level_of(&app, &created)), (201, "INFO".to_owned()));
    }
    app.finish().await;
});

fn level_of(app: &App, answer: &Answer) -> String {
    app.answered(answer.request_id())["level"].as_str().unwrap().to_owned()
}

on_both_databases!(the_method_is_logged_by_its_name_or_as_other_and_never_as_it_was_sent, async |database| {
    let app = App::logged().start(database).await;
    let canary = app.canary("METHOD");
    for endpoint in Endpoint::BOTH {
        for (sent, logged) in [("PUT", "PUT"), ("PATCH", "PATCH"), ("put", "other"), (canary.as_str(), "other")] {
            let answer = RawRequest::new(sent, endpoint.home()).body("").send(&app).await;
            answer.is(405, "method_not_allowed");
            assert_eq!(app.answered(answer.request_id())["fields"]["method"], logged);
        }
    }
    app.assert_nothing_new().await;
    app.finish().await;
});
