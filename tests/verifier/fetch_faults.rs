//! An issuer that is broken in every way there is: the old keys stay, and nothing is waited for.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use support_requests::auth::Limits;

use crate::fetching::{at, calm, fetch_again, fetches, judged, store, until_fetched};
use crate::harness::{P256, RSA, SECRET};
use crate::issuer::{Issuer, Page};
use crate::logged::Log;

/// What is wrong, the page, and the cause that the log names.
fn faults() -> Vec<(&'static str, Page, &'static str)> {
    let good = json!({"keys": [RSA.jwk]}).to_string();
    let cut = "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n{\"keys\"";
    let open = format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{good}");
    let two = json!({"keys": [RSA.jwk, SECRET.jwk]}).to_string();
    let useless = json!({"keys": [RSA.jwk_with(&json!({"use": "enc"}))]}).to_string();
    let long = format!("{}{}", " ".repeat(256 * 1024), good);
    let ok = |body: &str| Page::answer("200 OK", "", body);
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    let deep_member = good.replacen('{', &format!("{{\"x\":{deep},"), 1);
    let mut not_utf_8 = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
    not_utf_8.extend(good.replacen('{', "{\"x\":\"?\",", 1).bytes().map(|byte| if byte == b'?' { 0xff } else { byte }));
    let elsewhere = "Location: /elsewhere\r\n";
    vec![
        ("it says nothing", Page::Held(Vec::new()), "timeout"),
        ("it stops within the head", Page::Held(b"HTTP/1.1 200 OK\r\nCon".to_vec()), "timeout"),
        ("it never closes", Page::Held(open.into_bytes()), "timeout"),
        ("it drips", Page::Drip, "timeout"),
        ("it has no end", Page::Endless, "too_large"),
        ("it is one byte too long", ok(&long[..=256 * 1024]), "too_large"),
        ("it breaks off", Page::Bytes(cut.as_bytes().to_vec()), "broken_off"),
        ("it closes at once", Page::Bytes(Vec::new()), "no_answer"),
        ("it is no HTTP", Page::Bytes(b"220 mail.example ESMTP canary\r\n\r\n".to_vec()), "no_answer"),
        ("it is a portal", ok("<html><body>Sign in, canary</body></html>"), "refused"),
        ("it is half JSON", ok(&good[..good.len() / 2]), "refused"),
        ("it is an empty set", ok("{\"keys\":[]}"), "refused"),
        ("it has no usable key", ok(&useless), "refused"),
        ("it mixes secrets with public keys", ok(&two), "refused"),
        ("it is UTF-16", ok("{\0\"\0k\0"), "not_text"),
        ("it is not UTF-8", Page::Bytes(not_utf_8), "not_text"),
        ("it nests 10,000 deep in place of a key", ok(&format!("{{\"keys\":[{deep}]}}")), "refused"),
        ("it nests 10,000 deep beside its keys", ok(&deep_member), "refused"),
        ("it is no object", ok("[1]"), "refused"),
        ("its keys are no list", ok("{\"keys\":{\"kid\":7}}"), "refused"),
        ("its keys are no objects", ok("{\"keys\":[7,null,\"canary\"]}"), "refused"),
        (
            "its keys have members of other types",
            ok("{\"keys\":[{\"kty\":7,\"kid\":[],\"n\":{},\"e\":null}]}"),
            "refused",
        ),
        ("it is empty", Page::answer("204 No Content", "", ""), "status"),
        ("it fails", Page::answer("500 Internal Server Error", "", &good), "status"),
        ("it is asked too often", Page::answer("429 Too Many Requests", "", &good), "status"),
        ("it leads elsewhere", Page::answer("302 Found", elsewhere, &good), "redirect"),
        ("it leads elsewhere for good", Page::answer("308 Permanent Redirect", elsewhere, &good), "redirect"),
    ]
}

