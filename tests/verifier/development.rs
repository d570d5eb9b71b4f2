//! The development key: made once, for its owner only, the same for everybody who starts at once.

use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::sync::Barrier;

use serde_json::Value;
use support_requests::auth::development::{DevelopmentKey, DevelopmentKeyError};
use support_requests::auth::{Expectations, TypRule, verify};

use crate::harness::{NOW, P256, check, expectations, good_claims};

fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("development-key.json");
    (folder, path)
}

fn chmod(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_token_of_the_development_key_is_an_access_token_that_its_key_set_takes() {
    let (_folder, path) = folder();
    let key = DevelopmentKey::load_or_create(&path).unwrap();
    let token = key.sign(&good_claims()).unwrap();
    let narrow = Expectations { typ: TypRule::OnlyAtJwt, ..expectations() };
    let claims = verify(&key.key_set().unwrap(), &narrow, NOW, &token).unwrap();
    assert_eq!(claims.creator.subject, "user-1");
    assert!(check(&P256.key_set(), &token).is_err());
    let mut changed = good_claims();
    changed["sub"] = Value::from("user-2");
    let (forged, _) = key
        .sign(&changed)
        .map(|token| token.rsplit_once('.').map(|(signed, end)| (signed.to_owned(), end.to_owned())).unwrap())
        .unwrap();
    let forged = format!("{forged}.{}", token.rsplit_once('.').unwrap().1);
    assert!(verify(&key.key_set().unwrap(), &narrow, NOW, &forged).is_err());
}

#[test]
fn the_file_is_for_its_owner_only_and_is_all_that_is_left() {
    let (folder, path) = folder();
    DevelopmentKey::load_or_create(&path).unwrap();
    let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600, "{mode:o}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_second_start_has_the_same_key() {
    let (_folder, path) = folder();
    let first = DevelopmentKey::load_or_create(&path).unwrap();
    let written = std::fs::read(&path).unwrap();
    let second = DevelopmentKey::load_or_create(&path).unwrap();
    assert_eq!(first.kid(), second.kid());
    assert_eq!(std::fs::read(&path).unwrap(), written);
    let token = first.sign(&good_claims()).unwrap();
    assert!(check(&second.key_set().unwrap(), &token).is_ok());
    std::fs::remove_file(&path).unwrap();
    let third = DevelopmentKey::load_or_create(&path).unwrap();
    assert_ne!(first.kid(), third.kid());
    assert!(check(&third.key_set().unwrap(), &token).is_err());
}

#[test]
fn sixteen_that_start_at_once_have_one_key() {
    for _ in 0..20 {
        let (folder, path) = folder();
        let start = Barrier::new(16);
        let kids: Vec<String> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..16)
                .map(|_| {
                    scope.spawn(|| {
                        start.wait();
                        DevelopmentKey::load_or_create(&path).unwrap().kid().to_owned()
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(kids.iter().all(|kid| *kid == kids[0]), "{kids:?}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

#[test]
fn a_file_that_others_may_read_or_change_is_refused() {
    let (_folder, path) = folder();
    DevelopmentKey::load_or_create(&path).unwrap();
    for mode in [0o640, 0o604, 0o660, 0o644, 0o620, 0o610, 0o601, 0o777] {
        chmod(&path, mode);
        let refused = DevelopmentKey::load_or_create(&path).unwrap_err();
        assert!(matches!(refused, DevelopmentKeyError::OpenToOthers { .. }), "{mode:o}");
        assert!(refused.to_string().contains("chmod 600"), "{refused}");
    }
    for mode in [0o600, 0o400] {
        chmod(&path, mode);
        assert!(DevelopmentKey::load_or_create(&path).is_ok(), "{mode:o}");
    }
}

#[test]
fn a_file_that_holds_something_else_is_refused_and_left_alone() {
    let (_folder, path) = folder();
    DevelopmentKey::load_or_create(&path).unwrap();
    let good: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let with = |member: &str, value: &str| {
        let mut key = good.clone();
        key[member] = Value::from(value);
        key.to_string()
    };
    let another_x = P256.jwk["x"].as_str().unwrap();
    for text in [
        String::new(),
        "{}".to_owned(),
        good.to_string()[1..].to_owned(),
        with("kty", "EC"),
        with("crv", "Ed448"),
        with("x", another_x),
        with("d", "AA"),
    ] {
        std::fs::write(&path, &text).unwrap();
        let refused = DevelopmentKey::load_or_create(&path).unwrap_err();
        assert!(matches!(refused, DevelopmentKeyError::Damaged { .. }), "{text}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
    std::fs::write(&path, good.to_string()).unwrap();
    assert!(DevelopmentKey::load_or_create(&path).is_ok());
}

#[test]
fn a_link_and_a_folder_are_refused() {
    let (folder, path) = folder();
    DevelopmentKey::load_or_create(&path).unwrap();
    let link = folder.path().join("link.json");
    symlink(&path, &link).unwrap();
    let dangling = folder.path().join("dangling.json");
    symlink(folder.path().join("absent"), &dangling).unwrap();
    for wrong in [&link, &dangling, &folder.path().to_owned()] {
        let refused = DevelopmentKey::load_or_create(wrong).unwrap_err();
        assert!(matches!(refused, DevelopmentKeyError::NotAFile { .. }), "{}", wrong.display());
    }
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let (_folder, path) = folder();
    let absent = path.join("deeper").join("key.json");
    let error = DevelopmentKey::load_or_create(&absent).unwrap_err();
    assert!(error.to_string().contains("deeper/key.json"), "{error}");
}

#[test]
fn debug_output_holds_no_secret() {
    let (_folder, path) = folder();
    let key = DevelopmentKey::load_or_create(&path).unwrap();
    let file: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    assert!(!format!("{key:?}").contains(file["d"].as_str().unwrap()));
}
