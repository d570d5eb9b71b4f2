//! Keys that are fetched, seen from outside: nothing waits for an issuer, whatever it does.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::json;
use support_requests::{
    auth::{KeyStore, KeyUrl, Limits, PlainHttp, PublishedAt, Remote},
    clock::FixedClock,
};

use crate::{
    harness::*,
    support::{
        issuer::{Issuer, Page},
        tokens::{ED25519, RSA, Signer},
    },
};

/// Nothing is fetched by itself within the time that a test takes, and for tokens once.
fn calm() -> Limits {
    let long = Duration::from_hours(10);
    let lifetimes = Limits { lifetime_min: long, lifetime_max: long, lifetime_unspecified: long, ..Limits::default() };
    Limits { token_interval: long, retry_min: long, retry_max: long, ..lifetimes }
}

fn keys(issuer: &Issuer, limits: Limits) -> Arc<KeyStore> {
    let url = KeyUrl::parse(&issuer.url("/keys"), PlainHttp::OnLoopback).unwrap();
    KeyStore::remote(Remote::new(PublishedAt::Url(url), None, limits, Arc::new(FixedClock::at(NOW))))
}

fn publish(issuer: &Issuer, signers: &[&Signer]) {
    issuer.publish("/keys", Page::keys(&signers.iter().map(|signer| signer.public_jwk()).collect::<Vec<_>>()));
}

fn fetches(keys: &KeyStore) -> u64 {
    let facts = keys.facts().fetches.unwrap();
    facts.successes + facts.failures
}

