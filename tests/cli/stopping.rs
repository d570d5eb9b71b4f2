//! Stopping, under load and without.

use std::{
    io::ErrorKind,
    net::TcpStream,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use crate::{
    RUN, TENANT,
    home::{Home, Running, get, post},
};

/// What became of the requests of many clients, a new connection each.
#[derive(Debug, Default)]
struct Tally {
    created: AtomicU64,
    lost: AtomicU64,
}

/// Sends requests until the door is closed.
fn keep_asking(service: &Running, token: &str, tally: &Tally) {
    for index in 0.. {
        let path = if index % 2 == 0 { TENANT } else { RUN };
        match service.exchange(&post(path, token, r#"{"summary": "x"}"#)) {
            Ok(answer) if answer.starts_with("HTTP/1.1 201") => tally.created.fetch_add(1, Ordering::SeqCst),
            // Whoever is refused never got through the door, and knows that nothing was stored.
            Err(error) if error.kind() == ErrorKind::ConnectionRefused => return,
            _ => tally.lost.fetch_add(1, Ordering::SeqCst),
        };
    }
}

/// Stops a service under load, `stops` times.
fn stop_under_load(shutdown_delay: &str, stops: u32) {
    for _ in 0..stops {
        let home = Home::new();
        let mut service = home.serve(&["--shutdown-delay", shutdown_delay]);
        let token = home.ok(&["token"]);
        let tally = Tally::default();
        std::thread::scope(|scope| {
            for _ in 0..24 {
                scope.spawn(|| keep_asking(&service, token.trim(), &tally));
            }
            while tally.created.load(Ordering::SeqCst) < 100 {
                std::thread::sleep(Duration::from_millis(10));
            }
            service.signal_end();
        });
        let (status, log) = service.ended();
        assert!(status.success(), "{log}");
        let (created, lost) = (tally.created.into_inner(), tally.lost.into_inner());
        assert_eq!(lost, 0, "{lost} were let in and got no answer, {created} got one");
        let stored = format!("All holds: {created} support request(s)");
        assert!(home.ok(&["verify"]).contains(&stored), "what was answered is what is stored: {stored}");
    }
}

#[test]
fn a_stop_under_load_answers_everybody_who_was_let_in() {
    stop_under_load("0s", 3);
}

#[test]
fn a_stop_with_a_delay_answers_everybody_who_came_meanwhile() {
    stop_under_load("1s", 1);
}

#[test]
fn during_the_delay_the_service_is_not_ready_and_answers_everybody_and_then_it_is_gone() {
    let home = Home::new();
    let mut service = home.serve(&["--shutdown-delay", "3s"]);
    let token = home.ok(&["token"]);
    service.signal_end();
    let mut unready = String::new();
    while !unready.starts_with("HTTP/1.1 503") {
        unready = service.exchange(&get("/readyz")).unwrap();
    }
    assert!(unready.contains("\"not_ready\""), "{unready}");
    for path in [TENANT, RUN] {
        let request = String::from_utf8(post(path, token.trim(), r#"{"summary": "x"}"#)).unwrap();
        // A client that would like to keep its connection.
        let answer = service.exchange(request.replace("Connection: close\r\n", "").as_bytes()).unwrap();
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
        assert!(answer.to_lowercase().contains("connection: close"), "{answer}");
    }
    let (status, log) = service.ended();
    assert!(status.success() && log.contains("stopped"), "{log}");
    assert!(home.ok(&["verify"]).contains("All holds: 2 support request(s)"));
}

#[test]
fn connections_on_which_nothing_comes_do_not_keep_a_service_from_stopping() {
    let home = Home::new();
    let service = home.serve(&[]);
    let idle: Vec<TcpStream> = (0..50).map(|_| TcpStream::connect(&service.address).unwrap()).collect();
    assert!(service.exchange(&get("/livez")).unwrap().starts_with("HTTP/1.1 200"));
    let (status, log) = service.terminate();
    assert!(status.success() && log.contains("stopped"), "{log}");
    drop(idle);
}

#[test]
fn whoever_asks_twice_does_not_wait_for_the_delay() {
    let home = Home::new();
    let mut service = home.serve(&["--shutdown-delay", "15s"]);
    service.signal_end();
    while !service.exchange(&get("/readyz")).unwrap().starts_with("HTTP/1.1 503") {}
    service.signal_end();
    let (status, log) = service.ended();
    assert!(status.success() && log.contains("asked again"), "{log}");
}
