//! Around the two endpoints: methods, health, other origins.

use reqwest::Method;

use crate::harness::*;

const PAGE: &str = "https://admin.example";

on_both_databases!(every_route_says_405_and_what_is_allowed_to_other_methods, async |database| {
    let app = App::start(database).await;
    let gets = ["/livez", "/readyz", "/openapi.json", "/docs"].map(|path| (path.to_owned(), "GET, HEAD"));
    let posts = Endpoint::BOTH.map(|endpoint| (endpoint.home(), "POST"));
    let page = [("/docs/".to_owned(), "GET")];
    for (path, allow) in gets.into_iter().chain(posts).chain(page) {
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
    for path in ["/livez", "/readyz", "/openapi.json", "/docs"] {
        let (whole, head) = (app.get(path).send().await, app.get(path).method(Method::HEAD).send().await);
        assert!(matches!(whole.status, 200 | 308), "{path}: {}", whole.status);
        assert_eq!(head.status_and_headers(), whole.status_and_headers(), "{path}");
        assert!(head.bytes.is_empty());
        assert_eq!(head.header("content-length"), whole.header("content-length"), "{path}");
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

/// Sends what a browser sends before a call from another origin.
async fn preflight(app: &App, path: &str, origin: &str, method: &str, headers: &str) -> Answer {
    let request =
        RawRequest::new("OPTIONS", path).header("Origin", origin).header("Access-Control-Request-Method", method);
    request.header("Access-Control-Request-Headers", headers).header("Content-Length", "0").send(app).await
}

on_both_databases!(a_page_of_a_named_origin_may_call, async |database| {
    let app = App::build().cors(&[PAGE, "http://localhost:3000"]).start(database).await;
    for endpoint in Endpoint::BOTH {
        for origin in [PAGE, "http://localhost:3000"] {
            let allowed =
                preflight(&app, &endpoint.home(), origin, "POST", "authorization, content-type, x-request-id").await;
            assert_eq!((allowed.status, allowed.header("access-control-allow-origin")), (200, Some(origin)));
            assert!(allowed.header("access-control-allow-methods").unwrap().contains("POST"));
            let headers = allowed.header("access-control-allow-headers").unwrap().to_lowercase();
            assert!(
                ["authorization", "content-type", "x-request-id"].iter().all(|name| headers.contains(name)),
                "{headers}"
            );
            assert_eq!(allowed.header("access-control-allow-credentials"), None);
        }
    }
    app.finish().await;
});

on_both_databases!(a_page_of_a_named_origin_can_read_refusals_too, async |database| {
    let app = App::build().cors(&[PAGE]).start(database).await;
    for endpoint in Endpoint::BOTH {
        let unknown = app.create(endpoint).path(endpoint.path("acme", "northwind", "run-1042"));
        for (call, status) in [
            (app.create(endpoint), 201),
            (app.create(endpoint).no_token(), 401),
            (unknown, 404),
            (app.create(endpoint).method(Method::PUT), 405),
            (app.create(endpoint).bytes("{"), 400),
            (app.create(endpoint).bytes("{}"), 422),
            (app.create(endpoint).header("content-type", "text/plain"), 415),
            (app.create(endpoint).path("/nothing"), 404),
        ] {
            let answer = call.header("origin", PAGE).send().await;
            assert_eq!((answer.status, answer.header("access-control-allow-origin")), (status, Some(PAGE)));
            let exposed = answer.header("access-control-expose-headers").unwrap_or_default().to_lowercase();
            assert!(
                ["x-request-id", "retry-after", "www-authenticate"].iter().all(|name| exposed.contains(name)),
                "{exposed}"
            );
            let varies = answer.header("vary").unwrap_or_default().to_lowercase();
            assert!(varies.contains("origin"), "a cache must not give one origin's answer to another: {varies}");
        }
    }
    app.finish().await;
});

on_both_databases!(a_page_of_another_origin_is_told_nothing, async |database| {
    let app = App::build().cors(&[PAGE]).start(database).await;
    for endpoint in Endpoint::BOTH {
        for origin in [
            "https://evil.example",
            "http://admin.example",
            "https://admin.example.evil.example",
            "https://admin.example:444",
            "null",
        ] {
            let refused = preflight(&app, &endpoint.home(), origin, "POST", "authorization").await;
            assert_eq!(refused.header("access-control-allow-origin"), None, "{origin}");
            let answer = app.create(endpoint).no_token().header("origin", origin).send().await;
            assert_eq!(answer.header("access-control-allow-origin"), None, "{origin}");
        }
        let method = preflight(&app, &endpoint.home(), PAGE, "DELETE", "authorization").await;
        assert!(!method.header("access-control-allow-methods").unwrap_or_default().contains("DELETE"));
        app.create(endpoint).header("origin", PAGE).send().await.created();
    }
    app.finish().await;
});

on_both_databases!(without_the_setting_no_page_of_another_origin_may_call, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        let refused = preflight(&app, &endpoint.home(), PAGE, "POST", "authorization").await;
        refused.is(405, "method_not_allowed");
        for call in [app.create(endpoint), app.create(endpoint).no_token()] {
            let answer = call.header("origin", PAGE).send().await;
            assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("access-control-")));
        }
    }
    app.finish().await;
});
