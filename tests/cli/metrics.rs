//! Scrapes of the built binary: on which listener, and what only a whole process has to say.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::{
    TENANT,
    home::{Home, Running, exchange, get},
    issuer::{Issuer, Page},
    production,
    scrape::Scrape,
    tokens::{AUDIENCE, ED25519},
};

/// A scrape of an address.
fn scrape(address: &str) -> Scrape {
    let answer = exchange(address, &get("/metrics")).unwrap();
    let (head, text) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{answer}");
    Scrape::parse(text)
}

/// A scrape of the main listener that says this of a series.
fn until(service: &Running, series: &str, value: i64) {
    let give_up = Instant::now() + Duration::from_mins(1);
    while scrape(&service.address).count(series) != value {
        assert!(Instant::now() < give_up, "{series} is {}", scrape(&service.address).count(series));
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Waits for a health check that is answered like this.
fn until_livez_is(service: &Running, begins: &str) {
    let give_up = Instant::now() + Duration::from_mins(1);
    while !service.exchange(&get("/livez")).unwrap_or_default().starts_with(begins) {
        assert!(Instant::now() < give_up, "there was no {begins}");
    }
}

/// Without what two answers always differ in.
fn comparable(answer: &str) -> String {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let id = head.lines().find_map(|line| line.strip_prefix("x-request-id: ")).unwrap();
    let differ = ["date:", "x-request-id:"];
    let mut head: Vec<&str> = head.lines().filter(|line| !differ.iter().any(|name| line.starts_with(name))).collect();
    head.sort_unstable();
    format!("{head:?} {}", body.replace(id, "…"))
}

#[test]
fn scrapes_are_answered_on_their_own_listener_alone_where_one_is_set() {
    let home = Home::new();
    let beside = home.serve(&[]);
    assert_eq!(scrape(&beside.address).count("support_requests_ready"), 1);
    drop(beside);
    let mut args = production(&home);
    args.extend(["--metrics-listen", "127.0.0.1:0"].map(str::to_owned));
    let service = home.serve(&args.iter().map(String::as_str).collect::<Vec<_>>());
    let line = service.logged("scrapes are answered on a listener of their own");
    let line: Value = serde_json::from_str(&line).unwrap();
    let own = line["address"].as_str().unwrap();
    assert_eq!(scrape(own).count("support_requests_ready"), 1);
    let nowhere = comparable(&service.exchange(&get("/nowhere")).unwrap());
    assert!(nowhere.contains("404"), "{nowhere}");
    assert_eq!(comparable(&service.exchange(&get("/metrics")).unwrap()), nowhere, "there is no such route here");
    for path in ["/", "/livez", "/readyz", "/docs/", TENANT] {
        let answer = exchange(own, &get(path)).unwrap();
        assert!(answer.starts_with("HTTP/1.1 404") && answer.contains("\"code\":\"not_found\""), "{path}: {answer}");
    }
    let (status, log) = service.terminate();
    assert!(status.success(), "{log}");
    assert!(!log.contains("\"route\":\"/metrics\""), "a scrape is below INFO: {log}");
}

#[test]
fn a_listener_for_scrapes_that_cannot_be_used_is_refused_by_name() {
    let home = Home::new();
    let said = home.refused(&["--metrics-listen", "canary"]);
    assert!(said.contains("SUPPORT_REQUESTS_METRICS_LISTEN (--metrics-listen)") && !said.contains("canary"), "{said}");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = home.refused(&["--listen", "127.0.0.1:0", "--metrics-listen", &address]);
    assert!(said.contains("SUPPORT_REQUESTS_METRICS_LISTEN") && said.contains("cannot listen"), "{said}");
}

#[test]
fn panics_are_counted() {
    let home = Home::new();
    let service = home.serve(&[]);
    assert_eq!(scrape(&service.address).count("support_requests_panics_total"), 0);
    let name = "x".repeat(65_536);
    let head = format!("POST /livez HTTP/1.1\r\nHost: localhost\r\n{name}: x\r\nContent-Length: 0\r\n\r\n");
    let _ = service.exchange(head.as_bytes());
    until(&service, "support_requests_panics_total", 1);
}

#[test]
fn fetches_of_the_key_set_are_counted_and_so_is_how_old_it_is() {
    let (home, issuer) = (Home::new(), Issuer::start());
    issuer.publish("/keys", Page::keys(&[ED25519.public_jwk()]));
    let jwks = format!("http://{}/keys", issuer.address());
    let service = home.serve(&["--jwks", &jwks, "--issuer", "https://i.example", "--audience", AUDIENCE]);
    until(&service, "support_requests_keys", 1);
    let now = scrape(&service.address);
    assert_eq!(now.count("support_requests_key_set_fetches_total"), 1);
    assert_eq!(now.count("support_requests_key_set_fetch_failures_total"), 0);
    assert!(now.has("support_requests_key_set_age_seconds"));
    issuer.publish("/keys", Page::json(&json!("nonsense")));
    service.signal("HUP");
    until(&service, "support_requests_key_set_fetch_failures_in_a_row", 1);
    let now = scrape(&service.address);
    assert_eq!(now.count("support_requests_key_set_fetch_failures_total"), 1);
    assert_eq!(now.count("support_requests_keys"), 1, "the old keys stay in force");
}

#[test]
fn connections_are_counted_against_their_limit_and_so_are_those_that_are_turned_away() {
    let home = Home::new();
    let service = home.serve_within(256, &[]);
    let max = scrape(&service.address).count("support_requests_connections_max");
    assert!((10..256).contains(&max), "{max}");
    assert_eq!(scrape(&service.address).count("process_max_fds"), 256);
    let idle: Vec<_> = (0..max + 5).map(|_| std::net::TcpStream::connect(&service.address).unwrap()).collect();
    // They are let in by several threads, each in its own time.
    until_livez_is(&service, "HTTP/1.1 503");
    drop(idle);
    until_livez_is(&service, "HTTP/1.1 200");
    assert!(scrape(&service.address).count("support_requests_connections_turned_away_total") >= 1);
}
