//! Keys from a URL, with the built binary: TLS, discovery, SIGHUP, stopping, settings.

use std::{
    net::TcpStream,
    path::Path,
    process::Command,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use serde_json::{Value, json};

use crate::{
    TENANT,
    hangup::{describe_both_scopes, stored, token},
    home::{Home, Running, get},
    issuer::{Issuer, Page},
    tokens::{AUDIENCE, ED25519, ISSUER, RSA, Signer},
};

/// How an issuer that speaks TLS shows who it is; it may be another from one connection to the next.
type Identity = Arc<Mutex<Arc<ServerConfig>>>;

/// An issuer that speaks TLS as `localhost`, and the certificate of its authority in `authority.pem`.
fn secure_issuer(home: &Home) -> Issuer {
    speaking_as(&Identity::new(Mutex::new(identity(home))))
}

fn speaking_as(identity: &Identity) -> Issuer {
    let identity = Arc::clone(identity);
    Issuer::start_with(move |connection: TcpStream| {
        let config = Arc::clone(&identity.lock().unwrap());
        Box::new(StreamOwned::new(ServerConnection::new(config).unwrap(), connection))
    })
}

/// `localhost`, by an authority of its own, whose certificate is in `authority.pem`.
fn identity(home: &Home) -> Arc<ServerConfig> {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    std::fs::write(home.path().join("authority.pem"), authority.pem()).unwrap();
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &authority).unwrap().der().clone();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate], key).unwrap();
    Arc::new(config)
}

fn secure_url(issuer: &Issuer, path: &str) -> String {
    format!("https://localhost:{}{path}", issuer.address().port())
}

fn publish(issuer: &Issuer, signer: &Signer) {
    issuer.publish("/keys", Page::keys(&[signer.public_jwk()]));
}

/// A service in production with its keys from `jwks`.
fn production(home: &Home, jwks: &str, issuer: &str) -> Command {
    describe_both_scopes(home);
    let mut command = home.command(&["--listen", "127.0.0.1:0", "--environment", "production", "--jwks", jwks]);
    command.args(["--issuer", issuer, "--audience", AUDIENCE, "--diagnostics", "file:diagnostics"]);
    command.args(["--rate-limit", "off", "--shutdown-delay", "0s"]);
    command
}

fn trusting(mut command: Command, home: &Home) -> Command {
    command.env("SSL_CERT_FILE", home.path().join("authority.pem"));
    command
}

fn create(service: &Running, token: &str) -> u16 {
    service.post(TENANT, token, &json!({"summary": "It fails"})).0
}

