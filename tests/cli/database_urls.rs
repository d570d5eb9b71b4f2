//! Addresses of databases that cannot be read: refused at start with what to do, and nothing of them is repeated.

use crate::home::Home;

/// Addresses as people write them, each with the pieces of its secret.
const UNREADABLE: [(&str, &[&str]); 21] = [
    ("postgres://app:12#34@127.0.0.1/db", &["12#34", "#34"]),
    ("postgres://app:2024?Geheim!x@127.0.0.1/db", &["Geheim"]),
    ("postgres://app:2024?Geheim=x@127.0.0.1/db", &["Geheim"]),
    ("postgres://sys_d:/7M+r?Eq9dHz@127.0.0.1/dbkn", &["7M+r", "Eq9dHz"]),
    ("postgres://app@127.0.0.1/db?sslpasswort=hunter2Xy", &["sslpasswort", "hunter2Xy"]),
    ("postgres://app@127.0.0.1/db?password=hunter2&Xy3=4", &["hunter2", "Xy3"]),
    ("postgres://app@127.0.0.1/db?hunter2Xy", &["hunter2Xy"]),
    ("postgres://app:hunter2@Xy3@127.0.0.1/db", &["hunter2", "Xy3"]),
    ("postgres://app:hunter2@Xy3/Zz4@127.0.0.1/db", &["hunter2", "Xy3", "Zz4"]),
    ("postgres://app:hunter2%zz@127.0.0.1/db", &["hunter2", "%zz"]),
    ("postgres://app:hunter2%@127.0.0.1/db", &["hunter2"]),
    ("postgres://app:hunter2%00@127.0.0.1/db", &["hunter2"]),
    ("postgres://app:hunter2%ff@127.0.0.1/db", &["hunter2"]),
    ("postgres://app:hunter2 Xy3@127.0.0.1/db", &["hunter2", "Xy3"]),
    ("postgres://app:hunter2\nXy3@127.0.0.1/db", &["hunter2", "Xy3"]),
    ("postgres://app:hunter2/Xy3@127.0.0.1/db", &["hunter2", "Xy3"]),
    ("postgres://app:hunter2:12/34Xy3", &["hunter2", "34Xy3"]),
    ("host=127.0.0.1 user=app password=hunter2 Xy3 dbname=db", &["hunter2", "Xy3"]),
    ("host=127.0.0.1 user=app password=hunter2 Xy3=4 dbname=db", &["hunter2", "Xy3"]),
    ("host=127.0.0.1 user=app password='hunter2Xy", &["hunter2Xy"]),
    ("mysql://app:hunter2@127.0.0.1/db", &["hunter2"]),
];

/// What the binary says when it is started with this address; it must refuse.
fn said(home: &Home, command: &str, address: &str) -> String {
    // Of `verify`, 1 would say that something was tampered with.
    let status = if command == "verify" { 2 } else { 1 };
    let mut command = home.command(&[command, "--listen", "127.0.0.1:0", "--log", "trace"]);
    let output = command.env("SUPPORT_REQUESTS_DATABASE_URL", address).output().unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert_eq!(output.status.code(), Some(status), "{address}: {said}");
    said
}

#[test]
fn an_address_that_cannot_be_read_is_refused_with_what_to_do_and_nothing_of_it_is_said() {
    let home = Home::new();
    for (address, secrets) in UNREADABLE {
        for command in ["serve", "migrate", "verify", "export"] {
            let said = said(&home, command, address);
            assert!(said.contains("SUPPORT_REQUESTS_DATABASE_URL (--database-url): "), "{address}: {said}");
            let what_to_do = ["percent-encode", "stands in '…'", "must be sqlite://FILE"];
            assert!(what_to_do.iter().any(|hint| said.contains(hint)), "{address}: {said}");
            for secret in secrets {
                assert!(!said.contains(secret), "{command} {address} repeats {secret}: {said}");
            }
        }
    }
}

#[test]
fn the_same_secrets_well_encoded_are_taken_and_nothing_of_them_is_said() {
    let home = Home::new();
    for (password, secrets) in [
        ("12%2334", &["12#34", "12%2334"][..]),
        ("2024%3FGeheim!x", &["Geheim"]),
        ("%2F7M+r%3FEq9dHz", &["7M+r", "Eq9dHz"]),
        ("hunter2%40Xy3%3A%25%20%5B", &["hunter2", "Xy3"]),
        ("hunter2:Xy3[", &["hunter2", "Xy3"]),
    ] {
        for command in ["serve", "migrate", "verify"] {
            let said = said(&home, command, &format!("postgres://app:{password}@127.0.0.1:1/db"));
            assert!(said.contains("127.0.0.1:1: connection refused"), "{password}: {said}");
            for secret in secrets {
                assert!(!said.contains(secret), "{command} {password}: {said}");
            }
        }
    }
}

#[test]
fn what_cannot_be_followed_is_refused_by_its_name_and_reason() {
    let home = Home::new();
    for (address, variable, reason) in [
        ("postgres://u@127.0.0.1:1/d?target_session_attrs=standby", "", "its target_session_attrs cannot be followed"),
        ("postgres://u@127.0.0.1:1/d?sslcrl=/crl.pem", "", "its sslcrl cannot be followed: revocation lists"),
        ("postgres://u@127.0.0.1:1/d?requirepeer=x", "", "its requirepeer cannot be followed"),
        ("postgres://u@127.0.0.1:1/d?service=x", "", "its service cannot be followed: service files"),
        ("postgres://u@127.0.0.1:1/d", "PGSERVICE", "its PGSERVICE cannot be followed: service files"),
    ] {
        let mut command = home.command(&["verify", "--database-url", address]);
        if !variable.is_empty() {
            command.env(variable, "x");
        }
        let output = command.output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains(reason), "{address}: {said}");
    }
}
