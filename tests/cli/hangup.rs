//! SIGHUP: the keys are read again, and nobody dies of it.

use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::{
    RUN, TENANT,
    home::{Home, Running},
    tokens::{AUDIENCE, CREATE, ED25519, FOREIGN, ISSUER, Signer, Token},
};

#[expect(clippy::disallowed_methods, reason = "the service that is tested has the system's clock")]
pub fn token(signer: &'static Signer, and: &str) -> String {
    Token::at(OffsetDateTime::now_utc()).signed_by(signer).tenant("contoso", &[CREATE, and]).sign()
}

pub fn publish(home: &Home, signer: &Signer) {
    std::fs::write(home.path().join("keys.json"), json!({"keys": [signer.public_jwk()]}).to_string()).unwrap();
}

/// What makes it a service in production, with keys and diagnostics from files.
pub const PRODUCTION: [&str; 10] = [
    "--environment",
    "production",
    "--jwks",
    "keys.json",
    "--issuer",
    ISSUER,
    "--audience",
    AUDIENCE,
    "--diagnostics",
    "file:diagnostics",
];

pub fn describe_both_scopes(home: &Home) {
    for file in ["diagnostics/acme/contoso.json", "diagnostics/acme/contoso/run-1042.json"] {
        let file = home.path().join(file);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, r#"{"references": {}}"#).unwrap();
    }
}

fn serve(home: &Home) -> Running {
    describe_both_scopes(home);
    home.serve(&PRODUCTION)
}

/// The answers of both endpoints to a token of this key.
fn answers(service: &Running, signer: &'static Signer) -> [u16; 2] {
    [TENANT, RUN].map(|path| service.post(path, &token(signer, ""), &json!({"summary": "It fails"})).0)
}

pub fn stored(home: &Home) -> usize {
    home.ok(&["export", "--including-recent"]).lines().count()
}

#[test]
fn a_hangup_puts_the_keys_of_a_changed_file_in_force_at_once_and_kills_nobody() {
    let home = Home::new();
    publish(&home, &FOREIGN);
    let service = serve(&home);
    assert_eq!((answers(&service, &FOREIGN), answers(&service, &ED25519)), ([201; 2], [401; 2]));
    publish(&home, &ED25519);
    service.signal("HUP");
    service.says(&["SIGHUP"], 1);
    service.says(&["INFO", "the key set file was read again and is in force"], 1);
    assert_eq!((answers(&service, &FOREIGN), answers(&service, &ED25519)), ([401; 2], [201; 2]));

    // Asked for, it is said also where nothing has changed.
    service.signal("HUP");
    service.says(&["INFO", "the key set file was read again and is in force"], 2);
    assert_eq!((answers(&service, &FOREIGN), answers(&service, &ED25519)), ([401; 2], [201; 2]));
    assert_eq!(stored(&home), 6);
    let (status, log) = service.terminate();
    assert!(status.success(), "{log}");
}

#[test]
fn a_hangup_with_a_broken_file_leaves_the_old_keys_in_force_and_says_so() {
    let home = Home::new();
    publish(&home, &ED25519);
    let service = serve(&home);
    let good = std::fs::read(home.path().join("keys.json")).unwrap();
    let half = good[..good.len() / 2].to_vec();
    for (round, broken) in [half, Vec::new(), b"{\"keys\": []}".to_vec(), vec![0xff]].into_iter().enumerate() {
        std::fs::write(home.path().join("keys.json"), broken).unwrap();
        for again in 1..=2 {
            service.signal("HUP");
            service.says(&["WARN", "the old keys stay in force"], round * 2 + again);
        }
        assert_eq!((answers(&service, &ED25519), answers(&service, &FOREIGN)), ([201; 2], [401; 2]));
    }
    std::fs::remove_file(home.path().join("keys.json")).unwrap();
    service.signal("HUP");
    service.says(&["WARN", "the old keys stay in force", "cannot be read"], 1);
    assert_eq!(answers(&service, &ED25519), [201; 2]);
    publish(&home, &FOREIGN);
    service.signal("HUP");
    service.says(&["INFO", "the key set file was read again and is in force"], 1);
    assert_eq!((answers(&service, &ED25519), answers(&service, &FOREIGN)), ([401; 2], [201; 2]));
    assert_eq!(stored(&home), 4 * 2 + 2 + 2);
    let (status, log) = service.terminate();
    assert!(status.success(), "{log}");
}

#[test]
fn a_hangup_in_development_changes_nothing_and_kills_nobody() {
    let home = Home::new();
    let service = home.serve(&[]);
    let token = home.ok(&["token"]);
    let create = |path| -> (u16, Value) { service.post(path, token.trim(), &json!({"summary": "It fails"})) };
    for times in 1..=3 {
        service.signal("HUP");
        service.says(&["the keys come from no file"], times);
        for path in [TENANT, RUN] {
            assert_eq!(create(path).0, 201);
        }
    }
    assert_eq!(stored(&home), 6);
    let (status, log) = service.terminate();
    assert!(status.success(), "{log}");
}
