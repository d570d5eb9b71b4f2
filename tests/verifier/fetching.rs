//! Keys that are fetched from an issuer: when, and what is in force afterwards.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support_requests::auth::{
    IssuerUrl, KeySet, KeyStore, KeyUrl, Limits, PlainHttp, ProxyUrl, PublishedAt, Remote, TokenFault,
};
use support_requests::clock::FixedClock;

use crate::harness::{ED25519, NOW, P256, RSA, Signer, check};
use crate::issuer::{Issuer, Page};
use crate::logged::Log;

/// Nothing comes by itself within the time that a test takes.
pub fn calm() -> Limits {
    let long = Duration::from_hours(10);
    Limits {
        lifetime_min: long,
        lifetime_max: long,
        lifetime_unspecified: long,
        retry_min: long,
        retry_max: long,
        ..rates(long)
    }
}

fn rates(token_interval: Duration) -> Limits {
    Limits { token_interval, timeout: Duration::from_secs(30), ..Limits::default() }
}

pub fn at(url: &str) -> PublishedAt {
    PublishedAt::Url(KeyUrl::parse(url, PlainHttp::OnLoopback).unwrap())
}

pub fn store(at: PublishedAt, limits: Limits) -> Arc<KeyStore> {
    KeyStore::remote(Remote::new(at, None, limits, Arc::new(FixedClock::at(NOW))))
}

/// Fetches that have come to an end.
pub fn fetches(store: &KeyStore) -> u64 {
    let facts = store.facts().fetches.unwrap();
    facts.successes + facts.failures
}

