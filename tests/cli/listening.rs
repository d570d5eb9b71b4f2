//! Where the service listens: `doctor` tells what `serve` would refuse, and both name the setting.

use std::net::TcpListener;

use crate::{
    doctor::{Report, SCOPE, command, healthy},
    hangup::PRODUCTION,
    home::Home,
};

/// Reserved for documentation (RFC 5737): no machine has it.
const ELSEWHERE: &str = "192.0.2.1:8080";

/// `doctor` of a service that nothing is wrong with but perhaps where it listens.
fn look(home: &Home, listen: &str, more: &[&str]) -> Report {
    let url = format!("sqlite://{}", home.path().join("new.db").display());
    let mut command = home.command(&["doctor", "--json", "--listen", listen]);
    command.args(PRODUCTION).args(SCOPE).args(more).env("SUPPORT_REQUESTS_DATABASE_URL", &url);
    Report::of(command)
}

#[test]
fn an_address_that_is_none_of_this_machines_is_wrong_and_one_in_use_is_a_note() {
    let home = healthy();
    let url = format!("sqlite://{}", home.path().join("new.db").display());
    assert_eq!(Report::of(command(&home, &url, &[])).with("wrong"), Vec::<&str>::new());
    look(&home, ELSEWHERE, &[]).only_wrong("listen", "192.0.2.1:8080 cannot be listened on");
    let metrics = |address: &str| look(&home, "127.0.0.1:0", &["--metrics-listen", address]);
    metrics(ELSEWHERE).only_wrong("metrics_listen", "192.0.2.1:8080 cannot be listened on");
    assert_eq!(metrics("127.0.0.1:0").status("metrics_listen"), "ok");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for (check, report) in [("listen", look(&home, &address, &[])), ("metrics_listen", metrics(&address))] {
        assert_eq!((report.status(check), report.with("wrong").len()), ("note", 0), "{report:#?}");
    }
}

#[test]
fn one_address_for_both_listeners_is_refused_by_doctor_and_by_start() {
    let home = healthy();
    let (url, problem) =
        (format!("sqlite://{}", home.path().join("new.db").display()), "must be another address or port");
    for (listen, metrics) in [("127.0.0.1:18080", "127.0.0.1:18080"), ("0.0.0.0:18080", "127.0.0.1:18080")] {
        let report = look(&home, listen, &["--metrics-listen", metrics]);
        report.only_wrong("settings", problem);
        assert_eq!(report.status("metrics_listen"), "not_looked_at");
        let both = ["--listen", listen, "--metrics-listen", metrics, "--database-url", &url];
        let said = home.refused(&[&PRODUCTION[..], &both].concat());
        assert!(
            said.contains("SUPPORT_REQUESTS_METRICS_LISTEN (--metrics-listen): ") && said.contains(problem),
            "{said}"
        );
    }
}

#[test]
fn a_listener_that_cannot_be_used_is_refused_by_the_name_of_its_setting() {
    let home = Home::new();
    let said = home.refused(&["--listen", ELSEWHERE]);
    assert!(said.contains("SUPPORT_REQUESTS_LISTEN (--listen): cannot listen on 192.0.2.1:8080"), "{said}");
    let said = home.refused(&["--listen", "127.0.0.1:0", "--metrics-listen", ELSEWHERE]);
    assert!(said.contains("SUPPORT_REQUESTS_METRICS_LISTEN (--metrics-listen): cannot listen on"), "{said}");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = home.refused(&["--listen", &address]);
    assert!(said.contains(&format!("SUPPORT_REQUESTS_LISTEN (--listen): cannot listen on {address}")), "{said}");
}
