//! Where diagnostics come from, as a setting: what is refused, why, and that nothing secret of it is repeated.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    thread::JoinHandle,
};

use rcgen::{CertificateParams, KeyPair};

use crate::{home::Home, production};

/// Refused with this setting's name, for this reason, without repeating anything secret.
fn refused(home: &Home, args: &[&str], name: &str, why: &str) {
    let said = home.refused(args);
    assert!(said.contains(&format!("SUPPORT_REQUESTS_{name} (--")) && said.contains(why), "{args:?}: {said}");
    assert!(!said.contains("canary"), "{args:?}: a value is repeated: {said}");
}

#[test]
fn a_platform_address_that_cannot_be_used_is_refused_with_the_reason() {
    let home = Home::new();
    for (address, why) in [
        ("https://user:canary@platform.example", "must not name a user"),
        ("https://platform.example/?key=canary", "must not have a query"),
        ("https://platform.example/#canary", "must not have a fragment"),
        ("http://canary.example", "for this machine only"),
        ("https://", "is not a URL"),
        ("ftp://canary.example", "must be demo, file:DIR, sql:URL or https://BASE"),
        ("sql:canary", "behind sql: must be postgres://"),
        ("sql:postgres://u@h/d?canary=1", "behind sql: "),
        ("sql:", "behind sql: "),
    ] {
        refused(&home, &["--diagnostics", address], "DIAGNOSTICS", why);
    }
    let mut args = production(&home);
    *args.last_mut().unwrap() = "http://127.0.0.1:3000".to_owned();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    refused(&home, &args, "DIAGNOSTICS", "must begin with https://");
}

#[test]
fn certificates_for_the_platform_are_read_at_start_and_those_of_no_effect_are_refused() {
    let home = Home::new();
    let (key, other) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
    let certificate = CertificateParams::new(vec!["support-requests".to_owned()]).unwrap().self_signed(&key).unwrap();
    for (name, content) in [
        ("cert.pem", certificate.pem()),
        ("key.pem", key.serialize_pem()),
        ("other.pem", other.serialize_pem()),
        ("text.pem", "canary".to_owned()),
    ] {
        std::fs::write(home.path().join(name), content).unwrap();
    }
    let (authority, cert, key) =
        ("--diagnostics-ca-file", "--diagnostics-client-cert-file", "--diagnostics-client-key-file");
    let cases: [(&str, &[&str], &str, &str); 11] = [
        ("https://p.example", &["--diagnostics-proxy", "canary:1"], "DIAGNOSTICS_PROXY", "must be http://HOST:PORT"),
        (
            "file:.",
            &["--diagnostics-proxy", "http://canary:1"],
            "DIAGNOSTICS_PROXY",
            "goes with SUPPORT_REQUESTS_DIAGNOSTICS",
        ),
        ("https://p.example", &[authority, "absent.pem"], "DIAGNOSTICS_CA_FILE", "cannot be read"),
        ("https://p.example", &[authority, "text.pem"], "DIAGNOSTICS_CA_FILE", "no certificate in PEM form"),
        ("https://p.example", &[cert, "cert.pem"], "DIAGNOSTICS_CLIENT_KEY_FILE", "must be set together"),
        ("https://p.example", &[key, "key.pem"], "DIAGNOSTICS_CLIENT_CERT_FILE", "must be set together"),
        ("https://p.example", &[cert, "text.pem", key, "key.pem"], "DIAGNOSTICS_CLIENT_CERT_FILE", "in PEM form"),
        (
            "https://p.example",
            &[cert, "cert.pem", key, "other.pem"],
            "DIAGNOSTICS_CLIENT_CERT_FILE",
            "does the key belong",
        ),
        ("http://127.0.0.1", &[authority, "cert.pem"], "DIAGNOSTICS_CA_FILE", "goes with https:// only"),
        (
            "demo",
            &[authority, "cert.pem"],
            "DIAGNOSTICS_CA_FILE",
            "goes with SUPPORT_REQUESTS_DIAGNOSTICS=https://BASE only",
        ),
        (
            "file:.",
            &[key, "key.pem"],
            "DIAGNOSTICS_CLIENT_KEY_FILE",
            "goes with SUPPORT_REQUESTS_DIAGNOSTICS=https://BASE",
        ),
    ];
    for (source, flags, name, why) in cases {
        let args: Vec<&str> = ["--diagnostics", source].iter().chain(flags).copied().collect();
        refused(&home, &args, name, why);
    }
    let good = ["--diagnostics", "https://p.example", authority, "cert.pem", cert, "cert.pem", key, "key.pem"];
    let (status, log) = home.serve(&good).terminate();
    assert!(status.success(), "{log}");
}

/// Answers one question on a connection of `listener`: its first line.
fn answer_one(listener: TcpListener) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            head.extend(byte);
        }
        let body = r#"{"references": {}}"#;
        let start = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length:";
        write!(stream, "{start} {}\r\n\r\n{body}", body.len()).unwrap();
        String::from_utf8(head).unwrap().lines().next().unwrap_or_default().to_owned()
    })
}

#[test]
fn no_proxy_of_the_environment_sees_a_callers_token() {
    let home = Home::new();
    let (platform, proxy) = (TcpListener::bind("127.0.0.1:0").unwrap(), TcpListener::bind("127.0.0.1:0").unwrap());
    let base = format!("http://{}", platform.local_addr().unwrap());
    let mut command = home.command(&["--listen", "127.0.0.1:0", "--diagnostics", &base]);
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"] {
        command.env(name, format!("http://{}", proxy.local_addr().unwrap()));
    }
    let service = Home::start(command);
    let answering = answer_one(platform);
    let token = home.ok(&["token"]);
    let (status, receipt) =
        service.post(crate::TENANT, token.trim(), &serde_json::json!({"summary": "Without a proxy"}));
    assert_eq!((status, receipt["attachment"]["reason"].as_str()), (201, Some("no_diagnostics")), "{receipt}");
    answering.join().unwrap();
    proxy.set_nonblocking(true).unwrap();
    assert!(proxy.accept().is_err(), "the proxy was asked");
    assert!(service.terminate().0.success());
}

#[test]
fn a_proxy_that_is_set_is_on_the_way_to_the_platform() {
    let home = Home::new();
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", proxy.local_addr().unwrap());
    let asked = answer_one(proxy);
    // Nobody listens there: without the proxy there is no answer.
    let service = home.serve(&["--diagnostics", "http://127.0.0.1:9/api", "--diagnostics-proxy", &address]);
    let token = home.ok(&["token"]);
    let (status, receipt) =
        service.post(crate::TENANT, token.trim(), &serde_json::json!({"summary": "Through a proxy"}));
    assert_eq!(status, 201, "{receipt}");
    let line = asked.join().unwrap();
    assert!(
        line.starts_with("GET http://127.0.0.1:9/api/workspaces/acme/tenants/contoso/support-diagnostics?"),
        "{line}"
    );
    assert!(service.terminate().0.success());
}
