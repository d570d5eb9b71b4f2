//! More connections than a machine can hold.

use std::net::TcpStream;

use serde_json::{Value, json};

use crate::{
    RUN, TENANT,
    home::{Home, Running, get, post},
};

/// Opens as many connections as asked for and sends nothing on them.
fn idle(service: &Running, number: usize) -> Vec<TcpStream> {
    (0..number).map(|_| TcpStream::connect(&service.address).unwrap()).collect()
}

/// The status, and what a problem says.
fn read(answer: &str) -> (u16, Value) {
    let status = answer.split(' ').nth(1).unwrap_or_else(|| panic!("no answer: {answer:?}")).parse().unwrap();
    (status, answer.split_once("\r\n\r\n").and_then(|(_, body)| serde_json::from_str(body).ok()).unwrap_or_default())
}

#[test]
fn who_finds_no_place_is_told_so_at_once_and_when_there_is_one_all_is_well_again() {
    let home = Home::new();
    let service = home.serve_within(256, &[]);
    let token = home.ok(&["token"]);
    let create = |path: &str| post(path, token.trim(), &json!({"summary": "It fails"}).to_string());
    assert_eq!(read(&service.exchange(&create(TENANT)).unwrap()).0, 201);

    // Far more than fit, more even than the process may have files.
    let waiting = idle(&service, 400);
    for bytes in [create(TENANT), create(RUN), get("/livez"), get("/readyz")] {
        for _ in 0..5 {
            let answer = service.exchange(&bytes).unwrap();
            let (status, problem) = read(&answer);
            assert_eq!((status, problem["code"].as_str()), (503, Some("overloaded")), "{answer}");
            let head = answer.split("\r\n\r\n").next().unwrap().to_lowercase();
            for header in ["connection: close", "content-type: application/problem+json", "retry-after: 1"] {
                assert!(head.contains(header), "{header} is not in {head}");
            }
            let path = String::from_utf8_lossy(&bytes).split(' ').nth(1).unwrap().to_owned();
            let up = "../".repeat(path.matches('/').count() - 1);
            let help = format!("link: <{up}docs/errors#overloaded>; rel=\"help\"\r\n");
            assert!(head.contains(&help), "{help} is not in {head}");
            let id = format!("x-request-id: {}", problem["request_id"].as_str().unwrap().to_lowercase());
            assert!(head.contains(&id), "{head}");
        }
    }
    drop(waiting);
    let mut status = 503;
    while status == 503 {
        status = read(&service.exchange(&create(RUN)).unwrap()).0;
    }
    assert_eq!(status, 201);
    assert_eq!(read(&service.exchange(&get("/readyz")).unwrap()).0, 200);

    let (status, log) = service.terminate();
    assert!(status.success());
    let told = log.lines().filter(|line| line.contains("connections are turned away")).count();
    assert!((1..10).contains(&told), "told {told} times: {log}");
    assert!(!log.contains("ERROR") && log.lines().count() < 50, "{log}");
    assert!(home.ok(&["verify"]).contains("All holds: 2 support request(s)"), "what was answered 503 is not stored");
}

#[test]
fn whoever_finds_no_place_gets_the_answer_also_when_they_send_a_large_body_first() {
    let home = Home::new();
    let service = home.serve_within(256, &[]);
    let token = home.ok(&["token"]);
    let _waiting = idle(&service, 150);
    for size in [1_000, 100_000, 1_000_000] {
        let answer = service.exchange(&post(TENANT, token.trim(), &" ".repeat(size))).unwrap();
        assert_eq!(read(&answer).0, 503, "{size}");
    }
}
