//! A graceful stop loses nobody's request.

use std::time::Duration;

use support_requests::http::server;

use crate::harness::*;

/// Long enough for a request to come in between.
const SHUTDOWN_DELAY: Duration = Duration::from_millis(500);

on_both_databases!(what_is_in_flight_when_the_service_stops_is_stored_and_answered, async |database| {
    let app = App::build().provider_timeout(Duration::from_mins(1)).start(database).await;
    app.world.references(Told::Waits);
    let calls = futures_util::future::join_all(Endpoint::BOTH.map(|endpoint| app.create(endpoint).send()));
    let stopping = async {
        app.world.until_asked(2).await;
        let stop = server::stop(app.handle.clone(), &app.service, SHUTDOWN_DELAY);
        let release = async {
            // Not before the door is closed: from then on, nothing but these requests is left.
            while tokio::net::TcpStream::connect(app.address).await.is_ok() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            app.world.open_gate();
        };
        tokio::join!(stop, release);
    };
    let (answers, ()) = tokio::join!(calls, stopping);
    for answer in answers {
        answer.created();
        assert_eq!(answer.header("connection"), Some("close"));
    }
    assert_eq!(app.database.counts().await, Counts::of(2));
    app.finish().await;
});

on_both_databases!(while_it_drains_the_service_says_so_and_asks_clients_to_leave, async |database| {
    let app = App::start(database).await;
    let ready = app.get("/readyz").send().await;
    assert_eq!((ready.status, ready.header("connection")), (200, None));
    app.service.draining.begin();
    let unready = app.get("/readyz").send().await;
    unready.is(503, "not_ready");
    assert_eq!(unready.header("connection"), Some("close"));
    let alive = app.get("/livez").send().await;
    assert_eq!((alive.status, alive.header("connection")), (200, Some("close")));
    for endpoint in Endpoint::BOTH {
        let answer = app.create(endpoint).send().await;
        answer.created();
        assert_eq!(answer.header("connection"), Some("close"));
        let refused = app.create(endpoint).no_token().send().await;
        assert_eq!((refused.status, refused.header("connection")), (401, Some("close")));
    }
    app.finish().await;
});

on_both_databases!(after_the_stop_nobody_is_let_in_and_everything_is_stored, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        app.create(endpoint).send().await.created();
    }
    server::stop(app.handle.clone(), &app.service, SHUTDOWN_DELAY).await;
    assert!(tokio::net::TcpStream::connect(app.address).await.is_err());
    assert_eq!(app.database.counts().await, Counts::of(2));
    app.finish().await;
});