async fn until(what: &str, holds: impl Fn() -> bool) {
    let give_up = Instant::now() + Duration::from_mins(1);
    while !holds() {
        assert!(Instant::now() < give_up, "{what}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

impl App {
    fn token_by(&self, signer: &'static Signer) -> String {
        self.token_of(&self.granting("*", &[CREATE, VIEW]).signed_by(signer))
    }

    /// The statuses that both endpoints answer to a token of this key.
    async fn statuses(&self, signer: &'static Signer) -> [u16; 2] {
        let [tenant, run] = Endpoint::BOTH.map(|endpoint| self.create(endpoint).token(self.token_by(signer)).send());
        [tenant.await.status, run.await.status]
    }
}

on_both_databases!(
    before_the_first_keys_have_come_every_token_is_a_503_and_the_service_is_not_ready,
    async |database| {
        let issuer = Issuer::start();
        let keys = keys(&issuer, calm());
        let _watch = keys.keep_fetching();
        let app = App::build().keys(Arc::clone(&keys)).start(database).await;
        until("the first fetch fails", || fetches(&keys) == 1).await;
        for endpoint in Endpoint::BOTH {
            let refused = app.create(endpoint).send().await;
            refused.is(503, "not_ready");
            assert_eq!(refused.headers["retry-after"], "5");
            app.create(endpoint).token("no.token.atall").send().await.is(503, "not_ready");
            app.create(endpoint).no_token().send().await.is(401, "missing_token");
        }
        app.get("/readyz").send().await.is(503, "not_ready");
        assert_eq!(app.get("/livez").send().await.status, 200);
        app.assert_nothing_new().await;
        assert_eq!(issuer.asked("/keys"), 1, "no request asked the issuer");

        publish(&issuer, &[&ED25519]);
        keys.reread_and_tell().await;
        until("the keys come", || !keys.current().is_empty()).await;
        assert_eq!(app.get("/readyz").send().await.status, 200);
        assert_eq!(app.statuses(&ED25519).await, [201; 2]);
        app.finish().await;
    }
);

/// Calls without a pause, counted: those answered 201, and any other.
struct Load {
    signer_is_new: AtomicBool,
    is_over: AtomicBool,
    good: AtomicUsize,
    other: AtomicUsize,
}

impl Load {
    fn new() -> Self {
        let (signer_is_new, is_over) = (AtomicBool::new(false), AtomicBool::new(false));
        Self { signer_is_new, is_over, good: AtomicUsize::new(0), other: AtomicUsize::new(0) }
    }

    async fn run(&self, app: &App, endpoint: Endpoint) {
        while !self.is_over.load(Ordering::SeqCst) {
            let signer = if self.signer_is_new.load(Ordering::SeqCst) { &ED25519 } else { &RSA };
            let answer = app.create(endpoint).token(app.token_by(signer)).send().await;
            let counter = if answer.status == 201 { &self.good } else { &self.other };
            counter.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Until so many more were answered.
    async fn more(&self, calls: usize) {
        let before = self.good.load(Ordering::SeqCst) + self.other.load(Ordering::SeqCst);
        until("the load goes on", || {
            self.good.load(Ordering::SeqCst) + self.other.load(Ordering::SeqCst) >= before + calls
        })
        .await;
    }
}

on_both_databases!(
    while_keys_are_rotated_under_load_no_good_token_is_refused_and_no_retired_one_taken,
    async |database| {
        let issuer = Issuer::start();
        publish(&issuer, &[&RSA]);
        let keys = keys(&issuer, calm());
        let _watch = keys.keep_fetching();
        until("the keys come", || !keys.current().is_empty()).await;
        let app = App::build().keys(Arc::clone(&keys)).start(database).await;
        let load = Load::new();
        let rotation = async {
            load.more(10).await;
            // The new key is published before it signs, as issuers do it.
            publish(&issuer, &[&RSA, &ED25519]);
            keys.reread_and_tell().await;
            until("both are in force", || keys.current().size() == 2).await;
            load.more(10).await;
            load.signer_is_new.store(true, Ordering::SeqCst);
            load.more(10).await;
            assert_eq!(app.statuses(&RSA).await, [201; 2], "what was signed before is still good");
            publish(&issuer, &[&ED25519]);
            keys.reread_and_tell().await;
            until("the new one alone is in force", || keys.current().key_ids() == ["ed"]).await;
            for _ in 0..5 {
                assert_eq!(app.statuses(&RSA).await, [401; 2], "retired");
                assert_eq!(app.statuses(&ED25519).await, [201; 2]);
            }
            load.is_over.store(true, Ordering::SeqCst);
        };
        tokio::join!(
            rotation,
            load.run(&app, Endpoint::Tenant),
            load.run(&app, Endpoint::Run),
            load.run(&app, Endpoint::Tenant),
            load.run(&app, Endpoint::Run)
        );
        assert_eq!(load.other.load(Ordering::SeqCst), 0, "good tokens were refused");
        app.finish().await;
    }
);

on_both_databases!(a_token_of_a_key_that_was_never_announced_is_refused_once_and_then_taken, async |database| {
    let issuer = Issuer::start();
    publish(&issuer, &[&RSA]);
    let keys = keys(&issuer, calm());
    let _watch = keys.keep_fetching();
    until("the keys come", || !keys.current().is_empty()).await;
    let app = App::build().keys(Arc::clone(&keys)).start(database).await;
    publish(&issuer, &[&ED25519]);
    app.create(Endpoint::Tenant).token(app.token_by(&ED25519)).send().await.is(401, "invalid_token");
    until("the keys are fetched for it", || fetches(&keys) == 2).await;
    assert_eq!((app.statuses(&ED25519).await, app.statuses(&RSA).await), ([201; 2], [401; 2]));
    // Tokens whose key is known and which are refused for something else are no reason to ask anybody.
    let expired = app.token_of(&app.granting("*", &[CREATE]).expires_in(-60));
    app.create(Endpoint::Tenant).token(expired).send().await.is(401, "invalid_token");
    app.finish().await;
});

on_both_databases!(a_storm_of_unknown_keys_asks_the_issuer_once, async |database| {
    let issuer = Issuer::start();
    publish(&issuer, &[&RSA, &ED25519]);
    let keys = keys(&issuer, calm());
    let _watch = keys.keep_fetching();
    until("the keys come", || !keys.current().is_empty()).await;
    let app = App::build().keys(Arc::clone(&keys)).start(database).await;
    let storm = async |endpoint: Endpoint, from: u32| {
        for kid in from..from + 100 {
            let token = app.token_of(&app.granting("*", &[CREATE]).header("kid", json!(format!("kid-{kid}"))));
            app.create(endpoint).token(token).send().await.is(401, "invalid_token");
        }
    };
    tokio::join!(storm(Endpoint::Tenant, 0), storm(Endpoint::Run, 1000), storm(Endpoint::Tenant, 2000));
    until("one fetch", || fetches(&keys) == 2).await;
    storm(Endpoint::Run, 3000).await;
    assert_eq!((fetches(&keys), issuer.asked("/keys")), (2, 2));
    assert_eq!(app.statuses(&ED25519).await, [201; 2]);
    app.finish().await;
});

on_both_databases!(
    whatever_the_issuer_does_requests_are_answered_as_before_and_readiness_tells_the_truth,
    async |database| {
        let issuer = Issuer::start();
        publish(&issuer, &[&ED25519]);
        let keys = keys(&issuer, Limits { timeout: Duration::from_secs(4), ..calm() });
        let _watch = keys.keep_fetching();
        until("the keys come", || !keys.current().is_empty()).await;
        let app = App::build().keys(Arc::clone(&keys)).start(database).await;
        let portal = Page::answer("200 OK", "Content-Type: text/html\r\n", "<html>Please sign in</html>");
        for page in [Page::Held(Vec::new()), Page::Drip, Page::Endless, portal, Page::Bytes(Vec::new())] {
            issuer.publish("/keys", page);
            let before = fetches(&keys);
            keys.reread_and_tell().await;
            until("it is asked", || issuer.asked("/keys") as u64 > before).await;
            // While it is being asked, and again afterwards.
            for _ in 0..2 {
                assert_eq!((app.statuses(&ED25519).await, app.statuses(&RSA).await), ([201; 2], [401; 2]));
                assert_eq!(app.get("/readyz").send().await.status, 200);
                until("the fetch ends", || fetches(&keys) > before).await;
            }
        }
        assert_eq!(keys.facts().fetches.unwrap().successes, 1);
        app.finish().await;
    }
);
