//! One creator's requests in one workspace are limited; what is refused is not stored, and says when to come again.

use std::time::Duration;

use serde_json::json;

use crate::harness::*;

/// A rate that does not fill up again while a test runs.
const THREE: &str = "3/h";

on_both_databases!(a_creator_who_sends_more_than_their_rate_is_told_when_to_come_again, async |database| {
    let app = App::build().rate(THREE).start(database).await;
    for (endpoint, workspace_tenant) in [(Endpoint::Tenant, "contoso"), (Endpoint::Run, "contoso")] {
        let token = app.token_of(&app.granting(workspace_tenant, &[CREATE]).subject(&format!("u-{endpoint:?}")));
        for left in ["2", "1", "0"] {
            let answer = app.create(endpoint).token(&token).send().await;
            assert_eq!(answer.header("ratelimit"), Some(format!("\"creator\";r={left}").as_str()));
            assert_eq!(answer.header("ratelimit-policy"), Some("\"creator\";q=3;w=3600"));
            answer.created();
        }
        let refused = app.create(endpoint).token(&token).send().await;
        refused.is(429, "too_many_requests");
        let wait = refused.header("retry-after").unwrap().to_owned();
        assert!((1..=1200).contains(&wait.parse::<u64>().unwrap()), "{wait}");
        assert_eq!(refused.header("ratelimit"), Some(format!("\"creator\";r=0;t={wait}").as_str()));
        assert_eq!(refused.header("ratelimit-policy"), Some("\"creator\";q=3;w=3600"));
        assert_eq!(refused.header("cache-control"), Some("no-store"));
    }
    app.assert_nothing_new().await;
    app.finish().await;
});

on_both_databases!(the_rate_is_each_creators_own_in_each_workspace_and_both_endpoints_share_it, async |database| {
    let app = App::build().rate(THREE).start(database).await;
    let ada = app.token_of(&app.granting("*", &[CREATE]).subject("ada"));
    for endpoint in [Endpoint::Tenant, Endpoint::Run, Endpoint::Tenant] {
        app.create(endpoint).token(&ada).send().await.created();
    }
    for endpoint in Endpoint::BOTH {
        app.create(endpoint).token(&ada).send().await.is(429, "too_many_requests");
        let bob = app.token_of(&app.granting("*", &[CREATE]).subject("bob"));
        app.create(endpoint).token(bob).send().await.created();
    }
    app.finish().await;
});

on_both_databases!(the_rate_comes_after_the_capability_and_before_the_body, async |database| {
    let app = App::build().rate("1/h").start(database).await;
    for endpoint in Endpoint::BOTH {
        let subject = format!("u-{endpoint:?}");
        let token = app.token_of(&app.granting("contoso", &[CREATE]).subject(&subject));
        let viewer = app.token_of(&app.granting("contoso", &[VIEW]).subject(&subject));
        let outsider = app.token_of(&app.granting("fabrikam", &[CREATE]).subject(&subject));
        // Whoever may not is not counted, however often they ask, and learns nothing of a rate.
        for _ in 0..3 {
            for (token, status, code) in [(&viewer, 403, "missing_capability"), (&outsider, 404, "not_found")] {
                let answer = app.create(endpoint).token(token).send().await;
                answer.is(status, code);
                assert_eq!(answer.header("ratelimit"), None);
            }
            app.create(endpoint).no_token().send().await.is(401, "missing_token");
        }
        // A request that is refused later was counted, and says so.
        let answer = app.create(endpoint).token(&token).body(&json!({})).send().await;
        answer.is(422, "invalid_fields");
        assert_eq!(answer.header("ratelimit"), Some("\"creator\";r=0"));
        for body in ["", "{", "[]", &" ".repeat(200_000)] {
            app.create(endpoint).token(&token).bytes(body).send().await.is(429, "too_many_requests");
        }
        app.create(endpoint)
            .token(&token)
            .header("content-type", "text/plain")
            .send()
            .await
            .is(429, "too_many_requests");
    }
    app.assert_nothing_new().await;
    app.finish().await;
});

on_both_databases!(a_client_that_asks_before_it_sends_is_counted_once, async |database| {
    let app = App::build().rate("2/h").start(database).await;
    for endpoint in Endpoint::BOTH {
        let token = app.token_of(&app.granting("contoso", &[CREATE]).subject(&format!("u-{endpoint:?}")));
        let body = app.report().to_string();
        let ask = || {
            let request = RawRequest::new("POST", endpoint.home()).bearer(&token).json();
            request.header("Expect", "100-continue").body(&body)
        };
        for left in ["1", "0"] {
            let mut connection = Connection::open(&app).await;
            connection.write(&ask().head()).await;
            let goes_on = connection.bytes_within(Duration::from_mins(1)).await;
            assert!(goes_on.starts_with(b"HTTP/1.1 100 "), "{goes_on:?}");
            connection.write(body.as_bytes()).await;
            let answer = connection.answer().await.expect("there is an answer");
            app.received(&answer);
            assert_eq!(answer.header("ratelimit"), Some(format!("\"creator\";r={left}").as_str()));
            answer.created();
        }
        let mut connection = Connection::open(&app).await;
        connection.write(&ask().head()).await;
        let answer = connection.answer().await.expect("there is an answer, and no 100");
        app.received(&answer);
        answer.is(429, "too_many_requests");
    }
    app.finish().await;
});

on_both_databases!(without_a_rate_nobody_is_limited_and_nothing_is_said, async |database| {
    let app = App::build().rate("off").start(database).await;
    let token = app.token();
    for endpoint in Endpoint::BOTH {
        for _ in 0..40 {
            let answer = app.create(endpoint).token(&token).send().await;
            assert_eq!((answer.header("ratelimit"), answer.header("ratelimit-policy")), (None, None));
            answer.created();
        }
    }
    app.finish().await;
});
