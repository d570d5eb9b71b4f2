//! What answering requests counts and measures, and `GET /metrics`, which says all that there is.

use std::time::Duration;

use actix_web::{
    HttpResponse,
    http::Method,
    web::{Data, ServiceConfig},
};

use super::{
    bearer::TokenRefusal,
    problem::{Kind, TABLE},
    requests::{RUN_PATH, TENANT_PATH},
    server::readable,
    service::{Readiness, Service},
};
use crate::{
    auth::FetchFacts,
    metrics::{CONTENT_TYPE, Counter, Durations, Exposition, Family, LogMetrics, number, yes_or_no},
};

/// The path of a scrape.
pub const METRICS_PATH: &str = "/metrics";

/// Where scrapes are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MetricsAt {
    /// Beside everything else.
    #[default]
    MainListener,
    /// On a listener of their own: here there is no such route.
    OwnListener,
}

/// The two endpoints by their paths, and what they are called in metrics.
const ROUTES: [(&str, &str); 2] = [(TENANT_PATH, "tenant"), (RUN_PATH, "operation_run")];

/// How a call ended, roughly: durations of those that are refused at the door say nothing about the others.
const OUTCOMES: [&str; 3] = ["stored", "refused", "failed"];

/// What a stored request is counted as: it has no error code.
const NO_CODE: (u16, &str) = (201, "none");

/// The instruments.
#[derive(Debug)]
pub struct HttpMetrics {
    creates: Family<Counter>,
    durations: Family<Durations>,
    token: Durations,
    refused_tokens: Family<Counter>,
    log: LogMetrics,
    /// Where scrapes are answered.
    pub(super) at: MetricsAt,
}

impl Default for HttpMetrics {
    fn default() -> Self {
        Self::new(MetricsAt::default(), LogMetrics::default())
    }
}

impl HttpMetrics {
    /// Nothing is counted yet, but perhaps by whoever writes the log.
    #[must_use]
    pub fn new(at: MetricsAt, log: LogMetrics) -> Self {
        let codes = || TABLE.iter().map(|row| (row.status, row.code)).chain([NO_CODE]);
        let creates = ROUTES.iter().flat_map(|(_, route)| codes().map(move |(status, code)| (*route, status, code)));
        Self {
            creates: Family::of(creates.map(|(route, status, code)| {
                vec![("route", route.into()), ("status", status.to_string().into()), ("code", code.into())]
            })),
            durations: Family::by("outcome", OUTCOMES),
            token: Durations::default(),
            refused_tokens: Family::by("reason", TokenRefusal::reasons()),
            log,
            at,
        }
    }

    /// An answer. Only calls of the two endpoints count, whatever came of them: also by a method that they do not have,
    /// but not what a browser asks before one.
    pub(super) fn answered(&self, method: &Method, route: Option<&str>, problem: Option<Kind>, took: Duration) {
        let Some(route) = ROUTES.iter().position(|(path, _)| route == Some(path)) else { return };
        if method == Method::OPTIONS {
            return;
        }
        let code = problem.map_or(TABLE.len(), |kind| kind as usize);
        self.creates.at(route * (TABLE.len() + 1) + code).map(Counter::inc);
        let outcome = match problem.map(|kind| kind.row().status) {
            None => 0,
            Some(..500) => 1,
            Some(_) => 2,
        };
        if let Some(durations) = self.durations.at(outcome) {
            durations.observe(took);
        }
    }

    /// A token was checked.
    pub(super) fn verified(&self, took: Duration) {
        self.token.observe(took);
    }

    /// Nobody was let in.
    pub(super) fn refused(&self, refusal: TokenRefusal) {
        self.refused_tokens.count(refusal.reason());
    }

    fn expose(&self, to: &mut Exposition) {
        to.add("support_requests_creates", "Calls of the two endpoints by what was answered", &self.creates);
        to.add("support_requests_create_duration_seconds", "From a call's headers to its answer", &self.durations);
        to.add("support_requests_token_duration_seconds", "Checking a token", &self.token);
        to.add("support_requests_refused_tokens", "Calls that were answered 401, by why", &self.refused_tokens);
        to.add("support_requests_log_lines_dropped", "Log lines that nobody read in time", &self.log.dropped_lines);
        to.add("support_requests_panics", "Tasks that panicked", &self.log.panics);
    }
}

/// The route of scrapes.
pub(super) fn route(config: &mut ServiceConfig) {
    config.service(readable(METRICS_PATH, scrape));
}

async fn scrape(service: Data<Service>) -> HttpResponse {
    HttpResponse::Ok().content_type(CONTENT_TYPE).insert_header(("Cache-Control", "no-store")).body(text(&service))
}

/// Everything there is to say, as a scrape gets it.
#[must_use]
pub fn text(service: &Service) -> String {
    let mut exposition = Exposition::default();
    let to = &mut exposition;
    let build = vec![("version", env!("CARGO_PKG_VERSION").into())];
    to.now_by("support_requests_build_info", "Which build this is", [(build, 1.0)]);
    let ready = service.readiness() == Readiness::Ready;
    to.now("support_requests_ready", "Whether requests should be sent here, as /readyz says", yes_or_no(ready));
    service.metrics.expose(to);
    connections(service, to);
    keys(service, to);
    service.intake.expose(to);
    process(to);
    exposition.text()
}

fn connections(service: &Service, to: &mut Exposition) {
    let connections = &service.connections;
    to.now("support_requests_connections_open", "Connections that are served", number(connections.open()));
    to.now(
        "support_requests_connections_max",
        "Connections that may be served at once",
        number(connections.served_max()),
    );
    to.now(
        "support_requests_connections_busy",
        "Connections on which a request is under way",
        number(connections.busy()),
    );
    to.counted(
        "support_requests_connections_turned_away",
        "Connections that were answered 503 because there was no place",
        number(connections.turned_away_total()),
    );
}

fn keys(service: &Service, to: &mut Exposition) {
    let facts = service.keys.facts();
    to.now("support_requests_keys", "Keys in force that tokens may be signed with", number(facts.keys));
    let Some(FetchFacts { age, successes, failures, failures_in_a_row, .. }) = facts.fetches else { return };
    if let Some(age) = age {
        to.now("support_requests_key_set_age_seconds", "Since the key set was last fetched", age.as_secs_f64());
    }
    to.counted("support_requests_key_set_fetches", "Fetches of the key set that succeeded", number(successes));
    to.counted("support_requests_key_set_fetch_failures", "Fetches of the key set that failed", number(failures));
    to.now(
        "support_requests_key_set_fetch_failures_in_a_row",
        "Fetches of the key set that failed since the last that succeeded",
        f64::from(failures_in_a_row),
    );
}

/// What the system says of this process, under the names that Prometheus has for it. What it does not say is left out.
fn process(to: &mut Exposition) {
    let process = metrics_process::collector::collect();
    if let Some(seconds) = process.cpu_seconds_total {
        to.counted("process_cpu_seconds", "Processor time of user and system", seconds);
    }
    let gauges = [
        ("process_open_fds", "Open file descriptors", process.open_fds),
        ("process_max_fds", "File descriptors that may be open", process.max_fds),
        ("process_resident_memory_bytes", "Resident memory", process.resident_memory_bytes),
        ("process_virtual_memory_bytes", "Virtual memory", process.virtual_memory_bytes),
        ("process_start_time_seconds", "When the process started, since 1970", process.start_time_seconds),
        ("process_threads", "Threads", process.threads),
    ];
    for (name, help, value) in gauges {
        if let Some(value) = value {
            to.now(name, help, number(value));
        }
    }
}
