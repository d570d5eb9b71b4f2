//! Pages of other origins: which may call, with what, and what the log says of those that may not.

use reqwest::Method;

use crate::harness::*;

const PAGE: &str = "https://admin.example";

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

on_both_databases!(a_page_of_a_named_origin_may_send_whatever_header_its_libraries_add, async |database| {
    let app = App::build().cors(&[PAGE]).start(database).await;
    for endpoint in Endpoint::BOTH {
        for asked in [
            "authorization,content-type,idempotency-key",
            "authorization,baggage,content-type,sentry-trace,traceparent,tracestate",
            "x-datadog-trace-id",
            "x-requested-with, X-CSRF-Token",
        ] {
            let allowed = preflight(&app, &endpoint.home(), PAGE, "POST", asked).await;
            assert_eq!((allowed.status, allowed.header("access-control-allow-origin")), (200, Some(PAGE)), "{asked}");
            let may_send = allowed.header("access-control-allow-headers").unwrap().to_lowercase();
            let all = asked.split(',').all(|name| may_send.contains(&name.trim().to_lowercase()));
            assert!(all, "{asked}: {may_send}");
            let refused = preflight(&app, &endpoint.home(), "https://evil.example", "POST", asked).await;
            assert_eq!((refused.status, refused.header("access-control-allow-headers")), (400, None));
        }
        let call = app
            .create(endpoint)
            .header("origin", PAGE)
            .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ca902b7-01");
        call.header("idempotency-key", "7").send().await.created();
    }
    app.finish().await;
});

on_both_databases!(origins_are_compared_as_browsers_write_them, async |database| {
    let settings = ["HTTPS://Console.Example:443", "https://müller.example/", "https://*.Tenants.example"];
    let app = App::build().cors(&settings).start(database).await;
    for endpoint in Endpoint::BOTH {
        for good in [
            "https://console.example",
            "https://xn--mller-kva.example",
            "https://a.tenants.example",
            "https://a.b.tenants.example",
        ] {
            let allowed = preflight(&app, &endpoint.home(), good, "POST", "authorization").await;
            assert_eq!((allowed.status, allowed.header("access-control-allow-origin")), (200, Some(good)));
            let answer = app.create(endpoint).header("origin", good).send().await;
            answer.created();
            assert_eq!(answer.header("access-control-allow-origin"), Some(good));
        }
        for bad in [
            "https://tenants.example",
            "https://eviltenants.example",
            "https://a.tenants.example.evil.example",
            "http://a.tenants.example",
            "https://a.tenants.example:8443",
        ] {
            let refused = preflight(&app, &endpoint.home(), bad, "POST", "authorization").await;
            assert_eq!((refused.status, refused.header("access-control-allow-origin")), (400, None), "{bad}");
        }
    }
    app.finish().await;
});

on_both_databases!(the_log_says_which_page_asked_for_what_when_a_preflight_is_refused, async |database| {
    let app = App::logged().cors(&[PAGE]).start(database).await;
    let token = app.token();
    for endpoint in Endpoint::BOTH {
        let odd = format!("https://evil.example/{}", "x".repeat(500));
        for (origin, method, headers, logged) in [
            (
                "https://evil.example",
                "POST",
                "authorization,baggage",
                ["https://evil.example", "POST", "authorization,baggage"],
            ),
            (PAGE, "DELETE", "authorization", [PAGE, "DELETE", "authorization"]),
            (PAGE, "Purge", "x", [PAGE, "other", "x"]),
            (odd.as_str(), "POST", "x\ty", [&odd[..200], "POST", "x?y"]),
        ] {
            let refused = preflight(&app, &endpoint.home(), origin, method, headers).await;
            refused.is(400, "bad_request");
            let line = app.answered(refused.request_id())["fields"].clone();
            let said = ["preflight_origin", "preflight_method", "preflight_headers"].map(|name| line[name].clone());
            assert_eq!(said, logged.map(serde_json::Value::from));
        }
        // Kept as a secret, so that the harness looks for it in the log.
        preflight(&app, &endpoint.home(), "https://evil.example", "POST", &format!("Bearer {token}")).await;
        let allowed = preflight(&app, &endpoint.home(), PAGE, "POST", "authorization").await;
        assert!(app.answered(allowed.request_id())["fields"].get("preflight_origin").is_none());
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
                ["x-request-id", "link", "retry-after", "www-authenticate", "ratelimit", "ratelimit-policy"]
                    .iter()
                    .all(|name| exposed.contains(name)),
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
