//! The platform asked over HTTP when it is slow, down, or too much: others do not wait, nothing is held, nobody insists.

use std::time::Duration;

use futures_util::future::join_all;
use support_requests::{
    budget::Budget,
    diagnostics::http::{Base, Plain, Platform, Trust},
    intake::PROVIDER_TIMEOUT,
};

use crate::{
    harness::*,
    http_platform::{Act, FakePlatform, begun, says},
    http_provider::until_nothing_is_held,
};

on_both_databases!(a_platform_that_hangs_for_one_tenant_holds_up_nobody_of_another, async |database| {
    let platform = FakePlatform::start().await;
    let (builder, budget) = platform.app(Trust::default(), Duration::ZERO);
    let app = builder.provider_timeout(Duration::from_mins(1)).start(database).await;
    platform.acts(Act::Waits("fabrikam"));
    let waiting = |_| app.create(Endpoint::Tenant).path(Endpoint::Tenant.path("acme", "fabrikam", "")).send();
    let others = async {
        platform.until_asked(60).await;
        for endpoint in Endpoint::BOTH {
            app.create(endpoint).send().await.created();
        }
        assert_eq!(app.get("/readyz").send().await.status, 200, "the platform is no part of readiness");
        platform.open_gate();
    };
    let (answers, ()) = tokio::join!(join_all((0..60).map(waiting)), others);
    for answer in answers {
        assert_eq!(answer.created()["attachment"]["reason"], "attached");
    }
    until_nothing_is_held(&budget).await;
    assert_eq!(app.database.counts().await, Counts::of(62));
    app.finish().await;
});

on_both_databases!(
    a_platform_that_sends_without_end_to_many_leaves_no_memory_and_no_connection_behind,
    async |database| {
        let platform = FakePlatform::start().await;
        let (builder, budget) = platform.app(Trust::default(), Duration::ZERO);
        let app = builder.provider_timeout(Duration::from_secs(5)).start(database).await;
        let endless = begun(r#"{"references": {}, "bundle": {"notes": [""#);
        platform.acts(Act::Repeats(endless, vec![b'x'; 128 * 1024]));
        let answers = join_all((0..16).map(|index| app.create(Endpoint::BOTH[index % 2]).send())).await;
        for answer in answers {
            assert_eq!(answer.created()["attachment"]["reason"], "diagnostics_rejected");
        }
        until_nothing_is_held(&budget).await;
        while platform.open_connections() > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(app.database.counts().await, Counts::of(16));
        app.finish().await;
    }
);

on_both_databases!(where_there_is_no_memory_for_an_answer_the_caller_is_told_to_come_again, async |database| {
    let platform = FakePlatform::start().await;
    let base = Base::parse(&platform.base, Plain::OnLoopback).unwrap();
    // Of its own, so that the request itself has room.
    let budget = Budget::new(300 * 1024);
    let provider = Platform::new(base, Trust::default().client().unwrap(), budget.clone());
    let app = App::build().provider(provider).start(database).await;
    let large = format!(r#"{{"references": {{}}, "bundle": {{"notes": ["{}"]}}}}"#, "x".repeat(400 * 1024));
    for endpoint in Endpoint::BOTH {
        platform.acts(says(200, &large));
        app.create(endpoint).send().await.is(503, "overloaded");
        app.assert_nothing_new().await;
        platform.acts(Act::Usual);
        app.create(endpoint).send().await.created();
    }
    assert!(budget.try_reserve(300 * 1024).is_ok(), "something is held");
    app.finish().await;
});

on_both_databases!(a_platform_that_is_down_is_left_alone_until_one_caller_finds_it_well_again, async |database| {
    let platform = FakePlatform::start().await;
    let open_time = Duration::from_secs(3);
    let (builder, _) = platform.app(Trust::default(), open_time);
    let app = builder.provider_timeout(Duration::from_mins(1)).start(database).await;
    platform.acts(says(500, "{}"));
    for _ in 0..5 {
        app.create(Endpoint::Tenant).send().await.is(503, "context_unavailable");
    }
    assert_eq!(platform.asked(), 5);
    // From here on it would never answer. Nobody waits for it: the circuit is open.
    platform.acts(Act::Waits("contoso"));
    for endpoint in Endpoint::BOTH {
        let answer = app.create(endpoint).send().await;
        answer.is(503, "context_unavailable");
        assert!(app.log_lines_with(answer.request_id()).iter().any(|line| line.contains("left alone")));
    }
    assert_eq!(platform.asked(), 5, "it was asked although its circuit is open");
    let told = |what: &str| app.log_lines_with(what).iter().filter(|line| line.contains(&platform.base)).count();
    assert_eq!(told("its circuit is open"), 1);
    app.assert_nothing_new().await;
    // By itself, one caller tries after a while, and only one.
    tokio::time::sleep(open_time).await;
    let trying = app.create(Endpoint::Run).send();
    let others = async {
        platform.until_asked(6).await;
        for endpoint in Endpoint::BOTH {
            app.create(endpoint).send().await.is(503, "context_unavailable");
        }
        assert_eq!(platform.asked(), 6, "more than one tried");
        platform.open_gate();
    };
    let (answer, ()) = tokio::join!(trying, others);
    answer.created();
    assert_eq!(told("its circuit is closed"), 1);
    for endpoint in Endpoint::BOTH {
        app.create(endpoint).send().await.created();
    }
    app.finish().await;
});

on_both_databases!(callers_whom_the_platform_refuses_do_not_keep_the_others_from_it, async |database| {
    let platform = FakePlatform::start().await;
    let (builder, _) = platform.app(Trust::default(), Duration::from_mins(5));
    let app = builder.start(database).await;
    for status in [401, 403, 404, 422] {
        for endpoint in [Endpoint::Tenant, Endpoint::Run].repeat(3) {
            platform.acts(says(status, "{}"));
            let answer = app.create(endpoint).send().await;
            assert_eq!(answer.status, if status == 404 { 404 } else { 503 });
        }
        platform.acts(Act::Usual);
        app.create(Endpoint::Tenant).send().await.created();
    }
    app.finish().await;
});

#[test]
fn a_provider_has_two_seconds() {
    assert_eq!(PROVIDER_TIMEOUT, Duration::from_secs(2));
}
