//! Spans that a collector gets, and what becomes of requests where it is gone.

use std::{collections::BTreeSet, process::Command};

use serde_json::{Value, json};

use crate::{
    RUN, TENANT,
    collector::{Collector, attribute, hex},
    home::{Home, Running},
};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLERS_SPAN: &str = "00f067aa0ba902b7";

/// A service that sends spans soon, in production's log format but otherwise as in development.
fn traced(home: &Home, endpoint: &str, args: &[&str]) -> Command {
    let mut all = vec!["--listen", "127.0.0.1:0"];
    all.extend(args);
    let mut command = home.command(&all);
    command.env("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint).env("OTEL_BSP_SCHEDULE_DELAY", "50");
    command
}

/// A call, byte by byte, in a trace or in none.
fn call(service: &Running, path: &str, token: &str, traceparent: Option<&str>, body: &Value) -> String {
    let (body, length) = (body.to_string(), body.to_string().len());
    let traceparent = traceparent.map(|sent| format!("traceparent: {sent}\r\n")).unwrap_or_default();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n{traceparent}\
         X-Request-Id: request-of-canary\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    service.exchange(head.as_bytes()).unwrap()
}

#[test]
fn a_call_and_its_stages_are_spans_in_the_callers_trace_with_nothing_personal_in_them() {
    let (home, collector) = (Home::new(), Collector::start());
    let mut command = traced(&home, &collector.endpoint, &[]);
    command.env("OTEL_EXPORTER_OTLP_HEADERS", "x-collector-key=abc");
    let service = Home::start(command);
    let token = home.ok(&["token", "--subject", "canary-subject"]);
    let sent = format!("00-{TRACE}-{CALLERS_SPAN}-01");
    let canaries = json!({"summary": "canary", "contact_email": "canary@acme.example", "contact_name": "canary"});
    let answer = call(&service, RUN, token.trim(), Some(&sent), &canaries);
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    let spans = collector.until_spans(5);
    assert!(spans.iter().all(|span| hex(&span.trace_id) == TRACE), "{spans:?}");
    let named =
        |name: &str| spans.iter().find(|span| span.name == name).unwrap_or_else(|| panic!("no {name}: {spans:?}"));
    let route = "/workspaces/{workspace}/tenants/{tenant}/operation-runs/{run}/support-requests";
    let whole = named(&format!("POST {route}"));
    assert_eq!(hex(&whole.parent_span_id), CALLERS_SPAN);
    for (key, value) in [("http.request.method", "POST"), ("http.route", route), ("http.response.status_code", "201")] {
        assert_eq!(attribute(&whole.attributes, key).as_deref(), Some(value), "{whole:?}");
    }
    for stage in ["token", "provider", "redaction", "store"] {
        let stage = named(stage);
        assert_eq!(stage.parent_span_id, whole.span_id, "{stage:?}");
        assert!(
            stage.start_time_unix_nano >= whole.start_time_unix_nano
                && stage.end_time_unix_nano <= whole.end_time_unix_nano
        );
    }
    let exports = collector.exports();
    for personal in ["canary", "contoso", "acme", "run-1042", token.trim()] {
        assert!(!format!("{exports:?}").contains(personal), "{personal} was sent");
    }
    assert!(spans.iter().all(|span| span.events.is_empty()), "an event is the log's");
    let resource = exports[0].resource_spans[0].resource.as_ref().unwrap();
    assert_eq!(attribute(&resource.attributes, "service.name").as_deref(), Some("support-requests"));
    assert_eq!(attribute(&resource.attributes, "service.version").as_deref(), Some(env!("CARGO_PKG_VERSION")));
    let head = &collector.heads()[0];
    assert!(head.starts_with("post /v1/traces ") && head.contains("x-collector-key: abc"), "{head}");
    assert!(head.contains("content-type: application/x-protobuf"), "{head}");
    let (status, log) = service.terminate();
    assert!(status.success());
    let line = log.lines().find(|line| line.contains("answered")).unwrap();
    assert!(line.contains(&format!("trace_id=\"{TRACE}\"")), "{line}");
}

#[test]
fn a_call_without_a_trace_begins_one_that_its_log_lines_name_and_a_failure_is_an_error_in_it() {
    let (home, collector) = (Home::new(), Collector::start());
    let mut command = traced(&home, &collector.endpoint, &["--diagnostics", "http://127.0.0.1:1"]);
    command.env("OTEL_SERVICE_NAME", "support-of-acme");
    let service = Home::start(command);
    let token = home.ok(&["token"]);
    let answer = call(&service, TENANT, token.trim(), None, &json!({"summary": "It fails"}));
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    let spans = collector.until_spans(3);
    let traces: BTreeSet<String> = spans.iter().map(|span| hex(&span.trace_id)).collect();
    let [trace] = &traces.into_iter().collect::<Vec<_>>()[..] else { panic!("not one trace: {spans:?}") };
    let whole = spans.iter().find(|span| span.parent_span_id.is_empty()).unwrap();
    assert_eq!(attribute(&whole.attributes, "error.type").as_deref(), Some("context_unavailable"));
    assert_eq!(whole.status.as_ref().unwrap().code, 2, "an error (opentelemetry.proto.trace.v1.Status)");
    let resource = collector.exports()[0].resource_spans[0].resource.clone().unwrap();
    assert_eq!(attribute(&resource.attributes, "service.name").as_deref(), Some("support-of-acme"));
    let (_, log) = service.terminate();
    for message in ["answered", "a support request was not stored"] {
        let line = log.lines().find(|line| line.contains(message)).unwrap();
        assert!(line.contains(&format!("trace_id=\"{trace}\"")), "{line}");
    }
}

#[test]
fn a_trace_that_its_caller_did_not_choose_for_collection_is_not_sent_and_neither_are_probes() {
    let (home, collector) = (Home::new(), Collector::start());
    let service = Home::start(traced(&home, &collector.endpoint, &[]));
    let token = home.ok(&["token"]);
    for (path, flags) in [(TENANT, "00"), (RUN, "01")] {
        let sent = format!("00-{TRACE}-{CALLERS_SPAN}-{flags}");
        let answer = call(&service, path, token.trim(), Some(&sent), &json!({"summary": "It fails"}));
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
        assert!(service.exchange(&crate::home::get("/livez")).unwrap().starts_with("HTTP/1.1 200"));
    }
    let (status, _) = service.terminate();
    assert!(status.success());
    let spans = collector.until_spans(5);
    assert_eq!(spans.len(), 5, "{spans:?}");
    assert!(spans.iter().any(|span| span.name.contains("operation-runs")));
}

#[test]
fn the_platform_is_asked_within_the_trace() {
    let (home, collector, platform) = (Home::new(), Collector::start(), Collector::start());
    let service = Home::start(traced(&home, &collector.endpoint, &["--diagnostics", &platform.endpoint]));
    let token = home.ok(&["token"]);
    call(&service, TENANT, token.trim(), Some(&format!("00-{TRACE}-{CALLERS_SPAN}-01")), &json!({"summary": "x"}));
    let spans = collector.until_spans(3);
    let provider = spans.iter().find(|span| span.name == "provider").unwrap();
    let asked = format!("traceparent: 00-{TRACE}-{}-01", hex(&provider.span_id));
    assert!(platform.heads()[0].contains(&asked), "{asked} is not in {:?}", platform.heads());
}

#[test]
fn a_collector_that_is_gone_or_does_not_answer_stops_no_request_and_no_stop() {
    let silent = Collector::silent();
    for endpoint in ["http://127.0.0.1:1", &silent.endpoint] {
        let home = Home::new();
        let mut command = traced(&home, endpoint, &[]);
        // One that is full at once, so that spans are dropped.
        command.env("OTEL_BSP_MAX_QUEUE_SIZE", "8").env("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "4");
        command.env("OTEL_EXPORTER_OTLP_TIMEOUT", "600000").env("OTEL_BSP_EXPORT_TIMEOUT", "600000");
        let service = Home::start(command);
        let token = home.ok(&["token"]);
        for _ in 0..40 {
            assert_eq!(service.post(TENANT, token.trim(), &json!({"summary": "It fails"})).0, 201);
        }
        // An export may wait for ten minutes: a stop that waits for it is ended by the last resort, with another status.
        let (status, log) = service.terminate();
        assert!(status.success(), "{endpoint}: {log}");
        assert_eq!(home.ok(&["export", "--including-recent"]).lines().count(), 40);
    }
    assert!(!silent.exports().is_empty(), "the control: something was sent to the one that does not answer");
}

#[test]
fn nothing_is_sent_unless_a_collector_is_named_and_what_cannot_work_is_refused_by_name() {
    let (home, collector) = (Home::new(), Collector::start());
    let mut command = traced(&home, &collector.endpoint, &[]);
    command.env("OTEL_SDK_DISABLED", "true");
    let service = Home::start(command);
    let token = home.ok(&["token"]);
    let sent = format!("00-{TRACE}-{CALLERS_SPAN}-01");
    assert!(call(&service, TENANT, token.trim(), Some(&sent), &json!({"summary": "x"})).starts_with("HTTP/1.1 201"));
    let (_, log) = service.terminate();
    assert!(log.contains(&format!("trace_id=\"{TRACE}\"")), "the log names the caller's trace all the same: {log}");
    assert!(collector.heads().is_empty());
    for (name, value) in [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "canary"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "canary"),
        ("OTEL_TRACES_SAMPLER", "canary"),
    ] {
        let mut command = traced(&home, &collector.endpoint, &[]);
        let output = command.env(name, value).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains(name) && !said.contains("canary"), "{said}");
    }
}
