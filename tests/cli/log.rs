//! The log, its readers, and what must not be in it.

use std::io::{BufRead as _, BufReader};

use serde_json::{Value, json};

use crate::{
    RUN, TENANT,
    home::{Home, get, post},
    production,
};

#[test]
fn a_log_that_nobody_reads_stops_nothing_and_says_later_how_much_of_it_is_missing() {
    let home = Home::new();
    let (mut service, log) = home.serve_unread(&["--log", "trace,actix_http=trace"]);
    let token = home.ok(&["token"]);
    // A pipe holds 64 KiB, and 4 MiB more wait for it.
    let mut answered = 0;
    for index in 0..3_000 {
        let path = if index % 2 == 0 { TENANT } else { RUN };
        let request = if index % 30 == 0 { post(path, token.trim(), r#"{"summary": "x"}"#) } else { get("/nothing") };
        let answer = service.exchange(&request).unwrap();
        answered += usize::from(answer.starts_with("HTTP/1.1 201") || answer.starts_with("HTTP/1.1 404"));
    }
    assert_eq!(answered, 3_000);
    // Now somebody reads on.
    let reading = std::thread::spawn(move || {
        let lines = BufReader::new(log).lines().map_while(Result::ok);
        lines.filter(|line| line.contains("log lines were dropped")).collect::<Vec<_>>()
    });
    service.signal_end();
    assert!(service.ended().0.success());
    let told = reading.join().unwrap();
    let dropped = |line: &String| line.split("dropped=").nth(1).and_then(|number| number.trim().parse::<u64>().ok());
    assert!(told.iter().filter_map(dropped).sum::<u64>() > 0, "{told:?}");
    assert!(home.ok(&["verify"]).contains("All holds: 100 support request(s)"));
}

#[test]
fn a_service_whose_log_nobody_reads_ends_when_it_is_asked_to() {
    let home = Home::new();
    let (mut service, log) = home.serve_unread(&["--log", "trace"]);
    for _ in 0..300 {
        service.exchange(&get("/livez")).unwrap();
    }
    service.signal_end();
    assert!(service.ended().0.success());
    drop(log);
}

#[test]
fn a_log_whose_reader_is_gone_stops_nothing() {
    let home = Home::new();
    let (mut service, log) = home.serve_unread(&["--log", "debug"]);
    drop(log);
    for _ in 0..100 {
        assert!(service.exchange(&get("/readyz")).unwrap().starts_with("HTTP/1.1 200"));
    }
    service.signal_end();
    assert!(service.ended().0.success());
}

#[test]
fn a_header_name_that_makes_the_framework_panic_costs_one_connection_and_is_one_line_without_what_was_sent() {
    let home = Home::new();
    let args = production(&home);
    let service = home.serve(&args.iter().map(String::as_str).collect::<Vec<_>>());
    for path in ["/livez", TENANT] {
        let name = "canary".repeat(20_000)[..65_536].to_owned();
        let head = format!("POST {path} HTTP/1.1\r\nHost: localhost\r\n{name}: x\r\nContent-Length: 0\r\n\r\n");
        let answer = service.exchange(head.as_bytes());
        assert!(answer.as_ref().map_or(true, String::is_empty), "{answer:?}");
        assert!(service.exchange(&get("/livez")).unwrap().starts_with("HTTP/1.1 200"));
    }
    let (status, log) = service.terminate();
    assert!(status.success());
    assert!(!log.contains("canary"), "the log repeats what was sent");
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect("every line is JSON")).collect();
    let told: Vec<&Value> = lines.iter().filter(|line| line["message"] == "a task panicked").collect();
    assert_eq!(told.len(), 2, "one each: {told:?}");
    assert!(told.iter().all(|line| line["level"] == "ERROR" && line["location"].is_string()), "{told:?}");
}

#[test]
fn what_clients_do_wrong_is_no_error_of_the_service() {
    let home = Home::new();
    let args = production(&home);
    let service = home.serve(&args.iter().map(String::as_str).collect::<Vec<_>>());
    let nonsense = [
        "\0\u{1}\u{2}\r\n\r\n".to_owned(),
        "GET / HTTP/9.9\r\n\r\n".to_owned(),
        "GET /livez HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n".to_owned(),
        "POST /livez HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n".to_owned(),
        format!("POST {TENANT} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        format!("POST {TENANT} HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx"),
        format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "x".repeat(200_000)),
        "SUPPORT /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".to_owned(),
    ];
    for bytes in &nonsense {
        let mut connection = std::net::TcpStream::connect(&service.address).unwrap();
        let _ = std::io::Write::write_all(&mut connection, bytes.as_bytes());
    }
    let answer = service.exchange(&post(RUN, "garbage", &json!({"summary": "x"}).to_string())).unwrap();
    assert!(answer.starts_with("HTTP/1.1 401"));
    let (status, log) = service.terminate();
    assert!(status.success());
    assert!(!log.contains("\"ERROR\"") && !log.contains("\"WARN\""), "{log}");
    assert!(log.contains("\"answered\""), "the positive control: {log}");
}