/// Waits until so many have. Gives up long after anything is broken.
pub async fn until_fetched(store: &KeyStore, times: u64) {
    let give_up = Instant::now() + Duration::from_mins(1);
    while fetches(store) < times {
        assert!(Instant::now() < give_up, "{} fetches and not {times}", fetches(store));
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Has the keys fetched once more.
pub async fn fetch_again(store: &Arc<KeyStore>) {
    let before = fetches(store);
    store.reread_and_tell().await;
    until_fetched(store, before + 1).await;
}

pub fn judged(store: &KeyStore, signer: &Signer) -> Option<TokenFault> {
    check(&store.current(), &signer.good_token()).err()
}

#[tokio::test(flavor = "current_thread")]
async fn keys_come_into_force_and_go_out_of_force_with_the_set_that_the_issuer_publishes() {
    let log = Log::default();
    let _logging = log.start();
    let issuer = Issuer::start();
    issuer.publish("/keys", Page::keys(&[&P256.jwk, &RSA.jwk]));
    let store = store(at(&issuer.url("/keys?canary=1")), calm());
    issuer.publish("/keys?canary=1", Page::keys(&[&P256.jwk, &RSA.jwk]));
    assert!(store.current().is_empty());
    assert_eq!(judged(&store, &P256), Some(TokenFault::UnknownKey), "no key fits before there are any");
    let _watch = store.keep_fetching();
    until_fetched(&store, 1).await;
    assert_eq!((judged(&store, &P256), judged(&store, &RSA)), (None, None));
    log.says(&["INFO", "in force", "keys=2", "added=\"P-256 rsa\"", "removed=\"\""]).await;

    issuer.publish("/keys?canary=1", Page::keys(&[&RSA.jwk, &ED25519.jwk]));
    fetch_again(&store).await;
    let unknown = Some(TokenFault::UnknownKey);
    assert_eq!((judged(&store, &P256), judged(&store, &RSA), judged(&store, &ED25519)), (unknown, None, None));
    log.says(&["INFO", "in force", "keys=2", "added=\"ed\"", "removed=\"P-256\""]).await;
    fetch_again(&store).await;
    log.says(&["INFO", "was fetched and has not changed"]).await;
    assert!(!log.text().contains("canary"), "{}", log.text());
    let facts = store.facts();
    let fetches = facts.fetches.unwrap();
    assert_eq!((facts.keys, fetches.successes, fetches.failures, fetches.last_success), (2, 3, 0, Some(NOW)));
    assert!(fetches.age.is_some());
}

#[tokio::test(flavor = "current_thread")]
async fn what_an_issuer_publishes_is_read_as_a_file_is() {
    let log = Log::default();
    let _logging = log.start();
    let issuer = Issuer::start();
    let padded = json!(P256.jwk["x"].as_str().unwrap().to_owned() + "=");
    let keys = json!({"keys": [P256.jwk_with(&json!({"x": padded})), RSA.jwk_with(&json!({"use": "enc"}))]});
    issuer.publish("/keys", Page::answer("200 OK", "Content-Type: text/plain\r\n", &format!("\u{feff}{keys}")));
    let store = store(at(&issuer.url("/keys")), calm());
    let _watch = store.keep_fetching();
    until_fetched(&store, 1).await;
    assert_eq!(judged(&store, &P256), None);
    log.says(&["WARN", "keys[1] (kid rsa) is not used", "use is not"]).await;
    let heads = issuer.heads();
    let head = heads[0].to_ascii_lowercase();
    assert!(head.contains("\r\naccept: application/jwk-set+json, application/json\r\n"), "{head}");
    assert!(head.contains("\r\nuser-agent: support-requests/") && !head.contains("cookie"), "{head}");
}

#[tokio::test(flavor = "current_thread")]
async fn ten_thousand_tokens_of_unknown_keys_cause_one_fetch_and_no_more_before_its_time() {
    let issuer = Issuer::start();
    issuer.publish("/keys", Page::keys(&[&P256.jwk, &RSA.jwk]));
    let store = store(at(&issuer.url("/keys")), calm());
    let _watch = store.keep_fetching();
    until_fetched(&store, 1).await;
    let header = |kid: u32| json!({"alg": "ES256", "kid": format!("{kid:08x}"), "typ": "at+jwt"}).to_string();
    let token = P256.good_token();
    let (_, rest) = token.split_once('.').unwrap();
    for kid in 0..10_000_u32 {
        let token = format!("{}.{rest}", crate::harness::base64url(header(kid.wrapping_mul(2_654_435_761))));
        let fault = check(&store.current(), &token).unwrap_err();
        assert!(fault.is_about_the_key());
        store.fetch_soon();
        if kid % 100 == 0 {
            tokio::task::yield_now().await;
        }
    }
    until_fetched(&store, 2).await;
    store.fetch_soon();
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!((fetches(&store), issuer.asked("/keys")), (2, 2));
    assert_eq!(judged(&store, &P256), None);
}

#[tokio::test(flavor = "current_thread")]
async fn a_token_of_a_new_key_is_good_once_the_set_was_fetched_for_it_and_what_comes_too_early_is_not_forgotten() {
    let issuer = Issuer::start();
    issuer.publish("/keys", Page::keys(&[&P256.jwk]));
    let store = store(at(&issuer.url("/keys")), Limits { token_interval: Duration::from_millis(300), ..calm() });
    let _watch = store.keep_fetching();
    until_fetched(&store, 1).await;
    for (times, new) in [(2, &*RSA), (3, &*ED25519)] {
        issuer.publish("/keys", Page::keys(&[&new.jwk]));
        assert_eq!(judged(&store, new), Some(TokenFault::UnknownKey));
        store.fetch_soon();
        assert_eq!(judged(&store, new), Some(TokenFault::UnknownKey), "nobody waits for it");
        until_fetched(&store, times).await;
        assert_eq!(judged(&store, new), None);
    }
    assert_eq!(judged(&store, &P256), Some(TokenFault::UnknownKey));
}

#[tokio::test(flavor = "current_thread")]
async fn a_set_is_fetched_again_by_itself_as_its_issuer_says() {
    let issuer = Issuer::start();
    let short = Duration::from_millis(20);
    let body = json!({"keys": [P256.jwk]}).to_string();
    for (headers, returns) in [
        ("Cache-Control: no-store\r\n", true),
        ("Cache-Control: max-age=0\r\n", true),
        ("Cache-Control: max-age=36000\r\n", false),
        ("", false),
    ] {
        issuer.publish("/keys", Page::answer("200 OK", headers, &body));
        let store = store(at(&issuer.url("/keys")), Limits { lifetime_min: short, ..calm() });
        let _watch = store.keep_fetching();
        until_fetched(&store, if returns { 4 } else { 1 }).await;
        if !returns {
            tokio::time::sleep(Duration::from_millis(200)).await;
            assert_eq!(fetches(&store), 1, "{headers}");
        }
    }
}

#[tokio::test(flavor = "current_thread")]
async fn nothing_is_fetched_any_more_when_the_watch_has_ended() {
    let issuer = Issuer::start();
    issuer.publish(
        "/keys",
        Page::answer("200 OK", "Cache-Control: no-cache\r\n", &json!({"keys": [P256.jwk]}).to_string()),
    );
    let store = store(at(&issuer.url("/keys")), Limits { lifetime_min: Duration::from_millis(5), ..calm() });
    let watch = store.keep_fetching();
    until_fetched(&store, 3).await;
    drop(watch);
    tokio::time::sleep(Duration::from_millis(50)).await;
    let before = issuer.asked("/keys");
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(issuer.asked("/keys"), before);
    assert_eq!(judged(&store, &P256), None, "its keys are still in force");
}

#[tokio::test(flavor = "current_thread")]
async fn keys_from_elsewhere_are_not_fetched() {
    let store = KeyStore::fixed(P256.key_set());
    let _watch = store.keep_fetching();
    store.fetch_soon();
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(judged(&store, &P256), None);
    assert!(store.facts().fetches.is_none() && store.facts().keys == 1 && KeySet::empty().size() == 0);
}

#[tokio::test(flavor = "current_thread")]
async fn keys_are_discovered_at_either_place_from_the_issuer_that_was_named_and_no_other() {
    let log = Log::default();
    let _logging = log.start();
    let server = Issuer::start();
    server.publish("/keys", Page::keys(&[&P256.jwk]));
    let keys = server.url("/keys");
    let (openid, oauth) = ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server");
    let metadata = |issuer: &str| json!({"issuer": issuer, "jwks_uri": keys});
    for (issuer, place, says, cause) in [
        ("", openid.to_owned(), metadata(&server.url("")), None),
        ("/", openid.to_owned(), metadata(&server.url("/")), None),
        ("/one", format!("/one{openid}"), metadata(&server.url("/one")), None),
        ("/two/", format!("{oauth}/two"), metadata(&server.url("/two/")), None),
        ("/a", format!("/a{openid}"), metadata(&server.url("/a/")), Some("other_issuer")),
        ("/b", format!("/b{openid}"), metadata(&server.url("")), Some("other_issuer")),
        ("/c", format!("/c{openid}"), metadata("https://issuer.example"), Some("other_issuer")),
        ("/d", format!("/d{openid}"), json!({"jwks_uri": keys}), Some("not_metadata")),
        ("/e", format!("/e{openid}"), json!({"issuer": server.url("/e")}), Some("not_metadata")),
        ("/f", format!("/f{openid}"), json!({"issuer": server.url("/f"), "jwks_uri": 7}), Some("not_metadata")),
        ("/g", format!("/g{openid}"), json!([]), Some("not_metadata")),
        (
            "/h",
            format!("/h{openid}"),
            json!({"issuer": server.url("/h"), "jwks_uri": "http://i.example/"}),
            Some("key_address"),
        ),
        ("/i", format!("/elsewhere{openid}"), Value::Null, Some("status")),
    ] {
        server.publish(&place, Page::json(&says));
        let issuer = IssuerUrl::parse(&server.url(issuer), PlainHttp::OnLoopback).unwrap();
        let store = store(PublishedAt::Discovered(issuer), calm());
        let _watch = store.keep_fetching();
        until_fetched(&store, 1).await;
        match cause {
            None => assert_eq!(judged(&store, &P256), None, "{place}"),
            Some(cause) => {
                assert!(store.current().is_empty(), "{place}");
                log.says(&["WARN", "no keys yet", &format!("cause=\"{cause}\"")]).await;
            }
        }
    }
}

#[tokio::test(flavor = "current_thread")]
async fn a_proxy_is_used_only_where_one_is_set() {
    let (proxy, issuer) = (Issuer::start(), Issuer::start());
    issuer.publish("/keys", Page::keys(&[&P256.jwk]));
    proxy.publish(&issuer.url("/keys"), Page::keys(&[&RSA.jwk]));
    let through = ProxyUrl::parse(&proxy.url("/"));
    assert!(through.is_some() && ProxyUrl::parse("socks5://127.0.0.1:1").is_none());
    for (through, signer) in [(through, &*RSA), (None, &*P256)] {
        let clock = Arc::new(FixedClock::at(NOW));
        let store = KeyStore::remote(Remote::new(at(&issuer.url("/keys")), through, calm(), clock));
        let _watch = store.keep_fetching();
        until_fetched(&store, 1).await;
        assert_eq!(judged(&store, signer), None);
    }
}
