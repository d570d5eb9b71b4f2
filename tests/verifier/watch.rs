//! The key set file: read again when it changes, never to the worse.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use support_requests::auth::{KeySourceError, KeyStore, Reloaded};

use crate::harness::{ED25519, P256, RSA, SECRET, Signer, check};
use crate::logged::Log;

fn jwks(signer: &Signer) -> String {
    json!({ "keys": [signer.jwk] }).to_string()
}

fn takes(store: &KeyStore, signer: &Signer) -> bool {
    check(&store.current(), &signer.good_token()).is_ok()
}

fn file_with(signer: &Signer) -> (tempfile::TempDir, std::path::PathBuf, Arc<KeyStore>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jwks.json");
    std::fs::write(&path, jwks(signer)).unwrap();
    let store = KeyStore::from_file(&path).unwrap();
    assert!(takes(&store, signer));
    (folder, path, store)
}

fn replace_by_rename(path: &Path, text: &str) {
    let draft = path.with_extension("new");
    std::fs::write(&draft, text).unwrap();
    std::fs::rename(draft, path).unwrap();
}

#[test]
fn a_file_rewritten_in_place_and_one_put_in_its_place_are_both_taken() {
    let (_folder, path, store) = file_with(&P256);
    assert!(matches!(store.reload(), Reloaded::Unchanged));
    std::fs::write(&path, jwks(&RSA)).unwrap();
    assert!(matches!(store.reload(), Reloaded::Replaced { size: 1, .. }));
    assert!(takes(&store, &RSA) && !takes(&store, &P256));
    replace_by_rename(&path, &jwks(&ED25519));
    assert!(matches!(store.reload(), Reloaded::Replaced { size: 1, .. }));
    assert!(takes(&store, &ED25519) && !takes(&store, &RSA));
}

#[test]
fn a_change_that_keeps_length_and_times_is_seen_too() {
    let (_folder, path, store) = file_with(&P256);
    let times = std::fs::metadata(&path).unwrap().modified().unwrap();
    let twin = jwks(&P256).replace("\"kid\":\"P-256\"", "\"kid\":\"P-257\"");
    assert_eq!(twin.len(), jwks(&P256).len());
    let mut file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.write_all(twin.as_bytes()).unwrap();
    file.set_modified(times).unwrap();
    assert!(matches!(store.reload(), Reloaded::Replaced { .. }));
}

#[test]
fn a_broken_a_deleted_and_a_half_written_file_keep_the_old_keys() {
    let (_folder, path, store) = file_with(&P256);
    let mix = json!({"keys": [P256.jwk, SECRET.jwk]}).to_string();
    for broken in [&jwks(&RSA)[..100], "", "{\"keys\":[]}", "not a key set", &mix, &" ".repeat(2 << 20)] {
        std::fs::write(&path, broken).unwrap();
        assert!(matches!(store.reload(), Reloaded::Kept(_)), "{}", &broken[..broken.len().min(40)]);
        assert!(takes(&store, &P256));
        assert!(matches!(store.reload(), Reloaded::Unchanged), "said once, not at every look");
    }
    std::fs::write(&path, [0xff, 0xfe]).unwrap();
    assert!(matches!(store.reload(), Reloaded::Kept(_)));
    std::fs::remove_file(&path).unwrap();
    assert!(matches!(store.reload(), Reloaded::Kept(KeySourceError::Unreadable { .. })));
    assert!(matches!(store.reload(), Reloaded::Unchanged));
    assert!(takes(&store, &P256));
    std::fs::create_dir(&path).unwrap();
    assert!(matches!(store.reload(), Reloaded::Kept(_)));
    std::fs::remove_dir(&path).unwrap();
    std::fs::write(&path, jwks(&RSA)).unwrap();
    assert!(matches!(store.reload(), Reloaded::Replaced { .. }));
    assert!(takes(&store, &RSA));
}

#[test]
fn a_set_in_use_stays_whole_while_another_takes_its_place() {
    let (_folder, path, store) = file_with(&P256);
    let in_use = store.current();
    std::fs::write(&path, jwks(&RSA)).unwrap();
    assert!(matches!(store.reload(), Reloaded::Replaced { .. }));
    assert!(check(&in_use, &P256.good_token()).is_ok());
}

