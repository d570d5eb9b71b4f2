//! Answers that do not need the body: they arrive although the client sends on, and the body is not asked for.

use std::time::Duration;

use crate::harness::*;

/// What a client sends that is refused before its body is read, and how.
fn refused(app: &App, endpoint: Endpoint) -> Vec<(RawRequest, u16, &'static str)> {
    let post = |token: &str| RawRequest::new("POST", endpoint.home()).bearer(token);
    let viewer = app.token_of(&app.granting("contoso", &[VIEW]));
    let outsider = app.token_of(&app.granting("fabrikam", &[CREATE]));
    vec![
        (post(&app.token()).json(), 413, "body_too_large"),
        (post("garbage").json(), 401, "invalid_token"),
        (RawRequest::new("POST", endpoint.home()).json(), 401, "missing_token"),
        (post(&viewer).json(), 403, "missing_capability"),
        (post(&outsider).json(), 404, "not_found"),
        (post(&app.token()).header("Content-Type", "text/plain"), 415, "unsupported_media_type"),
        (RawRequest::new("PUT", endpoint.home()).json(), 405, "method_not_allowed"),
        (RawRequest::new("POST", "/nothing").json(), 404, "not_found"),
    ]
}

on_both_databases!(a_client_that_sends_slowly_and_reads_at_the_end_gets_the_answer_that_refused_it, async |database| {
    let app = App::start(database).await;
    let body = vec![b' '; 5_000_000];
    for endpoint in Endpoint::BOTH {
        let slow = refused(&app, endpoint).into_iter().map(async |(request, status, code)| {
            let request = request.body(&body);
            let mut connection = Connection::open(&app).await;
            connection.write_slowly(&request.bytes(), 64 * 1024, Duration::from_millis(50)).await;
            let answer = connection.answer().await.expect("the answer is there");
            app.received(&answer);
            answer.is(status, code);
            assert_eq!(answer.header("connection"), Some("close"));
            assert!(connection.is_closed().await);
        });
        futures_util::future::join_all(slow).await;
        // In chunks nobody knows the size in advance, so it is found out on the way.
        let request = RawRequest::new("POST", endpoint.home()).bearer(&app.token()).json().chunked(&body, 100_000);
        let mut connection = Connection::open(&app).await;
        connection.write_slowly(&request.bytes(), 64 * 1024, Duration::from_millis(20)).await;
        let answer = connection.answer().await.expect("the answer is there");
        app.received(&answer);
        answer.is(413, "body_too_large");
    }
    app.assert_nothing_new().await;
    app.finish().await;
});

on_both_databases!(a_body_sent_at_once_is_refused_by_its_size_however_large_it_is, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        for size in [200_000, 1_000_000, 20_000_000] {
            app.create(endpoint).bytes(vec![b' '; size]).send().await.is(413, "body_too_large");
            app.create(endpoint).no_token().bytes(vec![b' '; size]).send().await.is(401, "missing_token");
        }
        app.create(endpoint).send().await.created();
    }
    app.finish().await;
});

on_both_databases!(a_client_that_never_ends_its_body_is_left_when_its_time_is_over, async |database| {
    let app = App::build().request_timeout(Duration::from_secs(1)).start(database).await;
    for endpoint in Endpoint::BOTH {
        for (request, status, code) in refused(&app, endpoint) {
            let mut connection = Connection::open(&app).await;
            connection.write(&request.header("Content-Length", "5000000").head()).await;
            let answer = connection.answer().await.expect("nobody waits for the body");
            app.received(&answer);
            answer.is(status, code);
            assert!(connection.is_closed().await, "{status}");
        }
    }
    app.assert_nothing_new().await;
    app.finish().await;
});

on_both_databases!(the_body_is_asked_for_only_once_the_caller_has_been_let_in, async |database| {
    let app = App::logged().start(database).await;
    for endpoint in Endpoint::BOTH {
        for (request, status, code) in refused(&app, endpoint) {
            let request = request.header("Expect", "100-continue").header("Content-Length", "5000000");
            let mut connection = Connection::open(&app).await;
            connection.write(&request.head()).await;
            let answer = connection.answer().await.expect("there is an answer");
            app.received(&answer);
            answer.is(status, code);
        }
        let body = app.report().to_string();
        for expectation in ["100-continue", "100-Continue"] {
            let request = RawRequest::new("POST", endpoint.home()).bearer(&app.token()).json();
            let request = request.header("Expect", expectation).body(&body);
            let mut connection = Connection::open(&app).await;
            connection.write(&request.head()).await;
            let goes_on = connection.bytes_within(Duration::from_mins(1)).await;
            assert_eq!(String::from_utf8_lossy(&goes_on), "HTTP/1.1 100 Continue\r\n\r\n");
            connection.write(body.as_bytes()).await;
            let answer = connection.answer().await.expect("there is an answer");
            app.received(&answer);
            answer.created();
            app.answered(answer.request_id());
        }
    }
    app.assert_nothing_new().await;
    app.finish().await;
});

on_both_databases!(a_request_that_offers_another_protocol_is_handled_as_if_it_did_not, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        for upgrade in ["websocket", "WebSocket", "h2c", "h2c, websocket", "TLS/1.0"] {
            let request = || {
                let request = RawRequest::new("POST", endpoint.home()).bearer(&app.token()).json();
                request.header("Connection", "Upgrade").header("Upgrade", upgrade)
            };
            request().body(app.report().to_string()).send(&app).await.created();
            request().chunked(app.report().to_string(), 100).send(&app).await.created();
            request().send(&app).await.is(400, "malformed_json");
            request().body(vec![b' '; 200_000]).send(&app).await.is(413, "body_too_large");
            // The same headers where nobody is let in.
            let stranger = RawRequest::new("POST", endpoint.home()).json().header("Upgrade", upgrade);
            stranger.body(app.report().to_string()).send(&app).await.is(401, "missing_token");
        }
    }
    app.finish().await;
});