/// One fault between two good answers.
async fn endure(what: &str, page: Page, cause: &str, log: &Log) {
    let issuer = Issuer::start();
    issuer.publish("/elsewhere", Page::keys(&[&RSA.jwk]));
    issuer.publish("/keys", Page::keys(&[&P256.jwk]));
    // A good answer takes some milliseconds; this is for a machine that does much else.
    let limits = Limits { timeout: Duration::from_secs(4), ..calm() };
    let store = store(at(&issuer.url("/keys")), limits);
    let _watch = store.keep_fetching();
    until_fetched(&store, 1).await;
    issuer.publish("/keys", page);
    store.reread_and_tell().await;
    assert_eq!(judged(&store, &P256), None, "{what}: while it is being fetched");
    until_fetched(&store, 2).await;
    let (source, cause) = (issuer.url("/keys"), format!("cause=\"{cause}\""));
    log.says(&["WARN", "the old keys stay in force", &source, &cause, "failures=1"]).await;
    assert_eq!((judged(&store, &P256), judged(&store, &RSA).is_some()), (None, true), "{what}");

    issuer.publish("/keys", Page::keys(&[&RSA.jwk]));
    fetch_again(&store).await;
    assert_eq!((judged(&store, &P256).is_some(), judged(&store, &RSA)), (true, None), "{what}: positive control");
    let facts = store.facts().fetches.unwrap();
    assert_eq!((facts.successes, facts.failures, facts.failures_in_a_row), (2, 1, 0), "{what}");
    assert_eq!(issuer.asked("/elsewhere"), 0, "{what}: a redirect was followed");
}

#[tokio::test(flavor = "current_thread")]
async fn whatever_is_wrong_with_an_answer_the_old_keys_stay_and_the_log_says_what_it_was() {
    let log = Log::default();
    let _logging = log.start();
    // All at once, because some of them take as long as they may.
    join_all(faults().into_iter().map(|(what, page, cause)| endure(what, page, cause, &log))).await;
    assert!(!log.text().contains("canary"), "{}", log.text());
}

#[tokio::test(flavor = "current_thread")]
async fn a_key_set_of_exactly_the_largest_size_is_taken() {
    let issuer = Issuer::start();
    let keys = json!({"keys": [P256.jwk]}).to_string();
    let padded = " ".repeat(256 * 1024 - keys.len()) + &keys;
    issuer.publish("/keys", Page::answer("200 OK", "", &padded));
    let store = store(at(&issuer.url("/keys")), calm());
    let _watch = store.keep_fetching();
    until_fetched(&store, 1).await;
    assert_eq!(judged(&store, &P256), None);
}

#[tokio::test(flavor = "current_thread")]
async fn an_issuer_that_is_not_there_is_asked_again_and_again_until_it_is() {
    let log = Log::default();
    let _logging = log.start();
    let issuer = Issuer::start();
    let quick = Duration::from_millis(10);
    let store = store(at(&issuer.url("/keys")), Limits { retry_min: quick, retry_max: quick * 4, ..calm() });
    let _watch = store.keep_fetching();
    until_fetched(&store, 6).await;
    assert!(store.current().is_empty());
    log.says(&["WARN", "there are no keys yet: not ready", "cause=\"status\"", "failures=5"]).await;
    issuer.publish("/keys", Page::keys(&[&P256.jwk]));
    log.says(&["INFO", "in force", "keys=1"]).await;
    let times = fetches(&store);
    assert_eq!(judged(&store, &P256), None);
    tokio::time::sleep(quick * 20).await;
    assert_eq!(fetches(&store), times, "now it is left alone");
}

#[tokio::test(flavor = "current_thread")]
async fn nobody_at_the_address_is_a_failed_fetch() {
    let log = Log::default();
    let _logging = log.start();
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let store = store(at(&format!("http://{address}/keys?canary")), calm());
    let _watch = store.keep_fetching();
    until_fetched(&store, 1).await;
    log.says(&["WARN", "no keys yet", "cause=\"connect\""]).await;
    assert!(!log.text().contains("canary"), "{}", log.text());
}