#[test]
fn at_start_a_missing_or_refused_file_is_an_error_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("absent.json");
    let missing = KeyStore::from_file(&path).unwrap_err();
    assert!(missing.to_string().contains("absent.json"), "{missing}");
    std::fs::write(&path, "{}").unwrap();
    assert!(matches!(KeyStore::from_file(&path).unwrap_err(), KeySourceError::Refused { .. }));
    assert!(matches!(KeyStore::from_file(folder.path()).unwrap_err(), KeySourceError::Unreadable { .. }));
    std::fs::write(&path, jwks(&P256)).unwrap();
    assert!(KeyStore::from_file(&path).is_ok());
}

#[test]
fn keys_from_no_file_are_never_replaced_by_a_look() {
    let store = KeyStore::fixed(P256.key_set());
    assert!(matches!(store.reload(), Reloaded::Unchanged));
    assert!(takes(&store, &P256));
    store.replace(RSA.key_set());
    assert!(takes(&store, &RSA) && !takes(&store, &P256));
}

#[test]
fn a_file_that_is_asked_for_is_read_whether_or_not_it_has_changed() {
    let (_folder, path, store) = file_with(&P256);
    assert!(matches!(store.reread(), Reloaded::Replaced { size: 1, .. }));
    std::fs::write(&path, "broken").unwrap();
    for _ in 0..2 {
        assert!(matches!(store.reread(), Reloaded::Kept(_)), "said each time that somebody asks");
        assert!(takes(&store, &P256));
    }
    assert!(matches!(store.reload(), Reloaded::Unchanged));
    std::fs::write(&path, jwks(&RSA)).unwrap();
    assert!(matches!(store.reread(), Reloaded::Replaced { size: 1, .. }));
    assert!(takes(&store, &RSA) && !takes(&store, &P256));
    assert!(matches!(store.reload(), Reloaded::Unchanged), "the next look knows of it");
    assert!(matches!(KeyStore::fixed(P256.key_set()).reread(), Reloaded::Unchanged));
}

/// One thread, so that the log of this thread has what the watching task says.
#[tokio::test(flavor = "current_thread")]
async fn the_watch_takes_good_files_and_says_what_it_did() {
    let log = Log::default();
    let _logging = log.start();
    let (_folder, path, store) = file_with(&P256);
    let watch = store.watch_file(Duration::from_millis(5));
    std::fs::write(&path, json!({"keys": [RSA.jwk, ED25519.jwk, P256.jwk_with(&json!({"use": "enc"}))]}).to_string())
        .unwrap();
    log.says(&["INFO", "in force", "keys=2", "jwks.json"]).await;
    log.says(&["WARN", "keys[2] (kid P-256) is not used", "use is not"]).await;
    assert!(takes(&store, &RSA) && takes(&store, &ED25519) && !takes(&store, &P256));

    replace_by_rename(&path, "broken");
    log.says(&["WARN", "the old keys stay in force", "is refused", "not a JWK Set"]).await;
    std::fs::remove_file(&path).unwrap();
    log.says(&["WARN", "the old keys stay in force", "cannot be read"]).await;
    assert!(takes(&store, &RSA));

    std::fs::write(&path, jwks(&P256)).unwrap();
    log.says(&["INFO", "in force", "keys=1"]).await;
    assert!(takes(&store, &P256));
    drop(watch);
    // A look that is under way ends on its own.
    tokio::time::sleep(Duration::from_millis(100)).await;
    std::fs::write(&path, jwks(&RSA)).unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(takes(&store, &P256), "nobody watches any more");
}

#[test]
fn at_start_the_log_names_the_keys_that_are_not_used() {
    let log = Log::default();
    let _logging = log.start();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jwks.json");
    std::fs::write(&path, jwks(&P256)).unwrap();
    KeyStore::from_file(&path).unwrap();
    assert_eq!(log.text(), "");
    std::fs::write(&path, json!({"keys": [P256.jwk, RSA.jwk_with(&json!({"e": "AQ"}))]}).to_string()).unwrap();
    KeyStore::from_file(&path).unwrap();
    assert!(log.text().contains("keys[1] (kid rsa) is not used: its RSA exponent"), "{}", log.text());
}
