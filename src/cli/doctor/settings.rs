//! The settings, and what can be told of them without asking anybody.

use std::{
    io::ErrorKind,
    net::{SocketAddr, TcpListener},
};

use super::finding::Finding;
use crate::{
    config::{Doctor, Environment},
    http::cors::AllowedOrigin,
};

const LISTEN: &str = "listen";
const METRICS_LISTEN: &str = "metrics_listen";

/// Why a check is left out whose setting is told to be wrong.
pub(super) const SETTING_IS_WRONG: &str = "its setting is wrong";

pub(super) fn look(config: &Doctor) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        config.wrong.iter().map(|error| Finding::wrong("settings", error.to_string(), error.advice())).collect();
    if findings.is_empty() {
        findings.push(Finding::ok("settings", "every setting can be used"));
    }
    findings.push(environment(config.environment));
    findings.push(match config.listen {
        None => Finding::not_looked_at(LISTEN, SETTING_IS_WRONG),
        Some(address) => listen(LISTEN, "SUPPORT_REQUESTS_LISTEN", address),
    });
    findings.push(match config.metrics_listen {
        None => Finding::not_looked_at(METRICS_LISTEN, SETTING_IS_WRONG),
        Some(None) => Finding::ok(METRICS_LISTEN, "scrapes are answered beside everything else"),
        Some(Some(address)) => listen(METRICS_LISTEN, "SUPPORT_REQUESTS_METRICS_LISTEN", address),
    });
    findings.extend(cors_origins(config));
    findings
}

fn environment(environment: Option<Environment>) -> Finding {
    let check = "environment";
    match environment {
        None => Finding::not_looked_at(check, SETTING_IS_WRONG),
        Some(Environment::Production) => Finding::ok(check, "production"),
        Some(Environment::Development) => Finding::note(
            check,
            "development: a key and a demo world of its own where none is set, and weak defences only warn",
            "where customers are, set SUPPORT_REQUESTS_ENVIRONMENT=production",
        ),
    }
}

/// Listens for a moment, as `serve` does.
fn listen(check: &'static str, setting: &str, address: SocketAddr) -> Finding {
    match TcpListener::bind(address) {
        Ok(_) => Finding::ok(check, format!("{address} is free")),
        Err(error) if error.kind() == ErrorKind::AddrInUse => Finding::note(
            check,
            format!("somebody listens on {address}"),
            format!("nothing where that is the service itself; else set {setting} to another port"),
        ),
        Err(error) => {
            let advice = match error.kind() {
                ErrorKind::PermissionDenied => {
                    "use a port above 1023, or give the service CAP_NET_BIND_SERVICE".to_owned()
                }
                _ => format!("set {setting} to an address of this machine, or to 0.0.0.0 or [::]"),
            };
            Finding::wrong(check, format!("{address} cannot be listened on: {error}"), advice)
        }
    }
}

fn cors_origins(config: &Doctor) -> Vec<Finding> {
    let check = "cors_origins";
    let Some(origins) = &config.cors_origins else { return vec![Finding::not_looked_at(check, SETTING_IS_WRONG)] };
    let is_plain = |origin: &&AllowedOrigin| origin.to_string().starts_with("http://");
    let plain = origins.iter().filter(|_| config.environment == Some(Environment::Production)).filter(is_plain);
    let warn = |origin: &AllowedOrigin| {
        let why = format!("{origin} is not encrypted: whoever is on the way can act as its pages, tokens and all");
        Finding::warning(check, why, "serve those pages by https://, and name that")
    };
    let mut findings: Vec<Finding> = plain.map(warn).collect();
    if findings.is_empty() {
        findings.push(Finding::ok(
            check,
            match origins.len() {
                0 => "no page of another origin may call".to_owned(),
                count => format!("pages of {count} origin(s) may call"),
            },
        ));
    }
    findings
}