/// Waits until `/readyz` says so.
fn until_ready(service: &Running) {
    let give_up = Instant::now() + Duration::from_mins(1);
    while !service.exchange(&get("/readyz")).unwrap().starts_with("HTTP/1.1 200 ") {
        assert!(Instant::now() < give_up, "it does not become ready");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn keys_come_by_https_from_an_issuer_that_the_systems_roots_vouch_for_and_a_hangup_fetches_them_again() {
    let home = Home::new();
    let issuer = secure_issuer(&home);
    publish(&issuer, &ED25519);
    let mut command = trusting(production(&home, &secure_url(&issuer, "/keys"), ISSUER), &home);
    // Nobody is there; and it would be asked for https too.
    let nobody = "http://127.0.0.1:9";
    command.env("HTTPS_PROXY", nobody).env("https_proxy", nobody).env("ALL_PROXY", nobody);
    let service = Home::start(command);
    until_ready(&service);
    assert_eq!((create(&service, &token(&ED25519, "")), create(&service, &token(&RSA, ""))), (201, 401));
    service.says(&["\"added\":\"ed\"", "the key set was fetched and is in force"], 1);

    publish(&issuer, &RSA);
    service.signal("HUP");
    service.says(&["\"added\":\"rsa\"", "\"removed\":\"ed\""], 1);
    assert_eq!((create(&service, &token(&ED25519, "")), create(&service, &token(&RSA, ""))), (401, 201));
    service.signal("HUP");
    service.says(&["the key set was fetched and has not changed"], 1);
    assert_eq!(stored(&home), 2);
    let (status, log) = service.terminate();
    assert!(status.success(), "{log}");
}

#[test]
fn an_issuer_that_nobody_vouches_for_is_not_believed() {
    let home = Home::new();
    let issuer = secure_issuer(&home);
    publish(&issuer, &ED25519);
    let other = Home::new();
    drop(secure_issuer(&other));
    let service = Home::start(trusting(production(&home, &secure_url(&issuer, "/keys"), ISSUER), &other));
    service.says(&["WARN", "there are no keys yet: not ready", "\"cause\":\"tls\""], 1);
    service.says(&["listening, and ready as soon as there are keys"], 1);
    assert!(service.exchange(&get("/readyz")).unwrap().starts_with("HTTP/1.1 503 "));
    let (status, answer) = service.post(TENANT, &token(&ED25519, ""), &json!({"summary": "It fails"}));
    assert_eq!((status, answer["code"].as_str()), (503, Some("not_ready")));
    assert_eq!(stored(&home), 0);
    let (status, log) = service.terminate();
    assert!(status.success(), "{log}");
}

#[test]
fn an_issuer_that_shows_another_certificate_later_is_not_believed_and_the_old_keys_stay() {
    let home = Home::new();
    let good = identity(&home);
    let shown = Identity::new(Mutex::new(Arc::clone(&good)));
    let issuer = speaking_as(&shown);
    publish(&issuer, &ED25519);
    let service = Home::start(trusting(production(&home, &secure_url(&issuer, "/keys"), ISSUER), &home));
    until_ready(&service);
    publish(&issuer, &RSA);
    *shown.lock().unwrap() = identity(&Home::new());
    service.signal("HUP");
    service.says(&["WARN", "the old keys stay in force", "\"cause\":\"tls\""], 1);
    assert_eq!((create(&service, &token(&ED25519, "")), create(&service, &token(&RSA, ""))), (201, 401));
    assert!(service.exchange(&get("/readyz")).unwrap().starts_with("HTTP/1.1 200 "));
    *shown.lock().unwrap() = good;
    service.signal("HUP");
    service.says(&["\"added\":\"rsa\"", "\"removed\":\"ed\""], 1);
    assert_eq!((create(&service, &token(&ED25519, "")), create(&service, &token(&RSA, ""))), (401, 201));
    assert_eq!(stored(&home), 2);
    let (status, log) = service.terminate();
    assert!(status.success(), "{log}");
}

#[test]
fn without_any_root_certificate_the_log_says_what_is_missing() {
    let home = Home::new();
    let mut command = production(&home, "https://localhost:9/keys", ISSUER);
    command.env("SSL_CERT_FILE", home.path().join("missing.pem"));
    let service = Home::start(command);
    service.says(&["WARN", "\"cause\":\"client\"", "SSL_CERT_FILE"], 1);
    let (status, log) = service.terminate();
    assert!(status.success(), "{log}");
}

#[test]
fn keys_are_discovered_from_the_issuer_setting() {
    let home = Home::new();
    let server = secure_issuer(&home);
    publish(&server, &ED25519);
    let issuer = secure_url(&server, "");
    server.describe(&issuer);
    let service = Home::start(trusting(production(&home, "discover", &issuer), &home));
    until_ready(&service);
    let token = crate::tokens::Token::at(now()).claim("iss", json!(issuer)).tenant("contoso", &[crate::tokens::CREATE]);
    assert_eq!(create(&service, &token.sign()), 201);
    assert_eq!(create(&service, &token.claim("iss", json!(issuer.clone() + "/")).sign()), 401);
    let (status, log) = service.terminate();
    assert!(status.success(), "{log}");
}

#[expect(clippy::disallowed_methods, reason = "the service that is tested has the system's clock")]
fn now() -> time::OffsetDateTime {
    time::OffsetDateTime::now_utc()
}

#[test]
fn an_issuer_that_does_not_answer_holds_up_neither_the_start_nor_the_stop() {
    let home = Home::new();
    let issuer = Issuer::start();
    issuer.publish("/keys", Page::Held(Vec::new()));
    let began = Instant::now();
    let service = home.serve(&["--jwks", &issuer.url("/keys")]);
    while issuer.asked("/keys") == 0 {
        assert!(began.elapsed() < Duration::from_mins(1), "nobody asks it");
        std::thread::sleep(Duration::from_millis(5));
    }
    let (status, log) = service.terminate();
    assert!(status.success(), "{log}");
    assert!(!log.contains("timeout"), "it took {:?}, and waited for the issuer: {log}", began.elapsed());
}

fn claims_of(token: &str) -> Value {
    let payload = token.trim().split('.').nth(1).unwrap();
    serde_json::from_slice(&base64::Engine::decode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, payload).unwrap()).unwrap()
}

#[test]
fn the_grants_stand_where_the_setting_says_in_tokens_that_are_made_and_in_those_that_are_judged() {
    for (place, found) in [
        ("https://platform.example/claims/workspaces", "/https:~1~1platform.example~1claims~1workspaces"),
        ("/https:~1~1platform.example~1grants/workspaces", "/https:~1~1platform.example~1grants/workspaces"),
        ("/ext/support", "/ext/support"),
    ] {
        let home = Home::new();
        let service = home.serve(&["--grants-claim", place]);
        let there = home.ok(&["token", "--grants-claim", place]);
        let claims = claims_of(&there);
        assert!(claims.pointer(found).unwrap()["acme"]["tenants"]["*"].is_array(), "{claims}");
        assert!(claims.get("workspaces").is_none(), "{claims}");
        assert_eq!(create(&service, there.trim()), 201, "{place}");
        let elsewhere = home.ok(&["token"]);
        assert_eq!(create(&service, elsewhere.trim()), 404, "{place}: no entry");
        assert_eq!(stored(&home), 1);
    }
}

#[test]
fn settings_of_keys_and_grants_that_cannot_be_used_are_refused_by_name_and_never_repeated() {
    let production = ["--environment", "production", "--audience", "a", "--diagnostics", "file:d"];
    let refused = |args: &[&str]| {
        let home = Home::new();
        let said = home.refused(&[&production, args].concat());
        assert!(!said.contains("canary"), "a value is repeated: {said}");
        said
    };
    let issuer = "https://i.example/";
    for (args, name, why) in [
        (&["--jwks", "http://127.0.0.1/canary", "--issuer", issuer][..], "JWKS (--jwks)", "must begin with https://"),
        (&["--jwks", "ftp://canary", "--issuer", issuer], "JWKS (--jwks)", "must begin with https://"),
        (&["--jwks", "https://canary@i.example/", "--issuer", issuer], "JWKS (--jwks)", "user name"),
        (&["--jwks", "discover"], "ISSUER (--issuer)", "is required"),
        (&["--jwks", "discover", "--issuer", "canary"], "ISSUER (--issuer)", "is not a URL, where the keys"),
        (
            &["--jwks", "discover", "--issuer", "http://localhost/canary"],
            "ISSUER (--issuer)",
            "must begin with https://",
        ),
        (&["--jwks", "discover", "--issuer", "https://i.example/?canary"], "ISSUER (--issuer)", "no query"),
        (
            &["--jwks", "discover", "--issuer", issuer, "--jwks-proxy", "canary"],
            "JWKS_PROXY (--jwks-proxy)",
            "http://HOST:PORT",
        ),
        (
            &["--jwks", "k", "--issuer", issuer, "--grants-claim", "/canary~"],
            "GRANTS_CLAIM (--grants-claim)",
            "~0 for ~",
        ),
        (&["--jwks", "k", "--issuer", issuer, "--grants-claim", ""], "GRANTS_CLAIM (--grants-claim)", "a claim's name"),
        (&["--jwks", "k", "--issuer", issuer, "--grants-claim", "sub"], "GRANTS_CLAIM (--grants-claim)", "of its own"),
    ] {
        let said = refused(args);
        assert!(said.contains(&format!("SUPPORT_REQUESTS_{name}: ")) && said.contains(why), "{args:?}: {said}");
    }
    let home = Home::new();
    assert!(home.refused(&["token", "--grants-claim", "/"]).contains("SUPPORT_REQUESTS_GRANTS_CLAIM"));
    assert!(!Path::exists(&home.path().join("support-requests.development-key.json")), "something was begun");
}
